"""From recorded figures to results: baselines, bases, the three kinds of nothing, and KGIs."""

from decimal import Decimal

import pytest

from actions.fiscal import Period, Term
from kpis.assembly import (
    Record,
    RecordedActual,
    RecordedKgiYear,
    RecordedTarget,
    kgi_years,
    years_of,
)
from kpis.attainment import Rule
from kpis.judgement import DEFAULT_BANDS
from kpis.vocabulary import ActualReason, Formula, Kind, NoRate, Rounding, TargetStatus
from tests.builders import WIDE, number, percent

H1, FY = Term.H1, Term.FY
R6, R7_H1, R7 = Period(2024, FY), Period(2025, H1), Period(2025, FY)


def target(text, **others):
    return RecordedTarget(TargetStatus.SET, Decimal(text), **others)


def record(rule=None, baseline="122", baseline_year=2023, targets=None, actuals=None):
    return Record(
        rule=rule or Rule(),
        baseline_year=baseline_year,
        baseline_value=number(baseline),
        targets=targets or {},
        actuals=actuals or {},
    )


def only(one, period):
    """Return the single result of the period's year."""
    (year,) = years_of(one, [period.fiscal_year], [period], DEFAULT_BANDS)
    (found,) = year.results
    return found


def test_the_baseline_year_has_the_baseline_value_as_its_actual():
    # No period of R5 was ever opened, and the paper prints its figure all the same.
    years = years_of(record(), range(2023, 2026), [R6, R7_H1], DEFAULT_BANDS)
    (baseline,) = years[0].results
    assert baseline.period == Period(2023, FY)
    assert (baseline.actual.value, baseline.actual.display) == (Decimal(122), "122")
    assert baseline.actual.status == "reported"
    assert (baseline.attainment.rate, baseline.attainment.reason) == (None, NoRate.NO_TARGET)


def test_a_figure_recorded_for_the_baseline_year_comes_before_the_baseline_value():
    recorded = {Period(2023, FY): RecordedActual(Decimal(123))}
    found = only(record(actuals=recorded), Period(2023, FY))
    assert found.actual.value == 123


@pytest.mark.parametrize(
    ("baseline", "year"), [(None, 2023), ("122", None)], ids=["no-value", "no-year"]
)
def test_without_a_baseline_its_year_stays_empty(baseline, year):
    one = record(baseline=baseline, baseline_year=year)
    assert years_of(one, [2023], [], DEFAULT_BANDS)[0].results == ()


def test_a_baseline_of_zero_is_a_figure():
    # 0件 in R5 (産業誘導区域への移転等件数) must not vanish.
    found = years_of(record(baseline="0"), [2023], [], DEFAULT_BANDS)[0].results[0]
    assert (found.actual.value, found.actual.display) == (Decimal(0), "0")


def test_only_the_given_periods_appear_each_in_its_year_in_order():
    years = years_of(record(), range(2023, 2029), [R7, R7_H1, R6], DEFAULT_BANDS)
    shown = [[one.period.code for one in year.results] for year in years]
    assert shown == [["2023-FY"], ["2024-FY"], ["2025-H1", "2025-FY"], [], [], []]
    assert [year.fiscal_year for year in years] == [2023, 2024, 2025, 2026, 2027, 2028]


ADDED = Rule(Formula.FROM_PREVIOUS, kind=Kind.LEVEL)
FIGURES = {R6: RecordedActual(Decimal(136)), R7_H1: RecordedActual(Decimal(137))}
COMPANIES = record(ADDED, targets={2024: target("140"), 2025: target("150")}, actuals=FIGURES)


def test_the_half_year_is_based_on_last_years_whole_actual():
    found = only(COMPANIES, R7_H1)
    assert (found.attainment.rate, found.attainment.display) == (percent(1, 14), "7.1%")
    assert found.verdict.words == "×遅れ"


def test_last_years_actual_falls_back_to_the_baseline_value():
    # R6 is based on R5, which is the baseline year: (136 − 122) ÷ (140 − 122) = 14 ÷ 18.
    assert only(COMPANIES, R6).attainment.rate == percent(14, 18)


def test_the_baseline_does_not_stand_in_for_another_missing_year():
    one = record(ADDED, targets={2025: target("150")}, actuals={R7_H1: FIGURES[R7_H1]})
    assert only(one, R7_H1).attainment.reason is NoRate.NO_BASE


def test_a_half_year_of_last_year_is_no_base():
    half_only = {Period(2024, H1): RecordedActual(Decimal(130)), R7: RecordedActual(Decimal(145))}
    one = record(ADDED, targets={2025: target("150")}, actuals=half_only)
    assert only(one, R7).attainment.reason is NoRate.NO_BASE


