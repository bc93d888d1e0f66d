"""The new fiscal year: R8 of the city's plan becomes due in March, step by step."""

import csv
import datetime as dt
import io

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.fiscal import Term
from actions.models import Action, ActionYear
from kadoma_plan.admin import front_page
from kpis.models import Target
from kpis.newyear import NewYear, Step, coming_year, suggested_due, wanted_terms
from kpis.selectors.newyear import actions_to_carry, preparation
from kpis.selectors.targets import open_targets
from kpis.services import carry_actions, prepare_periods
from tests.conftest import R7_H1
from tests.factories import make_actions, make_plan

pytestmark = pytest.mark.django_db
YEAR = 2026  # R8
PLAN = "毎年度策定（前年度の3月策定）を行う「門真市第6次総合計画 実施計画」"
WAITING = {"1-1": "1,200件", "1-2": "136件", "2-1": "103件", "3-1": "2件"}  # with their R7 targets
PAPER = {"common-source": "実施計画（令和8年度）", "common-decided_on": "令和8年3月25日"}


def address(plan, year=YEAR):
    return f"{reverse('admin:actions_plan_new_year', args=[plan.pk])}?year={year}"


def prefix(plan, code, year=YEAR):
    return f"t{plan.indicators.get(code=code).pk}-{year}"


def words_of(response):
    return [str(one) for one in response.context["messages"]]


@pytest.fixture
def office(client, publisher):
    client.force_login(publisher)
    return client


# --- when it is due -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "year"),
    [("2026-01-05", 2026), ("2026-03-31", 2026), ("2026-04-01", 2026), ("2026-12-31", 2026)],
)
def test_from_january_the_next_year_is_prepared_and_from_april_the_current(today, year):
    assert coming_year(dt.date.fromisoformat(today)) == year


@pytest.mark.parametrize(
    ("today", "still_open", "has_periods", "due"),
    [
        ("2026-01-31", 0, False, False),
        ("2026-02-01", 0, True, True),
        ("2026-05-31", 0, True, True),
        ("2026-06-01", 4, True, False),
        ("2026-06-01", 4, False, True),
    ],
)
def test_it_is_due_from_february_to_may_or_when_nothing_is_prepared(
    today, still_open, has_periods, due
):
    state = NewYear(YEAR, still_open, (), has_periods, 0)
    assert state.is_due(dt.date.fromisoformat(today)) is due


def test_the_front_page_tells_each_step_to_those_who_may_prepare(published):
    today = dt.date(2026, 3, 26)
    (card,) = front_page(today, may_begin=True, may_prepare=True).new_years
    assert card.title == "令和8年度の年度更新"
    assert [(one.label, one.words) for one in card.steps] == [
        ("未", "目標値のない指標が4件"),
        ("未", "上半期・年度の報告期間が未登録"),
        ("済", "残りはありません"),
    ]
    assert front_page(today, may_begin=True).new_years == ()


# --- the targets --------------------------------------------------------------------------------


def test_the_list_names_every_open_year_with_the_plan_it_waits_for(kadoma):
    found = open_targets(kadoma)
    assert {one.code: one.previous for one in found if one.fiscal_year == YEAR} == WAITING
    assert {one.awaits for one in found if one.fiscal_year == YEAR} == {PLAN}
    later = [(one.code, one.standing) for one in found if one.fiscal_year == 2028]
    assert later == [
        ("1-1", "連動"),
        ("1-2", "連動"),
        ("1-3", "連動"),
        ("1-4", "未設定"),
        ("2-1", "連動"),
        ("3-1", "連動"),
    ]
    assert len(found) == 4 + 6 + 6


def test_a_year_without_any_record_is_listed_while_the_indicator_is_measured(kadoma):
    indicator = kadoma.indicators.get(code="2-3")
    indicator.targets.filter(fiscal_year__gte=2027).delete()
    kadoma.indicators.filter(code="2-3").update(end_year=2027, review_reason="統合のため")
    found = [one for one in open_targets(kadoma) if one.code == "2-3"]
    assert [(one.fiscal_year, one.standing) for one in found] == [(2027, "未登録")]


