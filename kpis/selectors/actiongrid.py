"""The rows of a round's actions as staff see them: each with its year and what stands beside it."""

from collections.abc import Mapping

from actions.models import Action, ActionYear
from actions.vocabulary import Actor
from kpis import pdca, progress
from kpis.models import ReportingPeriod
from kpis.selectors.actions import year_of
from kpis.selectors.lastchanges import last_changes


def action_rows(period: ReportingPeriod) -> list[pdca.ActionRow]:
    """Return the plan's actions with the period's year, measure by measure and actor by actor.

    Takes three queries whatever the number of rows, and one for none.
    """
    actions = _actions(period)
    if not actions:
        return []
    years = _years(period, period.fiscal_year, period.fiscal_year - 1)
    written = ActionYear.history.filter(action__plan=period.plan_id, fiscal_year=period.fiscal_year)
    changes = last_changes(written, "action_id")
    return [_row(one, period, years, changes) for one in actions]


def _actions(period: ReportingPeriod) -> list[Action]:
    rows = Action.objects.filter(plan=period.plan_id).select_related("measure__strategy", "plan")
    return list(rows)


def _years(period: ReportingPeriod, *years: int) -> dict[tuple[int, int], ActionYear]:
    rows = ActionYear.objects.filter(action__plan=period.plan_id, fiscal_year__in=years)
    return {(one.action_id, one.fiscal_year): one for one in rows}


def _row(
    action: Action,
    period: ReportingPeriod,
    years: Mapping[tuple[int, int], ActionYear],
    changes: Mapping[int, tuple[str, str]],
) -> pdca.ActionRow:
    year = years.get((action.pk, period.fiscal_year))
    before = years.get((action.pk, period.fiscal_year - 1))
    by, at = changes.get(action.pk, ("", ""))
    return pdca.ActionRow(
        action=action.pk,
        code=action.code,
        name=action.name,
        measure_code=action.measure.code,
        measure=action.measure.name,
        actor=Actor(action.actor),
        is_priority=action.is_priority,
        is_example=action.is_example,
        section=action.section or action.plan.section or "所管課未設定",
        period=period.period,
        entry=pdca.nothing(period.fiscal_year) if year is None else year_of(year),
        previous=None if before is None else year_of(before),
        version=0 if year is None else year.version,
        changed_by=by,
        changed_at=at,
        year=None if year is None else year.pk,
    )


def seen_years(period: ReportingPeriod, seen: Mapping[int, int]) -> dict[int, progress.ActionYear]:
    """Return what stood in each action's year at the version that a person saw, in one query.

    Version 0 is a year that was not there. A version that the history does not hold is left out.
    """
    year = period.fiscal_year
    found = {action: pdca.nothing(year) for action, version in seen.items() if version == 0}
    rows = ActionYear.history.filter(
        fiscal_year=year, action__in=seen, version__in=set(seen.values())
    )
    for one in rows.order_by("history_id"):
        if one.version == seen[one.action_id]:
            found[one.action_id] = year_of(one)
    return found


def action_progress(period: ReportingPeriod) -> pdca.Progress:
    """Return how far the actions of the round are filled in; none are for a plan without any.

    Takes three queries whatever the number of rows, and one for none.
    """
    return pdca.progress_of(action_rows(period))


def has_actions(period: ReportingPeriod) -> bool:
    """Return whether the period's plan has any action."""
    return Action.objects.filter(plan=period.plan_id).exists()
