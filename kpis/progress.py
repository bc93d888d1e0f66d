"""The read model: how far one plan has got at one period, complete and frozen. Pure.

Live records and a stored publication both become a PlanProgress; pages, figures, workbooks and
open data know nothing else. Labels and displayed figures are part of it, so that an old
publication reads the same after the program's words have changed.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from actions.fiscal import Period, Term, fiscal_year_label, short_label
from actions.vocabulary import Actor, Evaluation, Revision, Stage
from kpis.attainment import Attainment, Rule
from kpis.judgement import Band, Judgement, Verdict
from kpis.vocabulary import ActualReason, OpinionState, TargetStatus


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
class TargetRevision:
    """What a target was until it was revised (改定) on a day, and why it was."""

    revised_on: dt.date
    status: TargetStatus
    value: Decimal | None
    display: str
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Target:
    """A year's target: a figure, or another plan that will set it, or none.

    ``words`` is what a milestone's target stands for (設置); ``revisions`` are in order of time.
    """

    status: TargetStatus
    value: Decimal | None
    display: str
    source: str
    note: str
    words: str = ""
    decided_on: dt.date | None = None
    revisions: tuple[TargetRevision, ...] = ()

    @property
    def is_revised(self) -> bool:
        """Return whether the target was another before (改定)."""
        return bool(self.revisions)


@dataclass(frozen=True, slots=True)
class Actual:
    """A period's actual: a figure, or a reason for having none, or not entered yet.

    ``display`` is the figure as printed, 「—」 for a reason, and blank for not entered.
    ``forecast`` is the year's end as it was foreseen at half-year (見込), never an actual.
    ``carried_from`` is the fiscal year of an earlier survey whose value this is, None for its own.
    """

    value: Decimal | None
    reason: ActualReason | None
    reason_words: str
    provisional: bool
    display: str
    cause: str
    next_step: str
    note: str
    printed_rate: str
    forecast: Decimal | None = None
    forecast_display: str = ""
    carried_from: int | None = None

    @property
    def status(self) -> str:
        """Return reported, provisional, a reason code, or missing."""
        if self.value is not None:
            return "provisional" if self.provisional else "reported"
        return "missing" if self.reason is None else self.reason.value


@dataclass(frozen=True, slots=True)
class Result:
    """What one period shows of one indicator."""

    period: Period
    actual: Actual
    attainment: Attainment
    judgement: Judgement

    @property
    def verdict(self) -> Verdict:
        """Return the judgement that counts."""
        return self.judgement.shown


@dataclass(frozen=True, slots=True)
class YearProgress:
    """One fiscal year of one indicator; ``results`` holds the periods that have come, in order."""

    fiscal_year: int
    target: Target
    results: tuple[Result, ...]

    @property
    def label(self) -> str:
        """Return 令和7年度."""
        return fiscal_year_label(self.fiscal_year)

    @property
    def short_label(self) -> str:
        """Return R7."""
        return short_label(self.fiscal_year)

    def at(self, term: Term) -> Result | None:
        """Return the result of the term, or None where that period has not come."""
        return next((result for result in self.results if result.period.term is term), None)

    @property
    def latest(self) -> Result | None:
        """Return the year's newest result, or None."""
        return self.results[-1] if self.results else None

    @property
    def second_half(self) -> Decimal | None:
        """Return what 年度 adds to 上半期; None unless both are figures."""
        first, whole = self.at(Term.H1), self.at(Term.FY)
        if first is None or whole is None:
            return None
        if first.actual.value is None or whole.actual.value is None:
            return None
        return whole.actual.value - first.actual.value


@dataclass(frozen=True, slots=True)
class IndicatorProgress:
    """One KPI with its rule and all its years, from the baseline year to the plan's last.

    ``start_year`` and ``end_year`` are None where it is measured from the plan's first year to its
    last; ``successor`` is the code of the indicator that took its place, or blank. ``bands`` are
    its own classes of 参考判定 and replace the plan's in the terms that they name.
    """

    code: str
    strategy_number: int
    name: str
    unit: str
    decimals: int
    rule: Rule
    baseline_year: int | None
    baseline_value: Decimal | None
    definition: str
    note: str
    target_source: str
    section: str
    measure_codes: tuple[str, ...]
    years: tuple[YearProgress, ...]
    start_year: int | None = None
    end_year: int | None = None
    former_name: str = ""
    renamed_year: int | None = None
    successor: str = ""
    change_reason: str = ""
    bands: tuple[Band, ...] = ()

    def is_measured_in(self, fiscal_year: int) -> bool:
        """Return whether the year lies between the indicator's start and its end."""
        after_start = self.start_year is None or fiscal_year >= self.start_year
        return after_start and (self.end_year is None or fiscal_year <= self.end_year)

    def at(self, period: Period) -> Result | None:
        """Return the result of the period, or None where there is none."""
        year = self.year(period.fiscal_year)
        return None if year is None else year.at(period.term)

    def year(self, fiscal_year: int) -> YearProgress | None:
        """Return the year, or None outside the plan."""
        return next((year for year in self.years if year.fiscal_year == fiscal_year), None)

    @property
    def results(self) -> Iterator[Result]:
        """Yield every result in the order of time."""
        return (result for year in self.years for result in year.results)


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """A measure (具体的施策) and the plan's page where it stands; None where none is known."""

    code: str
    number: int
    name: str
    page: int | None