def test_the_list_is_a_page_and_a_file(client, kadoma, entry_clerk):
    client.force_login(entry_clerk)
    listed = reverse("admin:actions_plan_open_targets", args=[kadoma.pk])
    page = client.get(listed).content.decode()
    for words in (f"{PLAN}（12件）", "門真市導入促進基本計画（2件）", "待つ計画の記載なし（2件）"):
        assert words in page
    assert "年度更新（目標をまとめて入力）" not in page  # 入力担当 may not
    content = client.get(listed.replace("open-targets/", "open-targets.csv")).content
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0][:4] == ["待つ計画", "年度", "指標コード", "指標名"]
    assert rows[1][:3] == [PLAN, "令和8年度", "1-1"]
    assert (len(rows), rows[-1][0], rows[-1][6]) == (17, "待つ計画の記載なし", "未設定")


def test_what_was_linked_becomes_set_with_its_paper_and_day(office, kadoma, publisher):
    typed = {f"{prefix(kadoma, '1-1')}-value": "１，２５０件"}
    typed |= {f"{prefix(kadoma, '2-1')}-value": "110"}
    own = {"source": "別の計画", "decided_on": "2026/3/31"}
    typed |= {f"{prefix(kadoma, '2-1')}-{name}": text for name, text in own.items()}
    sent = {"step": "targets", **PAPER, **typed}
    assert office.post(address(kadoma), sent).status_code == 302
    first = Target.objects.get(indicator__code="1-1", fiscal_year=YEAR)
    assert (first.status, first.value) == ("set", 1250)
    assert (first.source, first.decided_on) == ("実施計画（令和8年度）", dt.date(2026, 3, 25))
    told = first.history.latest()
    assert (told.history_user, told.history_change_reason) == (publisher, "令和8年度の年度更新")
    other = Target.objects.get(indicator__code="2-1", fiscal_year=YEAR)
    assert (other.value, other.source, other.decided_on) == (110, "別の計画", dt.date(2026, 3, 31))
    left = {one.code for one in open_targets(kadoma) if one.fiscal_year == YEAR}
    assert left == {"1-2", "3-1"}  # the empty rows


def test_every_fault_is_told_at_once_and_nothing_is_lost(office, kadoma):
    one, two, three = (prefix(kadoma, code) for code in ("1-1", "1-2", "2-1"))
    typed = {f"{one}-value": "千二百", f"{two}-value": "1.5", f"{three}-source": "計画"}
    typed |= {"common-decided_on": "2026/2/30", "reason": "ひとこと"}
    page = office.post(address(kadoma), {"step": "targets", **typed})
    assert {name: said for name, _, said in page.context["sheet"].every_fault} == {
        "common-source": "根拠の資料を入力してください。行ごとに違うときは、その行の欄に入力します。",
        "common-decided_on": "「2026/2/30」という日付はありません。",
        f"{one}-value": "「千二百」は数値として読み取れません。1200、1,200、▲5 のように入力してください。",
        f"{two}-value": "小数は0桁までで入力してください。",
        f"{three}-value": "目標値を入力してください。未定のままにするときは、根拠と決定日も空欄にします。",
    }
    shown = page.content.decode()
    for text in ("千二百", "1.5", "2026/2/30", "ひとこと"):
        assert f'value="{text}"' in shown
    assert not Target.objects.filter(fiscal_year=YEAR, indicator__code="1-1", status="set").exists()


def test_a_day_to_come_and_an_empty_grid_are_refused(office, kadoma):
    typed = {"step": "targets", **PAPER, "common-decided_on": "2090/4/1"}
    typed[f"{prefix(kadoma, '1-1')}-value"] = "1250"
    page = office.post(address(kadoma), typed)
    (fault,) = page.context["sheet"].every_fault
    assert fault[0] == "common-decided_on"
    assert "までの日付を入力してください。" in fault[2]
    page = office.post(address(kadoma), {"step": "targets", **PAPER})
    assert words_of(page) == ["目標値が入力されていません。まだ何も保存していません。"]


