"""At the same moment: several people, each with a connection of their own, in one database."""

import datetime as dt
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import IntegrityError, OperationalError, connection
from django.db.models import QuerySet

from actions.models import Plan
from kpis import payload
from kpis.entry import Entry
from kpis.merging import Merged
from kpis.models import (
    Actual,
    Indicator,
    JudgementBand,
    PeriodMove,
    PlanBookUpload,
    Publication,
    ReportingPeriod,
)
from kpis.rounds import PeriodState
from kpis.selectors.entry import entry_rows
from kpis.services import (
    EntryError,
    MoveError,
    NewEntry,
    apply_plan_book,
    apply_upload,
    entries,
    import_book,
    keep_plan_book,
    keep_upload,
    open_round,
    publish,
    publishing,
    save_entries,
    submit,
)
from tests.conftest import R7
from tests.factories import make_plan
from tests.planbooks import BASE, read

pytestmark = pytest.mark.django_db(transaction=True)

THREADS, TIMES = 4, 10
DUE = dt.date(2026, 4, 20)
PATIENCE = 60  # seconds
ON_SQLITE = "sqlite" in settings.DATABASES["default"]["ENGINE"]
postgresql_only = pytest.mark.skipif(
    ON_SQLITE, reason="SQLite lets one transaction write at a time"
)
sqlite_only = pytest.mark.skipif(not ON_SQLITE, reason="is about SQLite's transactions")


@pytest.fixture(autouse=True)
def shared(transactional_db, tmp_path):
    """A database for several threads: on SQLite a file, as in the office, in place of memory."""
    if not ON_SQLITE:
        yield
        return
    connection.ensure_connection()
    memory, name = connection.connection, connection.settings_dict["NAME"]
    file = str(tmp_path / "kadoma.sqlite3")
    with closing(sqlite3.connect(file)) as copy:
        memory.backup(copy)
    connection.connection, connection.settings_dict["NAME"] = None, file
    yield
    connection.close()
    connection.connection, connection.settings_dict["NAME"] = memory, name


@pytest.fixture
def plan():
    return make_plan(slug="small", indicators=THREADS)


@pytest.fixture
def period(plan, publisher):
    """R7 年度, 入力中, with 0 in each of the four rows (version 1)."""
    opened = open_round(plan=plan, period=R7, due=DUE, by=publisher)
    rows = entry_rows(opened)
    zero = Entry(value=Decimal(0), confirmation="開始時")
    save_entries(
        period=opened, entries=[NewEntry(one.indicator, zero, 0) for one in rows], by=publisher
    )
    return opened


@pytest.fixture
def checking(period, publisher):
    return submit(period=period, by=publisher)


def together(*works, expected=(EntryError, MoveError)):
    """Run each in a thread of its own from the same moment on; return what each gave or raised."""
    ready = threading.Barrier(len(works))

    def run(work):
        try:
            ready.wait(PATIENCE)
            return work()
        except expected as error:
            return error
        finally:
            connection.close()  # this thread's own

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def kinds(answers):
    return sorted(type(one).__name__ for one in answers)


# Adding to one figure.


def count_up(period, by):
    """Each of four people adds 1 to the same figure ten times; return how often one was too late.

    Before each time all four look at the screen, so that all four want to write the same figure;
    whoever is told of a conflict looks again. Each signs in 要因.
    """
    looked = threading.Barrier(THREADS)

    def adds(name):
        late = 0
        for time in range(TIMES):
            looked.wait(PATIENCE)
            row = entry_rows(period)[0]
            looked.wait(PATIENCE)
            while _one_more(period, by, row, f"{name} {time}").conflicts:
                row = entry_rows(period)[0]
                late += 1
        return late

    return sum(together(*(lambda name=name: adds(name) for name in "甲乙丙丁")))


def _one_more(period, by, row, signed):
    entry = replace(row.entry, value=row.entry.value + 1, cause=signed)
    return save_entries(period=period, entries=[NewEntry(row.indicator, entry, row.version)], by=by)


