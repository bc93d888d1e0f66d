"""Write the council's papers of a publication to a workbook."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kpis.management.lookup import add_publication_options, find_publication, write_output
from kpis.payload import PayloadError
from kpis.selectors import council_papers
from kpis.workbooks.council import council_workbook


class Command(BaseCommand):
    """export_council SLUG [--period PERIOD] [--version N] -o FILE.xlsx."""

    help = "公表した内容から会議資料（Excel）を作成します。"

    def create_parser(self, *arguments: Any, **options: Any) -> Any:
        """Free the name --version, which Django keeps for itself."""
        return super().create_parser(*arguments, conflict_handler="resolve", **options)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        add_publication_options(parser)
        parser.add_argument("-o", "--output", required=True, help="書き出し先。- は標準出力")

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Write the file."""
        try:
            papers = council_papers(find_publication(options))
        except PayloadError as error:
            raise CommandError(str(error)) from None
        write_output(council_workbook(papers), options["output"])
