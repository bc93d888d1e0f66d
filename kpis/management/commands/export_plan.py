"""Write a whole plan to its plan book."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from kpis.management.lookup import find_plan, write_output
from kpis.selectors import plan_book
from kpis.workbooks import plan_book_workbook


class Command(BaseCommand):
    """export_plan SLUG -o FILE.xlsx."""

    help = "計画の全体を計画ブック（Excel）に書き出します。公表前の内容も含みます。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("slug", metavar="SLUG", help="計画のスラッグ")
        parser.add_argument("-o", "--output", required=True, help="書き出し先。- は標準出力")

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Write the file."""
        book = plan_book(find_plan(options["slug"]))
        write_output([plan_book_workbook(book)], options["output"])
