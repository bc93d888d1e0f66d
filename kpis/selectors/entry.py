"""The rows of a round as staff see them: the plan's indicators with what stands beside each."""

from collections.abc import Mapping

from kpis.entry import Entry, EntryRow
from kpis.models import Actual, Indicator, ReportingPeriod
from kpis.plausibility import CautionCode
from kpis.selectors.lastchanges import last_changes
from kpis.selectors.live import plan_bands, records
from kpis.vocabulary import ActualReason, FollowUp, Kind


def entry_rows(period: ReportingPeriod) -> list[EntryRow]:
    """Return the indicators that the period's year measures, with the period's entry.

    They stand in the paper's order. Takes eight queries whatever the number of rows.
    """
    return [one for one in all_rows(period) if one.is_measured]


def all_rows(period: ReportingPeriod) -> list[EntryRow]:
    """Return the same with the indicators for which the period asks no figure."""
    plan = period.plan
    bands = plan_bands(plan)
    standing = {one.indicator_id: one for one in Actual.objects.filter(period=period).order_by()}
    changes = last_changes(Actual.history.filter(period=period), "indicator_id")
    rows = []
    for indicator, record in records(plan):
        actual = standing.get(indicator.pk)
        by, at = changes.get(indicator.pk, ("", ""))
        rows.append(
            EntryRow(
                indicator=indicator.pk,
                code=indicator.code,
                name=indicator.name,
                unit=indicator.unit,
                kind=Kind(indicator.kind),
                decimals=indicator.decimals,
                definition=indicator.definition,
                section=section_of(indicator),
                strategy=f"基本戦略{indicator.strategy.number} {indicator.strategy.name}",
                record=record,
                period=period.period,
                bands=bands,
                entry=Entry() if actual is None else entry_of(actual),
                version=0 if actual is None else actual.version,
                confirmed=frozenset() if actual is None else _codes(actual),
                changed_by=by,
                changed_at=at,
                actual=None if actual is None else actual.pk,
            )
        )
    return rows


def section_of(indicator: Indicator) -> str:
    """Return the section in charge: the indicator's own, or the plan's."""
    return indicator.section or indicator.plan.section or "所管課未設定"


def entry_of(actual: Actual) -> Entry:
    """Return the recorded entry."""
    return Entry(
        value=actual.value,
        reason=ActualReason(actual.reason) if actual.reason else None,
        provisional=actual.provisional,
        cause=actual.cause,
        next_step=actual.next_step,
        next_step_owner=actual.next_step_owner,
        next_step_due=actual.next_step_due,
        follow_up=FollowUp(actual.follow_up) if actual.follow_up else None,
        follow_up_note=actual.follow_up_note,
        confirmation=actual.confirmation,
        forecast=actual.forecast,
        carried_from=actual.carried_from,
    )


def seen_entries(period: ReportingPeriod, seen: Mapping[int, int]) -> dict[int, Entry]:
    """Return what stood in each indicator's row at the version that a person saw, in one query.

    Version 0 is an empty row. A version that the history does not hold is left out.
    """
    found = {indicator: Entry() for indicator, version in seen.items() if version == 0}
    rows = Actual.history.filter(period=period, indicator__in=seen, version__in=seen.values())
    for one in rows.order_by("history_id"):
        if one.version == seen[one.indicator_id]:
            found[one.indicator_id] = entry_of(one)
    return found


def _codes(actual: Actual) -> frozenset[CautionCode]:
    return frozenset(CautionCode(one) for one in actual.confirmed_cautions.split(",") if one)
