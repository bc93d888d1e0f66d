"""What a round's pages and its writing cost in queries: the same for 15 indicators and for 300."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.fiscal import Period, Term
from kpis.models import Actual, Publication
from kpis.rounds import PeriodState
from kpis.services import open_round, publish, submit
from tests.factories import make_plan

pytestmark = pytest.mark.django_db
SIZES = (15, 300)
WORDS = {"cause": "相談会を増やした", "next_step": "続ける"}
WORDS |= {"next_step_owner": "産業振興課", "next_step_due": "令和8年9月末"}
WORDS |= {"follow_up": "partly", "follow_up_note": "2回のうち1回"}  # the half-year had promised

# Session, person, their permissions (2) and the period come with every page: 5; a page that is shown
# asks besides whether the plan has actions. The rows are 7, and a save reads them again once it holds
# the period.
BOUNDS = {
    "empty grid": 15,
    "first save": 29,
    "second save": 29,
    "full grid": 15,
    "unchanged save": 26,
    "stale save": 28,
    "faulty save": 15,
    "answers": 14,
    "readiness": 19,  # one counts the opinions that are open, another the actions
    "submit": 14,
    "publish": 36,
    "published grid": 15,
}


class Round:
    """A round of a plan with so many indicators, and what a browser sends of its grid."""

    def __init__(self, size, publisher):
        self.plan = make_plan(slug=f"p{size}", indicators=size)
        self.period = open_round(
            plan=self.plan, period=Period(2025, Term.FY), due=dt.date(2026, 4, 20), by=publisher
        )
        self.keys = list(self.plan.indicators.values_list("pk", flat=True))

    def address(self, page):
        return reverse(f"admin:kpis_reportingperiod_{page}", args=[self.period.pk])

    def fields(self, seen, value):
        """Return what the browser sends: twelve fields a row, every row changed."""
        rows = {"action": "save", "change_reason": "集計の確定", "submit_reason": ""}
        for place, key in enumerate(self.keys):
            own = {"seen": seen, "value": value + place, "reason": "", "provisional": "on", **WORDS}
            own["confirmation"] = f"{value}から確認済み"
            rows |= {f"k{key}-{name}": str(text) for name, text in own.items()}
        return rows


def cost(work):
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def steps(client, size, publisher):
    """Go through a round and yield each step with its number of queries."""
    one = Round(size, publisher)
    client.force_login(publisher)

    def get(page):
        answer = client.get(one.address(page))
        assert answer.status_code == 200
        return answer

    def post(page, fields, status):
        answer = client.post(one.address(page), fields)
        assert answer.status_code == status, answer.status_code

    get("entry")  # the first page of a process also fills caches
    yield "empty grid", cost(lambda: get("entry"))
    yield "first save", cost(lambda: post("entry", one.fields(0, 100), 302))
    assert Actual.objects.filter(period=one.period, version=1).count() == size
    yield "second save", cost(lambda: post("entry", one.fields(1, 200), 302))
    assert Actual.objects.filter(period=one.period, version=2).count() == size
    assert Actual.history.filter(period=one.period).count() == 2 * size
    yield "full grid", cost(lambda: get("entry"))
    yield "unchanged save", cost(lambda: post("entry", one.fields(2, 200), 302))
    yield "stale save", cost(lambda: post("entry", one.fields(1, 300), 200))
    assert Actual.objects.filter(period=one.period, version=2).count() == size
    yield "faulty save", cost(lambda: post("entry", one.fields(2, 300) | faulty(one), 200))
    yield "answers", cost(lambda: post("answers", one.fields(2, 300), 200))
    yield "readiness", cost(lambda: get("readiness"))
    yield "submit", cost(lambda: submit(period=one.period, by=publisher))
    yield "publish", cost(lambda: publish(period=one.period, by=publisher, reason="確認済み"))
    one.period.refresh_from_db()
    assert one.period.stands is PeriodState.PUBLISHED
    assert Publication.objects.filter(period=one.period).count() == 1
    yield "published grid", cost(lambda: get("entry"))


def faulty(one):
    return {f"k{key}-value": "千二百" for key in one.keys}


def test_a_round_costs_as_many_queries_with_300_indicators_as_with_15(client, publisher):
    few, many = (dict(steps(client, size, publisher)) for size in SIZES)
    assert many == few
    assert {name: number for name, number in few.items() if number > BOUNDS[name]} == {}


def test_the_cost_would_show(client, publisher):
    # The control: one query a row is seen.
    one = Round(15, publisher)
    assert cost(lambda: [Actual.objects.filter(indicator=key).exists() for key in one.keys]) == 15


def test_300_rows_of_twelve_fields_fit_into_one_submission(client, publisher, settings):
    one = Round(300, publisher)
    client.force_login(publisher)
    fields = one.fields(0, 100)
    assert len(fields) == 300 * 11 + 3
    asked = {f"k{key}-{name}": "" for key in one.keys for name in ("asked", "take")}
    assert client.post(one.address("entry"), fields | asked).status_code == 302
    assert Actual.objects.filter(period=one.period).count() == 300
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000  # the control: Django's own limit
    assert client.post(one.address("entry"), fields).status_code == 400
