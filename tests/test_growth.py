"""KGIs: growth since the base year against comparators, late years and revised statistics."""

import datetime as dt
from decimal import Decimal

import pytest

from kpis.growth import RecordedComparison, RecordedKgiRevision, RecordedKgiYear, kgi_years
from tests.builders import WIDE, number, percent

VALUE_ADDED = [
    RecordedKgiYear(2023, Decimal(27570624), Decimal("1.9")),
    RecordedKgiYear(2021, Decimal(23139459), Decimal("9.9")),
    RecordedKgiYear(2022, Decimal(26214886)),
]


def test_the_kgi_grows_by_5_2_percent_against_1_9_of_osaka():
    before, base, after = kgi_years(VALUE_ADDED, 2022, 0)
    growth = WIDE.subtract(percent(27570624, 26214886), Decimal(100))  # 5.17…, printed as 5.2%
    assert (after.year, after.display, after.growth) == (2023, "27,570,624", growth)
    assert growth.quantize(Decimal("0.1")) == Decimal("5.2")
    assert after.difference == WIDE.subtract(growth, Decimal("1.9"))
    assert after.index == percent(27570624, 26214886)
    assert (after.comparator_growth, after.comparator_index) == (Decimal("1.9"), Decimal("101.9"))
    assert (base.index, base.comparator_index, base.growth) == (Decimal(100), Decimal(100), None)
    # The goal counts from R4 on, so R3 has a place in the figure but no growth.
    assert (before.year, before.index) == (2021, percent(23139459, 26214886))
    assert (before.growth, before.comparator_growth, before.difference) == (None, None, None)


def test_productivity_per_head_grows_by_10_3_percent():
    rows = [RecordedKgiYear(2022, Decimal(1904)), RecordedKgiYear(2023, Decimal(2101))]
    after = kgi_years(rows, 2022, 0)[1]
    assert after.growth == WIDE.subtract(percent(2101, 1904), Decimal(100))
    assert after.growth.quantize(Decimal("0.1")) == Decimal("10.3")
    # Osaka's growth is not recorded here, so there is nothing to compare with.
    assert (after.comparator_growth, after.difference, after.comparator_index) == (None,) * 3


@pytest.mark.parametrize("base", [None, "0"], ids=["missing-base", "zero-base"])
def test_a_kgi_without_a_usable_base_has_no_growth(base):
    rows = [RecordedKgiYear(2022, number(base)), VALUE_ADDED[0]]
    after = kgi_years(rows, 2022, 0)[1]
    assert (after.index, after.growth, after.difference) == (None, None, None)
    assert after.comparator_growth == Decimal("1.9")


def test_a_kgi_year_without_a_figure_is_blank():
    missing = kgi_years([*VALUE_ADDED, RecordedKgiYear(2024, note="未公表")], 2022, 0)[-1]
    assert (missing.display, missing.growth, missing.index) == ("", None, None)
    assert missing.note == "未公表"


def test_a_comparator_given_as_values_grows_as_they_do():
    rows = [
        RecordedKgiYear(2022, Decimal(200), comparator_value=Decimal(4000)),
        RecordedKgiYear(2023, Decimal(210), comparator_value=Decimal(4100)),
    ]
    base, after = kgi_years(rows, 2022, 0)
    assert (base.comparator_index, base.comparator_growth) == (Decimal(100), None)
    # 4,100 of 4,000 is +2.5%; 210 of 200 is +5%.
    assert (after.comparator_growth, after.comparator_index) == (Decimal("2.5"), Decimal("102.5"))
    assert after.difference == Decimal("2.5")


def test_a_comparator_without_its_base_years_value_has_no_growth():
    rows = [
        RecordedKgiYear(2022, Decimal(200)),
        RecordedKgiYear(2023, Decimal(210), comparator_value=Decimal(4100)),
    ]
    after = kgi_years(rows, 2022, 0)[1]
    assert (after.comparator_value, after.comparator_growth, after.difference) == (4100, None, None)


def test_further_comparators_stand_beside_each_year_by_name():
    others = [
        RecordedComparison("全国", 2022, value=Decimal(1000)),
        RecordedComparison("全国", 2023, value=Decimal(1030)),
        RecordedComparison("北河内", 2023, growth=Decimal("-1.5")),
    ]
    _, base, after = kgi_years(VALUE_ADDED, 2022, 0, others)
    assert [(one.name, one.index, one.growth) for one in base.comparisons] == [
        ("全国", Decimal(100), None)
    ]
    assert [(one.name, one.index, one.growth) for one in after.comparisons] == [
        ("全国", Decimal(103), Decimal(3)),
        ("北河内", Decimal("98.5"), Decimal("-1.5")),
    ]


def test_a_late_year_says_when_its_figure_is_expected():
    (late,) = kgi_years([RecordedKgiYear(2024, expected="令和9年3月")], 2022, 0)
    assert (late.display, late.expected) == ("", "令和9年3月")
    (come,) = kgi_years([RecordedKgiYear(2024, Decimal(5), expected="令和9年3月")], 2022, 0)
    assert (come.display, come.expected) == ("5", "")


def test_growth_is_of_the_revised_figures_and_the_old_ones_stay_to_be_seen():
    old = RecordedKgiRevision(dt.date(2026, 3, 1), Decimal(100), None, "令和2年基準への改定")
    rows = [
        RecordedKgiYear(2022, Decimal(80), revisions=(old,)),
        RecordedKgiYear(2023, Decimal(100)),
    ]
    base, after = kgi_years(rows, 2022, 1)
    assert (after.growth, base.display) == (Decimal(25), "80.0")
    assert [(one.display, one.reason) for one in base.revisions] == [
        ("100.0", "令和2年基準への改定")
    ]
