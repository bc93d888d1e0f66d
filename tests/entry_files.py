"""What a section and the staff do with an entry workbook, for the tests of its way back."""

import datetime as dt
import io
import zipfile

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from actions.fiscal import Period, Term
from kpis.models import Actual, Upload
from kpis.selectors.entry import entry_rows
from kpis.services import open_round
from kpis.workbooks import EntrySheet, entry_workbook

SHEET = "実績入力"
R7 = Period(2025, Term.FY)
HEADING_ROW, FIRST = 5, 6
# Where no earlier counter-measure is asked about; there three more stand before 確認した内容.
COLUMNS = {
    "code": "A", "name": "B", "value": "I", "reason": "J", "provisional": "K",
    "cause": "L", "next_step": "M", "next_step_owner": "N", "next_step_due": "O",
    "confirmation": "P", "carried_from": "Q", "version": "R",
}  # fmt: skip
PROMISED = COLUMNS | {
    "promise": "P", "follow_up": "Q", "follow_up_note": "R",
    "confirmation": "S", "carried_from": "T", "version": "U",
}  # fmt: skip


# --- what a section does with the file -----------------------------------------------------------


def downloaded(period, section=""):
    """Return the workbook as a section has it open."""
    plan = period.plan
    rows = tuple(one for one in entry_rows(period) if section in ("", one.section))
    sheet = EntrySheet(plan.slug, plan.name, period.period, period.due, section, rows)
    return load_workbook(io.BytesIO(entry_workbook(sheet)))


def columns_of(book):
    """Return the letters of the book's columns."""
    return PROMISED if book[SHEET][f"P{HEADING_ROW}"].value == "前回の今後の対応" else COLUMNS


def cell(book, code, field):
    page = book[SHEET]
    row = next(r for r in range(FIRST, page.max_row + 1) if page.cell(r, 1).value == code)
    return page[f"{columns_of(book)[field]}{row}"]


def fill(book, code, /, **fields):
    """Type into a row; return the workbook."""
    row = cell(book, code, "code").row
    for name, value in fields.items():
        book[SHEET][f"{columns_of(book)[name]}{row}"].value = value
    return book


def content(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def filled(period, code="1-1", /, **fields):
    return content(fill(downloaded(period), code, **fields))


def rezipped(data, more=(), **parts):
    """Return the file with parts changed by functions of their bytes, and parts added."""
    stream = io.BytesIO()
    changes = {"sheet": "xl/worksheets/sheet1.xml", "book": "xl/workbook.xml"}
    changed = {changes[name]: change for name, change in parts.items()}
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, changed.get(name, bytes)(old.read(name)))
        for name, body in more:
            new.writestr(name, body)
    return stream.getvalue()


# --- what staff do with it -----------------------------------------------------------------------


def address(period, page="import", *keys):
    return reverse(f"admin:kpis_reportingperiod_{page}", args=[period.pk, *keys])


def send(client, period, data, name="実績入力.xlsx"):
    """Upload the file and return the page that follows."""
    file = SimpleUploadedFile(name, data)
    return client.post(address(period), {"file": file}, follow=True)


def preview_of(client, period, data):
    page = send(client, period, data)
    assert page.status_code == 200
    assert page.context.get("preview") is not None, page.context["form"].errors
    return page.context["preview"]


def faults_of(client, period, data):
    """Return the faults as (place, message); the page lists them all and offers no button."""
    page = send(client, period, data)
    preview, text = page.context["preview"], page.content.decode()
    assert "この内容で取り込む" not in text
    assert preview.entries == () or preview.faults
    for fault in preview.faults:
        assert (fault.place or "ファイル全体") in text
    return [(one.place, one.message) for one in preview.faults]


def refusal_of(client, period, data, name="実績入力.xlsx"):
    """Return why the form refuses the file, which is then not kept."""
    page = send(client, period, data, name)
    assert not Upload.objects.exists()
    (said,) = page.context["form"].errors["file"]
    assert said in page.content.decode().replace("&#x27;", "'").replace("&amp;", "&")
    return said


def confirm(client, period, page=None, **choices):
    """Confirm the newest upload's preview and return the answer."""
    upload = Upload.objects.first()
    look = address(period, "import_preview", upload.pk)
    page = page or client.get(look)
    sent = {"fingerprint": page.context["preview"].fingerprint}
    keys = dict(period.plan.indicators.values_list("code", "pk"))
    for code, choice in choices.items():
        sent[f"choice-{keys[code.removeprefix('c').replace('_', '-')]}"] = choice
    return client.post(look, sent)


def taken(client, period, data, **choices):
    """Upload and confirm; return what was said."""
    page = send(client, period, data)
    answer = confirm(client, period, page, **choices)
    assert answer.status_code == 302
    return [str(one) for one in get_messages(answer.wsgi_request)], answer["Location"]


def actual(period, code):
    return Actual.objects.get(period=period, indicator__code=code)


@pytest.fixture
def entering(kadoma, publisher):
    """R7 年度, 入力中, without the publications before it, which cost time and matter not here."""
    return open_round(plan=kadoma, period=R7, due=dt.date(2026, 4, 20), by=publisher)


@pytest.fixture
def clerk(client, entry_clerk):
    client.force_login(entry_clerk)
    return client
