"""What a backup says of itself: by which program, from which tables, with how many rows. Pure."""

import dataclasses
import json
from dataclasses import dataclass
from typing import Any

FORMAT = 1
KIND = "plan-progress-backup"


class BackupError(Exception):
    """A backup that cannot be made or taken in; its message is Japanese, for users."""


DAMAGED = (
    "このファイルは、このシステムのバックアップではないか、途中で切れたか、壊れています"
    "（{detail}）。データベースは変更していません。別のバックアップを指定してください。"
)
NEWER = (
    "このバックアップは新しい版のプログラムで作られています（{detail}）。"
    "データベースは変更していません。プログラムを更新してから、もう一度実行してください。"
)


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns in the order of the rows' values, and what must come back."""

    table: str
    columns: tuple[str, ...]
    rows: int
    counter: int | None  # the last number that was given to a row; None where none are given
    sha256: str

    @property
    def entry(self) -> str:
        """Return the name of the file that holds the rows."""
        return f"rows/{self.table}.jsonl"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The versions, the day and the tables of a backup."""

    product: str
    made_at: str
    database: str
    migrations: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]

    @property
    def rows(self) -> int:
        """Return how many rows the backup holds."""
        return sum(one.rows for one in self.tables)

    def dump(self) -> str:
        """Return the manifest as JSON text."""
        document = {"kind": KIND, "format": FORMAT, **dataclasses.asdict(self)}
        return json.dumps(document, ensure_ascii=False, indent=1)


def parse(text: bytes, running: str) -> Manifest:
    """Return the manifest, for the program of this version.

    Raises BackupError for another program's file, and for what a newer program wrote.
    """
    try:
        document = json.loads(text)
        if document.pop("kind") != KIND:
            raise BackupError(DAMAGED.format(detail="種類が違います"))
        if document.pop("format") != FORMAT:
            raise BackupError(NEWER.format(detail="形式の版が違います"))
        found = _read(document)
        newer = _numbers(found.product) > _numbers(running)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise BackupError(DAMAGED.format(detail="目録を読み取れません")) from None
    if newer:
        raise BackupError(NEWER.format(detail=f"作成 {found.product}、現在 {running}"))
    return found


def _read(document: dict[str, Any]) -> Manifest:
    tables = tuple(Table(**{**one, "columns": tuple(one["columns"])}) for one in document["tables"])
    migrations = tuple((str(app), str(name)) for app, name in document["migrations"])
    return Manifest(**{**document, "tables": tables, "migrations": migrations})


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
