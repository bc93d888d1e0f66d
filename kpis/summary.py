"""Counts and sentences drawn from the read model. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from kpis.judgement import Band, Verdict, sorted_bands
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


def class_of(shown: Verdict | Band) -> JudgementClass:
    """Return under which judgement it is counted."""
    return JudgementClass(shown.sign, shown.label, shown.tone)


def classes(progress: PlanProgress) -> tuple[JudgementClass, ...]:
    """Return the judgements of the shown period: its bands from the best down, then the others.

    Bands stand even where nothing falls into them; the other outcomes only where they occur.
    """
    bands = map(class_of, sorted_bands(progress.period.term, progress.bands))
    verdicts = _verdicts(progress, progress.indicators)
    order = list(JudgementOutcome)
    verdicts.sort(key=lambda verdict: order.index(verdict.outcome))
    return tuple(dict.fromkeys([*bands, *map(class_of, verdicts)]))


def counts(
    progress: PlanProgress, indicators: Iterable[IndicatorProgress] | None = None
) -> tuple[Count, ...]:
    """Return the count of each judgement at the shown period, for some or all indicators.

    An indicator that is not measured in the period's year is not counted.
    """
    some = progress.indicators if indicators is None else indicators
    found = Counter(map(class_of, _verdicts(progress, some)))
    return tuple(Count(one, found[one]) for one in classes(progress))


def _verdicts(progress: PlanProgress, indicators: Iterable[IndicatorProgress]) -> list[Verdict]:
    year = progress.period.fiscal_year
    results = (one.at(progress.period) for one in indicators if one.is_measured_in(year))
    return [result.verdict for result in results if result is not None]
