"""One sheet of the papers, written from the top down and cut into A4 pages as it grows."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.utils import get_column_letter
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
PAGE_HEIGHT = 455.0  # points of rows that it holds, a little less than what the margins leave
_LEAST = 16.0


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
        for place, width in enumerate(self.widths, start=1):
            self.page.column_dimensions[get_column_letter(place)].width = width
        self.page.sheet_view.showGridLines = False
        _print(self, papers)

    def write(self, items: Sequence[Item], least: float = _LEAST) -> int:
        """Write a row as high as its longest text, and return its number.

        A text too long for Excel's highest row goes on in the rows below.
        """
        first = self.row
        pieces = [self._pieces(place, one) for place, one in self._places(items)]
        for turn in range(max(map(len, pieces), default=1)):
            self._write_once(items, [one[turn] if turn < len(one) else "" for one in pieces], least)
        return first

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
        """Leave a space."""
        self._advance(points)

    def put(self, row: int, column: int, item: Item, rows: int = 1) -> None:
        """Write one cell, merged over its span and so many rows; row heights stay as they are."""
        cell = cell_at(self.page, row, column)
        cell.style = item.style.name
        if isinstance(item.value, str):
            put_text(cell, item.value)
        else:
            cell.value = json_number(item.value) if isinstance(item.value, Decimal) else item.value
            cell.number_format = item.format or "#,##0"
        if item.link:
            there = f"'{item.link}'!A1"
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=there, display=item.text)
            cell.style = item.style.name  # openpyxl puts its own style on a link
        if item.span > 1 or rows > 1:
            self.page.merge_cells(
                start_row=row,
                end_row=row + rows - 1,
                start_column=column,
                end_column=column + item.span - 1,
            )

    def rows(self, heights: Sequence[float]) -> int:
        """Take rows of these heights to be filled by ``put``, and return the first one's number."""
        first = self.row
        for one in heights:
            self._advance(one)
        return first

    def put_chart(self, chart: Any, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Lay the chart over the cells from (row, column) to (row, column), both included."""
        start = AnchorMarker(col=first[1] - 1, row=first[0] - 1, colOff=40_000, rowOff=40_000)
        end = AnchorMarker(col=last[1], row=last[0], colOff=-40_000, rowOff=-40_000)
        chart.anchor = TwoCellAnchor(editAs="twoCell", _from=start, to=end)
        self.page.add_chart(chart)

    def width(self, column: int, span: int = 1) -> float:
        """Return the width of columns beside each other."""
        return sum(self.widths[column - 1 : column - 1 + span])

    def fits(self, points: float) -> bool:
        """Return whether so much still fits on the page."""
        return self._used + points <= PAGE_HEIGHT

    def keep(self, points: float) -> None:
        """Begin a new page unless so much still fits on this one."""
        if not self.fits(points):
            self.break_page()

    def break_page(self) -> None:
        """Begin a new page, unless this one is still empty."""
        if self.row > 1 and self._used > self._repeated:
            self.page.row_breaks.append(Break(id=self.row - 1))
            self._used = self._repeated

    def repeat(self, first: int, last: int) -> None:
        """Print these rows on top of every page."""
        self.page.print_title_rows = f"{first}:{last}"
        dimensions = self.page.row_dimensions
        self._repeated = sum(dimensions[one].height or _LEAST for one in range(first, last + 1))

    def finish(self) -> None:
        """Fix what is printed: all rows that were written."""
        last = get_column_letter(len(self.widths))
        self.page.print_area = f"A1:{last}{max(self.row - 1, 1)}"

    def _places(self, items: Sequence[Item]) -> list[tuple[int, Item]]:
        column, found = 1, []
        for one in items:
            found.append((column, one))
            column += one.span
        return found

    def _pieces(self, column: int, item: Item) -> list[str]:
        most = int((HIGHEST_ROW - 5) / (item.style.size * 1.45))
        return parts(item.text, self.width(column, item.span), item.style, most)

    def _write_once(self, items: Sequence[Item], texts: Sequence[str], least: float) -> None:
        places = self._places(items)
        high = least
        for (column, item), text in zip(places, texts, strict=True):
            count = lines(text, self.width(column, item.span), item.style)
            high = max(high, height(count, item.style) if text else 0)
        row = self.rows([min(high, HIGHEST_ROW)])
        for (column, item), text in zip(places, texts, strict=True):
            shown = item
            if isinstance(item.value, str):
                shown = Item(text, item.style, item.format, item.span, item.link)
            self.put(row, column, shown)

    def _advance(self, points: float) -> None:
        self.page.row_dimensions[self.row].height = points
        self.row += 1
        if not self.fits(points):
            self._used = self._repeated  # Excel began a new page by itself
        self._used += points


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
