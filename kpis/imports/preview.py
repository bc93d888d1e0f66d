"""What taking in a workbook would change, as people see it before they decide."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from kpis.entry import FIELDS, LABELS, Entry, EntryRow, Merged
from kpis.imports.head import Fault
from kpis.services import NewEntry

BLANK = "（空欄）"


@dataclass(frozen=True, slots=True)
class Change:
    """One field that becomes something else."""

    row: EntryRow
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Contest:
    """A row in which the file and another person changed the same fields since the download."""

    row: EntryRow
    fields: tuple[Change, ...]  # old: what stands now, new: what the file says


@dataclass(frozen=True, slots=True)
class Doubt:
    """A new figure that needs a look and has no word of reason yet."""

    row: EntryRow
    message: str


@dataclass(slots=True)
class Draft:
    """A row of the file on its way to becoming an entry."""

    row: EntryRow
    merged: Merged

    def __str__(self) -> str:
        return self.row.code

    @property
    def is_change(self) -> bool:
        """Return whether there is anything to take in or to decide."""
        return bool(self.merged.contested) or self.merged.mine != self.row.entry

    def settled(self, *, file_wins: bool) -> Entry:
        """Return the entry after the choice between the file and what stands now."""
        if file_wins:
            return self.merged.mine
        standing = {name: getattr(self.row.entry, name) for name in self.merged.contested}
        return replace(self.merged.mine, **standing)


@dataclass(frozen=True)
class Preview:
    """All that a file would do: nothing at all while it has faults."""

    drafts: tuple[Draft, ...] = ()
    faults: tuple[Fault, ...] = ()
    unchanged: int = 0
    chosen: frozenset[int] = frozenset()  # contested indicators for which the file wins

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Return every field that the file alone changed."""
        return tuple(
            change
            for one in self.drafts
            for change in _changes(one.row, one.merged.mine, without=one.merged.contested)
        )

    @cached_property
    def conflicts(self) -> tuple[Contest, ...]:
        """Return the rows about which the person must decide."""
        return tuple(
            Contest(one.row, tuple(_changes(one.row, one.merged.mine, among=one.merged.contested)))
            for one in self.drafts
            if one.merged.contested
        )

    @cached_property
    def cautions(self) -> tuple[Doubt, ...]:
        """Return the doubts that the file's figures would leave open."""
        return tuple(
            Doubt(one.row, caution.message)
            for one in self.drafts
            for caution in one.row.open_cautions(one.merged.mine)
        )

    @cached_property
    def entries(self) -> tuple[NewEntry, ...]:
        """Return what is to be recorded, upon the versions that this preview shows."""
        settled = (
            (one.row, one.settled(file_wins=one.row.indicator in self.chosen))
            for one in self.drafts
        )
        return tuple(
            NewEntry(row.indicator, entry, row.version)
            for row, entry in settled
            if entry != row.entry
        )

    @property
    def indicators(self) -> int:
        """Return how many indicators have something to take in or to decide."""
        return len(self.drafts)

    @cached_property
    def fingerprint(self) -> str:
        """Return a name for exactly what is shown: another person's change gives another.

        Whoever confirms sends it back, so that nothing is taken in but what they saw. It needs no
        signature: it protects from a change in between, not from those who may enter figures.
        """
        shown = [(one.row.indicator, one.row.version, one.merged) for one in self.drafts]
        return hashlib.sha256(repr((shown, self.faults)).encode()).hexdigest()


def _changes(
    row: EntryRow, entry: Entry, *, among: Sequence[str] = FIELDS, without: Sequence[str] = ()
) -> Iterator[Change]:
    for name in among:
        old, new = row.shown(row.entry, name), row.shown(entry, name)
        if name not in without and old != new:
            yield Change(row, LABELS[name], old or BLANK, new or BLANK)
