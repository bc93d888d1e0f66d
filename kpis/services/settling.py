"""What is sent of a round's rows against what stands there: changes, or conflicts that stop them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from kpis.merging import Merged
from kpis.models import ReportingPeriod
from kpis.rounds import Move, PeriodState


class _Row(Protocol):
    """A row as it stands: its entry, and the count of its changes; 0 where nothing is recorded."""

    @property
    def entry(self) -> Any: ...

    @property
    def version(self) -> int: ...


E = TypeVar("E")
R = TypeVar("R", bound=_Row)


class EntryError(ValueError):
    """What may not be recorded now; its message is Japanese, for users."""


@dataclass(frozen=True, slots=True)
class NewEntry(Generic[E]):
    """What a person wants to record in one row, and the version that they saw."""

    key: int  # of the indicator, or of the action
    entry: E
    seen: int  # 0: they saw that nothing was recorded


@dataclass(frozen=True, slots=True)
class Conflict(Generic[R, E]):
    """A row where somebody else changed the same cell: what stands there now, and what I want."""

    row: R
    merged: Merged[E]


@dataclass(frozen=True, slots=True)
class Saved(Generic[R, E]):
    """What became of a submission: the rows that changed, or the conflicts that stopped it."""

    changed: tuple[R, ...] = ()
    conflicts: tuple[Conflict[R, E], ...] = ()


def settle(
    rows: Mapping[int, R],
    entries: Sequence[NewEntry[E]],
    seen_of: Callable[[Mapping[int, int]], Mapping[int, E]],
    merge: Callable[[E | None, E, E], Merged[E]],
) -> tuple[list[tuple[R, E]], list[Conflict[R, E]]]:
    """Return the rows to write with what they become, and the conflicts.

    ``seen_of`` returns what stood in rows at the versions that the person saw.
    """
    stale = {one.key: one.seen for one in entries if rows[one.key].version != one.seen}
    seen = seen_of(stale) if stale else {}
    changes: list[tuple[R, E]] = []
    conflicts: list[Conflict[R, E]] = []
    for one in entries:
        row, entry = rows[one.key], one.entry
        if one.key in stale:
            merged = merge(seen.get(one.key), entry, row.entry)
            if merged.contested:
                conflicts.append(Conflict(row, merged))
                continue
            entry = merged.mine
        if entry != row.entry:
            changes.append((row, entry))
    return changes, conflicts


def standing_reason(period: ReportingPeriod) -> str:
    """Return why the period was reopened, for what is corrected without another word."""
    if period.stands is not PeriodState.CORRECTING:
        return ""
    newest = period.moves.filter(move=Move.REOPEN.value).first()
    return f"訂正: {newest.reason}" if newest else ""
