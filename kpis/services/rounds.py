"""Moving a reporting period through its life, each step recorded with who, when and why."""

import datetime as dt
from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from actions.fiscal import Period
from actions.models import Plan
from kpis.models import PeriodMove, Publication, ReportingPeriod
from kpis.rounds import STEPS, Move, PeriodState
from kpis.selectors.entry import entry_rows
from kpis.selectors.readiness import differs
from kpis.services.journal import Act, told
from kpis.services.plans import add_default_bands


class MoveError(ValueError):
    """A step that may not be taken; its message is Japanese, for users."""


def locked(period: ReportingPeriod) -> ReportingPeriod:
    """Return the period's row, locked until the end of the transaction: others may act on it."""
    return (
        ReportingPeriod.objects.select_for_update(of=("self",))
        .select_related("plan")
        .get(pk=period.pk)
    )


@transaction.atomic
@told(Act.OPENED)
def open_round(
    *, plan: Plan, period: Period, due: dt.date, by: User, at: dt.datetime | None = None
) -> ReportingPeriod:
    """Begin the entry of a period until the due date, preparing the period where it is new.

    A plan without judgement bands gets the shipped ones. Raises MoveError, with nothing written,
    for a period that has begun already, and for one outside the plan.
    """
    if not plan.baseline_year <= period.fiscal_year <= plan.end_year:
        raise MoveError(f"{period.label}は計画の期間の外です。")
    row, _ = ReportingPeriod.objects.get_or_create(
        plan=plan, fiscal_year=period.fiscal_year, term=period.term.value
    )
    add_default_bands(plan=plan)
    row = locked(row)
    row.due = due
    row.save(update_fields=["due"])
    return step(row, Move.OPEN, by, at=at)


@transaction.atomic
@told(Act.SUBMITTED)
def submit(
    *, period: ReportingPeriod, by: User, reason: str = "", at: dt.datetime | None = None
) -> ReportingPeriod:
    """Hand the entered figures to the checker.

    Raises MoveError while a doubt has no word of reason, and for missing figures without a reason.
    """
    row = locked(period)
    rows = entry_rows(row)
    doubtful = [one.code for one in rows if one.open_cautions(one.entry)]
    if doubtful:
        raise MoveError(
            f"確認が必要な値に、確認した内容が書かれていません（{_listed(doubtful)}）。"
            "値を変えたときは、確認した内容も書き直してください。"
        )
    missing = [one.code for one in rows if not one.entry.is_entered]
    if missing and not reason.strip():
        raise MoveError(
            f"未入力の指標があります（{_listed(missing)}）。入力するか、未入力のまま提出する理由を書いてください。"
        )
    return step(row, Move.SUBMIT, by, reason, at)


def _listed(codes: Sequence[str], most: int = 10) -> str:
    more = f" ほか{len(codes) - most}件" if len(codes) > most else ""
    return "、".join(codes[:most]) + more


@transaction.atomic
@told(Act.MOVED)
def move(
    *,
    period: ReportingPeriod,
    move: Move,
    by: User,
    reason: str = "",
    at: dt.datetime | None = None,
) -> ReportingPeriod:
    """Close, send back, reopen or abandon. Raises MoveError where the step is not allowed.

    A correction may be abandoned only while nothing differs from what was published.
    """
    row = locked(period)
    if move is Move.ABANDON and differs(row, _newest(row)):
        raise MoveError(
            "公表した内容から変わっているところがあります。元に戻すか、訂正として公表してください。"
        )
    return step(row, move, by, reason, at)


def _newest(row: ReportingPeriod) -> Publication:
    newest = row.publications.order_by("-version").first()
    if newest is None:
        raise MoveError("公表がまだありません。")
    return newest


def step(
    row: ReportingPeriod, move: Move, by: User, reason: str = "", at: dt.datetime | None = None
) -> ReportingPeriod:
    """Take one step with the locked row and record it. Raises MoveError."""
    one, state = STEPS[move], row.stands
    if not by.has_perm(one.permission):
        raise MoveError(f"「{move.label}」権限がありません。")
    if state not in one.before:
        raise MoveError(
            f"{row}は現在「{state.label}」のため、「{move.label}」ことはできません。"
            "ほかの人が先に操作した可能性があります。画面を開き直してください。"
        )
    if one.needs_reason and not reason.strip():
        raise MoveError(f"「{move.label}」には、理由を入力してください。")
    _record(row, move, one.after, by, reason, at)
    return row


def _record(
    row: ReportingPeriod,
    move: Move,
    after: PeriodState,
    by: User,
    reason: str,
    at: dt.datetime | None,
) -> None:
    PeriodMove.objects.create(
        period=row,
        move=move.value,
        before=row.state,
        after=after.value,
        moved_by=by,
        moved_at=at or timezone.now(),
        reason=reason.strip(),
    )
    row.state = after.value
    row.save(update_fields=["state"])
