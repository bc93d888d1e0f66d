"""Writing a backup while people work: the file bears its name only once it is whole."""

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from kpis.backups.files import MANIFEST, opened, put_in_place, sealed, working_folder
from kpis.backups.manifest import BackupError, Manifest, Table
from kpis.backups.standing import standing
from kpis.backups.tables import counter, present_tables
from kpis.backups.values import encode

ROWS_AT_ONCE = 10  # some hold whole files; the memory holds no more than these


def write_backup(*, source: BaseDatabaseWrapper, path: Path, replace: bool = False) -> Manifest:
    """Write everything that the database holds at this moment to the file.

    Raises BackupError where the file is there already, unless it may be replaced, and where the
    data cannot be read or the file not be written; what was there before then stays.
    """
    if path.exists() and not replace:
        raise BackupError(
            f"{path} は既にあります。別の名前を指定するか、--force を付けて置き換えてください。"
        )
    try:
        with working_folder(path.parent) as folder, standing(source, folder) as data:
            with sealed(folder / "backup.zip") as archive:
                manifest = _fill(archive, data)
            with opened(folder / "backup.zip", settings.PRODUCT_VERSION):
                pass  # what was written can be read, down to the last row
            put_in_place(folder / "backup.zip", path)
    except OSError as error:
        raise BackupError(f"{path} に書き込めません（{error.strerror}）。") from None
    except DatabaseError as error:
        raise BackupError(f"データベースを読み取れません（{error}）。") from None
    return manifest


def _fill(archive: zipfile.ZipFile, data: BaseDatabaseWrapper) -> Manifest:
    tables = present_tables(data)
    if not tables.migrations:
        raise BackupError("データベースは空です。バックアップするものがありません。")
    manifest = Manifest(
        product=settings.PRODUCT_VERSION,
        made_at=timezone.localtime().isoformat(timespec="seconds"),
        database=f"{data.display_name} {'.'.join(map(str, data.get_database_version()))}",
        migrations=tables.migrations,
        tables=tuple(_write_table(archive, data, model) for model in tables.kept),
    )
    archive.writestr(MANIFEST, manifest.dump())
    return manifest


def _write_table(archive: zipfile.ZipFile, data: BaseDatabaseWrapper, model: Any) -> Table:
    names = [field.attname for field in model._meta.local_concrete_fields]
    rows = model._base_manager.using(data.alias).order_by("pk").values_list(*names)
    digest, count = hashlib.sha256(), 0
    table = model._meta.db_table
    entry = Table(table, (), 0, None, "").entry
    with archive.open(entry, "w", force_zip64=True) as file:
        for row in rows.iterator(chunk_size=ROWS_AT_ONCE):
            values = [encode(value) for value in row]
            line = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            file.write(line)
            digest.update(line)
            count += 1
    columns = tuple(field.column for field in model._meta.local_concrete_fields)
    return Table(table, columns, count, counter(data, model), digest.hexdigest())
