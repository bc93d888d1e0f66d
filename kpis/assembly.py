"""From recorded figures to results: the one place where targets, bases and bands meet. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from actions.fiscal import Period, Term, is_within
from kpis.attainment import Facts, Rule, attain
from kpis.judgement import Band, Judgement, bands_of, judge, override_with
from kpis.milestones import shown_figure
from kpis.numerals import DASH
from kpis.progress import Actual, Result, Target, TargetRevision, YearProgress
from kpis.vocabulary import ActualReason, FollowUp, TargetStatus


@dataclass(frozen=True, slots=True)
class RecordedRevision:
    """What a target was before a revision, as staff recorded it."""

    revised_on: dt.date
    status: TargetStatus
    value: Decimal | None
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class RecordedTarget:
    """A target as staff recorded it."""

    status: TargetStatus = TargetStatus.UNSET
    value: Decimal | None = None
    source: str = ""
    note: str = ""
    words: str = ""
    decided_on: dt.date | None = None
    revisions: tuple[RecordedRevision, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordedActual:
    """An actual as staff recorded it; the defaults are "not entered yet"."""

    value: Decimal | None = None
    reason: ActualReason | None = None
    provisional: bool = False
    cause: str = ""
    next_step: str = ""
    note: str = ""
    printed_rate: str = ""
    override: Band | None = None
    override_reason: str = ""
    forecast: Decimal | None = None
    carried_from: int | None = None
    next_step_owner: str = ""
    next_step_due: dt.date | None = None
    follow_up: FollowUp | None = None
    follow_up_note: str = ""

    @property
    def is_entered(self) -> bool:
        """Return whether there is a figure or a reason for having none."""
        return self.value is not None or self.reason is not None


@dataclass(frozen=True, slots=True)
class Record:
    """All that is recorded of one indicator; ``bands`` are its own, and the years bound it."""

    rule: Rule
    baseline_year: int | None
    baseline_value: Decimal | None
    targets: Mapping[int, RecordedTarget]
    actuals: Mapping[Period, RecordedActual]
    bands: tuple[Band, ...] = ()
    start_year: int | None = None
    end_year: int | None = None

    def is_measured_in(self, fiscal_year: int) -> bool:
        """Return whether the year lies between the indicator's start and its end."""
        return is_within(fiscal_year, self.start_year, self.end_year)

    def actual(self, period: Period) -> RecordedActual:
        """Return what was recorded for the period, "not entered yet" where nothing was.

        A baseline year without a record of its own has the baseline value as its actual.
        """
        recorded = self.actuals.get(period, RecordedActual())
        if not recorded.is_entered and period == Period(self.baseline_year or 0, Term.FY):
            return replace(recorded, value=self.baseline_value)
        return recorded


def known_at(record: Record, period: Period) -> Record:
    """Return the record as the period knows it: a baseline year that lies after it is none yet."""
    if record.baseline_year is None or period >= Period(record.baseline_year, Term.FY):
        return record
    return replace(record, baseline_year=None)


def years_of(
    record: Record, years: Iterable[int], periods: Sequence[Period], bands: Sequence[Band]
) -> tuple[YearProgress, ...]:
    """Return each year's target and the results of the given periods in it.

    The baseline year has its actual even where no period of it was ever opened. A year before the
    indicator's start or after its end has results only where something was entered.
    """
    mine = bands_of(record.bands, bands)
    return tuple(_year(record, year, _results(record, year, periods, mine)) for year in years)


def _year(record: Record, year: int, results: tuple[Result, ...]) -> YearProgress:
    """Return the year; outside the indicator's life, without any result, no target holds."""
    holds = results or record.is_measured_in(year)
    return YearProgress(year, _target(record, year if holds else None), results)


def _target(record: Record, year: int | None) -> Target:
    recorded = RecordedTarget() if year is None else record.targets.get(year, RecordedTarget())
    return Target(
        status=recorded.status,
        value=recorded.value,
        display=_target_shown(record, recorded, recorded.words),
        source=recorded.source,
        note=recorded.note,
        words=recorded.words,
        decided_on=recorded.decided_on,
        revisions=tuple(
            TargetRevision(
                revised_on=one.revised_on,
                status=one.status,
                value=one.value,
                display=_target_shown(record, one, recorded.words),
                source=one.source,
                reason=one.reason,
            )
            for one in sorted(recorded.revisions, key=lambda one: one.revised_on)
        ),
    )


def _target_shown(record: Record, one: RecordedTarget | RecordedRevision, words: str) -> str:
    """Return a target as printed: its figure, a milestone's words, or the plan that will set it."""
    if one.status is TargetStatus.LINKED:
        return f"{one.source}で定める目標値と連動"
    return (one.value and words) or shown_figure(record.rule.kind, one.value)


def _results(
    record: Record, year: int, periods: Sequence[Period], bands: Sequence[Band]
) -> tuple[Result, ...]:
    mine = [
        period
        for period in periods
        if period.fiscal_year == year
        and (record.is_measured_in(year) or record.actuals.get(period, RecordedActual()).is_entered)
    ]
    whole = Period(year, Term.FY)
    if year == record.baseline_year and record.baseline_value is not None and whole not in mine:
        mine.append(whole)
    return tuple(_result(record, period, bands) for period in sorted(mine))


def _result(record: Record, period: Period, bands: Sequence[Band]) -> Result:
    recorded = record.actual(period)
    target = record.targets.get(period.fiscal_year, RecordedTarget())
    facts = Facts(
        term=period.term,
        actual=recorded.value,
        actual_reason=recorded.reason,
        target=target.value,
        target_status=target.status,
        baseline=record.baseline_value,
        previous=record.actual(period.previous_year).value,
    )
    attainment = attain(record.rule, facts)
    computed = judge(record.rule, period.term, attainment, bands)
    override = None
    if recorded.override is not None:
        override = override_with(recorded.override, recorded.override_reason)
    return Result(period, _actual(recorded, record.rule), attainment, Judgement(computed, override))


def _actual(recorded: RecordedActual, rule: Rule) -> Actual:
    shown, words = shown_figure(rule.kind, recorded.value), ""
    if recorded.value is None and recorded.reason is not None:
        shown, words = DASH, recorded.reason.label
    return Actual(
        value=recorded.value,
        reason=recorded.reason,
        reason_words=words,
        provisional=recorded.provisional,
        display=shown,
        cause=recorded.cause,
        next_step=recorded.next_step,
        note=recorded.note,
        printed_rate=recorded.printed_rate,
        forecast=recorded.forecast,
        forecast_display=shown_figure(rule.kind, recorded.forecast),
        carried_from=recorded.carried_from,
        next_step_owner=recorded.next_step_owner,
        next_step_due=recorded.next_step_due,
        follow_up=recorded.follow_up,
        follow_up_note=recorded.follow_up_note,
    )
