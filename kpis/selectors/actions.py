"""Recorded actions with their years as the read model tells them."""

from collections import defaultdict
from dataclasses import replace

from actions.fiscal import Period, Term
from actions.models import Action, ActionYear, Plan
from actions.vocabulary import Actor, Evaluation, Revision, Stage
from kpis import progress
from kpis.models import PAPER_ORDER, Indicator


def actions_of(plan: Plan, period: Period) -> tuple[progress.ActionProgress, ...]:
    """Return the plan's actions as they stand at the period, measure by measure, actor by actor.

    Of later years only what is planned is told. Takes three queries whatever the number of rows,
    and one for none.
    """
    rows = list(Action.objects.filter(plan=plan).select_related("measure__strategy"))
    if not rows:
        return ()
    years, codes = _years(plan, period), _indicator_codes(plan)
    return tuple(_action(one, tuple(years[one.pk]), tuple(codes[one.pk])) for one in rows)


def _action(
    row: Action, years: tuple[progress.ActionYear, ...], codes: tuple[str, ...]
) -> progress.ActionProgress:
    return progress.ActionProgress(
        code=row.code,
        measure_code=row.measure.code,
        actor=Actor(row.actor),
        name=row.name,
        content=row.content,
        is_priority=row.is_priority,
        priority_reason=row.priority_reason,
        indicator_codes=codes,
        no_indicator_reason=row.no_indicator_reason,
        section=row.section,
        partners=row.partners,
        is_example=row.is_example,
        years=years,
    )


# Grouped here rather than by prefetch_related, which makes querysets for each action: with 1,000
# actions that took longer than all else.
def _years(plan: Plan, period: Period) -> dict[int, list[progress.ActionYear]]:
    found: dict[int, list[progress.ActionYear]] = defaultdict(list)
    for row in ActionYear.objects.filter(action__plan=plan).order_by("fiscal_year"):
        found[row.action_id].append(_as_at(period, year_of(row)))
    return found


def _indicator_codes(plan: Plan) -> dict[int, list[str]]:
    """Return the codes of each action's indicators, in the paper's order."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Indicator.objects.filter(actions__plan=plan).values_list("actions", "code")
    for action, code in rows.order_by(*PAPER_ORDER):
        found[action].append(code)
    return found


def year_of(row: ActionYear) -> progress.ActionYear:
    """Return the recorded year."""
    return progress.ActionYear(
        fiscal_year=row.fiscal_year,
        stage=Stage(row.stage) if row.stage else None,
        plan=row.plan,
        done_first_half=row.done_first_half,
        done=row.done,
        results=row.results,
        evaluation=Evaluation(row.evaluation) if row.evaluation else None,
        revision=Revision(row.revision) if row.revision else None,
        revision_note=row.revision_note,
    )


def _as_at(period: Period, year: progress.ActionYear) -> progress.ActionYear:
    """Return the year without what was written of it after the period."""
    if year.fiscal_year > period.fiscal_year:
        return progress.ActionYear(
            year.fiscal_year, year.stage, year.plan, "", "", "", None, None, ""
        )
    if year.fiscal_year == period.fiscal_year and period.term is Term.H1:
        return replace(year, done="")
    return year
