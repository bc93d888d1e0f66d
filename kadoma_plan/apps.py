"""The project's own admin site, with Japanese titles, and SQLite's real limits."""

import os
import sqlite3
from typing import Any

from django.apps import apps
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.contrib.admin.templatetags import admin_list
from django.contrib.auth.signals import user_logged_in
from django.core.signals import request_started
from django.db import connections
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
        connection_created.connect(_note_file)
        request_started.connect(leave_replaced_files)


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


def leave_replaced_files(**_: Any) -> None:
    """Close each kept SQLite connection whose file is another by now, as after a restored backup.

    The old file would go on to be read and written, although nobody can find it any more.
    """
    for connection in connections.all(initialized_only=True):
        noted = getattr(connection, "noted_file", None)
        if noted is not None and not connection.in_atomic_block and noted != _file(connection):
            connection.close()


def _note_file(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if connection.vendor == "sqlite":
        connection.noted_file = _file(connection)  # type: ignore[attr-defined]


def _file(connection: BaseDatabaseWrapper) -> tuple[int, int] | None:
    """Return what tells the database's file from any other; None for one in memory."""
    try:
        found = os.stat(connection.settings_dict["NAME"])
    except OSError:
        return None
    return found.st_dev, found.st_ino
