"""What two read models say differently of the actions and of each of their years."""

from collections.abc import Iterator, Sequence

from actions.fiscal import fiscal_year_label
from kpis.differences import words
from kpis.differences.groups import group_rows, order_row
from kpis.differences.rows import Difference, record_rows
from kpis.progress import ActionProgress, ActionYear


def action_rows(
    before: Sequence[ActionProgress], after: Sequence[ActionProgress]
) -> Iterator[Difference]:
    """Yield the rows of the actions that came, went, changed or stand in another order."""
    yield from group_rows(before, after, _code, _lone, _action)
    yield from order_row("アクション", "並び", map(_code, before), map(_code, after))


def _code(one: ActionProgress) -> str:
    return one.code


def _place(one: ActionProgress) -> str:
    """Return which action it is; a made-up one says so wherever it is shown."""
    mark = "（例示）" if one.is_example else ""
    return f"アクション{one.code} {one.name}".rstrip() + mark


def _lone(one: ActionProgress) -> tuple[str, str, str]:
    return _place(one), "アクション", one.name or words.BLANK


def _action(old: ActionProgress, new: ActionProgress) -> Iterator[Difference]:
    place = _place(new)
    yield from record_rows(place, "", [(old, new)])
    yield from group_rows(
        old.years,
        new.years,
        lambda year: year.fiscal_year,
        lambda year: (place, fiscal_year_label(year.fiscal_year), words.action_year(year)),
        lambda one, other: _year(place, one, other),
    )


def _year(place: str, old: ActionYear, new: ActionYear) -> list[Difference]:
    return record_rows(place, f"{fiscal_year_label(new.fiscal_year)} ", [(old, new)])
