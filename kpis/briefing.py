"""What a member of the council reads before a meeting, from the publication under review. Pure."""

from dataclasses import dataclass

from kpis.changes import Change, Move, changes, of_move
from kpis.discussion import Evaluated, Point, late_actions, points, shortfalls
from kpis.followups import Account, account
from kpis.progress import IndicatorProgress, PlanProgress, Result, Target
from kpis.summary import Count, counts

MOST_SHOWN = 12  # of each kind; the plan's pages hold the rest


@dataclass(frozen=True, slots=True)
class Moved:
    """The indicators whose judgement moved one way since the publication before."""

    move: Move
    changes: tuple[Change, ...]

    @property
    def is_told(self) -> bool:
        """Return whether each of them is named; the others are counted."""
        return self.move in (Move.BETTER, Move.WORSE)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """An indicator below its target, with the period's result and the year's target.

    ``account`` is what became of an earlier counter-measure, None for nothing to tell.
    """

    indicator: IndicatorProgress
    result: Result
    target: Target | None
    account: Account | None


@dataclass(frozen=True, slots=True)
class Briefing:
    """All of it; ``before`` names the period compared with, blank for a plan's first publication.

    ``shortfalls`` and ``late`` hold the first few; ``more_`` says how many there are beyond.
    """

    counts: tuple[Count, ...]
    before: str
    moved: tuple[Moved, ...]
    points: tuple[Point, ...]
    shortfalls: tuple[Shortfall, ...]
    more_shortfalls: int
    late: tuple[Evaluated, ...]
    more_late: int


def briefing(progress: PlanProgress, before: PlanProgress | None) -> Briefing:
    """Return what the shown publication tells, compared with what readers saw before it."""
    short, late = shortfalls(progress), late_actions(progress)
    return Briefing(
        counts=counts(progress),
        before="" if before is None else before.period.label,
        moved=() if before is None else _moved(before, progress),
        points=points(progress),
        shortfalls=tuple(_shortfall(progress, *pair) for pair in short[:MOST_SHOWN]),
        more_shortfalls=max(len(short) - MOST_SHOWN, 0),
        late=late[:MOST_SHOWN],
        more_late=max(len(late) - MOST_SHOWN, 0),
    )


def _moved(before: PlanProgress, after: PlanProgress) -> tuple[Moved, ...]:
    listed = changes(before, after)
    return tuple(Moved(one, of_move(listed, one)) for one in Move)


def _shortfall(progress: PlanProgress, indicator: IndicatorProgress, result: Result) -> Shortfall:
    year = indicator.year(progress.period.fiscal_year)
    target = None if year is None else year.target
    return Shortfall(indicator, result, target, account(indicator, progress.period))
