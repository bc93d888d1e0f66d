"""KGIs: growth since the base year, the lead over the comparator, and indexes. Pure."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kpis.numerals import EXACT, format_number
from kpis.progress import KgiComparison, KgiRevision, KgiYear

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class RecordedKgiRevision:
    """What a KGI's year said before the statistic was revised, as recorded."""

    revised_on: dt.date
    value: Decimal | None
    comparator_growth: Decimal | None
    reason: str


@dataclass(frozen=True, slots=True)
class RecordedKgiYear:
    """A KGI's year as recorded; the comparator has a growth since the base year, or its value."""

    year: int
    value: Decimal | None = None
    comparator_growth: Decimal | None = None
    note: str = ""
    expected: str = ""
    comparator_value: Decimal | None = None
    revisions: tuple[RecordedKgiRevision, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordedComparison:
    """One year of a further statistic as recorded: its growth, or its value."""

    name: str
    year: int
    growth: Decimal | None = None
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Series:
    """A statistic's figures: ``base`` is its value in the base year, None where not known."""

    base_year: int
    base: Decimal | None

    def index(self, year: int, value: Decimal | None, growth: Decimal | None) -> Decimal | None:
        """Return the year's index, from its value or from its growth; the base year has 100."""
        if growth is not None and year > self.base_year:
            return EXACT.add(_HUNDRED, growth)
        if value is not None and self.base:
            return EXACT.divide(EXACT.multiply(value, _HUNDRED), self.base)
        return None

    def growth(self, year: int, index: Decimal | None) -> Decimal | None:
        """Return the growth since the base year; None up to it."""
        return None if index is None or year <= self.base_year else EXACT.subtract(index, _HUNDRED)


def kgi_years(
    rows: Iterable[RecordedKgiYear],
    base_year: int,
    decimals: int,
    comparisons: Sequence[RecordedComparison] = (),
) -> tuple[KgiYear, ...]:
    """Return each year with growth since the base year, its lead over the comparator and indexes.

    Years before the base year have an index but no growth to compare: the goal counts from the
    base year on (計画 P68: 令和4(2022)年～令和10(2028)年の大阪府全体の伸びを上回る).
    """
    ordered = sorted(rows, key=lambda row: row.year)
    at_base = next((row for row in ordered if row.year == base_year), RecordedKgiYear(base_year))
    own = _Series(base_year, at_base.value)
    theirs = _Series(base_year, at_base.comparator_value)
    others = _comparisons(comparisons, base_year)
    return tuple(_kgi_year(row, own, theirs, decimals, others.get(row.year, ())) for row in ordered)


def _kgi_year(
    row: RecordedKgiYear,
    own: _Series,
    theirs: _Series,
    decimals: int,
    comparisons: tuple[KgiComparison, ...],
) -> KgiYear:
    index = own.index(row.year, row.value, None)
    growth = own.growth(row.year, index)
    other = theirs.index(row.year, row.comparator_value, row.comparator_growth)
    if other is None and row.year == own.base_year:
        other = _HUNDRED
    lead = theirs.growth(row.year, other)
    return KgiYear(
        year=row.year,
        value=row.value,
        display=_shown(row.value, decimals),
        growth=growth,
        comparator_growth=lead,
        difference=None if growth is None or lead is None else EXACT.subtract(growth, lead),
        index=index,
        comparator_index=other,
        note=row.note,
        expected=row.expected if row.value is None else "",
        comparator_value=row.comparator_value,
        comparisons=comparisons,
        revisions=tuple(
            KgiRevision(
                revised_on=one.revised_on,
                value=one.value,
                display=_shown(one.value, decimals),
                comparator_growth=one.comparator_growth,
                reason=one.reason,
            )
            for one in sorted(row.revisions, key=lambda one: one.revised_on)
        ),
    )


def _shown(value: Decimal | None, decimals: int) -> str:
    return "" if value is None else format_number(value, decimals)


def _comparisons(
    rows: Sequence[RecordedComparison], base_year: int
) -> dict[int, tuple[KgiComparison, ...]]:
    """Return what is shown for reference, by year; within a year by name."""
    bases = {row.name: row.value for row in rows if row.year == base_year}
    found: dict[int, tuple[KgiComparison, ...]] = {}
    for row in sorted(rows, key=lambda row: (row.year, row.name)):
        series = _Series(base_year, bases.get(row.name))
        index = series.index(row.year, row.value, row.growth)
        growth = series.growth(row.year, index)
        one = KgiComparison(row.name, row.value, growth, index)
        found[row.year] = (*found.get(row.year, ()), one)
    return found
