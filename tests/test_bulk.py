"""Changing many records at once: said before it is done, kept in each one's history."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.models import Action, ActionYear
from kpis.models import Indicator
from tests.factories import make_actions, make_plan

pytestmark = pytest.mark.django_db
INDICATORS, ACTIONS = "/admin/kpis/indicator/", "/admin/actions/action/"


class Office:
    """The browser of a person who chose rows of a list."""

    def __init__(self, client, person, address, action, rows):
        client.force_login(person)
        self.client, self.address = client, address
        self.chosen = {"action": action, "_selected_action": [one.pk for one in rows]}

    def step(self, step="", **typed):
        sent = self.chosen | typed | ({"step": step} if step else {})
        return self.client.post(self.address, sent)

    def agree(self, **typed):
        shown = self.step("preview", **typed).context["proposal"]
        return self.step("write", seen=shown.fingerprint, **typed)


MOVED = {"section": "商工課", "reason": "機構改革"}


@pytest.fixture
def chosen(client, kadoma, publisher):
    rows = Indicator.objects.filter(plan=kadoma, code__in=("1-1", "1-2"))
    Indicator.objects.filter(code="1-2").update(section="商工課")
    return Office(client, publisher, INDICATORS, "change_section", rows)


def test_what_would_change_is_shown_first_and_nothing_is_written(chosen):
    assert "選んだ指標（KPI）: <strong>2件</strong>" in chosen.step().content.decode()
    page = chosen.step("preview", **MOVED)
    words = page.content.decode()
    assert "まだ変更していません。<strong>1件</strong>が変わります（1件は変わりません）。" in words
    assert "<td>空欄（計画の所管課: 産業振興課）</td><td>商工課</td>" in words
    assert Indicator.objects.filter(section="商工課").count() == 1


def test_the_change_stands_in_each_history_with_who_and_why(chosen, publisher):
    assert chosen.agree(**MOVED).status_code == 302
    one, other = (Indicator.objects.get(code=code) for code in ("1-1", "1-2"))
    assert (one.section, other.section) == ("商工課", "商工課")
    entry = one.history.get()
    assert (entry.section, entry.history_user, entry.history_change_reason) == (
        "商工課",
        publisher,
        "機構改革",
    )
    assert not other.history.exists()  # it was so already


def test_without_a_reason_nothing_goes_on(chosen):
    page = chosen.step("preview", section="商工課", reason="")
    assert page.context["form"].errors["reason"] == ["変更理由を入力してください。"]


def test_what_changed_meanwhile_is_asked_about_again(chosen):
    shown = chosen.step("preview", **MOVED).context["proposal"]
    Indicator.objects.filter(code="1-1").update(section="乙課")
    page = chosen.step("write", seen=shown.fingerprint, **MOVED)
    assert "確かめている間に、ほかの人が内容を変更しました。" in page.content.decode()
    assert Indicator.objects.get(code="1-1").section == "乙課"


def test_a_clerk_is_not_offered_the_change_of_indicators(client, kadoma, entry_clerk):
    rows = Indicator.objects.filter(code="1-1")
    office = Office(client, entry_clerk, INDICATORS, "change_section", rows)
    office.step("write", seen="", **MOVED)
    assert not Indicator.objects.filter(section="商工課").exists()
    assert "change_section" not in client.get(INDICATORS).content.decode()


def test_a_mark_that_is_taken_away_takes_its_reason_along(client, seminar, publisher):
    office = Office(client, publisher, ACTIONS, "change_priority", [seminar])
    typed = {"is_priority": "0", "priority_reason": "", "reason": "見直し"}
    page = office.step("preview", **typed).content.decode()
    assert "<td>重点（理由: 人手不足のため）</td><td>印なし</td>" in page
    assert office.agree(**typed).status_code == 302
    seminar.refresh_from_db()
    assert (seminar.is_priority, seminar.priority_reason) == (False, "")


def test_a_stage_is_of_one_year_and_counts_as_a_change_of_it(client, seminar, kadoma, publisher):
    bare = Action.objects.create(
        plan=kadoma, measure=seminar.measure, code="1-1-2", actor="city", name="相談会"
    )
    office = Office(client, publisher, ACTIONS, "change_stage", [seminar, bare])
    typed = {"fiscal_year": "2025", "stage": "done", "reason": "年度末"}
    page = office.step("preview", **typed).content.decode()
    assert "1-1-2 相談会（令和7年度）: この年度の記録なし" in page
    assert office.agree(**typed).status_code == 302
    stages = dict(seminar.years.values_list("fiscal_year", "stage"))
    assert stages == {2024: "running", 2025: "done", 2026: "running"}
    year = ActionYear.objects.get(action=seminar, fiscal_year=2025)
    assert (year.version, year.history.latest().version) == (2, 2)


def test_lists_and_bulk_changes_cost_as_many_queries_for_100_rows_as_for_10(client, administrator):
    costs = []
    for size in (10, 100):
        plan = make_plan(slug=f"p{size}", indicators=size)
        measures = Action.measure.field.related_model.objects.filter(strategy__plan=plan)
        actions = make_actions(plan=plan, measures=measures[:1], number=size, years=[2025])
        rows = list(plan.indicators.all())
        moved = Office(client, administrator, INDICATORS, "change_section", rows)
        staged = Office(client, administrator, ACTIONS, "change_stage", actions)
        client.get(INDICATORS)  # fills caches
        with CaptureQueriesContext(connection) as captured:
            client.get(INDICATORS)
            client.get(ACTIONS)
            client.get("/admin/actions/measure/")
            assert moved.agree(**MOVED).status_code == 302
            typed = {"fiscal_year": "2025", "stage": "done", "reason": "年度末"}
            assert staged.agree(**typed).status_code == 302
        costs.append(len(captured))
    assert costs[0] == costs[1]
