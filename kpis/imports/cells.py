"""What stands in a cell, as the text that a person would type for it."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kpis.numerals import plain

SIGNIFICANT = 15  # digits that Excel keeps; what lies beyond is the noise of binary fractions
_LITERAL = re.compile(
    r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.'
)  # parts of a number format that only decorate
_DATES = (dt.date, dt.time, dt.timedelta)

_FORMULA = "数式が入っています。数式ではなく、値を貼り付けてください（「値の貼り付け」）。"
_DATE = (
    "日付になっています（Excelは 1/2 や 4-1 を日付に変えます）。"
    "セルの書式を「標準」か「文字列」にして、入力し直してください。"
)


class CellError(ValueError):
    """A cell whose content cannot be taken; its message is Japanese and says what to do."""


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell as the file holds it; ``kind`` is openpyxl's letter, ``shape`` its number format."""

    value: Any
    kind: str = "n"
    shape: str = "General"


def cell_text(cell: RawCell, *, flag: bool = False, day: bool = False) -> str:
    """Return the cell's content as typed text; blank for an empty cell.

    A percentage reads with its sign. ``flag`` says that yes and no may stand here, ``day`` that a
    date may. Raises CellError for formulas, errors, and dates, yes and no elsewhere.
    """
    value = cell.value
    if cell.kind == "f":
        raise CellError(_FORMULA)
    if cell.kind == "e":
        raise CellError(f"エラー値（{value}）が入っています。値を入力し直してください。")
    if value is None:
        return ""
    if isinstance(value, bool):
        return _flag_text(value, flag)
    if day and isinstance(value, dt.date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, _DATES):
        raise CellError(_DATE)
    if isinstance(value, int | float):
        return number_text(value, cell.shape)
    return str(value).replace(
        "_x000D_", ""
    )  # how Excel writes the carriage returns of a pasted text


def _flag_text(value: bool, flag: bool) -> str:
    if not flag:
        raise CellError(f"{str(value).upper()}（真偽値）が入っています。値を入力し直してください。")
    return "TRUE" if value else ""


def number_text(number: float, shape: str = "General") -> str:
    """Return the digits that Excel shows at full precision: 0.1+0.2 is 0.3, 1200.0 is 1200.

    A number shown as a percentage reads as one: 0.072 as 7.2%. Raises CellError for infinity.
    """
    exact = Decimal(number) if isinstance(number, int) else Decimal(f"{number:.{SIGNIFICANT}g}")
    if not exact.is_finite():
        raise CellError("数値として読み取れません。値を入力し直してください。")
    if "%" in _LITERAL.sub("", shape):
        return f"{plain(exact.scaleb(2))}%"
    return plain(exact)