def test_a_milestone_takes_what_is_to_be_done(office, kadoma):
    kadoma.indicators.filter(code="3-1").update(kind="milestone", formula="none", decimals=0)
    typed = {f"{prefix(kadoma, '3-1')}-value": "設置"}
    assert office.post(address(kadoma), {"step": "targets", **PAPER, **typed}).status_code == 302
    target = Target.objects.get(indicator__code="3-1", fiscal_year=YEAR)
    assert (target.value, target.words) == (1, "設置")


def test_a_year_outside_the_plan_falls_back_to_one_of_its_own(office, kadoma):
    for asked in ("1999", "２０２６", "x", ""):
        page = office.get(address(kadoma, asked))
        assert 2024 <= page.context["fiscal_year"] <= 2028


def test_every_year_of_the_plan_may_be_chosen(office, kadoma):
    words = office.get(address(kadoma, 2027)).content.decode()
    for year in range(2024, 2029):
        assert f'<option value="{year}"' in words
    assert '<option value="2027" selected>令和9年度' in words


# --- the periods --------------------------------------------------------------------------------


def test_the_periods_are_registered_with_their_usual_due_dates_once(office, published):
    page = office.get(address(published))
    assert [(one.period.code, one.typed) for one in page.context["periods"]] == [
        ("2026-H1", "2026/10/20"),
        ("2026-FY", "2027/04/20"),
    ]
    sent = {"step": "periods"}
    sent |= {f"period-{one}-make": "on" for one in ("H1", "FY")}
    sent |= {"period-H1-due": "2026/10/20", "period-FY-due": "令和9年4月20日"}
    for _ in range(2):
        office.post(address(published), sent)
    rows = published.periods.filter(fiscal_year=YEAR)
    assert {(one.term, one.state, one.due) for one in rows} == {
        ("H1", "preparing", dt.date(2026, 10, 20)),
        ("FY", "preparing", dt.date(2027, 4, 20)),
    }
    # The old year is ended before the prepared one begins, which then proposes its due date.
    begin = reverse("admin:kpis_reportingperiod_begin")
    proposed = office.get(begin, {"plan": published.pk}).context["form"].initial
    assert (proposed["fiscal_year"], proposed["term"], proposed["due"]) == (2025, "FY", None)
    published.periods.create(fiscal_year=2025, term="FY", state="published")
    proposed = office.get(begin, {"plan": published.pk}).context["form"].initial
    assert (proposed["fiscal_year"], proposed["term"]) == (2026, "H1")
    assert proposed["due"] == dt.date(2026, 10, 20)


def test_a_faulty_due_date_is_told_at_its_field(office, published):
    sent = {"step": "periods", "period-H1-make": "on", "period-H1-due": "10月20日"}
    sent |= {"period-FY-make": "on", "period-FY-due": ""}
    page = office.post(address(published), sent)
    assert [one.fault[:14] for one in page.context["periods"]] == [
        "「10月20日」は日付として",
        "入力期限を入力してください。",
    ]
    assert not published.periods.filter(fiscal_year=YEAR).exists()


def test_a_plan_of_whole_years_gets_no_half_year():
    assert wanted_terms({Term.FY}) == (Term.FY,)
    assert wanted_terms({Term.FY, Term.H1}) == wanted_terms(()) == (Term.H1, Term.FY)
    assert suggested_due(R7_H1) == dt.date(2025, 10, 20)


# --- the actions --------------------------------------------------------------------------------


