"""The log of who did what: which acts it tells, and how a line looks."""

import json
import logging
from dataclasses import replace
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.test import Client

from actions.models import PublicityRecord
from kadoma_plan.logs import DatedFile, JsonLine, TextLine
from kpis.rounds import Move
from kpis.selectors.entry import entry_rows
from kpis.services import NewEntry, move, publish, save_entries, submit
from tests.conftest import R7_FIGURES

pytestmark = pytest.mark.django_db
SLUG = "kadoma-monozukuri"


@pytest.fixture
def lines(caplog):
    """Return a function that gives the log's lines so far as a program reads them."""
    caplog.set_level(logging.INFO, "kadoma")
    return lambda: [json.loads(one) for one in caplog.handler.stream.getvalue().splitlines()]


@pytest.fixture(autouse=True)
def as_json(caplog):
    caplog.handler.setFormatter(JsonLine())


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Return what lets a block's acts be stored as outside of a test."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_each_step_of_a_round_is_told_once_with_who_and_which(
    entering, enter, entry_clerk, publisher, committed, lines
):
    with committed():
        enter(entering, entry_clerk, R7_FIGURES)
        submit(period=entering, by=entry_clerk, reason="")
        move(period=entering, move=Move.SEND_BACK, by=publisher, reason="確認")
        submit(period=entering, by=entry_clerk)
        made = publish(period=entering, by=publisher, reason="公表")
    told = [(one["event"], one["person"], one.get("move"), one.get("count")) for one in lines()]
    assert told == [
        ("entries.save", "nyuryoku", None, 15),
        ("period.submit", "nyuryoku", None, None),
        ("period.move", "kohyo", "send_back", None),
        ("period.submit", "nyuryoku", None, None),
        ("period.publish", "kohyo", None, None),
    ]
    assert {(one["plan"], one["period"]) for one in lines()} == {(SLUG, "2025-FY")}
    assert (lines()[-1]["version"], lines()[-1]["sha256"]) == (1, made.sha256)


def test_no_figure_before_publication_is_in_the_log(entering, enter, entry_clerk, committed, lines):
    with committed():
        enter(entering, entry_clerk, {"1-1": "98765", "1-2": "54321"})
    assert [one["count"] for one in lines()] == [2]
    assert not {"98765", "54321"} & {str(one) for line in lines() for one in line.values()}
    assert "要因" not in json.dumps(lines(), ensure_ascii=False)


def test_an_act_that_is_taken_back_is_not_told(entering, enter, entry_clerk, committed, lines):
    with committed(), transaction.atomic():
        enter(entering, entry_clerk, {"1-1": "1210"})
        transaction.set_rollback(True)
    assert lines() == []


def test_a_conflict_saves_nothing_and_is_not_told(
    entering, enter, entry_clerk, with_role, committed, lines
):
    enter(entering, entry_clerk, {"1-1": "1210"})
    row = next(one for one in entry_rows(entering) if one.code == "1-1")
    stale = NewEntry(row.indicator, replace(row.entry, value=Decimal(1300)), 0)
    with committed():
        saved = save_entries(period=entering, entries=[stale], by=with_role("ato", "入力担当"))
    assert saved.conflicts
    assert lines() == []


def test_staff_changes_of_records_and_accounts_refer_to_the_admins_own_entry(
    client, administrator, committed, lines
):
    client.force_login(administrator)
    person = {"username": "shinjin", "password1": "Kadoma-2026-x", "password2": "Kadoma-2026-x"}
    with committed():
        assert client.post("/admin/auth/user/add/", person).status_code == 302
    entry = LogEntry.objects.get()
    (line,) = [one for one in lines() if one["event"] == "record.change"]
    assert (line["person"], line["deed"], line["kind"]) == ("kanri", "add", "user")
    assert (line["entry"], line["key"]) == (entry.pk, entry.object_id)
    assert "Kadoma-2026-x" not in json.dumps(lines())


