"""Targets as staff register and revise them: what is still open, and what was typed. Pure."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from kpis.assembly import shown_figure
from kpis.entry import Faults, clean_text
from kpis.numerals import FigureError, check_digits, parse_figure, plain
from kpis.planbook.values import Day
from kpis.vocabulary import Kind, TargetStatus

FIELDS = ("value", "source", "decided_on")
LABELS = {"value": "目標値", "source": "根拠", "decided_on": "決定日"}
LONGEST_SOURCE, LONGEST_WORDS = 300, 50
NO_PLAN = "待つ計画の記載なし"
T = TypeVar("T")


class TargetError(ValueError):
    """Targets that may not be recorded; ``faults`` are Japanese, by field, "" for the whole."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        """Keep the faults."""
        super().__init__(" ".join(faults.values()))
        self.faults = dict(faults)


@dataclass(frozen=True, slots=True)
class Content:
    """What a target says: its state, its figure, and by which paper it was decided when."""

    status: TargetStatus
    value: Decimal | None = None
    source: str = ""
    decided_on: dt.date | None = None
    words: str = ""  # what a milestone's target stands for (設置)

    @property
    def mark(self) -> str:
        """Return what tells whether somebody changed the target meanwhile."""
        value = "" if self.value is None else plain(self.value)
        return f"{self.status.value} {value} {self.words}".strip()

    def shown(self, kind: Kind, unit: str) -> str:
        """Return the target as people read it: 1,200件, 設置, 連動（〇〇計画）, 未設定."""
        if self.value is None:
            awaited = f"（{self.source}）" if self.source else ""
            return f"{self.status.label}{awaited}"
        if kind is Kind.MILESTONE:
            return (self.value and self.words) or shown_figure(kind, self.value)
        return f"{shown_figure(kind, self.value)}{unit}"


@dataclass(frozen=True, slots=True)
class OpenTarget:
    """One year of an indicator for which no target is set."""

    indicator: int  # the record's key
    code: str
    name: str
    unit: str
    kind: Kind
    decimals: int
    section: str  # 所管課; the plan's own where the indicator names none
    fiscal_year: int
    target: int | None = None  # the record's key; None: not registered at all
    status: TargetStatus | None = None  # None: not registered at all
    source: str = ""  # the plan that it waits for
    note: str = ""
    previous: str = ""  # the year before's target as printed, or 連動, 未設定; blank for none

    @property
    def standing(self) -> str:
        """Return 連動, 未設定 or 未登録."""
        return "未登録" if self.status is None else self.status.label

    @property
    def awaits(self) -> str:
        """Return the plan that it waits for."""
        return self.source or NO_PLAN


@dataclass(frozen=True, slots=True)
class Typed:
    """A target's cells as they were typed; blank where nothing was."""

    value: str = ""
    source: str = ""
    decided_on: str = ""

    @property
    def is_blank(self) -> bool:
        """Return whether nothing was typed at all."""
        return not any(text.strip() for text in (self.value, self.source, self.decided_on))


BLANK = Typed()


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

    A milestone's target is 1 or 0, or what is to be done (設置), which stands for 1. Raises
    FigureError.
    """
    if kind is Kind.MILESTONE:
        return _milestone(clean_text(text))
    figure = parse_figure(text, unit)
    if figure is not None:
        check_digits(figure, decimals)
    return figure, ""


def _milestone(text: str) -> tuple[Decimal | None, str]:
    try:
        figure = parse_figure(text)
    except FigureError:
        if len(text) > LONGEST_WORDS:
            raise FigureError(f"目標の言葉は{LONGEST_WORDS}字までで入力してください。") from None
        return Decimal(1), text
    if figure not in (None, 0, 1):
        raise FigureError(
            "達成有無の指標には、1、0、または「設置」のような言葉を入力してください。"
        )
    return figure, ""


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
    day = Day().read(text)
    if day > today:
        raise ValueError(f"今日（{today:%Y/%m/%d}）までの日付を入力してください。")
    return day


def revision_faults(
    old: Content, new: Content, revised_on: dt.date | None, reason: str
) -> dict[str, str]:
    """Return why the old target may not be revised so, by field; empty where it may."""
    faults = _content_faults(new)
    if new.status is TargetStatus.SET:
        faults |= _decision_faults(old, new)
    if not reason.strip():
        faults["reason"] = "改定の理由を入力してください。"
    if revised_on is None:
        faults["revised_on"] = "改定日を入力してください。"
    if (new.status, new.value, new.words) == (old.status, old.value, old.words):
        faults.setdefault(
            "value", f"{_SAME}根拠や決定日だけを直すときは「誤りの訂正」を選んでください。"
        )
    return faults


def correction_faults(old: Content, new: Content, reason: str) -> dict[str, str]:
    """Return why the old target may not be corrected so, by field; empty where it may."""
    faults = _content_faults(new)
    if not reason.strip():
        faults["reason"] = "訂正の理由を入力してください。"
    if new == old:
        faults.setdefault("value", f"{_SAME}変わるところがありません。")
    return faults


_SAME = "今の目標と同じです。"


def _content_faults(content: Content) -> dict[str, str]:
    faults = {}
    is_set = content.status is TargetStatus.SET
    if is_set and content.value is None:
        faults["value"] = "目標値を入力してください。"
    if not is_set and content.value is not None:
        faults["value"] = f"状態が「{content.status.label}」のときは、目標値を空にしてください。"
    if content.status is TargetStatus.LINKED and not content.source:
        faults["source"] = "状態が「連動」のときは、目標を定める計画の名前を入力してください。"
    return faults


def _decision_faults(old: Content, new: Content) -> dict[str, str]:
    """Return what is missing of the paper by which a target was revised."""
    faults = {}
    if not new.source:
        faults["source"] = "根拠の資料を入力してください。"
    if new.decided_on is None:
        faults["decided_on"] = "決定日を入力してください。"
    elif (new.source, new.decided_on) == (old.source, old.decided_on):
        faults["decided_on"] = (
            "改定前と同じ根拠と決定日です。改定を決めた資料とその日を入力してください。"
        )
    return faults
