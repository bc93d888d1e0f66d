"""What every connection to a database is told, asked of live connections, and wrong addresses."""

import sqlite3
import threading
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from kadoma_plan.environment import database
from tests.postgres import SERVER, demand_postgresql

OLD, NEW = (3, 51, 2), (3, 51, 3)  # before and after write-ahead logging became safe
FULL = 2


@pytest.fixture
def connected(django_db_blocker):
    """Return a function that gives a live connection with these settings."""
    opened = []

    def connection(settings):
        made = ConnectionHandler({"default": settings})["default"]
        opened.append(made)
        return made

    with django_db_blocker.unblock():
        yield connection
        for one in opened:
            one.close()


def asked(connection, *questions):
    """Return the first word of each answer."""
    found = []
    with connection.cursor() as cursor:
        for question in questions:
            cursor.execute(question)
            found.append(cursor.fetchone()[0])
    return found


PRAGMAS = ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")


@pytest.mark.parametrize(("version", "journal"), [(OLD, "truncate"), (NEW, "wal")])
def test_every_connection_to_sqlite_is_told_how_to_write(
    version, journal, connected, tmp_path, monkeypatch
):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    settings = database("", tmp_path / "db.sqlite3")
    questions = [f"PRAGMA {one}" for one in PRAGMAS]
    expected = [journal, FULL, 20_000, 1]
    first = connected(settings)
    assert asked(first, *questions) == expected
    first.close()  # the next request's is a new one
    assert asked(first, *questions) == expected
    of_another = []

    def look():
        other = ConnectionHandler({"default": settings})["default"]
        of_another.extend(asked(other, *questions))
        other.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert of_another == expected


def begin(connection):
    """Begin a transaction as ``atomic`` does."""
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def test_a_transaction_on_sqlite_takes_its_turn_at_once(connected, tmp_path):
    settings = database("", tmp_path / "db.sqlite3")
    first, second = connected(settings), connected(settings)
    asked(second, "PRAGMA busy_timeout = 1")  # milliseconds: it need not wait here
    begin(first)  # and has written nothing yet
    with pytest.raises(OperationalError, match="locked"):
        begin(second)
    first.rollback()
    begin(second)
    second.rollback()


# PostgreSQL.

SHOWN = ("application_name", "statement_timeout", "idle_in_transaction_session_timeout")


def postgres(query=""):
    """Return the settings for the tests' server."""
    return database(urlsplit(SERVER)._replace(query=query).geturl(), None)


@pytest.mark.postgres
def test_every_connection_to_postgresql_is_told_its_limits(connected):
    demand_postgresql()
    first = connected(postgres())
    show = [f"SHOW {one}" for one in SHOWN]
    assert asked(first, *show) == ["kadoma_plan", "1min", "2min"]
    told = first.connection.info.get_parameters()
    kept_alive = [told[f"keepalives_{one}"] for one in ("idle", "interval", "count")]
    assert (told["connect_timeout"], kept_alive) == ("10", ["30", "10", "3"])
    query = "application_name=shikencho&options=-c%20statement_timeout%3D5min"
    assert asked(connected(postgres(query)), *show) == ["shikencho", "5min", "2min"]
    assert asked(connected(postgres("options=")), *show[1:]) == ["0", "0"]


@pytest.mark.postgres
def test_a_statement_that_takes_too_long_is_given_up(connected):
    demand_postgresql()
    slow = connected(postgres("options=-c%20statement_timeout%3D50ms"))
    with pytest.raises(OperationalError, match="statement timeout"):
        asked(slow, "SELECT pg_sleep(5)")


@pytest.mark.parametrize(
    "url",
    [
        "mysql://kadoma@db/kadoma",
        "postgres://kadoma@db",
        "postgres://kadoma:himitsu@db:99999/kadoma",
        "postgres://kadoma:himitsu@db:port/kadoma",
        "postgres://kadoma:himitsu@[db/kadoma",
        "postgres://kadoma:100%himitsu@db/kadoma",
        "postgres://kadoma:himitsu%@db/kadoma",
        "postgres://kadoma:himitsu @db/kadoma",
    ],
)
def test_a_wrong_address_of_a_database_is_told_without_its_password(url):
    with pytest.raises(ImproperlyConfigured) as caught:
        database(url, None)
    assert str(caught.value).startswith("環境変数 DATABASE_URL は postgres://")
    assert "himitsu" not in str(caught.value)


def test_a_setting_that_postgresql_does_not_know_is_named():
    with pytest.raises(ImproperlyConfigured, match=r'DATABASE_URL の .* "sslmde"'):
        database("postgres://kadoma:himitsu@db/kadoma?sslmde=require", None)


def test_signs_in_a_password_are_read_as_they_are_written():
    found = database("postgres://ka%40do:%25%2F%3A@db:5433/ka%20doma?sslmode=require", None)
    assert (found["USER"], found["PASSWORD"]) == ("ka@do", "%/:")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db", "5433", "ka doma")
    assert found["OPTIONS"]["sslmode"] == "require"