def test_deleting_several_records_at_once_is_told(
    client, administrator, published, committed, lines
):
    made = [
        PublicityRecord.objects.create(plan=published, kind="配布", content=content)
        for content in ("概要版", "本編")
    ]
    client.force_login(administrator)
    chosen = {"action": "delete_selected", "_selected_action": [one.pk for one in made]}
    with committed():
        client.post("/admin/actions/publicityrecord/", chosen | {"post": "yes"})
    assert not PublicityRecord.objects.filter(pk__in=[one.pk for one in made]).exists()
    (line,) = [one for one in lines() if one["event"] == "record.change"]
    assert (line["deed"], line["kind"]) == ("delete", "publicityrecord")
    assert sorted(line["key"].split(",")) == sorted(str(one.pk) for one in made)


def test_who_is_refused_and_who_takes_drafts_out_is_told(
    client, entry_clerk, entering, committed, lines
):
    client.force_login(entry_clerk)
    with committed():
        assert client.get("/admin/auth/user/").status_code == 403
        book = client.get(f"/admin/actions/plan/{entering.plan_id}/book/")
    assert "attachment" in book["Content-Disposition"]
    refused, taken = [one for one in lines() if one["event"] != "auth.login"]
    assert (refused["event"], refused["person"]) == ("request.refused", "nyuryoku")
    assert (refused["path"], refused["level"]) == ("/admin/auth/user/", "WARNING")
    assert (taken["event"], taken["person"]) == ("draft.export", "nyuryoku")
    assert len({refused["request"], taken["request"]}) == 2
    assert "X-Request-ID" not in book
    assert taken["address"] == "127.0.0.1"


def test_an_error_is_told_under_the_number_that_its_page_shows(
    published, monkeypatch, caplog, lines
):
    def broken(*_):
        raise ValueError("1行目\n2行目: 98765")

    monkeypatch.setattr("kpis.views.pages.front_plan", broken)
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 500
    number = answer["X-Request-ID"]
    assert f"<strong>{number}</strong>" in answer.content.decode()
    (line,) = [one for one in lines() if one["level"] == "ERROR"]
    assert line["request"] == number
    assert line["error"].startswith("ValueError: 1行目 (")
    assert "98765" not in json.dumps(lines())


def record(**event):
    made = logging.LogRecord("kadoma.journal", logging.INFO, "", 0, "x", None, None)
    made.created = 1776646800.25  # 2026-04-20 10:00:00.25 in Tokyo
    made.event = event
    return made


EVIL = 'a\n{"event":"auth.login"}\x1b[2J\u2028b'


def test_nobody_writes_a_line_of_their_own():
    for form in (JsonLine(), TextLine()):
        line = form.format(record(event="auth.failed", what="失敗", person=EVIL))
        assert len(line.splitlines()) == 1
        assert "\x1b" not in line
        assert "a\\n{" in line.replace("\\\\", "\\")


def test_a_line_is_as_long_as_it_needs_to_be():
    line = json.loads(JsonLine().format(record(event="e", what="w", person="x" * 5000)))
    assert line["person"] == "x" * 300


def test_both_forms_tell_the_same_in_their_own_way():
    event = {"event": "period.publish", "what": "公表した", "person": "kohyo", "version": 2}
    assert json.loads(JsonLine().format(record(**event))) == {
        "time": "2026-04-20T10:00:00.250+09:00",
        "level": "INFO",
        **event,
    }
    assert TextLine().format(record(**event)) == (
        "2026-04-20 10:00:00 INFO 公表した person=kohyo version=2"
    )
    assert (
        TextLine()
        .format(record(event="e", what="w", person="a version=9", x=""))
        .endswith('w person="a version=9"')
    )


def test_two_processes_add_to_the_file_of_the_day(tmp_path):
    one, other = DatedFile(tmp_path / "log"), DatedFile(tmp_path / "log")
    for handler, version in ((one, 1), (other, 2), (one, 3)):
        handler.setFormatter(TextLine())
        handler.handle(record(event="e", what="公表した", version=version))
    (file,) = (tmp_path / "log").iterdir()
    assert file.name == "2026-04-20.log"
    assert [line[-1] for line in file.read_text().splitlines()] == ["1", "2", "3"]
