"""One sheet of the papers, written from the top down and cut into A4 pages as it grows."""

import datetime as dt
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break

from actions.fiscal import date_label
from kpis.numerals import json_number
from kpis.papers import CouncilPapers
from kpis.workbooks.cells import put_text
from kpis.workbooks.council.items import Item, height, lines, parts
from kpis.workbooks.council.styles import BODY, HEAD, HEADING, Style
from kpis.workbooks.looks import HIGHEST_ROW, cell_at, print_on_a4

PAGE_WIDTH = 122  # units of column width that A4 landscape holds at full size
PAGE_HEIGHT = 485.0  # points of rows that it holds, a little less than what the margins leave
_LEAST = 16.0
_ROOM_FOR_HEADINGS = 60.0  # what may stand above a row on its page beside the repeated headings


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not written yet."""

    height: float
    items: tuple[Item, ...]


class Sheet:
    """A sheet with fixed columns; ``row`` is the next free row."""

    def __init__(
        self, book: Workbook, title: str, widths: Sequence[float], papers: CouncilPapers
    ) -> None:
        """Add the sheet to the book. The widths together should be about PAGE_WIDTH."""
        self.page = book.create_sheet(title)
        self.widths = tuple(widths)
        self.row = 1
        self._used = 0.0
        self._repeated = 0.0
        self._breaks: list[Break] = []
        # openpyxl has no public way to all named styles with what a cell holds of them.
        named = book._named_styles  # type: ignore[attr-defined]
        self._styles = {one.name: one.as_tuple() for one in named}
        self._formats: dict[tuple[str, str], Any] = {}  # of figures, worked out once for each kind
        for place, width in enumerate(self.widths, start=1):
            self.page.column_dimensions[get_column_letter(place)].width = width
        self.page.sheet_view.showGridLines = False
        _print(self, papers)

    def write(self, items: Sequence[Item], least: float = _LEAST) -> int:
        """Write a row as high as its longest text, and return its number.

        A text too long for Excel's highest row goes on in the rows below.
        """
        first = self.row
        for row in self.laid(items, least):
            self.write_laid(row)
        return first

    def laid(self, items: Sequence[Item], least: float = _LEAST) -> list[Row]:
        """Return the rows that ``write`` would write, for those who must know how high they are."""
        pieces = [self._pieces(column, one) for column, one in _places(items)]
        return [
            self._row([one[turn] if turn < len(one) else _empty(one[0]) for one in pieces], least)
            for turn in range(max(map(len, pieces), default=1))
        ]

    def measure(self, items: Sequence[Item], least: float = _LEAST) -> float:
        """Return the points that ``write`` would take for these."""
        return sum(row.height for row in self.laid(items, least))

    def write_laid(self, row: Row) -> None:
        """Write a row as it was laid."""
        number = self.rows([row.height])
        for column, item in _places(row.items):
            self.put(number, column, item)

    def head(self, texts: Sequence[str], spans: Sequence[int] = ()) -> int:
        """Write a row of headings and return its number."""
        each = spans or [1] * len(texts)
        return self.write([Item(one, HEAD, span=n) for one, n in zip(texts, each, strict=True)])

    def line(self, text: str, style: Style = BODY) -> None:
        """Write a text across all columns; a blank one writes nothing."""
        if text:
            self.write([Item(text, style, span=len(self.widths))])

    def heading(self, text: str, style: Style = HEADING) -> None:
        """Write a heading that stays on the page of what follows."""
        self.keep(80)
        self.line(text, style)

    def gap(self, points: float = 8) -> None:
        """Leave a space; none at the foot of a page."""
        if self.fits(points):
            self._advance(points)

    def put(self, row: int, column: int, item: Item, rows: int = 1) -> None:
        """Write one cell, merged over its span and so many rows; row heights stay as they are."""
        cell = cell_at(self.page, row, column)
        self._dress(cell, item.style)
        if isinstance(item.value, str):
            put_text(cell, item.value)
        else:
            cell.value = json_number(item.value) if isinstance(item.value, Decimal) else item.value
            self._format(cell, item.style, item.format or "#,##0")
        if item.link:
            there = f"'{item.link}'!A1"
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=there, display=item.text)
            self._dress(cell, item.style)  # openpyxl puts its own style on a link
        if item.span > 1 or rows > 1:
            self._merge(cell, rows, item)

    def rows(self, heights: Sequence[float]) -> int:
        """Take rows of these heights to be filled by ``put``, and return the first one's number."""
        first = self.row
        for one in heights:
            self._advance(one)
        return first

    def put_chart(self, chart: Any, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Lay the chart over the cells from (row, column) to (row, column), both included."""
        start = AnchorMarker(col=first[1] - 1, row=first[0] - 1, colOff=40_000, rowOff=40_000)
        end = AnchorMarker(col=last[1], row=last[0])  # where the next cell begins
        chart.anchor = TwoCellAnchor(editAs="twoCell", _from=start, to=end)
        self.page.add_chart(chart)

    def width(self, column: int, span: int = 1) -> float:
        """Return the width of columns beside each other."""
        return sum(self.widths[column - 1 : column - 1 + span])

    def fits(self, points: float) -> bool:
        """Return whether so much still fits on the page."""
        return points <= self.room

    @property
    def room(self) -> float:
        """Return the points that are left on the page."""
        return PAGE_HEIGHT - self._used

    @property
    def whole_page(self) -> float:
        """Return the points that a page holds below the repeated rows."""
        return PAGE_HEIGHT - self._repeated

    def keep(self, points: float) -> None:
        """Begin a new page unless so much still fits on this one."""
        if not self.fits(points):
            self.break_page()

    def break_page(self) -> None:
        """Begin a new page, unless this one is still empty."""
        if self.row > 1 and self._used > self._repeated:
            self._breaks.append(Break(id=self.row - 1))
            self._used = self._repeated

    def repeat(self, first: int, last: int) -> None:
        """Print these rows on top of every page."""
        self.page.print_title_rows = f"{first}:{last}"
        dimensions = self.page.row_dimensions
        self._repeated = sum(dimensions[one].height or _LEAST for one in range(first, last + 1))

    def finish(self) -> None:
        """Fix what is printed: all rows that were written, and where pages begin."""
        # All at once: with each one appended openpyxl would check all again.
        self.page.row_breaks.brk = self._breaks
        last = get_column_letter(len(self.widths))
        self.page.print_area = f"A1:{last}{max(self.row - 1, 1)}"

    def _merge(self, first: Cell, rows: int, item: Item) -> None:
        """Merge cells as openpyxl does, which looks at all merged ones again for each."""
        row, column = first.row, first.column
        last_row, last_column = row + rows - 1, column + item.span - 1
        area = CellRange(None, column, row, last_column, last_row)
        self.page.merged_cells.ranges.add(area)
        edges = {"l": area.left, "r": area.right, "t": area.top, "b": area.bottom}
        # The borders of the covered cells along the edges are the merged cell's.
        covered = {place for side in item.style.sides for place in edges[side]}
        for place in covered - {(row, column)}:
            self._dress(cell_at(self.page, *place), item.style)

    def _dress(self, cell: Cell, style: Style) -> None:
        """Give the cell the style; openpyxl's own way by name takes five times as long."""
        cell._style = copy(self._styles[style.name])  # type: ignore[attr-defined]

    def _format(self, cell: Cell, style: Style, code: str) -> None:
        """Show the cell's figure by the code, smaller rather than as ### in a narrow column."""
        known = self._formats.get((style.name, code))
        if known is None:
            cell.number_format = code
            across, down = style.across, style.down
            cell.alignment = Alignment(horizontal=across, vertical=down, shrink_to_fit=True)
            self._formats[style.name, code] = cell._style  # type: ignore[attr-defined]
        else:
            cell._style = copy(known)  # type: ignore[attr-defined]

    def _pieces(self, column: int, item: Item) -> list[Item]:
        """Return the item, or several where its text is higher than a row or a page can be."""
        if not item.text:
            return [item]
        room = min(HIGHEST_ROW, self.whole_page - _ROOM_FOR_HEADINGS)
        most = int((room - 5) / (item.style.size * 1.45))
        width = self.width(column, item.span)
        pieces = parts(item.text, width, item.style, most)
        return [item] if len(pieces) == 1 else [replace(item, value=one) for one in pieces]

    def _row(self, items: Sequence[Item], least: float) -> Row:
        high = least
        for column, item in _places(items):
            if item.text:
                count = lines(item.text, self.width(column, item.span), item.style)
                high = max(high, height(count, item.style))
        return Row(high, tuple(items))

    def _advance(self, points: float) -> None:
        """Take a row; pages are cut here and not by the reader's program, so that all cut alike."""
        self.keep(points)
        self.page.row_dimensions[self.row].height = points
        self.row += 1
        self._used += points


def _places(items: Sequence[Item]) -> Iterator[tuple[int, Item]]:
    """Yield each item with its column."""
    column = 1
    for one in items:
        yield column, one
        column += one.span


def _empty(item: Item) -> Item:
    """Return what stands below an item whose text has ended; a figure is not said twice."""
    return Item("", item.style, span=item.span)


def _print(sheet: Sheet, papers: CouncilPapers) -> None:
    """Print on A4 landscape, with the document's number on top and the version below."""
    progress, page = papers.progress, sheet.page
    number = "" if papers.meeting is None else papers.meeting.document_number
    print_on_a4(page, progress.plan.name, number, landscape=True)
    page.HeaderFooter.oddFooter.left.text = edition_words(papers)
    page.HeaderFooter.oddFooter.right.text = page.title
    page.print_options.horizontalCentered = True


def edition_words(papers: CouncilPapers) -> str:
    """Return period, version and day: 令和7年度上半期 第1版（令和7年12月2日公表）."""
    progress = papers.progress
    edition = progress.edition
    if edition is None:
        return f"{progress.period.label} 公表前"
    return f"{progress.period.label} 第{edition.version}版（{day_words(edition.published_at)}公表）"


def day_words(day: dt.date | dt.datetime) -> str:
    """Return a day in era years, of a moment the day where it was published."""
    return date_label(day.date() if isinstance(day, dt.datetime) else day)
