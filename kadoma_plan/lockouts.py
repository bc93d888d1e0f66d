"""Wrong passwords are counted as axes does, but not those of a clock that went ahead."""

import datetime as dt
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

# Machines that share a database may differ by so much.
_AHEAD = dt.timedelta(minutes=10)


class Handler(AxesDatabaseHandler):  # type: ignore[misc]  # axes has no types
    """Leaves out what was counted while the clock went ahead: it would lock a name for years."""

    def get_user_attempts(
        self, request: HttpRequest, credentials: dict[str, Any] | None = None
    ) -> list[QuerySet[Any]]:
        """Return the attempts that count, none of them in the future."""
        latest = timezone.now() + _AHEAD
        found = super().get_user_attempts(request, credentials)
        return [one.filter(attempt_time__lte=latest) for one in found]

    def clean_expired_user_attempts(
        self, request: HttpRequest | None = None, credentials: dict[str, Any] | None = None
    ) -> int:
        """Delete what is over, and what is in the future, before another one is counted."""
        future = AccessAttempt.objects.filter(attempt_time__gt=timezone.now() + _AHEAD)
        deleted, _ = future.delete()
        return int(deleted) + int(super().clean_expired_user_attempts(request, credentials))
