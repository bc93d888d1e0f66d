"""Workbooks that come back: what is taken in, what is refused and in which words."""

import datetime as dt
import hashlib
import io
import os
import re
import shutil
import struct
import subprocess
import zipfile
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from openpyxl.chart import BarChart, Reference

from actions.fiscal import Period, Term
from kpis import imports
from kpis.entry import LONGEST_TEXT
from kpis.imports import UploadError, read_workbook
from kpis.imports.cells import number_text
from kpis.models import Actual, Upload
from kpis.rounds import Move
from kpis.selectors.entry import entry_rows
from kpis.services import keep_upload, move, open_round, submit
from kpis.vocabulary import ActualReason
from kpis.workbooks import EntrySheet, entry_workbook
from tests.factories import make_plan

pytestmark = pytest.mark.django_db
SHEET = "実績入力"
R7 = Period(2025, Term.FY)
HEADING_ROW, FIRST = 5, 6
COLUMNS = {
    "code": "A", "name": "B", "value": "I", "reason": "J", "provisional": "K",
    "cause": "L", "next_step": "M", "confirmation": "N", "version": "O",
}  # fmt: skip


# --- what a section does with the file -----------------------------------------------------------


def downloaded(period, section=""):
    """Return the workbook as a section has it open."""
    plan = period.plan
    rows = tuple(one for one in entry_rows(period) if section in ("", one.section))
    sheet = EntrySheet(plan.slug, plan.name, period.period, period.due, section, rows)
    return load_workbook(io.BytesIO(entry_workbook(sheet)))


def cell(book, code, field):
    page = book[SHEET]
    row = next(r for r in range(FIRST, page.max_row + 1) if page.cell(r, 1).value == code)
    return page[f"{COLUMNS[field]}{row}"]


def fill(book, code, /, **fields):
    """Type into a row; return the workbook."""
    row = cell(book, code, "code").row
    for name, value in fields.items():
        book[SHEET][f"{COLUMNS[name]}{row}"].value = value
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


# --- what is read ---------------------------------------------------------------------------------


def test_a_file_without_a_change_changes_nothing(clerk, entering):
    page = send(clerk, entering, content(downloaded(entering)))
    preview = page.context["preview"]
    assert (preview.faults, preview.changes, preview.conflicts) == ((), (), ())
    assert preview.unchanged == 15
    assert "変わるところはありません" in page.content.decode()
    assert "この内容で取り込む" not in page.content.decode()


def test_what_was_filled_in_is_shown_and_taken_in_as_one_change(clerk, entry_clerk, entering):
    book = downloaded(entering)
    fill(book, "1-1", value=1210, cause="増加", next_step="続ける")
    fill(book, "1-2", reason="未実施")
    fill(book, "2-2", value=9.4, provisional="○")
    page = send(clerk, entering, content(book), "令和7年度 産業振興課.xlsx")
    changes = [(c.row.code, c.label, c.old, c.new) for c in page.context["preview"].changes]
    assert changes == [
        ("1-1", "実績値", "（空欄）", "1,210"),
        ("1-1", "要因", "（空欄）", "増加"),
        ("1-1", "今後の対応", "（空欄）", "続ける"),
        ("1-2", "「—」の理由", "（空欄）", "—（未実施）"),
        ("2-2", "実績値", "（空欄）", "9.4"),
        ("2-2", "速報", "（空欄）", "速報"),
    ]
    assert page.context["preview"].unchanged == 12
    assert not Actual.objects.filter(period=entering).exists()
    answer = confirm(clerk, entering, page)
    assert answer["Location"] == address(entering, "entry")
    assert [str(m) for m in get_messages(answer.wsgi_request)] == ["3件の指標を取り込みました。"]
    first = actual(entering, "1-1")
    assert (first.value, first.cause, first.next_step, first.version) == (1210, "増加", "続ける", 1)
    assert actual(entering, "1-2").reason == ActualReason.NOT_CONDUCTED
    assert actual(entering, "2-2").provisional
    upload = Upload.objects.get()
    assert (upload.changes, upload.uploaded_by) == (3, entry_clerk)
    assert upload.applied_at is not None
    told = first.history.get()
    assert told.history_user == entry_clerk
    assert told.history_change_reason == (
        f"Excel取込: 令和7年度 産業振興課.xlsx（取込番号{upload.pk}）"
    )


SPELLINGS = [
    ("1-1", 1200, "1200"),
    ("1-1", 1200.0, "1200"),
    ("1-1", "１，２００", "1200"),
    ("1-1", "1,200件", "1200"),
    ("1-1", "１２００ 件", "1200"),
    ("1-1", " 1200\u3000", "1200"),
    ("1-1", "▲5", "-5"),
    ("1-1", "△５", "-5"),
    ("1-1", -5, "-5"),
    ("1-1", 0, "0"),
    ("2-2", 7.2, "7.2"),
    ("2-2", "7.2%", "7.2"),
    ("2-2", "７．２％", "7.2"),
    ("2-2", 0.1 + 0.2, "0.3"),
    ("2-2", 14, "14"),
]


@pytest.mark.parametrize(("code", "typed", "value"), SPELLINGS)
def test_figures_are_read_as_in_the_grid(clerk, entering, code, typed, value):
    entries = preview_of(clerk, entering, filled(entering, code, value=typed)).entries
    assert [one.entry.value for one in entries] == [Decimal(value)]


@pytest.mark.parametrize(
    ("number", "shape", "value"),
    [
        (0.072, "0.0%", "7.2"),
        (0.072, '0.0"約"%', "7.2"),
        (0.07, "0%", "7"),
        (0.29, "0%", "29"),
        (7.2, '0.0"%"', "7.2"),
        (7.2, r"0.0\%", "7.2"),
        (7.2, '"100%" 0.0', "7.2"),
    ],
)
def test_a_cell_shown_as_a_percentage_reads_as_it_is_shown(clerk, entering, number, shape, value):
    book = fill(downloaded(entering), "2-2", value=number)
    cell(book, "2-2", "value").number_format = shape
    (entry,) = preview_of(clerk, entering, content(book)).entries
    assert entry.entry.value == Decimal(value)


