"""Strict readers of environment variables: a wrong value stops the start with a clear message."""

import os
import re
import secrets
import tomllib
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

from kadoma_plan.databases import postgres_options


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


def product_version(project: Path) -> str:
    """Return the product's version from its pyproject.toml, the only place that tells it."""
    return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])


def database(url: str, sqlite_file: Path) -> dict[str, Any]:
    """Return Django's DATABASES entry for a postgres:// address, or for SQLite where it is blank."""
    if not url:
        return _sqlite(sqlite_file)
    parts, port = _split(url, _WRONG_DATABASE_URL, needs_host=False)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise ImproperlyConfigured(_WRONG_DATABASE_URL)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(port or ""),
        "OPTIONS": postgres_options(parts.query),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


_WRONG_DATABASE_URL = (
    "環境変数 DATABASE_URL は postgres://利用者:パスワード@ホスト:5432/データベース名 の形で指定してください"
    "（パスワードの中の記号は %40 のように書きます）。"
)


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


@dataclass(frozen=True, slots=True)
class MailServer:
    """How mail leaves the office; as it stands, nothing leaves and nothing waits for a server."""

    backend: str = "django.core.mail.backends.dummy.EmailBackend"
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    use_tls: bool = False  # STARTTLS
    use_ssl: bool = False  # TLS from the first byte


_MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
_WRONG_MAIL_URL = (
    "環境変数 KADOMA_EMAIL_URL は smtp://利用者:パスワード@ホスト:25 の形で指定してください"
    "（STARTTLS は smtp+tls://、TLS は smtps://。利用者とパスワードは省略できます。"
    "その中の記号は %40 のように書きます）。"
)


def mail_server(url: str) -> MailServer:
    """Return the mail server of the address; the one that sends nothing where it is blank.

    Raises ImproperlyConfigured, without repeating the address: it may hold a password.
    """
    if not url:
        return MailServer()
    parts, port = _split(url, _WRONG_MAIL_URL)
    beyond_host = parts.path.strip("/") or parts.query or parts.fragment
    if (
        parts.scheme not in _MAIL_PORTS
        or beyond_host
        or bool(parts.username) != bool(parts.password)
    ):
        raise ImproperlyConfigured(_WRONG_MAIL_URL)
    return MailServer(
        backend="django.core.mail.backends.smtp.EmailBackend",
        host=parts.hostname or "",
        port=port or _MAIL_PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_tls=parts.scheme == "smtp+tls",
        use_ssl=parts.scheme == "smtps",
    )


def _split(url: str, message: str, needs_host: bool = True) -> tuple[SplitResult, int | None]:
    """Return the parts of an address, and its port."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ImproperlyConfigured(message) from None
    if (needs_host and not parts.hostname) or _HAS_NO_PLACE.search(url):
        raise ImproperlyConfigured(message)
    return parts, port


# White space, and a percent sign that begins no byte: a password's own is written %25.
_HAS_NO_PLACE = re.compile(r"\s|%(?![0-9A-Fa-f]{2})")


def mail_sender(text: str, server: MailServer) -> str:
    """Return the sender of the mails; blank is allowed only where no mail is sent."""
    if not text and not server.host:
        return ""
    try:
        validate_email("" if "\n" in text else parseaddr(text)[1])
    except ValidationError:
        raise ImproperlyConfigured(
            "環境変数 KADOMA_EMAIL_FROM に、メールの差出人を"
            " 〇〇市〇〇課 <kikaku@example.lg.jp> の形で指定してください"
            f"（KADOMA_EMAIL_URL を指定したときは必要です。現在の値: {text or '空'}）。"
        ) from None
    return text


def site_url(text: str) -> str:
    """Return the address under which staff reach the site, without a last slash; blank for none."""
    if not text:
        return ""
    message = (
        "環境変数 KADOMA_SITE_URL は https://plan.example.lg.jp の形で指定してください"
        f"（現在の値: {text}）。"
    )
    parts, _ = _split(text, message)
    if parts.scheme not in ("http", "https") or parts.query or parts.fragment:
        raise ImproperlyConfigured(message)
    return text.rstrip("/")
