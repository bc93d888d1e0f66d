"""Who changed each row of a round last, and when."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone


def last_changes(entries: QuerySet[Any], key: str) -> dict[int, tuple[str, str]]:
    """Return person and moment of the newest of the history's entries by their key, in one query."""
    # By their numbers, not their dates: the clock may have been set back.
    told = entries.order_by("history_id").values_list(
        key,
        "history_user__last_name",
        "history_user__first_name",
        "history_user__username",
        "history_date",
    )
    return {
        one: (
            f"{last} {first}".strip() or name or "記録なし",
            f"{timezone.localtime(at):%-m月%-d日 %-H:%M}",
        )
        for one, last, first, name, at in told
    }
