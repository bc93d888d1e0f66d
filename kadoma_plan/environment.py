"""Strict readers of environment variables: whatever is wrong with them is told at once.

A reader that finds something wrong notes it and goes on with a harmless value; the settings end with
``stop_if_wrong``, so that nothing starts, and whoever typed them reads every fault in one go.
"""

import difflib
import os
import re
import secrets
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

from kadoma_plan.databases import postgres_options, sqlite_entry

Value = TypeVar("Value")

_problems: list[str] = []  # of this start
_known = {"KADOMA_ADMIN_PASSWORD"}  # and every name that is asked for; quickstart reads this one


class SettingsError(ImproperlyConfigured):
    """Settings with which nothing may start; the message is Japanese and lists every fault."""


def note_problem(message: str) -> None:
    """Remember what is wrong, to be told with all the rest."""
    _problems.append(message)


def collected(read: Callable[[], Value], instead: Value) -> Value:
    """Return what is read, or note why it is wrong and return the value to go on with."""
    try:
        return read()
    except ImproperlyConfigured as error:
        note_problem(str(error))
        return instead


def unknown_variables(environ: Collection[str], known: Collection[str]) -> list[str]:
    """Return a message for each KADOMA_ variable that nothing asks for, with what is meant."""
    found = []
    for name in sorted(environ):
        if name.startswith("KADOMA_") and name not in known:
            near = difflib.get_close_matches(name, sorted(known), 1)
            meant = f"{near[0]} ではありませんか。" if near else "設定の名前を確かめてください。"
            found.append(f"環境変数 {name} という設定はありません。{meant}")
    return found


def stop_if_wrong(environ: Mapping[str, str] = os.environ) -> None:
    """Raise SettingsError with everything that the readers noted; called once they are all done."""
    found = [*_problems, *unknown_variables(environ, _known)]
    _problems.clear()
    if found:
        lines = "\n".join(f"  {number}. {one}" for number, one in enumerate(found, 1))
        raise SettingsError(f"設定に誤りがあるため、開始しません（{len(found)}件）。\n{lines}")


def env_text(name: str, default: str = "") -> str:
    """Return the variable's text, or the default where it is absent or empty."""
    _known.add(name)
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
    note_problem(f"環境変数 {name} は 1 か 0 で指定してください（現在の値: {text}）。")
    return default


def env_choice(name: str, choices: Collection[str]) -> str:
    """Return one of the choices; blank where the variable is absent or empty."""
    text = env_text(name)
    if text and text not in choices:
        note_problem(
            f"環境変数 {name} は {'、'.join(choices)} のどれかで指定してください（現在の値: {text}）。"
        )
        return ""
    return text


def env_list(name: str, default: list[str]) -> list[str]:
    """Return comma-separated entries without blanks."""
    text = env_text(name)
    return [entry.strip() for entry in text.split(",") if entry.strip()] if text else default


def env_number(name: str, default: int, least: int, most: int) -> int:
    """Return the whole number, which must lie between the two."""
    text = env_text(name)
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
        note_problem(
            f"環境変数 {name} は {least} から {most} までの整数で指定してください（現在の値: {text}）。"
        )
        return default
    return int(text)


def product_version(project: Path) -> str:
    """Return the product's version from its pyproject.toml, the only place that tells it."""
    return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])


def database(url: str, sqlite_file: Path) -> dict[str, Any]:
    """Return Django's DATABASES entry for a postgres:// address, or for SQLite where it is blank."""
    if not url:
        return sqlite_entry(sqlite_file)
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


_SHORTEST_KEY = 50  # as Django asks of a real server


def secret_key(file: Path) -> str:
    """Return KADOMA_SECRET_KEY, or the key kept in the file, which is made on the first start."""
    key = env_text("KADOMA_SECRET_KEY")
    if key and (len(key) < _SHORTEST_KEY or len(set(key)) < 5):
        note_problem(
            f"環境変数 KADOMA_SECRET_KEY は推測できない{_SHORTEST_KEY}文字以上にしてください"
            f"（現在は{len(key)}文字）。指定しなければ自動で作ります。"
        )
    try:
        return key or _kept_key(file)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "内容が壊れています"
        note_problem(
            f"データの置き場所にある {file} を読み書きできません（{reason}）。"
            "フォルダーの権限か、環境変数 KADOMA_DATA_DIR を確かめてください。"
        )
        return secrets.token_urlsafe(50)


