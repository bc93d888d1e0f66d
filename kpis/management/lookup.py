"""What several commands ask for on their command line; wrong answers end with a Japanese message."""

import datetime as dt
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError

from actions.fiscal import FiscalYearError, Period, parse_period
from actions.models import Plan
from kpis.payload import PayloadError
from kpis.selectors import NotPublished, Shown, shown


def find_plan(slug: str) -> Plan:
    """Return the plan. Raises CommandError with the slugs that exist."""
    plan = Plan.objects.filter(slug=slug).first()
    if plan is None:
        known = "、".join(Plan.objects.values_list("slug", flat=True)) or "なし"
        raise CommandError(f"計画「{slug}」がありません（登録されている計画: {known}）。")
    return plan


def find_person(name: str) -> User:
    """Return the active user. Raises CommandError where there is none."""
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise CommandError(f"利用者「{name}」がいません。")
    return user


def find_person_or_only(name: str) -> User:
    """Return the named user, without a name the only administrator. Raises CommandError."""
    if name:
        return find_person(name)
    people = User.objects.filter(is_superuser=True, is_active=True)[:2]
    if len(people) != 1:
        there = "いません" if not people else "2人以上います"
        raise CommandError(f"システム管理者が{there}。--by で利用者名を指定してください。")
    return people[0]


def read_input(path: str) -> bytes:
    """Return the file's content. Raises CommandError where it cannot be read."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise CommandError(f"{path} を読めません（{error.strerror}）。") from None


def find_period(text: str) -> Period:
    """Return the period. Raises CommandError for a spelling that names none."""
    try:
        return parse_period(text)
    except FiscalYearError as error:
        raise CommandError(str(error)) from None


def add_publication_options(parser: ArgumentParser) -> None:
    """Add SLUG, --period and --version."""
    parser.add_argument("slug", metavar="SLUG", help="計画のスラッグ")
    parser.add_argument(
        "--period", help="報告期間（例: 2025-H1、R7-H1、2024-FY）。既定は最新の公表"
    )
    parser.add_argument("--version", dest="edition", help="公表の版。既定は最新の版")


def find_publication(options: dict[str, Any]) -> Shown:
    """Return the publication that the options name. Raises CommandError where there is none."""
    plan = find_plan(options["slug"])
    period = find_period(options["period"]) if options["period"] else None
    edition = whole_number(options["edition"], "--version") if options["edition"] else None
    try:
        return shown(plan.slug, period, edition)
    except (NotPublished, PayloadError) as error:
        raise CommandError(str(error)) from None


def find_day(text: str, name: str) -> dt.date:
    """Return the option's day. Raises CommandError for anything but YYYY-MM-DD."""
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise CommandError(
            f"{name} は 2026-04-20 の形の日付で指定してください（「{text}」は読み取れません）。"
        ) from None


def whole_number(text: str, name: str) -> int:
    """Return the option's number. Raises CommandError for anything but digits."""
    if not (str(text).isascii() and str(text).isdigit()):
        raise CommandError(f"{name} は数字で指定してください（「{text}」は読み取れません）。")
    return int(text)


def write_output(parts: Iterable[bytes], output: str) -> None:
    """Write to the file, or to standard output for ``-``. Raises CommandError where it cannot."""
    if output == "-":
        sys.stdout.buffer.writelines(parts)
        sys.stdout.buffer.flush()
        return
    try:
        with Path(output).open("wb") as file:
            file.writelines(parts)
    except OSError as error:
        raise CommandError(f"{output} に書き込めません（{error.strerror}）。") from None
