"""Killed half-way (kill -9, power cut): what was begun is gone as a whole, and works the next time."""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.served import prepared

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
SERVER = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
PATIENCE = 90  # seconds

# What every program begins with: the product as it is configured, the city's plan, its people.
OPENING = """
import datetime as dt, json, time
from decimal import Decimal
import django
django.setup()
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import QuerySet
from django.db.transaction import Atomic
from simple_history.manager import HistoryManager
from actions.fiscal import Period, Term
from actions.models import Plan
from kpis import payload
from kpis.entry import Entry
from kpis.models import Actual, PeriodMove, Publication, ReportingPeriod, Upload
from kpis.selectors.entry import entry_rows
from kpis.services import (
    NewEntry, apply_upload, keep_upload, open_round, publish, save_entries, submit
)
R7 = Period(2025, Term.FY)
PLAN = Plan.objects.get(slug="kadoma-monozukuri")
BY = get_user_model().objects.get(username="admin")
PERIOD = ReportingPeriod.objects.filter(plan=PLAN, fiscal_year=2025, term="FY").first()

def figures():
    return [
        NewEntry(one.indicator, Entry(Decimal(place), confirmation="確認済み"), one.version)
        for place, one in enumerate(entry_rows(PERIOD), 100)
    ]

def look():
    '''Print everything that the work under test could have left behind.'''
    values = Actual.objects.filter(period=PERIOD).order_by("value").values_list("value", flat=True)
    made = Publication.objects.filter(period=PERIOD)
    found = {
        "state": ReportingPeriod.objects.get(pk=PERIOD.pk).state,
        "moves": PeriodMove.objects.filter(period=PERIOD).count(),
        "values": [int(one) for one in values],
        "history": Actual.history.filter(period=PERIOD).count(),
        "published": [[one.version, *frozen_values(one)] for one in made],
        "applied": [one.changes for one in Upload.objects.exclude(applied_at=None)],
    }
    print(json.dumps(found), flush=True)

def frozen_values(publication):
    assert payload.digest(publication.payload) == publication.sha256
    frozen = payload.load(publication.payload)
    return [int(one.at(R7).actual.value) for one in frozen.indicators]

def stop_after(owner, name):
    '''Do the real thing, tell what this connection now sees, and wait to be killed.'''
    real = getattr(owner, name)
    def half(*arguments, **named):
        given = real(*arguments, **named)
        look()
        time.sleep(600)
        return given
    setattr(owner, name, half)

def without_transactions():
    '''The control: every statement stands by itself.'''
    Atomic.__enter__ = lambda self: None
    Atomic.__exit__ = lambda self, *error: None
    QuerySet.select_for_update = lambda rows, **_: rows

def spill():
    '''Make SQLite write to its file before the end, as it does with much to write.'''
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size = 1")
            cursor.execute("PRAGMA cache_spill = 1")
"""

LOOK = "look()"
BEGIN = "PERIOD = open_round(plan=PLAN, period=R7, due=dt.date(2026, 4, 20), by=BY)"
FILE = 'keep_upload(period=PERIOD, name="実績.xlsx", content=b"xlsx", by=BY)'
SAVE = "save_entries(period=PERIOD, entries=figures(), by=BY)"
APPLY = "apply_upload(upload=Upload.objects.get(), entries=figures(), by=BY)"
PUBLISH = 'publish(period=PERIOD, by=BY, reason="確認済み")'
HAND_IN = "submit(period=PERIOD, by=BY)"

NOTHING = {"history": 0, "values": [], "published": [], "applied": []}
FIGURES = list(range(100, 115))
ENTERING = NOTHING | {"state": "entering", "moves": 1}
ENTERED = ENTERING | {"values": FIGURES, "history": 15}
CHECKING = ENTERED | {"state": "checking", "moves": 2}
PUBLISHED = CHECKING | {"state": "published", "moves": 3, "published": [[1, *FIGURES]]}


@dataclass(frozen=True)
class Work:
    """What leads to it and the work itself; two of its writes; what is there as it goes on."""

    leading: list
    line: str
    before: dict
    middle: str
    half: dict
    last: str
    after: dict


WORKS = {
    "save": Work(
        [BEGIN],
        SAVE,
        ENTERING,
        'QuerySet, "bulk_create"',
        ENTERING | {"values": FIGURES},  # figures of nobody: no history yet
        'HistoryManager, "bulk_history_create"',
        ENTERED,
    ),
    "upload": Work(
        [BEGIN, FILE],
        APPLY,
        ENTERING,
        'HistoryManager, "bulk_history_create"',
        ENTERED,  # the file still counts as not applied
        'Upload, "save"',
        ENTERED | {"applied": [15]},
    ),
    "publish": Work(
        [BEGIN, SAVE, HAND_IN],
        PUBLISH,
        CHECKING,
        'PeriodMove, "save"',
        CHECKING | {"moves": 3},  # moved, but not there and nothing published
        'Publication, "save"',
        PUBLISHED,
    ),
}


