"""Preparing a fiscal year: its reporting periods, and the actions that go on into it."""

import datetime as dt
from collections.abc import Collection, Mapping

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import transaction

from actions.fiscal import Term, fiscal_year_label
from actions.models import Action, ActionYear, Plan
from kpis.models import ReportingPeriod
from kpis.selectors.newyear import actions_to_carry
from kpis.services.history import remember
from kpis.services.journal import Act, told
from kpis.services.plans import add_default_bands


@transaction.atomic
@told(Act.PERIODS)
def prepare_periods(
    *, plan: Plan, fiscal_year: int, dues: Mapping[Term, dt.date], by: User
) -> tuple[ReportingPeriod, ...]:
    """Register the year's periods that are not there yet, 準備中, and return those.

    Each begins later, as every period does. A plan without judgement bands gets the shipped ones.
    """
    Plan.objects.select_for_update().get(pk=plan.pk)
    rows = ReportingPeriod.objects.filter(plan=plan, fiscal_year=fiscal_year)
    standing = set(rows.values_list("term", flat=True))
    made = ReportingPeriod.objects.bulk_create(
        ReportingPeriod(plan=plan, fiscal_year=fiscal_year, term=term.value, due=due)
        for term, due in dues.items()
        if term.value not in standing
    )
    add_default_bands(plan=plan)
    kept = ReportingPeriod.objects.filter(pk__in=[one.pk for one in made])
    LogEntry.objects.log_actions(by.pk, kept, ADDITION, "年度更新で登録しました。")
    return tuple(made)


@transaction.atomic
@told(Act.CARRIED)
def carry_actions(
    *, plan: Plan, fiscal_year: int, actions: Collection[int], by: User
) -> tuple[ActionYear, ...]:
    """Give the chosen actions a row for the year with the stage and plan of their last one.

    What has such a row already, and what has ended, is left alone. Takes the same number of
    queries for any number of actions.
    """
    Plan.objects.select_for_update().get(pk=plan.pk)
    carried = [one for one in actions_to_carry(plan, fiscal_year) if one.action.pk in actions]
    made = ActionYear.objects.bulk_create(
        ActionYear(
            action=one.action,
            fiscal_year=fiscal_year,
            stage=one.year.stage,
            plan=one.year.plan,
        )
        for one in carried
    )
    kept = Action.objects.filter(pk__in=[one.action.pk for one in carried])
    said = f"年度更新で{fiscal_year_label(fiscal_year)}に引き継ぎました。"
    remember(made, by, said, update=False)
    LogEntry.objects.log_actions(by.pk, kept, CHANGE, said)
    return tuple(made)
