"""Projections (推計): what would come if the average yearly change went on. Pure.

For reference only: nothing here is an actual, none of it is stored, frozen or open data.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from actions.fiscal import Term, calendar_year_label, fiscal_year_label
from kpis.numerals import EXACT, format_exact, format_number, round_decimal
from kpis.progress import IndicatorProgress, KgiProgress
from kpis.vocabulary import Formula, Kind

DISCLAIMER = "推計は参考であり、公表された値ではありません。"
_KPI_YEARS = 2  # whole years that a KPI's change is read from, at least
_KGI_YEARS = 3  # the base year, and two after it
_WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Projection:
    """A line drawn on: known from ``first`` to ``last``, ``change`` a year, and the years after."""

    first: int
    last: int
    change: Decimal
    points: tuple[tuple[int, Decimal], ...]


def projected(
    known: Sequence[tuple[int, Decimal]], until: int, least: int = _KPI_YEARS
) -> Projection | None:
    """Return the years after the last known one up to ``until``, by the average yearly change.

    ``known`` is (year, value) in the order of time; the average runs from its first to its last.
    None with fewer than ``least`` known years, or where no year is left.
    """
    if len(known) < max(least, 2) or known[-1][0] >= until:
        return None
    (first, begun), (last, newest) = known[0], known[-1]
    grown, years = EXACT.subtract(newest, begun), Decimal(last - first)
    points = tuple(
        (year, EXACT.add(newest, EXACT.divide(EXACT.multiply(grown, Decimal(year - last)), years)))
        for year in range(last + 1, until + 1)
    )
    return Projection(first, last, EXACT.divide(grown, years), points)


def indicator_projection(indicator: IndicatorProgress) -> Projection | None:
    """Return a KPI's projection of the years to come that it is measured in, from whole years alone.

    Values carried forward from an earlier survey are no new ones. None for what is done or not
    (達成有無) or not rated, where nothing changed, and where the line would leave what can be: below
    zero, above 100%, beyond twice every actual and target of the plan.
    """
    if indicator.rule.kind is Kind.MILESTONE or indicator.rule.formula is Formula.NONE:
        return None
    whole = ((year.fiscal_year, year.at(Term.FY)) for year in indicator.years)
    known = [
        (year, one.actual.value)
        for year, one in whole
        if one is not None and one.actual.value is not None and one.actual.carried_from is None
    ]
    years = [one.fiscal_year for one in indicator.years]
    measured = [one for one in years if indicator.is_measured_in(one)]
    found = projected(known, max(measured, default=0))
    if found is None or not _can_be(indicator, known, found):
        return None
    begun = {one.fiscal_year for one in indicator.years if one.results}
    points = tuple(one for one in found.points if one[0] not in begun)
    return replace(found, points=points) if points else None


def _can_be(
    indicator: IndicatorProgress, known: Sequence[tuple[int, Decimal]], found: Projection
) -> bool:
    values, ahead = [value for _, value in known], [value for _, value in found.points]
    goals = [one.target.value for one in indicator.years if one.target.value is not None]
    if not found.change or min(values) >= 0 > min(ahead):
        return False
    if max(map(abs, ahead)) > 2 * max(map(abs, [*values, *goals])):
        return False
    is_share = indicator.unit in ("%", "％")
    return not (is_share and max(values) <= _WHOLE < max(ahead))


def kgi_projection(kgi: KgiProgress, indexes: Sequence[tuple[int, Decimal]]) -> Projection | None:
    """Return the projection of a KGI's indexes, (year, index) in order, to the target year.

    It runs from the base year on; None with fewer than two years after it.
    """
    since = [(year, index) for year, index in indexes if year >= kgi.base_year]
    if not since or since[0][0] != kgi.base_year:
        return None
    return projected(since, kgi.target_year, _KGI_YEARS)


def own_indexes(kgi: KgiProgress) -> list[tuple[int, Decimal]]:
    """Return the KGI's own (year, index), in order."""
    return [(one.year, one.index) for one in kgi.years if one.index is not None]


def comparator_indexes(kgi: KgiProgress) -> list[tuple[int, Decimal]]:
    """Return the comparator's (year, index), in order."""
    found = ((one.year, one.comparator_index) for one in kgi.years)
    return [(year, index) for year, index in found if index is not None]


def indicator_words(indicator: IndicatorProgress) -> str:
    """Return a KPI's projected values with their rule; blank where there is no projection."""
    found = indicator_projection(indicator)
    if found is None:
        return ""
    unit = indicator.unit
    span = f"{fiscal_year_label(found.first)}から{fiscal_year_label(found.last)}まで"
    values = "、".join(
        f"{fiscal_year_label(year)} {format_number(value, indicator.decimals)}{unit}"
        for year, value in found.points
    )
    return f"推計（参考）: {values}。{_rule(span, _signed(found.change, indicator.decimals), unit)}"


def kgi_words(kgi: KgiProgress) -> str:
    """Return a KGI's projected indexes with their rule; blank where there is no projection."""
    lines = (("市", own_indexes(kgi)), (kgi.comparator, comparator_indexes(kgi)))
    found = [(name, kgi_projection(kgi, indexes)) for name, indexes in lines]
    told = [
        f"{name}{format_number(one.points[-1][1], 1)}（年平均{_signed(one.change, 0)}ポイント）"
        for name, one in found
        if one is not None
    ]
    if not told:
        return ""
    base = calendar_year_label(kgi.base_year)
    values = f"{calendar_year_label(kgi.target_year)}の指数は{'、'.join(told)}"
    return f"推計（参考）: {values}。{base}から最新の年までの年平均の増減が続くとした場合の値です。"


def _rule(span: str, change: str, unit: str) -> str:
    return f"{span}の年平均の増減（{change}{unit}）が続くとした場合の値です。"


def _signed(change: Decimal, decimals: int) -> str:
    """Return a yearly change with its sign, and one decimal more than its figures have."""
    shown = round_decimal(change, decimals + 1)
    sign = "+" if shown > 0 else "±" if shown == 0 else ""
    return f"{sign}{format_exact(shown)}"
