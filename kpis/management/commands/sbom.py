"""Write what the program is made of, for whoever must answer for it."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from kpis.management.bom import bill
from kpis.management.lookup import write_output

_PRODUCT = "kadoma-plan"  # as requirements.txt calls it


class Command(BaseCommand):
    """sbom -o FILE: a software bill of materials (CycloneDX 1.6, JSON)."""

    help = "ソフトウェア部品表（SBOM、CycloneDX 1.6のJSON）を書き出します。"
    requires_system_checks: list[str] = []  # it needs no database and no site

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("-o", "--output", required=True, metavar="FILE", help="- は標準出力")

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Write the file."""
        requirements = Path(settings.BASE_DIR) / "requirements.txt"
        told = bill(
            _PRODUCT,
            settings.PRODUCT_VERSION,
            requirements.read_text(encoding="utf-8"),
            Path(settings.PLOTLY_DIR) / "plotly.min.js",
        )
        text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
        write_output([text.encode()], options["output"])
