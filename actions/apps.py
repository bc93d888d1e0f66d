"""App: what the city does."""

from django.apps import AppConfig


class ActionsConfig(AppConfig):
    """計画と施策."""

    name = "actions"
    verbose_name = "計画と施策"
