"""System checks of what years of service need: SQLite's place, PostgreSQL's encoding, the clock."""

import datetime as dt
import os
import sqlite3
import sys
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register
from django.db import DatabaseError, connection
from django.utils import timezone

from kadoma_plan.databases import SAFE_WAL
from kpis.selectors.newest import newest_record

NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs", "ceph"})
TOLERATED = dt.timedelta(minutes=10)  # clocks of two machines differ a little


def register_all() -> None:
    """Register the checks; those of the database's inside run with ``check --database default``."""
    register(sqlite_version, "kadoma", deploy=True)
    register(sqlite_place, "kadoma")
    register(postgresql_encoding, Tags.database)
    register(clock, Tags.database)


def _sqlite_file() -> Path | None:
    """Return the database's file; None for PostgreSQL and for a database in memory."""
    name = str(settings.DATABASES["default"].get("NAME", ""))
    is_file = connection.vendor == "sqlite" and name and not name.startswith((":memory:", "file:"))
    return Path(name) if is_file else None


def sqlite_version(app_configs: Any = None, **_: Any) -> list[CheckMessage]:
    """Tell that an old SQLite keeps the slower, safe journal; with ``check --deploy`` alone."""
    if connection.vendor != "sqlite" or sqlite3.sqlite_version_info >= SAFE_WAL:
        return []
    return [
        Info(
            f"SQLite {sqlite3.sqlite_version} は先行書き込みログ（WAL）に既知の不具合があるため、"
            "ロールバックジャーナルを使います。",
            hint="このままで安全です。同時に書き込む人が多いときは PostgreSQL を使ってください。",
            id="kadoma.I001",
        )
    ]


def sqlite_place(app_configs: Any = None, **_: Any) -> list[CheckMessage]:
    """Warn of a database file on another machine's disk, where locks do not hold."""
    file = _sqlite_file()
    if file is None or not is_on_network(file, _mounts()):
        return []
    return [
        Warning(
            f"SQLite のデータベース {file} がネットワークドライブにあります。"
            "排他制御が働かず、データベースが壊れるおそれがあります。",
            hint="KADOMA_DATA_DIR をこのコンピューターのディスクにするか、PostgreSQL を使ってください。",
            id="kadoma.W001",
        )
    ]


def _mounts() -> list[tuple[str, str]]:
    """Return (place, kind) of every file system that Linux has mounted; none elsewhere."""
    table = Path("/proc/mounts")
    if not table.exists():
        return []
    rows = (line.split() for line in table.read_text(errors="replace").splitlines())
    return [(row[1].replace("\\040", " "), row[2]) for row in rows if len(row) > 2]


def is_on_network(file: Path, mounts: Iterable[tuple[str, str]]) -> bool:
    r"""Return whether the file lies on another machine: \\server\share, a mapped drive, NFS …."""
    if str(file).startswith(("\\\\", "//")):
        return True
    if sys.platform == "win32":
        import ctypes

        remote = 4  # DRIVE_REMOTE
        return bool(ctypes.windll.kernel32.GetDriveTypeW(f"{file.drive}\\") == remote)
    above = [(len(place), kind) for place, kind in mounts if _is_below(file, place)]
    return max(above)[1] in NETWORK if above else False


def _is_below(file: Path, place: str) -> bool:
    return os.path.commonpath([str(file), place]) == place.rstrip("/") or place == "/"


def postgresql_encoding(
    app_configs: Any = None, databases: Collection[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Refuse a PostgreSQL database that cannot keep every Japanese character."""
    if not databases or connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        (encoding,) = cursor.fetchone()
    if encoding == "UTF8":
        return []
    return [
        Error(
            f"PostgreSQL のデータベースの文字コードが {encoding} です。UTF8 でなければなりません。",
            hint="createdb --encoding=UTF8 --template=template0 で作り直してください。",
            id="kadoma.E001",
        )
    ]


def clock(
    app_configs: Any = None, databases: Collection[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Warn of a clock behind the newest record: deadlines and the history would be wrong."""
    if not databases:
        return []
    try:
        newest = newest_record()
    except DatabaseError:
        return []  # no tables yet
    now = timezone.now()
    if newest is None or newest <= now + TOLERATED:
        return []
    return [
        Warning(
            f"このコンピューターの時計（{timezone.localtime(now):%Y/%m/%d %H:%M}）が、"
            f"最も新しい記録（{timezone.localtime(newest):%Y/%m/%d %H:%M}）より前です。",
            hint="時計を合わせてください（時刻同期の設定も確かめてください）。",
            id="kadoma.W002",
        )
    ]
