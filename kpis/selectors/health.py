"""Whether the database and the static files are there to serve with, asked within seconds."""

from functools import cache
from threading import Lock, Thread
from typing import Any

from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.db import DatabaseError, connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

READY = "ok"
SECONDS = 3.0  # a load balancer waits some five
_SILENT = f"データベースが{SECONDS:.0f}秒以内に応答しません"
_REFUSED = "データベースに接続できません"
_UNKNOWN = "データベースに接続できないため、確認できません"
_BEHIND = "適用していない変更があります（quickstart --no-serve を実行してください）"
_NO_FILES = "集めた静的ファイルがありません（quickstart --no-serve を実行してください）"


class _Question(Thread):
    """Asks the database; whoever asks does not wait for its answer longer than they wish."""

    def __init__(self) -> None:
        super().__init__(name="readyz", daemon=True)  # a silent database does not hold the stop
        self.found = {"database": _SILENT, "migrations": _UNKNOWN}

    def run(self) -> None:
        self.found = _database()


_lock = Lock()
_last: list[_Question] = []  # at most one: however often a silent database is asked after


def checks(seconds: float = SECONDS) -> dict[str, str]:
    """Return what is needed with READY or, in Japanese, what is wrong; nothing that is secret."""
    with _lock:
        if not _last or not _last[0].is_alive():
            _last[:] = [_Question()]
            _last[0].start()
        question = _last[0]
    question.join(seconds)
    return {**question.found, "static": _static()}


def _database() -> dict[str, str]:
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except (DatabaseError, OSError):
        return {"database": _REFUSED, "migrations": _UNKNOWN}
    finally:
        connections.close_all()  # this thread's own; a server that comes back is met anew
    behind = _migrations() - applied.keys()
    return {"database": READY, "migrations": _BEHIND if behind else READY}


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    """Return every migration of this program; they stay as they are while it runs."""
    return frozenset(MigrationLoader(None).disk_migrations or {})


def _static() -> str:
    """Return whether the files were collected that pages link to."""
    storage: Any = staticfiles_storage  # of a class that the settings name
    if isinstance(storage, ManifestFilesMixin) and not storage.hashed_files:
        return _NO_FILES
    return READY
