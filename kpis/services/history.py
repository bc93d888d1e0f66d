"""The history of what bulk statements store."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone


def remember(records: Iterable[Any], by: User, reason: str, *, update: bool) -> None:
    """Write the history of records of one kind: bulk statements send no signals."""
    rows = list(records)
    if rows:
        type(rows[0]).history.bulk_history_create(
            rows,
            update=update,
            default_user=by,
            default_change_reason=reason,
            default_date=timezone.now(),
        )
