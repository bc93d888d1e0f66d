"""What taking in a workbook would change, as people see it before they decide."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

from kpis.entry import EntryRow
from kpis.imports.head import Fault
from kpis.merging import Merged
from kpis.plausibility import Caution
from kpis.services import NewEntry

BLANK = "（空欄）"


class RowShown(Protocol):
    """A row of a round as it stands, whatever it is a row of."""

    @property
    def key(self) -> int:
        """Return the key of what it is a row of."""

    @property
    def code(self) -> str:
        """Return the code of what it is a row of."""

    @property
    def label(self) -> str:
        """Return the row as lists name it."""

    @property
    def entry(self) -> Any:
        """Return what is recorded."""

    @property
    def version(self) -> int:
        """Return how often it was changed."""

    def shown(self, entry: Any, name: str) -> str:
        """Return one field of an entry as people read it; blank for nothing."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field that becomes something else."""

    row: RowShown
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Contest:
    """A row in which the file and another person changed the same fields since the download."""

    row: RowShown
    fields: tuple[Change, ...]  # old: what stands now, new: what the file says


@dataclass(frozen=True, slots=True)
class Doubt:
    """A new figure that needs a look and has no word of reason yet."""

    row: RowShown
    message: str


@dataclass(slots=True)
class Draft:
    """A row of the file on its way to becoming an entry."""

    row: Any  # a RowShown
    merged: Merged[Any]

    def __str__(self) -> str:
        return str(self.row.code)

    @property
    def is_change(self) -> bool:
        """Return whether there is anything to take in or to decide."""
        return bool(self.merged.contested) or self.merged.mine != self.row.entry

    def settled(self, *, file_wins: bool) -> Any:
        """Return the entry after the choice between the file and what stands now."""
        if file_wins:
            return self.merged.mine
        standing = {name: getattr(self.row.entry, name) for name in self.merged.contested}
        return replace(self.merged.mine, **standing)


@dataclass(frozen=True)
class Preview:
    """All that a file would do: nothing at all while it has faults."""

    labels: Mapping[str, str]  # of each field, in the order in which they are told
    drafts: tuple[Draft, ...] = ()
    faults: tuple[Fault, ...] = ()
    unchanged: int = 0
    chosen: frozenset[int] = frozenset()  # keys of the contested rows in which the file wins

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Return every field that the file alone changed."""
        return tuple(
            change
            for one in self.drafts
            for change in self._changes(one, set(self.labels) - {*one.merged.contested})
        )

    def _changes(self, draft: Draft, among: Collection[str]) -> Iterator[Change]:
        row = draft.row
        for name, label in self.labels.items():
            old, new = row.shown(row.entry, name), row.shown(draft.merged.mine, name)
            if name in among and old != new:
                yield Change(row, label, old or BLANK, new or BLANK)

    @cached_property
    def conflicts(self) -> tuple[Contest, ...]:
        """Return the rows about which the person must decide."""
        return tuple(
            Contest(one.row, tuple(self._changes(one, one.merged.contested)))
            for one in self.drafts
            if one.merged.contested
        )

    @cached_property
    def cautions(self) -> tuple[Doubt, ...]:
        """Return the doubts that the file's figures would leave open."""
        return tuple(
            Doubt(one.row, caution.message)
            for one in self.drafts
            for caution in _open_cautions(one)
        )

    @cached_property
    def entries(self) -> tuple[NewEntry, ...]:
        """Return what is to be recorded, upon the versions that this preview shows."""
        settled = (
            (one.row, one.settled(file_wins=one.row.key in self.chosen)) for one in self.drafts
        )
        return tuple(
            NewEntry(row.key, entry, row.version) for row, entry in settled if entry != row.entry
        )

    @property
    def number(self) -> int:
        """Return how many rows have something to take in or to decide."""
        return len(self.drafts)

    @cached_property
    def fingerprint(self) -> str:
        """Return a name for exactly what is shown: another person's change gives another.

        Whoever confirms sends it back, so that nothing is taken in but what they saw. It needs no
        signature: it protects from a change in between, not from those who may enter figures.
        """
        shown = [(one.row.key, one.row.version, one.merged) for one in self.drafts]
        return hashlib.sha256(repr((shown, self.faults)).encode()).hexdigest()


def _open_cautions(draft: Draft) -> tuple[Caution, ...]:
    """Return the doubts about the draft: none about what is no figure."""
    row = draft.row
    return row.open_cautions(draft.merged.mine) if isinstance(row, EntryRow) else ()
