"""Starting: every wrong setting at once, a database that is not there, and a machine that misleads."""

import datetime as dt
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from kadoma_plan import environment
from kadoma_plan.checks import clock, is_on_network, sqlite_place
from kadoma_plan.environment import SettingsError, stop_if_wrong, subpath
from kpis.models import Publication
from tests.served import ROOT


def run(code_or_words, **variables):
    """Run a command of the product, or some Python, with these variables and no others of ours."""
    outer = {n: v for n, v in os.environ.items() if not n.startswith("KADOMA_")}
    outer.pop("DATABASE_URL", None)
    words = ["-c", code_or_words] if isinstance(code_or_words, str) else code_or_words
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=outer | variables | {"PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
    )


WRONG = {
    "KADOMA_DATA_DIR": "/dev/null/var",
    "DATABASE_URL": "mysql://kadoma:himitsu1@db/kadoma",
    "KADOMA_ALLOWED_HOSTS": "*,https://plan.example.lg.jp,plan.example.lg.jp:8000",
    "KADOMA_TRUSTED_ORIGINS": "plan.example.lg.jp",
    "KADOMA_HTTPS": "はい",
    "KADOMA_DEBUG": "1",
    "KADOMA_EMAIL_URL": "smtp://user:himitsu2@mail:port",
    "KADOMA_EMAIL_FROM": "産業課",
    "KADOMA_SITE_URL": "plan.example.lg.jp",
    "KADOMA_SUBPATH": "kpi",
    "KADOMA_LOG": "xml",
    "KADOMA_ALLOWED_HOST": "plan.example.lg.jp",
    "KADOMA_COLOUR": "red",
}


def test_every_wrong_setting_is_told_at_once_by_command_and_server():
    program = "import runpy; runpy.run_module('kadoma_plan.wsgi', run_name='worker')"
    for what in (["manage.py", "check"], program):
        done = run(what, **WRONG)
        assert done.returncode == 1
        assert done.stdout == ""
        told = done.stderr
        assert told.startswith("設定に誤りがあるため、開始しません（15件）。\n  1. ")
        assert [name for name in WRONG if name not in told] == []
        assert "KADOMA_ALLOWED_HOSTS ではありませんか" in told
        assert "Traceback" not in told
        assert "himitsu" not in told


def test_a_short_secret_key_is_refused_without_being_told():
    done = run("import kadoma_plan.settings", KADOMA_SECRET_KEY="himitsu-no-kagi")
    assert done.returncode == 1
    assert "KADOMA_SECRET_KEY は推測できない50文字以上" in done.stderr
    assert "himitsu" not in done.stderr


def test_a_database_that_does_not_answer_ends_the_start_with_a_sentence(tmp_path):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound, and listening to nobody
        url = f"postgres://kadoma:himitsu@127.0.0.1:{closed.getsockname()[1]}/kadoma"
        words = ["manage.py", "quickstart", "--no-serve"]
        done = run(words, DATABASE_URL=url, KADOMA_DATA_DIR=str(tmp_path), KADOMA_LOG="text")
    assert done.returncode == 1
    assert "データベース（PostgreSQL）に接続できません（" in done.stderr
    assert "環境変数 DATABASE_URL を確かめてください。" in done.stderr
    assert "Traceback" not in done.stderr
    assert "himitsu" not in done.stderr
    assert "WARNING コマンドを実行した person=os:" in done.stderr
    assert "command=quickstart status=1" in done.stderr


def test_a_command_without_its_database_says_so(tmp_path):
    words = ["manage.py", "export_data", "kadoma-monozukuri", "--format", "csv", "-o", "-"]
    empty = run(words, KADOMA_DATA_DIR=str(tmp_path / "empty"))
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"postgres://kadoma:himitsu@127.0.0.1:{closed.getsockname()[1]}/kadoma"
        gone = run(words, DATABASE_URL=url, KADOMA_DATA_DIR=str(tmp_path))
    for done, told in (
        (
            empty,
            "データベースの準備がまだです。適用していない変更があります（quickstart --no-serve",
        ),
        (gone, "データベース（PostgreSQL）に接続できません（"),
    ):
        assert (done.returncode, done.stdout) == (1, "")
        assert f"CommandError: {told}" in done.stderr
        assert "Traceback" not in done.stderr
        assert "himitsu" not in done.stderr


