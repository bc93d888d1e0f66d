"""The raw cells of a workbook's sheets, out of a file that nobody needs to trust."""

import io
import logging
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from kpis.imports.archive import ENTRY, Bounds, UploadError, check_archive
from kpis.imports.cells import RawCell

MOST_ROWS = 2_000
MOST_COLUMNS = 100
_HEAD = 30  # rows that may stand above the indicators
_LAST_ROW = 1_048_576  # Excel's own; a file may claim any

logger = logging.getLogger(__name__)

RawRow = tuple[RawCell | None, ...]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows and columns with content a sheet may have."""

    rows: int
    columns: int

    @property
    def listed(self) -> int:
        """Return how many rows may hold anything, be it a mere colour."""
        return 2 * self.rows


_SIZE = Size(MOST_ROWS, MOST_COLUMNS)


def raw_rows(content: bytes, sheet: str) -> list[tuple[int, RawRow]]:
    """Return the sheet's rows that hold anything, with their numbers in the sheet.

    Raises UploadError for a file that is no plain workbook, lacks the sheet, or holds far too much.
    """
    return with_workbook(content, ENTRY, lambda book: _rows_of(book, sheet))


def with_workbook(content: bytes, bounds: Bounds, read: Callable[[Workbook], T]) -> T:
    """Return what ``read`` makes of the opened workbook.

    Raises UploadError for a file that is no plain workbook, or that holds far too much.
    """
    check_archive(content, bounds)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of every extension that it passes over
            return read(load_workbook(io.BytesIO(content), read_only=True, keep_links=False))
    except UploadError:
        raise
    except Exception as error:  # whatever a broken or hostile file makes openpyxl stumble over
        logger.info("workbook not readable: %r", error)
        raise UploadError(bounds.unreadable) from None


def pages_of(book: Workbook) -> list[ReadOnlyWorksheet]:
    """Return the book's sheets of cells; sheets that are a chart are left out."""
    return [one for one in book.worksheets if isinstance(one, ReadOnlyWorksheet)]


def _rows_of(book: Workbook, sheet: str) -> list[tuple[int, RawRow]]:
    pages = pages_of(book)
    page = next((one for one in pages if one.title.strip() == sheet), None)
    if page is None:
        there = "、".join(one.title for one in pages) or "なし"
        raise UploadError(
            f"シート「{sheet}」がありません（このファイルのシート: {there}）。"
            f"シートの名前を「{sheet}」に戻してください。"
        )
    return list(page_rows(page, _SIZE))


def page_rows(page: Any, size: Size) -> Iterator[tuple[int, RawRow]]:
    """Yield the sheet's rows that hold anything. Raises UploadError where it is too large."""
    page.reset_dimensions()  # what the file says of its size need not be true
    yield from _bounded(page.iter_rows(max_row=_LAST_ROW), size)


def _bounded(rows: Iterable[tuple], size: Size) -> Iterator[tuple[int, RawRow]]:
    listed = filled = 0
    for number, cells in enumerate(rows, start=1):
        if not cells:
            continue
        listed += 1
        if any(one.value not in (None, "") for one in cells[size.columns :]):
            raise UploadError(
                f"列が多すぎます（{size.columns}列まで）。表の右に書き足したものを消してください。"
            )
        row = tuple(_raw(one) for one in cells[: size.columns])
        if any(row):
            filled += 1
            yield number, row
        if filled > size.rows + _HEAD or listed > size.listed:
            raise UploadError(
                f"行が多すぎます（{size.rows:,}行まで）。表の下に書き足したものを消してください。"
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