def test_a_percentage_where_pieces_are_counted_is_a_fault(clerk, entering):
    book = fill(downloaded(entering), "1-1", value=12)
    cell(book, "1-1", "value").number_format = "0%"
    ((place, said),) = faults_of(clerk, entering, content(book))
    assert place == "実績入力 I6"
    assert "「1200%」は数値として読み取れません" in said


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.1 + 0.2, "0.3"),
        (7.1999999999999993, "7.2"),
        (1e15, "1000000000000000"),
        (1e-7, "0.0000001"),
        (-0.0, "0"),
        (123456789012345, "123456789012345"),
        (10**30, "1" + "0" * 30),
    ],
)
def test_numbers_keep_the_digits_that_excel_shows(number, text):
    assert number_text(number) == text


@pytest.mark.parametrize("mark", ["○", "〇", "◯", "速報", 1, True])
def test_the_mark_of_a_provisional_figure_may_be_any_circle(clerk, entering, mark):
    (entry,) = preview_of(clerk, entering, filled(entering, value=1, provisional=mark)).entries
    assert entry.entry.provisional


@pytest.mark.parametrize("reason", ["未実施", "—（未実施）", "not_conducted", " 未実施 "])
def test_reasons_may_be_typed_as_they_are_shown(clerk, entering, reason):
    (entry,) = preview_of(clerk, entering, filled(entering, reason=reason)).entries
    assert entry.entry.reason is ActualReason.NOT_CONDUCTED


TEXTS = ["=SUM(A1)", "+1", "一行目\n二行目", "#N/A", "2025", "<b>&太字</b>", "“引用”", "あ" * 2000]


@pytest.mark.parametrize("text", TEXTS)
def test_texts_make_the_round_trip(clerk, entry_clerk, entering, enter, text):
    enter(entering, entry_clerk, {"1-1": "1"}, cause=text)
    book = downloaded(entering)
    assert preview_of(clerk, entering, content(book)).unchanged == 15
    typed = cell(book, "1-2", "cause")
    typed.value = text
    typed.data_type = "s"
    (entry,) = preview_of(clerk, entering, content(book)).entries
    assert entry.entry.cause == text


def test_a_number_typed_as_a_text_is_its_digits_and_windows_line_ends_are_plain(clerk, entering):
    data = filled(entering, cause=2025, next_step="一行目_x000D_\n二行目")
    (entry,) = preview_of(clerk, entering, data).entries
    assert (entry.entry.cause, entry.entry.next_step) == ("2025", "一行目\n二行目")


def test_the_reading_aid_of_japanese_excel_is_no_part_of_a_text(clerk, entering):
    aid = "<t>要因</t><rPh sb='0' eb='2'><t>ヨウイン</t></rPh>".encode()
    data = filled(entering, cause="要因")
    data = rezipped(data, sheet=lambda body: body.replace("<t>要因</t>".encode(), aid, 2))
    # The heading is the same word, and is still found.
    (entry,) = preview_of(clerk, entering, data).entries
    assert entry.entry.cause == "要因"


def test_a_blank_where_a_figure_stood_is_a_change_to_blank(clerk, entry_clerk, entering, enter):
    enter(entering, entry_clerk, {"1-1": "1210"})
    data = filled(entering, value=None)
    preview = preview_of(clerk, entering, data)
    assert [(c.old, c.new) for c in preview.changes] == [("1,210", "（空欄）")]
    assert taken(clerk, entering, data)[0] == ["1件の指標を取り込みました。"]
    stands = actual(entering, "1-1")
    assert (stands.value, stands.cause, stands.version) == (None, "要因", 2)


def test_a_figure_may_give_way_to_a_reason(clerk, entry_clerk, entering, enter):
    enter(entering, entry_clerk, {"1-1": "1210"})
    taken(clerk, entering, filled(entering, value=None, reason="測定不能"))
    assert actual(entering, "1-1").reason == ActualReason.NOT_MEASURABLE


def test_rows_that_the_file_lacks_stay_as_they_are(clerk, entry_clerk, entering, enter):
    enter(entering, entry_clerk, {"1-1": "1210"})
    entering.plan.indicators.filter(code="2-1").update(section="商工課")
    book = downloaded(entering, "商工課")
    preview = preview_of(clerk, entering, content(fill(book, "2-1", value=5)))
    assert [one.row.code for one in preview.changes] == ["2-1"]
    assert preview.unchanged == 0
    confirm(clerk, entering)
    assert actual(entering, "1-1").value == 1210


def test_columns_may_stand_in_another_order_and_notes_beside_them(clerk, entering):
    book = fill(downloaded(entering), "1-1", value=7)
    page = book[SHEET]
    page.move_range("I5:I20", cols=20)
    page["Q8"] = "自分用のメモ"
    (entry,) = preview_of(clerk, entering, content(book)).entries
    assert entry.entry.value == 7


def test_cautions_about_new_figures_are_shown_and_do_not_stop(clerk, entering):
    data = filled(entering, value=100)
    page = send(clerk, entering, data)
    assert [(one.row.code, one.message) for one in page.context["preview"].cautions] == [
        ("1-1", "上半期の累計を下回っています（上半期 704）。"),
        ("1-1", "前年から半分を超えて増減しています（前年 1,124）。"),
    ]
    assert "この内容で取り込む" in page.content.decode()
    data = filled(entering, value=100, confirmation="確かめた")
    assert preview_of(clerk, entering, data).cautions == ()


