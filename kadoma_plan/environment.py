"""Strict readers of environment variables: a wrong value stops the start with a clear message."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def env_text(name: str, default: str = "") -> str:
    """Return the variable's text, or the default where it is absent or empty."""
    return os.environ.get(name, "").strip() or default


def env_bool(name: str, default: bool = False) -> bool:
    """Return True for 1/true/yes/on and False for 0/false/no/off."""
    text = env_text(name).lower()
    if not text:
        return default
    if text in ("1", "true", "yes", "on"):
        return True
    if text in ("0", "false", "no", "off"):
        return False
    raise ImproperlyConfigured(
        f"環境変数 {name} は 1 か 0 で指定してください（現在の値: {text}）。"
    )


def env_list(name: str, default: list[str]) -> list[str]:
    """Return comma-separated entries without blanks."""
    text = env_text(name)
    return [entry.strip() for entry in text.split(",") if entry.strip()] if text else default


def database(url: str, sqlite_file: Path) -> dict[str, Any]:
    """Return Django's DATABASES entry for a postgres:// address, or for SQLite where it is blank."""
    if not url:
        return _sqlite(sqlite_file)
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            "環境変数 DATABASE_URL は postgres://利用者:パスワード@ホスト:5432/データベース名 の形で指定してください。"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _sqlite(file: Path) -> dict[str, Any]:
    import sqlite3

    # Write-ahead logging could corrupt the file in a rare race before SQLite 3.51.3; an older
    # SQLite keeps the rollback journal, which is slower with many writers but safe.
    journal = "WAL" if sqlite3.sqlite_version_info >= (3, 51, 3) else "TRUNCATE"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": f"PRAGMA journal_mode={journal}; PRAGMA synchronous=FULL;",
        },
    }


def secret_key(file: Path) -> str:
    """Return KADOMA_SECRET_KEY, or the key kept in the file, which is made on the first start."""
    if key := env_text("KADOMA_SECRET_KEY"):
        return key
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text().strip()
    with os.fdopen(descriptor, "w") as handle:
        handle.write(secrets.token_urlsafe(50))
    return file.read_text().strip()
