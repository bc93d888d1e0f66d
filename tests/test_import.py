"""Workbooks that come back: what is taken in, and every fault in its cell."""

import datetime as dt
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages

from kpis.entry import LONGEST_TEXT
from kpis.imports.cells import number_text
from kpis.models import Actual, Upload
from kpis.vocabulary import ActualReason
from tests.entry_files import (  # noqa: F401 (fixtures)
    FIRST,
    SHEET,
    actual,
    address,
    cell,
    clerk,
    confirm,
    content,
    downloaded,
    entering,
    faults_of,
    fill,
    filled,
    preview_of,
    rezipped,
    send,
    taken,
)
from tests.revised import end

pytestmark = pytest.mark.django_db

# --- what is read ---------------------------------------------------------------------------------


def test_a_file_without_a_change_changes_nothing(clerk, entering):
    page = send(clerk, entering, content(downloaded(entering)))
    preview = page.context["preview"]
    assert (preview.faults, preview.changes, preview.conflicts) == ((), (), ())
    assert preview.unchanged == 15
    assert "変わるところはありません" in page.content.decode()
    assert "この内容で取り込む" not in page.content.decode()


def test_the_row_of_an_indicator_that_ended_since_the_download_stays_blank(clerk, entering):
    book = downloaded(entering)
    end(entering.plan.indicators.get(code="2-3"))
    preview = send(clerk, entering, content(book)).context["preview"]
    assert (preview.faults, preview.unchanged) == ((), 14)
    fill(book, "2-3", value=3)
    ((_, said),) = faults_of(clerk, entering, content(book))
    assert said == (
        "指標コード「2-3」は令和7年度に測定しません（令和6年度で終了）。この行の記入を消してください。"
    )


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
        ("1-1", "前年度から半分を超えて増減しています（前年度 1,124）。"),
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
    ("version-lost", {"version": None, "value": 5}, "R6", "「版」（画面に出ない列）が変えられて"),
    ("version-words", {"version": "新", "value": 5}, "R6", "「版」"),
    ("version-below-zero", {"version": -1}, "R6", "「版」"),
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
