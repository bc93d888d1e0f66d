"""Files that are no plan book: they are not opened."""

import io
import zipfile

import pytest

from kpis.imports.archive import UploadError
from kpis.imports.planbook import read_planbook
from kpis.imports.sheet import Size
from tests.planbooks import content, sheets, workbook, xlsx

TARGET = {"指標コード": "1-1", "年度": "R6", "目標値": 10}


def with_part(name, data):
    """Return the smallest book with one part of the file replaced."""
    made = io.BytesIO()
    old = zipfile.ZipFile(io.BytesIO(xlsx(sheets())))
    with old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, data if part == name else old.read(part))
        if name not in old.namelist():
            new.writestr(name, data)
    return made.getvalue()


SHEET1 = "xl/worksheets/sheet1.xml"
ENTITY = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda: b"", "ファイルが空です"),
        (lambda: "スラッグ,計画名".encode("cp932"), "CSVなどのテキストファイル"),
        (lambda: xlsx(sheets())[:-200], "壊れていて開けません"),
        (lambda: with_part(SHEET1, ENTITY), "DTD"),
        (lambda: with_part("xl/media/a.xml", b"<a>" + b"0" * (165 * 1024 * 1024)), "展開すると"),
        (lambda: with_part(SHEET1, b"<a/>" * 5_000_001), "展開すると"),
        (lambda: with_part("xl/vbaProject.bin", b"x"), "マクロの付いた"),
    ],
    ids=["empty", "csv", "cut", "dtd", "bomb", "tags", "macro"],
)
def test_hostile_and_foreign_files_are_not_opened(made, words):
    with pytest.raises(UploadError, match=words):
        read_planbook(made())


@pytest.mark.parametrize(("place", "words"), [("CW2", "100列まで"), ("XFD9", "100列まで")])
def test_too_many_columns_are_refused(place, words):
    book = workbook(sheets())
    book["指標"][place] = "遠い"
    with pytest.raises(UploadError, match=words):
        read_planbook(content(book))


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr("kpis.imports.planbook.SIZE", Size(rows=3, columns=100))
    with pytest.raises(UploadError, match="行が多すぎます"):
        read_planbook(xlsx(sheets(目標=[TARGET] * 40)))
