"""Databases of their own to back up, damage and restore: a SQLite file, or one on a server.

They hold what release 0.6.0 left, which the product itself took in, and stand where the product
looks for its database.
"""

import contextlib
import hashlib
import io
import shutil
import zipfile
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.db.utils import load_backend

from kadoma_plan.environment import database
from tests.postgres import own_database

RELEASES = Path(__file__).resolve().parent / "releases"
SLUG = "kadoma-monozukuri"
SQLITE, POSTGRES = "sqlite", "postgresql"
BOTH = (SQLITE, pytest.param(POSTGRES, marks=pytest.mark.postgres))


def answer(*command, **options):
    """Run the command as the command line does and return what it says."""
    out = io.StringIO()
    call_command(*command, stdout=out, stderr=out, **options)
    return out.getvalue()


@contextlib.contextmanager
def in_place(url, folder):
    """Let the product meet this database, or the SQLite file in the folder, as its own."""
    earlier = connections["default"]
    entry = earlier.settings_dict | {"CONN_MAX_AGE": 0} | database(url, folder / "kadoma.sqlite3")
    wrapper = load_backend(entry["ENGINE"]).DatabaseWrapper
    connections["default"] = wrapper(entry, "default")
    try:
        yield connections["default"]
    finally:
        connections["default"].close()
        connections["default"] = earlier


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Return what each kind of database is copied from, made when first asked for."""
    with contextlib.ExitStack() as stack:
        made = {}

        def of(kind):
            if kind not in made:
                folder = tmp_path_factory.mktemp(kind)
                url = stack.enter_context(own_database()) if kind == POSTGRES else ""
                with in_place(url, folder):
                    answer("restore", str(RELEASES / "0.6.0.zip"))
                made[kind] = urlsplit(url).path.strip("/") or folder / "kadoma.sqlite3"
            return made[kind]

        yield of


@pytest.fixture
def alone(settings, tmp_path, django_db_blocker):
    """Let the product work with databases of the test's own, made by real migrations."""
    settings.MIGRATION_MODULES = {}
    settings.DATA_DIR = tmp_path
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def office(request, alone, kept, tmp_path):
    """Work on a copy of the office's database; ``request.param`` is its kind."""
    kind = getattr(request, "param", SQLITE)
    with contextlib.ExitStack() as stack:
        url = ""
        if kind == POSTGRES:
            url = stack.enter_context(own_database(kept(kind)))
        else:
            shutil.copy(kept(kind), tmp_path / "kadoma.sqlite3")
        connection = stack.enter_context(in_place(url, tmp_path))
        yield SimpleNamespace(kind=kind, url=url, folder=tmp_path, connection=connection)


def everything():
    """Return every row of every table, as the database itself tells them."""
    connection = connections["default"]
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            names = [column[0] for column in cursor.description]
            rows = [sorted(zip(names, row, strict=True), key=_name) for row in cursor.fetchall()]
            if table == "django_migrations":  # who made the tables: not when
                rows = [[(n, v) for n, v in row if n in ("app", "name")] for row in rows]
            found[table] = sorted(map(repr, rows))
    return found


def _name(pair):
    return pair[0]


def as_the_program_sees_it():
    """Return every row of both apps and of the people, the same from either database."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ("actions", "kpis", "auth", "contenttypes", "admin")
    }


def files_made(folder):
    """Return the SHA-256 of what the product exports: open data, the paper, the plan book."""
    folder.mkdir()
    answer("export_data", SLUG, "--format", "json", "-o", str(folder / "kpis.json"))
    answer("export_data", SLUG, "--format", "csv", "-o", str(folder / "kpis.csv"))
    answer("export_council", SLUG, "-o", str(folder / "council.xlsx"))
    answer("export_plan", SLUG, "-o", str(folder / "plan.xlsx"))
    return {
        one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in sorted(folder.iterdir())
    }


def rewritten(source, path, changed):
    """Write the backup anew with entries as ``changed`` gives them, sealed like a right one."""
    with zipfile.ZipFile(source) as old:
        entries = {one: old.read(one) for one in old.namelist()}
    changed(entries)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in entries.items():
            new.writestr(name, content)
        new.comment = b"-" * 64
    content = path.read_bytes()[:-64]
    path.write_bytes(content + hashlib.sha256(content).hexdigest().encode())
    return path
