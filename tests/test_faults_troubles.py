"""Which fault of the database is told how, by its own code; faults of the program are none."""

import errno
import sqlite3

import psycopg
import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError

from kadoma_plan.troubles import Trouble, trouble_of


def led_to(error, cause):
    error.__cause__ = cause
    return error


def of_postgresql(state, kind=OperationalError):
    return led_to(kind("x"), psycopg.errors.lookup(state)("x"))


def of_sqlite(code, kind=OperationalError):
    cause = sqlite3.OperationalError("x")
    cause.sqlite_errorcode = code
    return led_to(kind("x"), cause)


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (of_postgresql("53100"), Trouble.FULL),
        (of_postgresql("25006", DatabaseError), Trouble.READ_ONLY),
        (of_postgresql("55P03"), Trouble.LOCKED),
        (of_postgresql("40P01"), Trouble.LOCKED),
        (of_postgresql("57014"), Trouble.LOCKED),
        (of_postgresql("57P01"), Trouble.GONE),
        (of_postgresql("53300"), Trouble.GONE),
        (led_to(OperationalError("x"), psycopg.OperationalError("closed")), Trouble.GONE),
        (led_to(InterfaceError("x"), psycopg.InterfaceError("closed")), Trouble.GONE),
        (of_sqlite(sqlite3.SQLITE_FULL), Trouble.FULL),
        (of_sqlite(sqlite3.SQLITE_READONLY_DBMOVED), Trouble.READ_ONLY),
        (of_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), Trouble.LOCKED),
        (of_sqlite(sqlite3.SQLITE_IOERR_WRITE), Trouble.GONE),
        (of_sqlite(sqlite3.SQLITE_CORRUPT, DatabaseError), Trouble.GONE),
        (OSError(errno.ENOSPC, "No space left on device"), Trouble.FULL),
        (led_to(UpdateError(), of_sqlite(sqlite3.SQLITE_FULL)), Trouble.FULL),
        # The program's own.
        (None, None),
        (of_sqlite(sqlite3.SQLITE_ERROR), None),  # no such table
        (of_postgresql("42P01", DatabaseError), None),
        (of_postgresql("23505", IntegrityError), None),
        (DatabaseError("Forced update did not affect any rows."), None),
        (OSError(errno.ENOENT, "No such file"), None),
        (ValueError("x"), None),
    ],
)
def test_a_fault_is_known_by_its_code(error, trouble):
    assert trouble_of(error) is trouble
