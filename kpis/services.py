"""Writing: each service is one transaction, takes keywords only, and says who did it."""

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max, Model
from django.utils import timezone

from actions.fiscal import Period
from actions.models import Plan
from kpis import payload
from kpis.judgement import DEFAULT_BANDS
from kpis.models import (
    Actual,
    Indicator,
    JudgementBand,
    Kgi,
    KgiValue,
    Publication,
    ReportingPeriod,
    Target,
)
from kpis.progress import Edition
from kpis.selectors import live_progress


class PublishError(ValueError):
    """A publication that may not be made; its message is Japanese, for users."""


@transaction.atomic
def publish(
    *,
    plan: Plan,
    period: Period,
    by: User,
    reason: str = "",
    at: dt.datetime | None = None,
) -> Publication:
    """Freeze the plan's live records at the period into a new publication and return it.

    The first version needs no reason, a correction does. Raises PublishError for a period that was
    never opened and for a correction without a reason; then nothing is written.
    """
    row = _locked(plan, period)
    newest = row.publications.aggregate(newest=Max("version"))["newest"] or 0
    if newest and not reason.strip():
        raise PublishError(f"{period.label}は公表済みです。訂正の理由を入力してください。")
    edition = Edition(newest + 1, timezone.localtime(at), reason.strip())
    text = payload.dump(live_progress(plan, period, edition))
    return Publication.objects.create(
        period=row,
        version=edition.version,
        published_at=edition.published_at,
        published_by=by,
        reason=edition.reason,
        payload=text,
        sha256=payload.digest(text),
    )


def _locked(plan: Plan, period: Period) -> ReportingPeriod:
    """Return the period's row, locked until the end of the transaction: two people may publish."""
    rows = ReportingPeriod.objects.select_for_update(of=("self",))
    found = rows.filter(plan=plan, fiscal_year=period.fiscal_year, term=period.term).first()
    if found is None:
        raise PublishError(
            f"{period.label}の報告期間がありません。先に報告期間を登録してください。"
        )
    return found


@transaction.atomic
def record_first_entries(*, plan: Plan, by: User, reason: str) -> None:
    """Begin the history of a plan that was loaded in bulk: every record as created by ``by``."""
    audited: tuple[tuple[type[Model], str], ...] = (
        (Indicator, "plan"),
        (Target, "indicator__plan"),
        (Actual, "indicator__plan"),
        (Kgi, "plan"),
        (KgiValue, "kgi__plan"),
    )
    for model, path in audited:
        rows = model._default_manager.filter(**{path: plan})
        model.history.bulk_history_create(  # type: ignore[attr-defined]  # untyped package
            rows, default_user=by, default_change_reason=reason
        )


@transaction.atomic
def add_default_bands(*, plan: Plan) -> None:
    """Give the plan the shipped judgement bands, unless it has bands of its own."""
    if JudgementBand.objects.filter(plan=plan).exists():
        return
    JudgementBand.objects.bulk_create(
        JudgementBand(
            plan=plan,
            term=one.term,
            lower=one.lower,
            sign=one.sign,
            label=one.label,
            tone=one.tone,
        )
        for one in DEFAULT_BANDS
    )
