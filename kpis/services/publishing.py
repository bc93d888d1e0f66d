"""Publishing: the plan's live records frozen at a period, in one transaction."""

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from actions.fiscal import Period
from actions.models import Plan
from kpis import payload
from kpis.models import Publication, ReportingPeriod
from kpis.progress import Edition
from kpis.rounds import Move, PeriodState
from kpis.selectors.live import live_progress
from kpis.selectors.readiness import readiness
from kpis.services.journal import Act, told
from kpis.services.rounds import MoveError, locked, step


class PublishError(MoveError):
    """A publication that may not be made; its message is Japanese, for users."""


@transaction.atomic
@told(Act.PUBLISHED)
def publish(
    *, period: ReportingPeriod, by: User, reason: str = "", at: dt.datetime | None = None
) -> Publication:
    """Freeze the plan's live records at the checked period into a new publication and return it.

    A correction needs a reason, and so does a publication with gaps (see ``readiness``); the
    publication keeps it. Raises PublishError or MoveError with nothing written.
    """
    row = locked(period)
    newest = row.publications.aggregate(newest=Max("version"))["newest"] or 0
    if newest and not reason.strip():
        raise PublishError(f"{row.period.label}は公表済みです。訂正の理由を入力してください。")
    gaps = readiness(row).gaps
    if gaps and not reason.strip():
        raise PublishError(
            f"公表前に確かめることが{len(gaps)}件あります（{gaps[0].words}"
            f"{'など' if len(gaps) > 1 else ''}）。このまま公表する理由を入力してください。"
        )
    step(row, Move.PUBLISH, by, reason, at)
    return _freeze(row, newest + 1, by, reason.strip(), at)


def _freeze(
    row: ReportingPeriod, version: int, by: User, reason: str, at: dt.datetime | None
) -> Publication:
    edition = Edition(version, timezone.localtime(at), reason)
    progress = live_progress(row.plan, row.period, edition)
    text = payload.dump(progress)
    return Publication.objects.create(
        period=row,
        version=edition.version,
        published_at=edition.published_at,
        published_by=by,
        reason=edition.reason,
        plan_name=progress.plan.name,
        section=progress.plan.section,
        start_year=progress.plan.start_year,
        end_year=progress.plan.end_year,
        payload=text,
        sha256=payload.digest(text),
    )


@transaction.atomic
def publish_outright(
    *,
    plan: Plan,
    period: Period,
    by: User,
    reason: str = "",
    at: dt.datetime | None = None,
) -> Publication:
    """Publish whatever state the period is in, taking and recording the steps that lead there.

    For the command line, where one person answers for the whole round. Raises as ``publish`` does,
    and PublishError for a period that was never registered.
    """
    rows = ReportingPeriod.objects.filter(plan=plan)
    row = rows.filter(fiscal_year=period.fiscal_year, term=period.term).first()
    if row is None:
        raise PublishError(
            f"{period.label}の報告期間がありません。先に報告期間を登録してください。"
        )
    row = locked(row)
    if row.stands is PeriodState.PUBLISHED and not reason.strip():
        raise PublishError(f"{period.label}は公表済みです。訂正の理由を入力してください。")
    for one in _LEADING_THERE[row.stands]:
        step(row, one, by, reason, at)
    return publish(period=row, by=by, reason=reason, at=at)


_LEADING_THERE: dict[PeriodState, tuple[Move, ...]] = {
    PeriodState.PREPARING: (Move.OPEN, Move.SUBMIT),
    PeriodState.ENTERING: (Move.SUBMIT,),
    PeriodState.CHECKING: (),
    PeriodState.PUBLISHED: (Move.REOPEN,),
    PeriodState.CORRECTING: (),
}
