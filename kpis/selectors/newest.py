"""When something was recorded last."""

import datetime as dt

from django.db.models import Max

from kpis.models import Actual, PeriodMove, Publication


def newest_record() -> dt.datetime | None:
    """Return when the newest publication, step of a period or figure was recorded; None: never."""
    found = (
        Publication.objects.aggregate(newest=Max("published_at"))["newest"],
        PeriodMove.objects.aggregate(newest=Max("moved_at"))["newest"],
        Actual.history.aggregate(newest=Max("history_date"))["newest"],
    )
    return max((one for one in found if one is not None), default=None)
