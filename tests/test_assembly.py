"""From recorded figures to results: baselines, bases, the three kinds of nothing."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from actions.fiscal import Period, Term
from kpis.assembly import (
    Record,
    RecordedActual,
    RecordedRevision,
    RecordedTarget,
    years_of,
)
from kpis.attainment import Rule
from kpis.judgement import DEFAULT_BANDS, Band
from kpis.vocabulary import ActualReason, Formula, Kind, NoRate, Rounding, TargetStatus, Tone
from tests.builders import number, percent

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


def revision(day, value, **others):
    own = {"status": TargetStatus.SET, "source": "", "reason": "実績が上回ったため"}
    return RecordedRevision(dt.date.fromisoformat(day), value=number(value), **own | others)


def test_a_revised_target_keeps_what_it_was_in_the_order_of_time():
    linked = {"status": TargetStatus.LINKED, "source": "実施計画"}
    revised = (revision("2025-12-02", "1200"), revision("2025-04-01", None, **linked))
    one = record(targets={2025: target("1300", revisions=revised)})
    (year,) = years_of(one, [2025], [], DEFAULT_BANDS)
    assert year.target.is_revised
    assert [(one.revised_on.isoformat(), one.display) for one in year.target.revisions] == [
        ("2025-04-01", "実施計画で定める目標値と連動"),
        ("2025-12-02", "1,200"),
    ]
    # The rate is of the target as it stands: 650 of 1,300.
    half = record(targets=one.targets, actuals={R7_H1: RecordedActual(Decimal(650))})
    (year,) = years_of(half, [2025], [R7_H1], DEFAULT_BANDS)
    assert year.results[0].attainment.display == "50%"


def test_an_indicator_has_results_in_the_years_of_its_life_only():
    figures = {R6: RecordedActual(Decimal(8)), R7: RecordedActual(Decimal(9))}
    one = replace(record(actuals=figures, baseline=None, baseline_year=None), end_year=2024)
    periods = [Period(2023, FY), R6, R7_H1, R7]
    found = {
        year.fiscal_year: year.results for year in years_of(one, range(2023, 2027), periods, [])
    }
    # Nothing is missing in a half-year after the end; what was recorded all the same stays to be seen.
    assert [len(found[year]) for year in (2023, 2024, 2025, 2026)] == [1, 1, 1, 0]
    assert found[2025][0].period == R7
    late = replace(record(baseline=None, baseline_year=None), start_year=2025)
    found = years_of(late, [2024, 2025], [R6, R7], [])
    assert [len(year.results) for year in found] == [0, 1]


@pytest.mark.parametrize(
    ("value", "shown", "met", "words"),
    [("1", "達成", True, "✓目標に到達"), ("0", "未達成", False, "✕未達成")],
)
def test_a_milestone_reads_in_words_and_is_met_or_not(value, shown, met, words):
    rule = Rule(kind=Kind.MILESTONE, formula=Formula.NONE)
    one = record(
        rule=rule,
        targets={2025: target("1", words="協議会の設置")},
        actuals={R7: RecordedActual(Decimal(value)), R7_H1: RecordedActual(Decimal(0))},
    )
    (year,) = years_of(one, [2025], [R7_H1, R7], DEFAULT_BANDS)
    half, whole = year.results
    assert (year.target.display, whole.actual.display) == ("協議会の設置", shown)
    assert (whole.attainment.display, whole.attainment.met) == ("—", met)
    assert (whole.verdict.words, half.verdict.words) == (words, "…年度末に判定")


def test_a_forecast_is_no_actual_and_a_carried_value_says_its_year():
    figures = {
        R7_H1: RecordedActual(Decimal(600), forecast=Decimal(1350)),
        R7: RecordedActual(Decimal(1250), carried_from=2023),
    }
    one = record(targets={2025: target("1250")}, actuals=figures)
    half, whole = years_of(one, [2025], [R7_H1, R7], DEFAULT_BANDS)[0].results
    assert (half.actual.forecast_display, half.attainment.display) == ("1,350", "48%")
    assert (whole.actual.carried_from, whole.attainment.display) == (2023, "100%")


def test_an_indicators_own_bands_replace_the_plans_in_their_term():
    own = (Band(FY, Decimal(60), "☆", "良", Tone.GOOD), Band(FY, None, "★", "否", Tone.BAD))
    figures = {R7: RecordedActual(Decimal(65)), R7_H1: RecordedActual(Decimal(45))}
    one = record(targets={2025: target("100")}, actuals=figures)
    half, whole = years_of(replace(one, bands=own), [2025], [R7_H1, R7], DEFAULT_BANDS)[0].results
    assert (half.verdict.words, whole.verdict.words) == ("○概ね順調", "☆良")
    half, whole = years_of(one, [2025], [R7_H1, R7], DEFAULT_BANDS)[0].results
    assert (half.verdict.words, whole.verdict.words) == ("○概ね順調", "△やや遅れ")
