"""What the read model says of a plan as a whole. Pure."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from actions.fiscal import Period
from kpis.judgement import Band
from kpis.progress.actions import (
    ActionProgress,
    MeasureFacts,
    MeetingProgress,
    Publicity,
)
from kpis.progress.indicators import (
    IndicatorProgress,
)
from kpis.progress.kgis import KgiProgress


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What the plan says of itself; years are starting years of fiscal years."""

    slug: str
    name: str
    principle: str
    start_year: int
    end_year: int
    baseline_year: int
    section: str
    parent_plan: str
    council: str
    management: str

    @property
    def years(self) -> range:
        """Return every fiscal year that the tables show, the baseline year first."""
        return range(self.baseline_year, self.end_year + 1)


@dataclass(frozen=True, slots=True)
class Edition:
    """Which publication this is (公表版)."""

    version: int
    published_at: dt.datetime
    reason: str


@dataclass(frozen=True, slots=True)
class StrategyProgress:
    """A strategy (基本戦略) with its measures and indicators in the paper's order."""

    number: int
    name: str
    tag: str
    measures: tuple[MeasureFacts, ...]
    indicators: tuple[IndicatorProgress, ...]


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """Everything that a page, a figure or a file shows of one plan at one period.

    ``edition`` is None for live records, which only staff may see.
    """

    plan: PlanFacts
    period: Period
    edition: Edition | None
    strategies: tuple[StrategyProgress, ...]
    kgis: tuple[KgiProgress, ...]
    bands: tuple[Band, ...]
    publicity: tuple[Publicity, ...]
    actions: tuple[ActionProgress, ...]
    meetings: tuple[MeetingProgress, ...]

    @property
    def indicators(self) -> Iterator[IndicatorProgress]:
        """Yield every indicator in the paper's order."""
        return (one for strategy in self.strategies for one in strategy.indicators)

    @property
    def measures(self) -> Iterator[tuple[StrategyProgress, MeasureFacts]]:
        """Yield every measure with its strategy."""
        return ((strategy, one) for strategy in self.strategies for one in strategy.measures)

    def indicator(self, code: str) -> IndicatorProgress | None:
        """Return the indicator with this code, or None."""
        return next((one for one in self.indicators if one.code == code), None)

    def strategy(self, number: int) -> StrategyProgress | None:
        """Return the strategy with this number, or None."""
        return next((one for one in self.strategies if one.number == number), None)
