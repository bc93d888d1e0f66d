"""The city's plan as it was loaded and published once, put back into each test's empty database.

Loading the fixture and publishing it take half a second; putting the same rows back takes a
hundredth. Nothing here is a figure of its own: the rows are what the product made.
"""

import copy

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max

from actions.models import Plan
from kpis.models import PeriodMove, Publication, ReportingPeriod
from kpis.services import ensure_roles, publish_outright
from kpis.services.roles import ROLES

SLUG = "kadoma-monozukuri"
_kept = {}


def load_plan():
    """Return the city's plan as the fixture has it."""
    if Plan.objects.exists() or "plan" not in _kept:
        call_command("loaddata", SLUG, verbosity=0)
        if Plan.objects.count() == 1 and "plan" not in _kept:
            _kept["plan"] = [_Rows.of(one) for one in _models()]
    else:
        _put_back(_kept["plan"])
    return Plan.objects.get(slug=SLUG)


def load_roles():
    """Make the office's roles, where they are not there yet."""
    there = set(Group.objects.values_list("name", flat=True))
    # A database that was emptied for real numbers its permissions anew.
    key = ("roles", Permission.objects.aggregate(last=Max("pk"))["last"])
    if not there and key in _kept:
        _put_back(_kept[key])
    elif not there >= set(ROLES):
        ensure_roles()
        if not there:
            _kept[key] = [_Rows.of(Group), _Rows.of(Group.permissions.through)]


class _Rows:
    """A table's rows as they stand, ready to be written again."""

    @classmethod
    def of(cls, model):
        return cls(model, list(model._base_manager.all()))

    def __init__(self, model, rows):
        self.model, fields = model, model._meta.concrete_fields
        table, names = (
            connection.ops.quote_name(model._meta.db_table),
            [one.column for one in fields],
        )
        columns = ", ".join(map(connection.ops.quote_name, names))
        places = f"({', '.join(['%s'] * len(fields))})"
        self.sql = f"INSERT INTO {table} ({columns}) VALUES {', '.join([places] * len(rows))}"  # noqa: S608
        self.values = [
            one.get_db_prep_save(getattr(row, one.attname), connection)
            for row in rows
            for one in fields
        ]


def _put_back(tables):
    filled = [one for one in tables if one.values]
    # Some rows point at rows that come later.
    with transaction.atomic(), connection.cursor() as cursor:
        for one in filled:
            cursor.execute(one.sql, one.values)
        counting = connection.ops.sequence_reset_sql(no_style(), [one.model for one in filled])
        if counting:
            cursor.execute(";".join(counting))


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
