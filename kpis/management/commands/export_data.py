"""Write a publication's open data to a file."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from kpis.management.lookup import add_publication_options, find_publication, write_output
from kpis.opendata import replaced
from kpis.opendata.files import CP932, DATA, UTF8, DataFile
from kpis.progress import PlanProgress


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
        parser.add_argument("--encoding", choices=[UTF8, CP932], default=UTF8)
        parser.add_argument("-o", "--output", required=True, help="書き出し先。- は標準出力")

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Write the file."""
        progress = find_publication(options).progress
        file = _file(options["format"], options["encoding"])
        write_output(file.make(progress), options["output"])
        if file.encoding == CP932:
            self._tell_replaced(progress)

    def _tell_replaced(self, progress: PlanProgress) -> None:
        """List on standard error what CP932 cannot write, and what stands there instead."""
        lines = [f"  {one.words}" for one in replaced(progress)]
        told = ["CP932で書けない文字:", *lines] if lines else ["CP932で書けない文字: 該当なし"]
        self.stderr.write("\n".join(told), style_func=self.style.WARNING)


def _file(kind: str, encoding: str) -> DataFile:
    """Return the file to write; the encoding concerns CSV only."""
    wanted = (f"kpis.{kind}", encoding if kind == "csv" else UTF8)
    return next(one for one in DATA if (one.name, one.encoding) == wanted)
