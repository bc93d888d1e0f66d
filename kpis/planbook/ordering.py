"""Where rows stand among their like: the book's order is the paper's. Pure."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from kpis.planbook.parts import Key


def new_orders(named: Sequence[Key], standing: Mapping[Key, int]) -> dict[Key, int]:
    """Return the order of each row of one group that gets another, or its first.

    ``named`` are the book's rows in the book's order, ``standing`` the orders that there are, also
    of rows that the book does not name. These keep their places while the book's order agrees with
    them and what is new comes last; otherwise all are numbered anew, unnamed ones at the end.
    """
    old = [one for one in named if one in standing]
    fresh = named[len(old) :]
    # Equal orders are told apart by their keys, as pages do it.
    agrees = all((standing[a], a) < (standing[b], b) for a, b in pairwise(old))
    if agrees and old == list(named[: len(old)]):
        last = max(standing.values(), default=0)
        return {one: last + place for place, one in enumerate(fresh, start=1)}
    unnamed = sorted(standing.keys() - set(named), key=lambda one: (standing[one], one))
    numbered = {one: place for place, one in enumerate([*named, *unnamed], start=1)}
    return {one: place for one, place in numbered.items() if standing.get(one) != place}
