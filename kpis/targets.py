"""Targets as staff register and revise them: what they say, and which are still open. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from kpis.milestones import shown_figure
from kpis.numerals import plain
from kpis.vocabulary import Kind, TargetStatus

FIELDS = ("value", "source", "decided_on")
LABELS = {"value": "目標値", "source": "根拠", "decided_on": "決定日"}
NO_PLAN = "待つ計画の記載なし"


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
