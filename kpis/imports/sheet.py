"""The raw cells of the entry sheet, out of a file that nobody needs to trust."""

import io
import logging
import warnings
from collections.abc import Iterable, Iterator

from openpyxl import load_workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from kpis.imports.archive import UNREADABLE, UploadError, check_archive
from kpis.imports.cells import RawCell
from kpis.workbooks.columns import SHEET

MOST_ROWS = 2_000
MOST_COLUMNS = 100
_HEAD = 30  # rows that may stand above the indicators
_LAST_ROW = 1_048_576  # Excel's own; a file may claim any
_MOST_LISTED = 2 * MOST_ROWS  # rows that hold anything, be it a mere colour

logger = logging.getLogger(__name__)

RawRow = tuple[RawCell | None, ...]


def raw_rows(content: bytes) -> list[tuple[int, RawRow]]:
    """Return the sheet's rows that hold anything, with their numbers in the sheet.

    Raises UploadError for a file that is no plain workbook, lacks the sheet, or holds far too much.
    """
    check_archive(content)
    try:
        return _opened(content)
    except UploadError:
        raise
    except Exception as error:  # whatever a broken or hostile file makes openpyxl stumble over
        logger.info("workbook not readable: %r", error)
        raise UploadError(UNREADABLE) from None


def _opened(content: bytes) -> list[tuple[int, RawRow]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of every extension that it passes over
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        pages = [one for one in book.worksheets if isinstance(one, ReadOnlyWorksheet)]
        page = next((one for one in pages if one.title.strip() == SHEET), None)
        if page is None:
            there = "、".join(one.title for one in pages) or "なし"
            raise UploadError(
                f"シート「{SHEET}」がありません（このファイルのシート: {there}）。"
                f"シートの名前を「{SHEET}」に戻してください。"
            )
        page.reset_dimensions()  # what the file says of its size need not be true
        return list(_bounded(page.iter_rows(max_row=_LAST_ROW)))


def _bounded(rows: Iterable[tuple]) -> Iterator[tuple[int, RawRow]]:
    listed = filled = 0
    for number, cells in enumerate(rows, start=1):
        if not cells:
            continue
        listed += 1
        if any(one.value not in (None, "") for one in cells[MOST_COLUMNS:]):
            raise UploadError(
                f"列が多すぎます（{MOST_COLUMNS}列まで）。表の右に書き足したものを消してください。"
            )
        row = tuple(_raw(one) for one in cells[:MOST_COLUMNS])
        if any(row):
            filled += 1
            yield number, row
        if filled > MOST_ROWS + _HEAD or listed > _MOST_LISTED:
            raise UploadError(
                f"行が多すぎます（{MOST_ROWS:,}行まで）。表の下に書き足したものを消してください。"
            )


def _raw(cell: object) -> RawCell | None:
    """Return the cell without its ties to the file; None for an empty one."""
    value = getattr(cell, "value", None)
    kind = getattr(cell, "data_type", "n")
    if value is None and kind != "f":
        return None
    if isinstance(value, str) and not value.strip() and kind != "f":
        return None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    shape = str(getattr(cell, "number_format", "")) if is_number else ""
    return RawCell(value, kind, shape)
