"""The tables as the migrations that a database or a backup names had made them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from kpis.backups.manifest import DAMAGED, NEWER, BackupError

Key = tuple[str, str]
_NEWER_DATABASE = (
    "今のデータベースは新しい版のプログラムで作られています（{detail}）。変更していません。"
    "プログラムを更新するか、空のデータベースを用意してから、もう一度実行してください。"
)
# Who is signed in now, and who mistyped a password lately, is of no use after a restore; and what
# signs a person in must not lie in a file that is carried about.
LEFT_OUT = ("sessions", "axes")


@dataclass(frozen=True, slots=True)
class Tables:
    """Every table of one state of the program, those that others point at first."""

    migrations: tuple[Key, ...]
    models: tuple[Any, ...]

    @property
    def kept(self) -> tuple[Any, ...]:
        """Return the models whose rows are backed up."""
        return tuple(one for one in self.models if one._meta.app_label not in LEFT_OUT)


def tables_after(migrations: Collection[Key], unknown_to_us: str = NEWER) -> Tables:
    """Return the tables that these migrations make. Raises BackupError for unknown ones."""
    loader = MigrationLoader(None)
    unknown = [one for one in migrations if one not in loader.graph.nodes]
    if unknown:
        raise BackupError(unknown_to_us.format(detail=".".join(unknown[0])))
    wanted = sorted(migrations)
    plan = dict.fromkeys(key for node in wanted for key in loader.graph.forwards_plan(node))
    if set(plan) != set(wanted):
        raise BackupError(DAMAGED.format(detail="移行の記録がそろっていません"))
    models = loader.project_state(list(plan)).apps.get_models(include_auto_created=True)
    managed = [one for one in models if one._meta.managed and not one._meta.proxy]
    return Tables(tuple((app, name) for app, name in plan), tuple(managed))


def present_tables(connection: BaseDatabaseWrapper) -> Tables:
    """Return the database's own tables; none in an empty one. Raises BackupError as above."""
    migrations = sorted(MigrationRecorder(connection).applied_migrations())
    return tables_after(migrations, _NEWER_DATABASE)


def make(connection: BaseDatabaseWrapper, tables: Tables) -> None:
    """Make the tables at once, as the migrations left them, and record that they are there.

    Taking every step of years anew would cost twenty seconds and come to the same tables, which a
    test compares.
    """
    with connection.schema_editor() as editor:
        for model in tables.models:
            if not model._meta.auto_created:
                editor.create_model(model)
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for app, name in tables.migrations:
        recorder.record_applied(app, name)


def drop(connection: BaseDatabaseWrapper, tables: Tables) -> None:
    """Drop these tables and the record of the migrations, where they are there."""
    ours = {one._meta.db_table for one in tables.models} | {"django_migrations"}
    ending = " CASCADE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in sorted(ours & set(connection.introspection.table_names(cursor))):
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(name)}{ending}")


def counter(connection: BaseDatabaseWrapper, model: Any) -> int | None:
    """Return the last number that the table gave to a row, or None where it has given none.

    Numbers of deleted rows are never given again: histories still speak of them.
    """
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        else:
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, column])
            sequence = cursor.fetchone()[0]
            if sequence is None:
                return None
            cursor.execute(f"SELECT last_value FROM {sequence} WHERE is_called")  # noqa: S608
        found = cursor.fetchone()
    return (found[0] or None) if found else None  # SQLite also writes 0


def go_on_counting(
    connection: BaseDatabaseWrapper, counters: Iterable[tuple[Any, int | None]]
) -> None:
    """Let each table that is there give numbers after the last one that it gave."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for model, last in counters:
            if last is not None and model._meta.db_table in there:
                _set_counter(connection, cursor, model, last)


def _set_counter(connection: BaseDatabaseWrapper, cursor: Any, model: Any, last: int) -> None:
    table, column = model._meta.db_table, model._meta.pk.column
    quote = connection.ops.quote_name
    cursor.execute(f"SELECT MAX({quote(column)}) FROM {quote(table)}")  # noqa: S608
    last = max(last, cursor.fetchone()[0] or last)
    if connection.vendor == "sqlite":
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
        cursor.execute("INSERT INTO sqlite_sequence VALUES (%s, %s)", [table, last])
    else:
        sequence = "pg_get_serial_sequence(%s, %s)"
        cursor.execute(f"SELECT setval({sequence}, %s)", [table, column, last])
