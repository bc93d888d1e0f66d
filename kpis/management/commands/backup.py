"""Write everything that the database holds to one file, while people work."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from kpis.backups import BackupError, write_backup


class Command(BaseCommand):
    """backup FILE [--force]."""

    help = "データベースの内容すべてを1つのファイルに保存します。サイトを止める必要はありません。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("file", metavar="FILE", help="保存先（例: backup-20260401.zip）")
        parser.add_argument("--force", action="store_true", help="既にあるファイルを置き換える")

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Write the file and tell what it holds."""
        path = Path(options["file"])
        try:
            made = write_backup(source=connection, path=path, replace=options["force"])
        except BackupError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"{path} にバックアップしました"
            f"（{len(made.tables)}表、{made.rows:,}行、版 {made.product}、{made.database}）。"
        )
