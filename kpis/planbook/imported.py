"""What taking in a plan book changed, or would change, for the preview. Pure."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from kpis.numerals import format_exact
from kpis.planbook.parts import Part, PartChanges, kind_of
from kpis.planbook.values import Shown, shown_cell
from kpis.vocabulary import Kind

ADDED, REMOVED = "（追加）", "（削除）"
_ROW, _BLANK = "行全体", "（空欄）"
_CELLS = 4  # of a new row, to be looked over


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that becomes another; without a heading, a row that comes or goes.

    ``content`` is the beginning of what a new row says, for those who look it over.
    """

    sheet: str
    key: str
    heading: str
    before: str
    after: str
    content: str = ""

    @property
    def item(self) -> str:
        """Return what differs: the column's heading, or the row as a whole."""
        return self.heading or _ROW

    @property
    def old(self) -> str:
        """Return what stands now, in words where nothing does."""
        if self.heading:
            return self.before or _BLANK
        return "（なし）" if self.after == ADDED else "（登録済み）"

    @property
    def new(self) -> str:
        """Return what it becomes, in words where that is nothing."""
        if self.heading:
            return self.after or _BLANK
        return f"{self.after}{self.content}" or self.before


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows of a sheet come, change and go; strategies count apart from measures."""

    part: str
    sheet: str
    added: int
    changed: int
    removed: int


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a plan book; with ``dry_run`` what would, and nothing is recorded."""

    slug: str
    name: str
    is_new: bool
    dry_run: bool
    counts: tuple[Count, ...]
    differences: tuple[Difference, ...]
    periods: tuple[str, ...]  # those that 実績 names and that were not there

    @property
    def is_change(self) -> bool:
        """Return whether anything differs from what stood."""
        return bool(self.differences or self.periods)

    @property
    def fingerprint(self) -> str:
        """Return a name for exactly what is told here: where anything else differs it is another.

        Whoever confirms sends it back, so that nothing is taken in but what they saw. It needs no
        signature: it protects from a change in between, not from those who may take books in.
        """
        told = (self.slug, self.name, self.is_new, self.counts, self.differences, self.periods)
        return hashlib.sha256(repr(told).encode()).hexdigest()


def shown_text(value: Shown) -> str:
    """Return a cell's content as people read it; blank for an empty one."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format_exact(value)
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _content(part: Part, row: object, kind: Kind) -> str:
    """Return the first cells that the row fills in, but for its key: 指標名 観光客数、単位 人."""
    told = (
        f"{one.heading} {text}"
        for one in part.columns
        if getattr(row, one.field) != one.empty
        and (text := shown_text(shown_cell(one.value, kind, getattr(row, one.field))))
    )
    return "、".join(islice(told, _CELLS))


def differences_of(
    changes: PartChanges, removed: Sequence[object], kinds: Mapping[str, Kind]
) -> Iterator[Difference]:
    """Yield what becomes different in the part, row by row; ``kinds`` are those of indicators."""
    part = changes.part
    title = part.sheet.title
    for new in changes.added:
        told = _content(part, new.row, kind_of(new.row, kinds))
        yield Difference(title, part.shown_key(new.row), "", "", ADDED, told)
    for one in changes.changed:
        for column in one.columns:
            before, after = (
                shown_text(
                    shown_cell(column.value, kind_of(row, kinds), getattr(row, column.field))
                )
                for row in (one.before, one.after)
            )
            yield Difference(title, part.shown_key(one.after), column.heading, before, after)
    for row in removed:
        yield Difference(title, part.shown_key(row), "", REMOVED, "")