def test_forty_additions_by_four_people_make_forty(period, publisher):
    late = count_up(period, publisher)
    row = entry_rows(period)[0]
    assert row.entry.value == THREADS * TIMES
    assert row.version == 1 + THREADS * TIMES
    told = Actual.history.filter(period=period, indicator=row.indicator).order_by("history_id")
    assert [one.value for one in told] == list(range(THREADS * TIMES + 1))
    assert len({one.cause for one in told}) == THREADS * TIMES + 1
    assert late >= (THREADS - 1) * TIMES  # it was really contested, every time


def test_without_looking_at_the_version_three_of_four_are_lost(period, publisher, monkeypatch):
    # The control: whatever was sent is written, seen or not.
    monkeypatch.setattr(entries, "merge", lambda seen, mine, theirs: Merged(mine))
    assert count_up(period, publisher) == 0
    row = entry_rows(period)[0]
    assert row.version == 1 + THREADS * TIMES
    assert row.entry.value == TIMES


@postgresql_only
def test_without_holding_the_period_additions_are_lost(period, publisher, monkeypatch):
    # The control of the other half: the version is compared, but nothing keeps it until the write.
    monkeypatch.setattr(entries, "locked", unlocked)
    count_up(period, publisher)
    assert entry_rows(period)[0].entry.value < THREADS * TIMES


def unlocked(period):
    return ReportingPeriod.objects.select_related("plan").get(pk=period.pk)


@sqlite_only
def test_without_immediate_transactions_people_are_turned_away(period, publisher, monkeypatch):
    # The control on SQLite: transactions that only later ask to write fail with "locked".
    connection.close()
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "transaction_mode", "DEFERRED")
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 1)
    found = []
    for _ in range(25):
        row = entry_rows(period)[0]
        works = [
            lambda name=name, row=row: _one_more(period, publisher, row, name)
            for name in "甲乙丙丁"
        ]
        found += together(*works, expected=OperationalError)
    connection.close()
    assert "OperationalError" in kinds(found)


def test_four_people_with_a_row_each_never_wait_for_an_answer(period, publisher):
    keys = [one.indicator for one in entry_rows(period)]

    def fills(key):
        conflicts = 0
        for _ in range(10):
            grid = entry_rows(period)
            sent = [NewEntry(one.indicator, one.entry, one.version) for one in grid]
            place = keys.index(key)
            mine = replace(grid[place].entry, value=grid[place].entry.value + 1)
            sent[place] = replace(sent[place], entry=mine)
            saved = save_entries(period=period, entries=sent, by=publisher)
            conflicts += len(saved.conflicts)
        return conflicts

    assert together(*(lambda key=key: fills(key) for key in keys)) == [0] * THREADS
    rows = entry_rows(period)
    assert [(one.entry.value, one.version) for one in rows] == [(10, 11)] * THREADS


def test_an_empty_row_that_four_fill_at_once_is_filled_once(plan, publisher):
    period = open_round(plan=plan, period=R7, due=DUE, by=publisher)
    key = entry_rows(period)[0].indicator

    def fill(value):
        entry = Entry(value=Decimal(value))
        return save_entries(period=period, entries=[NewEntry(key, entry, 0)], by=publisher)

    answers = together(*(lambda value=value: fill(value) for value in range(1, THREADS + 1)))
    assert sorted(len(one.changed) for one in answers) == [0, 0, 0, 1]
    assert sorted(len(one.conflicts) for one in answers) == [0, 1, 1, 1]
    row = Actual.objects.get(period=period)
    assert answers[int(row.value) - 1].changed  # the one who was told so
    assert (row.version, row.history.count()) == (1, 1)


# Moving the period.


def moves(period, one):
    return PeriodMove.objects.filter(period=period, move=one).count()