def test_health_answers_without_a_database_and_readiness_in_time(tmp_path):
    program = """
import os, socket, time
os.environ["DJANGO_SETTINGS_MODULE"] = "kadoma_plan.settings"
import django
django.setup()
from django.db import connections
from django.test import Client
client = Client()

def asked(port):
    for one in connections.settings.values():
        one["PORT"] = port
    connections.close_all()
    began = time.monotonic()
    live, ready = client.get("/healthz"), client.get("/readyz")
    print(live.status_code, ready.status_code, time.monotonic() - began < 4.5, ready.content.decode())

closed, silent = socket.socket(), socket.socket()
for one in (closed, silent):
    one.bind(("127.0.0.1", 0))
silent.listen()
asked(closed.getsockname()[1])
asked(silent.getsockname()[1])
"""
    url = "postgres://kadoma:himitsu@127.0.0.1:1/kadoma"
    done = run(program, DATABASE_URL=url, KADOMA_DATA_DIR=str(tmp_path), KADOMA_HTTPS="1")
    refused, silent = done.stdout.splitlines()
    missing = (
        '"static": "集めた静的ファイルがありません（quickstart --no-serve を実行してください）"'
    )
    assert refused.startswith(
        '200 503 True {"ready": false, "checks": {"database": "データベースに接続できません"'
    )
    assert silent.startswith(
        '200 503 True {"ready": false, "checks": {"database": "データベースが3秒以内に応答しません"'
    )
    assert missing in refused
    assert "himitsu" not in done.stdout + done.stderr
    assert "kadoma:" not in done.stdout


@pytest.mark.parametrize(
    ("text", "path"), [("", ""), ("/kpi", "/kpi"), ("/kpi/", "/kpi"), ("/a/b-2", "/a/b-2")]
)
def test_a_subpath_is_taken_without_its_last_slash(text, path):
    assert subpath(text) == path


@pytest.mark.parametrize("text", ["kpi", "/", "//kpi", "/kpi?x", "https://a/kpi", "/門真", "/a//b"])
def test_a_wrong_subpath_is_refused(text):
    with pytest.raises(ImproperlyConfigured, match="KADOMA_SUBPATH"):
        subpath(text)


@pytest.mark.parametrize(
    ("hosts", "debug", "https", "told"),
    [
        (["127.0.0.1"], True, False, 0),
        (["plan.example.lg.jp"], False, True, 0),
        (["127.0.0.1"], True, True, 1),
        (["127.0.0.1", "plan.example.lg.jp"], True, False, 1),
        (["*"], False, False, 1),
        (["plan.example.lg.jp", "[::1]", ".example.lg.jp"], False, False, 0),
    ],
)
def test_development_settings_do_not_meet_those_of_a_server(monkeypatch, hosts, debug, https, told):
    problems = []
    monkeypatch.setattr(environment, "_problems", problems)
    environment.check_hosts(hosts, ["https://plan.example.lg.jp"])
    environment.check_debug(debug=debug, https=https, hosts=hosts)
    assert len(problems) == told
    monkeypatch.setattr(environment, "_known", {"KADOMA_LOG"})
    if told:
        with pytest.raises(SettingsError, match="1件"):
            stop_if_wrong({"KADOMA_LOG": "text"})
    stop_if_wrong({"KADOMA_LOG": "text"})  # told once


MOUNTS = [("/", "ext4"), ("/srv", "nfs4"), ("/srv/local", "xfs"), ("/mnt/share", "cifs")]


@pytest.mark.parametrize(
    ("file", "network"),
    [
        ("/var/lib/kadoma.sqlite3", False),
        ("/srv/kadoma.sqlite3", True),
        ("/srv/local/kadoma.sqlite3", False),
        ("/srvx/kadoma.sqlite3", False),
        ("/mnt/share/a/kadoma.sqlite3", True),
        ("//server/share/kadoma.sqlite3", True),
    ],
)
def test_a_database_file_on_another_machine_is_known(file, network):
    assert is_on_network(Path(file), MOUNTS) is network


def test_a_database_in_memory_lies_nowhere():
    assert sqlite_place() == []


@pytest.mark.django_db
@pytest.mark.parametrize(("hours", "told"), [(-1, 0), (0, 0), (24, 1)])
def test_a_clock_behind_the_newest_record_is_told(published, hours, told):
    assert clock(databases=["default"]) == []
    at = dt.datetime.now(dt.UTC) + dt.timedelta(hours=hours)
    newest = Publication.objects.latest("published_at")
    Publication.objects.filter(pk=newest.pk).update(published_at=at)
    found = clock(databases=["default"])
    assert [one.id for one in found] == ["kadoma.W002"] * told
