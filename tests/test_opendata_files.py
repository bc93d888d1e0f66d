"""Addresses that stay, and copies that readers keep: ETag, Last-Modified, 304."""

import datetime as dt
import gc
import re
import tracemalloc
from dataclasses import replace
from itertools import cycle, islice

import pytest
from django.test import Client
from django.utils.timezone import localdate

from actions.fiscal import Period, Term
from kpis.models import Publication
from kpis.opendata import files as catalogue
from kpis.selectors import published as published_selector
from kpis.services import publish_outright
from kpis.views import kept as pages
from kpis.views.kept import forget
from tests.builders import rich_progress
from tests.factories import make_plan

pytestmark = pytest.mark.django_db
HOME = "/kadoma-monozukuri/data"
R6, R7_H1 = Period(2024, Term.FY), Period(2025, Term.H1)
NAMES = ["kpis.csv", "kpis.xlsx", "kpis.json", "kpis.csv?encoding=cp932"]
NAMES += ["revisions.csv", "changes.csv", "dictionary.csv", "codes.csv", "notes.csv"]
NAMES += ["cp932-characters.csv", "metadata.json"]
# They hold nothing of the plan's figures; nothing was revised or renamed mid-plan.
UNCHANGED = ("codes.csv", "notes.csv", "cp932-characters.csv", "revisions.csv", "changes.csv")
KEPT = ("ETag", "Last-Modified", "Cache-Control")


def folder(period=R7_H1, version=1):
    """Return where one publication's files stay."""
    found = Publication.objects.get(
        period__fiscal_year=period.fiscal_year, period__term=period.term, version=version
    )
    return f"{HOME}/{period.code}/v{version}-{localdate(found.published_at)}"


def kept(response):
    return {name: response.get(name) for name in KEPT}


@pytest.fixture
def correct(published, administrator):
    """Return a function that publishes R7 上半期 once more, with another figure of 1-1."""

    def correct(value=714, at=None):
        found = published.indicators.get(code="1-1").actuals.filter(period__fiscal_year=2025)
        found.update(value=value)
        publish_outright(plan=published, period=R7_H1, by=administrator, reason="訂正", at=at)

    return correct


# --- addresses that stay --------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_permanent_address_gives_what_the_publication_gives(client, published, name):
    for period in (R6, R7_H1):
        sign = "&" if "?" in name else "?"
        undated = client.get(f"{HOME}/{name}{sign}period={period.code}&version=1")
        dated = client.get(f"{folder(period)}/{name}")
        assert (dated.status_code, undated.status_code) == (200, 200)
        assert dated.content == undated.content
        assert dated["ETag"] == undated["ETag"]
        assert dated["Content-Type"] == undated["Content-Type"]
        assert dated["Content-Disposition"] == undated["Content-Disposition"]


@pytest.mark.parametrize("name", NAMES)
def test_it_gives_the_same_after_a_correction(client, published, correct, name):
    address = f"{folder()}/{name}"
    before = client.get(address)
    published.indicators.filter(code="1-2").update(name="改名した指標")
    correct()
    published_selector._contents.clear()
    after = client.get(address)
    assert (after.content, kept(after)) == (before.content, kept(before))
    if name != "dictionary.csv":  # the columns are the same in every version
        newest = client.get(f"{folder(version=2)}/{name}").content
        assert (newest == before.content) == (name in UNCHANGED)


def test_it_ignores_what_selects_a_publication_elsewhere(client, published):
    address = f"{folder(R6)}/kpis.csv"
    chosen = client.get(f"{address}?period=2025-H1&version=9")
    assert chosen.status_code == 200
    assert chosen.content == client.get(address).content


@pytest.mark.parametrize(
    ("place", "message"),
    [
        pytest.param(
            "2025-H1/v1-1999-12-31",
            "令和7年度上半期の第1版の公表日は平成11年12月31日ではありません。",
            id="day",
        ),
        pytest.param(
            "2025-H1/v2-{day}", "令和7年度上半期の第2版は公表されていません。", id="version"
        ),
        pytest.param("2025-FY/v1-{day}", "令和7年度の第1版は公表されていません。", id="period"),
        pytest.param("2025-H1/v01-{day}", "お探しのページは", id="version-spelled-otherwise"),
        pytest.param("2025-H1/v0-{day}", "お探しのページは", id="no-version"),
        pytest.param("R7-H1/v1-{day}", "お探しのページは", id="period-spelled-otherwise"),
        pytest.param("２０２５-H1/v1-{day}", "お探しのページは", id="full-width"),
        pytest.param("0000-H1/v1-{day}", "お探しのページは", id="no-period"),
        pytest.param("2025-H1/v1-2025-02-30", "お探しのページは", id="no-day"),
        pytest.param("2025-H1/v1", "お探しのページは", id="without-a-day"),
    ],
)
def test_another_address_is_told_in_japanese(client, published, place, message):
    response = client.get(f"{HOME}/{place.format(day=folder()[-10:])}/kpis.csv")
    assert response.status_code == 404
    assert message in response.content.decode()
    assert not response.has_header("ETag")


