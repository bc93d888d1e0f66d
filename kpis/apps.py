"""App: how far it has got."""

from django.apps import AppConfig


class KpisConfig(AppConfig):
    """指標と実績."""

    name = "kpis"
    verbose_name = "指標と実績"
