"""Who, until when, and whether it was done: out with the entry workbook and in again."""

import datetime as dt

import pytest
from openpyxl.utils import column_index_from_string

from kpis.models import Actual
from kpis.services import open_round
from tests.entry_files import (  # noqa: F401 (fixtures)
    FIRST,
    HEADING_ROW,
    PROMISED,
    R7,
    SHEET,
    actual,
    cell,
    clerk,
    content,
    downloaded,
    faults_of,
    fill,
    filled,
    preview_of,
    send,
    taken,
)

pytestmark = pytest.mark.django_db

STEP = {"next_step": "説明会を2回開く", "next_step_owner": "産業振興課"}
STEP |= {"next_step_due": dt.date(2026, 1, 31)}
NEW = ("next_step_owner", "next_step_due", "promise", "follow_up", "follow_up_note")


@pytest.fixture
def asked(kadoma, publisher):
    """R7 年度, 入力中; R7 上半期 promised something about 1-3 by 31 January 2026."""
    Actual.objects.filter(period__term="H1", indicator__code="1-3").update(**STEP)
    return open_round(plan=kadoma, period=R7, due=dt.date(2026, 4, 20), by=publisher)


def without(book, *fields):
    """Take the columns out of the sheet, as in a file of a release that did not have them."""
    places = sorted((column_index_from_string(PROMISED[one]) for one in fields), reverse=True)
    for place in places:
        book[SHEET].delete_cols(place)
    return book


# --- out ------------------------------------------------------------------------------------------


def test_the_promise_stands_beside_the_cells_for_its_answer(asked):
    book = downloaded(asked)
    page = book[SHEET]
    headings = [page[f"{PROMISED[one]}{HEADING_ROW}"].value for one in NEW]
    assert headings == [
        *("対応の担当", "対応の期限", "前回の今後の対応", "前回の対応の結果", "前回の対応の説明")
    ]
    assert cell(book, "1-3", "promise").value == (
        "【令和7年度上半期】説明会を2回開く\n担当: 産業振興課、期限: 令和8年1月31日（期限超過）"
    )
    assert cell(book, "1-1", "promise").value is None
    assert page.column_dimensions[PROMISED["version"]].hidden


def test_the_answer_is_chosen_from_a_list_and_only_where_one_is_asked_for(asked):
    book = downloaded(asked)
    there = cell(book, "1-3", "follow_up")
    (rule,) = (
        one for one in book[SHEET].data_validations.dataValidation if there.coordinate in one.sqref
    )
    assert (rule.type, rule.formula1) == ("list", '"実施済,一部実施,未実施,取りやめ"')
    assert rule.showErrorMessage
    assert str(rule.sqref) == there.coordinate
    for field in ("follow_up", "follow_up_note"):
        assert not cell(book, "1-3", field).protection.locked
        assert cell(book, "1-1", field).protection.locked
        assert cell(book, "1-1", field).fill.start_color.rgb != "00FFF9DB"
    assert cell(book, "1-3", "promise").protection.locked
    assert not cell(book, "1-1", "next_step_due").protection.locked


def test_a_round_that_is_asked_about_nothing_has_no_such_columns(kadoma, publisher):
    period = open_round(plan=kadoma, period=R7, due=dt.date(2026, 4, 20), by=publisher)
    headings = [one.value for one in downloaded(period)[SHEET][HEADING_ROW]]
    assert "対応の担当" in headings
    assert "前回の今後の対応" not in headings
    assert "前回の対応の結果" not in headings


# --- and in again ---------------------------------------------------------------------------------


def test_a_file_without_a_change_changes_nothing(clerk, asked):
    preview = preview_of(clerk, asked, content(downloaded(asked)))
    assert (preview.faults, preview.changes, preview.unchanged) == ((), (), 15)


