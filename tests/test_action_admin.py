"""The staff's own pages of actions: reasons and histories, and never over what the grid wrote."""

import datetime as dt
from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.models import Action, ActionYear
from kpis.selectors.actiongrid import action_rows
from kpis.services import NewEntry, carry_actions, record_first_entries, save_action_years
from tests.action_files import half_year, three, year_of  # noqa: F401 (fixtures)
from tests.sending import fields_of

pytestmark = pytest.mark.django_db

STALE = "ほかの人がこの年度の記入を変更しました。"


def page_of(record, page="change"):
    return reverse(f"admin:actions_{record._meta.model_name}_{page}", args=[record.pk])


def sent(action, years, **more):
    """Return what the action's page sends, with so many of its years as they were seen."""
    form = fields_of(action) | {"years-TOTAL_FORMS": len(years), "years-INITIAL_FORMS": len(years)}
    for place, year in enumerate(years):
        form |= {f"years-{place}-{name}": text for name, text in fields_of(year).items()}
        form |= {f"years-{place}-id": year.pk, f"years-{place}-seen": year.version}
    return form | more


def write(period, by, code="1-1-1", **fields):
    """Save one action's year in the grid."""
    row = next(one for one in action_rows(period) if one.code == code)
    entry = NewEntry(row.action, replace(row.entry, **fields), row.version)
    save_action_years(period=period, entries=[entry], by=by)


@pytest.fixture
def action(three):
    return Action.objects.get(code="1-1-1")


def test_a_change_of_an_action_and_its_year_keeps_its_reason_and_counts(clerk, action, entry_clerk):
    years = list(action.years.all())
    form = sent(action, years, name="改めた名", change_reason="計画の改訂")
    form["years-1-results"] = "満員"
    assert clerk.post(page_of(action), form).status_code == 302
    year = year_of("1-1-1")
    assert (year.results, year.version, year_of("1-1-1", 2024).version) == ("満員", 2, 1)
    for record in (Action.objects.get(pk=action.pk), year):
        newest = record.history.first()
        assert (newest.history_user, newest.history_change_reason) == (entry_clerk, "計画の改訂")
    assert year_of("1-1-1", 2024).history.count() == 1


def test_a_save_without_a_change_leaves_no_trace(clerk, action):
    before = Action.history.count(), ActionYear.history.count()
    form = sent(action, list(action.years.all()), change_reason="念のため")
    assert clerk.post(page_of(action), form).status_code == 302
    assert (Action.history.count(), ActionYear.history.count()) == before
    assert year_of("1-1-1").version == 1


def test_an_old_page_does_not_overwrite_what_the_grid_wrote(clerk, action, half_year, publisher):
    years = list(action.years.all())  # what the page showed
    write(half_year, publisher, results="満員")
    form = sent(action, years, name="改めた名")
    form["years-1-plan"] = "年6回"
    answer = clerk.post(page_of(action), form)
    assert answer.status_code == 200
    assert STALE in answer.content.decode()
    assert "年6回" in answer.content.decode()
    year = year_of("1-1-1")
    assert (year.results, year.plan, year.version) == ("満員", "年4回開く", 2)
    assert Action.objects.get(pk=action.pk).name == "取組1-1-1"


def test_a_page_that_does_not_say_what_it_saw_changes_nothing(clerk, action):
    form = sent(action, list(action.years.all()))
    del form["years-1-seen"]
    form["years-1-plan"] = "年6回"
    assert STALE in clerk.post(page_of(action), form).content.decode()
    assert year_of("1-1-1").plan == "年4回開く"


def test_an_old_page_does_not_delete_what_the_grid_wrote(client, action, half_year, publisher):
    client.force_login(publisher)
    form = sent(action, list(action.years.all())) | {"years-1-DELETE": "on"}
    write(half_year, publisher, results="満員")
    assert STALE in client.post(page_of(action), form).content.decode()
    assert year_of("1-1-1").results == "満員"
    form = sent(action, list(action.years.all()), change_reason="重複") | {"years-1-DELETE": "on"}
    assert client.post(page_of(action), form).status_code == 302
    assert year_of("1-1-1") is None
    assert ActionYear.history.first().history_change_reason == "重複"


def test_a_year_s_own_page_keeps_the_rule_and_tells_its_history(
    clerk, half_year, action, publisher
):
    year = year_of("1-1-1")
    seen = fields_of(year, plan="年5回", seen=year.version, change_reason="予算の減")
    write(half_year, publisher, results="満員")
    assert STALE in clerk.post(page_of(year), seen).content.decode()
    now = fields_of(year_of("1-1-1"), plan="年5回", seen=2, change_reason="予算の減")
    assert clerk.post(page_of(year), now).status_code == 302
    year = year_of("1-1-1")
    assert (year.plan, year.results, year.version) == ("年5回", "満員", 3)
    told = clerk.get(page_of(year, "history")).content.decode()
    for words in ("予算の減", "年4回開く", "年5回", "満員", "kohyo", "nyuryoku"):
        assert words in told
    assert "変更回数" not in told


def test_the_list_shows_and_narrows_what_is_written_of_this_year(clerk, action):
    today = timezone.localdate()
    this_year = today.year - (today.month < 4)
    ActionYear.objects.all().delete()
    ActionYear.objects.create(
        action=action, fiscal_year=this_year, stage="running", evaluation="late"
    )
    ActionYear.objects.create(action=action, fiscal_year=this_year - 1, stage="done")
    Action.objects.filter(code="1-1-2").update(is_example=True)
    listed = reverse("admin:actions_action_changelist")
    shown = clerk.get(listed).content.decode()
    assert '<td class="field-this_year">実施・遅れ</td>' in shown
    assert "完了" not in shown
    for query, codes in {
        "is_example__exact=1": {"1-1-2"},
        "actor__exact=business": {"2-1-1"},
        "section=商工課": {"2-1-1"},
        "is_priority__exact=1": {"1-1-1"},
        f"measure__strategy__id__exact={action.measure.strategy_id}": {"1-1-1", "1-1-2"},
    }.items():
        found = clerk.get(f"{listed}?{query}").context["cl"].result_list
        assert {one.code for one in found} == codes, query


def test_publicity_is_listed_and_found_by_what_is_counted(client, kadoma, publisher):
    client.force_login(publisher)
    kadoma.publicity.create(kind="配付", item="小冊子", content="配付", day=dt.date(2025, 7, 1))
    listed = reverse("admin:actions_publicityrecord_changelist")
    assert "小冊子" in client.get(listed).content.decode()
    found = client.get(listed, {"q": "小冊子"}).context["cl"].result_list
    assert [one.item for one in found] == ["小冊子"]
    assert (
        'name="item"' in client.get(reverse("admin:actions_publicityrecord_add")).content.decode()
    )


def test_what_is_carried_into_a_new_year_begins_its_history(three, publisher):
    action = Action.objects.get(code="1-1-1")
    carry_actions(plan=three, fiscal_year=2026, actions=[action.pk], by=publisher)
    entry = year_of("1-1-1", 2026).history.get()
    assert (entry.history_user, entry.plan) == (publisher, "年4回開く")
    assert entry.history_change_reason == "年度更新で令和8年度に引き継ぎました。"


def test_a_loaded_plan_s_actions_can_be_given_their_first_entries(three, administrator):
    Action.history.all().delete()
    ActionYear.history.all().delete()
    record_first_entries(plan=three, by=administrator, reason="計画書による")
    assert (Action.history.count(), ActionYear.history.count()) == (3, 3)