def test_two_who_publish_at_once_make_one_publication(checking, publisher, administrator):
    answers = together(
        lambda: publish(period=checking, by=publisher, reason="一"),
        lambda: publish(period=checking, by=administrator, reason="二"),
    )
    assert kinds(answers) == ["MoveError", "Publication"]
    (refused,) = (one for one in answers if isinstance(one, MoveError))
    assert "ほかの人が先に操作した可能性があります。" in str(refused)
    made = Publication.objects.get(period=checking)
    assert made in answers
    assert (made.version, moves(checking, "publish")) == (1, 1)
    checking.refresh_from_db()
    assert checking.stands is PeriodState.PUBLISHED


@postgresql_only
def test_without_holding_the_period_a_second_publisher_meets_a_broken_page(
    checking, publisher, administrator, monkeypatch
):
    # The control: both find the period 確認中, and only the database's constraint is left.
    both = threading.Barrier(2)

    def unlocked_together(period):
        row = unlocked(period)
        both.wait(PATIENCE)
        return row

    monkeypatch.setattr(publishing, "locked", unlocked_together)
    answers = together(
        lambda: publish(period=checking, by=publisher, reason="一"),
        lambda: publish(period=checking, by=administrator, reason="二"),
        expected=IntegrityError,
    )
    assert kinds(answers) == ["IntegrityError", "Publication"]


def test_two_who_hand_in_at_once_hand_in_once(period, publisher, administrator):
    answers = together(
        lambda: submit(period=period, by=publisher),
        lambda: submit(period=period, by=administrator),
    )
    assert kinds(answers) == ["MoveError", "ReportingPeriod"]
    assert moves(period, "submit") == 1


@pytest.mark.parametrize("prepared", [False, True], ids=["new", "prepared"])
def test_two_who_begin_a_period_at_once_begin_it_once(plan, publisher, administrator, prepared):
    if prepared:
        ReportingPeriod.objects.create(plan=plan, fiscal_year=2025, term="FY")
    _begin_together(plan, publisher, administrator)


def test_two_who_begin_the_first_period_of_a_plan_give_it_its_bands_once(
    plan, publisher, administrator
):
    ReportingPeriod.objects.create(plan=plan, fiscal_year=2025, term="FY")
    JudgementBand.objects.filter(plan=plan).delete()
    _begin_together(plan, publisher, administrator)
    assert JudgementBand.objects.filter(plan=plan).count() == 8


def _begin_together(plan, first, second):
    other = dt.date(2026, 4, 30)
    answers = together(
        lambda: open_round(plan=plan, period=R7, due=DUE, by=first),
        lambda: open_round(plan=plan, period=R7, due=other, by=second),
    )
    assert kinds(answers) == ["MoveError", "ReportingPeriod"]
    begun = ReportingPeriod.objects.get(plan=plan, fiscal_year=2025, term="FY")
    assert begun.stands is PeriodState.ENTERING
    assert begun.due == (DUE if isinstance(answers[0], ReportingPeriod) else other)
    assert moves(begun, "open") == 1


# Publishing while somebody still types.


def publish_while_saving(period, by, monkeypatch):
    """Save while the publication is being made of what was read; return what the two gave."""
    read, saved = threading.Event(), threading.Event()
    dump = payload.dump

    def slow_dump(progress):
        read.set()
        saved.wait(2)  # the save has time enough, where nothing holds it back
        return dump(progress)

    def save():
        row = entry_rows(period)[0]
        assert read.wait(PATIENCE)
        entry = NewEntry(row.indicator, replace(row.entry, value=Decimal(5)), row.version)
        try:
            return save_entries(period=period, entries=[entry], by=by)
        finally:
            saved.set()

    monkeypatch.setattr(payload, "dump", slow_dump)
    return together(lambda: publish(period=period, by=by, reason="確認済み"), save)


def published_and_live(made, period):
    row = entry_rows(period)[0]
    frozen = payload.load(made.payload).indicator(row.code).at(R7).actual.value
    return frozen, row.entry.value


