"""Native charts that are read on paper: our letters, no shadows, told apart in grey print too."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any, Literal

from openpyxl.chart import BarChart, LineChart
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.colors import ColorChoice
from openpyxl.drawing.fill import PatternFillProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Font,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
    RichTextProperties,
)
from openpyxl.utils import get_column_letter, quote_sheetname

from kpis import figures
from kpis.numerals import json_number
from kpis.workbooks.cells import clean_text
from kpis.workbooks.formats import figure_format
from kpis.workbooks.looks import FONT

INK, GREY, BLUE, WHITE = "1A1A1C", "595959", "0017C1", "FFFFFF"
TONES = {tone: code.removeprefix("#").upper() for tone, code in figures.TONES.items()}
_GRID = "D9D9DD"
_THIN = 9_525  # what Office calls a line of three quarters of a point
_LETTERS = 900  # hundredths of a point
_LINES = 5  # between the lowest and the highest grid line, about
_HORIZONTAL, _VERTICAL = 0, -5_400_000
_LONGEST_UNIT = 12  # letters; what is drawn is named in the block's heading too
_HUGE = Decimal(10) ** 10
_IN_MILLIONS = '#,##0,,"百万";"▲"#,##0,,"百万"'
_LONGEST_ACROSS = 4  # letters of a unit that are written across


@dataclass(frozen=True, slots=True)
class Line:
    """How a line looks; ``dash`` is a name of Office's."""

    color: str
    dash: Literal["solid", "sysDash", "sysDot", "dashDot", "lgDash"]
    symbol: Literal["circle", "diamond", "square", "triangle", "x"]
    fill: str
    points: float = 2.25


class _Letters:
    """Gives a chart our letters as a whole, which openpyxl offers for single elements only."""

    def _write(self) -> Any:
        tree = super()._write()  # type: ignore[misc]
        for one in tree.iter("numFmt"):
            one.set("sourceLinked", "0")  # else a label's format is the cell's
        tree.append(RichText(p=[_paragraph()]).to_tree("txPr"))
        return tree


class Bars(_Letters, BarChart):
    """A bar chart in our letters; lines may be added to it."""

    # openpyxl writes what is declared in a class itself, not what it inherits.
    __elements__, __nested__ = BarChart.__elements__, BarChart.__nested__


class Lines(_Letters, LineChart):
    """A line chart in our letters."""

    __elements__, __nested__ = LineChart.__elements__, LineChart.__nested__


@dataclass(frozen=True, slots=True)
class Area:
    """Cells of one sheet, from (row, column) to (row, column)."""

    sheet: str
    first: tuple[int, int]
    last: tuple[int, int]

    @property
    def reference(self) -> str:
        """Return the area as a chart names it."""
        (top, left), (bottom, right) = self.first, self.last
        cells = f"${get_column_letter(left)}${top}"
        if self.first != self.last:
            cells += f":${get_column_letter(right)}${bottom}"
        return f"{quote_sheetname(self.sheet)}!{cells}"


def series(number: int, name: Area, labels: Area, values: Area) -> Series:
    """Return a series whose name, labels and values are cells; ``number`` counts from 0."""
    return Series(
        idx=number,
        order=number,
        tx=SeriesLabel(strRef=StrRef(f=name.reference)),
        cat=AxDataSource(strRef=StrRef(f=labels.reference)),
        val=NumDataSource(numRef=NumRef(f=values.reference)),
    )


def solid(one: Series, color: str, outline: str) -> Series:
    """Fill bars with a colour and return them."""
    one.spPr = _outlined(outline, solidFill=color)
    return one


def hatched(one: Series, color: str) -> Series:
    """Fill bars with stripes, for a part of what solid bars show whole, and return them."""
    stripes = PatternFillProperties(prst="wdUpDiag", fgClr=_color(color), bgClr=_color(WHITE))
    one.spPr = _outlined(color, pattFill=stripes)
    return one


def _color(code: str) -> Any:
    return ColorChoice(srgbClr=code)  # type: ignore[arg-type]


def _outlined(color: str, **fill: Any) -> GraphicalProperties:
    return GraphicalProperties(ln=LineProperties(solidFill=color, w=_THIN), **fill)


