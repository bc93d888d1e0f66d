"""An uploaded plan book as typed sheets: read safely, and asked for all of its faults."""

import datetime as dt
import sys
from collections.abc import Iterator

from openpyxl import Workbook

from kpis.imports.archive import Bounds, UploadError
from kpis.imports.cells import CellError, RawCell, cell_text
from kpis.imports.sheet import RawRow, Size, page_rows, pages_of, with_workbook
from kpis.planbook.reading import Reading, read_book
from kpis.planbook.rows import PlanBook
from kpis.planbook.typed import OddCell, Only, TypedCell, TypedSheet
from kpis.services import BookError, book_faults

MB = 1024 * 1024
# 1,500 indicators over 10 years, a target and an explained actual for each, take a quarter of
# these tags.
BOOK = Bounds(
    file=30 * MB,
    unpacked=160 * MB,
    tags=5_000_000,
    again="計画ブックのひな形をダウンロードし、そのファイルに入力してください。",
)
SIZE = Size(rows=50_000, columns=100)
_MOST_SHEETS = 40


def read_planbook(content: bytes) -> Reading:
    """Return the plan book in the file, and every fault in it.

    Raises UploadError for a file that is no plain workbook of usual size.
    """
    return read_book(with_workbook(content, BOOK, _sheets))


def faultless(reading: Reading, delete_missing: bool) -> PlanBook:
    """Return the book. Raises BookError with every fault, those against what stands included."""
    if reading.book is None:
        raise BookError(reading.faults)
    if reading.faults:
        others = book_faults(
            book=reading.book,
            places=reading.places,
            half_read=reading.half_read,
            delete_missing=delete_missing,
        )
        raise BookError([*reading.faults, *others])
    return reading.book


def _sheets(book: Workbook) -> list[TypedSheet]:
    pages = pages_of(book)
    if len(pages) > _MOST_SHEETS:
        raise UploadError(f"シートが多すぎます（{_MOST_SHEETS}枚まで）。")
    return [TypedSheet(one.title, list(_typed(page_rows(one, SIZE)))) for one in pages]


def _typed(rows: Iterator[tuple[int, RawRow]]) -> Iterator[tuple[int, tuple[TypedCell, ...]]]:
    for number, row in rows:
        yield number, tuple("" if cell is None else _cell(cell) for cell in row)


def _cell(cell: RawCell) -> TypedCell:
    try:
        # The same codes and words stand in thousands of cells; each is kept once.
        return sys.intern(cell_text(cell))
    except CellError as error:
        if isinstance(cell.value, bool):
            return OddCell(str(error), cell_text(cell, flag=True) or "FALSE", Only.MARK)
        if isinstance(cell.value, dt.date):
            return OddCell(str(error), cell_text(cell, day=True), Only.DAY)
        return OddCell(str(error), str(cell.value or ""))
