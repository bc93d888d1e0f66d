"""What every grid of a round says when it is saved: faults, conflicts, or how many rows."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest

from kpis.services import Conflict, EntryError, Saved

NOTHING_SAVED = "まだ何も保存していません。"
_CONTESTED = (
    "ほかの人が同じところを変更しました。どちらの値にするかを選んで、もう一度保存してください。"
)
G = TypeVar("G", bound=Any)  # a row of a grid, with its faults


def save_grid(
    request: HttpRequest,
    grid: list[G],
    save: Callable[[], Saved],
    contest: Callable[[Iterable[G], Iterable[Conflict]], list[G]],
    noun: str,
) -> tuple[list[G], bool]:
    """Save what was sent unless it has faults; return the grid to show, and whether it was saved.

    ``noun`` is what the rows are called.
    """
    if any(one.faults for one in grid):
        messages.error(request, f"直すところがあります。{NOTHING_SAVED}")
        return grid, False
    try:
        saved = save()
    except EntryError as error:
        messages.error(request, f"{error}{NOTHING_SAVED}")
        return grid, False
    if saved.conflicts:
        messages.error(request, f"{_CONTESTED}{NOTHING_SAVED}")
        return contest(grid, saved.conflicts), False
    number = len(saved.changed)
    said = f"{number}件の{noun}を保存しました。" if number else "変更はありませんでした。"
    # The screen drops its own copy of what was typed when it sees the tag.
    messages.success(request, said, extra_tags="saved")
    return grid, True
