"""The rows of the open data: one per indicator, fiscal year and term.

Blank is "there is none", 0 is zero, and a figure that is missing for a reason says so in its status
column.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from actions.fiscal import Term
from kpis.numerals import plain, round_decimal
from kpis.opendata.columns import COLUMNS
from kpis.progress import IndicatorProgress, PlanProgress, Result, StrategyProgress, YearProgress

Value = str | int | Decimal | bool | None

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Row:
    """One datum; the fields are the columns' keys in their order."""

    plan: str
    code: str
    strategy_number: int
    strategy: str
    indicator: str
    unit: str
    fiscal_year: int
    fiscal_year_label: str
    term: str
    target: Decimal | None
    target_status: str
    actual: Decimal | None
    actual_status: str
    rate: Decimal | None
    rate_display: str
    formula: str
    met: bool | None
    judgement: str
    version: int | None
    as_of: str

    def values(self) -> tuple[Value, ...]:
        """Return the cells in the columns' order."""
        return tuple(getattr(self, column.key) for column in COLUMNS)


def rows(progress: PlanProgress) -> Iterator[Row]:
    """Yield a row for every indicator, year and term that has come; other years get one for FY."""
    for strategy in progress.strategies:
        for indicator in strategy.indicators:
            for year in indicator.years:
                for result in year.results or (None,):
                    yield _row(progress, strategy, indicator, year, result)


def _row(
    progress: PlanProgress,
    strategy: StrategyProgress,
    indicator: IndicatorProgress,
    year: YearProgress,
    result: Result | None,
) -> Row:
    rate = None if result is None else result.attainment.rate
    return Row(
        plan=progress.plan.slug,
        code=indicator.code,
        strategy_number=strategy.number,
        strategy=strategy.name,
        indicator=indicator.name,
        unit=indicator.unit,
        fiscal_year=year.fiscal_year,
        fiscal_year_label=year.label,
        term=(Term.FY if result is None else result.period.term).value,
        target=year.target.value,
        target_status=year.target.status.value,
        actual=None if result is None else result.actual.value,
        actual_status="missing" if result is None else result.actual.status,
        rate=None if rate is None else round_decimal(rate, 6),
        rate_display="" if result is None else result.attainment.display,
        formula=indicator.rule.formula.value,
        met=None if result is None else result.attainment.met,
        judgement="" if result is None else result.verdict.words,
        version=None if progress.edition is None else progress.edition.version,
        as_of="" if result is None else result.period.as_of.isoformat(),
    )


def cell_text(value: Value) -> str:
    """Return a cell of a CSV: blank for none, true or false, a figure without separators."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"  # a spreadsheet would run it
    return plain(value) if isinstance(value, Decimal) else str(value)