# --- faults in cells, all at once -----------------------------------------------------------------

CELL_FAULTS = [
    (
        "formula",
        {"value": "=1+1"},
        "I6",
        "数式が入っています。数式ではなく、値を貼り付けてください",
    ),
    ("formula-to-outside", {"value": "='[1]集計'!A1"}, "I6", "値を貼り付けてください"),
    ("formula-in-text", {"cause": "=A1"}, "L6", "要因: 数式が入っています"),
    ("error-value", {"value": "#N/A"}, "I6", "エラー値（#N/A）"),
    ("division", {"next_step": "#DIV/0!"}, "M6", "エラー値（#DIV/0!）"),
    ("date", {"value": dt.date(2025, 1, 2)}, "I6", "日付になっています（Excelは 1/2"),
    ("time", {"value": dt.time(1, 2)}, "I6", "日付になっています"),
    ("date-in-text", {"cause": dt.datetime(2025, 4, 1)}, "L6", "日付になっています"),
    ("boolean", {"value": True}, "I6", "TRUE（真偽値）"),
    ("boolean-reason", {"reason": False}, "J6", "FALSE（真偽値）"),
    ("words", {"value": "千二百"}, "I6", "「千二百」は数値として読み取れません"),
    ("dash", {"value": "—"}, "I6", "数値として読み取れません"),
    ("other-unit", {"value": "1200人"}, "I6", "「1200人」は数値として読み取れません"),
    ("two-figures", {"value": "1～2"}, "I6", "数値として読み取れません"),
    ("decimals", {"value": 1.5}, "I6", "小数は0桁まで"),
    ("huge", {"value": 1e20}, "I6", "整数部分は15桁まで"),
    ("figure-and-reason", {"value": 1, "reason": "未実施"}, "J6", "どちらか一方だけ"),
    ("unknown-reason", {"reason": "忘れた"}, "J6", "「忘れた」は選べません"),
    ("mark-without-figure", {"provisional": "○"}, "K6", "実績値を入力したときだけ"),
    ("unknown-mark", {"value": 1, "provisional": "済"}, "K6", "「済」は読み取れません"),
    ("long", {"cause": "あ" * (LONGEST_TEXT + 1)}, "L6", "2,000字まで"),
    ("unknown-code", {"code": "9-9"}, "A6", "指標コード「9-9」はこの計画にありません"),
    ("code-date", {"code": dt.date(2025, 1, 1)}, "A6", "指標コードが読み取れません（日付や数式"),
    ("no-code", {"code": None, "value": 5}, "A6", "指標コードがありません"),
    ("version-lost", {"version": None, "value": 5}, "O6", "「版」（画面に出ない列）が変えられて"),
    ("version-words", {"version": "新", "value": 5}, "O6", "「版」"),
    ("version-below-zero", {"version": -1}, "O6", "「版」"),
]


@pytest.mark.parametrize(
    ("fields", "place", "words"),
    [pytest.param(*one[1:], id=one[0]) for one in CELL_FAULTS],
)
def test_a_fault_names_its_cell_and_says_what_to_do(clerk, entering, fields, place, words):
    ((where, said),) = faults_of(clerk, entering, filled(entering, **fields))
    assert where == f"実績入力 {place}"
    assert words in said


def test_every_fault_is_told_at_once_in_the_order_of_the_sheet(clerk, entering):
    book = downloaded(entering)
    fill(book, "1-2", value="千")
    fill(book, "1-1", cause="=1", value="#N/A", provisional="○")
    fill(book, "3-6", code="9-9", value=1)
    fill(book, "2-1", value=dt.date(2025, 1, 2), reason="未実施")
    places = [place.split()[1] for place, _ in faults_of(clerk, entering, content(book))]
    assert places == ["I6", "L6", "I7", "I11", "J11", "A20"]
    assert not Actual.objects.filter(period=entering).exists()


def test_a_code_written_over_is_found_by_the_name_beside_it(clerk, entering):
    book = downloaded(entering, "")
    fill(book, "1-2", code="1-1", value=5)
    book[SHEET].delete_rows(FIRST)  # the real 1-1, so that there are not two
    ((place, said),) = faults_of(clerk, entering, content(book))
    assert place == "実績入力 A6"
    assert "指標コードは「1-1」ですが、指標名は「1-2」のものです" in said


def test_an_indicator_renamed_since_the_download_is_still_taken_in(clerk, entering):
    data = filled(entering, value=5)
    entering.plan.indicators.filter(code="1-1").update(name="新しい名前")
    assert len(preview_of(clerk, entering, data).entries) == 1


def test_two_rows_of_one_indicator_are_both_named(clerk, entering):
    book = downloaded(entering)
    for column, one in enumerate(book[SHEET][FIRST], start=1):
        book[SHEET].cell(25, column).value = one.value
    ((place, said),) = faults_of(clerk, entering, content(book))
    assert place == "実績入力 A6・A25"
    assert "指標コード「1-1」の行が2つあります（A6、A25）" in said


def test_a_full_width_code_is_the_same_code(clerk, entering):
    assert preview_of(clerk, entering, filled(entering, code="１－１")).unchanged == 15


def test_a_remark_below_the_table_is_named(clerk, entering):
    book = downloaded(entering)
    book[SHEET]["A30"] = "※ 速報を含む"
    places = [place for place, _ in faults_of(clerk, entering, content(book))]
    assert "実績入力 A30" in places


# --- the wrong sheet ------------------------------------------------------------------------------


def test_a_file_of_another_plan_is_refused(clerk, entering, administrator):
    other = make_plan(slug="other", periods=[entering.period]).periods.get()
    ((place, said),) = faults_of(clerk, entering, content(downloaded(other)))
    assert place == "実績入力 B4"
    assert "このファイルの計画は「other」です" in said
    assert "取り込み先の計画は「kadoma-monozukuri」です" in said


