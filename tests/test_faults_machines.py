"""Two servers, as on two machines, that share one PostgreSQL: together they behave as one."""

import http.cookiejar
import shutil
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace

import psycopg
import pytest

from tests.editors import CONTESTED, Form
from tests.postgres import demand_postgresql, first_database, own_database
from tests.served import PASSWORD, ROOT, SLUG, _wait, own_environment, prepared
from tests.test_remind_processes import smtp_server

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


class Browser:
    """A person's browser; as to a machine behind a proxy, cookies go to both servers."""

    def __init__(self):
        self.jar = http.cookiejar.CookieJar()

    def get(self, address, **headers):
        return self._open(urllib.request.Request(address, headers=headers))

    def post(self, address, fields):
        sent = urllib.parse.urlencode(fields).encode()
        return self._open(urllib.request.Request(address, sent, {"Referer": address}))

    def fills(self, address, marks=(), **typed):
        """Open the page and return what its form would send."""
        page = self.get(address)
        assert page.status == 200, page.text
        return Form(page.text, **{"method": "post", **dict(marks)}).sent() | typed

    def _open(self, request):
        kept = urllib.request.HTTPCookieProcessor(self.jar)
        opener = urllib.request.build_opener(kept, NoRedirects())
        try:
            answer = opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            text = answer.read().decode()
            return SimpleNamespace(status=answer.status, text=text, headers=answer.headers)


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """Leaves an answer that leads elsewhere as it is."""

    def redirect_request(self, *_):
        return None


@contextmanager
def machine(folder, environment):
    """Serve from this data directory as a production server does; yield the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port)]
    own = own_environment(folder) | environment
    server = subprocess.Popen(
        [*command, "kadoma_plan.wsgi:application"],
        cwd=ROOT,
        env=own,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(f"http://127.0.0.1:{port}/healthz", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Two machines with a data directory each, one database, one key and one mail server."""
    demand_postgresql()
    with ExitStack() as stack:
        database = stack.enter_context(own_database(first_database(tmp_path_factory)))
        mail = stack.enter_context(smtp_server())
        environment = {
            "DATABASE_URL": database,
            "KADOMA_SECRET_KEY": "one key for both machines, fifty letters long or more",
            "KADOMA_EMAIL_URL": f"smtp://127.0.0.1:{mail.server_address[1]}",
            "KADOMA_EMAIL_FROM": "門真市 <plan@example.jp>",
        }
        machines = []
        for name in ("one", "two"):
            folder = tmp_path_factory.mktemp("machines") / name
            shutil.copytree(prepared(tmp_path_factory), folder)
            machines.append(stack.enter_context(machine(folder, environment)))
        yield SimpleNamespace(one=machines[0], two=machines[1], database=database, mail=mail)


@pytest.fixture(scope="module")
def staff(site):
    """The administrator, who signed in at the first machine."""
    browser = Browser()
    page = f"{site.one}/admin/login/"
    typed = {"username": "admin", "password": PASSWORD, "next": "/admin/"}
    signed_in = browser.post(page, browser.fills(page, **typed))
    assert (signed_in.status, signed_in.headers["Location"]) == (302, "/admin/")
    return browser


def row(site, statement, *values):
    with psycopg.connect(site.database) as server:
        return server.execute(statement, values).fetchone()


def change(site, statement):
    with psycopg.connect(site.database) as server:
        server.execute(statement)


def period_of(site, term):
    found = "SELECT id FROM kpis_reportingperiod WHERE fiscal_year = 2025 AND term = %s"
    return f"/admin/kpis/reportingperiod/{row(site, found, term)[0]}"


def at_once(*works):
    """Do both from the same moment on; return their answers."""
    ready = threading.Barrier(len(works))

    def run(work):
        ready.wait(30)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


@pytest.fixture(scope="module")
def entry(site, staff):
    """The entry screen of R7 年度, begun at the first machine."""
    page = f"{site.one}/admin/kpis/reportingperiod/begin/"
    (plan,) = row(site, "SELECT id FROM actions_plan")
    typed = {"plan": plan, "fiscal_year": 2025, "term": "FY", "due": "2026-04-20"}
    assert staff.post(page, staff.fills(page, **typed)).status == 302
    return f"{period_of(site, 'FY')}/entry/"


def test_who_signed_in_at_one_is_known_to_the_other_and_signed_out_of_both(site, staff):
    assert staff.get(f"{site.two}/admin/").status == 200
    other = Browser()
    typed = {"username": "admin", "password": PASSWORD}
    page = f"{site.two}/accounts/login/"
    assert other.post(page, other.fills(page, **typed)).status == 302
    assert other.get(f"{site.one}/admin/").status == 200
    out = other.fills(f"{site.one}/accounts/password/", [("action", "/accounts/logout/")])
    assert other.post(f"{site.one}/accounts/logout/", out).status == 302
    assert other.get(f"{site.two}/admin/").status == 302


