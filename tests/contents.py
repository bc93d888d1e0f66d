"""All that the database holds, to see what a deed changed and that another changed nothing."""

from functools import cache

from django.apps import apps
from django.db import connection

UNTOLD = ("sessions.Session", "contenttypes.ContentType", "auth.Permission", "axes.AccessLog")


def everything():
    """Return all that the database holds, table by table, but for who is signed in."""
    found = {}
    with connection.cursor() as cursor:
        for label, query in _queries().items():
            cursor.execute(query)
            found[label] = cursor.fetchall()
    return found


@cache
def _queries():
    """Return for each table what asks for all its rows."""
    tables = [one._meta for one in apps.get_models(include_auto_created=True) if one._meta.managed]
    name = connection.ops.quote_name
    return {
        one.label: f"SELECT * FROM {name(one.db_table)} ORDER BY {name(one.pk.column)}"  # noqa: S608
        for one in tables
        if one.label not in UNTOLD
    }


def changed(before):
    """Return the tables that hold something else than before."""
    return {name for name, rows in everything().items() if rows != before[name]}
