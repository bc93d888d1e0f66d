"""Was it done? Which earlier counter-measure (今後の対応) a period is asked about, and how it stands. Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from actions.fiscal import Period, date_label
from kpis.progress import IndicatorProgress
from kpis.vocabulary import FollowUp, Tone

OVERDUE = "期限超過"
UNANSWERED = "結果の記載なし"
_SETTLED = (FollowUp.DONE, FollowUp.DROPPED)
# The sign of each answer, its colour, and the colour once it is overdue.
_LOOKS: dict[FollowUp | None, tuple[str, Tone, Tone]] = {
    FollowUp.DONE: ("✓", Tone.GOOD, Tone.GOOD),
    FollowUp.PARTLY: ("△", Tone.FAIR, Tone.WEAK),
    FollowUp.NOT_DONE: ("×", Tone.WEAK, Tone.BAD),
    FollowUp.DROPPED: ("－", Tone.NEUTRAL, Tone.NEUTRAL),
    None: ("？", Tone.NEUTRAL, Tone.WEAK),
}


class Told(Protocol):
    """What was recorded of one period, live or published, as far as it matters here."""

    @property
    def next_step(self) -> str:
        """Return what is to be done next; blank for nothing."""

    @property
    def next_step_owner(self) -> str:
        """Return who does it; blank where nobody is named."""

    @property
    def next_step_due(self) -> dt.date | None:
        """Return until when."""

    @property
    def follow_up(self) -> FollowUp | None:
        """Return what became of the step before; None while nobody says."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A counter-measure that an earlier period named: what, by whom and until when."""

    period: Period
    step: str
    owner: str = ""
    due: dt.date | None = None

    @property
    def words(self) -> str:
        """Return who does it until when, as in 担当: 商工課、期限: 令和8年3月31日; blank for neither."""
        return in_charge(self.owner, self.due)

    def is_overdue(self, at: dt.date, answer: FollowUp | None) -> bool:
        """Return whether it should have been done before that day and still is to be done."""
        return self.due is not None and self.due < at and answer not in _SETTLED

    def is_told(self, answer: FollowUp | None) -> bool:
        """Return whether papers tell of it: it was answered, or somebody stood for it.

        Earlier releases asked neither; what was published then is shown as it was.
        """
        return answer is not None or bool(self.owner) or self.due is not None


def in_charge(owner: str, due: dt.date | None) -> str:
    """Return who does something until when; blank for neither."""
    until = "" if due is None else f"期限: {date_label(due)}"
    return "、".join(filter(None, (owner and f"担当: {owner}", until)))


def promise(reported: Iterable[tuple[Period, Told]], period: Period) -> Promise | None:
    """Return the counter-measure about which the period is asked; None where there is none.

    It is the newest that an earlier period named. A period that named none leaves the one before it
    to be asked again, unless it said that this was done or dropped.
    """
    earlier = ((when, told) for when, told in reported if when < period)
    for when, told in sorted(earlier, key=lambda pair: pair[0], reverse=True):
        if told.next_step:
            return Promise(when, told.next_step, told.next_step_owner, told.next_step_due)
        if told.follow_up in _SETTLED:
            return None
    return None


def standing(one: Promise, at: dt.date, answer: FollowUp | None) -> str:
    """Return what became of it, as in 未実施（期限超過）; 結果の記載なし for no answer."""
    words = UNANSWERED if answer is None else answer.label
    return f"{words}（{OVERDUE}）" if one.is_overdue(at, answer) else words


@dataclass(frozen=True, slots=True)
class Account:
    """What papers tell of an earlier counter-measure: the promise, and what became of it by a day."""

    promise: Promise
    answer: FollowUp | None
    note: str
    at: dt.date

    @property
    def is_overdue(self) -> bool:
        """Return whether it should have been done by then."""
        return self.promise.is_overdue(self.at, self.answer)

    @property
    def is_open(self) -> bool:
        """Return whether it still is to be done, or nobody said that it was."""
        return self.answer not in _SETTLED

    @property
    def sign(self) -> str:
        """Return the sign of the answer."""
        return _LOOKS[self.answer][0]

    @property
    def tone(self) -> Tone:
        """Return the colour of how it stands."""
        _, usual, overdue = _LOOKS[self.answer]
        return overdue if self.is_overdue else usual

    @property
    def label(self) -> str:
        """Return what became of it, as in 未実施（期限超過）."""
        return standing(self.promise, self.at, self.answer)

    @property
    def words(self) -> str:
        """Return sign and label together: ×未実施（期限超過）."""
        return f"{self.sign}{self.label}"


def account(indicator: IndicatorProgress, period: Period) -> Account | None:
    """Return what the period's papers tell of an earlier counter-measure; None for nothing."""
    result = indicator.at(period)
    asked = promise(((one.period, one.actual) for one in indicator.results), period)
    if result is None or asked is None or not asked.is_told(result.actual.follow_up):
        return None
    return Account(asked, result.actual.follow_up, result.actual.follow_up_note, period.as_of)
