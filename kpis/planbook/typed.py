"""A workbook as it was typed, what is wrong in it, and where its rows and columns stand. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

_PLACE = re.compile(r"([A-Z]+)(\d+)")


class Only(Enum):
    """The one kind of column that takes an odd cell."""

    DAY = "day"
    MARK = "mark"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class OddCell:
    """A cell that is no plain text: ``only`` such columns take its text, others tell the fault."""

    fault: str
    text: str = ""
    only: Only = Only.NONE


TypedCell = str | OddCell  # blank for an empty cell


@dataclass(frozen=True, slots=True)
class TypedSheet:
    """A sheet's rows that hold anything, each with its number in the sheet."""

    title: str
    rows: Sequence[tuple[int, Sequence[TypedCell]]] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong and where; ``cell`` is blank for what concerns the whole sheet."""

    sheet: str
    cell: str
    reason: str

    @property
    def words(self) -> str:
        """Return the fault in one line: 指標 C5: …."""
        place = f"{self.sheet} {self.cell}".strip()
        return f"{place}: {self.reason}" if place else self.reason


@dataclass(frozen=True, slots=True)
class Places:
    """Where a book's rows and columns stand in its file; without a file, nowhere.

    Both are kept by the sheet's field in the book: ``rows`` in the order of the book's own rows,
    ``columns`` as letters by the row's field.
    """

    rows: Mapping[str, Sequence[int]] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    has_file: bool = False

    def cell(self, sheet: str, index: int, column: str) -> str:
        """Return the cell's name; blank for a row or a column that the file does not have."""
        numbers, letters = self.rows.get(sheet, ()), self.columns.get(sheet, {})
        if index >= len(numbers) or column not in letters:
            return ""
        return f"{letters[column]}{numbers[index]}"

    def mentions(self, sheet: str, column: str | None = None) -> bool:
        """Return whether the file has the sheet, or the sheet the column; without a file, yes."""
        if not self.has_file:
            return True
        columns = self.columns.get(sheet)
        return columns is not None and (column is None or column in columns)


def letters(place: int) -> str:
    """Return the name of the column at the place, from 0 on: A, Z, AA."""
    name, rest = "", place + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def reading_order(fault: Fault) -> tuple[int, int, str]:
    """Return the key that sorts a sheet's faults as they are read, the whole sheet's first."""
    match = _PLACE.match(fault.cell)
    return (0, 0, "") if match is None else (int(match[2]), len(match[1]), match[1])
