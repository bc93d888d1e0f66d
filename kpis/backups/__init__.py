"""Backups (バックアップ): everything the database holds, in one sealed file, and back again.

One format for SQLite and PostgreSQL, so that moving from one to the other is a restore. A backup
remembers which migrations had made its tables; an older one is brought forward as it is taken in.
"""

from kpis.backups.files import OpenedBackup, opened
from kpis.backups.manifest import BackupError, Manifest
from kpis.backups.restoring import Restored, restore
from kpis.backups.writing import write_backup

__all__ = [
    "BackupError",
    "Manifest",
    "OpenedBackup",
    "Restored",
    "opened",
    "restore",
    "write_backup",
]