@pytest.fixture
def actions(kadoma):
    measure = kadoma.strategies.get(number=1).measures.get(number=1)

    def made(code, **year):
        fields = {"measure": measure, "actor": "city", "name": f"活動{code}"}
        action = Action.objects.create(plan=kadoma, code=code, **fields)
        if year:
            ActionYear.objects.create(action=action, plan=f"計画{code}", **year)
        return action

    r7 = {"fiscal_year": 2025, "done": "4回", "results": "満員", "evaluation": "late"}
    return {
        "goes on": made("1-1-1", **r7, stage="running", revision="improve"),
        "done": made("1-1-2", **r7, stage="done"),
        "ended": made("1-1-3", **r7, stage="running", revision="end"),
        "later": made("1-1-4", fiscal_year=2024, stage="study"),
        "there": made("1-1-5", fiscal_year=YEAR, stage="running"),
        "new": made("1-1-6"),
    }


def test_what_goes_on_is_carried_over_with_stage_and_plan_only(office, kadoma, actions):
    assert [one.action.code for one in actions_to_carry(kadoma, YEAR)] == ["1-1-1", "1-1-4"]
    chosen = [one.pk for one in actions.values()]  # whatever is sent, only what is offered
    answer = office.post(address(kadoma), {"step": "actions", "action": chosen}, follow=True)
    assert words_of(answer) == ["2件のアクションを令和8年度に引き継ぎました。"]
    made = ActionYear.objects.get(action=actions["goes on"], fiscal_year=YEAR)
    assert (made.stage, made.plan) == ("running", "計画1-1-1")
    assert (made.done, made.results, made.evaluation, made.revision) == ("", "", "", "")
    assert ActionYear.objects.filter(fiscal_year=YEAR).count() == 3
    assert LogEntry.objects.filter(object_id=str(actions["later"].pk)).count() == 1
    again = office.post(address(kadoma), {"step": "actions", "action": chosen})
    assert words_of(again) == ["引き継ぐアクションが選ばれていません。"]


def test_an_action_that_is_not_chosen_stays(office, kadoma, actions):
    office.post(address(kadoma), {"step": "actions", "action": [actions["goes on"].pk]})
    assert [one.action.code for one in actions_to_carry(kadoma, YEAR)] == ["1-1-4"]
    step = preparation(kadoma, YEAR).state.steps[2]
    assert (step.step, step.label, step.words) == (
        Step.ACTIONS,
        "未",
        "引き継いでいないアクションが1件",
    )


# --- what it costs ------------------------------------------------------------------------------


def test_each_step_costs_as_many_queries_for_60_rows_as_for_15(office, publisher):
    costs = []
    for size in (15, 60):
        plan = make_plan(slug=f"p{size}", indicators=size)
        measures = plan.strategies.first().measures.all()
        make_actions(plan=plan, measures=measures, number=size, years=(2024, 2025))
        typed = {f"{prefix(plan, code, 2027)}-value": "120" for code in codes(plan)}
        page = address(plan, 2027)
        office.get(page)  # the first page of a process also fills caches
        costs.append(
            [
                queries(lambda page=page: office.get(page)),
                queries(
                    lambda page=page, typed=typed: office.post(
                        page, {"step": "targets", **PAPER, **typed}
                    )
                ),
                queries(lambda plan=plan: carry(plan, publisher)),
                queries(lambda plan=plan: prepare(plan, publisher)),
            ]
        )
        assert (
            Target.objects.filter(indicator__plan=plan, fiscal_year=2027, status="set").count()
            == size
        )
        assert ActionYear.objects.filter(action__plan=plan, fiscal_year=2027).count() == size
    assert costs[0] == costs[1]


def codes(plan):
    return plan.indicators.values_list("code", flat=True)


def carry(plan, by):
    chosen = set(plan.actions.values_list("pk", flat=True))
    carry_actions(plan=plan, fiscal_year=2027, actions=chosen, by=by)


def prepare(plan, by):
    prepare_periods(plan=plan, fiscal_year=2027, dues={Term.FY: dt.date(2028, 4, 20)}, by=by)


def queries(work):
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)
