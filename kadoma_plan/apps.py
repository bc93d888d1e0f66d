"""The project's own admin site, with Japanese titles, and SQLite's real limits."""

import sqlite3
from typing import Any

from django.apps import apps
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.contrib.admin.templatetags import admin_list
from django.contrib.auth.signals import user_logged_in
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import Model
from django.db.models.base import ModelBase


class AdminConfig(DjangoAdminConfig):
    """Django's admin with our site class."""

    default_site = "kadoma_plan.admin.AdminSite"

    def ready(self) -> None:
        """Say yes and no in words, and learn each SQLite connection's limits as it opens."""
        from kadoma_plan import checks, witness  # they need the apps' models
        from kadoma_plan.sessions import begin

        super().ready()
        user_logged_in.connect(begin)
        checks.register_all()
        witness.watch()
        # Django draws icons whose alternative texts are True and False, in every language.
        admin_list._boolean_icon = yes_or_no  # type: ignore[attr-defined]  # private
        for model in apps.get_models(include_auto_created=True):
            if model._meta.auto_created:
                _name_link(model)
        connection_created.connect(_raise_parameter_limit)


def yes_or_no(value: bool | None) -> str:
    """Return a yes-or-no value as lists and pages to read show it."""
    return "不明" if value is None else "はい" if value else "いいえ"


def _name_link(model: type[Model]) -> None:
    """Name what Django makes for a link between many records; pages that ask to delete list it."""
    ends = [field.related_model for field in model._meta.fields if field.is_relation]
    names = [str(one._meta.verbose_name) for one in ends if isinstance(one, ModelBase)]
    model._meta.verbose_name = model._meta.verbose_name_plural = f"{'と'.join(names)}のつながり"
    model.__str__ = _number  # type: ignore[method-assign,assignment]


def _number(link: Model) -> str:
    return f"番号{link.pk}"


def _raise_parameter_limit(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Let one statement store a whole round: Django assumes the 999 parameters of SQLite of 2020."""
    if connection.vendor == "sqlite":
        limit = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        connection.features.max_query_params = limit