def drawn(one: Series, line: Line) -> Series:
    """Draw a line with marks and return it."""
    width = int(line.points * 12_700)
    one.spPr = GraphicalProperties(
        ln=LineProperties(solidFill=line.color, prstDash=line.dash, w=width)
    )
    mark = _outlined(line.color, solidFill=line.fill)
    one.marker = Marker(symbol=line.symbol, size=7, spPr=mark)
    one.smooth = False
    return one


def labelled(one: Series, code: str, where: str, color: str) -> Series:
    """Write each value beside its point or into its bar, and return the series."""
    one.dLbls = DataLabelList(
        numFmt=code,
        dLblPos=where,
        showVal=True,
        showSerName=False,
        showCatName=False,
        showLegendKey=False,
        showPercent=False,
        txPr=RichText(p=[_paragraph(color=color, bold=True)]),
    )
    return one


def finish(chart: Any, values: Sequence[Decimal], unit: str, *, from_zero: bool = True) -> None:
    """Give the chart its axes and legend. ``values`` are all figures that it shows.

    Bars begin at zero. Lines show change, so their axis may begin near the lowest value.
    """
    step = _step(values, from_zero)
    lowest = min([*values, Decimal(0)] if from_zero else values, default=Decimal(0))
    x, y = chart.x_axis, chart.y_axis
    y.scaling.min = json_number((lowest / step).to_integral_value(ROUND_FLOOR) * step)
    y.majorUnit = json_number(step)
    largest = max(map(abs, values), default=Decimal(0))
    shape = _IN_MILLIONS if largest >= _HUGE else figure_format(step)
    y.number_format, y.numFmt.sourceLinked = shape, False
    y.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=_GRID)))
    y.title = _title(unit) if 0 < len(unit) <= _LONGEST_UNIT else None
    x.tickLblPos = "low"  # below the bars of negative values
    x.spPr = GraphicalProperties(ln=LineProperties(solidFill=GREY))
    y.spPr = GraphicalProperties(ln=LineProperties(noFill=True))
    for axis in (x, y):
        axis.delete = False
        axis.majorTickMark = axis.minorTickMark = "none"
    chart.legend.position = "b"
    chart.legend.overlay = False
    chart.roundedCorners = False
    chart.graphical_properties = GraphicalProperties(solidFill=WHITE)
    chart.graphical_properties.ln = LineProperties(solidFill=_GRID)


def place(chart: Any, across: tuple[float, float], down: tuple[float, float]) -> None:
    """Fix where the plot itself stands: begin and size as shares of the chart, 0 to 1."""
    (x, width), (y, high) = across, down
    chart.layout = Layout(
        manualLayout=ManualLayout(
            layoutTarget="inner", xMode="edge", yMode="edge", x=x, y=y, w=width, h=high
        )
    )


def _step(values: Sequence[Decimal], from_zero: bool) -> Decimal:
    """Return a round distance between grid lines, a whole one for whole figures."""
    all_values = [*values, Decimal(0)] if from_zero else list(values) or [Decimal(0)]
    wanted = (max(all_values) - min(all_values)) / _LINES
    whole = all(one == one.to_integral_value() for one in values)
    scale = Decimal(1).scaleb(wanted.adjusted()) if wanted else Decimal(1)
    step = next(scale * one for one in (1, 2, 5, 10) if scale * one >= wanted)
    return max(step, Decimal(1)) if whole else step


def _title(text: str) -> Title:
    turn = _HORIZONTAL if len(text) <= _LONGEST_ACROSS else _VERTICAL
    run = RegularTextRun(rPr=_character(), t=clean_text(text))
    body = RichTextProperties(rot=turn, vert="horz")
    return Title(tx=Text(rich=RichText(bodyPr=body, p=[_paragraph(run)])), overlay=False)


def _paragraph(
    run: RegularTextRun | None = None, color: str = INK, *, bold: bool = False
) -> Paragraph:
    return Paragraph(
        pPr=ParagraphProperties(defRPr=_character(color, bold=bold)),
        r=[] if run is None else [run],
    )


def _character(color: str = INK, *, bold: bool = False) -> CharacterProperties:
    font = Font(typeface=FONT)
    return CharacterProperties(latin=font, ea=font, sz=_LETTERS, b=bold, solidFill=color)
