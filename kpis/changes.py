"""How the judgements (参考判定) have moved since an earlier period. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from actions.vocabulary import Word
from kpis.judgement import Band, Verdict, sorted_bands
from kpis.progress import IndicatorProgress, PlanProgress
from kpis.vocabulary import Tone

_STEPS = (Tone.GOOD, Tone.FAIR, Tone.WEAK, Tone.BAD)


class Move(Word):
    """Which way a judgement has moved."""

    BETTER = "better", "改善"
    SAME = "same", "横ばい"
    WORSE = "worse", "悪化"
    UNKNOWN = "unknown", "比較できない"


@dataclass(frozen=True, slots=True)
class Change:
    """One indicator's judgement then and now; None where that period shows none."""

    indicator: IndicatorProgress
    move: Move
    before: Verdict | None
    after: Verdict | None


def changes(before: PlanProgress, after: PlanProgress) -> tuple[Change, ...]:
    """Return a change for every indicator that ``after`` measures, in the paper's order.

    Half-years and years have bands of their own, so steps are compared: by tone, and by the place
    among bands of one tone. What is not judged on either side cannot be compared.
    """
    year = after.period.fiscal_year
    measured = (one for one in after.indicators if one.is_measured_in(year))
    return tuple(_change(before, after, one) for one in measured)


def of_move(listed: Sequence[Change], move: Move) -> tuple[Change, ...]:
    """Return the changes of one kind, in their order."""
    return tuple(one for one in listed if one.move is move)


def _change(before: PlanProgress, after: PlanProgress, indicator: IndicatorProgress) -> Change:
    old = _verdict(before, before.indicator(indicator.code))
    new = _verdict(after, indicator)
    return Change(indicator, _move(_step(before, old), _step(after, new)), old, new)


def _verdict(progress: PlanProgress, indicator: IndicatorProgress | None) -> Verdict | None:
    result = None if indicator is None else indicator.at(progress.period)
    return None if result is None else result.verdict


def _move(old: tuple[int, int] | None, new: tuple[int, int] | None) -> Move:
    if old is None or new is None:
        return Move.UNKNOWN
    if old == new:
        return Move.SAME
    return Move.BETTER if new < old else Move.WORSE


def _step(progress: PlanProgress, verdict: Verdict | None) -> tuple[int, int] | None:
    """Return a judgement's step, smaller for better; None where nothing was judged."""
    if verdict is None or verdict.tone not in _STEPS:
        return None
    alike = [
        one
        for one in sorted_bands(progress.period.term, progress.bands)
        if one.tone is verdict.tone
    ]
    places = [place for place, band in enumerate(alike) if _is(band, verdict)]
    return _STEPS.index(verdict.tone), places[0] if places else 0


def _is(band: Band, verdict: Verdict) -> bool:
    return (band.sign, band.label) == (verdict.sign, verdict.label)
