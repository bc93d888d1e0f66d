"""Several plans side by side: the list of those published, the front page, and ended plans."""

import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.fiscal import Period, Term, fiscal_year_of
from actions.models import Plan
from kpis.models import Publication
from kpis.services import publish_outright
from tests.conftest import R7_H1
from tests.factories import make_periods, make_plan

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent
LINK = '<a href="/plans/">計画一覧</a>'
ENDED = "この計画の期間は終了しました（令和5年度まで）。"


def text_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def old(administrator):
    """A plan of R1 to R5 whose last year was published."""
    years = {"start_year": 2019, "end_year": 2023, "baseline_year": 2018}
    plan = make_plan(slug="old", name="前の計画", indicators=3, periods=(), section="甲課", **years)
    period = Period(2023, Term.FY)
    make_periods(plan=plan, periods=[period])
    publish_outright(plan=plan, period=period, by=administrator, reason="確認済み")
    return plan


def test_the_list_tells_the_plans_apart(client, published, old):
    page = text_of(client, "/plans/")
    running, ended = page.index("実施中の計画（1件）"), page.index("終了した計画（1件）")
    kadoma, other = page.index(published.name), page.index("前の計画")
    assert running < kadoma < ended < other
    assert '<a href="/old/">前の計画</a>' in page
    assert "令和元年度～令和5年度" in page
    assert "甲課" in page
    assert "令和7年度上半期 第1版（" in page
    assert page.count("トップページの計画") == 1


def test_the_list_is_linked_where_there_is_more_than_one(client, published, request):
    assert LINK not in text_of(client, "/")
    make_plan(slug="draft", name="下書きの計画", indicators=1)
    assert LINK not in text_of(client, "/")
    request.getfixturevalue("old")
    for address in ("/", f"/{published.slug}/rules/", "/old/", "/old/kpis/1-1/"):
        assert LINK in text_of(client, address)


def test_a_plan_without_a_publication_appears_nowhere(client, published, old):
    make_plan(slug="draft", name="下書きの計画", indicators=1)
    assert "下書きの計画" not in text_of(client, "/plans/")
    response = client.get("/draft/")
    assert response.status_code == 404
    assert "この計画の公表はまだありません。" in response.content.decode()
    assert "下書きの計画" not in response.content.decode()


def test_the_list_names_a_plan_as_it_was_published(client, published):
    Plan.objects.filter(pk=published.pk).update(name="改名案", section="新課", end_year=2030)
    page = text_of(client, "/plans/")
    assert "門真市ものづくり産業振興計画" in page
    assert "産業振興課" in page
    assert "令和6年度～令和10年度" in page
    assert "改名案" not in page
    assert "新課" not in page


def test_an_ended_plan_says_so_and_leads_to_the_current_one(client, published, old):
    for address in ("/old/", "/old/kpis/1-1/", "/old/rules/"):
        page = text_of(client, address)
        assert ENDED in page
        assert '<a href="/">現在の計画を見る</a>' in page
    assert "この計画の期間は終了しました" not in text_of(client, "/")


def test_an_ended_plan_alone_leads_nowhere(client, old):
    page = text_of(client, "/")
    assert ENDED in page
    assert "現在の計画を見る" not in page


def test_the_front_page_leads_on_where_its_plan_is_not_published(client, kadoma, request):
    assert "公表された計画は、まだありません。" in text_of(client, "/")
    assert "公表された計画は、まだありません。" in text_of(client, "/plans/")
    assert kadoma.name not in text_of(client, "/")
    request.getfixturevalue("old")
    page = text_of(client, "/")
    assert "トップページの計画は、まだ公表されていません。" in page
    assert '<a href="/old/">前の計画</a>' in page
    assert kadoma.name not in page
    assert '<a href="/plans/">ほかの計画を見る</a>' not in text_of(client, "/old/")


