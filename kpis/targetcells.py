"""Reading a target's cells as staff type them. Pure."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from kpis.days import parse_day
from kpis.entry import Faults, clean_text
from kpis.milestones import DONE, NOT_DONE, TARGET_IS_DONE, is_in_words, parse_milestone
from kpis.numerals import FigureError, check_digits, parse_figure, squeezed
from kpis.targets import Content, OpenTarget, Typed
from kpis.vocabulary import Kind, TargetStatus

LONGEST_SOURCE, LONGEST_WORDS = 300, 50
T = TypeVar("T")


def read_new(
    typed: Typed, one: OpenTarget, common: Content, today: dt.date
) -> tuple[Content | None, Faults]:
    """Return the target that the row sets and every fault by field; None for a blank row.

    Where the row has no source or day of its own, ``common`` gives them; whoever asks sees to it
    that it does.
    """
    if typed.is_blank:
        return None, {}
    faults: Faults = {}
    nothing: tuple[Decimal | None, str] = (None, "")
    value, words = attempt(faults, "value", lambda: _value(typed.value, one), nothing)
    source = attempt(faults, "source", lambda: read_source(typed.source), "")
    day = attempt(faults, "decided_on", lambda: read_day(typed.decided_on, today), None)
    if value is None and "value" not in faults:
        faults["value"] = [_NO_VALUE]
    source, day = source or common.source, day or common.decided_on
    return Content(TargetStatus.SET, value, source, day, words), faults


_NO_VALUE = "目標値を入力してください。未定のままにするときは、根拠と決定日も空欄にします。"


def _value(text: str, one: OpenTarget) -> tuple[Decimal | None, str]:
    return read_value(text, one.kind, one.unit, one.decimals)


def attempt(faults: Faults, name: str, work: Callable[[], T], otherwise: T) -> T:
    """Return what the work reads; where it raises ValueError, note why and return the other."""
    try:
        return work()
    except ValueError as error:
        faults[name] = [str(error)]
        return otherwise


def read_value(text: str, kind: Kind, unit: str, decimals: int) -> tuple[Decimal | None, str]:
    """Return the figure with a milestone's words; None for blank.

    A milestone's target is 達成, or what is to be done (設置), which stands for it. Raises
    FigureError.
    """
    if kind is Kind.MILESTONE:
        return _milestone(clean_text(text))
    figure = parse_figure(text, unit)
    if figure is not None:
        check_digits(figure, decimals)
    return figure, ""


def _milestone(text: str) -> tuple[Decimal | None, str]:
    if not text or is_in_words(text) or squeezed(text).isdigit():
        figure = parse_milestone(text)
        if figure == NOT_DONE:
            raise FigureError(TARGET_IS_DONE)
        return figure, ""
    if len(text) > LONGEST_WORDS:
        raise FigureError(f"目標の言葉は{LONGEST_WORDS}字までで入力してください。")
    return DONE, text


def read_source(text: str) -> str:
    """Return the paper's name; blank for none. Raises ValueError for a text that is too long."""
    clean = clean_text(text)
    if len(clean) > LONGEST_SOURCE:
        raise ValueError(f"{LONGEST_SOURCE}字までで入力してください（現在{len(clean)}字）。")
    return clean


def read_day(text: str, today: dt.date) -> dt.date | None:
    """Return the day of a decision; None for blank. Raises ValueError for one yet to come."""
    if not text.strip():
        return None
    day = parse_day(text)
    if day > today:
        raise ValueError(f"今日（{today:%Y/%m/%d}）までの日付を入力してください。")
    return day
