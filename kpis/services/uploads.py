"""Uploaded entry workbooks: kept as they came, and applied as one change."""

import datetime as dt
import hashlib
from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from kpis.models import ReportingPeriod, Upload
from kpis.services.entries import EntryError, NewEntry, Saved, save_entries

_UNUSED_KEPT = dt.timedelta(days=7)


@transaction.atomic
def keep_upload(*, period: ReportingPeriod, name: str, content: bytes, by: User) -> Upload:
    """Store the file for its preview, and drop those of a week ago that nobody applied."""
    now = timezone.now()
    stale = Upload.objects.filter(applied_at=None, uploaded_at__lt=now - _UNUSED_KEPT)
    stale.delete()
    return Upload.objects.create(
        period=period,
        name=name[-200:],
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=by,
        uploaded_at=now,
    )


@transaction.atomic
def apply_upload(*, upload: Upload, entries: Sequence[NewEntry], by: User) -> Saved:
    """Record the file's figures, all or none, once; the history tells from which file.

    Raises EntryError for a file that was applied already, and as ``save_entries`` does.
    """
    row = Upload.objects.select_for_update(of=("self",)).select_related("period").get(pk=upload.pk)
    if row.applied_at is not None:
        raise EntryError("このファイルは既に取り込まれています。")
    reason = f"Excel取込: {row.name}（取込番号{row.pk}）"
    saved = save_entries(period=row.period, entries=entries, by=by, reason=reason)
    if not saved.conflicts:
        row.applied_at = timezone.now()
        row.changes = len(saved.changed)
        row.save(update_fields=["applied_at", "changes"])
    return saved
