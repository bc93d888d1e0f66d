"""The database's data as they stand at one moment, while people go on working."""

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend

from kpis.backups.manifest import BackupError

_ALIAS = "standing"
PATIENCE = 60  # seconds to wait for those who write
# Limits that suit pages would cut a long backup off.
UNHURRIED = "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"


@contextlib.contextmanager
def standing(source: BaseDatabaseWrapper, folder: Path) -> Iterator[BaseDatabaseWrapper]:
    """Yield a connection of its own to data that no longer change; ``folder`` takes a copy.

    SQLite is copied by its own backup, which waits for writers and keeps them waiting for a moment
    only; PostgreSQL shows one transaction the same data throughout.
    """
    beside = source.copy(_ALIAS)
    if source.vendor == "sqlite":
        beside.settings_dict["NAME"] = folder / "standing.sqlite3"
        _copy(Path(source.settings_dict["NAME"]), beside.settings_dict["NAME"])
    connections[_ALIAS] = beside
    try:
        with transaction.atomic(using=_ALIAS):
            if source.vendor == "postgresql":
                with beside.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                    cursor.execute(UNHURRIED)
            yield beside
    finally:
        beside.close()
        del connections[_ALIAS]


def sqlite_file(path: Path, like: BaseDatabaseWrapper) -> BaseDatabaseWrapper:
    """Return a connection to a SQLite file that is not the database in use."""
    settings = {**like.settings_dict, "ENGINE": "django.db.backends.sqlite3", "NAME": path}
    settings["OPTIONS"] = {}
    wrapper = load_backend(settings["ENGINE"]).DatabaseWrapper
    made: BaseDatabaseWrapper = wrapper(settings, "given")
    return made


def _copy(source: Path, copy: Path) -> None:
    deadline = time.monotonic() + PATIENCE

    def impatient(*_progress: Any) -> None:
        if time.monotonic() > deadline:
            raise BackupError(
                "データベースが使用中のままです。しばらくしてから、もう一度実行してください。"
            )

    if not source.exists():
        raise BackupError(f"データベース {source} がありません。")
    try:
        with (
            contextlib.closing(sqlite3.connect(source, timeout=PATIENCE)) as from_,
            contextlib.closing(sqlite3.connect(copy)) as to,
        ):
            from_.backup(to, progress=impatient, sleep=0.01)
    except sqlite3.Error as error:
        raise BackupError(
            f"データベースを写し取れません。ディスクの空き容量を確かめてください（{error}）。"
        ) from None