def _kept_key(file: Path) -> str:
    # The database, too, is for the program alone: it holds drafts, and passwords as they are stored.
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
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


Network = IPv4Network | IPv6Network


def proxy_networks(texts: list[str]) -> tuple[Network, ...]:
    """Return the addresses and networks of the proxies whose word is taken."""
    try:
        return tuple(ip_network(one) for one in texts)
    except ValueError:
        raise ImproperlyConfigured(
            "環境変数 KADOMA_PROXIES は、プロキシのIPアドレスかネットワークを"
            " 127.0.0.1,10.1.2.0/24 の形で指定してください"
            f"（現在の値: {','.join(texts)}）。"
        ) from None


def remote_user_key(header: str, proxies: tuple[Network, ...]) -> str:
    """Return where a request keeps the header in which a proxy names the person; blank for none.

    Servers write ``X-User`` and ``X_User`` alike, and most proxies replace only the spelling that
    they know: a browser could slip in the other. So the name has one spelling, and no proxy no name.
    """
    if not header:
        return ""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", header):
        raise ImproperlyConfigured(
            "環境変数 KADOMA_REMOTE_USER は、プロキシが利用者名を入れるヘッダーの名前を、"
            " RemoteUser のように英数字だけで指定してください"
            "（- や _ を含む名前は、閲覧者が別のつづりで偽ることができます。"
            f"現在の値: {header}）。"
        )
    if not proxies:
        raise ImproperlyConfigured(
            "環境変数 KADOMA_REMOTE_USER を使うときは、利用者名を伝えるプロキシを"
            " KADOMA_PROXIES に指定してください。"
        )
    return f"HTTP_{header.upper()}"


def cookie_prefix(https: bool, path: str) -> str:
    """Return how the names of cookies begin, so that browsers hold them to this very site."""
    if not https:
        return ""
    return "__Host-" if path == "/" else "__Secure-"  # __Host- is for the path / only


def subpath(text: str) -> str:
    """Return the path below which the site is reached, /kpi, without a last slash; blank for none."""
    path = text.strip("/")
    if text and not re.fullmatch(r"/[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*/?", text):
        raise ImproperlyConfigured(
            f"環境変数 KADOMA_SUBPATH は /kpi の形で指定してください（現在の値: {text}）。"
        )
    return f"/{path}" if path else ""


def check_hosts(hosts: Collection[str], origins: Collection[str]) -> None:
    """Note names under which anyone could pass for the site, and those that are no names."""
    for host in hosts:
        if host == "*":
            note_problem(
                "環境変数 KADOMA_ALLOWED_HOSTS に * は使えません。利用者が開くホスト名を書いてください。"
            )
        elif "/" in host or (host.rpartition(":")[2].isdigit() and "[" not in host):
            note_problem(
                "環境変数 KADOMA_ALLOWED_HOSTS には、https:// やポート番号を付けずに"
                f"ホスト名だけを書いてください（現在の値: {host}）。"
            )
    for origin in origins:
        if not re.fullmatch(r"https?://[^/\s]+", origin):
            note_problem(
                "環境変数 KADOMA_TRUSTED_ORIGINS には https://plan.example.lg.jp の形で"
                f"（パスを付けずに）書いてください（現在の値: {origin}）。"
            )


def check_debug(*, debug: bool, https: bool, hosts: Collection[str]) -> None:
    """Note a development setting that would show everyone the program's inside."""
    own = {"127.0.0.1", "localhost", "[::1]"}
    if debug and (https or not set(hosts) <= own):
        note_problem(
            "環境変数 KADOMA_DEBUG=1 は開発用です。KADOMA_HTTPS や、このパソコン以外の"
            " KADOMA_ALLOWED_HOSTS と一緒には使えません。KADOMA_DEBUG を消してください。"
        )
