"""How our workbooks for sections look: letters, tints, borders, pages and protection."""

from functools import cache
from typing import Any, cast

from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from kpis.workbooks.cells import clean_text, line_count

FONT = "BIZ UDPゴシック"
TEXT = "@"  # what is typed stays text: 4/1 is no date, = begins no formula
LINE = 14.5  # points that a line of our letters takes
HIGHEST_ROW = 409.0  # points; Excel shows no row higher
_SIDE = Side(style="thin", color="A6A6A6")
_GRID = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_HEADING = PatternFill("solid", start_color="DCE6F5")
_INPUT_HEADING = PatternFill("solid", start_color="FFE699")
_INPUT = PatternFill("solid", start_color="FFF9DB")
_NUMBER = Alignment(horizontal="right", vertical="top", wrap_text=True)
_CENTRED = Alignment(horizontal="center", vertical="top", wrap_text=True)
_WORDS = Alignment(horizontal="left", vertical="top", wrap_text=True)
_UNLOCKED = Protection(locked=False)
_LONGEST_IN_HEADER = 60
_LONGEST_COMMENT = 2_000
_AUTHOR = "記入の案内"


def cell_at(page: Worksheet, row: int, column: int) -> Cell:
    """Return the cell, which must not lie within merged ones."""
    return cast(Cell, page.cell(row, column))


@cache
def letters(size: float = 10, *, bold: bool = False, color: str = "1A1A1C") -> Font:
    """Return our font."""
    return Font(name=FONT, size=size, bold=bold, color=color)


def heading(cell: Cell, *, is_input: bool = False) -> None:
    """Make the cell a heading, warmer over what is to be filled in."""
    cell.font = letters(bold=True)
    cell.fill = _INPUT_HEADING if is_input else _HEADING
    cell.border = _GRID
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def line(cell: Cell, font: Font) -> None:
    """Make the cell one of the lines above the table: wrapped, without borders."""
    cell.font = font
    cell.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True)


def body(cell: Cell, *, number: bool = False, centred: bool = False) -> None:
    """Make the cell one of a table's body: wrapped, read from its top, in the table's grid."""
    unruled(cell, number=number, centred=centred)
    cell.border = _GRID


def unruled(cell: Any, *, number: bool = False, centred: bool = False) -> None:
    """Make a cell, or all of a column that are still empty, wrapped and read from its top."""
    cell.font = letters()
    cell.alignment = _NUMBER if number else _CENTRED if centred else _WORDS


def fillable(cell: Cell) -> None:
    """Tint the cell and let it be changed in the protected sheet."""
    cell.fill = _INPUT
    cell.protection = _UNLOCKED


def row_height(lines: int) -> float:
    """Return the height in points of a row with so many lines."""
    return min(lines * LINE + 6, HIGHEST_ROW)


def comment(text: str) -> Comment:
    """Return a note on a cell, large enough for its text."""
    clean = clean_text(text, _LONGEST_COMMENT)
    return Comment(clean, _AUTHOR, height=min(24 + 20 * line_count(clean, 40), 600), width=320)


def protect(page: Worksheet) -> None:
    """Guard everything but the cells to fill in; rows and columns may still be made larger."""
    page.protection.sheet = True
    page.protection.formatRows = page.protection.formatColumns = False


def print_on_a4(page: Worksheet, left: str, right: str, *, landscape: bool) -> None:
    """Print at one page's width, with what it is on top and the pages' numbers below."""
    page.page_setup.orientation = "landscape" if landscape else "portrait"
    page.page_setup.paperSize = int(Worksheet.PAPERSIZE_A4)
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = page.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom, margins.header, margins.footer = 0.7, 0.6, 0.3, 0.3
    header, footer = HeaderFooterItem(), HeaderFooterItem()
    header.left.text, header.right.text = _in_header(left), _in_header(right)
    footer.center.text = "&P / &N ページ"
    page.HeaderFooter.oddHeader, page.HeaderFooter.oddFooter = header, footer


def _in_header(text: str) -> str:
    """Return a text for a header, where & would begin a command and all must fit in 255 letters."""
    one_line = " ".join(clean_text(text, _LONGEST_IN_HEADER).split())
    return one_line.replace("&", "&&")