def test_a_permanent_address_is_read_only(client, published):
    assert client.post(f"{folder()}/kpis.csv").status_code == 405


def test_the_day_is_the_one_in_japan(client, correct):
    # 3 December, half past midnight in Japan, is still the day before in Greenwich.
    correct(at=dt.datetime(2025, 12, 2, 15, 30, tzinfo=dt.UTC))
    assert client.get(f"{HOME}/2025-H1/v2-2025-12-03/kpis.csv").status_code == 200


def test_the_page_lists_the_addresses_of_every_publication(client, published, correct):
    correct()
    page = client.get(f"{HOME}/?period=2024-FY").content.decode()
    folders = [folder(R7_H1, 2), folder(R7_H1, 1), folder(R6)]
    links = re.findall(rf'href="({HOME}/20[^"]+)"', page)
    assert links == [f"{place}/{name}" for place in folders for name in NAMES]
    assert all(client.get(link).status_code == 200 for link in links)
    assert "<caption>公表ごとのデータの変わらないアドレス</caption>" in page
    assert "令和7年度上半期 第2版" in page


def test_a_preview_has_no_addresses_that_stay(client, published, administrator):
    client.force_login(administrator)
    key = published.periods.get(fiscal_year=2025, term="H1").pk
    home = f"/admin/preview/{key}/data"
    page = client.get(f"{home}/").content.decode()
    assert "変わらないアドレス" not in page
    assert "metadata.json" not in page
    told = client.get(f"{home}/metadata.json")
    assert told.status_code == 404
    assert "metadata.json は公表したデータにだけあります。" in told.content.decode()
    assert client.get(f"{home}{folder()[len(HOME) :]}/kpis.csv").status_code == 404


@pytest.mark.parametrize("name", NAMES[:-1])
def test_a_previews_files_are_never_kept(client, published, administrator, name):
    client.force_login(administrator)
    key = published.periods.get(fiscal_year=2025, term="H1").pk
    response = client.get(f"/admin/preview/{key}/data/{name}", headers={"If-None-Match": "*"})
    assert response.status_code == 200
    assert not response.has_header("ETag")
    assert not response.has_header("Last-Modified")
    assert "no-store" in response["Cache-Control"]


# --- copies that readers keep ---------------------------------------------------------------------


@pytest.fixture
def no_making(monkeypatch):
    """Return a function after which making a file fails."""

    def fail(*_):
        raise AssertionError("the file was made")

    return lambda: monkeypatch.setattr("kpis.views.files._download", fail)


@pytest.fixture(params=["undated", "dated"])
def address(request, published):
    """The address of a folder, with and without its day."""
    return HOME if request.param == "undated" else folder()


@pytest.mark.parametrize("name", NAMES)
def test_a_file_tells_what_it_is_known_by(client, address, name):
    response = client.get(f"{address}/{name}")
    found = Publication.objects.get(period__term="H1")
    assert re.fullmatch(rf'"{found.sha256}-[\w.-]+"', response["ETag"])
    assert response["Last-Modified"] == f"{found.published_at:%a, %d %b %Y %H:%M:%S} GMT"
    lasting = address != HOME
    assert response["Cache-Control"] == ("public, max-age=86400" if lasting else "no-cache")


def test_no_two_files_are_known_by_the_same(client, published, correct):
    correct()
    answers = [client.get(f"{folder(version=one)}/{name}") for one in (1, 2) for name in NAMES]
    assert len({one["ETag"] for one in answers}) == 2 * len(NAMES)
    assert len({one["Content-Disposition"] for one in answers}) == 2 * (len(NAMES) - 1)


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("name", NAMES)
def test_a_copy_that_is_still_good_is_not_sent_again(client, address, name, method, no_making):
    first = client.get(f"{address}/{name}")
    no_making()
    for headers in (
        {"If-None-Match": first["ETag"]},
        {"If-None-Match": f'"other", W/{first["ETag"]}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": first["Last-Modified"]},
        # The ETag is the finer of the two and counts alone.
        {"If-None-Match": first["ETag"], "If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"},
    ):
        again = getattr(client, method)(f"{address}/{name}", headers=headers)
        assert again.status_code == 304
        assert again.content == b""
        assert kept(again) == kept(first)
        assert not again.has_header("Content-Type")


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": '"other"'},
        {"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"},
        {"If-Modified-Since": "きのう"},
        {"If-None-Match": '"other"', "If-Modified-Since": "Wed, 21 Oct 2037 07:28:00 GMT"},
    ],
    ids=["other", "old", "no-date", "other-counts-more-than-the-date"],
)
def test_a_copy_that_is_not_good_is_sent_anew(client, address, headers):
    response = client.get(f"{address}/kpis.csv", headers=headers)
    assert response.status_code == 200
    assert response.content.startswith(b"\xef\xbb\xbf")


def test_after_a_correction_the_undated_file_is_another_and_the_dated_the_same(
    client, published, correct
):
    dated = f"{folder()}/kpis.csv"
    seen = {one: client.get(one) for one in (f"{HOME}/kpis.csv", dated)}
    correct()
    for one, before in seen.items():
        after = client.get(one, headers={"If-None-Match": before["ETag"]})
        assert after.status_code == (304 if one == dated else 200)
    assert b",714," in client.get(f"{HOME}/kpis.csv").content


