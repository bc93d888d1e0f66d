"""How judgements move between two periods."""

from dataclasses import replace
from decimal import Decimal

import pytest

from actions.fiscal import Period, Term
from kpis.changes import Move, changes, of_move
from kpis.judgement import DEFAULT_BANDS, Band, Judgement, Verdict
from kpis.selectors import shown
from kpis.vocabulary import JudgementOutcome, Tone
from tests.builders import rich_progress

R6, R7_H1 = Period(2024, Term.FY), Period(2025, Term.H1)
# Worked out by hand from the paper's two columns and the shipped bands.
KADOMA = {
    Move.BETTER: ["1-1", "1-5"],  # 93.6% to pace 117%; 0 of 1 to 1 of 1
    Move.SAME: ["2-1", "2-3", "3-2"],
    Move.WORSE: ["1-3", "2-4", "3-1", "3-4", "3-6"],
    Move.UNKNOWN: ["1-2", "1-4", "2-2", "3-3", "3-5"],  # no figure, or no rate, in the half-year
}


def verdict(sign, label, tone, outcome=JudgementOutcome.BAND):
    return Verdict(outcome, sign, label, tone, "")


GOOD, FAIR = verdict("◎", "順調", Tone.GOOD), verdict("○", "概ね順調", Tone.FAIR)
WEAK, BAD = verdict("△", "やや遅れ", Tone.WEAK), verdict("×", "遅れ", Tone.BAD)
MET = verdict("✓", "目標に到達", Tone.GOOD, JudgementOutcome.MET)
MISSED = verdict("✕", "未達成", Tone.BAD, JudgementOutcome.MISSED)
NOT_DUE = verdict("…", "年度末に判定", Tone.NEUTRAL, JudgementOutcome.NOT_DUE)
DONE = verdict("◎", "達成", Tone.GOOD)


def judged(one, bands=DEFAULT_BANDS):
    """Return a plan of one indicator that is judged so in R7 上半期; None: not in the plan."""
    progress = replace(rich_progress(), bands=bands)
    strategy = progress.strategies[0]
    indicator = strategy.indicators[0]
    if one is None:
        return replace(progress, strategies=(replace(strategy, indicators=()),))
    years = tuple(
        replace(year, results=tuple(replace(r, judgement=Judgement(one)) for r in year.results))
        for year in indicator.years
    )
    alone = replace(indicator, years=years)
    return replace(progress, strategies=(replace(strategy, indicators=(alone,)),))


@pytest.mark.django_db
def test_the_papers_two_periods(published):
    before, after = (shown(published.slug, one).progress for one in (R6, R7_H1))
    listed = changes(before, after)
    assert {one: [c.indicator.code for c in of_move(listed, one)] for one in Move} == KADOMA
    first = listed[0]
    assert (first.before.words, first.after.words) == ("○概ね達成", "◎順調")


@pytest.mark.parametrize(
    ("old", "new", "move"),
    [
        (FAIR, GOOD, Move.BETTER),
        (BAD, WEAK, Move.BETTER),
        (GOOD, FAIR, Move.WORSE),
        (WEAK, BAD, Move.WORSE),
        (DONE, GOOD, Move.SAME),  # 達成 of a year and 順調 of a half-year are the same step
        (GOOD, MET, Move.SAME),
        (MISSED, BAD, Move.SAME),
        (MISSED, FAIR, Move.BETTER),
        (NOT_DUE, GOOD, Move.UNKNOWN),
        (BAD, NOT_DUE, Move.UNKNOWN),
        (None, GOOD, Move.UNKNOWN),  # a new indicator
    ],
)
def test_one_step_beside_another(old, new, move):
    (found,) = changes(judged(old), judged(new))
    assert (found.move, found.before, found.after) == (move, old, new)


def test_bands_of_one_tone_are_told_apart_by_their_place():
    bands = tuple(
        Band(Term.H1, None if lower is None else Decimal(lower), sign, sign, tone)
        for lower, sign, tone in (
            ("120", "S", Tone.GOOD),
            ("100", "A", Tone.GOOD),
            (None, "B", Tone.BAD),
        )
    )
    best, next_best = verdict("S", "S", Tone.GOOD), verdict("A", "A", Tone.GOOD)
    (found,) = changes(judged(best, bands), judged(next_best, bands))
    assert found.move is Move.WORSE


def test_an_overridden_judgement_counts():
    progress = rich_progress()  # 1-1 is computed ◎順調 and overridden ○概ね順調
    before = judged(GOOD)
    found = changes(before, progress)
    assert [one.move for one in found] == [Move.WORSE, Move.UNKNOWN]


def test_what_is_only_in_the_earlier_plan_is_not_listed():
    assert changes(judged(GOOD), judged(None)) == ()


def test_a_plan_without_bands_compares_by_tone():
    (found,) = changes(judged(FAIR, bands=()), judged(BAD, bands=()))
    assert found.move is Move.WORSE