def test_a_file_of_another_period_is_refused_and_both_are_named(clerk, entering):
    half_year = entering.plan.periods.select_related("plan").get(term="H1")
    ((place, said),) = faults_of(clerk, entering, content(downloaded(half_year)))
    assert place == "実績入力 E4"
    assert "「令和7年度上半期」です。取り込み先の期間は「令和7年度」です" in said


def test_another_plan_and_another_period_are_told_together(clerk, entering):
    other = make_plan(slug="other").periods.get(term="H1")
    assert len(faults_of(clerk, entering, content(downloaded(other)))) == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"A4": "計画"}, "「計画ID」の行（見出しの上）がありません"),
        ({"B4": None}, "このファイルの計画は「空欄」です"),
        ({"D4": None}, "このファイルの期間は「空欄」です"),
        ({"E4": "来年"}, "このファイルの期間は「来年」です"),
        ({"A5": "番号"}, "見出しの行（「指標コード」のある行）がありません"),
        ({"I5": "実績"}, "5行目に見出し「実績値」がありません"),
        ({"O5": None}, "5行目に見出し「版」（画面に出ない列）がありません"),
        ({"L5": "実績値"}, "5行目に見出し「要因」がありません"),
        ({"P5": "実績値"}, "見出し「実績値」が2つ以上あります"),
        ({"I5": "=1"}, "見出し「実績値」がありません"),
    ],
    ids=lambda one: "-".join(map(str, (*one, *one.values()))) if isinstance(one, dict) else "",
)
def test_a_changed_head_is_refused(clerk, entering, change, words):
    book = downloaded(entering)
    for place, value in change.items():
        book[SHEET][place] = value
    assert any(words in said for _, said in faults_of(clerk, entering, content(book)))


def test_headings_may_be_spaced(clerk, entering):
    book = fill(downloaded(entering), "1-1", value=5)
    book[SHEET]["I5"] = "実 績\n値"
    assert len(preview_of(clerk, entering, content(book)).entries) == 1


def test_a_renamed_sheet_is_refused_and_the_sheets_are_named(clerk, entering):
    book = downloaded(entering)
    book[SHEET].title = "Sheet1"
    ((place, said),) = faults_of(clerk, entering, content(book))
    assert place == ""
    assert "シート「実績入力」がありません（このファイルのシート: Sheet1、記入のしかた）" in said


def test_charts_and_sheets_of_their_own_do_no_harm(clerk, entering):
    book = fill(downloaded(entering), "1-1", value=5)
    chart = BarChart()
    chart.add_data(Reference(book[SHEET], range_string="実績入力!I6:I9"))
    book.create_chartsheet("グラフ").add_chart(chart)
    book.create_sheet("自分用")["A1"] = "=1+1"
    assert len(preview_of(clerk, entering, content(book)).entries) == 1


def test_too_many_rows_are_refused(clerk, entering):
    book = downloaded(entering)
    for row in range(21, 2100):
        book[SHEET].cell(row, 9).value = 1
    ((_, said),) = faults_of(clerk, entering, content(book))
    assert "行が多すぎます（2,000行まで）" in said


@pytest.mark.parametrize("place", ["DA8", "XFD8", "CW1"])
def test_too_many_columns_are_refused(clerk, entering, place):
    book = downloaded(entering)
    book[SHEET][place] = "遠い"
    ((_, said),) = faults_of(clerk, entering, content(book))
    assert "列が多すぎます（100列まで）" in said


def test_colours_and_formats_far_away_are_no_content(clerk, entering):
    book = fill(downloaded(entering), "1-1", value=5)
    for place in ("XFD8", "A1048576", "B900"):
        book[SHEET][place].number_format = "0.00"
    assert len(preview_of(clerk, entering, content(book)).entries) == 1


def test_content_far_below_is_seen(clerk, entering):
    book = downloaded(entering)
    book[SHEET]["A1048576"] = "9-9"
    places = [place for place, _ in faults_of(clerk, entering, content(book))]
    assert "実績入力 A1048576" in places


def test_what_the_file_says_of_its_size_is_not_believed(clerk, entering):
    data = rezipped(
        filled(entering, "3-6", value=5),
        sheet=lambda body: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:B2"', body),
    )
    assert len(preview_of(clerk, entering, data).entries) == 1


# --- files that are not opened --------------------------------------------------------------------

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512)


