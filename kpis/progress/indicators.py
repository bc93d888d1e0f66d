"""What the read model says of indicators: targets, actuals, results. Pure."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from actions.fiscal import Period, Term, fiscal_year_label, is_within, short_label
from kpis.attainment import Attainment, Rule
from kpis.judgement import Band, Judgement, Verdict
from kpis.vocabulary import ActualReason, FollowUp, TargetStatus


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
    ``next_step`` has who does it (``next_step_owner``) and until when; ``follow_up`` is what became
    of the step that the period before had named, None while nobody says.
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
    next_step_owner: str = ""
    next_step_due: dt.date | None = None
    follow_up: FollowUp | None = None
    follow_up_note: str = ""

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
    review_reason: str = ""
    bands: tuple[Band, ...] = ()

    def is_measured_in(self, fiscal_year: int) -> bool:
        """Return whether the year lies between the indicator's start and its end."""
        return is_within(fiscal_year, self.start_year, self.end_year)

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
