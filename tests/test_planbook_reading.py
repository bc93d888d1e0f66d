"""Reading a plan book: what staff type."""

import datetime as dt
from decimal import Decimal

import pytest

from actions.fiscal import Term
from actions.vocabulary import Actor
from kpis.imports.planbook import read_planbook
from kpis.vocabulary import ActualReason, Formula, Kind, Rounding, TargetStatus, Tone
from tests.planbooks import (
    ACTION,
    BAND,
    INDICATOR,
    KGI,
    NEWS,
    content,
    faults,
    read,
    sheets,
    workbook,
)

TARGET = {"指標コード": "1-1", "年度": "R6", "目標値": 10}
ACTUAL = {"指標コード": "1-1", "年度": "R6", "期間": "年度", "実績値": 5}


def only(tables, field):
    """Return the single row of the sheet, in a book without faults."""
    reading = read(tables)
    assert reading.faults == ()
    (row,) = getattr(reading.book, field)
    return row


def test_the_smallest_book_is_read_with_what_empty_cells_mean():
    reading = read(sheets())
    assert reading.faults == ()
    assert (reading.book.plan.start_year, reading.book.plan.end_year) == (2024, 2028)
    (indicator,) = reading.book.indicators
    assert (indicator.kind, indicator.formula) == (Kind.CUMULATIVE, Formula.RATIO)
    assert (indicator.expected_share, indicator.rate_decimals) == (Decimal("0.5"), 1)
    assert reading.book.targets == reading.book.bands == ()


@pytest.mark.parametrize(
    ("typed", "figure"),
    [
        (1200, "1200"),
        (0.1 + 0.2, "0.3"),
        ("１，２００", "1200"),
        ("1,200人", "1200"),
        ("1,200 人", "1200"),
        ("▲5", "-5"),
        ("△５．５人", "-5.5"),
        (-7.25, "-7.25"),
        (0, "0"),
        (None, None),
        (" ", None),
    ],
)
@pytest.mark.parametrize("sheet", ["目標", "実績"])
def test_figures_are_read_as_staff_type_them(sheet, typed, figure):
    row = {"指標コード": "1-1", "年度": "R6", "期間": "年度", f"{sheet}値": typed}
    row |= {"備考": "行"}
    if sheet == "目標":
        del row["期間"]
    tables = sheets(指標=[INDICATOR | {"小数桁": 2}], **{sheet: [row]})
    value = only(tables, {"目標": "targets", "実績": "actuals"}[sheet]).value
    assert value == (None if figure is None else Decimal(figure))


def test_another_unit_than_the_indicators_is_no_figure():
    ((*place, said),) = faults(sheets(目標=[TARGET | {"目標値": "10件"}]))
    assert place == ["目標", "C2"]
    assert "「10件」は数値として読み取れません" in said


@pytest.mark.parametrize(
    "typed", ["R6", "令和6年度", "2024 年度", 2024, "ＦＹ２０２４", "令和６年"]
)
def test_years_are_read_in_any_spelling(typed):
    assert only(sheets(目標=[TARGET | {"年度": typed}]), "targets").fiscal_year == 2024


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (dt.date(2024, 7, 25), dt.date(2024, 7, 25)),
        (dt.datetime(2024, 7, 25, 9, 30), dt.date(2024, 7, 25)),
        ("2024/7/25", dt.date(2024, 7, 25)),
        ("令和６年７月２５日", dt.date(2024, 7, 25)),
        ("R6.7.25", dt.date(2024, 7, 25)),
        (None, None),
    ],
)
def test_days_are_read_from_dates_and_texts(typed, day):
    assert only(sheets(**{"普及・周知": [NEWS | {"日付": typed}]}), "publicity").day == day


@pytest.mark.parametrize(
    ("typed", "marked"), [("○", True), ("〇", True), (True, True), (False, False), (None, False)]
)
def test_marks_are_read(typed, marked):
    row = ACTION | {"重点": typed}
    assert only(sheets(アクション=[row]), "actions").is_priority is marked


