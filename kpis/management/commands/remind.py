"""Remind the sections in charge of the figures that are due."""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kpis.management.lookup import find_day, find_plan
from kpis.models import ReportingPeriod
from kpis.selectors import entering_periods
from kpis.services import Message, Outcome, mail_is_set_up, planned, send_reminders
from kpis.turns import lateness, round_label

NOT_SET_UP = (
    "メールの設定がないため、送信も記録もしていません。"
    "送信するには、環境変数 KADOMA_EMAIL_URL と KADOMA_EMAIL_FROM を設定してください。"
)


class Command(BaseCommand):
    """remind [SLUG] [--dry-run] [--today YYYY-MM-DD]: meant to be run once a day."""

    help = "入力中の報告期間について、所管課に入力のお願いと督促のメールを送ります。同じものは二度送りません。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("slug", metavar="SLUG", nargs="?", help="計画のスラッグ。既定はすべて")
        parser.add_argument("--dry-run", action="store_true", help="送らずに、全文を表示する")
        parser.add_argument("--today", metavar="YYYY-MM-DD", help="今日とみなす日。既定は本日")

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Send what is due, or show it. Raises CommandError where a message was not sent."""
        plan = find_plan(options["slug"]) if options["slug"] else None
        day = options["today"]
        today = find_day(day, "--today") if day else timezone.localdate()
        periods = entering_periods(plan)
        if not periods:
            self.stdout.write("入力中の報告期間はありません。")
        troubles = [
            message
            for period in periods
            for message in self._round(period, today, dry_run=options["dry_run"])
            if message.error
        ]
        if not mail_is_set_up():
            self.stdout.write(NOT_SET_UP)
        if troubles:
            raise CommandError(_told(troubles))

    def _round(self, period: ReportingPeriod, today: dt.date, *, dry_run: bool) -> list[Message]:
        """Send or plan one round's messages, tell them, and return them."""
        title = f"{period.plan.name} {round_label(period.period)}"
        self.stdout.write(f"{title}: {lateness(period.due, today) or '入力期限が未設定'}")
        work = planned if dry_run else send_reminders
        messages = work(period=period, today=today)
        for one in messages:
            self.stdout.write(f"  {_line(one)}")
            if dry_run:
                self.stdout.write(_text(one))
        if not messages:
            self.stdout.write("  送るものはありません。")
        return messages


def _line(message: Message) -> str:
    to = "、".join(message.recipients)
    head = f"{message.outcome.label}: {message.section} {message.notice.kind.label}"
    return f"{head}（{to}）" if to else head


def _text(message: Message) -> str:
    lines = [f"件名: {message.notice.subject}", "", *message.notice.body.splitlines()]
    return "\n".join(f"    {line}".rstrip() for line in lines) + "\n"


def _told(troubles: list[Message]) -> str:
    """Return which sections' messages failed, which are uncertain, and what the server answered."""
    parts = []
    for outcome, ending in (
        (Outcome.FAILED, "次回の実行でもう一度送ります"),
        (Outcome.UNKNOWN, "二重に送らないよう、自動では送り直しません"),
    ):
        sections = dict.fromkeys(one.section for one in troubles if one.outcome is outcome)
        if sections:
            parts.append(f"{outcome.label}: {'、'.join(sections)}（{ending}）。")
    answers = dict.fromkeys(one.error for one in troubles)
    return "".join([*parts, *answers])
