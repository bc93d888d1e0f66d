"""The project's own admin site, with Japanese titles, and SQLite's real limits."""

import sqlite3
from typing import Any

from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created


class AdminConfig(DjangoAdminConfig):
    """Django's admin with our site class."""

    default_site = "kadoma_plan.admin.AdminSite"

    def ready(self) -> None:
        """Learn each SQLite connection's limits as it opens."""
        super().ready()
        connection_created.connect(_raise_parameter_limit)


def _raise_parameter_limit(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Let one statement store a whole round: Django assumes the 999 parameters of SQLite of 2020."""
    if connection.vendor == "sqlite":
        limit = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        connection.features.max_query_params = limit
