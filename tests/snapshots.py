"""The city's plan as it was loaded and published once, put back into each test's empty database.

Loading the fixture and publishing it take half a second; putting the same rows back takes a
fiftieth. Nothing here is a figure of its own: the rows are what the product made.
"""

import copy

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction

from actions.models import Plan
from kpis.models import PeriodMove, Publication, ReportingPeriod
from kpis.services import publish_outright

SLUG = "kadoma-monozukuri"
_kept = {}


def load_plan():
    """Return the city's plan as the fixture has it."""
    if Plan.objects.exists() or "plan" not in _kept:
        call_command("loaddata", SLUG, verbosity=0)
        if Plan.objects.count() == 1:
            _kept.setdefault("plan", [(one, list(one._base_manager.all())) for one in _models()])
    else:
        with transaction.atomic():  # some rows point at rows that come later
            for model, rows in _kept["plan"]:
                model._base_manager.bulk_create(copy.copy(row) for row in rows)
        _go_on_counting([model for model, rows in _kept["plan"] if rows])
    return Plan.objects.get(slug=SLUG)


def publish_periods(plan, periods, administrator):
    """Publish the periods of the city's plan, or put back what publishing them once made."""
    if "published" in _kept:
        _put_publications_back(plan, administrator)
        return
    for period in periods:
        publish_outright(plan=plan, period=period, by=administrator, reason="公表資料による")
    _kept["published"] = [
        (row.period.period, row)
        for model in (PeriodMove, Publication)
        for row in model.objects.all()
    ]


def _put_publications_back(plan, administrator):
    periods = {one.period: one for one in plan.periods.all()}
    made = {PeriodMove: [], Publication: []}
    for period, row in _kept["published"]:
        again = copy.copy(row)
        again.pk, again.period = None, periods[period]
        setattr(again, "moved_by" if type(row) is PeriodMove else "published_by", administrator)
        made[type(row)].append(again)
    for model, rows in made.items():
        model.objects.bulk_create(rows)
    done = [periods[period].pk for period, _ in _kept["published"]]
    ReportingPeriod.objects.filter(pk__in=done).update(state="published")


def _models():
    """Return both apps' models, those that others point at first, and without their histories."""
    configs = [apps.get_app_config(name) for name in ("actions", "kpis")]
    return [
        model
        for config in configs
        for model in config.get_models(include_auto_created=True)
        if not hasattr(model, "history_id")
    ]


def _go_on_counting(models):
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
