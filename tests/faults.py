"""Faults of the place where things are stored, made for real on SQLite and on PostgreSQL.

Each is a context: while it lasts the database is full, read-only or held by another.
"""

import sqlite3
from contextlib import closing, contextmanager
from secrets import token_hex

import psycopg
from django.db import connection

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
FULL = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
END $$
"""


def on_sqlite():
    return connection.vendor == "sqlite"


def run(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def rows(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


@contextmanager
def full():
    """No page more may be added to SQLite's file; PostgreSQL finds no room when it commits.

    With pages of 512 bytes hardly a row fits into the room that is left in those there are.
    """
    if on_sqlite():
        run("PRAGMA page_size = 512", "VACUUM")
        ((pages,),) = rows("PRAGMA page_count")
        run(f"PRAGMA max_page_count = {pages}")
        yield
        run("PRAGMA max_page_count = 1000000")
        return
    run(FULL)
    for (table,) in rows(TABLES):
        run(
            f'CREATE CONSTRAINT TRIGGER no_room AFTER INSERT OR UPDATE ON "{table}"'
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION no_room()"
        )
    yield
    run("DROP FUNCTION no_room CASCADE")


@contextmanager
def read_only():
    """SQLite's file is opened for reading; PostgreSQL behaves as a replica does."""
    if on_sqlite():
        file = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = f"file:{file}?mode=ro"
        yield
        connection.close()
        connection.settings_dict["NAME"] = file
        return
    run("SET default_transaction_read_only = on")
    yield
    run("SET default_transaction_read_only = off")


@contextmanager
def held():
    """Another program writes and does not end: to SQLite's file, or to PostgreSQL's tables.

    Whoever waits does so for a shorter time than in an office, for the test's sake.
    """
    if on_sqlite():
        run("PRAGMA busy_timeout = 200")
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    run("SET lock_timeout = '200ms'")
    tables = [f'"{one}"' for (one,) in rows(TABLES)]
    with another() as other, other.transaction():
        other.execute(f"LOCK TABLE {', '.join(tables)} IN SHARE ROW EXCLUSIVE MODE")
        yield
    run("RESET lock_timeout")


def another():
    """Return a connection to PostgreSQL beside the one under test."""
    known = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    return psycopg.connect(**{name: known[name] for name in names if known.get(name)})


def cut():
    """End the connection under test as a restart of PostgreSQL does."""
    pid = connection.connection.info.backend_pid
    with another() as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def remembering(get_response):
    """Return a middleware that puts much into the session, as a page of many steps does."""

    def answer(request):
        request.session["steps"] = token_hex(2000)  # Django would compress what repeats
        return get_response(request)

    return answer
