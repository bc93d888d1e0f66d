"""From recorded figures to results: the one place where targets, bases and bands meet. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from actions.fiscal import Period, Term
from kpis.attainment import Facts, Rule, attain
from kpis.judgement import Band, Judgement, judge, override_with
from kpis.numerals import DASH, EXACT, format_exact, format_number
from kpis.progress import Actual, KgiYear, Result, Target, YearProgress
from kpis.vocabulary import ActualReason, TargetStatus

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class RecordedTarget:
    """A target as staff recorded it."""

    status: TargetStatus = TargetStatus.UNSET
    value: Decimal | None = None
    source: str = ""
    note: str = ""


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


@dataclass(frozen=True, slots=True)
class Record:
    """All that is recorded of one indicator."""

    rule: Rule
    baseline_year: int | None
    baseline_value: Decimal | None
    targets: Mapping[int, RecordedTarget]
    actuals: Mapping[Period, RecordedActual]

    def actual(self, period: Period) -> RecordedActual:
        """Return what was recorded for the period, "not entered yet" where nothing was.

        A baseline year without a record of its own has the baseline value as its actual.
        """
        recorded = self.actuals.get(period, RecordedActual())
        entered = recorded.value is not None or recorded.reason is not None
        if not entered and period == Period(self.baseline_year or 0, Term.FY):
            return replace(recorded, value=self.baseline_value)
        return recorded


def years_of(
    record: Record, years: Iterable[int], periods: Sequence[Period], bands: Sequence[Band]
) -> tuple[YearProgress, ...]:
    """Return each year's target and the results of the given periods in it.

    The baseline year has its actual even where no period of it was ever opened.
    """
    return tuple(
        YearProgress(year, _target(record, year), _results(record, year, periods, bands))
        for year in years
    )


def _target(record: Record, year: int) -> Target:
    recorded = record.targets.get(year, RecordedTarget())
    shown = "" if recorded.value is None else format_exact(recorded.value)
    if recorded.status is TargetStatus.LINKED:
        shown = f"{recorded.source}で定める目標値と連動"
    return Target(recorded.status, recorded.value, shown, recorded.source, recorded.note)


def _results(
    record: Record, year: int, periods: Sequence[Period], bands: Sequence[Band]
) -> tuple[Result, ...]:
    mine = [period for period in periods if period.fiscal_year == year]
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
    return Result(period, _actual(recorded), attainment, Judgement(computed, override))


def _actual(recorded: RecordedActual) -> Actual:
    shown, words = "", ""
    if recorded.value is not None:
        shown = format_exact(recorded.value)
    elif recorded.reason is not None:
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
    )


@dataclass(frozen=True, slots=True)
class RecordedKgiYear:
    """A KGI's year as recorded; the comparator's growth is percent since the base year."""

    year: int
    value: Decimal | None = None
    comparator_growth: Decimal | None = None
    note: str = ""


def kgi_years(
    rows: Iterable[RecordedKgiYear], base_year: int, decimals: int
) -> tuple[KgiYear, ...]:
    """Return each year with growth since the base year, its lead over the comparator and indexes.

    Years before the base year have an index but no growth to compare: the goal counts from the
    base year on (計画 P68: 令和4(2022)年～令和10(2028)年の大阪府全体の伸びを上回る).
    """
    ordered = sorted(rows, key=lambda row: row.year)
    base = next((row.value for row in ordered if row.year == base_year), None)
    return tuple(_kgi_year(row, base_year, base, decimals) for row in ordered)


def _kgi_year(row: RecordedKgiYear, base_year: int, base: Decimal | None, decimals: int) -> KgiYear:
    index = None
    if base and row.value is not None:
        index = EXACT.divide(EXACT.multiply(row.value, _HUNDRED), base)
    after = row.year > base_year
    growth = EXACT.subtract(index, _HUNDRED) if index is not None and after else None
    theirs = row.comparator_growth if after else None
    return KgiYear(
        year=row.year,
        value=row.value,
        display="" if row.value is None else format_number(row.value, decimals),
        growth=growth,
        comparator_growth=theirs,
        difference=None if growth is None or theirs is None else EXACT.subtract(growth, theirs),
        index=index,
        comparator_index=_HUNDRED + theirs if theirs is not None else _at_base(row, base_year),
        note=row.note,
    )


def _at_base(row: RecordedKgiYear, base_year: int) -> Decimal | None:
    return _HUNDRED if row.year == base_year else None
