"""The judgements counted by strategy: a table, and the same as stacked bars."""

from collections.abc import Sequence
from decimal import Decimal

from kpis.numerals import json_number
from kpis.progress import PlanProgress
from kpis.summary import JudgementClass, classes, counts
from kpis.workbooks.council.charts import (
    TONES,
    WHITE,
    Area,
    Bars,
    finish,
    labelled,
    place,
    series,
    solid,
)
from kpis.workbooks.council.items import Item
from kpis.workbooks.council.sheet import Sheet
from kpis.workbooks.council.styles import BAND, CENTRED_NUMBER, LABEL, SUM, Style

TITLE = "総括"
_LEFT, _WIDE, _TOP = 0.17, 0.79, 0.04  # of the plot, as shares of the chart
COLUMNS = 23  # narrow ones, which classes of judgement share
_BEFORE = 2  # columns before them
_BAR, _AROUND, _HIGHEST = 27, 58, 330  # points of the chart


def put_counts(sheet: Sheet, progress: PlanProgress) -> None:
    """Write the table, a line for each strategy and their total, and below it the chart."""
    found = classes(progress)
    span = COLUMNS // (len(found) + 1)
    spans = [_BEFORE + COLUMNS - span * (len(found) + 1), *[span] * (len(found) + 1)]
    head = sheet.head(["基本戦略", *(one.words for one in found), "計"], spans)
    for one in progress.strategies:
        numbers = [count.number for count in counts(progress, one.indicators)]
        sheet.write(_row(f"{one.number} {one.name}", numbers, spans, LABEL, CENTRED_NUMBER))
    last = sheet.row - 1
    total = [count.number for count in counts(progress)]
    sheet.write(_row("合計", total, spans, BAND, SUM))
    sheet.gap(6)
    if found and progress.strategies:
        high = min(_BAR * len(progress.strategies) + _AROUND, _HIGHEST)
        row = sheet.rows([high])
        chart = _chart(progress, found, (head, last), spans)
        place(chart, (_LEFT, _WIDE), (_TOP, 1 - _AROUND / high))
        sheet.put_chart(chart, (row, 1), (row, len(sheet.widths)))


def _row(
    name: str, numbers: Sequence[int], spans: Sequence[int], label: Style, number: Style
) -> list[Item]:
    shown = [*numbers, sum(numbers)]
    cells = [Item(one, number, span=span) for one, span in zip(shown, spans[1:], strict=True)]
    return [Item(name, label, span=spans[0]), *cells]


def _chart(
    progress: PlanProgress,
    found: Sequence[JudgementClass],
    rows: tuple[int, int],
    spans: Sequence[int],
) -> Bars:
    """Return a bar for each strategy; each piece says its sign and number, for grey print too."""
    head, last = rows
    chart = Bars()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "stacked", 100, 45
    labels = Area(TITLE, (head + 1, 1), (last, 1))
    column = 1 + spans[0]
    for number, one in enumerate(found):
        name = Area(TITLE, (head, column), (head, column))
        values = Area(TITLE, (head + 1, column), (last, column))
        bars = solid(series(number, name, labels, values), TONES[one.tone], WHITE)
        chart.append(labelled(bars, _label(one.sign), "ctr", WHITE))
        column += spans[number + 1]
    totals = [
        Decimal(sum(count.number for count in counts(progress, one.indicators)))
        for one in progress.strategies
    ]
    finish(chart, totals, "指標数")
    chart.y_axis.scaling.max = json_number(max([*totals, Decimal(1)]))
    chart.x_axis.scaling.orientation = "maxMin"  # the first strategy on top
    chart.y_axis.crosses = "max"  # and the numbers still below
    return chart


def _label(sign: str) -> str:
    """Return the format that shows sign and number, and nothing for zero."""
    return f'"{sign.replace(chr(34), "")}"0;;'