@dataclass(frozen=True, slots=True)
class StrategyProgress:
    """A strategy (基本戦略) with its measures and indicators in the paper's order."""

    number: int
    name: str
    tag: str
    measures: tuple[MeasureFacts, ...]
    indicators: tuple[IndicatorProgress, ...]


@dataclass(frozen=True, slots=True)
class KgiRevision:
    """What a KGI's year said until the statistic was revised (遡及改定、基準改定), and why."""

    revised_on: dt.date
    value: Decimal | None
    display: str
    comparator_growth: Decimal | None
    reason: str


@dataclass(frozen=True, slots=True)
class KgiComparison:
    """One year of a further statistic, shown for reference; growth is percent since the base year.

    ``value`` is None where only its growth is known, ``growth`` and ``index`` where they cannot be.
    """

    name: str
    value: Decimal | None
    growth: Decimal | None
    index: Decimal | None


@dataclass(frozen=True, slots=True)
class KgiYear:
    """One calendar year of a KGI.

    ``growth`` and ``comparator_growth`` are percent since the base year, ``difference`` is in
    points, indexes have the base year at 100; each is None where it cannot be known.
    ``expected`` says when the statistic of a year without value comes out, or is blank.
    """

    year: int
    value: Decimal | None
    display: str
    growth: Decimal | None
    comparator_growth: Decimal | None
    difference: Decimal | None
    index: Decimal | None
    comparator_index: Decimal | None
    note: str
    expected: str = ""
    comparator_value: Decimal | None = None
    comparisons: tuple[KgiComparison, ...] = ()
    revisions: tuple[KgiRevision, ...] = ()


@dataclass(frozen=True, slots=True)
class KgiProgress:
    """A KGI: a statistic whose growth is compared with a comparator's."""

    code: str
    name: str
    unit: str
    decimals: int
    comparator: str
    base_year: int
    target_year: int
    target: str
    source: str
    note: str
    years: tuple[KgiYear, ...]

    @property
    def latest(self) -> KgiYear | None:
        """Return the newest year that has a growth to show, or None."""
        return next((year for year in reversed(self.years) if year.difference is not None), None)


@dataclass(frozen=True, slots=True)
class Publicity:
    """One record of 普及・周知; ``quantity`` is None where nothing is counted."""

    day: dt.date | None
    kind: str
    content: str
    quantity: Decimal | None
    unit: str
    note: str


@dataclass(frozen=True, slots=True)
class ActionYear:
    """One fiscal year of an action, as PDCA tells it; a blank text and None: not written yet.

    ``stage`` and ``plan`` are PLAN, ``done_first_half`` and ``done`` DO, ``results`` and
    ``evaluation`` CHECK, ``revision`` and ``revision_note`` ACTION.
    """

    fiscal_year: int
    stage: Stage | None
    plan: str
    done_first_half: str
    done: str
    results: str
    evaluation: Evaluation | None
    revision: Revision | None
    revision_note: str


@dataclass(frozen=True, slots=True)
class ActionProgress:
    """An action (アクション) of a measure by one kind of actor, with its years in order.

    ``is_example`` marks a made-up sample (例示), which must say so wherever it is shown.
    """

    code: str
    measure_code: str
    actor: Actor
    name: str
    content: str
    is_priority: bool
    priority_reason: str
    indicator_codes: tuple[str, ...]
    no_indicator_reason: str
    section: str
    partners: str
    is_example: bool
    years: tuple[ActionYear, ...]

    def year(self, fiscal_year: int) -> ActionYear | None:
        """Return the year, or None where nothing is planned or written for it."""
        return next((year for year in self.years if year.fiscal_year == fiscal_year), None)


@dataclass(frozen=True, slots=True)
class Opinion:
    """A council member's opinion and the city's reply; codes are blank where it is about none.

    ``state`` is None while the city has not replied.
    """

    number: int
    speaker: str
    text: str
    indicator_code: str
    measure_code: str
    action_code: str
    reply: str
    state: OpinionState | None
    state_reason: str

    @property
    def is_open(self) -> bool:
        """Return whether the next meeting asks again what was done; always while unanswered."""
        return self.state is None or self.state.is_open


@dataclass(frozen=True, slots=True)
class MeetingProgress:
    """A meeting of the council with its opinions that still count: all of the newest meeting's.

    Of earlier meetings only what is still open; ``day`` is None until it is fixed.
    """

    name: str
    day: dt.date | None
    place: str
    is_example: bool
    opinions: tuple[Opinion, ...]


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
