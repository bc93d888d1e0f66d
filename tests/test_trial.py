"""What other rules or bands would make of recorded figures, worked out without a database."""

from dataclasses import replace
from decimal import Decimal

from actions.fiscal import Period, Term
from kpis.assembly import Record, RecordedActual, RecordedTarget
from kpis.attainment import Rule
from kpis.judgement import DEFAULT_BANDS, SEVEN_BANDS, Band, sorted_bands
from kpis.trial import (
    Case,
    Ground,
    fingerprint,
    trial,
    with_own_bands,
    with_plan_bands,
    with_records,
)
from kpis.vocabulary import Formula, Rounding, TargetStatus, Tone

R6, R7_H1 = Period(2024, Term.FY), Period(2025, Term.H1)
SET = TargetStatus.SET


def case(code="1-1", r6="93.65", **own):
    targets = {year: RecordedTarget(SET, Decimal(100)) for year in (2024, 2025)}
    actuals = {R6: RecordedActual(value=Decimal(r6)), R7_H1: RecordedActual(value=Decimal(40))}
    rule = Rule(rounding=Rounding.TRUNCATE)
    return Case(code, f"指標{code}", Record(rule, None, None, targets, actuals, **own))


def ground(*cases, periods=(R6, R7_H1)):
    return Ground(range(2023, 2029), periods, DEFAULT_BANDS, cases or (case(),))


def shown(found):
    return [(one.code, one.period.code) for one in found.differences]


def test_only_what_is_shown_otherwise_is_a_difference():
    before = ground(case(), case("1-2", "50"))
    new = replace(before.cases[0].record, rule=Rule(rounding=Rounding.HALF_UP))
    found = trial(before, with_records(before, {"1-1": new}))
    assert shown(found) == [("1-1", "2024-FY")]
    (one,) = found.differences
    assert (one.before.attainment.display, one.after.attainment.display) == ("93.6%", "93.7%")
    assert found.unchanged == 3


def test_a_figure_that_nobody_entered_is_neither_changed_nor_counted():
    before = ground(periods=(R6, R7_H1, Period(2025, Term.FY)))
    new = replace(before.cases[0].record, rule=Rule(formula=Formula.NONE))
    found = trial(before, with_records(before, {"1-1": new}))
    assert shown(found) == [("1-1", "2024-FY"), ("1-1", "2025-H1")]
    assert found.unchanged == 0


def test_a_baseline_year_brings_a_figure_where_there_was_none():
    before = ground()
    new = replace(before.cases[0].record, baseline_year=2023, baseline_value=Decimal(80))
    found = trial(before, with_records(before, {"1-1": new}))
    (one,) = found.differences
    assert (one.period.code, one.before, one.after.actual.display) == ("2023-FY", None, "80")
    later = replace(before.cases[0].record, baseline_year=2026, baseline_value=Decimal(80))
    assert trial(before, with_records(before, {"1-1": later})).differences == ()


def test_counts_stand_for_the_newest_period_of_each_term():
    before = ground(case(), case("1-2", "50"))
    tallies = trial(before, with_plan_bands(before, SEVEN_BANDS, {})).tallies
    counted = {
        one.period.code: [(row.judgement.words, row.before, row.after) for row in one.rows]
        for one in tallies
    }
    assert counted == {
        "2025-H1": [("C80%以上90%未満", 0, 2), ("○概ね順調", 2, 0)],
        "2024-FY": [
            ("B90%以上100%未満", 0, 1),
            ("F50%以上60%未満", 0, 1),
            ("○概ね達成", 1, 0),
            ("△やや遅れ", 1, 0),
        ],
    }


def test_a_chosen_judgement_follows_its_band():
    band = next(one for one in DEFAULT_BANDS if one.label == "達成")
    renamed = replace(band, label="満点")
    chosen = RecordedActual(value=Decimal(10), override=band, override_reason="理由")
    one = case()
    record = replace(one.record, actuals={**one.record.actuals, R6: chosen})
    before = ground(replace(one, record=record))
    bands = [renamed if each is band else each for each in DEFAULT_BANDS]
    (found,) = trial(before, with_plan_bands(before, bands, {band: renamed})).differences
    assert (found.before.verdict.words, found.after.verdict.words) == ("◎達成", "◎満点")


def test_own_bands_take_the_place_of_the_plans_in_their_term_only():
    own = Band(Term.FY, None, "☆", "すべて", Tone.GOOD)
    before = ground(case(), case("1-2"))
    found = trial(before, with_own_bands(before, "1-1", [own], {}))
    assert shown(found) == [("1-1", "2024-FY")]
    has_own = ground(case(bands=(own,)), case("1-2"))
    moved = trial(has_own, with_plan_bands(has_own, SEVEN_BANDS, {})).differences
    assert [(one.code, one.period.code) for one in moved] == [
        ("1-1", "2025-H1"),
        ("1-2", "2024-FY"),
        ("1-2", "2025-H1"),
    ]


def test_without_a_period_nothing_is_shown():
    found = trial(ground(periods=()), ground(periods=()))
    assert (found.differences, found.unchanged, found.tallies) == ((), 0, ())


def test_a_fingerprint_names_what_is_shown():
    assert fingerprint(ground()) == fingerprint(ground())
    assert fingerprint(ground()) != fingerprint(ground(case(r6="93.66")))


def test_the_seven_classes_are_steps_of_ten():
    for term in Term:
        lower = [one.lower for one in sorted_bands(term, SEVEN_BANDS)]
        assert lower == [100, 90, 80, 70, 60, 50, None]
