"""Public pages are made once for a publication, and readers keep copies: ETag, 304, compression."""

import datetime as dt
import gzip
import re
import sqlite3
from contextlib import closing

import pytest
from django.db import connection
from django.db.utils import ConnectionHandler
from django.test.utils import CaptureQueriesContext

from actions.fiscal import Period, Term
from kadoma_plan.apps import leave_replaced_files
from kadoma_plan.environment import database
from kpis.models import Publication
from kpis.selectors import published as published_selector
from kpis.services import publish_outright
from kpis.views import kept
from tests.factories import make_plan

pytestmark = pytest.mark.django_db
SLUG = "kadoma-monozukuri"
HOME = f"/{SLUG}/"
R7_H1 = Period(2025, Term.H1)
REST = ["", "strategies/1/", "kpis/1-1/", "kgi/", "tree/", "actions/", "publicity/", "rules/"]
REST += ["corrections/", "data/", "?period=2024-FY", "?table=counts", "actions/?late=1"]
LIVE = ["measures/1-1/", "meetings/"]
GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def is_made(response):
    """Return whether the answer was made for this request: templates were at work."""
    return bool(response.templates) or b"text/csv" in response["Content-Type"].encode()


def correct(plan, by):
    return publish_outright(plan=plan, period=R7_H1, by=by, reason="集計の誤り")


# --- made once ------------------------------------------------------------------------------------


def test_a_page_is_made_once_and_costs_one_query_afterwards(
    client, published, django_assert_num_queries
):
    for address in ("/", *(HOME + one for one in REST if "table=" not in one)):
        first = client.get(address)
        assert is_made(first), address
        with django_assert_num_queries(1):
            again = client.get(address)
        assert not is_made(again), address
        assert again.content == first.content
        assert again.headers == first.headers
        assert not again.cookies


def test_a_table_and_a_file_are_made_once(client, published, monkeypatch):
    addresses = (f"{HOME}?table=counts", f"{HOME}data/kpis.csv", f"{HOME}data/kpis.xlsx")
    first = [client.get(one).content for one in addresses]

    def fail(*_, **__):
        raise AssertionError("made again")

    monkeypatch.setattr("kpis.views.answers.table_csv", fail)
    monkeypatch.setattr("kpis.opendata.files.DataFile.make", fail)
    assert [client.get(one).content for one in addresses] == first


def test_a_new_publication_is_seen_at_once_and_the_old_one_says_so(
    client, published, administrator
):
    older = f"{HOME}?period=2025-H1&version=1"
    for address in ("/", HOME, older, f"{HOME}kpis/1-1/"):
        assert "第2版" not in client.get(address).content.decode()
    correct(published, administrator)
    for address in ("/", HOME, f"{HOME}kpis/1-1/"):
        page = client.get(address)
        assert is_made(page)
        assert "第2版・" in page.content.decode()
    assert "第1版は訂正前の公表です。" in client.get(older).content.decode()


def test_another_plans_publication_is_told_at_once(client, published, administrator):
    assert "計画一覧" not in client.get(HOME).content.decode()
    other = make_plan(slug="other", indicators=1)
    publish_outright(plan=other, period=R7_H1, by=administrator, reason="試験")
    assert "計画一覧" in client.get(HOME).content.decode()


def test_the_day_after_the_plans_end_is_told(client, published, monkeypatch):
    for day, ended in ((dt.date(2029, 3, 31), False), (dt.date(2031, 4, 1), True)):
        monkeypatch.setattr("django.utils.timezone.localdate", lambda *_, day=day: day)
        assert ("この計画の期間は終了しました" in client.get(HOME).content.decode()) is ended


def test_the_front_page_of_another_plan_is_shown_at_once(client, published, administrator):
    other = make_plan(slug="other", indicators=1)
    publish_outright(plan=other, period=R7_H1, by=administrator, reason="試験")
    assert f"{published.name}" in client.get("/").content.decode()
    type(other).objects.filter(pk=published.pk).update(is_current=False)
    type(other).objects.filter(pk=other.pk).update(is_current=True)
    assert "計画other" in client.get("/").content.decode()


def test_a_session_that_is_nobodys_gets_the_page_that_is_kept(client, published):
    first = client.get(HOME)
    client.cookies["sessionid"] = "nobodys"
    again = client.get(HOME)
    assert not is_made(again)
    assert again.content == first.content


def test_a_kept_page_is_given_under_our_own_name_only(client, published):
    assert client.get(HOME).status_code == 200
    assert client.get(HOME, headers={"Host": "elsewhere.example"}).status_code == 400


def test_nobody_writes_to_a_kept_page(client, published):
    assert client.get(HOME).status_code == 200
    assert client.post(HOME).status_code == 405


def test_a_page_of_one_address_is_not_shown_at_another(client, published):
    home, own = (client.get(one).content.decode() for one in ("/", HOME))
    assert "/?table=counts" in home
    assert f"{HOME}?table=counts" in own


def test_what_is_not_there_is_not_kept(client, published):
    for rest in ("kpis/9-9/", "?period=2030-FY", "?table=nai"):
        assert client.get(HOME + rest).status_code == 404
    assert len(kept._pages) == len(kept._narrowed) == 0


def test_a_damaged_publication_is_told_although_its_page_was_seen(client, published):
    assert client.get(HOME).status_code == 200
    Publication.objects.update(payload="{}")
    published_selector._contents.clear()
    response = client.get(HOME)
    assert response.status_code == 503
    assert not response.has_header("ETag")


