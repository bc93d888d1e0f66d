"""What may stand in a cell of the plan book: how its text is read, and how a value is shown. Pure.

``read`` gets the text that staff typed, never a blank one, and raises ValueError with a Japanese
message; ``shown`` returns what the cell holds: a text, a number, a date, or None for an empty one.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from actions.fiscal import Term, fiscal_year_label, parse_fiscal_year
from actions.vocabulary import Word
from kpis.days import parse_day, parse_due
from kpis.milestones import parse_milestone, shown_figure
from kpis.numerals import check_digits, parse_figure, squeezed
from kpis.vocabulary import Kind

Shown = str | int | Decimal | dt.date | None


class Value(Protocol):
    """The kind of a column's cells."""

    def read(self, text: str) -> Any:
        """Return the value that the text means. Raises ValueError."""

    def shown(self, value: Any) -> Shown:
        """Return what the cell holds."""


def tidy(text: str) -> str:
    """Return the text as a cell gives it back: line ends as plain ones, no spaces around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


@dataclass(frozen=True, slots=True)
class Text:
    """Words; ``longest`` is in letters."""

    longest: int = 10_000
    one_line: bool = True

    def read(self, text: str) -> str:
        """Return the text without spaces around it."""
        found = tidy(text)
        if self.one_line:
            found = " ".join(found.split("\n"))
        if len(found) > self.longest:
            raise ValueError(f"{self.longest:,}字までで入力してください（{len(found):,}字）。")
        return found

    def shown(self, value: str) -> Shown:
        """Return the text."""
        return value or None


@dataclass(frozen=True, slots=True)
class Code:
    """A code of letters, digits and hyphens: 1-1."""

    longest: int = 20

    def read(self, text: str) -> str:
        """Return the code, full-width letters as plain ones."""
        found = squeezed(text).translate(_HYPHENS)
        if not re.fullmatch(r"[0-9A-Za-z]+(-[0-9A-Za-z]+)*", found):
            raise ValueError(
                f"「{text}」はコードにできません。1-1 のように英数字とハイフンで入力してください。"
            )
        if len(found) > self.longest:
            raise ValueError(f"コードは{self.longest}字までで入力してください。")
        return found

    def shown(self, value: str) -> Shown:
        """Return the code."""
        return value or None


@dataclass(frozen=True, slots=True)
class Slug:
    """The part of an address that names a plan: letters, digits, hyphens and underscores."""

    longest: int = 60

    def read(self, text: str) -> str:
        """Return the slug, full-width letters as plain ones."""
        found = squeezed(text).translate(_HYPHENS)
        if not re.fullmatch(r"[-0-9A-Za-z_]+", found):
            raise ValueError(
                f"「{text}」はスラッグにできません。machizukuri-2026 のように英数字とハイフンで入力してください。"
            )
        if len(found) > self.longest:
            raise ValueError(f"スラッグは{self.longest}字までで入力してください。")
        return found

    def shown(self, value: str) -> Shown:
        """Return the slug."""
        return value or None


_HYPHENS = str.maketrans(dict.fromkeys("‐−–—―ー", "-"))
_SEPARATORS = re.compile(r"[、,，;；\n]+")


@dataclass(frozen=True, slots=True)
class Codes:
    """Several codes, parted by 、."""

    def read(self, text: str) -> tuple[str, ...]:
        """Return the codes in their order, each once."""
        parts = [one for one in _SEPARATORS.split(text) if one.strip()]
        return tuple(dict.fromkeys(Code().read(one) for one in parts))

    def shown(self, value: tuple[str, ...]) -> Shown:
        """Return the codes in one text."""
        return "、".join(value) or None


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number between two bounds, both included."""

    lowest: int = 0
    highest: int = 32_767

    def read(self, text: str) -> int:
        """Return the number."""
        figure = parse_figure(text)
        if figure is None or figure != figure.to_integral_value():
            raise ValueError(f"「{text}」は整数として読み取れません。")
        if not self.lowest <= figure <= self.highest:
            raise ValueError(f"{self.lowest:,}から{self.highest:,}までの整数で入力してください。")
        return int(figure)

    def shown(self, value: int | None) -> Shown:
        """Return the number."""
        return value


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as staff type it; ``lowest`` and ``highest`` bound it where they are given.

    ``unit`` may stand behind the figure: a percentage is typed with or without its sign.
    """

    decimals: int = 4
    lowest: Decimal | None = None
    highest: Decimal | None = None
    unit: str = ""

    def read(self, text: str, unit: str = "") -> Decimal:
        """Return the figure; without a unit of its own it may carry the given one."""
        figure = parse_figure(text, self.unit or unit)
        if figure is None:
            raise ValueError("数値を入力してください。")
        check_digits(figure, self.decimals)
        if self.lowest is not None and figure < self.lowest:
            raise ValueError(f"{self.lowest:,f}以上で入力してください。")
        if self.highest is not None and figure > self.highest:
            raise ValueError(f"{self.highest:,f}以下で入力してください。")
        return figure

    def shown(self, value: Decimal | None) -> Shown:
        """Return the figure."""
        return value


@dataclass(frozen=True, slots=True)
class Measured(Figure):
    """A figure of an indicator: a milestone's is a word, 達成 or 未達成."""

    def read_word(self, text: str) -> Decimal | None:
        """Return the milestone's figure."""
        return parse_milestone(text)

    def shown_of(self, kind: Kind, value: Decimal | None) -> Shown:
        """Return what the cell holds for an indicator of this kind."""
        return (shown_figure(kind, value) or None) if kind is Kind.MILESTONE else value


