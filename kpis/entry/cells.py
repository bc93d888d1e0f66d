"""The cells of a row: what was typed, what it is recorded as, and two people's changes together."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from actions.fiscal import date_label, fiscal_year_label
from kpis import merging
from kpis.days import short_day
from kpis.merging import Merged
from kpis.milestones import shown_figure
from kpis.vocabulary import ActualReason, FollowUp, Kind

FIELDS = (
    *("value", "reason", "provisional", "cause"),
    *("next_step", "next_step_owner", "next_step_due", "follow_up", "follow_up_note"),
    *("confirmation", "forecast", "carried_from"),
)
LABELS = {
    "value": "実績値",
    "reason": "「—」の理由",
    "provisional": "速報",
    "cause": "要因",
    "next_step": "今後の対応",
    "next_step_owner": "対応の担当",
    "next_step_due": "対応の期限",
    "follow_up": "前回の対応の結果",
    "follow_up_note": "前回の対応の説明",
    "confirmation": "確認した内容",
    "forecast": "年度末見込",
    "carried_from": "調査年度",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """A row's cells as they were typed; blank where nothing was."""

    value: str = ""
    reason: str = ""
    provisional: str = ""
    cause: str = ""
    next_step: str = ""
    next_step_owner: str = ""
    next_step_due: str = ""
    follow_up: str = ""
    follow_up_note: str = ""
    confirmation: str = ""
    forecast: str = ""
    carried_from: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as it is recorded: a figure, or a reason for having none, or nothing yet.

    ``next_step`` has who does it and until when; ``follow_up`` is what became of the step that an
    earlier period named, with its explanation.
    ``forecast`` is the year's end as foreseen at half-year; ``carried_from`` is the fiscal year of
    the earlier survey that the figure comes from, None for its own.
    """

    value: Decimal | None = None
    reason: ActualReason | None = None
    provisional: bool = False
    cause: str = ""
    next_step: str = ""
    next_step_owner: str = ""
    next_step_due: dt.date | None = None
    follow_up: FollowUp | None = None
    follow_up_note: str = ""
    confirmation: str = ""  # the word of reason for figures that needed a look
    forecast: Decimal | None = None
    carried_from: int | None = None

    @property
    def is_entered(self) -> bool:
        """Return whether there is a figure or a reason for having none."""
        return self.value is not None or self.reason is not None

    def typed(self, kind: Kind) -> Typed:
        """Return the cells that show this entry of an indicator of this kind."""
        carried, answer = self.carried_from, self.follow_up
        return Typed(
            value=shown_figure(kind, self.value),
            reason="" if self.reason is None else self.reason.value,
            provisional="on" if self.provisional else "",
            forecast=shown_figure(kind, self.forecast),
            cause=self.cause,
            next_step=self.next_step,
            next_step_owner=self.next_step_owner,
            next_step_due=short_day(self.next_step_due),
            follow_up="" if answer is None else answer.value,
            follow_up_note=self.follow_up_note,
            confirmation=self.confirmation,
            carried_from="" if carried is None else fiscal_year_label(carried),
        )

    def shown(self, name: str, kind: Kind) -> str:
        """Return one field as people read it; blank for nothing."""
        if name == "reason":
            return "" if self.reason is None else f"—（{self.reason.label}）"
        if name == "provisional":
            return "速報" if self.provisional else ""
        if name == "follow_up":
            return "" if self.follow_up is None else self.follow_up.label
        if name == "next_step_due":
            return "" if self.next_step_due is None else date_label(self.next_step_due)
        return str(getattr(self.typed(kind), name))


# What one person fills in as one thing: a figure is a number, or a reason, its 速報 mark, and the
# survey that it comes from; an answer has its explanation.
_CELLS = (
    ("value", "reason", "provisional", "carried_from"),
    *(("forecast",), ("cause",), ("next_step",), ("next_step_owner",), ("next_step_due",)),
    ("follow_up", "follow_up_note"),
    ("confirmation",),
)


def merge(seen: Entry | None, mine: Entry, theirs: Entry) -> Merged[Entry]:
    """Return both people's changes of a row together, as ``merging.merge`` does cell by cell."""
    return merging.merge(seen, mine, theirs, _CELLS)
