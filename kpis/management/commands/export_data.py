"""Write a publication's open data to a file."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from kpis.management.lookup import add_publication_options, find_publication, write_output
from kpis.opendata import csv_bytes, json_text
from kpis.workbooks import open_data_workbook


class Command(BaseCommand):
    """export_data SLUG [--period PERIOD] [--version N] --format csv|xlsx|json -o FILE."""

    help = "公表したデータをオープンデータ（CSV・XLSX・JSON）として書き出します。"

    def create_parser(self, *arguments: Any, **options: Any) -> Any:
        """Free the name --version, which Django keeps for itself."""
        return super().create_parser(*arguments, conflict_handler="resolve", **options)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        add_publication_options(parser)
        parser.add_argument("--format", choices=["csv", "xlsx", "json"], default="csv")
        parser.add_argument("--encoding", choices=["utf-8", "cp932"], default="utf-8")
        parser.add_argument("-o", "--output", required=True, help="書き出し先。- は標準出力")

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Write the file."""
        progress = find_publication(options).progress
        if options["format"] == "xlsx":
            content = open_data_workbook(progress)
        elif options["format"] == "json":
            content = json_text(progress).encode()
        else:
            content = b"".join(csv_bytes(progress, options["encoding"]))
        write_output(content, options["output"])
