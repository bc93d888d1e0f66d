"""The plan book (計画ブック) as an Excel file: sheets, columns and lists as they are declared."""

import datetime as dt
import io
import math
from collections.abc import Mapping
from copy import copy
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from kpis.numerals import json_number
from kpis.planbook import REQUIRED, SHEETS, Column, PlanBook, Sheet
from kpis.planbook.parts import kind_of, kinds_of
from kpis.planbook.values import (
    Choice,
    Code,
    Codes,
    Day,
    Figure,
    Mark,
    Shown,
    Text,
    Whole,
    shown_cell,
)
from kpis.vocabulary import Kind
from kpis.workbooks.cells import clean_text, line_count, put_text
from kpis.workbooks.formats import figure_format
from kpis.workbooks.looks import TEXT, comment, heading, print_on_a4, row_height, unruled
from kpis.workbooks.package import frozen
from kpis.workbooks.planguide import REQUIRED_MARK, TITLE, about_column, add_plan_guide

# The book of a plan has no moment of its own, and the same plan is to give the same bytes.
_MOMENT = dt.datetime(2024, 4, 1, tzinfo=dt.UTC)
_LAST_ROW = 1_048_576
_ACROSS = 220  # the widest that can still be read on one sheet of paper
_DAY = "yyyy/m/d"
_WHOLE = "0"  # a year is not 2,022
_GENERAL = "General"
_MARK = "○"
_NUMBERS = (Figure, Whole)


def plan_book_workbook(book: PlanBook) -> bytes:
    """Return the plan's book. The same plan gives the same bytes."""
    made = _new(book.plan.name)
    kinds = kinds_of(book.indicators)
    for sheet in SHEETS:
        page = _page(made, sheet, book.plan.name)
        pen = _Pen(page, kinds)
        for number, row in enumerate(book.rows(sheet.field), start=2):
            pen.put(number, sheet, row)
    return _saved(made)


def plan_book_template() -> bytes:
    """Return the book to fill in: a sheet that says how, then every sheet with its headings only."""
    made = _new(TITLE)
    add_plan_guide(made)
    for sheet in SHEETS:
        _page(made, sheet, TITLE)
    return _saved(made)


def _new(name: str) -> Workbook:
    made = Workbook(write_only=True)
    made.properties.title = made.properties.creator = clean_text(name)
    return made


def _saved(made: Workbook) -> bytes:
    stream = io.BytesIO()
    made.save(stream)
    return frozen(stream.getvalue(), _MOMENT)


def _page(made: Workbook, sheet: Sheet, name: str) -> Any:
    """Add the sheet with its headings; what is typed below them is kept as its column needs it."""
    page: Any = made.create_sheet(sheet.title)
    page.freeze_panes = "B2"
    page.print_title_rows, page.print_title_cols = "1:1", "A:A"
    page.print_options.gridLines = True
    print_on_a4(page, name, sheet.title, landscape=True)
    page.page_setup.fitToWidth = math.ceil(sum(one.width for one in sheet.columns) / _ACROSS)
    page.row_dimensions[1].height = row_height(1)
    for place, column in enumerate(sheet.columns, start=1):
        _prepare(page, get_column_letter(place), column)
    page.append([_heading(page, one) for one in sheet.columns])
    return page


def _prepare(page: Any, letter: str, column: Column) -> None:
    """Give the column its width and look, and offer its words in a list."""
    dimension = page.column_dimensions[letter]
    dimension.width = column.width
    unruled(dimension, number=isinstance(column.value, _NUMBERS))
    dimension.number_format = _typed_format(column)
    offered = _offered(column)
    if offered is not None:
        offered.add(f"{letter}2:{letter}{_LAST_ROW}")
        page.data_validations.append(offered)


def _typed_format(column: Column) -> str:
    """Return the format of an empty cell: a code typed as 1-1 must not become a date."""
    if isinstance(column.value, (Code, Codes, Text)):
        return TEXT
    return _DAY if isinstance(column.value, Day) else _GENERAL


def _offered(column: Column) -> DataValidation | None:
    """Return the list of the column's words, or None where anything may be typed.

    A mark is offered only: 〇 and ◯ are read as well.
    """
    if not isinstance(column.value, (Choice, Mark)):
        return None
    words = column.value.words if isinstance(column.value, Choice) else (_MARK,)
    rule = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
    rule.showErrorMessage = isinstance(column.value, Choice)
    rule.errorTitle, rule.error = "一覧にありません", "一覧から選んでください。"
    return rule


def _heading(page: Any, column: Column) -> Cell:
    cell = WriteOnlyCell(page)
    put_text(cell, column.heading)
    is_required = column.empty is REQUIRED
    heading(cell, is_input=is_required)
    about = about_column(column)
    cell.comment = comment(f"{REQUIRED_MARK} 必ず入力します。\n{about}" if is_required else about)
    return cell


class _Pen:
    """Makes the cells of a sheet; each look is made up once, since tens of thousands share it."""

    def __init__(self, page: Any, kinds: Mapping[str, Kind]) -> None:
        self._page, self._kinds = page, kinds
        self._looks: dict[tuple[str, bool], Any] = {}

    def put(self, number: int, sheet: Sheet, row: Any) -> None:
        """Append the row, high enough for its longest text."""
        cells, lines = [], 1
        kind = kind_of(row, self._kinds)
        for column in sheet.columns:
            cell = self._cell(column, shown_cell(column.value, kind, getattr(row, column.field)))
            if cell is not None and cell.data_type == "s" and _may_wrap(cell.value, column.width):
                lines = max(lines, line_count(cell.value, column.width))
            cells.append(cell)
        if lines > 1:
            self._page.row_dimensions[number].height = row_height(lines)
        self._page.append(cells)

    def _cell(self, column: Column, shown: Shown) -> Any:
        """Return the cell of what is shown, or None for an empty one."""
        if shown is None:
            return None
        is_number = isinstance(shown, (int, Decimal))
        cell: Any = WriteOnlyCell(self._page)
        cell._style = copy(self._look(_format(column, shown), is_number))
        if isinstance(shown, str):
            put_text(cell, shown)
        else:
            cell.value = json_number(shown) if isinstance(shown, Decimal) else shown
        return cell

    def _look(self, number_format: str, is_number: bool) -> Any:
        key = (number_format, is_number)
        if key not in self._looks:
            model: Any = WriteOnlyCell(self._page)
            unruled(model, number=is_number)
            model.number_format = number_format
            self._looks[key] = model._style
        return self._looks[key]


def _may_wrap(text: str, width: int) -> bool:
    """Return whether the text is worth measuring; most are short."""
    return 2 * len(text) > width - 2 or "\n" in text


def _format(column: Column, shown: Shown) -> str:
    """Return the format of a cell that holds something: a figure's has the decimals it has."""
    if isinstance(shown, Decimal):
        return figure_format(shown)
    return _WHOLE if isinstance(shown, int) else _typed_format(column)
