"""The command line: wrong settings are told in words, and who ran which command is in the log."""

import getpass
import logging
import os
import sys
from collections.abc import Sequence

from django.core.management import execute_from_command_line, get_commands
from django.db import DatabaseError, InterfaceError

from kadoma_plan.environment import SettingsError
from kadoma_plan.troubles import trouble_of

_OWN = "kpis"  # the app whose commands are the product's
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
    trouble = trouble_of(error)
    if trouble is not None:
        return trouble.value
    from kpis.selectors.health import READY, checks

    behind = checks()["migrations"] if isinstance(error, DatabaseError) else READY
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