def test_a_newer_program_makes_every_copy_stale(client, address, monkeypatch):
    first = client.get(f"{address}/kpis.csv")
    monkeypatch.setattr("kpis.views.files.WRITER", f"{catalogue.WRITER}-newer")
    again = client.get(f"{address}/kpis.csv", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert again["ETag"] != first["ETag"]


def test_a_condition_that_fails_is_not_kept(client, address):
    response = client.get(f"{address}/kpis.csv", headers={"If-Match": '"other"'})
    assert response.status_code == 412
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", NAMES)
def test_head_answers_like_get_without_the_file(client, address, name):
    got, headed = client.get(f"{address}/{name}"), client.head(f"{address}/{name}")
    assert headed.content == b""
    assert dict(headed.items()) == dict(got.items())
    assert int(headed["Content-Length"]) == len(got.content)


def test_a_damaged_publication_is_told_even_to_who_has_a_copy(client, address):
    first = client.get(f"{address}/kpis.csv")
    Publication.objects.filter(period__term="H1").update(payload="{}")
    published_selector._contents.clear()
    response = client.get(f"{address}/kpis.csv", headers={"If-None-Match": first["ETag"]})
    assert response.status_code == 503
    assert kept(response) == {"ETag": None, "Last-Modified": None, "Cache-Control": "no-store"}


@pytest.mark.parametrize("who", [None, "administrator"])
def test_the_answer_is_the_same_for_everyone(request, address, who):
    client = Client()
    if who:
        client.force_login(request.getfixturevalue(who))
    for encoding in ("gzip, br", "identity"):
        response = client.get(f"{address}/kpis.csv", headers={"Accept-Encoding": encoding})
        assert not response.has_header("Content-Encoding")
        assert not response.has_header("Vary")
        assert not response.cookies


@pytest.mark.parametrize("name", NAMES)
def test_an_encoding_that_is_not_offered_is_told(client, address, name):
    bare = name.partition("?")[0]
    for encoding in ("utf-16", "CP932", *([] if bare == "kpis.csv" else ["cp932"])):
        response = client.get(f"{address}/{bare}?encoding={encoding}")
        assert response.status_code == 404
        assert f"文字コード「{encoding}」は選べません。" in response.content.decode()


# --- what it costs --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_made_by_two_queries_and_a_copy_checked_by_one(
    client, address, name, django_assert_num_queries
):
    published_selector._contents.clear()
    with django_assert_num_queries(2):
        first = client.get(f"{address}/{name}")
    with django_assert_num_queries(1):
        again = client.get(f"{address}/{name}", headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)


def test_page_and_files_cost_as_many_queries_for_ten_versions_and_60_indicators(
    client, administrator, django_assert_num_queries
):
    plan = make_plan(slug="large", indicators=60)
    for number in range(10):
        publish_outright(plan=plan, period=R7_H1, by=administrator, reason=f"訂正{number}")
    for rest in ("", *NAMES):
        published_selector._contents.clear()
        with django_assert_num_queries(2):
            assert client.get(f"/large/data/{rest}").status_code == 200


# --- what it holds in memory ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["kpis.csv", "kpis.xlsx", "kpis.json", "kpis.csv?encoding=cp932"])
def test_a_large_file_is_the_same_sent_while_it_is_made_and_is_not_kept(
    client, published, monkeypatch, name
):
    whole = client.get(f"{folder()}/{name}")
    forget()
    monkeypatch.setattr("kpis.views.files._WHOLE", 1000)
    streamed = client.get(f"{folder()}/{name}")
    assert streamed.streaming
    assert b"".join(streamed.streaming_content) == whole.content
    for header in (*KEPT, "Content-Type", "Content-Disposition"):
        assert streamed[header] == whole[header]
    assert not streamed.has_header("Content-Length")
    assert len(pages._files) == 0
    copy = client.get(f"{folder()}/{name}", headers={"If-None-Match": whole["ETag"]})
    assert copy.status_code == 304


def most_held(file, progress):
    """Return how many bytes were held at most while the file was made, and how many it has."""
    seldom = gc.get_threshold()
    gc.collect()
    gc.set_threshold(700, 10, 10)  # as programs have it that are no tests
    tracemalloc.start()
    size = sum(map(len, file.make(progress)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    gc.set_threshold(*seldom)
    return peak, size


@pytest.mark.parametrize("file", catalogue.DATA[:3], ids=lambda file: file.title)
def test_three_times_the_indicators_take_no_more_memory(file):
    small = rich_progress()
    first = small.strategies[0]

    def of(number):
        many = tuple(islice(cycle(first.indicators), number))
        return replace(small, strategies=(replace(first, indicators=many),))

    few, many = of(300), of(900)
    most_held(file, of(20))  # what is learned once is not counted
    (before, _), (after, size) = most_held(file, few), most_held(file, many)
    assert size > 150_000
    assert after < 1.3 * before