def test_what_is_published_is_what_stands(checking, publisher, monkeypatch):
    made, refused = publish_while_saving(checking, publisher, monkeypatch)
    assert str(refused) == (
        "この報告期間は公表済みです。数値を直すには、公表担当が「訂正を始める」必要があります。"
    )
    assert published_and_live(made, checking) == (0, 0)


@postgresql_only
def test_without_holding_the_period_a_late_figure_is_missing_from_the_publication(
    checking, publisher, monkeypatch
):
    # The control.
    monkeypatch.setattr(entries, "locked", unlocked)
    made, _ = publish_while_saving(checking, publisher, monkeypatch)
    assert published_and_live(made, checking) == (0, 5)


# Files.


@pytest.fixture
def uploaded(plan, publisher):
    """A file with a figure for each row, kept for its preview; and its figures."""
    period = open_round(plan=plan, period=R7, due=DUE, by=publisher)
    rows = entry_rows(period)
    upload = keep_upload(period=period, name="実績.xlsx", content=b"xlsx", by=publisher)
    return upload, [NewEntry(one.indicator, Entry(value=Decimal(7)), 0) for one in rows]


def test_a_file_that_two_apply_at_once_is_applied_once(uploaded, publisher, administrator):
    upload, figures = uploaded
    answers = together(
        lambda: apply_upload(upload=upload, entries=figures, by=publisher),
        lambda: apply_upload(upload=upload, entries=figures, by=administrator),
    )
    assert kinds(answers) == ["EntryError", "Saved"]
    (refused,) = (one for one in answers if isinstance(one, EntryError))
    assert str(refused) == "このファイルは既に取り込まれています。"
    upload.refresh_from_db()
    assert upload.changes == THREADS
    told = Actual.history.filter(period=upload.period)
    assert {one.history_change_reason for one in told} == {
        f"Excel取込: 実績.xlsx（取込番号{upload.pk}）"
    }
    assert told.count() == THREADS


@pytest.fixture
def books(administrator):
    """Two uploads of one plan book for a plan that is not there yet, and what takes one in."""
    reading = read(BASE)
    order = {"book": reading.book, "places": reading.places, "by": administrator}
    seen = import_book(**order, dry_run=True).fingerprint
    pair = [keep_plan_book(name=name, content=b"", by=administrator) for name in "甲乙"]

    def take(upload):
        return apply_plan_book(upload=upload, fingerprint=seen, **order)

    return pair, take


def test_a_plan_book_that_two_take_in_at_once_is_taken_in_once(books):
    (upload, _), take = books
    answers = together(lambda: take(upload), lambda: take(upload))
    assert kinds(answers) == ["EntryError", "Imported"]
    assert Plan.objects.count() == Indicator.history.count() == 1


def test_two_books_that_make_one_plan_at_once_make_it_once(books):
    (first, second), take = books
    answers = together(lambda: take(first), lambda: take(second))
    assert sorted((one.dry_run, one.is_new) for one in answers) == [(False, True), (True, False)]
    assert Plan.objects.count() == Indicator.history.count() == 1
    assert PlanBookUpload.objects.filter(applied_at=None).count() == 1


@postgresql_only
def test_without_holding_the_file_it_is_applied_twice(
    uploaded, publisher, administrator, monkeypatch
):
    # The control: both find it not applied.
    both = threading.Barrier(2)
    get = QuerySet.get

    def get_together(rows, *arguments, **named):
        found = get(rows, *arguments, **named)
        if rows.model is type(uploaded[0]):
            both.wait(PATIENCE)
        return found

    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)
    monkeypatch.setattr(QuerySet, "get", get_together)
    upload, figures = uploaded
    answers = together(
        lambda: apply_upload(upload=upload, entries=figures, by=publisher),
        lambda: apply_upload(upload=upload, entries=figures, by=administrator),
    )
    assert kinds(answers) == ["Saved", "Saved"]
