"""The tables that a restore makes at once are those that the migrations made, on PostgreSQL.

SQLite's are compared in test_restore.py.
"""

import re

import pytest
from django.db import connection

from kpis.backups.tables import make, present_tables

SHAPES = """
SELECT table_name, column_name, data_type, is_nullable, is_identity,
       character_maximum_length, numeric_precision, numeric_scale
  FROM information_schema.columns WHERE table_schema = %(schema)s
UNION ALL
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype::text,
       condeferrable::text, NULL, NULL, NULL
  FROM pg_constraint WHERE connamespace = %(schema)s::regnamespace
UNION ALL
SELECT tablename, indexname, indexdef, NULL, NULL, NULL, NULL, NULL
  FROM pg_indexes WHERE schemaname = %(schema)s
"""


def shape(cursor, schema):
    """Return every column, rule and index of the schema, without its name."""
    cursor.execute(SHAPES, {"schema": schema})
    return sorted(
        tuple(re.sub(rf"\b{schema}\.", "", str(cell)) for cell in row) for row in cursor.fetchall()
    )


@pytest.mark.django_db
def test_tables_made_at_once_are_those_of_the_migrations():
    if connection.vendor != "postgresql":
        pytest.skip("runs once more on PostgreSQL")
    tables = present_tables(connection)
    with connection.cursor() as cursor:
        migrated = shape(cursor, "public")
        cursor.execute("CREATE SCHEMA beside")
        cursor.execute("SET LOCAL search_path TO beside")
        make(connection, tables)
        assert shape(cursor, "beside") == migrated
    assert len(migrated) > 1000
