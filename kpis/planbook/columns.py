"""What a sheet of the plan book and a column are, and the usual kinds of columns. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kpis.planbook.values import Figure, Text, Value

REQUIRED = object()  # stands for a default where an empty cell is a fault


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, the row's field, its kind, what an empty cell means, and its help."""

    heading: str
    field: str
    value: Value
    empty: Any = REQUIRED
    about: str = ""
    width: int = 14


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: ``field`` names its rows in the book, ``key`` what no two rows may share.

    ``about`` says what a row is, in the words of those who fill it in.
    """

    title: str
    field: str
    row: type
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    required: bool = False
    about: str = ""


def words(heading: str, field: str, longest: int, about: str = "", width: int = 20) -> Column:
    """Return a column of one line of text that may be empty; ``longest`` is in letters."""
    return Column(heading, field, Text(longest), "", about, width)


def long_text(heading: str, field: str, about: str = "") -> Column:
    """Return a column of several lines of text that may be empty."""
    return Column(heading, field, Text(one_line=False), "", about, 40)


def bounded(whole: int, decimals: int, unit: str = "") -> Figure:
    """Return a figure of so many digits before the point, to either side of zero."""
    most = Decimal(10) ** whole - Decimal(1).scaleb(-decimals)
    return Figure(decimals, -most, most, unit)
