"""Counts and sentences drawn from the read model. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from kpis.judgement import Verdict, sorted_bands
from kpis.progress import IndicatorProgress, PlanProgress
from kpis.vocabulary import JudgementOutcome, Tone


@dataclass(frozen=True, slots=True)
class JudgementClass:
    """A judgement as the counts list it."""

    sign: str
    label: str
    tone: Tone

    @property
    def words(self) -> str:
        """Return sign and label together."""
        return f"{self.sign}{self.label}"


@dataclass(frozen=True, slots=True)
class Count:
    """How many indicators have the judgement."""

    judgement: JudgementClass
    number: int


def classes(progress: PlanProgress) -> tuple[JudgementClass, ...]:
    """Return the judgements of the shown period: its bands from the best down, then the others.

    Bands stand even where nothing falls into them; the other outcomes only where they occur.
    """
    bands = [
        JudgementClass(band.sign, band.label, band.tone)
        for band in sorted_bands(progress.period.term, progress.bands)
    ]
    verdicts = _verdicts(progress, progress.indicators)
    order = list(JudgementOutcome)
    verdicts.sort(key=lambda verdict: order.index(verdict.outcome))
    found = [JudgementClass(one.sign, one.label, one.tone) for one in verdicts]
    return tuple(dict.fromkeys(bands + found))


def counts(
    progress: PlanProgress, indicators: Iterable[IndicatorProgress] | None = None
) -> tuple[Count, ...]:
    """Return the count of each judgement at the shown period, for some or all indicators.

    An indicator that is not measured in the period's year is not counted.
    """
    some = progress.indicators if indicators is None else indicators
    found = Counter(
        JudgementClass(one.sign, one.label, one.tone) for one in _verdicts(progress, some)
    )
    return tuple(Count(one, found[one]) for one in classes(progress))


def _verdicts(progress: PlanProgress, indicators: Iterable[IndicatorProgress]) -> list[Verdict]:
    year = progress.period.fiscal_year
    results = (one.at(progress.period) for one in indicators if one.is_measured_in(year))
    return [result.verdict for result in results if result is not None]