def zipped(*parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts:
            archive.writestr(name, body)
    return stream.getvalue()


FOREIGN = [
    ("empty", b"", "ファイルが空です"),
    ("garbage", b"\x00\x01\x02" * 100, "Excelブック（.xlsx）ではありません"),
    ("picture", b"\x89PNG\r\n\x1a\n\x00\x00", "Excelブック（.xlsx）ではありません"),
    ("xls", OLE, "古い形式のExcelファイル（.xls）は取り込めません"),
    ("password", OLE + "EncryptedPackage".encode("utf-16-le"), "パスワードの付いたExcelファイル"),
    ("csv", "指標コード,実績値\r\n1-1,704\r\n".encode("cp932"), "CSVなどのテキストファイル"),
    ("csv-bom", b"\xef\xbb\xbf1-1,704", "CSVなどのテキストファイル"),
    ("web-page", b"\r\n<html><table>", "WebページやXMLのファイル"),
    ("other-zip", zipped(("readme.txt", "x")), "Excelブック（.xlsx）ではありません"),
    ("empty-zip", zipped(), "Excelブック（.xlsx）ではありません"),
    ("word", zipped(("[Content_Types].xml", "x"), ("word/document.xml", "x")), "ではありません"),
    ("xlsb", zipped(("xl/workbook.bin", "x")), "バイナリ形式のExcelファイル（.xlsb）"),
    ("half-a-header", b"PK\x03\x04", "ファイルが壊れていて開けません"),
]


@pytest.mark.parametrize(("data", "words"), [pytest.param(*one[1:], id=one[0]) for one in FOREIGN])
def test_another_kind_of_file_is_named_and_not_kept(clerk, entering, data, words):
    assert words in refusal_of(clerk, entering, data)


def test_no_file_at_all_is_told(clerk, entering):
    page = clerk.post(address(entering), {})
    assert page.context["form"].errors["file"] == ["ファイルを選んでください。"]


def test_a_file_of_50_megabytes_is_refused_without_reading_it(clerk, entering, monkeypatch):
    def never(data):
        raise AssertionError("read")

    monkeypatch.setattr("kpis.imports.forms.check_archive", never)
    said = refusal_of(clerk, entering, bytes(50 * 1024 * 1024))
    assert "ファイルが大きすぎます（50.0MB）。取り込めるのは5MBまでです" in said


def test_five_megabytes_are_the_limit():
    assert imports.too_large(imports.LARGEST_FILE) == ""
    assert imports.too_large(imports.LARGEST_FILE + 1) != ""


def test_a_file_with_macros_is_refused(clerk, entering):
    data = rezipped(content(downloaded(entering)), [("xl/vbaProject.bin", b"x")])
    said = refusal_of(clerk, entering, data, "実績入力.xlsm")
    assert "マクロの付いたExcelファイル（.xlsm）は取り込めません" in said


@pytest.mark.parametrize("share", [0.2, 0.5, 0.95])
def test_a_file_that_broke_off_is_refused(clerk, entering, share):
    data = content(downloaded(entering))
    assert "壊れていて開けません" in refusal_of(clerk, entering, data[: int(len(data) * share)])


def test_a_file_with_a_damaged_part_is_refused(clerk, entering):
    data = bytearray(content(downloaded(entering)))
    middle = len(data) // 2
    data[middle : middle + 40] = bytes(40)
    said = refusal_of(clerk, entering, bytes(data))
    assert "壊れていて開けません" in said


def test_a_zip_that_unpacks_to_too_much_is_refused(clerk, entering):
    data = rezipped(content(downloaded(entering)), [("xl/media/x.xml", bytes(31 * 1024 * 1024))])
    assert len(data) < 1024 * 1024
    assert "展開すると大きすぎる" in refusal_of(clerk, entering, data)


def test_a_zip_of_too_many_parts_is_refused(clerk, entering):
    parts = [(f"xl/{one}.xml", b"") for one in range(201)]
    data = rezipped(content(downloaded(entering)), parts)
    assert "展開すると大きすぎる" in refusal_of(clerk, entering, data)


def test_a_zip_that_lies_about_its_size_is_refused(clerk, entering):
    size = 31 * 1024 * 1024
    data = rezipped(content(downloaded(entering)), [("xl/media/x.xml", bytes(size))])
    lie = data.replace(struct.pack("<L", size), struct.pack("<L", 100))
    assert lie != data
    assert "壊れていて開けません" in refusal_of(clerk, entering, lie)


def test_a_sheet_of_tags_alone_is_refused(clerk, entering):
    many = b"<row>" + b"<c/>" * 600_000 + b"</row></sheetData>"
    data = rezipped(
        content(downloaded(entering)), sheet=lambda body: body.replace(b"</sheetData>", many)
    )
    assert "展開すると大きすぎる" in refusal_of(clerk, entering, data)


def with_declaration(declaration, encoding="utf-8"):
    def changed(body):
        text = re.sub(r"^<\?xml[^>]*\?>", "", body.decode())
        head = f'<?xml version="1.0" encoding="{encoding}"?>'
        return (head + declaration + text).encode(encoding)

    return changed


DECLARATIONS = [
    ("entity", '<!DOCTYPE x [<!ENTITY e "lol">]>'),
    ("outside-entity", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
    ("outside-dtd", '<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd">'),
    ("laughs", '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]>'),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", ["sheet", "book"])
@pytest.mark.parametrize("declaration", [pytest.param(one[1], id=one[0]) for one in DECLARATIONS])
def test_entities_and_declarations_are_refused(clerk, entering, part, declaration, encoding):
    change = with_declaration(declaration, encoding)
    data = rezipped(content(downloaded(entering)), **{part: change})
    assert "DTD・外部参照" in refusal_of(clerk, entering, data)


def test_the_parser_itself_refuses_entities(entering, monkeypatch):
    # The control: without our own look at the parts, defusedxml still stops it.
    monkeypatch.setattr("kpis.imports.archive._check_parts", lambda parts: None)
    change = with_declaration(DECLARATIONS[3][1])
    data = rezipped(content(downloaded(entering)), sheet=change)
    with pytest.raises(UploadError, match="読み取れません"):
        read_workbook(data, "kadoma-monozukuri", entering.period)


SPOILED = [
    ("row-number", b'<row r="6"', b'<row r="x"'),
    ("column", b'r="A6"', b'r="ZZZZ6"'),
    ("style", rb'r="G6" s="\d+"', b'r="G6" s="99999"'),
    ("number", rb'(r="G6"[^>]*><v>)1124', rb"\1nan"),
    ("endless-number", rb'(r="G6"[^>]*><v>)1124', rb"\g<1>" + b"9" * 5000),
    ("string", rb'r="A6"([^>]*) t="inlineStr"><is><t>1-1</t></is>', rb'r="A6"\1 t="s"><v>7</v>'),
    ("not-xml", b"<sheetData>", b"<sheetData><"),
]


@pytest.mark.parametrize(
    ("before", "after"), [pytest.param(*one[1:], id=one[0]) for one in SPOILED]
)
def test_a_spoiled_sheet_is_told_and_breaks_nothing(clerk, entering, before, after):
    whole = content(downloaded(entering))
    data = rezipped(whole, sheet=lambda body: re.sub(before, after, body, count=1))
    assert data != whole
    ((place, said),) = faults_of(clerk, entering, data)
    assert place == ""
    assert "ファイルの中身を読み取れません" in said


DRAWN_OUT = [
    ("far-row", b'<row r="99999999999999"><c><v>1</v></c></row>', None),
    ("nested", b"<a>" * 50_000 + b"</a>" * 50_000, None),
    ("wide-rows", b'<row r="30"><c r="XFD30" s="1"/></row>' * 1_000, None),
    ("one-tag", b'<row a="' + b"x" * 8_000_000 + b'"/>', "DTD・外部参照など"),
    ("one-text", b"<row>" + b"x" * 8_000_000 + b"</row>", "DTD・外部参照など"),
    ("one-remark", b"<!--" + b"<" * 20_000 + b"-->", "DTD・外部参照など"),
    ("open-remark", b"<!-- ", "DTD・外部参照など"),
]


@pytest.mark.parametrize(
    ("more", "words"), [pytest.param(*one[1:], id=one[0]) for one in DRAWN_OUT]
)
def test_what_only_costs_time_is_refused_or_passed_over(clerk, entering, more, words):
    data = rezipped(
        content(downloaded(entering)),
        sheet=lambda body: body.replace(b"</sheetData>", more + b"</sheetData>"),
    )
    if words is None:
        assert preview_of(clerk, entering, data).unchanged == 15
    else:
        assert words in refusal_of(clerk, entering, data)


def test_a_picture_in_the_file_does_no_harm(clerk, entering):
    noise = hashlib.shake_256(b"picture").digest(2_000_000)
    data = rezipped(filled(entering, value=5), [("xl/media/image1.png", b"\x89PNG" + noise)])
    assert len(preview_of(clerk, entering, data).entries) == 1


# --- two people -----------------------------------------------------------------------------------


def test_a_row_that_both_changed_is_decided_by_the_person(clerk, publisher, entering, enter):
    data = filled(entering, value=1300, next_step="ファイルの対応")
    enter(entering, publisher, {"1-1": "1250"}, next_step="")
    page = send(clerk, entering, data)
    (conflict,) = page.context["preview"].conflicts
    assert conflict.row.code == "1-1"
    assert [(c.label, c.old, c.new) for c in conflict.fields] == [("実績値", "1,250", "1,300")]
    text = page.content.decode()
    for words in ("現在の値を残す", "ファイルの値にする", "kohyoさん", "1,250", "1,300"):
        assert words in text
    assert re.search(r'value="current" checked', text)
    assert not re.search(r'value="file" checked', text)


def test_the_current_value_stays_unless_the_file_is_chosen(clerk, publisher, entering, enter):
    data = filled(entering, value=1300)
    enter(entering, publisher, {"1-1": "1250"})
    said, _ = taken(clerk, entering, data)
    assert said == ["変更はありませんでした。"]
    assert actual(entering, "1-1").value == 1250


def test_the_file_is_taken_where_it_is_chosen_and_their_other_fields_stay(
    clerk, publisher, entering, enter
):
    data = filled(entering, value=1300, next_step="ファイルの対応")
    enter(entering, publisher, {"1-1": "1250"}, cause="公表担当の要因", next_step="")
    said, _ = taken(clerk, entering, data, c1_1="file")
    assert said == ["1件の指標を取り込みました。"]
    stands = actual(entering, "1-1")
    assert (stands.value, stands.cause, stands.next_step, stands.version) == (
        *(1300, "公表担当の要因", "ファイルの対応", 2),
    )


def test_rows_that_the_section_left_alone_are_no_conflict(clerk, publisher, entering, enter):
    data = filled(entering, "1-2", value=5)
    enter(entering, publisher, {"1-1": "1250"})
    preview = preview_of(clerk, entering, data)
    assert preview.conflicts == ()
    assert [one.row.code for one in preview.changes] == ["1-2"]
    confirm(clerk, entering)
    assert actual(entering, "1-1").value == 1250


def test_the_same_change_by_both_is_no_change(clerk, publisher, entering, enter):
    data = filled(entering, value=1250, cause="要因", next_step="対応", confirmation="確認済み")
    enter(entering, publisher, {"1-1": "1250"})
    assert preview_of(clerk, entering, data).unchanged == 15


def test_a_version_that_never_was_makes_every_difference_a_question(
    clerk, publisher, entering, enter
):
    enter(entering, publisher, {"1-1": "1250"})
    preview = preview_of(clerk, entering, filled(entering, value=1300, version=99))
    assert [one.row.code for one in preview.conflicts] == ["1-1"]


def test_a_change_after_the_preview_is_not_overwritten(clerk, publisher, entering, enter):
    page = send(clerk, entering, filled(entering, value=1300))
    enter(entering, publisher, {"1-1": "1250"})
    answer = confirm(clerk, entering, page)
    assert answer["Location"] == address(entering, "import_preview", Upload.objects.get().pk)
    (said,) = (str(one) for one in get_messages(answer.wsgi_request))
    assert "ほかの人が値を変更しました。まだ何も取り込んでいません" in said
    assert actual(entering, "1-1").value == 1250
    again = clerk.get(answer["Location"])
    assert [one.row.code for one in again.context["preview"].conflicts] == ["1-1"]
    confirm(clerk, entering, again, c1_1="file")
    assert actual(entering, "1-1").value == 1300


def test_another_field_changed_after_the_preview_is_shown_first(
    clerk, entry_clerk, publisher, entering, enter
):
    enter(entering, entry_clerk, {"1-1": "1250"})
    page = send(clerk, entering, filled(entering, value=1300))
    enter(entering, publisher, {"1-1": "1250"}, cause="別の要因")
    confirm(clerk, entering, page)
    assert (actual(entering, "1-1").value, actual(entering, "1-1").cause) == (1250, "別の要因")


def test_a_row_outside_the_preview_may_change_meanwhile(clerk, publisher, entering, enter):
    page = send(clerk, entering, filled(entering, value=1300))
    enter(entering, publisher, {"1-2": "5"})
    confirm(clerk, entering, page)
    assert (actual(entering, "1-1").value, actual(entering, "1-2").value) == (1300, 5)


def test_a_change_within_the_very_moment_of_confirming_is_seen_under_the_lock(
    clerk, publisher, entering, enter, monkeypatch
):
    from kpis.imports import resource

    page = send(clerk, entering, filled(entering, value=1300))
    real = resource.apply_upload

    def late(**order):
        enter(entering, publisher, {"1-1": "1250"})
        return real(**order)

    monkeypatch.setattr(resource, "apply_upload", late)
    confirm(clerk, entering, page)
    assert actual(entering, "1-1").value == 1250
    assert Upload.objects.get().applied_at is None


@pytest.mark.parametrize("fingerprint", ["", "0" * 64, "あ"])
def test_nothing_is_taken_in_without_the_preview_that_was_seen(clerk, entering, fingerprint):
    send(clerk, entering, filled(entering, value=1300))
    look = address(entering, "import_preview", Upload.objects.get().pk)
    assert clerk.post(look, {"fingerprint": fingerprint}).status_code == 302
    assert not Actual.objects.filter(period=entering).exists()


def test_a_file_with_faults_cannot_be_confirmed(clerk, entering):
    book = fill(downloaded(entering), "1-1", value="千")
    page = send(clerk, entering, content(fill(book, "1-2", value=5)))
    confirm(clerk, entering, page)
    assert not Actual.objects.filter(period=entering).exists()
    assert Upload.objects.get().applied_at is None


@pytest.mark.parametrize("choice", ["choice-x", "choice-", f"choice-{'9' * 30}", "choice-１"])
def test_choices_for_nothing_are_passed_over(clerk, entering, choice):
    page = send(clerk, entering, filled(entering, value=1300))
    look = address(entering, "import_preview", Upload.objects.get().pk)
    sent = {"fingerprint": page.context["preview"].fingerprint, choice: "file"}
    clerk.post(look, sent)
    assert actual(entering, "1-1").value == 1300


# --- the pages ------------------------------------------------------------------------------------


def test_a_file_is_taken_in_once_and_then_says_so(clerk, entering):
    page = send(clerk, entering, filled(entering, value=1300))
    confirm(clerk, entering, page)
    look = address(entering, "import_preview", Upload.objects.get().pk)
    text = clerk.get(look).content.decode()
    assert "に取り込まれました（1件の指標を変更）" in text
    assert "この内容で取り込む" not in text
    answer = clerk.post(look, {"fingerprint": page.context["preview"].fingerprint})
    (said,) = list(get_messages(answer.wsgi_request))[-1:]
    assert str(said) == "取り込めませんでした。このファイルは既に取り込まれています。"
    assert actual(entering, "1-1").version == 1


def test_an_upload_belongs_to_its_period(clerk, entering):
    send(clerk, entering, filled(entering, value=1300))
    other = entering.plan.periods.get(term="H1")
    upload = Upload.objects.get()
    assert clerk.get(address(other, "import_preview", upload.pk)).status_code == 404
    assert clerk.get(address(entering, "import_preview", 999_999)).status_code == 404


@pytest.mark.parametrize("page", ["import", "import_preview"])
def test_pages_know_their_periods_and_their_methods(clerk, entering, page):
    keys = [1] if page == "import_preview" else []
    found = reverse(f"admin:kpis_reportingperiod_{page}", args=[999_999, *keys])
    assert clerk.get(found).status_code == 404
    for method in ("put", "delete", "patch"):
        assert getattr(clerk, method)(found).status_code == 405


@pytest.fixture
def kept(entering, publisher):
    data = filled(entering, value=1300)
    return keep_upload(period=entering, name="x.xlsx", content=data, by=publisher)


def pages(entering, kept):
    return [address(entering), address(entering, "import_preview", kept.pk)]


def test_anyone_else_must_sign_in(client, council_member, entering, kept):
    for _ in range(2):
        for one in pages(entering, kept):
            for answer in (client.get(one), client.post(one, {})):
                assert answer.status_code == 302
                assert answer["Location"].startswith("/admin/login/")
        client.force_login(council_member)


def test_staff_without_the_permission_are_refused(client, django_user_model, entering, kept):
    client.force_login(django_user_model.objects.create_user("hoka", is_staff=True))
    for one in pages(entering, kept):
        assert client.get(one).status_code == client.post(one, {}).status_code == 403


def test_in_the_checking_state_only_the_publisher_may(
    client, entry_clerk, publisher, entering, kept
):
    submit(period=entering, by=publisher, reason="途中まで")
    client.force_login(entry_clerk)
    for one in pages(entering, kept):
        assert client.get(one).status_code == client.post(one, {}).status_code == 403
    client.force_login(publisher)
    for one in pages(entering, kept):
        assert client.get(one).status_code == 200


def test_where_nobody_may_the_page_says_why(client, publisher, entering, kept):
    data = filled(entering, value=1300)
    move(period=entering, move=Move.CLOSE, by=publisher, reason="やり直す")
    client.force_login(publisher)
    for one in pages(entering, kept):
        text = client.get(one).content.decode()
        assert "この報告期間は準備中です" in text
        assert 'type="file"' not in text
        assert "この内容で取り込む" not in text
    send(client, entering, data)
    assert Upload.objects.count() == 1
    look = address(entering, "import_preview", kept.pk)
    answer = client.post(look, {"fingerprint": imports.preview(kept).fingerprint})
    (said,) = (str(one) for one in get_messages(answer.wsgi_request))
    assert said.startswith("取り込めませんでした。この報告期間は準備中です")
    assert not Actual.objects.filter(period=entering).exists()


def test_forms_need_their_token(entry_clerk, entering, kept):
    client = Client(enforce_csrf_checks=True)
    client.force_login(entry_clerk)
    for one in pages(entering, kept):
        assert client.post(one, {}).status_code == 403


def test_file_names_are_shown_and_never_run(clerk, entering):
    name = "<script>alert(1)</script>.xlsx"
    text = send(clerk, entering, filled(entering, cause="<img src=x>"), name).content.decode()
    assert "<script>alert" not in text
    assert "<img src=x>" not in text
    assert "&lt;img src=x&gt;" in text


def test_the_page_offers_the_workbook_of_each_section(clerk, entering):
    entering.plan.indicators.filter(code="2-1").update(section="商工 & 観光課")
    text = clerk.get(address(entering)).content.decode()
    assert "?section=%E5%95%86%E5%B7%A5%20%26%20%E8%A6%B3%E5%85%89%E8%AA%B2" in text


def test_preview_and_confirm_cost_as_many_queries_for_300_indicators_as_for_15(
    client, administrator
):
    client.force_login(administrator)
    counts = []
    for slug, number in (("small", 15), ("large", 300)):
        period = make_plan(slug=slug, indicators=number).periods.get(term="H1")
        period.plan.periods.filter(pk=period.pk).update(state="entering")
        period.refresh_from_db()
        book = downloaded(period)
        for row in range(FIRST, FIRST + number):
            book[SHEET][f"I{row}"] = 1_000 + row
            book[SHEET][f"J{row}"] = None
        cost = []
        with CaptureQueriesContext(connection) as captured:
            page = send(client, period, content(book))
        cost.append(len(captured))
        assert len(page.context["preview"].entries) == number
        with CaptureQueriesContext(connection) as captured:
            confirm(client, period, page)
        cost.append(len(captured))
        assert Actual.objects.filter(period=period, version=2).count() == number
        counts.append(cost)
    assert counts[0] == counts[1]
    assert max(counts[0]) < 70


def test_conflicts_cost_no_queries_of_their_own(clerk, entry_clerk, publisher, entering, enter):
    counts = []
    for codes in (["1-1"], ["1-2", "1-3", "1-5", "2-1", "2-3"]):
        book = downloaded(entering)
        for code in codes:
            fill(book, code, value=7)
        enter(entering, publisher, dict.fromkeys(codes, "8"))
        with CaptureQueriesContext(connection) as captured:
            preview = preview_of(clerk, entering, content(book))
        assert len(preview.conflicts) == len(codes)
        counts.append(len(captured))
    assert counts[0] == counts[1]


# --- what is kept -------------------------------------------------------------------------------


def test_uploads_are_listed_and_kept_as_they_came(client, entry_clerk, entering, kept):
    client.force_login(entry_clerk)
    text = client.get(reverse("admin:kpis_upload_changelist")).content.decode()
    assert "x.xlsx" in text
    change = reverse("admin:kpis_upload_change", args=[kept.pk])
    assert kept.sha256 in client.get(change).content.decode()
    for one in (change, reverse("admin:kpis_upload_delete", args=[kept.pk])):
        assert client.post(one, {"name": "y", "post": "yes"}).status_code == 403
    assert client.get(reverse("admin:kpis_upload_add")).status_code == 403


def test_the_list_does_not_load_the_files(client, administrator, kept):
    client.force_login(administrator)
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("admin:kpis_upload_changelist"))
    assert not any('"kpis_upload"."content"' in one["sql"] for one in captured)


def test_the_file_can_be_fetched_as_it_came(client, entry_clerk, django_user_model, kept):
    file = reverse("admin:kpis_upload_file", args=[kept.pk])
    assert client.get(file).status_code == 302
    client.force_login(django_user_model.objects.create_user("hoka", is_staff=True))
    assert client.get(file).status_code == 403
    client.force_login(entry_clerk)
    answer = client.get(file)
    assert answer.content == bytes(kept.content)
    assert answer["Content-Disposition"] == 'attachment; filename="x.xlsx"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert client.post(file).status_code == 405
    assert client.get(reverse("admin:kpis_upload_file", args=[999_999])).status_code == 404


# --- with a real office program -------------------------------------------------------------------


@pytest.mark.slow
def test_a_file_saved_by_libreoffice_makes_the_round_trip(clerk, entering, tmp_path):
    if shutil.which("soffice") is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs LibreOffice")
        pytest.skip("LibreOffice is not installed")
    book = downloaded(entering)
    fill(book, "1-1", value="１，２１０件", cause="一行目\n二行目")
    fill(book, "2-2", value=0.094, provisional="○")
    cell(book, "2-2", "value").number_format = "0.0%"
    fill(book, "3-3", reason="未実施")
    source = tmp_path / "in" / "a.xlsx"
    source.parent.mkdir()
    source.write_bytes(content(book))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        tmp_path,
        source,
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    preview = preview_of(clerk, entering, (tmp_path / "a.xlsx").read_bytes())
    assert preview.faults == ()
    assert [(c.row.code, c.label, c.new) for c in preview.changes] == [
        ("1-1", "実績値", "1,210"),
        ("1-1", "要因", "一行目\n二行目"),
        ("2-2", "実績値", "9.4"),
        ("2-2", "速報", "速報"),
        ("3-3", "「—」の理由", "—（未実施）"),
    ]
    assert preview.unchanged == 12
