"""Figures as text, the way the city prints them. Pure.

Nothing here decides what a figure means; 「—」 and blank are decided by the caller.
"""

import re
import unicodedata
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal

from kpis.vocabulary import Rounding

DASH = "—"
MINUS = "▲"
# Wide enough that a quotient of two 15-digit figures is never rounded across a printed digit.
EXACT = Context(prec=40)
_MODES = {Rounding.HALF_UP: ROUND_HALF_UP, Rounding.TRUNCATE: ROUND_DOWN}


_FIGURE = re.compile(r"(?P<minus>[-▲△])?(?P<digits>\d+(?:,\d{3})*|\d+)(?P<fraction>\.\d+)?")
_MINUS_SIGNS = str.maketrans({"−": "-", "‐": "-", "―": "-", "—": "-", "ー": "-"})


INTEGER_DIGITS, DECIMALS = 15, 4
SIGNIFICANT_DIGITS = (
    15  # SQLite stores binary fractions: it rounds a longer figure, or cannot read it
)


class FigureError(ValueError):
    """A text that is no figure; its message is Japanese, for users."""


def squeezed(text: str) -> str:
    """Return the text without spaces, full-width letters as plain ones."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def parse_figure(text: str, unit: str = "") -> Decimal | None:
    """Return the figure as staff type it: 1200, １，２００, 1,200件 (with its unit), ▲5; None for blank.

    Raises FigureError for anything else, 「—」 included: nothing to report needs a reason.
    """
    typed = squeezed(text)
    if not typed:
        return None
    whole = typed.translate(_MINUS_SIGNS)
    bare = typed.removesuffix(unicodedata.normalize("NFKC", unit)).translate(_MINUS_SIGNS)
    match = _FIGURE.fullmatch(whole) or _FIGURE.fullmatch(bare)  # a unit may end in a digit
    if match is None:
        raise FigureError(
            f"「{text}」は数値として読み取れません。1200、1,200、▲5 のように入力してください。"
        )
    sign = "-" if match["minus"] else ""
    return Decimal(f"{sign}{match['digits'].replace(',', '')}{match['fraction'] or ''}")


def check_digits(figure: Decimal, decimals: int = DECIMALS) -> None:
    """Raise FigureError for a figure with more digits than are recorded.

    Looks at the digits: arithmetic would fail on 1e400.
    """
    if not figure.is_finite():
        raise FigureError("数値ではありません。")
    if figure.adjusted() >= INTEGER_DIGITS:
        raise FigureError(f"整数部分は{INTEGER_DIGITS}桁までで入力してください。")
    if has_more_decimals(figure, decimals):
        raise FigureError(f"小数は{decimals}桁までで入力してください。")
    if len("".join(map(str, figure.as_tuple().digits)).strip("0")) > SIGNIFICANT_DIGITS:
        raise FigureError(f"有効数字は{SIGNIFICANT_DIGITS}桁までで入力してください。")


def has_more_decimals(figure: Decimal, decimals: int) -> bool:
    """Return whether the figure has more decimals than that, spare zeros not counted."""
    excess = -int(figure.as_tuple().exponent) - decimals
    return excess > 0 and any(figure.as_tuple().digits[-excess:])


def round_decimal(value: Decimal, decimals: int, rounding: Rounding = Rounding.HALF_UP) -> Decimal:
    """Return the value with exactly so many decimals; a zero never carries a sign."""
    rounded = value.quantize(Decimal(1).scaleb(-decimals), _MODES[rounding], EXACT)
    return abs(rounded) if rounded.is_zero() else rounded


def format_number(value: Decimal, decimals: int) -> str:
    """Return a figure with thousands separators and ▲ for minus: 1,124, 13.2, ▲5."""
    rounded = round_decimal(value, decimals)
    return f"{MINUS if rounded < 0 else ''}{abs(rounded):,f}"


def format_rate(value: Decimal, decimals: int, rounding: Rounding, keep_zeros: bool) -> str:
    """Return a rate in percent as printed: 58.6%, and 15% or 15.0% by ``keep_zeros``."""
    rounded = round_decimal(value, decimals, rounding)
    text = f"{abs(rounded):f}"
    if "." in text and not keep_zeros:
        text = text.rstrip("0").rstrip(".")
    return f"{MINUS if rounded < 0 else ''}{text}%"


def plain(value: Decimal) -> str:
    """Return the shortest exact text without separators or exponent: 1200, 7.2, -5."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def format_exact(value: Decimal) -> str:
    """Return a figure with as many decimals as it has: 1,200, 7.2, ▲5."""
    text = plain(abs(value))
    return format_number(value, len(text.partition(".")[2]))


def json_number(value: Decimal) -> int | float:
    """Return a number that JSON prints with the same digits (true up to 15 significant ones)."""
    return int(value) if value == value.to_integral_value() else float(value)
