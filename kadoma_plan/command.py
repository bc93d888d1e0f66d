"""The command line: wrong settings are told in words, and who ran which command is in the log."""

import getpass
import logging
import os
import sys
from collections.abc import Sequence

from django.core.management import execute_from_command_line, get_commands

from kadoma_plan.environment import SettingsError

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
    status: object = 1
    try:
        execute_from_command_line(list(words))
        status = 0
    except SystemExit as end:
        status = end.code or 0
        raise
    finally:
        _tell(words[1] if len(words) > 1 else "", status)


def _tell(command: str, status: object) -> None:
    """Log the command by its name alone: what follows it may name persons, files and reasons."""
    if command in _OTHERS or get_commands().get(command) == _OWN:
        from kpis.services.journal import Act, note

        level = logging.INFO if status == 0 else logging.WARNING
        note(Act.COMMAND, by=_person(), level=level, command=command, status=status)


def _person() -> str:
    """Return whose account of the machine it is, told apart from names of the product."""
    try:
        return f"os:{getpass.getuser()}"
    except (OSError, KeyError, ImportError):
        return ""