def test_percentages_are_read_with_or_without_their_sign():
    rows = [BAND | {"下限": "80%"}, BAND | {"判定": "わるい", "下限": 0}]
    reading = read(sheets(判定基準=rows))
    assert [one.lower for one in reading.book.bands] == [Decimal(80), Decimal(0)]


def test_words_are_read_as_what_they_mean():
    row = INDICATOR | {"種別": "割合", "算式": "基準値比", "基準年度": "R5", "基準値": "▲3"}
    row |= {"端数処理": "切り捨て", "末尾の0": "残す", "上半期の達成率": "算定しない"}
    row |= {"関連する施策": "１－１、1-1"}
    read_row = only(sheets(指標=[row]), "indicators")
    assert (read_row.kind, read_row.formula) == (Kind.RATIO, Formula.FROM_BASELINE)
    assert (read_row.rounding, read_row.keep_zeros) == (Rounding.TRUNCATE, True)
    assert (read_row.rated_at_half_year, read_row.measures) == (False, ("1-1",))
    assert read_row.baseline_value == -3


@pytest.mark.parametrize(
    ("value", "status", "meant"),
    [
        (10, None, TargetStatus.SET),
        (None, None, TargetStatus.UNSET),
        (10, "設定", TargetStatus.SET),
        (None, "未設定", TargetStatus.UNSET),
        (None, "連動", TargetStatus.LINKED),
    ],
)
def test_an_empty_status_is_told_by_the_value(value, status, meant):
    row = {"指標コード": "1-1", "年度": "R6", "目標値": value, "状態": status, "根拠": "実施計画"}
    assert only(sheets(目標=[row]), "targets").status is meant


def test_every_sheet_is_read():
    tables = sheets(
        目標=[TARGET],
        実績=[{"指標コード": "1-1", "年度": "R6", "期間": "上半期", "理由": "未実施"}],
        KGI=[KGI],
        KGI実績=[{"KGIコード": "kgi-1", "年": 2023, "値": 5, "比較対象の伸び率": "1.5%"}],
        アクション=[ACTION | {"指標コード": "1-1"}],
        アクション年度=[{"アクションコード": "1-1-1", "年度": "R6", "評価": "計画どおり"}],
        判定基準=[BAND | {"配色": "良い（濃い青）"}],
        **{"普及・周知": [NEWS | {"数量": "1,000部", "単位": "部"}]},
    )
    reading = read(tables)
    assert reading.faults == ()
    book = reading.book
    assert (book.actuals[0].term, book.actuals[0].reason) == (Term.H1, ActualReason.NOT_CONDUCTED)
    assert book.kgi_values[0].comparator_growth == Decimal("1.5")
    assert (book.actions[0].actor, book.actions[0].indicators) == (Actor.CITY, ("1-1",))
    assert book.action_years[0].evaluation == "on_plan"
    assert book.bands[0].tone is Tone.GOOD
    assert book.publicity[0].quantity == 1000


def test_columns_may_stand_in_any_order_below_a_title_with_blank_rows_between():
    tables = sheets(目標=[dict(reversed(TARGET.items()))])
    book = workbook(tables)
    page = book["目標"]
    page.insert_rows(1, 2)
    page["A1"] = "目標の一覧"
    page.insert_rows(4, 3)
    page["B10"] = " "
    reading = read_planbook(content(book))
    assert reading.faults == ()
    assert reading.places.cell("targets", 0, "value") == "A7"
    assert reading.book.targets[0].value == 10


def test_the_guide_is_passed_over_and_an_empty_sheet_too():
    book = workbook(sheets())
    book.create_sheet("はじめに", 0)["A1"] = "使い方"
    book.create_sheet("Sheet1")
    assert read_planbook(content(book)).faults == ()
