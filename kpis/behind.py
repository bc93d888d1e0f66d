"""What is behind: the indicators in weak and bad judgements, worst first, with why and what is done. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kpis.actionwords import Standing, in_order, standing
from kpis.changes import Change, since_last
from kpis.discussion import distance
from kpis.progress import ActionProgress, IndicatorProgress, PlanProgress, Result, Target
from kpis.vocabulary import Tone

TONES = (Tone.WEAK, Tone.BAD)


@dataclass(frozen=True, slots=True)
class Behind:
    """An indicator that is behind, with the year's target, its change and the linked actions."""

    indicator: IndicatorProgress
    result: Result
    target: Target | None
    change: Change | None
    actions: tuple[Standing, ...]


def behind(progress: PlanProgress, most: int) -> tuple[tuple[Behind, ...], int]:
    """Return the first so many of what is behind, and how many more there are."""
    found = [(one, result) for one, result in _judged(progress) if result.verdict.tone in TONES]
    actions = in_order(progress)
    told = tuple(_told(progress, one, result, actions) for one, result in found[:most])
    return told, len(found) - len(told)


def _judged(progress: PlanProgress) -> Iterator[tuple[IndicatorProgress, Result]]:
    for one in worst_first(progress, progress.indicators):
        result = result_of(progress, one)
        if result is not None:
            yield one, result


def _told(
    progress: PlanProgress,
    indicator: IndicatorProgress,
    result: Result,
    actions: Iterable[ActionProgress],
) -> Behind:
    period = progress.period
    year = indicator.year(period.fiscal_year)
    return Behind(
        indicator,
        result,
        None if year is None else year.target,
        since_last(progress, indicator),
        tuple(
            standing(one, period.fiscal_year)
            for one in actions
            if indicator.code in one.indicator_codes
        ),
    )


def worst_first(
    progress: PlanProgress, indicators: Iterable[IndicatorProgress]
) -> tuple[IndicatorProgress, ...]:
    """Return these indicators by need: the worst judgement first, in it the lowest rate.

    What is not judged follows what is, and what the period does not measure comes last.
    """

    def need(one: IndicatorProgress) -> tuple[object, ...]:
        result = result_of(progress, one)
        return (True,) if result is None else (False, *distance(result))

    return tuple(sorted(indicators, key=need))


def result_of(progress: PlanProgress, indicator: IndicatorProgress) -> Result | None:
    """Return the shown period's result of an indicator that is measured then, else None."""
    measured = indicator.is_measured_in(progress.period.fiscal_year)
    return indicator.at(progress.period) if measured else None
