"""restore: everything comes back, on either database; a wrong file or a kill changes nothing."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing

import psycopg
import pytest
from django.core.management import CommandError
from django.db import connections
from django.utils import timezone

from actions.models import Plan, PublicityRecord
from kpis.backups import restoring
from kpis.models import PlanBookUpload
from tests.keeping import (
    BOTH,
    POSTGRES,
    RELEASES,
    SLUG,
    SQLITE,
    alone,  # noqa: F401
    answer,
    as_the_program_sees_it,
    everything,
    files_made,
    in_place,
    kept,  # noqa: F401
    office,  # noqa: F401
    rewritten,
)
from tests.postgres import own_database
from tests.served import ROOT, prepared

both = pytest.mark.parametrize("office", BOTH, indirect=True)
BACKUP = RELEASES / "0.6.0.zip"


def sql(*statements):
    with connections["default"].cursor() as cursor:
        for one in statements:
            cursor.execute(one)


def damage():
    """Do what must not happen: figures gone, a publication altered, a person lost."""
    sql(
        "DELETE FROM kpis_actual",
        "DELETE FROM kpis_historicalactual",
        "UPDATE kpis_publication SET payload = '{}'",
        "UPDATE auth_user SET username = 'x'",
    )


# --- the drill --------------------------------------------------------------------------------


@both
def test_after_a_restore_everything_is_as_it_was(office):
    before, files = everything(), files_made(office.folder / "before")
    answer("backup", str(office.folder / "b.zip"))
    damage()
    damaged = everything()
    said = answer("restore", str(office.folder / "b.zip"))
    assert everything() == before
    assert files_made(office.folder / "after") == files
    # What was there before can be brought back in the same way.
    (safety,) = (office.folder / "backups").iterdir()
    assert str(safety) in said
    assert "quickstart --no-serve" in said
    told = answer("restore", str(safety))
    assert everything() == damaged
    assert "SHA-256と一致しない公表データ" in told


def test_moving_to_postgresql_is_one_command_and_back_another(office, tmp_path):
    before, files = as_the_program_sees_it(), files_made(office.folder / "before")
    rows = everything()
    connections["default"].close()
    with own_database() as url, in_place(url, tmp_path):
        said = answer("restore", str(office.folder / "kadoma.sqlite3"))
        assert "保存しました" not in said, "nothing was there to be kept"
        assert as_the_program_sees_it() == before
        assert files_made(office.folder / "there") == files
        answer("backup", str(tmp_path / "there.zip"))
    answer("restore", str(tmp_path / "there.zip"))
    assert everything() == rows
    assert files_made(office.folder / "back") == files


@both
def test_numbers_of_deleted_records_are_not_given_again(office):
    plan = Plan.objects.get(slug=SLUG)
    last = PublicityRecord.objects.create(plan=plan, kind="other", content="y")
    last_pk = last.pk
    last.delete()
    answer("backup", str(office.folder / "b.zip"))
    answer("restore", str(office.folder / "b.zip"))
    new = PublicityRecord.objects.create(plan=plan, kind="other", content="y")
    assert new.pk == last_pk + 1


def test_kept_files_come_back_byte_for_byte(office):
    content = bytes(range(256)) * 40
    PlanBookUpload.objects.create(
        name="計画.xlsx", content=content, sha256="0" * 64, uploaded_by_id=1,
        uploaded_at=timezone.now(),
    )  # fmt: skip
    answer("backup", str(office.folder / "b.zip"))
    damage()
    answer("restore", str(office.folder / "b.zip"))
    assert bytes(PlanBookUpload.objects.get().content) == content


def test_a_restored_database_has_the_tables_that_the_migrations_make(office, tmp_path_factory):
    migrated = prepared(tmp_path_factory) / "kadoma.sqlite3"
    assert shape(office.folder / "kadoma.sqlite3") == shape(migrated)


def shape(file):
    """Return the columns, keys, indexes and rules of every table, in no particular order."""
    with closing(sqlite3.connect(file)) as direct:
        ask = lambda text: direct.execute(text).fetchall()  # noqa: E731
        found = {}
        for table, text in ask("SELECT name, sql FROM sqlite_master WHERE type = 'table'"):
            found[table] = (
                sorted(row[1:] for row in ask(f"PRAGMA table_info({table})")),
                sorted(row[2:] for row in ask(f"PRAGMA foreign_key_list({table})")),
                sorted(row[1:] for row in ask(f"PRAGMA index_list({table})") if row[3] == "c"),
                text.count("CHECK"),
                text.count("UNIQUE"),
                text.count("AUTOINCREMENT"),
            )
    return found


# --- files that are refused -------------------------------------------------------------------


def refused(path):
    """Return why the file is not taken in, and hold that nothing has changed."""
    before = everything()
    with pytest.raises(CommandError) as caught:
        answer("restore", str(path))
    assert everything() == before
    return str(caught.value)


def test_a_file_cut_off_anywhere_is_refused(office):
    whole = BACKUP.read_bytes()
    cut = office.folder / "cut.zip"
    for length in (0, 1, 63, 64, 1000, len(whole) // 2, len(whole) - 64, len(whole) - 1):
        cut.write_bytes(whole[:length])
        with pytest.raises(CommandError, match="壊れています"):
            answer("restore", str(cut))
    assert "壊れています" in refused(cut)


def test_a_single_changed_byte_is_seen_wherever_it_is(office):
    whole = bytearray(BACKUP.read_bytes())
    flipped = office.folder / "flipped.zip"
    for place in [*range(0, len(whole), 1499), len(whole) - 1, len(whole) - 65, len(whole) - 70]:
        whole[place] ^= 1
        flipped.write_bytes(whole)
        whole[place] ^= 1
        with pytest.raises(CommandError, match="壊れています"):
            answer("restore", "--check", str(flipped))


def manifest(**changes):
    """Return what gives the manifest other values."""

    def changed(entries):
        told = json.loads(entries["manifest.json"])
        entries["manifest.json"] = json.dumps(told | changes).encode()

    return changed


def future(entries):
    migrations = json.loads(entries["manifest.json"])["migrations"]
    manifest(migrations=[*migrations, ["kpis", "9999_future"]])(entries)


def one_row_less(entries):
    entries["rows/kpis_actual.jsonl"] = entries["rows/kpis_actual.jsonl"].split(b"\n", 1)[1]


def bomb(entries):
    entries["rows/kpis_actual.jsonl"] = bytes(120_000_000)


def table_lost(entries):
    told = json.loads(entries["manifest.json"])
    manifest(tables=[one for one in told["tables"] if one["table"] != "kpis_actual"])(entries)
    del entries["rows/kpis_actual.jsonl"]


def lost_link(entries):
    """Take away the plan that all else belongs to, and let the manifest agree."""
    told = json.loads(entries["manifest.json"])
    entries["rows/actions_plan.jsonl"] = b""
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    for one in told["tables"]:
        if one["table"] == "actions_plan":
            one |= {"rows": 0, "sha256": empty}
    entries["manifest.json"] = json.dumps(told).encode()


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        pytest.param(manifest(product="99.0.0"), "新しい版のプログラム", id="a newer product"),
        pytest.param(manifest(format=2), "新しい版のプログラム", id="a newer format"),
        pytest.param(future, r"新しい版のプログラム.*9999_future", id="newer migrations"),
        pytest.param(manifest(kind="wiki"), "種類が違います", id="another program's"),
        pytest.param(manifest(tables=None), "目録を読み取れません", id="a changed manifest"),
        pytest.param(manifest(migrations=[["kpis", "0009_words_of_the_forms"]]), "移行の記録", id="migrations without their bases"),
        pytest.param(lambda entries: entries.pop("manifest.json"), "目録がありません", id="no manifest"),
        pytest.param(lambda entries: entries.pop("rows/kpis_actual.jsonl"), "中身が一致しません", id="no rows"),
        pytest.param(one_row_less, "kpis_actual", id="a row less"),
        pytest.param(bomb, "大きさが異常", id="a bomb"),
        pytest.param(table_lost, "表の構成が違います", id="a table less"),
        pytest.param(lost_link, "復元できませんでした", id="rows that point nowhere"),
    ],
)  # fmt: skip
def test_a_sealed_but_wrong_file_is_refused(office, changed, reason):
    path = rewritten(BACKUP, office.folder / "wrong.zip", changed)
    assert re.search(reason, refused(path))


def test_the_control_a_file_sealed_anew_without_a_change_is_taken_in(office):
    path = rewritten(BACKUP, office.folder / "same.zip", lambda entries: None)
    assert "正しいバックアップです" in answer("restore", "--check", str(path))


def test_foreign_files_are_refused(office):
    other = office.folder / "other.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("readme.txt", "hello " * 100)
    assert "このシステムのバックアップではない" in refused(other)
    assert "読めません" in refused(office.folder / "nowhere.zip")
    assert "今使っているデータベース" in refused(office.folder / "kadoma.sqlite3")


def test_a_file_can_be_checked_without_restoring(office):
    damage()
    before = everything()
    said = answer("restore", "--check", str(BACKUP))
    assert "版 0.6.0" in said
    assert everything() == before


# --- the present database ---------------------------------------------------------------------


@both
def test_a_database_that_somebody_is_writing_to_is_left_alone(office, monkeypatch):
    before = everything()
    if office.kind == POSTGRES:
        monkeypatch.setattr(restoring, "LOCK_PATIENCE", "200ms")
        mine = psycopg.connect(office.url)
    else:
        office.connection.close()
        office.connection.settings_dict["OPTIONS"]["timeout"] = 0.2
        mine = sqlite3.connect(office.folder / "kadoma.sqlite3", isolation_level="IMMEDIATE")
    with closing(mine):
        mine.execute("UPDATE actions_plan SET section = 'x'")
        with pytest.raises(CommandError, match=r"元のまま.*サイトを止め"):
            answer("restore", str(BACKUP))
        mine.rollback()
    assert everything() == before


@pytest.mark.parametrize("ruin", ["overwritten", "newer"])
def test_a_database_that_cannot_be_read_is_put_aside_and_not_lost(office, ruin):
    whole = everything()
    file = office.folder / "kadoma.sqlite3"
    if ruin == "newer":
        sql(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('kpis', '9999_x', '2030-01-01')"
        )
    office.connection.close()
    if ruin == "overwritten":
        content = file.read_bytes()
        file.write_bytes(content[:20_000] + bytes(200_000) + content[220_000:])
    ruined = file.read_bytes()
    said = answer("restore", str(BACKUP))
    (aside,) = office.folder.glob("kadoma-*.sqlite3")
    assert str(aside) in said
    assert aside.read_bytes() == ruined
    assert everything() == whole


# --- killed -----------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from kpis.backups import restoring
if connection.vendor == "sqlite":  # write to the file before the end, as with much to write
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size = 1")
def stopped(target):
    target.check_constraints()
    with target.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM kpis_actual")
        print(cursor.fetchone()[0], flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
restoring._checked = stopped
call_command("restore", sys.argv[1])
"""


@pytest.mark.slow
@both
def test_a_kill_before_the_end_leaves_the_old_data_whole(office):
    damage()
    before = everything()
    office.connection.close()
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"KADOMA_DATA_DIR": str(office.folder), "PYTHONPATH": str(ROOT)}
    environment |= {"DJANGO_SETTINGS_MODULE": "kadoma_plan.settings", "DATABASE_URL": office.url}
    command = [sys.executable, "-c", KILLED, str(BACKUP)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert done.stdout.splitlines()[-1] == "30", "the new data did not stand yet"
    if office.kind == SQLITE:
        journal = office.folder / "kadoma.sqlite3-journal"
        wal = office.folder / "kadoma.sqlite3-wal"
        assert any(one.exists() and one.stat().st_size for one in (journal, wal))
    assert everything() == before
    answer("restore", str(BACKUP))
    assert everything() != before
