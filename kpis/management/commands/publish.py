"""Publish a period from the live records."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kpis.management.lookup import find_period, find_person, find_plan
from kpis.services import MoveError, publish_outright


class Command(BaseCommand):
    """publish SLUG PERIOD --by USER [--reason TEXT]."""

    help = "報告期間を公表します。公表した内容は固定され、訂正は新しい版になります。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("period", metavar="PERIOD", help="例: 2025-H1、R7-H1、2024-FY")
        parser.add_argument("--by", required=True, metavar="USER", help="公表する人の利用者名")
        parser.add_argument("--reason", default="", help="公表の理由。訂正では必須")

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Publish and say which version came out."""
        plan = find_plan(options["slug"])
        period = find_period(options["period"])
        user = find_person(options["by"])
        try:
            made = publish_outright(plan=plan, period=period, by=user, reason=options["reason"])
        except MoveError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"{period.label} 第{made.version}版を公表しました（SHA-256: {made.sha256}）。"
        )
