"""A PostgreSQL database as quickstart leaves it, made once for all tests and copied for each."""

import fcntl
import os
import shutil
import subprocess
import sys
import uuid
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.served import ROOT, own_environment, prepared

SERVER = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")


def on_server(statement):
    with psycopg.connect(SERVER, autocommit=True, connect_timeout=3) as server:
        server.execute(statement)


def address_of(name):
    return urlsplit(SERVER)._replace(path=f"/{name}").geturl()


def demand_postgresql():
    """Skip the test where PostgreSQL does not answer; fail where it must."""
    try:
        on_server("SELECT 1")
    except psycopg.OperationalError:
        if os.environ.get("CI"):
            pytest.fail("CI needs PostgreSQL")
        pytest.skip("PostgreSQL does not answer (set TEST_DATABASE_URL)")


def first_database(tmp_path_factory):
    """Return the name of the database to copy; one process makes it for all that run the tests."""
    demand_postgresql()
    folder = prepared(tmp_path_factory)
    noted, lock = folder.with_name("first_database"), folder.with_name("first_database.lock")
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not noted.exists():
            name = f"kadoma_first_{uuid.uuid4().hex[:12]}"
            noted.write_text(name)
            on_server(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
            _fill(address_of(name), shutil.copytree(folder, folder.with_name("first_data")))
    return noted.read_text()


def _fill(address, folder):
    environment = own_environment(folder) | {"DATABASE_URL": address}
    command = [sys.executable, "manage.py", "quickstart", "--no-serve"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def own_database(template="template0"):
    """Yield the address of an empty database, or of a copy of another, and drop it in the end."""
    demand_postgresql()
    name = f"kadoma_own_{uuid.uuid4().hex[:12]}"
    on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING \'UTF8\'')
    try:
        yield address_of(name)
    finally:
        on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


def drop_first_database(folder):
    """Drop the database that was copied, once all tests are over."""
    noted = folder / "first_database"
    if noted.exists():
        on_server(f'DROP DATABASE IF EXISTS "{noted.read_text()}" WITH (FORCE)')