def test_who_until_when_and_the_answer_are_taken_in(clerk, asked):
    book = downloaded(asked)
    fill(book, "1-3", value=15, next_step="もう1回開く", next_step_owner="産業振興課")
    fill(book, "1-3", next_step_due="令和8年9月末", follow_up="未実施", follow_up_note="会場がない")
    page = send(clerk, asked, content(book))
    assert [(one.label, one.new) for one in page.context["preview"].changes] == [
        ("実績値", "15"),
        ("今後の対応", "もう1回開く"),
        ("対応の担当", "産業振興課"),
        ("対応の期限", "令和8年9月30日"),
        ("前回の対応の結果", "未実施"),
        ("前回の対応の説明", "会場がない"),
    ]
    taken(clerk, asked, content(book))
    row = actual(asked, "1-3")
    assert (row.next_step_owner, row.next_step_due) == ("産業振興課", dt.date(2026, 9, 30))
    assert (row.follow_up, row.follow_up_note) == ("not_done", "会場がない")
    again = preview_of(clerk, asked, content(downloaded(asked)))
    assert (again.changes, again.faults) == ((), ())


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (dt.datetime(2026, 3, 31), "2026-03-31"),  # as Excel keeps what was typed as a date
        (dt.date(2026, 3, 31), "2026-03-31"),
        ("２０２６／３／３１", "2026-03-31"),
        ("R8.3.31", "2026-03-31"),
        ("令和8年3月", "2026-03-31"),
        ("9月末", "2026-09-30"),
    ],
)
def test_a_date_is_read_as_it_was_typed(clerk, asked, typed, day):
    (found,) = preview_of(clerk, asked, filled(asked, next_step_due=typed)).entries
    assert found.entry.next_step_due == dt.date.fromisoformat(day)


@pytest.mark.parametrize(
    ("code", "fields", "place", "words"),
    [
        ("1-3", {"follow_up": "取りやめ"}, "R8", "前回の対応の説明: 前回の対応が未実施・取りやめ"),
        ("1-3", {"follow_up_note": "済んだ"}, "Q8", "前回の対応の結果: 前回の対応の説明を入力した"),
        ("1-3", {"follow_up": "済み"}, "Q8", "前回の対応の結果: 「済み」は選べません。"),
        ("1-1", {"follow_up": "実施済"}, "Q6", "前の期間に「今後の対応」がない指標のため"),
        ("1-1", {"next_step_due": "年度内"}, "O6", "対応の期限: 「年度内」は日付として"),
        ("1-1", {"next_step_due": 46112}, "O6", "対応の期限: 「46112」は日付として"),
        ("1-1", {"next_step_due": "=TODAY()"}, "O6", "対応の期限: 数式が入っています"),
        ("1-1", {"next_step_owner": "課" * 101}, "N6", "対応の担当: 100字まで"),
        ("1-1", {"next_step_owner": dt.datetime(2026, 3, 31)}, "N6", "日付になっています"),
    ],
)
def test_a_fault_is_told_at_its_cell(clerk, asked, code, fields, place, words):
    ((where, said),) = faults_of(clerk, asked, filled(asked, code, **fields))
    assert where == f"実績入力 {place}"
    assert words in said


def test_a_file_that_was_handed_out_before_the_upgrade_leaves_these_cells_alone(
    clerk, asked, enter, publisher
):
    enter(asked, publisher, {"1-3": "14"}, cause="要因", next_step="続ける")
    Actual.objects.filter(period=asked, indicator__code="1-3").update(
        follow_up="not_done", follow_up_note="会場がない"
    )
    book = without(downloaded(asked), *NEW)
    row = next(n for n in range(FIRST, 30) if book[SHEET].cell(n, 1).value == "1-3")
    book[SHEET].cell(row, column_index_from_string(PROMISED["value"])).value = 15
    taken(clerk, asked, content(book))
    now = actual(asked, "1-3")
    assert (now.value, now.next_step, now.next_step_owner) == (15, "続ける", "産業振興課")
    assert (now.next_step_due, now.follow_up) == (dt.date(2026, 9, 30), "not_done")


def test_an_answer_whose_column_for_the_reason_was_deleted_is_told_at_its_row(clerk, asked):
    book = without(fill(downloaded(asked), "1-3", follow_up="未実施"), "follow_up_note")
    ((where, said),) = faults_of(clerk, asked, content(book))
    assert where == "実績入力 A8"
    assert said.startswith("前回の対応の説明: 前回の対応が未実施・取りやめ")


def test_two_answers_since_the_download_are_asked_about(clerk, asked, publisher):
    book = fill(downloaded(asked), "1-3", value=15, follow_up="実施済")
    other = fill(downloaded(asked), "1-3", follow_up="一部実施", follow_up_note="1回だけ")
    taken(clerk, asked, content(other))
    preview = preview_of(clerk, asked, content(book))
    (contest,) = preview.conflicts
    assert [(one.label, one.old, one.new) for one in contest.fields] == [
        ("前回の対応の結果", "一部実施", "実施済"),
        ("前回の対応の説明", "1回だけ", "（空欄）"),
    ]
    taken(clerk, asked, content(book), c1_3="file")
    row = actual(asked, "1-3")
    assert (row.value, row.follow_up, row.follow_up_note) == (15, "done", "")
