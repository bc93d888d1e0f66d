"""Recording figures: all of a submission or nothing, and never over a value not seen."""

from collections.abc import Mapping, Sequence

from django.contrib.auth.models import User
from django.db import transaction

from kpis.entry import Entry, EntryRow, merge
from kpis.models import Actual, ReportingPeriod
from kpis.rounds import editor_permission, locked_words
from kpis.selectors.entry import entry_rows, seen_entries
from kpis.services.history import remember
from kpis.services.journal import Act, told
from kpis.services.rounds import locked
from kpis.services.settling import EntryError, NewEntry, Saved, settle, standing_reason

_WRITTEN = [
    "value",
    "reason",
    "provisional",
    "forecast",
    "carried_from",
    "cause",
    "next_step",
    "next_step_owner",
    "next_step_due",
    "follow_up",
    "follow_up_note",
    "confirmation",
    "confirmed_cautions",
    "version",
]


@transaction.atomic
@told(Act.SAVED)
def save_entries(
    *, period: ReportingPeriod, entries: Sequence[NewEntry], by: User, reason: str = ""
) -> Saved:
    """Record the entries that differ from what stands, and return the rows as they were before.

    What another person changed meanwhile stays, unless both changed the same cell: that is a
    conflict, and with any conflict nothing is written. Raises EntryError where the period's state
    or the person's rights do not allow it. Takes the same number of queries for any number of rows.
    """
    row = locked(period)
    permission = editor_permission(row.stands)
    if permission is None or not by.has_perm(permission):
        raise EntryError(locked_words(row.stands))
    rows = {one.indicator: one for one in entry_rows(row)}
    unknown = [one.key for one in entries if one.key not in rows]
    if unknown:
        raise EntryError(
            "この計画にない指標か、この年度に測定しない指標が含まれています。画面を開き直してください。"
        )
    changes, conflicts = settle(rows, entries, lambda stale: seen_entries(row, stale), merge)
    if conflicts:
        return Saved(conflicts=tuple(conflicts))
    _write(row, changes, by, reason or standing_reason(row))
    return Saved(changed=tuple(one for one, _ in changes))


def _write(
    period: ReportingPeriod, changes: Sequence[tuple[EntryRow, Entry]], by: User, reason: str
) -> None:
    if not changes:
        return
    standing = Actual.objects.filter(period=period).in_bulk(field_name="pk")
    by_indicator = {one.indicator_id: one for one in standing.values()}
    records = [_record(period, row, entry, by_indicator) for row, entry in changes]
    Actual.objects.bulk_create(
        records,
        update_conflicts=True,
        unique_fields=["indicator", "period"],
        update_fields=_WRITTEN,
    )
    remember([one for one in records if one.version == 1], by, reason, update=False)
    remember([one for one in records if one.version > 1], by, reason, update=True)


def _record(
    period: ReportingPeriod, row: EntryRow, entry: Entry, standing: Mapping[int, Actual]
) -> Actual:
    """Return the record to store: the standing one changed, or a new one."""
    actual = standing.get(row.indicator)
    if actual is None:
        actual = Actual(indicator_id=row.indicator, period=period, version=0)
    actual.value = entry.value
    actual.reason = "" if entry.reason is None else entry.reason.value
    actual.provisional = entry.provisional
    actual.forecast, actual.carried_from = entry.forecast, entry.carried_from
    actual.cause, actual.next_step = entry.cause, entry.next_step
    actual.next_step_owner, actual.next_step_due = entry.next_step_owner, entry.next_step_due
    actual.follow_up = "" if entry.follow_up is None else entry.follow_up.value
    actual.follow_up_note = entry.follow_up_note
    actual.confirmation = entry.confirmation
    actual.confirmed_cautions = confirmed(row, entry)
    actual.version += 1
    return actual


def confirmed(row: EntryRow, entry: Entry) -> str:
    """Return the codes of the doubts that the entry's word of reason answers."""
    open_ones = {one.code for one in row.open_cautions(entry)}
    return ",".join(one.code for one in row.cautions(entry) if one.code not in open_ones)
