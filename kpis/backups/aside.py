"""A SQLite file that this program cannot use: renamed, never deleted, so that a new one can stand."""

from pathlib import Path

from django.db import DatabaseError, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from kpis.backups.manifest import BackupError
from kpis.backups.tables import present_tables

_SIDE_FILES = ("", "-journal", "-wal", "-shm")


def set_aside_if_unusable(target: BaseDatabaseWrapper) -> Path | None:
    """Rename the database's file where it is damaged or a newer program's; return its new name.

    PostgreSQL's files are its server's own affair, and there is nothing to be done.
    """
    if target.vendor != "sqlite":
        return None
    file = Path(target.settings_dict["NAME"])
    if not file.exists() or _usable(target):
        return None
    stamp = f"{timezone.localtime():%Y%m%d-%H%M%S}"
    kept = file.with_name(f"{file.stem}-{stamp}{file.suffix}")
    for ending in _SIDE_FILES:
        side = file.with_name(file.name + ending)
        if side.exists():
            side.rename(kept.with_name(kept.name + ending))
    return kept


def _usable(target: BaseDatabaseWrapper) -> bool:
    try:
        with target.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)")
            sound = cursor.fetchone()[0] == "ok"
        present_tables(target)
    except OperationalError as error:  # in use: that is no damage
        raise BackupError(
            f"データベースを開けません。サイトを止めてから、もう一度実行してください（{error}）。"
        ) from None
    except (DatabaseError, BackupError):
        return False
    finally:
        target.close()
    return bool(sound)
