"""Whether this machine and its database are fit to start on."""

from collections.abc import Callable

from django.core.checks import ERROR, WARNING, Tags, run_checks
from django.core.management.base import CommandError


def check_machine(warn: Callable[[str], object]) -> None:
    """Run the checks that ask the database, which no command runs by itself.

    Warns, or raises CommandError for errors.
    """
    asked = run_checks(tags=[Tags.database], databases=["default"])
    found = [one for one in asked if one.level >= WARNING]
    lines = [f"{one.msg}\n  {one.hint or ''}".rstrip() for one in found]
    if any(one.level >= ERROR for one in found):
        raise CommandError("\n".join(lines))
    for line in lines:
        warn(line)