def test_1700_plans_cost_as_many_queries_as_two_and_no_payload_is_read(
    client, published, old, administrator
):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            page = text_of(client, "/plans/")
        assert "payload" not in " ".join(one["sql"] for one in captured.captured_queries)
        return len(captured), page

    few, _ = cost()
    years = {"start_year": 2024, "end_year": 2028, "baseline_year": 2023}
    plans = Plan.objects.bulk_create(
        Plan(slug=f"p{n}", name=f"計画{n}", **years) for n in range(1_700)
    )
    made = {"version": 1, "published_by": administrator, "sha256": "0" * 64, "payload": "{}"}
    day = Publication.objects.first().published_at
    Publication.objects.bulk_create(
        Publication(
            period=make_periods(plan=plan, periods=[R7_H1])[0],
            published_at=day,
            plan_name=plan.name,
            start_year=2024,
            end_year=2028,
            **made,
        )
        for plan in plans
    )
    many, page = cost()
    assert (few, many) == (1, 1)
    assert page.count('<a href="/p') == 99  # and the city's own
    assert text_of(client, "/plans/?page=18").count('<a href="/p') == 1


def test_a_page_and_a_method_that_does_not_fit(client, published):
    assert client.post("/plans/").status_code == 405
    assert client.head("/plans/").status_code == 200


@pytest.mark.parametrize(
    ("day", "year"), [("2026-03-31", 2025), ("2026-04-01", 2026), ("2026-12-31", 2026)]
)
def test_a_day_lies_in_its_fiscal_year(day, year):
    import datetime as dt

    assert fiscal_year_of(dt.date.fromisoformat(day)) == year


# --- nothing of one city's plan is written into the program -------------------------------------
OF_THE_PLAN = re.compile("門真|kadoma-monozukuri|産業振興|懇話会")
# The product's own name, and the plan that quickstart brings along.
MAY_STAND = {
    ("kadoma_plan/admin.py", "門真プラン進捗"),
    ("templates/base.html", "門真プラン進捗"),
    ("templates/accounts/base.html", "門真プラン進捗"),
    ("kpis/management/commands/quickstart.py", 'SLUG = "kadoma-monozukuri"'),
    ("kpis/management/commands/quickstart.py", "門真市の計画と公表済みの実績を登録して"),
}


def test_no_plan_is_written_into_the_program():
    found = []
    for folder in ("kpis", "actions", "templates", "static", "kadoma_plan"):
        for path in sorted((ROOT / folder).rglob("*")):
            name = str(path.relative_to(ROOT))
            if path.suffix not in (".py", ".html", ".js", ".css", ".po", ".svg"):
                continue
            if "/migrations/" in name:  # what was once the help of a field
                continue
            for number, line in enumerate(path.read_text().splitlines(), start=1):
                allowed = any(name == one and words in line for one, words in MAY_STAND)
                if OF_THE_PLAN.search(line) and not allowed:
                    found.append(f"{name}:{number}: {line.strip()}")
    assert found == []


def test_quickstart_brings_its_plan_to_an_empty_site_only(administrator, monkeypatch):
    import io

    from django.core.management import call_command

    from kpis.management.commands import quickstart

    monkeypatch.setattr(quickstart, "collect_if_changed", lambda: None)
    make_plan(slug="own", indicators=1, is_current=True)
    call_command("quickstart", no_serve=True, stdout=io.StringIO())
    assert list(Plan.objects.values_list("slug", flat=True)) == ["own"]


def test_older_publications_get_the_name_of_their_plan(published):
    from importlib import import_module

    from django.apps import apps

    Publication.objects.update(plan_name="", section="", start_year=0, end_year=0)
    damaged = Publication.objects.order_by("pk").first()
    Publication.objects.filter(pk=damaged.pk).update(payload="{")
    import_module("kpis.migrations.0007_rules_and_plans").name_the_plans(apps, None)
    names = {
        one.pk: (one.plan_name, one.start_year, one.end_year) for one in Publication.objects.all()
    }
    assert names.pop(damaged.pk) == ("", 0, 0)
    assert set(names.values()) == {("門真市ものづくり産業振興計画", 2024, 2028)}
