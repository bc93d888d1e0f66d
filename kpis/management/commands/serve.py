"""Serve the site on a real server, once ``quickstart --no-serve`` has prepared it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kpis.management.lookup import whole_number
from kpis.management.serving import Place, serve
from kpis.management.starting import check_machine
from kpis.selectors.health import READY, checks


class Command(BaseCommand):
    """serve [--host ADDRESS] [--port N] [--workers N]."""

    help = "サイトを開始します（準備は quickstart --no-serve で済ませておきます）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--host", default="127.0.0.1", help="待ち受けるアドレス")
        parser.add_argument("--port", default="8000", help="待ち受けるポート番号")
        parser.add_argument("--workers", default="0", help="プロセスの数。既定はCPUに合わせて1か2")

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Serve where everything is ready; otherwise say what is missing."""
        place = Place(options["host"], whole_number(options["port"], "--port"))
        workers = whole_number(options["workers"], "--workers")
        place.check()
        check_machine(self.stderr.write)
        wrong = [one for one in checks().values() if one != READY]
        if wrong:
            raise CommandError("開始できません: " + "、".join(wrong))
        serve(place, say=self.stdout.write, workers=workers)
