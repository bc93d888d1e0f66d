"""How connections to the database are made, and what each of them is told."""

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from django.core.exceptions import ImproperlyConfigured

# Write-ahead logging could corrupt the file in a rare race before this SQLite; an older one keeps
# the rollback journal, which is slower with many writers but safe.
SAFE_WAL = (3, 51, 3)

_DEFAULTS = {
    "application_name": "kadoma_plan",  # by which the server's own lists name us
    "connect_timeout": "10",  # seconds; a server that does not answer must not hold who waits
    # A machine or a network that goes away answers nothing: without these a page waits two hours.
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",  # milliseconds
}
# No statement of ours takes long; one who holds a row makes others wait no longer than SQLite does,
# and a program that stops half-way must not hold its rows for ever.
_LIMITS = "-c statement_timeout=60s -c lock_timeout=20s -c idle_in_transaction_session_timeout=120s"


def postgres_options(query: str) -> dict[str, str]:
    """Return libpq's settings: our defaults, and over them what stands after the address's ``?``.

    The server's own settings (``options=-c statement_timeout=5min``) come after our limits, of
    which the later counts; a blank ``options=`` sends none, as some poolers ask. Raises
    ImproperlyConfigured for what libpq does not know.
    """
    from psycopg import ProgrammingError
    from psycopg.conninfo import make_conninfo

    asked = dict(parse_qsl(query, keep_blank_values=True))
    own = asked.get("options")
    limits = _LIMITS if own is None else own and f"{_LIMITS} {own}"
    found = _DEFAULTS | asked | {"options": limits}
    try:
        make_conninfo("", **found)
    except ProgrammingError as error:
        raise ImproperlyConfigured(
            f"環境変数 DATABASE_URL の ? より後ろに、PostgreSQLの接続にない設定があります（{str(error).strip()}）。"
        ) from None
    return found


def sqlite_entry(file: Path) -> dict[str, Any]:
    """Return Django's DATABASES entry for the file."""
    journal = "WAL" if sqlite3.sqlite_version_info >= SAFE_WAL else "TRUNCATE"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "CONN_MAX_AGE": 60,  # opening the file and reading its schema takes longer than most pages
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": f"PRAGMA journal_mode={journal}; PRAGMA synchronous=FULL;",
        },
    }
