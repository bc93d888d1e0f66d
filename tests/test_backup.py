"""backup: whole, sealed, of one moment, while people work; and never half a file."""

import json
import os
import resource
import sqlite3
import threading
import time
import zipfile
from contextlib import closing, contextmanager

import psycopg
import pytest
from django.core.management import CommandError
from django.db import connections

from tests.keeping import BOTH, POSTGRES, alone, answer, kept, office  # noqa: F401

both = pytest.mark.parametrize("office", BOTH, indirect=True)


def writing_address(office):
    """Return a function that opens a connection of a colleague who is no part of the backup."""
    if office.kind == POSTGRES:
        return lambda: psycopg.connect(office.url)
    return lambda: sqlite3.connect(office.folder / "kadoma.sqlite3", timeout=20)


@contextmanager
def colleague(office):
    """Let somebody write the same number into two tables at once, again and again."""
    done, stop = [], threading.Event()
    connect = writing_address(office)

    def work():
        with closing(connect()) as mine:
            while not stop.is_set():
                number = len(done) + 1
                mine.execute(f"UPDATE actions_plan SET section = '{number}'")  # noqa: S608
                mine.execute(f"UPDATE kpis_meeting SET place = '{number}'")  # noqa: S608
                mine.commit()
                done.append(number)
                time.sleep(0.005)  # SQLite lets others in only between two writes

    thread = threading.Thread(target=work)
    thread.start()
    try:
        while not done and thread.is_alive():
            time.sleep(0.01)
        yield done
    finally:
        stop.set()
        thread.join()


def stored(path, table, column):
    """Return a column of a backup, read without the product."""
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        columns = {one["table"]: one["columns"] for one in manifest["tables"]}
        lines = archive.read(f"rows/{table}.jsonl").splitlines()
    return [json.loads(line)[columns[table].index(column)] for line in lines]


@both
def test_a_backup_shows_one_moment_while_a_colleague_writes(office):
    with colleague(office) as done:
        for number in range(4):
            path, before = office.folder / f"{number}.zip", len(done)
            answer("backup", str(path))
            (moment,) = stored(path, "actions_plan", "section")
            assert stored(path, "kpis_meeting", "place") == [moment]
            assert before <= int(moment) <= len(done) + 1
        assert len(done) > before, "the colleague could not work meanwhile"


def test_a_backup_tells_versions_and_counts_and_is_for_its_owner_only(office, settings):
    path = office.folder / "b.zip"
    said = answer("backup", str(path))
    assert path.stat().st_mode & 0o777 == 0o600
    manifest = json.loads(zipfile.ZipFile(path).read("manifest.json"))
    rows = {one["table"]: one["rows"] for one in manifest["tables"]}
    with sqlite3.connect(office.folder / "kadoma.sqlite3") as direct:
        counted = {
            table: direct.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]  # noqa: S608
            for table in rows
        }
        migrations = direct.execute("SELECT COUNT(*) FROM django_migrations").fetchone()[0]
    direct.close()
    assert rows == counted
    assert rows["kpis_publication"] == 2
    assert f"{sum(rows.values()):,}行" in said
    assert manifest["product"] == settings.PRODUCT_VERSION
    assert manifest["database"] == f"SQLite {sqlite3.sqlite_version}"
    assert len(manifest["migrations"]) == migrations


def test_a_backup_holds_no_sessions_and_no_login_attempts(office):
    path = office.folder / "b.zip"
    answer("backup", str(path))
    names = zipfile.ZipFile(path).namelist()
    assert [one for one in names if "session" in one or "axes" in one] == []
    assert "rows/auth_user.jsonl" in names


def test_an_existing_file_is_replaced_only_when_told_so(office):
    path = office.folder / "b.zip"
    path.write_text("mine")
    with pytest.raises(CommandError, match="既にあります"):
        answer("backup", str(path))
    assert path.read_text() == "mine"
    answer("backup", str(path), "--force")
    assert zipfile.is_zipfile(path)


@both
def test_a_full_disk_leaves_no_half_file_and_what_was_there(office):
    path = office.folder / "b.zip"
    path.write_text("last week")
    there = sorted(office.folder.iterdir())
    connections["default"].close()
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, most))  # every write beyond fails
    try:
        with pytest.raises(CommandError, match=r"書き込めません|写し取れません"):
            answer("backup", str(path), "--force")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    assert path.read_text() == "last week"
    assert sorted(office.folder.iterdir()) == there


def test_what_a_killed_backup_left_goes_a_day_later(office):
    yesterday, just_now = (office.folder / f".unfinished-plan-backup-{n}" for n in "ab")
    for one in (yesterday, just_now):
        one.mkdir()
        (one / "standing.sqlite3").write_text("data")
    os.utime(yesterday, (time.time() - 90_000,) * 2)
    answer("backup", str(office.folder / "b.zip"))
    assert (yesterday.exists(), just_now.exists()) == (False, True)


def test_a_folder_that_is_not_there_is_told(office):
    with pytest.raises(CommandError, match="書き込めません"):
        answer("backup", str(office.folder / "nowhere" / "b.zip"))


def test_a_database_of_a_newer_program_is_not_backed_up_in_part(office):
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('kpis', '9999_x', '2030-01-01')"
        )
    with pytest.raises(CommandError, match=r"新しい版のプログラム.*kpis\.9999_x"):
        answer("backup", str(office.folder / "b.zip"))
    assert not (office.folder / "b.zip").exists()
