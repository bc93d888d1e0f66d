"""Taking a backup in: one transaction, so that there is the old data or the new, never less."""

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from kpis import payload
from kpis.backups.files import OpenedBackup
from kpis.backups.manifest import DAMAGED, BackupError, Table
from kpis.backups.standing import UNHURRIED
from kpis.backups.tables import (
    Tables,
    drop,
    go_on_counting,
    make,
    present_tables,
    tables_after,
)
from kpis.backups.values import decode
from kpis.models import Publication

BATCH = 1_000_000  # bytes of rows that are stored at once
LOCK_PATIENCE = "10s"


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of it: publications in all, and those whose content does not fit their SHA-256."""

    publications: int
    damaged: tuple[int, ...]


def restore(
    *,
    backup: OpenedBackup,
    target: BaseDatabaseWrapper,
    keep: Callable[[], None],
) -> Restored:
    """Put the backup in the place of what the database holds.

    ``keep`` is called, where there is something, once nobody else can write, and before anything
    is changed. Raises BackupError, and then nothing has changed.
    """
    tables = tables_after(backup.manifest.migrations)
    _check_columns(backup, tables)
    with _one_transaction(target):
        present = present_tables(target)
        _hold(target, present)
        if present.migrations:
            keep()
        drop(target, present)
        make(target, tables)
        _load(target, backup, tables)
        _count_on(target, backup, tables)
        _bring_forward(target)
        _count_on(target, backup, tables)  # SQLite forgets where a step makes a table anew
        return _checked(target)


@contextlib.contextmanager
def _one_transaction(target: BaseDatabaseWrapper) -> Iterator[None]:
    target.disable_constraint_checking()  # SQLite allows it outside only; all is checked at the end
    try:
        with transaction.atomic(using=target.alias):
            yield
    except OperationalError as error:
        detail = str(error).strip().splitlines()[0]
        raise BackupError(
            "復元できませんでした。データベースは元のままです。サイトを止め、ディスクの空き容量を"
            f"確かめてから、もう一度実行してください（{detail}）。"
        ) from error
    except DatabaseError as error:
        detail = str(error).strip().splitlines()[0]
        raise BackupError(
            f"復元できませんでした。データベースは元のままです（{detail}）。"
        ) from error
    finally:
        target.enable_constraint_checking()


def _hold(target: BaseDatabaseWrapper, present: Tables) -> None:
    """Keep everybody else from writing; SQLite's transaction has done so as it began."""
    if target.vendor != "postgresql":
        return
    with target.cursor() as cursor:
        cursor.execute(UNHURRIED)
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_PATIENCE])
        for model in present.models:
            name = target.ops.quote_name(model._meta.db_table)
            cursor.execute(f"LOCK TABLE {name} IN EXCLUSIVE MODE")


def _check_columns(backup: OpenedBackup, tables: Tables) -> None:
    """Raise BackupError unless the backup has the very tables that its migrations make."""
    expected = {_table(one): [field.column for field in _fields(one)] for one in tables.kept}
    if expected != {one.table: list(one.columns) for one in backup.manifest.tables}:
        raise BackupError(DAMAGED.format(detail="表の構成が違います"))


def _load(target: BaseDatabaseWrapper, backup: OpenedBackup, tables: Tables) -> None:
    models = {_table(one): one for one in tables.kept}
    for table in backup.manifest.tables:
        try:
            _load_table(target, backup, table, models[table.table])
        except (ValueError, TypeError, ValidationError, json.JSONDecodeError):
            raise BackupError(DAMAGED.format(detail=table.table)) from None
    target.check_constraints()


def _load_table(
    target: BaseDatabaseWrapper, backup: OpenedBackup, table: Table, model: Any
) -> None:
    fields = _fields(model)
    columns = ", ".join(target.ops.quote_name(one.column) for one in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {target.ops.quote_name(table.table)} ({columns}) VALUES ({places})"  # noqa: S608
    with target.cursor() as cursor:
        for batch in _batches(backup.rows(table)):
            cursor.executemany(
                statement,
                [
                    [
                        field.get_db_prep_save(decode(field, value), target)
                        for field, value in zip(fields, row, strict=True)
                    ]
                    for row in batch
                ],
            )
        cursor.execute(f"SELECT COUNT(*) FROM {target.ops.quote_name(table.table)}")  # noqa: S608
        if cursor.fetchone()[0] != table.rows:
            raise BackupError(DAMAGED.format(detail=table.table))


def _batches(rows: Iterator[tuple[list[Any], int]]) -> Iterator[list[list[Any]]]:
    batch: list[list[Any]] = []
    size = 0
    for row, length in rows:
        batch.append(row)
        size += length
        if size > BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _bring_forward(target: BaseDatabaseWrapper) -> None:
    """Take the steps that the program has learnt since, as an upgrade does."""
    if target.vendor == "postgresql":
        with target.cursor() as cursor:  # a table with checks still to be made cannot be changed
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    ContentType.objects.clear_cache()
    call_command("migrate", database=target.alias, verbosity=0)


def _count_on(target: BaseDatabaseWrapper, backup: OpenedBackup, tables: Tables) -> None:
    models = {_table(one): one for one in tables.kept}
    go_on_counting(target, [(models[one.table], one.counter) for one in backup.manifest.tables])


def _checked(target: BaseDatabaseWrapper) -> Restored:
    """Check the whole once more, as it will stand."""
    target.check_constraints()
    if target.vendor == "sqlite":
        with target.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check(1)")
            found = cursor.fetchone()[0]
        if found != "ok":
            raise BackupError(f"復元したデータの検査で誤りが見つかりました（{found}）。")
    rows = Publication.objects.using(target.alias).values_list("pk", "payload", "sha256")
    fits = [(pk, payload.digest(text) == sha256) for pk, text, sha256 in rows.iterator(10)]
    return Restored(len(fits), tuple(pk for pk, good in fits if not good))


def _table(model: Any) -> str:
    return str(model._meta.db_table)


def _fields(model: Any) -> list[Any]:
    return list(model._meta.local_concrete_fields)
