"""Files that are no workbook, at every page that takes one: told at the field, nothing kept."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from kpis.models import ActionUpload, PlanBookUpload, Upload
from tests.contents import changed, everything

pytestmark = pytest.mark.django_db

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
OPENDOCUMENT = "application/vnd.oasis.opendocument.spreadsheet"


def book():
    made, stream = Workbook(), io.BytesIO()
    for place in range(1, 200):
        made.active.append([place, "製造品出荷額等", place / 7])
    made.save(stream)
    return stream.getvalue()


def rezipped(data, **changes):
    """Return the workbook with parts of another content, named by the end of their name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            stem = name.rpartition("/")[2].partition(".")[0]
            new.writestr(name, changes.pop(stem, old.read(name)))
        for name, content in changes.items():
            new.writestr(name, content)
    return stream.getvalue()


def opendocument():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("mimetype", OPENDOCUMENT)
        made.writestr("content.xml", "<x/>")
    return stream.getvalue()


BROKEN = {
    "noise": (bytes(range(256)) * 20, "実績.xlsx", "ではありません"),
    "empty": (b"", "実績.xlsx", "ファイルが空です。"),
    "cut off": (book()[:-300], "実績.xlsx", "ファイルが壊れていて開けません。"),
    "half": (book()[:2000], "実績.xlsx", "ファイルが壊れていて開けません。"),
    "text named xlsx": ("コード,値\n1-1,704".encode(), "実績.xlsx", "CSVなどのテキストファイル"),
    "old Excel": (OLE, "実績.xls", "古い形式のExcelファイル（.xls）"),
    "password": (OLE + "EncryptedPackage".encode("utf-16-le"), "実績.xlsx", "パスワードの付いた"),
    "macros": (rezipped(book(), **{"xl/vbaProject.bin": b"x"}), "実績.xlsm", "マクロの付いた"),
    "OpenDocument": (opendocument(), "実績.ods", "ではありません"),
}


# Whole files outside, which only reading shows to be broken.
SPOILED = {
    "no end of its sheet": rezipped(book(), sheet1=b"<worksheet><row>"),
    "noise for its book": rezipped(book(), workbook=bytes(range(256))),
}


@pytest.fixture
def pages(client, administrator, entering):
    client.force_login(administrator)
    period = f"/admin/kpis/reportingperiod/{entering.pk}"
    return f"{period}/import/", f"{period}/actions/import/", "/admin/actions/plan/book/import/"


def test_a_broken_file_is_told_at_the_field_of_every_page_and_nothing_is_kept(client, pages):
    wrong = []
    for page in pages:
        for kind, (content, name, words) in BROKEN.items():
            answer = client.post(page, {"file": SimpleUploadedFile(name, content)})
            said = answer.context["form"].errors.get("file", []) if answer.context else []
            if answer.status_code != 200 or words not in "".join(said):
                wrong.append((page, kind, answer.status_code, said))
            elif f'id="id_file_error">{said[0]}' not in answer.content.decode():
                wrong.append((page, kind, "not at the field"))
    assert wrong == []
    assert not Upload.objects.exists()
    assert not ActionUpload.objects.exists()
    assert not PlanBookUpload.objects.exists()


def test_a_file_broken_inside_is_told_in_its_preview_and_writes_nothing(client, pages):
    before, wrong = everything(), []
    for page in pages:
        for kind, content in SPOILED.items():
            sent = {"file": SimpleUploadedFile("実績.xlsx", content)}
            answer = client.post(page, sent, follow=True)
            if "ファイルの中身を読み取れません" not in answer.content.decode():
                wrong.append((page, kind, answer.redirect_chain))
    assert wrong == []
    assert changed(before) <= {"kpis.Upload", "kpis.ActionUpload", "kpis.PlanBookUpload"}
