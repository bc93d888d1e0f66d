"""Uploaded workbooks: kept as they came, and applied as one change."""

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from actions.models import Plan
from kpis.models import ActionUpload, PlanBookUpload, ReportingPeriod, Upload
from kpis.planbook.imported import Imported
from kpis.planbook.rows import PlanBook
from kpis.planbook.typed import Places
from kpis.services.actionyears import save_action_years
from kpis.services.bookrights import lacking_rights
from kpis.services.entries import save_entries
from kpis.services.journal import Act, told
from kpis.services.planbooks import import_book
from kpis.services.settling import EntryError, NewEntry, Saved

_UNUSED_KEPT = dt.timedelta(days=7)
_APPLIED = "このファイルは既に取り込まれています。"
File = TypeVar("File", Upload, ActionUpload, PlanBookUpload)


@transaction.atomic
def keep_upload(*, period: ReportingPeriod, name: str, content: bytes, by: User) -> Upload:
    """Store the file for its preview, and drop those of a week ago that nobody applied."""
    return _kept(Upload, name, content, by, period=period)


@transaction.atomic
def keep_action_upload(
    *, period: ReportingPeriod, name: str, content: bytes, by: User
) -> ActionUpload:
    """Store the workbook of actions, and drop those of a week ago that nobody applied."""
    return _kept(ActionUpload, name, content, by, period=period)


@transaction.atomic
def keep_plan_book(
    *, name: str, content: bytes, by: User, delete_missing: bool = False
) -> PlanBookUpload:
    """Store the plan book for its preview, and drop those of a week ago that nobody applied."""
    return _kept(PlanBookUpload, name, content, by, delete_missing=delete_missing)


def _kept(model: type[File], name: str, content: bytes, by: User, **own: Any) -> File:
    now = timezone.now()
    model.objects.filter(applied_at=None, uploaded_at__lt=now - _UNUSED_KEPT).delete()
    return model.objects.create(
        name=name[-200:],
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=by,
        uploaded_at=now,
        **own,
    )


@transaction.atomic
@told(Act.IMPORTED)
def apply_upload(*, upload: Upload, entries: Sequence[NewEntry], by: User) -> Saved:
    """Record the file's figures, all or none, once; the history tells from which file.

    Raises EntryError for a file that was applied already, and as ``save_entries`` does.
    """
    return _applied(Upload, upload.pk, save_entries, entries, by)


@transaction.atomic
@told(Act.ACTIONS_IMPORTED)
def apply_action_upload(*, upload: ActionUpload, entries: Sequence[NewEntry], by: User) -> Saved:
    """Record what the file says of actions, all or none, once; the history tells from which file.

    Raises EntryError for a file that was applied already, and as ``save_action_years`` does.
    """
    return _applied(ActionUpload, upload.pk, save_action_years, entries, by)


def _applied(
    model: type[Upload] | type[ActionUpload],
    key: int,
    save: Callable[..., Saved],
    entries: Sequence[NewEntry],
    by: User,
) -> Saved:
    rows: QuerySet[Any] = model._default_manager.select_for_update(of=("self",))
    row = rows.select_related("period").get(pk=key)
    if row.applied_at is not None:
        raise EntryError(_APPLIED)
    reason = f"Excel取込: {row.name}（取込番号{row.pk}）"
    saved = save(period=row.period, entries=entries, by=by, reason=reason)
    if not saved.conflicts:
        row.applied_at = timezone.now()
        row.changes = len(saved.changed)
        row.save(update_fields=["applied_at", "changes"])
    return saved


@transaction.atomic
def apply_plan_book(
    *,
    upload: PlanBookUpload,
    book: PlanBook,
    places: Places,
    by: User,
    fingerprint: str,
    reason: str = "",
) -> Imported:
    """Record the file's book, all or nothing, once; the history tells from which file and why.

    It is recorded where it does what the preview with the fingerprint showed, the person may do
    all of that, and a plan that stood already is changed for a reason. Otherwise nothing is
    written, and the answer tells with ``dry_run`` what the book would do now. Raises EntryError for
    a file that was applied already, BookError for a book that may not be recorded.
    """
    row = PlanBookUpload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if row.applied_at is not None:
        raise EntryError(_APPLIED)
    said = f"計画ブック取込: {row.name}（取込番号{row.pk}） {reason}".strip()
    order: dict[str, Any] = {"book": book, "places": places, "by": by, "reason": said}
    order["delete_missing"] = row.delete_missing
    try:
        with transaction.atomic():
            imported = import_book(**order)
            is_wanted = imported.is_change and imported.fingerprint == fingerprint
            may = not lacking_rights(imported=imported, by=by)
            if not (is_wanted and may and (reason or imported.is_new)):
                transaction.set_rollback(True)
                return replace(imported, dry_run=True)
    except IntegrityError:  # within this very moment another person made the same plan
        return import_book(**order, dry_run=True)
    _note_applied(row, imported, by, reason)
    return imported


def _note_applied(row: PlanBookUpload, imported: Imported, by: User, reason: str) -> None:
    row.plan = Plan.objects.get(slug=imported.slug)
    row.applied_at, row.applied_by, row.reason = timezone.now(), by, reason
    row.changes = len(imported.differences)
    row.save(update_fields=["plan", "applied_at", "applied_by", "reason", "changes"])
