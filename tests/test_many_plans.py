"""A prefecture's site: one plan's pages cost as much among many plans as alone."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.fiscal import Period, Term
from kpis.selectors import plans_to_begin
from kpis.selectors import published as memory
from kpis.services import open_round, publish_outright
from kpis.views.kept import forget
from tests.factories import make_plan
from tests.prefecture import make_others

pytestmark = pytest.mark.django_db
R7_H1, R7 = Period(2025, Term.H1), Period(2025, Term.FY)


@pytest.fixture
def plan(administrator):
    """A plan with something published and a round under way; the front page's."""
    made = make_plan(slug="one", indicators=3, is_current=True)
    publish_outright(plan=made, period=R7_H1, by=administrator, reason="試験")
    open_round(plan=made, period=R7, due=dt.date(2026, 4, 20), by=administrator)
    return made


def cost(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200, address
    return len(captured)


def costs(client, plan, administrator):
    """Return the queries of each page, made for a first reader and for the next."""
    found = {}
    client.logout()
    for address in ("/", "/one/", "/one/kpis/1-1/", "/one/data/kpis.csv", "/plans/"):
        memory._contents.clear()
        forget()
        found[f"{address} first"] = cost(client, address)
        found[f"{address} again"] = cost(client, address)
    client.force_login(administrator)
    period = plan.periods.get(fiscal_year=2025, term="FY")
    for name in ("entry", "readiness"):
        page = reverse(f"admin:kpis_reportingperiod_{name}", args=[period.pk])
        cost(client, page)
        found[name] = cost(client, page)
    for name in ("actions_plan", "kpis_indicator", "kpis_publication", "kpis_reportingperiod"):
        found[name] = cost(client, reverse(f"admin:{name}_changelist"))
    return found


def test_one_plans_pages_and_every_list_cost_the_same_among_120_plans(client, plan, administrator):
    make_others(number=2, by=administrator)
    few = costs(client, plan, administrator)
    make_others(number=117, by=administrator, first=2)
    many = costs(client, plan, administrator)
    assert many == few
    assert few["/ again"] == few["/one/ again"] == 1


def test_the_staffs_first_page_shows_twenty_rounds_and_says_how_many_more(
    client, plan, administrator
):
    make_others(number=24, by=administrator)
    client.force_login(administrator)
    cost(client, "/admin/")
    before = cost(client, "/admin/")
    make_others(number=40, by=administrator, first=24)
    assert cost(client, "/admin/") == before
    page = client.get("/admin/").content.decode()
    assert page.count('<section class="turn-round"') == 20
    assert "ほかに45件の報告期間が進行中です。" in page


def test_plans_that_could_begin_are_found_by_two_queries(administrator, django_assert_num_queries):
    make_others(number=30, by=administrator, state="published")
    with django_assert_num_queries(2):
        found = plans_to_begin()
    assert len(found) == 20
    assert {period for _, period in found} == {Period(2026, Term.H1)}


def test_the_list_of_plans_shows_a_hundred_a_page_and_counts_all(client, plan, administrator):
    make_others(number=120, by=administrator)
    first, second = (client.get(f"/plans/?page={one}").content.decode() for one in (1, 2))
    assert first.count('<th scope="row">') == 100
    assert second.count('<th scope="row">') == 21
    assert "実施中の計画（121件）" in first
    assert 'href="?page=2"' in first
    assert 'href="/one/"' in first
    assert 'href="/one/"' not in second


def test_the_list_of_few_plans_has_no_other_pages(client, plan):
    assert "計画一覧のページ" not in client.get("/plans/").content.decode()
