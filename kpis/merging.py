"""Two people changed the same row: what becomes of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Merged(Generic[E]):
    """What a row becomes when two people changed it; ``contested`` names the cells of both."""

    mine: E  # with my values in the contested cells
    contested: tuple[str, ...] = ()


def merge(seen: E | None, mine: E, theirs: E, cells: Sequence[Sequence[str]]) -> Merged[E]:
    """Return both people's changes together; ``cells`` are the fields that are one thing each.

    ``seen`` is what I had before me. A cell that only one of us changed stands as it was changed;
    a cell that both changed differently is contested. Without ``seen`` (not known any more) every
    difference is.
    """
    merged: Any = theirs
    contested: list[str] = []
    for names in cells:
        wanted = {name: getattr(mine, name) for name in names}
        standing = {name: getattr(theirs, name) for name in names}
        before = None if seen is None else {name: getattr(seen, name) for name in names}
        if wanted in (standing, before):
            continue
        if standing != before:
            contested.extend(names)
        merged = replace(merged, **wanted)
    return Merged(merged, tuple(contested))
