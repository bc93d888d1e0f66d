"""What goes into a cell: a text, a figure or a rate, in one of our styles."""

from dataclasses import dataclass, replace
from decimal import Decimal

from kpis.milestones import is_in_words
from kpis.numerals import DASH, format_rate, round_decimal
from kpis.progress import Actual, Target
from kpis.vocabulary import Rounding
from kpis.workbooks.cells import line_count
from kpis.workbooks.council.styles import NUMBER, TEXT, Style
from kpis.workbooks.formats import figure_format, rate_format, shown_rate, signed_format

PROVISIONAL = "（速報）"
CARRIED = "＊"  # of an earlier survey, which a note names
REVISED = "※"  # explained below the table, as the paper does with its notes
# A column's unit is a digit of 11 points; estimates err on the narrow side so that rows are high
# enough in Excel and in LibreOffice, whatever font stands in for ours.
_UNIT_POINTS = 11.2


@dataclass(frozen=True, slots=True)
class Item:
    """One cell, or ``span`` cells beside each other as one; a blank value leaves it empty.

    ``link`` names a sheet of the same book to jump to.
    """

    value: str | Decimal | int = ""
    style: Style = TEXT
    format: str = ""
    span: int = 1
    link: str = ""

    @property
    def text(self) -> str:
        """Return the words, blank for a number."""
        return self.value if isinstance(self.value, str) else ""


def figure(value: Decimal | None, style: Style = NUMBER, mark: str = "") -> Item:
    """Return a figure shown with the decimals that it has; None stays blank."""
    return Item("", style) if value is None else Item(value, style, figure_format(value, mark))


def rate(display: str, style: Style = NUMBER, *, bracketed: bool = False) -> Item:
    """Return a rate as the number that was printed; 「—」 as text; blank stays blank."""
    value = shown_rate(display)
    if value is not None:
        return Item(value, style, rate_format(display, bracketed=bracketed))
    return Item(f"({display})" if bracketed and display else display, style)


def growth(value: Decimal | None, style: Style = NUMBER) -> Item:
    """Return a growth in percent with one decimal, 5.2%; None stays blank."""
    if value is None:
        return Item("", style)
    return rate(format_rate(value, 1, Rounding.HALF_UP, keep_zeros=True), style)


def marked(item: Item, mark: str) -> Item:
    """Return a figure's item with a mark behind the figure, which stays a number."""
    sections = (f'{one}"{mark}"' for one in item.format.split(";"))
    return replace(item, format=";".join(sections)) if item.format else item


def points(value: Decimal | None, style: Style = NUMBER) -> Item:
    """Return a difference between growths in points with its sign, +3.3; None stays blank."""
    if value is None:
        return Item("", style)
    return Item(round_decimal(value, 1), style, signed_format(1))


def target(one: Target, style: Style = NUMBER) -> Item:
    """Return a target's figure, its words, or blank; ※ marks a revised one."""
    mark = REVISED if one.is_revised else ""
    if one.value is None or one.words or is_in_words(one.display):
        return Item(f"{one.display}{mark}", style)
    return figure(one.value, style, mark)


def actual(one: Actual, style: Style = NUMBER) -> Item:
    """Return an actual's figure, marked where it needs a note; 「—」 for a reason; or blank."""
    if one.value is not None:
        mark = PROVISIONAL if one.provisional else ""
        mark += CARRIED if one.carried_from is not None else ""
        if is_in_words(one.display):
            return Item(f"{one.display}{mark}", style)
        return figure(one.value, style, mark)
    return Item("" if one.reason is None else DASH, style)


def lines(text: str, width: float, style: Style) -> int:
    """Return how many lines a text takes in a column of that width, at least one."""
    return line_count(text, width * _UNIT_POINTS / style.size)


def height(count: int, style: Style) -> float:
    """Return the points that so many lines take."""
    return count * style.size * 1.45 + 5


def parts(text: str, width: float, style: Style, most: int) -> list[str]:
    """Return the text in pieces of at most so many lines, so that no row is too high for Excel.

    Pieces end where a line of the text ends, if there is one; joined again they are the text.
    """
    if lines(text, width, style) <= most:
        return [text]
    letters = max(int(width * _UNIT_POINTS / style.size - 2) // 2, 1) * most
    pieces: list[str] = []
    rest = text
    while rest:
        size = min(letters, len(rest))
        while lines(rest[:size], width, style) > most:
            size = size * 9 // 10 or 1
        end = rest.rfind("\n", size // 2, size) + 1
        size = end or size
        pieces.append(rest[:size])
        rest = rest[size:]
    return pieces