def test_wrong_passwords_at_both_are_counted_together(site):
    browser = Browser()
    typed = {"username": "tanaka", "password": "chigau"}
    answers = []
    for machine in (site.one, site.two, site.one, site.two, site.one):
        page = f"{machine}/accounts/login/"
        answers.append(browser.post(page, browser.fills(page, **typed)))
    assert "ログインを一時停止しています" not in "".join(one.text for one in answers[:4])
    assert "ログインを一時停止しています" in answers[4].text
    page = f"{site.two}/accounts/login/"
    locked = browser.post(page, browser.fills(page, **typed))
    assert "ログインを一時停止しています" in locked.text


def test_of_two_who_save_one_cell_at_once_one_is_asked(site, staff, entry):
    (key,) = row(site, "SELECT id FROM kpis_indicator WHERE code = '1-1'")
    grids = [
        staff.fills(one + entry, [("data-grid", None)], action="save", **{f"k{key}-value": figure})
        for one, figure in ((site.one, "1211"), (site.two, "1212"))
    ]
    answers = at_once(
        lambda: staff.post(site.one + entry, grids[0]),
        lambda: staff.post(site.two + entry, grids[1]),
    )
    assert sorted(one.status for one in answers) == [200, 302]
    (asked,) = (one for one in answers if one.status == 200)
    assert CONTESTED in asked.text
    found = (
        "SELECT value, version FROM kpis_actual a JOIN kpis_reportingperiod p ON p.id = period_id"
    )
    value, version = row(site, f"{found} WHERE indicator_id = %s AND p.term = 'FY'"
                         " AND p.fiscal_year = 2025", key)  # fmt: skip
    assert version == 1
    assert int(value) == (1211 if answers[0].status == 302 else 1212)


def test_a_reminder_that_both_send_at_once_is_sent_once(site, staff, entry):
    change(site, "UPDATE kpis_indicator SET section = '甲課'")
    change(
        site,
        "INSERT INTO kpis_sectioncontact (plan_id, section, email)"
        " SELECT id, '甲課', 'kou@example.jp' FROM actions_plan",
    )
    page = entry.replace("/entry/", "/reminders/")
    sent = staff.fills(site.one + page)
    answers = at_once(
        lambda: staff.post(site.one + page, sent), lambda: staff.post(site.two + page, sent)
    )
    assert [one.status for one in answers] == [302, 302]
    assert site.mail.taken == [("kou@example.jp",)]


def test_two_publish_at_once_and_both_machines_show_the_one_publication(site, staff):
    reader, pages = Browser(), ("/", f"/{SLUG}/", "/plans/", f"/{SLUG}/data/kpis.csv")
    tags = {}
    for one in (site.one, site.two):
        for page in pages:
            answer = reader.get(one + page)
            assert answer.status == 200
            tags[one, page] = answer.headers["ETag"]
            assert reader.get(one + page, **{"If-None-Match": tags[one, page]}).status == 304
    assert all(tags[site.one, page] == tags[site.two, page] for page in pages)

    page = f"{period_of(site, 'H1')}/readiness/"
    token = staff.fills(site.one + page)["csrfmiddlewaretoken"]
    sent = {"csrfmiddlewaretoken": token, "reason": "集計の誤り"}
    assert staff.post(site.one + page, sent | {"move": "reopen"}).status == 302
    answers = at_once(
        *(
            lambda one=one: staff.post(one + page, sent | {"move": "publish"})
            for one in (site.one, site.two)
        )
    )
    assert sorted(one.status for one in answers) == [200, 302]
    (told,) = (one for one in answers if one.status == 200)
    assert "「公表する」ことはできません。ほかの人が先に操作した可能性があります。" in told.text
    count = "SELECT count(*), max(version) FROM kpis_publication p JOIN kpis_reportingperiod r"
    assert row(site, f"{count} ON r.id = p.period_id WHERE fiscal_year = 2025") == (2, 2)

    for one in (site.two, site.one):
        for page in pages:
            answer = reader.get(one + page, **{"If-None-Match": tags[one, page]})
            assert answer.status == 200, page
            if page in ("/", f"/{SLUG}/"):
                assert "第2版" in answer.text
    new = {page: reader.get(site.one + page).headers["ETag"] for page in pages}
    assert new == {page: reader.get(site.two + page).headers["ETag"] for page in pages}


def test_a_database_that_was_started_anew_costs_nobody_an_answer(site, staff):
    assert staff.get(f"{site.one}/admin/").status == staff.get(f"{site.two}/admin/").status == 200
    change(
        site,
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    for one in (site.one, site.two):
        assert staff.get(f"{one}/admin/").status == 200
        assert Browser().get(f"{one}/{SLUG}/").status == 200
