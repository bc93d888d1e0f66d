"""What hinders the database from outside the program, told apart by the database's own codes."""

import errno
from collections.abc import Iterator
from enum import Enum

from django.db import DatabaseError, InterfaceError, OperationalError


class Trouble(Enum):
    """A trouble of the place where things are stored: what it is, and what to do about it."""

    FULL = (
        "保存する場所（サーバーのディスク）の空きがなくなっています。"
        "システム管理者に連絡してください。空きができると、元どおりに使えます。"
    )
    READ_ONLY = (
        "データベースが読み取り専用になっています（保守や切り替えの作業中のことがあります）。"
        "公表したページはご覧いただけますが、ログインと保存はできません。"
        "作業が終わってから、もう一度お試しください。続く場合はシステム管理者に連絡してください。"
    )
    LOCKED = (
        "ほかの処理が長く続いているため、順番が回ってきませんでした。"
        "少し待ってから、もう一度お試しください。続く場合はシステム管理者に連絡してください。"
    )
    GONE = (
        "データベースに接続できないか、接続が途中で切れました。"
        "少し待ってから、もう一度お試しください。続く場合はシステム管理者に連絡してください。"
    )


# The low byte of SQLite's result codes: https://www.sqlite.org/rescode.html
_SQLITE = {
    3: Trouble.READ_ONLY,  # SQLITE_PERM
    5: Trouble.LOCKED,  # SQLITE_BUSY
    6: Trouble.LOCKED,  # SQLITE_LOCKED
    8: Trouble.READ_ONLY,  # SQLITE_READONLY
    10: Trouble.GONE,  # SQLITE_IOERR: a network drive that went away, a broken disk
    11: Trouble.GONE,  # SQLITE_CORRUPT
    13: Trouble.FULL,  # SQLITE_FULL
    14: Trouble.GONE,  # SQLITE_CANTOPEN
    26: Trouble.GONE,  # SQLITE_NOTADB
}
# PostgreSQL's SQLSTATE, whole or its class: a programming error is in none of these.
_POSTGRESQL = {
    "25006": Trouble.READ_ONLY,
    "40P01": Trouble.LOCKED,  # a deadlock, of which one side is given up
    "55P03": Trouble.LOCKED,  # lock_timeout
    "57014": Trouble.LOCKED,  # statement_timeout
    "53100": Trouble.FULL,
    "08": Trouble.GONE,
    "53": Trouble.GONE,  # too many connections, out of memory
    "57P": Trouble.GONE,  # ended by the administrator, still starting
    "58": Trouble.GONE,  # the server's own disk or files
}
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)


def trouble_of(error: BaseException | None) -> Trouble | None:
    """Return the trouble that the error comes from; None for any other fault, as of the program."""
    for one in _with_causes(error):
        if isinstance(one, OSError) and one.errno in _NO_SPACE:
            return Trouble.FULL
        if isinstance(one, DatabaseError | InterfaceError) and (found := _told_by_database(one)):
            return found
    return None


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the error and what led to it: Django hides some faults behind errors of its own."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _told_by_database(error: DatabaseError | InterfaceError) -> Trouble | None:
    driver = error.__cause__ or error
    if (code := getattr(driver, "sqlite_errorcode", None)) is not None:
        return _SQLITE.get(code & 0xFF)
    state = getattr(driver, "sqlstate", "")
    if state:
        found = (_POSTGRESQL.get(state[:length]) for length in (5, 3, 2))
        return next((one for one in found if one), None)
    # psycopg gives no state where the server did not answer any more, or never did.
    silent = isinstance(error, OperationalError | InterfaceError)
    return Trouble.GONE if silent and type(driver).__module__.startswith("psycopg") else None
