"""What the grids of a round share: the cells a browser sends, and a choice between two values."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from kpis.entry import Faults
from kpis.services import Conflict

MINE, THEIRS = "mine", "theirs"
_BLANK = "（空欄）"
_UNDECIDED = "どちらの値にするかを選んでください。"
G = TypeVar("G", bound=Any)  # a row of a grid: a dataclass with row, typed, entry and seen


@dataclass(frozen=True, slots=True)
class SentCells:
    """A row's cells as they were sent, and the version that the person saw.

    ``contested`` names the cells about which they were asked and have not decided.
    """

    texts: Mapping[str, str]
    seen: int
    contested: tuple[str, ...] = ()
    faults: Faults = field(default_factory=dict)


def cells_of(
    prefix: str, data: Mapping[str, str], fields: Sequence[str], standing: object
) -> SentCells:
    """Return what was sent of the row whose fields' names begin with the prefix.

    ``standing`` has the cells that show what is recorded: they are taken where the person chose so.
    """
    texts = {one: data.get(f"{prefix}-{one}", "") for one in fields}
    asked = tuple(one for one in data.get(f"{prefix}-asked", "").split(",") if one in fields)
    choice = data.get(f"{prefix}-take", "")
    if choice == THEIRS:
        texts |= {one: getattr(standing, one) for one in asked}
    undecided = bool(asked) and choice not in (MINE, THEIRS)
    return SentCells(
        texts=texts,
        seen=_seen(data[f"{prefix}-seen"]),
        contested=asked if undecided else (),
        faults={"take": [_UNDECIDED]} if undecided else {},
    )


def _seen(text: str) -> int:
    """Return the version seen; anything but a number is none that ever was."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def choices(
    row: Any, entry: Any, contested: Iterable[str], labels: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """Return label, my value and theirs of each contested cell that differs; blank in words."""
    pairs = [(labels[one], row.shown(entry, one), row.shown(row.entry, one)) for one in contested]
    return [
        (label, mine or _BLANK, theirs or _BLANK) for label, mine, theirs in pairs if mine != theirs
    ]


def contest(
    rows: Iterable[G], conflicts: Iterable[Conflict], typed_of: Callable[[Conflict], Any]
) -> list[G]:
    """Return the grid with both values wherever another person changed the same cell.

    Such a row has now been seen as it stands, so the choice that follows settles it. ``typed_of``
    returns the cells that show what I want.
    """
    found = {one.row.key: one for one in conflicts}
    return [
        _contested(one, found[one.row.key], typed_of) if one.row.key in found else one
        for one in rows
    ]


def _contested(shown: G, conflict: Conflict, typed_of: Callable[[Conflict], Any]) -> G:
    return replace(
        shown,
        row=conflict.row,
        typed=typed_of(conflict),
        entry=conflict.merged.mine,
        seen=conflict.row.version,
        faults={"take": [_UNDECIDED]},
        contested=conflict.merged.contested,
    )
