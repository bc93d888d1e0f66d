"""Actions as staff record them, and as the read model tells them at a period."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.fiscal import Period, Term
from actions.models import Action, ActionYear
from actions.vocabulary import Actor, Evaluation, Revision, Stage
from kpis import progress
from kpis.models import Opinion
from kpis.selectors import live_progress
from tests.factories import make_actions, make_meeting, make_plan

R6, R7_H1, R7 = Period(2024, Term.FY), Period(2025, Term.H1), Period(2025, Term.FY)
SLUG = "kadoma-monozukuri"
SECOND = "令和7年度第2回門真市ものづくり産業振興懇話会"
pytestmark = pytest.mark.django_db

# --- at a period ------------------------------------------------------------------------------------


def full(year):
    return progress.ActionYear(
        year,
        Stage.RUNNING,
        "年4回",
        "2回",
        "4回",
        "満員",
        Evaluation.LATE,
        Revision.IMPROVE,
        "会場を変える",
    )


def planned(year):
    return progress.ActionYear(year, Stage.RUNNING, "年4回", "", "", "", None, None, "")


@pytest.mark.parametrize(
    ("period", "years"),
    [
        pytest.param(R6, [full(2024), planned(2025), planned(2026)], id="R6"),
        pytest.param(
            R7_H1, [full(2024), replace(full(2025), done=""), planned(2026)], id="half-year"
        ),
        pytest.param(R7, [full(2024), full(2025), planned(2026)], id="R7"),
    ],
)
def test_an_action_is_told_as_it_stood_at_the_period(kadoma, seminar, period, years):
    (found,) = live_progress(kadoma, period).actions
    assert (found.code, found.measure_code, found.actor) == ("1-1-1", "1-1", Actor.CITY)
    assert (found.name, found.section) == ("デジタル化セミナー", "産業振興課")
    assert (found.is_priority, found.priority_reason) == (True, "人手不足のため")
    assert (found.indicator_codes, found.is_example) == (("1-1",), False)
    assert list(found.years) == years


def test_a_year_of_which_nothing_is_written_has_nothing(kadoma, seminar):
    ActionYear.objects.all().delete()
    ActionYear.objects.create(action=seminar, fiscal_year=2024)
    (found,) = live_progress(kadoma, R7).actions
    assert found.years == (progress.ActionYear(2024, None, "", "", "", "", None, None, ""),)


def test_actions_stand_by_measure_and_actor_as_the_paper_has_them(kadoma):
    measures = [
        kadoma.strategies.get(number=strategy).measures.get(number=number)
        for strategy, number in ((2, 1), (1, 2), (1, 1))
    ]
    make_actions(plan=kadoma, measures=measures, number=9, years=())
    found = [(one.measure_code, one.actor) for one in live_progress(kadoma, R7).actions]
    # 1) ものづくり事業者, 2) 行政, 3) 支援機関; the third measure was given every third actor.
    assert (
        found
        == [("1-1", Actor.SUPPORT)] * 3 + [("1-2", Actor.CITY)] * 3 + [("2-1", Actor.BUSINESS)] * 3
    )


# --- staff pages ----------------------------------------------------------------------------------


def cost(client, address):
    client.get(address)  # the first page of a process also fills caches
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_staff_pages_cost_as_many_queries_with_more_rows(clerk, kadoma, publisher):
    clerk.force_login(publisher)
    measures = list(kadoma.strategies.first().measures.all())
    indicators = list(kadoma.indicators.all())
    first = make_meeting(plan=kadoma, number=1)
    (action,) = make_actions(
        plan=kadoma, measures=measures, indicators=indicators, number=1, years=[2024]
    )
    pages = [
        reverse("admin:kpis_meeting_changelist"),
        reverse("admin:kpis_meeting_change", args=[first.pk]),
        reverse("admin:actions_action_changelist"),
        reverse("admin:actions_action_change", args=[action.pk]),
    ]
    few = [cost(clerk, one) for one in pages]
    Opinion.objects.bulk_create(
        Opinion(meeting=first, number=one, text="意見", indicator=indicators[0], action=action)
        for one in range(2, 12)
    )
    ActionYear.objects.bulk_create(
        ActionYear(action=action, fiscal_year=year) for year in range(2025, 2029)
    )
    for one in range(5):
        make_meeting(plan=kadoma, name=f"会議{one}")
    Action.objects.bulk_create(
        Action(plan=kadoma, measure=measures[0], code=f"B-{one}", actor="city", name="名")
        for one in range(20)
    )
    assert [cost(clerk, one) for one in pages] == few


def test_an_action_is_linked_to_its_indicators(clerk, kadoma, entry_clerk):
    measure = kadoma.strategies.first().measures.first()
    one, two = kadoma.indicators.all()[:2]
    form = {
        "plan": kadoma.pk,
        "measure": measure.pk,
        "code": "1-1-1",
        "order": "1",
        "actor": "city",
        "name": "セミナー",
        "indicators": [one.pk],
        "years-TOTAL_FORMS": "1",
        "years-INITIAL_FORMS": "0",
        "years-0-fiscal_year": "R7",
        "years-0-stage": "running",
        "years-0-plan": "年4回",
    }
    assert clerk.post(reverse("admin:actions_action_add"), form).status_code == 302
    action = Action.objects.get()
    assert list(action.indicators.all()) == [one]
    assert [(year.fiscal_year, year.plan) for year in action.years.all()] == [(2025, "年4回")]
    change = reverse("admin:actions_action_change", args=[action.pk])
    empty = {"years-TOTAL_FORMS": "0", "years-INITIAL_FORMS": "0"}
    assert clerk.post(change, form | {"indicators": [two.pk]} | empty).status_code == 302
    assert list(action.indicators.all()) == [two]


def test_an_indicator_of_another_plan_is_refused_at_its_field(clerk, kadoma):
    foreign = make_plan(slug="other", indicators=1).indicators.get()
    (action,) = make_actions(
        plan=kadoma, measures=[kadoma.strategies.first().measures.first()], number=1, years=()
    )
    form = {
        "measure": action.measure_id,
        "code": action.code,
        "order": "1",
        "actor": "city",
        "name": "名",
        "indicators": [foreign.pk],
        "years-TOTAL_FORMS": "0",
        "years-INITIAL_FORMS": "0",
    }
    answer = clerk.post(reverse("admin:actions_action_change", args=[action.pk]), form)
    assert answer.status_code == 200
    assert "indicators" in answer.context["adminform"].form.errors
    del form["years-TOTAL_FORMS"], form["years-INITIAL_FORMS"]
    new = form | {"plan": kadoma.pk, "code": "N-1"}
    new |= {"years-TOTAL_FORMS": "0", "years-INITIAL_FORMS": "0"}
    answer = clerk.post(reverse("admin:actions_action_add"), new)
    assert answer.context["adminform"].form.errors["indicators"] == [
        "この計画の指標を選んでください。"
    ]
