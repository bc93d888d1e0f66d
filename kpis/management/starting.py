"""What may keep the product from starting, told in Japanese instead of a traceback."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.checks import ERROR, WARNING, Tags, run_checks
from django.core.management.base import CommandError
from django.db import DatabaseError, NotSupportedError, OperationalError, connection


@contextmanager
def faults_in_words() -> Iterator[None]:
    """Turn the faults of database and disk into CommandErrors that say what to look at."""
    try:
        yield
    except NotSupportedError as error:
        raise CommandError(
            f"データベースの版が古いため、使えません（{_first_line(error)}）。"
            "PostgreSQL は14以上を使ってください。"
        ) from None
    except OperationalError as error:
        raise CommandError(_database_words(error)) from None
    except OSError as error:
        what = error.strerror or type(error).__name__
        raise CommandError(
            f"ファイルを読み書きできません（{error.filename or 'ファイル名不明'}: {what}）。"
            "ディスクの空き容量とフォルダーの権限を確かめてください。"
        ) from None


def _database_words(error: DatabaseError) -> str:
    said = _first_line(error)
    if connection.vendor == "postgresql":
        return (
            f"データベース（PostgreSQL）に接続できません（{said}）。"
            "データベースが動いているか、環境変数 DATABASE_URL を確かめてください。"
        )
    return (
        f"データベースのファイルを開けないか、書き込めません（{said}）。"
        "ディスクの空き容量、フォルダーの権限、環境変数 KADOMA_DATA_DIR を確かめてください。"
    )


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def check_machine(warn: Callable[[str], object]) -> None:
    """Run the checks that ask the database, which no command runs by itself.

    Warns, or raises CommandError for errors.
    """
    asked = run_checks(tags=[Tags.database], databases=["default"])
    found = [one for one in asked if one.level >= WARNING]
    lines = [f"{one.msg}\n  {one.hint or ''}".rstrip() for one in found]
    if any(one.level >= ERROR for one in found):
        raise CommandError("\n".join(lines))
    for line in lines:
        warn(line)
