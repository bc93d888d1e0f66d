"""Texts in cells: safe to open, read as text whatever they hold, and measured for their height."""

import math
import re
import unicodedata
from typing import Any

from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

# What XML cannot hold; openpyxl's own list lacks U+FFFE and U+FFFF, which spoil the whole book.
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LONGEST_TEXT = 32_767  # Excel's limit for one cell
_CUT = "…（以下略）"
_LIKE_A_FORMULA = ("=", "+", "-", "@", "'")
_FULL_WIDTH = "WFA"  # wide, full-width, and what Japanese fonts draw as wide as these


class _Widths(dict[str, int]):
    """The width of each character that has been met: long texts are measured often."""

    def __missing__(self, one: str) -> int:
        width = self[one] = 2 if unicodedata.east_asian_width(one) in _FULL_WIDTH else 1
        return width


_WIDTHS = _Widths()


def clean_text(text: str, longest: int = LONGEST_TEXT) -> str:
    """Return the text without what a workbook cannot hold, cut where it is too long."""
    clean = _UNFIT.sub("", text)
    return clean if len(clean) <= longest else clean[: longest - len(_CUT)] + _CUT


def text_cell(sheet: WriteOnlyWorksheet, text: str) -> Any:
    """Return a cell that Excel reads as text, also when it starts like a formula."""
    cell = WriteOnlyCell(sheet, clean_text(text))
    cell.data_type = "s"
    return cell


def put_text(cell: Cell, text: str) -> None:
    """Write a text that stays text, also after somebody opens the cell and leaves it again.

    Writes nothing for a blank text.
    """
    clean = clean_text(text)
    if not clean:
        return
    cell.value = clean
    cell.data_type = "s"
    if clean.startswith(_LIKE_A_FORMULA):
        cell.quotePrefix = True


def text_width(text: str) -> int:
    """Return the width in half-width characters."""
    return sum(map(_WIDTHS.__getitem__, text))


def line_count(text: str, width: float) -> int:
    """Return how many lines the text takes in a wrapped column of that width, at least one.

    Excel does not say how high a wrapped text is, so this errs on the high side.
    """
    usable = max(width - 2, 2)  # the cell's padding, and a full-width character that does not fit
    lines = clean_text(text).split("\n")
    return sum(max(1, math.ceil(text_width(line) / usable)) for line in lines)
