"""A sheet that sections fill in for a period: its head, its headings, its pages."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from actions.fiscal import Period, date_label
from kpis.workbooks.cells import line_count, put_text
from kpis.workbooks.columns import EVERY_SECTION, PERIOD_ID, PLAN_ID, SECTION_ID, Column
from kpis.workbooks.looks import (
    LINE,
    cell_at,
    comment,
    heading,
    letters,
    line,
    print_on_a4,
    protect,
    row_height,
)

TITLE_ROW, DUE_ROW, GUIDE_ROW, IDENTITY_ROW, HEADING_ROW, FIRST_ROW = 1, 2, 3, 4, 5, 6
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class RoundSheet(Generic[R]):
    """What goes into the workbook; ``section`` is blank where every section's rows are in it."""

    slug: str
    plan: str
    period: Period
    due: dt.date | None
    section: str
    rows: tuple[R, ...]


def put_head(
    page: Worksheet, sheet: RoundSheet, across: Sequence[Column], title: str, how_to: str
) -> None:
    """Write what the sheet is, until when it is wanted, how it is filled in, and its identity."""
    due = "未定" if sheet.due is None else date_label(sheet.due)
    section = sheet.section or EVERY_SECTION
    width = sum(one.width for one in across[:-1])
    lines = (
        (TITLE_ROW, f"{sheet.plan}　{title}", letters(14, bold=True), 1.6),
        (DUE_ROW, f"入力期限: {due}　　所管課: {section}", letters(11, bold=True), 1.2),
        (GUIDE_ROW, how_to, letters(), 1.0),
    )
    for number, text, font, size in lines:
        cell = cell_at(page, number, 1)
        put_text(cell, text)
        line(cell, font)
        page.merge_cells(f"A{number}:{get_column_letter(len(across) - 1)}{number}")
        page.row_dimensions[number].height = line_count(text, width / size) * LINE * size + 4
    _put_identity(page, sheet, section)


def _put_identity(page: Worksheet, sheet: RoundSheet, section: str) -> None:
    """Write what the upload checks: of which plan and period these rows are."""
    told = (PLAN_ID, sheet.slug, "", PERIOD_ID, sheet.period.code, SECTION_ID, section)
    for place, words in enumerate(told, start=1):
        cell = cell_at(page, IDENTITY_ROW, place)
        put_text(cell, words)
        line(cell, letters(9, color="595959"))
    page.merge_cells(f"B{IDENTITY_ROW}:C{IDENTITY_ROW}")
    page.merge_cells(f"G{IDENTITY_ROW}:I{IDENTITY_ROW}")
    lines = max(line_count(one, 33) for one in (sheet.slug, section))
    page.row_dimensions[IDENTITY_ROW].height = row_height(lines)


def put_headings(page: Worksheet, across: Sequence[Column]) -> None:
    """Write the headings; the last column, 版, is not shown."""
    for place, column in enumerate(across, start=1):
        page.column_dimensions[get_column_letter(place)].width = column.width
        cell = cell_at(page, HEADING_ROW, place)
        put_text(cell, column.heading)
        heading(cell, is_input=column.is_input)
        if column.comment:
            cell.comment = comment(column.comment)
    page.column_dimensions[get_column_letter(len(across))].hidden = True
    page.row_dimensions[HEADING_ROW].height = row_height(2)


def lay_out(page: Worksheet, sheet: RoundSheet, across: Sequence[Column], title: str) -> None:
    """Freeze and print the headings, and guard what is not to be filled in."""
    page.freeze_panes = f"C{FIRST_ROW}"
    last = FIRST_ROW + max(len(sheet.rows), 1) - 1
    page.print_area = f"A1:{get_column_letter(len(across) - 1)}{last}"
    page.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
    print_on_a4(page, sheet.plan, title, landscape=True)
    if any(one.name == "promise" for one in across):  # too wide to be read on one page's width
        page.page_setup.fitToWidth = 2
        page.print_title_cols = "A:B"
    protect(page)