class Office:
    """A data directory or a PostgreSQL database of its own, and programs that run on it."""

    def __init__(self, directory, address=""):
        self.directory, self.on_sqlite, self.left = directory, not address, 0
        self.environment = {**os.environ, "KADOMA_DATA_DIR": str(directory)}
        self.environment |= {"DATABASE_URL": address, "KADOMA_ADMIN_PASSWORD": "kill-test-9"}
        self.environment["DJANGO_SETTINGS_MODULE"] = "kadoma_plan.settings"

    def start(self, *lines):
        program = OPENING + "\n".join(lines)
        return subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *lines):
        """Run a program to its end and return what it prints, line by line, read as JSON."""
        with self.start(*lines) as program:
            told, faults = program.communicate(timeout=PATIENCE)
        assert program.returncode == 0, faults
        return [json.loads(line) for line in told.splitlines()]

    def kill_half_way(self, stop, line, *before):
        """Begin the work, kill it after that write, and return what it saw just before."""
        with self.start(*before, f"stop_after({stop})", line) as program:
            ready, _, _ = select.select([program.stdout], [], [], PATIENCE)
            told = program.stdout.readline() if ready else ""
            assert told, program.kill() or program.stderr.read()
            self.left = self.unfinished()
            program.send_signal(signal.SIGKILL)
            program.wait(PATIENCE)
        assert program.returncode == -signal.SIGKILL
        return json.loads(told)

    def unfinished(self):
        """Return how many bytes of an unfinished transaction lie beside SQLite's file."""
        found = [self.directory / f"kadoma.sqlite3-{one}" for one in ("journal", "wal")]
        return sum(one.stat().st_size for one in found if one.exists())

    def quickstart(self):
        command = [sys.executable, "manage.py", "quickstart", "--no-serve"]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return self


@pytest.fixture(scope="module")
def first_office(tmp_path_factory):
    """What quickstart leaves on SQLite, to be copied for each test."""
    folder = tmp_path_factory.mktemp("first")
    shutil.copytree(prepared(tmp_path_factory), folder, dirs_exist_ok=True)
    return Office(folder)


@pytest.fixture(scope="module")
def first_database(first_office):
    """What quickstart leaves on PostgreSQL, in a database to be copied for each test."""
    try:
        psycopg.connect(SERVER, connect_timeout=3).close()
    except psycopg.OperationalError:
        if os.environ.get("CI"):
            pytest.fail("CI needs PostgreSQL")
        pytest.skip("PostgreSQL does not answer (set TEST_DATABASE_URL)")
    name = f"kadoma_killed_{uuid.uuid4().hex[:12]}"
    on_server(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
    try:
        Office(first_office.directory, address_of(name)).quickstart()
        yield name
    finally:
        on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


def on_server(statement):
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(statement)


def address_of(name):
    return urlsplit(SERVER)._replace(path=f"/{name}").geturl()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def office(request, tmp_path):
    if request.param == "sqlite":
        shutil.copytree(request.getfixturevalue("first_office").directory, tmp_path / "var")
        yield Office(tmp_path / "var")
        return
    first = request.getfixturevalue("first_database")
    name = f"{first}_copy"
    on_server(f'CREATE DATABASE "{name}" TEMPLATE "{first}"')
    try:
        yield Office(tmp_path, address_of(name))
    finally:
        on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.parametrize("work", WORKS.values(), ids=WORKS)
def test_a_killed_work_leaves_nothing_and_works_the_next_time(office, work):
    assert office.run(*work.leading, LOOK) == [work.before]
    assert office.kill_half_way(work.middle, work.line) == work.half
    assert office.run(LOOK) == [work.before]
    assert office.kill_half_way(work.last, work.line, "spill()") == work.after
    if office.on_sqlite:
        assert office.left > 0  # half of it had reached the disk
    assert office.run(LOOK, work.line, LOOK) == [work.before, work.after]


@pytest.mark.parametrize("work", WORKS.values(), ids=WORKS)
def test_without_transactions_a_killed_work_leaves_its_half(office, work):
    # The control.
    office.run(*work.leading)
    seen = office.kill_half_way(work.middle, work.line, "without_transactions()")
    assert seen == work.half
    assert office.run(LOOK) == [work.half]
    assert work.half not in (work.before, work.after)