def shown_cell(value: Value, kind: Kind, content: Any) -> Shown:
    """Return what a cell holds in a row about an indicator of this kind, 累計 for all others."""
    if isinstance(value, Measured):
        return value.shown_of(kind, content)
    return value.shown(content)


@dataclass(frozen=True, slots=True)
class FiscalYear:
    """A fiscal year in any spelling."""

    def read(self, text: str) -> int:
        """Return the starting year."""
        return parse_fiscal_year(text)

    def shown(self, value: int | None) -> Shown:
        """Return 令和7年度."""
        return None if value is None else fiscal_year_label(value)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several words; ``words`` maps what is shown to what it means."""

    words: Mapping[str, Any]

    def read(self, text: str) -> Any:
        """Return what the word means."""
        known = {squeezed(word): meaning for word, meaning in self.words.items()}
        try:
            return known[squeezed(text)]
        except KeyError:
            offered = "、".join(self.words)
            raise ValueError(
                f"「{text}」は選べません。{offered} のどれかを入力してください。"
            ) from None

    def shown(self, value: Any) -> Shown:
        """Return the word; None for nothing chosen."""
        return next((word for word, meaning in self.words.items() if meaning == value), None)


def choice(words: type[Word] | type[Term]) -> Choice:
    """Return the choice among the words of a closed list, by their labels."""
    return Choice({one.label: one for one in words})


@dataclass(frozen=True, slots=True)
class Mark:
    """○ for yes, an empty cell for no."""

    def read(self, text: str) -> bool:
        """Return whether the mark is set."""
        found = squeezed(text).upper()
        if found in ("○", "〇", "◯", "O", "TRUE", "1", "はい"):
            return True
        if found in ("×", "FALSE", "0", "いいえ", "-"):
            return False
        raise ValueError(f"「{text}」は印として読み取れません。○ を付けるか空欄にしてください。")

    def shown(self, value: bool) -> Shown:
        """Return the mark, or None."""
        return "○" if value else None


@dataclass(frozen=True, slots=True)
class Day:
    """A day: a date of Excel's own, 2024-07-25, 2024/7/25, 令和6年7月25日 or R6.7.25."""

    def read(self, text: str) -> dt.date:
        """Return the day."""
        return parse_day(text)

    def shown(self, value: dt.date | None) -> Shown:
        """Return the day."""
        return value


@dataclass(frozen=True, slots=True)
class Due(Day):
    """A day, or a month for its last day: 令和8年3月末."""

    def read(self, text: str) -> dt.date:
        """Return the day."""
        return parse_due(text)