def test_from_baseline_uses_the_baseline_in_every_year():
    one = record(Rule(Formula.FROM_BASELINE), targets={2025: target("150")}, actuals=FIGURES)
    assert only(one, R7_H1).attainment.rate == percent(15, 28)


def test_a_half_year_is_held_against_the_target_of_the_whole_year():
    rule = Rule(rounding=Rounding.TRUNCATE)
    entered = {R7_H1: RecordedActual(Decimal(704), printed_rate="58.6%")}
    found = only(record(rule, targets={2025: target("1200")}, actuals=entered), R7_H1)
    assert found.attainment.rate == percent(704, 1200)
    assert found.attainment.display == found.actual.printed_rate == "58.6%"
    assert (found.attainment.met, found.verdict.words) == (None, "◎順調")


def test_a_linked_target_names_the_plan_that_will_set_it():
    plan = "門真市導入促進基本計画"
    linked = RecordedTarget(TargetStatus.LINKED, source=plan, note="前年度の3月策定")
    one = record(targets={2026: linked}, actuals={Period(2026, H1): RecordedActual(Decimal(3))})
    (year,) = years_of(one, [2026], [Period(2026, H1)], DEFAULT_BANDS)
    assert year.target.display == "門真市導入促進基本計画で定める目標値と連動"
    assert (year.target.status, year.target.value) == (TargetStatus.LINKED, None)
    assert (year.target.source, year.target.note) == (plan, "前年度の3月策定")
    assert year.results[0].attainment.reason is NoRate.TARGET_LINKED


@pytest.mark.parametrize(
    ("recorded", "display"),
    [
        pytest.param(target("1200"), "1,200", id="separators"),
        pytest.param(target("14"), "14", id="no-decimals-that-were-not-recorded"),
        pytest.param(target("13.2000"), "13.2", id="decimals-as-recorded"),
        pytest.param(target("0"), "0", id="zero-is-a-target"),
        pytest.param(RecordedTarget(), "", id="unset"),
    ],
)
def test_a_target_is_shown_as_the_city_prints_it(recorded, display):
    one = record(targets={2025: recorded})
    assert years_of(one, [2025], [], DEFAULT_BANDS)[0].target.display == display


def test_a_year_without_a_recorded_target_is_unset():
    (year,) = years_of(record(), [2027], [], DEFAULT_BANDS)
    assert (year.target.status, year.target.display) == (TargetStatus.UNSET, "")


@pytest.mark.parametrize(
    ("recorded", "display", "status", "rate_display"),
    [
        pytest.param(None, "", "missing", "", id="no-record"),
        pytest.param(RecordedActual(note="確認中"), "", "missing", "", id="record-without-figure"),
        pytest.param(
            RecordedActual(reason=ActualReason.NOT_YET_DUE), "—", "not_yet_due", "—", id="reason"
        ),
        pytest.param(RecordedActual(Decimal(0)), "0", "reported", "0%", id="zero"),
        pytest.param(
            RecordedActual(Decimal(8), provisional=True),
            "8",
            "provisional",
            "80%",
            id="provisional",
        ),
        pytest.param(RecordedActual(Decimal(-1)), "▲1", "reported", "—", id="negative"),
    ],
)
def test_zero_dash_and_blank_are_three_things(recorded, display, status, rate_display):
    actuals = {} if recorded is None else {R7: recorded}
    found = only(record(targets={2025: target("10")}, actuals=actuals), R7)
    assert (found.actual.display, found.actual.status) == (display, status)
    assert found.attainment.display == rate_display


def test_a_reason_is_told_in_words():
    recorded = {R7_H1: RecordedActual(reason=ActualReason.NOT_IN_PAPER)}
    assert only(record(actuals=recorded), R7_H1).actual.reason_words == "公表資料に記載なし"


def test_an_override_stands_beside_the_computed_judgement():
    entered = RecordedActual(
        Decimal(9),
        override=DEFAULT_BANDS[0],
        override_reason="契約済み",
        cause="増",
        next_step="続",
    )
    found = only(record(targets={2025: target("10")}, actuals={R7: entered}), R7)
    assert (found.verdict.words, found.verdict.basis) == ("◎達成", "契約済み")
    assert found.judgement.computed.words == "○概ね達成"
    assert (found.actual.cause, found.actual.next_step) == ("増", "続")


def test_the_second_half_is_derived_and_unknown_without_both_figures():
    both = {R7_H1: RecordedActual(Decimal(704)), R7: RecordedActual(Decimal(1180))}
    (year,) = years_of(record(actuals=both), [2025], [R7_H1, R7], DEFAULT_BANDS)
    assert year.second_half == 476
    (half,) = years_of(record(actuals=both), [2025], [R7_H1], DEFAULT_BANDS)
    assert half.second_half is None


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
