"""Take a backup in, in the place of what the database holds."""

import contextlib
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from kpis.backups import BackupError, OpenedBackup, Restored, opened, restore, write_backup
from kpis.backups.aside import set_aside_if_unusable
from kpis.backups.files import working_folder
from kpis.backups.standing import sqlite_file

_SQLITE = b"SQLite format 3\0"


class Command(BaseCommand):
    """restore FILE [--check]."""

    help = (
        "バックアップ、またはこのシステムのSQLiteのデータベースから復元します。"
        "今のデータは、先に自動でバックアップします。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("file", metavar="FILE", help="バックアップのファイル")
        parser.add_argument(
            "--check", action="store_true", help="ファイルを調べるだけで、復元しない"
        )

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Look the file through, keep what is there, take the backup in, and tell what came of it."""
        try:
            with _backup(Path(options["file"])) as backup:
                self._tell(backup)
                if not options["check"]:
                    self._restore(backup)
        except BackupError as error:
            raise CommandError(str(error)) from None

    def _tell(self, backup: OpenedBackup) -> None:
        found = backup.manifest
        self.stdout.write(
            f"正しいバックアップです（作成 {found.made_at}、版 {found.product}、"
            f"{found.database}、{len(found.tables)}表、{found.rows:,}行）。"
        )

    def _restore(self, backup: OpenedBackup) -> None:
        unusable = set_aside_if_unusable(connection)
        if unusable is not None:
            self.stdout.write(f"今のデータベースは読み取れないため、{unusable} に残しました。")
        done = restore(backup=backup, target=connection, keep=self._keep)
        self.stdout.write(
            f"復元しました（{backup.manifest.rows:,}行、公表データ {done.publications}件）。"
        )
        self._warn(done)
        self.stdout.write(
            "続けて uv run manage.py quickstart --no-serve を実行し、サイトを開始し直してください。"
            "全員がもう一度ログインします。"
        )

    def _keep(self) -> None:
        """Back up what is there, in the data directory, and say where."""
        folder = Path(settings.DATA_DIR) / "backups"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"before-restore-{timezone.localtime():%Y%m%d-%H%M%S-%f}.zip"
        write_backup(source=connection, path=path)
        self.stdout.write(f"今までのデータを {path} に保存しました（restore で元に戻せます）。")

    def _warn(self, done: Restored) -> None:
        if done.damaged:
            numbers = "、".join(str(one) for one in done.damaged)
            self.stderr.write(
                "SHA-256と一致しない公表データがあります。バックアップを取った時から"
                f"一致していません（公表番号 {numbers}）。"
            )


@contextlib.contextmanager
def _backup(path: Path) -> Iterator[OpenedBackup]:
    """Yield the backup; of a SQLite database of the product one is made first."""
    with contextlib.ExitStack() as stack:
        if _is_sqlite(path):
            if _in_use(path):
                raise BackupError(f"{path} は今使っているデータベースです。")
            folder = stack.enter_context(working_folder(Path(settings.DATA_DIR)))
            given = sqlite_file(path, connection)
            path = folder / "given.zip"
            write_backup(source=given, path=path)
        yield stack.enter_context(opened(path, settings.PRODUCT_VERSION))


def _is_sqlite(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False  # opening it as a backup tells why


def _in_use(path: Path) -> bool:
    name = Path(connection.settings_dict["NAME"])
    return connection.vendor == "sqlite" and name.exists() and name.samefile(path)
