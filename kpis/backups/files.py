"""The sealed file: a ZIP whose last 64 bytes are the SHA-256 of all before. Written, or opened.

The ZIP's own checks see neither a changed heading nor a changed list of contents; the seal does.
"""

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from kpis.backups.manifest import DAMAGED, BackupError, Manifest, Table, parse
from kpis.zips import DAMAGED_ZIP

MANIFEST = "manifest.json"
UNFINISHED, DAY = ".unfinished-plan-backup-", 24 * 60 * 60
SEAL = 64  # characters of a SHA-256
# A made-up file could unfold to a thousand times its size; a plan's rows to some twenty times.
UNFOLDING, ROOM = 200, 64_000_000
LONGEST_MANIFEST, LONGEST_ROW = 4_000_000, 200_000_000


@contextlib.contextmanager
def working_folder(folder: Path) -> Iterator[Path]:
    """Yield a folder for nobody else's eyes in this one, gone at the end.

    One that a killed program left behind holds the office's data, so it goes, too, a day later.
    """
    for left in folder.glob(f"{UNFINISHED}*"):
        if left.stat().st_mtime < time.time() - DAY:
            shutil.rmtree(left, ignore_errors=True)
    made = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=folder))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextlib.contextmanager
def sealed(path: Path) -> Iterator[zipfile.ZipFile]:
    """Yield an archive to fill; at the end it is sealed and on the disk, for its owner only."""
    descriptor = os.open(
        path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600
    )
    with os.fdopen(descriptor, "w+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            yield archive
            archive.comment = b"0" * SEAL
        seal = _digest(file)
        file.seek(-SEAL, os.SEEK_END)
        file.write(seal)
        file.flush()
        os.fsync(file.fileno())


def put_in_place(made: Path, final: Path) -> None:
    """Give the finished file its name, at once and for good."""
    made.replace(final)
    if os.name == "posix":  # Windows cannot open a folder, and need not
        descriptor = os.open(final.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@dataclass(frozen=True, slots=True)
class OpenedBackup:
    """A backup that was looked through whole: its manifest, and its rows table by table."""

    manifest: Manifest
    archive: zipfile.ZipFile

    def rows(self, table: Table) -> Iterator[tuple[list[Any], int]]:
        """Yield each row's values and the length of its line."""
        with self.archive.open(table.entry) as lines:
            while line := lines.readline(LONGEST_ROW):
                yield json.loads(line), len(line)


@contextlib.contextmanager
def opened(path: Path, running: str) -> Iterator[OpenedBackup]:
    """Yield the backup, for the program of this version.

    Raises BackupError for anything that is not, byte for byte, what such a program wrote.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise BackupError(f"{path} を読めません（{error.strerror}）。") from None
    with file:
        _check_seal(file)
        try:
            archive = zipfile.ZipFile(file)
        except zipfile.BadZipFile:
            raise BackupError(DAMAGED.format(detail="ZIPではありません")) from None
        with archive:
            manifest = _manifest(archive, running)
            _check_contents(archive, manifest, path.stat().st_size)
            yield OpenedBackup(manifest, archive)


def _check_seal(file: IO[bytes]) -> None:
    if file.seek(0, os.SEEK_END) < SEAL:
        raise BackupError(DAMAGED.format(detail="短すぎます"))
    expected = _digest(file)
    file.seek(-SEAL, os.SEEK_END)
    if file.read() != expected:
        raise BackupError(DAMAGED.format(detail="チェックサムが一致しません"))


def _digest(file: IO[bytes]) -> bytes:
    """Return the SHA-256 of all but the seal."""
    left = file.seek(0, os.SEEK_END) - SEAL
    file.seek(0)
    digest = hashlib.sha256()
    while left > 0:
        part = file.read(min(left, 1 << 20))
        digest.update(part)
        left -= len(part)
    return digest.hexdigest().encode()


def _manifest(archive: zipfile.ZipFile, running: str) -> Manifest:
    try:
        with archive.open(MANIFEST) as file:
            text = file.read(LONGEST_MANIFEST)
    except (KeyError, *DAMAGED_ZIP):
        raise BackupError(DAMAGED.format(detail="目録がありません")) from None
    return parse(text, running)


def _check_contents(archive: zipfile.ZipFile, manifest: Manifest, size: int) -> None:
    """Raise BackupError unless the archive holds each table's rows and nothing else."""
    names = sorted(one.filename for one in archive.infolist())
    if names != sorted([MANIFEST, *(one.entry for one in manifest.tables)]):
        raise BackupError(DAMAGED.format(detail="目録と中身が一致しません"))
    if sum(one.file_size for one in archive.infolist()) > ROOM + UNFOLDING * size:
        raise BackupError(DAMAGED.format(detail="展開後の大きさが異常です"))
    for table in manifest.tables:
        digest, rows = hashlib.sha256(), 0
        try:
            with archive.open(table.entry) as lines:
                while line := lines.readline(LONGEST_ROW):
                    digest.update(line)
                    rows += 1
        except DAMAGED_ZIP:
            raise BackupError(DAMAGED.format(detail=table.table)) from None
        if (digest.hexdigest(), rows) != (table.sha256, table.rows):
            raise BackupError(DAMAGED.format(detail=table.table))
