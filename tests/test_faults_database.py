"""The database full, read-only, held or gone: told in words, nothing half-written, and all goes on."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import close_old_connections, connection
from django.test import Client, override_settings
from django.urls import reverse

from kadoma_plan.environment import database
from kpis import payload
from kpis.models import Actual, Publication, Upload
from kpis.rounds import Move
from kpis.selectors.published import shown
from kpis.services import move
from tests import faults
from tests.conftest import R7_H1
from tests.contents import changed, everything
from tests.editors import Form
from tests.sending import workbook
from tests.test_concurrency import shared  # noqa: F401 (fixture)

pytestmark = pytest.mark.django_db(transaction=True)

ON_SQLITE = "sqlite" in settings.DATABASES["default"]["ENGINE"]
postgresql_only = pytest.mark.skipif(ON_SQLITE, reason="SQLite has no connection that could end")
SLUG = "kadoma-monozukuri"
NOTHING_SAVED = "何も保存していません。"
TYPED = "<会場>の変更による減少。" * 90  # some 3,000 bytes: no page has so much room left
FAULTS = {
    "full": (faults.full, "保存する場所（サーバーのディスク）の空きがなくなっています。"),
    "read-only": (faults.read_only, "データベースが読み取り専用になっています"),
    "held": (faults.held, "ほかの処理が長く続いているため、順番が回ってきませんでした。"),
}


class Office:
    """A person before the staff pages, with a browser that shows what a server answers."""

    def __init__(self, entering, correcting, by):
        self.entering, self.correcting = entering, correcting
        self.client = browser()
        self.client.force_login(by)

    def page(self, name, period):
        return reverse(f"admin:kpis_reportingperiod_{name}", args=[period.pk])

    def fills(self, address, client=None, /, marks=(), **typed):
        """Open the page, fill in its form and send it; return the answer."""
        client = client or self.client
        page = client.get(address)
        assert page.status_code == 200
        form = Form(page.content.decode(), **{"method": "post", **dict(marks)})
        return client.post(address, form.sent() | typed)

    def saves(self):
        key = self.entering.plan.indicators.get(code="1-1").pk
        typed = {f"k{key}-value": "1219", f"k{key}-cause": TYPED}
        page = self.page("entry", self.entering)
        return self.fills(page, marks=[("data-grid", None)], action="save", **typed)

    def uploads(self):
        file = SimpleUploadedFile("実績.xlsx", self.book)
        return self.fills(self.page("import", self.entering), marks=[], file=file)

    def publishes(self):
        page = self.page("readiness", self.correcting)
        return self.fills(page, move="publish", reason="集計の誤り")

    def signs_in(self):
        return self.fills("/accounts/login/", browser(), username="kanri", password="himitsu")

    def keeps_its_session(self):
        with override_settings(MIDDLEWARE=[*settings.MIDDLEWARE, "tests.faults.remembering"]):
            client = browser()
            client.cookies = self.client.cookies
            return client.get("/admin/")

    def asks_by_script(self):
        address = self.page("readiness", self.correcting)
        form = Form(words(self.client.get(address)), method="post")
        sent = form.sent() | {"move": "publish", "reason": "集計の誤り"}
        return self.client.post(address, sent, headers={"Accept": "*/*"})


def browser():
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


@pytest.fixture
def office(entering, administrator):
    h1 = entering.plan.periods.get(fiscal_year=2025, term="H1")
    correcting = move(period=h1, move=Move.REOPEN, by=administrator, reason="集計の誤り")
    made = Office(entering, correcting, administrator)
    made.book = workbook(entering)
    return made


def words(response):
    return response.content.decode()


def refused(response, why):
    """Return the words of the answer that says why nothing was saved."""
    assert (response.status_code, response["Retry-After"]) == (503, "30"), words(response)[:3000]
    assert why in words(response)
    return words(response)


@pytest.mark.parametrize(("fault", "why"), FAULTS.values(), ids=FAULTS)
def test_what_cannot_be_stored_is_told_and_leaves_nothing_and_works_afterwards(office, fault, why):
    before = everything()
    with fault():
        saving, publishing = office.saves(), office.publishes()
        uploading, signing_in = office.uploads(), office.signs_in()
        keeping, scripted = office.keeps_its_session(), office.asks_by_script()
        # Whoever only reads goes on.
        assert Client().get("/").status_code == 200
        assert office.client.get(office.page("entry", office.entering)).status_code == 200
    for one in (saving, publishing, uploading, signing_in):
        assert NOTHING_SAVED in refused(one, why)
    assert refused(keeping, why)
    assert scripted["Content-Type"] == "text/plain; charset=utf-8"
    assert refused(scripted, why).endswith(NOTHING_SAVED)
    assert "&lt;会場&gt;の変更による減少。" in words(saving)
    assert "集計の誤り" in words(publishing)
    assert "実績.xlsx" in words(uploading)
    assert "himitsu" not in words(signing_in)
    assert changed(before) <= {"auth.User"}  # that somebody knew the password may be noted
    # The very form that the answer holds is sent again.
    again = Form(words(saving), method="post")
    assert (
        office.client.post(office.page("entry", office.entering), again.sent()).status_code == 302
    )
    row = Actual.objects.get(period=office.entering)
    assert (row.value, row.cause, row.version) == (1219, TYPED, 1)
    assert Form(words(publishing), method="post").fields["reason"] == "集計の誤り"
    assert office.publishes().status_code == 302
    assert shown(SLUG, R7_H1).publication.version == 2
    assert office.uploads().status_code == 302
    assert Upload.objects.count() == 1
    assert office.signs_in()["Location"] == "/"


def test_other_faults_are_answered_as_before(office, monkeypatch):
    address = office.page("readiness", office.correcting)
    with faults.read_only():
        # A foreign form has no token of ours, and a click on our page must not lend it one.
        foreign = office.client.post(address, {"move": "publish", "reason": "外から"})
    assert foreign.status_code == 403
    assert "外から" not in words(foreign)
    faults.run("ALTER TABLE kpis_upload RENAME TO kpis_upload_away")
    unfinished = office.uploads()  # as after an upgrade without its migrations
    faults.run("ALTER TABLE kpis_upload_away RENAME TO kpis_upload")
    monkeypatch.setattr(payload, "dump", lambda progress: 1 // 0)
    for broken in (unfinished, office.publishes()):
        assert broken.status_code == 500
        assert "システムの内部で問題が起きました。" in words(broken)


# The connection ends.


@pytest.fixture
def ended(office, monkeypatch):
    """Return a function that has the connection end around what a module's function does."""

    def at(owner, name, *, before):
        real = getattr(owner, name)

        def around(*arguments, **named):
            if before:
                faults.cut()
                monkeypatch.undo()
                return real(*arguments, **named)
            given = real(*arguments, **named)
            faults.cut()
            monkeypatch.undo()
            return given

        monkeypatch.setattr(owner, name, around)

    return at


