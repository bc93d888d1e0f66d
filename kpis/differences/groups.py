"""The rows of records that stand in a list: which came, which went, and in what order they stand."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from kpis.differences.pairs import pairs
from kpis.differences.rows import Difference
from kpis.differences.words import ABSENT

T = TypeVar("T")
# Place, item and words of a record that has no counterpart.
Lone = Callable[[T], tuple[str, str, str]]


def group_rows(
    before: Sequence[T],
    after: Sequence[T],
    key: Callable[[T], Hashable],
    lone: Lone[T],
    inside: Callable[[T, T], Iterable[Difference]],
) -> Iterator[Difference]:
    """Yield one row for each record without a counterpart, and the rows inside the others."""
    for old, new in pairs(before, after, key):
        if old is not None and new is not None:
            yield from inside(old, new)
        else:
            yield from lone_row(old, new, lone)


def lone_row(old: T | None, new: T | None, lone: Lone[T]) -> Iterator[Difference]:
    """Yield the row of a record that only one of the two has."""
    if new is not None:
        place, item, said = lone(new)
        yield Difference(place, item, ABSENT, said)
    elif old is not None:
        place, item, said = lone(old)
        yield Difference(place, item, said, ABSENT)


def order_row(
    place: str, item: str, before: Iterable[str], after: Iterable[str], kept: set[str] | None = None
) -> Iterator[Difference]:
    """Yield a row where the names that both have (or that are ``kept``) stand in another order."""
    olds, news = list(before), list(after)
    both = set(olds) & set(news) if kept is None else kept
    old, new = ("、".join(one for one in names if one in both) for names in (olds, news))
    if old != new:
        yield Difference(place, item, old or ABSENT, new or ABSENT)
