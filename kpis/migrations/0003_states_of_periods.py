"""Periods of the first release stand where their publications and figures show them to be."""

from django.db import migrations
from django.db.models import Exists, OuterRef


def find_states(apps, schema_editor):
    period = apps.get_model("kpis", "ReportingPeriod")
    of_period = {
        model: Exists(apps.get_model("kpis", model).objects.filter(period=OuterRef("pk")))
        for model in ("Publication", "Actual")
    }
    period.objects.filter(of_period["Actual"]).update(state="entering")
    period.objects.filter(of_period["Publication"]).update(state="published")


class Migration(migrations.Migration):
    dependencies = [("kpis", "0002_half_year_round")]

    operations = [migrations.RunPython(find_states, migrations.RunPython.noop)]
