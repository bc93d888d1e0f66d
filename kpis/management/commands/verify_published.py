"""Compare the rates typed in from published papers with the computed ones."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kpis.management.lookup import find_plan
from kpis.selectors import printed_rates


class Command(BaseCommand):
    """verify_published SLUG: exit status 1 where a computed rate differs from the printed one."""

    help = "公表資料に印刷された達成率と、計算した達成率を照合します。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("slug", metavar="SLUG")

    def handle(self, *arguments: Any, **options: Any) -> None:
        """List every printed rate with the computed one, and each difference."""
        rows = printed_rates(find_plan(options["slug"]))
        for row in rows:
            mark = "一致" if row.agrees else "相違"
            self.stdout.write(
                f"{mark}  {row.period.label}  {row.code} {row.name}  "
                f"公表 {row.printed}  計算 {row.computed or '（未入力）'}"
            )
        different = sum(not row.agrees for row in rows)
        if different:
            raise CommandError(f"{len(rows)}件のうち{different}件が公表資料と異なります。")
        self.stdout.write(f"{len(rows)}件すべてが公表資料と一致しました。")
