"""The entry grid of one period as a workbook: sections fill it in, staff upload it again."""

import datetime as dt
import io
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from actions.fiscal import Period, date_label
from kpis.entry import EntryRow
from kpis.workbooks.cells import clean_text, line_count, put_text
from kpis.workbooks.columns import (
    EVERY_SECTION,
    PERIOD_ID,
    PLAN_ID,
    SECTION_ID,
    SHEET,
    Column,
    columns,
    round_name,
)
from kpis.workbooks.guide import GUIDE, add_guide
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
from kpis.workbooks.rows import offer_choices, put_row

TITLE_ROW, DUE_ROW, GUIDE_ROW, IDENTITY_ROW, HEADING_ROW, FIRST_ROW = 1, 2, 3, 4, 5, 6
_HOW_TO = (
    "色の付いたセルに入力してください。数値がないときは実績値を空欄にして「—」の理由を選びます。"
    "0 は実績が0のとき、空欄はまだ分からないときです。"
    f"シートの名前・見出し・指標コードは変えないでください。くわしくはシート「{GUIDE}」へ。"
)


@dataclass(frozen=True, slots=True)
class EntrySheet:
    """What goes into the workbook; ``section`` is blank where every section's rows are in it."""

    slug: str
    plan: str
    period: Period
    due: dt.date | None
    section: str
    rows: tuple[EntryRow, ...]


def entry_workbook(sheet: EntrySheet) -> bytes:
    """Return the workbook: the sheet to fill in, and one that says how."""
    book = Workbook()
    book.properties.title = clean_text(f"{sheet.plan} {round_name(sheet.period)}")
    book.properties.creator = clean_text(sheet.plan)
    page = book.worksheets[0]
    page.title = SHEET
    across = columns(sheet.period, sheet.rows)
    _put_head(page, sheet, across)
    _put_headings(page, across)
    for number, row in enumerate(sheet.rows, start=FIRST_ROW):
        put_row(page, number, row, across)
    offer_choices(page, FIRST_ROW, sheet.rows, across)
    _lay_out(page, sheet, across)
    add_guide(book, sheet.plan, sheet.period)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _put_head(page: Worksheet, sheet: EntrySheet, across: tuple[Column, ...]) -> None:
    due = "未定" if sheet.due is None else date_label(sheet.due)
    section = sheet.section or EVERY_SECTION
    width = sum(one.width for one in across[:-1])
    lines = (
        (TITLE_ROW, f"{sheet.plan}　{round_name(sheet.period)}", letters(14, bold=True), 1.6),
        (DUE_ROW, f"入力期限: {due}　　所管課: {section}", letters(11, bold=True), 1.2),
        (GUIDE_ROW, _HOW_TO, letters(), 1.0),
    )
    for number, text, font, size in lines:
        cell = cell_at(page, number, 1)
        put_text(cell, text)
        line(cell, font)
        page.merge_cells(f"A{number}:{get_column_letter(len(across) - 1)}{number}")
        page.row_dimensions[number].height = line_count(text, width / size) * LINE * size + 4
    _put_identity(page, sheet, section)


def _put_identity(page: Worksheet, sheet: EntrySheet, section: str) -> None:
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


def _put_headings(page: Worksheet, across: tuple[Column, ...]) -> None:
    for place, column in enumerate(across, start=1):
        page.column_dimensions[get_column_letter(place)].width = column.width
        cell = cell_at(page, HEADING_ROW, place)
        put_text(cell, column.heading)
        heading(cell, is_input=column.is_input)
        if column.comment:
            cell.comment = comment(column.comment)
    page.column_dimensions[get_column_letter(len(across))].hidden = True
    page.row_dimensions[HEADING_ROW].height = row_height(2)


def _lay_out(page: Worksheet, sheet: EntrySheet, across: tuple[Column, ...]) -> None:
    page.freeze_panes = f"C{FIRST_ROW}"
    last = FIRST_ROW + max(len(sheet.rows), 1) - 1
    page.print_area = f"A1:{get_column_letter(len(across) - 1)}{last}"
    page.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
    print_on_a4(page, sheet.plan, round_name(sheet.period), landscape=True)
    if any(one.name == "promise" for one in across):  # too wide to be read on one page's width
        page.page_setup.fitToWidth = 2
        page.print_title_cols = "A:B"
    protect(page)