def test_made_up_addresses_do_not_push_the_sites_own_pages_out(client, published, monkeypatch):
    monkeypatch.setattr(kept._pages, "most", 1)
    monkeypatch.setattr(kept._narrowed, "most", 2)
    client.get(f"{HOME}strategies/1/")
    made_up = ("strategies/1/?x=1", "strategies/1/?x=2", "strategies/01/", "strategies/001/")
    for rest in made_up:
        assert client.get(HOME + rest).status_code == 200
    assert not is_made(client.get(f"{HOME}strategies/1/"))
    assert len(kept._narrowed) == 2


# --- nobody's own page is kept --------------------------------------------------------------------


def test_who_has_signed_in_gets_their_own_page_and_leaves_none(client, published, council_member):
    anyones = {rest: client.get(HOME + rest) for rest in REST + LIVE}
    client.force_login(council_member)
    for is_cold in (False, True):
        if is_cold:
            kept.forget()
        for rest, before in anyones.items():
            copy = {"If-None-Match": before.get("ETag", "*")}
            own = client.get(HOME + rest, headers={**copy, **GZIP})
            assert own.status_code == 200
            assert {"private", "no-store"} <= {*own["Cache-Control"].split(", ")}
            assert not own.has_header("ETag")
            assert not own.has_header("Content-Encoding")
            assert "Cookie" in own["Vary"]
            assert ("iin さん" in own.content.decode()) is ("table=" not in rest)
    assert len(kept._pages) == len(kept._narrowed) == 0
    client.logout()
    for rest, before in anyones.items():
        assert client.get(HOME + rest).content == before.content


def test_a_preview_leaves_nothing_behind(client, published, administrator):
    period = published.periods.get(fiscal_year=2025, term="H1")
    client.force_login(administrator)
    for rest in ("", "kpis/1-1/", "?table=counts", "data/kpis.csv"):
        assert client.get(f"/admin/preview/{period.pk}/{rest}").status_code == 200
    assert len(kept._pages) == len(kept._narrowed) == len(kept._files) == 0


def test_a_page_that_is_kept_has_asked_for_publications_only(client, published):
    # Whatever else a page asks of the database may change while its publication does not.
    for rest in REST + LIVE:
        kept.forget()
        published_selector._contents.clear()
        with CaptureQueriesContext(connection) as captured:
            client.get(HOME + rest)
        asked = re.findall(r'(?:FROM|JOIN) "(\w+)"', " ".join(one["sql"] for one in captured))
        others = {*asked} - {"kpis_publication", "kpis_reportingperiod", "actions_plan"}
        is_kept = len(kept._pages) + len(kept._narrowed) == 1
        assert is_kept is (rest in REST), rest
        assert not (is_kept and others), rest


# --- copies that readers keep ---------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, GZIP], ids=["plain", "gzip"])
def test_a_copy_that_is_still_good_is_not_sent_again(client, published, headers):
    for rest in [*REST, "measures/1-1/"]:
        first = client.get(HOME + rest, headers=headers)
        assert first["Cache-Control"] == "no-cache"
        for method in (client.get, client.head):
            copy = method(HOME + rest, headers={**headers, "If-None-Match": first["ETag"]})
            assert (copy.status_code, copy.content) == (304, b""), rest
            for name in (
                "ETag",
                "Cache-Control",
                "Vary",
                "Content-Security-Policy",
                "X-Frame-Options",
            ):
                assert copy[name] == first[name]
            assert not copy.has_header("Content-Type")
        stale = client.get(HOME + rest, headers={**headers, "If-None-Match": '"other"'})
        assert stale.content == first.content


def test_a_copy_of_the_plans_list_is_known_too(client, published, administrator):
    first = client.get("/plans/")
    copy = {"If-None-Match": first["ETag"]}
    assert client.get("/plans/", headers=copy).status_code == 304
    correct(published, administrator)
    assert client.get("/plans/", headers=copy).status_code == 200


def test_after_a_publication_no_copy_is_good(client, published, administrator):
    first = client.get(HOME)
    correct(published, administrator)
    again = client.get(HOME, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert again["ETag"] != first["ETag"]


def test_a_restart_alone_makes_no_copy_stale(client, published):
    first = client.get(HOME, headers=GZIP)
    kept.forget()
    published_selector._contents.clear()
    copy = client.get(HOME, headers={**GZIP, "If-None-Match": first["ETag"]})
    assert copy.status_code == 304


def test_a_page_goes_compressed_to_who_takes_it_so_and_is_another_copy(client, published):
    plain, packed = client.get(HOME), client.get(HOME, headers=GZIP)
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) * 3 < len(plain.content)
    assert packed["Content-Length"] == str(len(packed.content))
    assert packed["ETag"] != plain["ETag"]
    for one in (plain, packed):
        assert {"Accept-Encoding", "Cookie"} <= {*one["Vary"].split(", ")}
        assert one["Content-Type"] == "text/html; charset=utf-8"
        assert not one.cookies
    assert not plain.has_header("Content-Encoding")


# --- the connection that is kept ------------------------------------------------------------------


def test_a_restored_database_file_is_read_at_once(tmp_path, monkeypatch):
    file, other = tmp_path / "site.sqlite3", tmp_path / "restored.sqlite3"
    for one in (file, other):
        with closing(sqlite3.connect(one)) as made:
            made.execute(f"CREATE TABLE {one.stem} (mark)")
    handler = ConnectionHandler({"default": database("", file)})
    monkeypatch.setattr("kadoma_plan.apps.connections", handler)

    def tables():
        leave_replaced_files()
        with handler["default"].cursor() as cursor:
            return cursor.execute("SELECT name FROM sqlite_master").fetchall()

    assert tables() == [("site",)]
    kept_open = handler["default"].connection
    assert tables() == [("site",)]
    assert handler["default"].connection is kept_open
    other.replace(file)
    assert tables() == [("restored",)]
    handler["default"].close()
