"""How the judgements (参考判定) have moved since an earlier period. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from actions.fiscal import Period, Term, short_label
from actions.vocabulary import Word
from kpis.judgement import Band, Verdict, bands_of, sorted_bands
from kpis.progress import IndicatorProgress, PlanProgress, Result
from kpis.vocabulary import Tone

_STEPS = (Tone.GOOD, Tone.FAIR, Tone.WEAK, Tone.BAD)


class Move(Word):
    """Which way a judgement has moved."""

    BETTER = "better", "改善"
    SAME = "same", "横ばい"
    WORSE = "worse", "悪化"
    UNKNOWN = "unknown", "比較できない"

    @property
    def sign(self) -> str:
        """Return the sign that stands before the word."""
        return _LOOKS[self][0]

    @property
    def tone(self) -> Tone:
        """Return the colour: better is good, worse is bad."""
        return _LOOKS[self][1]


_LOOKS = {
    Move.BETTER: ("↗", Tone.GOOD),
    Move.SAME: ("→", Tone.NEUTRAL),
    Move.WORSE: ("↘", Tone.BAD),
    Move.UNKNOWN: ("…", Tone.NEUTRAL),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One indicator's judgement then and now; None where that period shows none.

    ``since`` is the period of the earlier judgement, None where there is none.
    """

    indicator: IndicatorProgress
    move: Move
    before: Verdict | None
    after: Verdict | None
    since: Period | None

    @property
    def before_words(self) -> str:
        """Return what it is compared with, as in R6 ○概ね達成; what is missing; or blank.

        Blank is where the shown period is not judged, which its own judgement tells.
        """
        if self.before is None or self.since is None:
            return "前回の判定なし"
        if self.move is Move.UNKNOWN:
            return ""
        half = Term.H1.label if self.since.term is Term.H1 else ""
        return f"{short_label(self.since.fiscal_year)}{half} {self.before.words}"


def changes(before: PlanProgress, after: PlanProgress) -> tuple[Change, ...]:
    """Return a change for every indicator that ``after`` measures, in the paper's order.

    Two publications are compared. Half-years and years have bands of their own, so steps are
    compared: by tone, and by the place among bands of one tone. What is not judged on either side
    cannot be compared.
    """
    year = after.period.fiscal_year
    measured = (one for one in after.indicators if one.is_measured_in(year))
    return tuple(_change(before, after, one) for one in measured)


def of_move(listed: Sequence[Change], move: Move) -> tuple[Change, ...]:
    """Return the changes of one kind, in their order."""
    return tuple(one for one in listed if one.move is move)


def _change(before: PlanProgress, after: PlanProgress, indicator: IndicatorProgress) -> Change:
    earlier = before.indicator(indicator.code)
    old = None if earlier is None else earlier.at(before.period)
    new = indicator.at(after.period)
    # An indicator that is not in the earlier plan has nothing there to be a step of.
    move = _move(_step(before, earlier or indicator, old), _step(after, indicator, new))
    return Change(indicator, move, _verdict(old), _verdict(new), before.period)


def since_last(progress: PlanProgress, indicator: IndicatorProgress) -> Change | None:
    """Return how the shown period's judgement has moved since the indicator was last judged.

    Both judgements are the indicator's own in this one read model: that of the shown period, and
    that of the newest earlier period which a band, or 目標に到達 or 未達成, has judged; periods between
    them that were not judged are passed over. A judgement that a person put in place counts. Steps are
    compared as in ``changes``. 比較できない where either is missing; None where the indicator is not
    measured in the period's year.
    """
    if not indicator.is_measured_in(progress.period.fiscal_year):
        return None
    new = indicator.at(progress.period)
    judged = [
        one
        for one in indicator.results
        if one.period < progress.period and _step(progress, indicator, one) is not None
    ]
    if not judged:
        return Change(indicator, Move.UNKNOWN, None, _verdict(new), None)
    old = judged[-1]
    move = _move(_step(progress, indicator, old), _step(progress, indicator, new))
    return Change(indicator, move, old.verdict, _verdict(new), old.period)


def all_since_last(
    progress: PlanProgress, indicators: Iterable[IndicatorProgress]
) -> tuple[Change, ...]:
    """Return the change of each of these that is measured in the period's year, in their order."""
    found = (since_last(progress, one) for one in indicators)
    return tuple(one for one in found if one is not None)


def since_words(listed: Iterable[Change]) -> str:
    """Return with which periods these are compared: 令和6年度, 令和6年度など, blank for none."""
    periods = sorted({one.since for one in listed if one.since is not None}, reverse=True)
    if not periods:
        return ""
    return f"{periods[0].label}{'など' if len(periods) > 1 else ''}"


def _verdict(result: Result | None) -> Verdict | None:
    return None if result is None else result.verdict


def _move(old: tuple[int, int] | None, new: tuple[int, int] | None) -> Move:
    if old is None or new is None:
        return Move.UNKNOWN
    if old == new:
        return Move.SAME
    return Move.BETTER if new < old else Move.WORSE


def _step(
    progress: PlanProgress, indicator: IndicatorProgress, result: Result | None
) -> tuple[int, int] | None:
    """Return a judgement's step, smaller for better; None where nothing was judged."""
    if result is None or result.verdict.tone not in _STEPS:
        return None
    verdict = result.verdict
    bands = bands_of(indicator.bands, progress.bands)
    alike = [one for one in sorted_bands(result.period.term, bands) if one.tone is verdict.tone]
    places = [place for place, band in enumerate(alike) if _is(band, verdict)]
    return _STEPS.index(verdict.tone), places[0] if places else 0


def _is(band: Band, verdict: Verdict) -> bool:
    return (band.sign, band.label) == (verdict.sign, verdict.label)
