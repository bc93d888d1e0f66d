"""The open data as one sheet: rows first, the format of the cells second."""

from collections.abc import Iterator
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from kpis import opendata
from kpis.numerals import json_number
from kpis.progress import PlanProgress
from kpis.workbooks.cells import text_cell
from kpis.workbooks.package import freeze


def open_data_workbook(progress: PlanProgress) -> Iterator[bytes]:
    """Yield the open-data rows as one sheet: headings in the first row, nothing merged.

    The same publication gives the same bytes. What is written waits in a file, not in memory.
    """
    with TemporaryFile() as made, TemporaryFile() as stamped:
        _write(progress, made)
        edition = progress.edition
        if edition is not None:
            freeze(made, stamped, edition.published_at)
        whole = made if edition is None else stamped
        whole.seek(0)
        while part := whole.read(64 * 1024):
            yield part


def _write(progress: PlanProgress, file: IO[bytes]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("データ")
    _lay_out(sheet)
    sheet.append([_cell(sheet, column.heading) for column in opendata.COLUMNS])
    for row in opendata.rows(progress):
        sheet.append([_cell(sheet, value) for value in row.values()])
    book.save(file)


def _lay_out(sheet: Any) -> None:
    """Set column widths, the fixed heading row, and A4 landscape at one page's width."""
    for place, column in enumerate(opendata.COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _cell(sheet: WriteOnlyWorksheet, value: opendata.Value) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return text_cell(sheet, opendata.cell_text(value))  # Excel would show 1 and 0
    if isinstance(value, str):
        return text_cell(sheet, value)
    return json_number(value) if isinstance(value, Decimal) else value
