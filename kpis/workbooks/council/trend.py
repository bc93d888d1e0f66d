"""The chart of one KPI: actuals as columns, targets as a line, from the block's own cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from openpyxl.chart import LineChart

from actions.fiscal import Term
from kpis.numerals import format_exact
from kpis.progress import IndicatorProgress, YearProgress
from kpis.workbooks.council.charts import (
    BLUE,
    INK,
    Area,
    Bars,
    Line,
    drawn,
    finish,
    hatched,
    place,
    series,
    solid,
)

_TARGET, _WHOLE, _HALF = 1, 2, 3  # rows below the years
_UNIT, _DIGIT = 0.07, 0.017  # left of the plot, as shares of the chart's width
_LONGEST = 14  # letters; larger figures are in 百万
_ABOVE, _BELOW = 9.0, 37.0  # points above the plot; and below it, for years and legend
_TARGET_LINE = Line(INK, "sysDash", "diamond", "FFFFFF", 1.75)


@dataclass(frozen=True, slots=True)
class Rows:
    """Where a block's table stands: its sheet, the row of its years, and how many there are."""

    sheet: str
    first: int
    years: int

    def name(self, below: int) -> Area:
        """Return the cell that names a row."""
        row = self.first + below
        return Area(self.sheet, (row, 1), (row, 1))

    def cells(self, below: int, years: int = 0) -> Area:
        """Return a row's cells, one for each year, or of the first so many years only."""
        row = self.first + below
        return Area(self.sheet, (row, 2), (row, (years or self.years) + 1))


def trend(
    indicator: IndicatorProgress, years: Sequence[YearProgress | None], rows: Rows, high: float
) -> Bars:
    """Return the chart, so many points high. What has no figure at all is not in its legend."""
    targets = [None if one is None else one.target.value for one in years]
    whole, half = (_actuals(years, term) for term in (Term.FY, Term.H1))
    chart = Bars()
    chart.type, chart.gapWidth = "col", 70
    both = any(a is not None and b is not None for a, b in zip(whole, half, strict=True))
    chart.overlap = 0 if both else 100  # alone in its year, a column stands in the middle
    labels = rows.cells(0)
    chart.append(solid(series(0, rows.name(_WHOLE), labels, rows.cells(_WHOLE)), BLUE, BLUE))
    if any(one is not None for one in half):
        chart.append(hatched(series(1, rows.name(_HALF), labels, rows.cells(_HALF)), BLUE))
    if any(one is not None for one in targets):
        chart += _target_line(targets, rows)
    figures = [one for one in (*targets, *whole, *half) if one is not None]
    finish(chart, figures, indicator.unit)
    longest = max((len(format_exact(one)) for one in figures), default=1)
    left = min(_UNIT + _DIGIT * min(longest, _LONGEST), 0.4)
    place(chart, (left, 0.97 - left), (_ABOVE / high, 1 - (_ABOVE + _BELOW) / high))
    return chart


def _actuals(years: Sequence[YearProgress | None], term: Term) -> list[Decimal | None]:
    results = [None if one is None else one.at(term) for one in years]
    return [None if one is None else one.actual.value for one in results]


def _target_line(targets: Sequence[Decimal | None], rows: Rows) -> LineChart:
    """Return the line up to the last figure: behind it stand words, which a chart takes for zero."""
    count = max(place for place, one in enumerate(targets, start=1) if one is not None)
    line = LineChart()
    one = series(2, rows.name(_TARGET), rows.cells(0), rows.cells(_TARGET, count))
    line.append(drawn(one, _TARGET_LINE))
    return line