def goes_on():
    close_old_connections()  # as a server does between two requests
    assert Client().get("/").status_code == 200


@postgresql_only
@pytest.mark.parametrize("place", ["in the middle", "at the commit"])
def test_a_publication_whose_connection_ends_before_the_commit_is_not_there(office, ended, place):
    before = everything()
    place = (payload, "dump") if place == "in the middle" else (connection, "_commit")
    ended(*place, before=True)
    answer = office.publishes()
    said = refused(answer, "データベースに接続できないか、接続が途中で切れました。")
    assert "すべて保存されたか、何も保存されていないかのどちらかです" in said
    assert NOTHING_SAVED not in said
    assert "集計の誤り" in said
    goes_on()
    assert changed(before) == set()
    assert office.publishes().status_code == 302
    assert shown(SLUG, R7_H1).publication.version == 2


@postgresql_only
def test_a_publication_whose_connection_ends_after_the_commit_is_complete(office, ended):
    ended(connection, "_commit", before=False)
    office.publishes()
    goes_on()
    assert shown(SLUG, R7_H1).publication.version == 2
    assert Publication.objects.filter(period=office.correcting).count() == 2
    office.correcting.refresh_from_db()
    assert office.correcting.state == "published"


@postgresql_only
def test_a_server_that_does_not_answer_is_told_to_readers_and_then_all_goes_on(office):
    goes_on()
    faults.cut()
    goes_on()  # a connection that ended unseen costs nobody an answer
    connection.close()
    port = connection.settings_dict["PORT"]
    connection.settings_dict["PORT"] = "1"
    try:
        answers = [browser().get("/"), office.client.get("/admin/"), office.client.get("/nai/")]
    finally:
        connection.close()
        connection.settings_dict["PORT"] = port
    for one in answers:
        refused(one, "データベースに接続できないか、接続が途中で切れました。")
    goes_on()
    assert faults.rows("SHOW lock_timeout") == [("20s",)]


def test_nobody_waits_longer_for_another_on_postgresql_than_on_sqlite(tmp_path):
    entry = database("postgres://u@h/name", tmp_path / "x")
    assert "lock_timeout=20s" in entry["OPTIONS"]["options"]
    assert database("", tmp_path / "x")["OPTIONS"]["timeout"] == 20
    chosen = database("postgres://u@h/name?options=-c%20lock_timeout%3D5s", tmp_path / "x")
    assert chosen["OPTIONS"]["options"].endswith("-c lock_timeout=5s")  # the later one counts
