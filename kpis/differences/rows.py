"""One row of the table of corrections, and the rows that two states of a record make."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kpis.differences.items import DERIVED, ITEMS, Item

State = tuple[Any, Any]  # the same record in the older and in the newer read model


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the two say something different, about what, and what each says."""

    place: str
    item: str
    before: str
    after: str


def record_rows(
    place: str, prefix: str, states: Sequence[State], explained: bool = False
) -> list[Difference]:
    """Return a row for each item that reads differently in the two states.

    A record may consist of several. What only follows from other figures is told where no item
    reads differently, and not at all where rows elsewhere have ``explained`` it.
    """
    rows = list(_rows(place, prefix, states, ITEMS, _reads_differently))
    if rows or explained:
        return rows
    return list(_rows(place, prefix, states, DERIVED, _is_different)) or list(
        _rows(place, prefix, states, ITEMS, _is_different)
    )


def _rows(
    place: str,
    prefix: str,
    states: Sequence[State],
    items: Mapping[type, Sequence[Item]],
    differ: Callable[[Item, State], bool],
) -> Iterator[Difference]:
    for state in states:
        for item in items.get(type(state[0]), ()):
            if differ(item, state):
                before, after = (item.tell(one) for one in state)
                yield Difference(place, f"{prefix}{item.label}", before, after)


def _reads_differently(item: Item, state: State) -> bool:
    return item.tell(state[0]) != item.tell(state[1])


def _is_different(item: Item, state: State) -> bool:
    return item.values(state[0]) != item.values(state[1])
