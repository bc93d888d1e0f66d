"""Which record of the older model became which of the newer one."""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
Key = Callable[[T], Hashable]


def pairs(
    before: Sequence[T], after: Sequence[T], *keys: Key[T]
) -> Iterator[tuple[T | None, T | None]]:
    """Yield each record with its counterpart, None where it has none, in the newer order.

    Records with equal keys belong together, tried key by key; what went away stands after the
    record that it followed.
    """
    found = _matches(before, after, keys)
    older = {newer: place for place, newer in found.items()}
    gone: dict[int, list[T]] = defaultdict(list)
    last = -1
    for place, one in enumerate(before):
        last = found.get(place, last)
        if place not in found:
            gone[last].append(one)
    yield from ((one, None) for one in gone[-1])
    for place, one in enumerate(after):
        yield (before[older[place]] if place in older else None, one)
        yield from ((other, None) for other in gone[place])


def _matches(before: Sequence[T], after: Sequence[T], keys: Sequence[Key[T]]) -> dict[int, int]:
    """Return the newer place of each older one that has a counterpart."""
    found: dict[int, int] = {}
    for key in keys:
        waiting: dict[Hashable, deque[int]] = defaultdict(deque)
        taken = set(found.values())
        for place, one in enumerate(after):
            if place not in taken:
                waiting[key(one)].append(place)
        for place, one in enumerate(before):
            if place not in found and waiting[key(one)]:
                found[place] = waiting[key(one)].popleft()
    return found
