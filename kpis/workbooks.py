"""Excel files from the read model: rows first, the format of the cells second."""

import io
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from kpis import opendata
from kpis.numerals import json_number
from kpis.progress import PlanProgress

_LONGEST_TEXT = 32_767  # Excel's limit for one cell
_CUT = "…（以下略）"


def open_data_workbook(progress: PlanProgress) -> bytes:
    """Return the open-data rows as one sheet: headings in the first row, nothing merged."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("データ")
    sheet.append([_cell(sheet, column.heading) for column in opendata.COLUMNS])
    for row in opendata.rows(progress):
        sheet.append([_cell(sheet, value) for value in row.values()])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _cell(sheet: WriteOnlyWorksheet, value: opendata.Value) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return _text_cell(sheet, value)
    return json_number(value) if isinstance(value, Decimal) else value


def _text_cell(sheet: WriteOnlyWorksheet, text: str) -> Any:
    """Return a cell that Excel reads as text, also when it starts like a formula."""
    clean = ILLEGAL_CHARACTERS_RE.sub("", text)
    if len(clean) > _LONGEST_TEXT:
        clean = clean[: _LONGEST_TEXT - len(_CUT)] + _CUT
    cell = WriteOnlyCell(sheet, clean)
    cell.data_type = "s"
    return cell
