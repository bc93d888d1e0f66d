"""Recording what was done of actions: all of a submission or nothing, never over a year not seen."""

from collections.abc import Mapping, Sequence

from django.contrib.auth.models import User
from django.db import transaction

from actions.models import ActionYear, Plan
from kpis import progress
from kpis.models import ReportingPeriod
from kpis.pdca import LABELS, ActionRow, merge
from kpis.rounds import editor_permission, locked_words
from kpis.selectors.actiongrid import action_rows, seen_years
from kpis.services.history import remember
from kpis.services.journal import Act, told
from kpis.services.rounds import locked
from kpis.services.settling import EntryError, NewEntry, Saved, settle, standing_reason

CHANGE, ADD = "actions.change_actionyear", "actions.add_actionyear"
_WRITTEN = [*LABELS, "version"]


@transaction.atomic
@told(Act.ACTIONS_SAVED)
def save_action_years(
    *,
    period: ReportingPeriod,
    entries: Sequence[NewEntry[progress.ActionYear]],
    by: User,
    reason: str = "",
) -> Saved[ActionRow, progress.ActionYear]:
    """Record the years that differ from what stands, and return the rows as they were before.

    A year that was not there is made. What another person changed meanwhile stays, unless both
    changed the same cell: that is a conflict, and with any conflict nothing is written. Raises
    EntryError where the period's state or the person's rights do not allow it, and for actions of
    another plan. Takes the same number of queries for any number of rows.
    """
    # Years of actions belong to no single period: whoever writes them holds the plan.
    Plan.objects.select_for_update().get(pk=period.plan_id)
    row = locked(period)
    permission = editor_permission(row.stands)
    if permission is None or not by.has_perm(permission):
        raise EntryError(locked_words(row.stands))
    rows = {one.action: one for one in action_rows(row)}
    if any(one.key not in rows for one in entries):
        raise EntryError("この計画にないアクションが含まれています。画面を開き直してください。")
    changes, conflicts = settle(rows, entries, lambda stale: seen_years(row, stale), merge)
    if conflicts:
        return Saved(conflicts=tuple(conflicts))
    _check_rights([one for one, _ in changes], by)
    _write(row, changes, by, reason or standing_reason(row))
    return Saved(changed=tuple(one for one, _ in changes))


def _check_rights(rows: Sequence[ActionRow], by: User) -> None:
    needed = {CHANGE if one.version else ADD for one in rows}
    if not by.has_perms(needed):
        raise EntryError("アクションの年度を登録・変更する権限がありません。")


def _write(
    period: ReportingPeriod,
    changes: Sequence[tuple[ActionRow, progress.ActionYear]],
    by: User,
    reason: str,
) -> None:
    if not changes:
        return
    standing = {
        one.action_id: one
        for one in ActionYear.objects.filter(
            action__plan=period.plan_id, fiscal_year=period.fiscal_year
        )
    }
    records = [_record(period, row, entry, standing) for row, entry in changes]
    ActionYear.objects.bulk_create(
        records,
        update_conflicts=True,
        unique_fields=["action", "fiscal_year"],
        update_fields=_WRITTEN,
    )
    remember([one for one in records if one.version == 1], by, reason, update=False)
    remember([one for one in records if one.version > 1], by, reason, update=True)


def _record(
    period: ReportingPeriod,
    row: ActionRow,
    entry: progress.ActionYear,
    standing: Mapping[int, ActionYear],
) -> ActionYear:
    """Return the record to store: the standing one changed, or a new one."""
    year = standing.get(row.action)
    if year is None:
        year = ActionYear(action_id=row.action, fiscal_year=period.fiscal_year, version=0)
    for name in LABELS:
        value = getattr(entry, name)
        setattr(year, name, "" if value is None else str(value))
    year.version += 1
    return year
