"""The new fiscal year (年度更新): what has to be done for it, and how far that is. Pure."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from actions.fiscal import Period, Term
from actions.vocabulary import Word
from kpis.rounds import MANAGE

# What a person must be allowed to do to prepare a year: its targets, actions and periods.
PREPARE = ("kpis.add_target", "kpis.change_target", "actions.add_actionyear", MANAGE)
_SEASON = range(2, 6)  # February, when the plans of the year are drafted, to May


class Step(Word):
    """One step of the new fiscal year; each can be done alone and again."""

    TARGETS = "targets", "目標"
    PERIODS = "periods", "報告期間"
    ACTIONS = "actions", "アクション"


@dataclass(frozen=True, slots=True)
class StepState:
    """Whether a step is done, and what is left of it in words."""

    step: Step
    is_done: bool
    words: str

    @property
    def sign(self) -> str:
        """Return the sign that stands before the words."""
        return "✓" if self.is_done else "●"

    @property
    def label(self) -> str:
        """Return 済 or 未."""
        return "済" if self.is_done else "未"


@dataclass(frozen=True, slots=True)
class NewYear:
    """What is left to do for a fiscal year of a plan."""

    fiscal_year: int
    open_targets: int  # targets of the year that have no value yet
    missing: tuple[Term, ...]  # periods that are not registered yet
    has_periods: bool
    to_carry: int  # actions that go on and have no row for the year

    @property
    def steps(self) -> tuple[StepState, ...]:
        """Return the steps in their order."""
        terms = "・".join(one.label for one in self.missing)
        return (
            _state(Step.TARGETS, self.open_targets, f"目標値のない指標が{self.open_targets}件"),
            _state(Step.PERIODS, len(self.missing), f"{terms}の報告期間が未登録"),
            _state(Step.ACTIONS, self.to_carry, f"引き継いでいないアクションが{self.to_carry}件"),
        )

    @property
    def is_done(self) -> bool:
        """Return whether nothing is left to do."""
        return all(one.is_done for one in self.steps)

    def is_due(self, today: dt.date) -> bool:
        """Return whether it is time: from February to May, or once the year is unprepared."""
        unprepared = self.open_targets > 0 and not self.has_periods
        return today.month in _SEASON or unprepared


def _state(step: Step, left: int, words: str) -> StepState:
    return StepState(step, not left, words if left else "残りはありません")


def coming_year(today: dt.date) -> int:
    """Return the fiscal year that staff prepare: from January the next one, from April the current.

    Both begin in the April of the calendar year.
    """
    return today.year


def wanted_terms(others: Collection[Term]) -> tuple[Term, ...]:
    """Return the terms for which a year is to have periods; ``others`` are those of other years.

    A plan that reports whole years only goes on so.
    """
    return (Term.FY,) if {*others} == {Term.FY} else (Term.H1, Term.FY)


def suggested_due(period: Period) -> dt.date:
    """Return the usual last day for entering: twenty days after the period's end."""
    return period.as_of + dt.timedelta(days=20)
