"""Killed half-way (kill -9, power cut): what was begun is gone as a whole, and works the next time."""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.postgres import first_database, own_database
from tests.served import own_environment, prepared

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 90  # seconds

# One program starts and then waits, without a connection, for what is to be done: for each it makes
# a process of its own, which is what is killed. A new interpreter each time costs five seconds.
OPENING = """
import datetime as dt, json, os, sys, time
from decimal import Decimal
import django
django.setup()
from django.contrib.auth import get_user_model
import django.db.backends.postgresql.base
from django.db import connection, connections
from django.db.models import QuerySet
from django.db.transaction import Atomic
from simple_history.manager import HistoryManager
from actions.fiscal import Period, Term
from actions.models import Plan
from kadoma_plan.environment import database
from kpis import payload
from kpis.entry import Entry
from kpis.models import Actual, PeriodMove, Publication, ReportingPeriod, Upload
from kpis.selectors.entry import entry_rows
from kpis.services import (
    NewEntry, apply_upload, keep_upload, open_round, publish, save_entries, submit
)
R7 = Period(2025, Term.FY)

def work(asked):
    '''The product as it is configured, the city's plan, its people; and then the lines.'''
    connections._settings = {"default": database(asked["address"], asked["file"])}
    connections.__dict__.pop("settings", None)
    if hasattr(connections._connections, "default"):
        del connections["default"]  # not open yet, but made for another place
    at = globals()
    at["PLAN"] = Plan.objects.get(slug="kadoma-monozukuri")
    at["BY"] = get_user_model().objects.get(username="admin")
    at["PERIOD"] = ReportingPeriod.objects.filter(plan=PLAN, fiscal_year=2025, term="FY").first()
    for line in asked["lines"]:
        exec(line, at)

def serve():
    '''Do what is asked for line by line, each in a process of its own; tell its number and end.'''
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if not child:
            os.dup2(os.open(asked["told"], os.O_WRONLY), 1)
            os.dup2(os.open(asked["faults"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
            work(asked)
            sys.stdout.flush()
            os._exit(0)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)

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

serve()
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
    """A data directory or a PostgreSQL database of its own, and processes that work on it."""

    def __init__(self, program, directory, address=""):
        self.program, self.directory, self.address = program, directory, address
        self.on_sqlite, self.left = not address, 0

    @contextmanager
    def starts(self, lines):
        """Have the lines done in a new process; yield its number and what it tells."""
        told, faults = self.directory / "told", self.directory / "faults"
        told.unlink(missing_ok=True)
        os.mkfifo(told)
        asked = {"lines": lines, "address": self.address, "told": str(told), "faults": str(faults)}
        asked["file"] = str(self.directory / "kadoma.sqlite3")
        print(json.dumps(asked), file=self.program.stdin, flush=True)
        with told.open() as stream:
            yield int(self.program.stdout.readline()), stream

    def ended(self):
        """Return how the process ended, and the words of its fault."""
        status = int(self.program.stdout.readline())
        return status, (self.directory / "faults").read_text()

    def run(self, *lines):
        """Have the lines done to their end; return what is printed, line by line, read as JSON."""
        with self.starts(lines) as (_, stream):
            told = stream.readlines()
        status, faults = self.ended()
        assert status == 0, faults
        return [json.loads(line) for line in told]

    def kill_half_way(self, stop, line, *before):
        """Begin the work, kill it after that write, and return what it saw just before."""
        with self.starts([*before, f"stop_after({stop})", line]) as (number, stream):
            ready, _, _ = select.select([stream], [], [], PATIENCE)
            told = stream.readline() if ready else ""
            self.left = self.unfinished()
            if told:
                os.kill(number, signal.SIGKILL)
        status, faults = self.ended()
        assert (bool(told), status) == (True, -signal.SIGKILL), faults
        return json.loads(told)

    def unfinished(self):
        """Return how many bytes of an unfinished transaction lie beside SQLite's file."""
        found = [self.directory / f"kadoma.sqlite3-{one}" for one in ("journal", "wal")]
        return sum(one.stat().st_size for one in found if one.exists())


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """The waiting program."""
    environment = own_environment(tmp_path_factory.mktemp("program"))
    environment["DJANGO_SETTINGS_MODULE"] = "kadoma_plan.settings"
    started = subprocess.Popen(
        [sys.executable, "-c", OPENING],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with started:
        yield started
        started.stdin.close()
        assert started.wait(PATIENCE) == 0


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def office(request, tmp_path, tmp_path_factory, program):
    if request.param == "sqlite":
        shutil.copy(prepared(tmp_path_factory) / "kadoma.sqlite3", tmp_path)
        yield Office(program, tmp_path)
        return
    with own_database(first_database(tmp_path_factory)) as address:
        yield Office(program, tmp_path, address)


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
