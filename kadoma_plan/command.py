"""The command line: what hinders a command is told in words, and who ran which is in the log."""

import getpass
import logging
import os
import sys
from collections.abc import Sequence

from django.core.management import execute_from_command_line, get_commands
from django.db import DatabaseError, InterfaceError, NotSupportedError, connection

from kadoma_plan.environment import SettingsError
from kadoma_plan.troubles import Trouble, trouble_of

_OWN = "kpis"  # the app whose commands are the product's
# What to look at, for whoever starts the program: a page tells others to ask them.
_NOT_THERE = {
    "postgresql": "データベース（PostgreSQL）に接続できません（{said}）。"
    "データベースが動いているか、環境変数 DATABASE_URL を確かめてください。",
    "sqlite": "データベースのファイルを開けないか、書き込めません（{said}）。"
    "ディスクの空き容量、フォルダーの権限、環境変数 KADOMA_DATA_DIR を確かめてください。",
}
_NO_FILE = (
    "ファイルを読み書きできません（{file}: {said}）。"
    "ディスクの空き容量とフォルダーの権限を確かめてください。"
)
_OTHERS = {"migrate", "createsuperuser", "changepassword", "loaddata", "flush", "shell", "dbshell"}


def run(words: Sequence[str]) -> None:
    """Run the command that the words name, and log it where it does or shows anything."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kadoma_plan.settings")
    from django.conf import settings

    try:
        settings.INSTALLED_APPS  # noqa: B018  # reads the settings, all of them
    except SettingsError as error:
        sys.exit(str(error))
    command = words[1] if len(words) > 1 else ""
    status: object = 1
    try:
        execute_from_command_line(list(words))
        status = 0
    except SystemExit as end:
        status = end.code or 0
        raise
    except (DatabaseError, InterfaceError, OSError) as error:
        told = _hindrance(error) if _is_own(command) else ""
        if not told:
            raise
        sys.exit(f"CommandError: {told}")
    finally:
        _tell(command, status)


def _is_own(command: str) -> bool:
    return get_commands().get(command) == _OWN


def _hindrance(error: Exception) -> str:
    """Return what outside the program made the command fail; blank for a fault of its own."""
    said = (str(error).splitlines() or [type(error).__name__])[0]
    if isinstance(error, NotSupportedError):
        return f"データベースの版が古いため、使えません（{said}）。PostgreSQL は14以上を使ってください。"
    trouble = trouble_of(error)
    if trouble is Trouble.GONE or (trouble is Trouble.READ_ONLY and connection.vendor == "sqlite"):
        return _NOT_THERE[connection.vendor].format(said=said)
    if trouble is not None:
        return str(trouble.value)
    if isinstance(error, OSError):
        return _NO_FILE.format(file=error.filename or "ファイル名不明", said=error.strerror or said)
    from kpis.selectors.health import READY, checks

    behind = checks()["migrations"]
    return "" if behind == READY else f"データベースの準備がまだです。{behind}"


def _tell(command: str, status: object) -> None:
    """Log the command by its name alone: what follows it may name persons, files and reasons."""
    if command in _OTHERS or _is_own(command):
        from kpis.services.journal import Act, note

        level = logging.INFO if status == 0 else logging.WARNING
        note(Act.COMMAND, by=_person(), level=level, command=command, status=status)


def _person() -> str:
    """Return whose account of the machine it is, told apart from names of the product."""
    try:
        return f"os:{getpass.getuser()}"
    except (OSError, KeyError, ImportError):
        return ""
