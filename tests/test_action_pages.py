"""The pages of actions: the list with its filters, its pages and its CSV, and an action's own."""

import json
import re

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from actions.fiscal import Period, Term
from actions.models import Action, ActionYear
from actions.vocabulary import Stage
from kpis import payload
from kpis.models import Publication
from kpis.selectors import published as published_selector
from kpis.services import publish_outright
from kpis.views.kept import forget
from tests.factories import make_actions, make_plan
from tests.test_table_files import rows_of

R6, R7_H1 = Period(2024, Term.FY), Period(2025, Term.H1)
LIST = "/town/actions/"
ABOUT_EXAMPLES = "【例示】の付いたものは記入の例であり、実際の取組みではありません。"
pytestmark = pytest.mark.django_db


def town(number, administrator, slug="town", **fields):
    """Store a plan of 2 strategies × 3 measures with so many actions, published for R7 上半期."""
    plan = make_plan(slug=slug, indicators=4, strategies=2, measures=3)
    measures = [one for strategy in plan.strategies.all() for one in strategy.measures.all()]
    indicators = list(plan.indicators.all())
    make_actions(plan=plan, measures=measures, indicators=indicators, number=number, **fields)
    publish(plan, administrator)
    return plan


def publish(plan, administrator, period=R7_H1):
    publish_outright(plan=plan, period=period, by=administrator, reason="公表")


@pytest.fixture
def twelve(administrator):
    """Actions A-1 to A-12: A-5 and A-10 are late, A-1, A-4, A-7 and A-10 are 重点."""
    return town(12, administrator)


def text_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def seen(client, address):
    """Return the rows of the page's table as texts."""
    table = client.get(address).context["table"]
    return [[strip_tags(str(cell)) for _, cell in row.items()] for row in table.rows]


def context_of(client, address=LIST):
    """Return what the page is made from; out of memory it would be made from nothing."""
    forget()
    return client.get(address).context


def codes(client, query=""):
    """Return the codes of the list, or None where the page says that nothing fits."""
    forget()
    response = client.get(LIST + query)
    assert response.status_code == 200
    if "条件に合うアクションはありません。" in response.content.decode():
        return None
    return [row.record.code for row in response.context["table"].paginated_rows]


# --- the list ---------------------------------------------------------------------------------


def test_the_list_goes_by_strategy_measure_and_actor(client, twelve):
    # Actions go round the measures 1-1, 1-2, 1-3, 2-1, 2-2, 2-3 and round the three actors.
    found = [f"A-{one}" for one in (1, 7, 2, 8, 3, 9, 4, 10, 5, 11, 6, 12)]
    assert codes(client) == found


def test_a_measures_businesses_come_before_its_city_and_its_supporters(
    client, twelve, administrator
):
    Action.objects.filter(code="A-1").update(actor="support")
    Action.objects.filter(code="A-7").update(actor="city")
    measure = Action.objects.get(code="A-1").measure
    Action.objects.filter(code="A-2").update(measure=measure, actor="business")
    publish(twelve, administrator)
    assert codes(client)[:4] == ["A-2", "A-7", "A-1", "A-8"]


def test_a_row_tells_who_how_far_and_how_well(client, twelve):
    rows = {row[0]: row for row in seen(client, LIST)}
    own = ("ものづくり事業者", "★重点", "課0", "実施", "◎計画どおり", "1-1")
    assert rows["A-1"] == ["A-1", "アクション1", *own]
    assert rows["A-5"] == ["A-5", "アクション5", "行政", "", "課0", "実施", "×遅れ", "設定なし"]
    page = text_of(client, LIST)
    assert f'<a href="{LIST}A-5/">アクション5</a>' in page
    assert '<a class="word" href="/town/kpis/1-1/">1-1</a>' in page


def test_the_heads_count_the_periods_fiscal_year(client, twelve, administrator):
    ActionYear.objects.filter(action__code="A-2", fiscal_year=2025).update(evaluation="ahead")
    ActionYear.objects.filter(action__code="A-3", fiscal_year=2025).update(evaluation="")
    ActionYear.objects.filter(action__code="A-3", fiscal_year=2024).update(evaluation="late")
    publish(twelve, administrator)
    context = context_of(client)
    assert (context["total"], context["priority"], context["late"]) == ("12", "4", "2")
    assert [(one.judgement.words, one.number) for one in context["counts"]] == [
        *(("◎計画以上", 1), ("◎計画どおり", 8), ("△やや遅れ", 0), ("×遅れ", 2), ("×未着手", 0)),
        ("―評価なし", 1),
    ]


def test_what_is_shown_stays_as_it_was_published(client, twelve, administrator):
    Action.objects.filter(code="A-5").update(name="改めた名前", is_priority=True)
    ActionYear.objects.filter(action__code="A-5").update(evaluation="ahead", results="改めた")
    for address in (LIST, f"{LIST}A-5/"):
        page = text_of(client, address)
        assert "改めた" not in page
        assert "アクション5" in page
    publish(twelve, administrator)
    assert "改めた名前" in text_of(client, LIST)
    older = text_of(client, f"{LIST}A-5/?period=2025-H1&version=1")
    assert "改めた" not in older
    assert f'href="{LIST}?period=2025-H1&amp;version=1"' in older


# --- filters ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("?strategy=1", (1, 7, 2, 8, 3, 9)),
        ("?measure=2-2", (5, 11)),
        ("?actor=support", (9, 3, 6, 12)),
        ("?priority=1", (1, 7, 4, 10)),
        ("?late=1", (10, 5)),
        ("?evaluation=late", (10, 5)),
        ("?section=%E8%AA%B21", (2, 6, 10)),  # 課1
        ("?stage=running&late=1&priority=1", (10,)),
        ("?strategy=1&measure=2-2", None),
        ("?stage=paused", None),
        ("?evaluation=none", None),
    ],
)
def test_the_list_is_narrowed(client, twelve, query, numbers):
    found = codes(client, query)
    assert (found and set(found)) == (numbers and {f"A-{one}" for one in numbers})


def test_a_stage_is_asked_of_the_periods_year(client, twelve, administrator):
    ActionYear.objects.filter(action__code="A-8", fiscal_year=2025).update(stage="paused")
    ActionYear.objects.filter(action__code="A-9", fiscal_year=2026).update(stage="paused")
    publish(twelve, administrator)
    assert codes(client, "?stage=paused") == ["A-8"]
    assert codes(client, "?stage=paused&period=2025-H1&version=1") is None


def test_what_is_asked_stands_in_the_form_and_in_words(client, twelve):
    page = text_of(client, f"{LIST}?actor=city&late=1&period=2025-H1&version=1")
    assert '<option value="city" selected>行政</option>' in page
    assert 'name="late" value="1" checked' in page
    assert '<input type="hidden" name="period" value="2025-H1">' in page
    assert '<input type="hidden" name="version" value="1">' in page
    said = re.search(r'<p class="found">(.*)</p>', page)[1]
    assert strip_tags(said) == "1件（主体: 行政、遅れのみ（やや遅れ・遅れ・未着手））"
    assert f'<a href="{LIST}?period=2025-H1&amp;version=1">条件を解除</a>' in page


@pytest.mark.parametrize("name", ["strategy", "measure", "actor", "stage", "section", "evaluation"])
def test_an_unknown_value_is_told_and_asks_nothing(client, twelve, name):
    response = client.get(f"{LIST}?{name}=<x>")
    assert response.status_code == 200
    page = response.content.decode()
    assert "」に「&lt;x&gt;」という選択肢はないため、この条件は使っていません。" in page
    assert len(codes(client, f"?{name}=x")) == 12


def test_where_nothing_fits_the_page_says_how_to_go_on(client, twelve):
    page = text_of(client, f"{LIST}?stage=paused")
    assert "条件に合うアクションはありません。" in page
    assert f'<a href="{LIST}">条件を解除してすべてのアクションを表示</a>' in page
    assert "data-chart" not in page


def test_a_strategys_page_leads_to_its_actions(client, twelve):
    assert f'href="{LIST}?strategy=2"' in text_of(client, "/town/strategies/2/")


# --- pages, tables and cost -------------------------------------------------------------------


@pytest.fixture
def many(administrator):
    return town(120, administrator)


def test_fifty_actions_are_shown_and_drawn_at_a_time(client, many):
    first, third = (client.get(f"{LIST}?page={one}").context for one in (1, 3))
    assert first["table"].caption == "アクションの一覧（令和7年度、1～50件目／120件）"
    assert third["table"].caption == "アクションの一覧（令和7年度、101～120件目／120件）"
    for context, number in ((first, 50), (third, 20)):
        assert len(context["table"].rows) == number
        bars = [bar for _, one in context["figures"] for bar in one["data"][0]["y"]]
        assert len(bars) == number  # one bar each: 実施 in all years
    assert len({*codes(client), *codes(client, "?page=2"), *codes(client, "?page=3")}) == 120


def test_the_pages_are_numbered_and_keep_what_is_asked(client, many):
    assert "一覧のページ" not in text_of(client, f"{LIST}?section=%E8%AA%B21")  # 30 fit on one
    page = text_of(client, f"{LIST}?page=2&period=2025-H1")
    ways = re.findall(r'<a href="([^"]*page=[^"]*)"( aria-current="page")?>', page)
    ways = [(one.removeprefix(f"{LIST}?period=2025-H1&amp;page="), mark) for one, mark in ways]
    assert ways[:3] == [("1", ""), ("2", ' aria-current="page"'), ("3", "")]


@pytest.mark.parametrize(("query", "shown"), [("?page=x", 1), ("?page=0", 3), ("?page=99", 3)])
def test_a_page_that_is_not_there_is_answered_with_one_that_is(client, many, query, shown):
    assert client.get(LIST + query).context["sheet"].number == shown


def test_a_table_is_saved_with_all_that_fit(client, many):
    rows = rows_of(client.get(f"{LIST}?table=schedule&page=2"))
    assert rows[0] == ["アクション", "施策", "R6", "▼R7", "R8", "R9", "R10", "R7の遅れ"]
    assert len(rows) == 121
    found = {row[0]: row for row in rows}
    assert found["A-5 アクション5"] == ["A-5 アクション5", "2-2", *["実施"] * 5, "■遅れ"]
    assert found["A-4 アクション4"][-1] == ""
    late = rows_of(client.get(f"{LIST}?table=actions&late=1"))
    assert {row[6] for row in late[1:]} == {"×遅れ"}
    assert len(late) == 25
    page = text_of(client, f"{LIST}?late=1&period=2025-H1")
    assert f'href="{LIST}?period=2025-H1&amp;late=1&amp;table=schedule"' in page


def test_a_thousand_actions_cost_the_same_queries_and_a_bounded_page(
    client, administrator, django_assert_num_queries
):
    sizes = {}
    for number in (10, 50, 1000):
        town(number, administrator, slug=f"town{number}")
        for page in ("actions/", "actions/?late=1", "actions/A-5/", "kpis/1-1/"):
            published_selector._contents.clear()  # as the first reader after a start
            with django_assert_num_queries(2):
                response = client.get(f"/town{number}/{page}")
            assert response.status_code == 200
            sizes[number, page] = len(response.content)
    assert sizes[1000, "actions/"] < 1.1 * sizes[50, "actions/"]
    assert sizes[1000, "actions/"] < 200_000
    assert sizes[1000, "actions/A-5/"] < 1.1 * sizes[10, "actions/A-5/"]


# --- nothing there, and older publications ----------------------------------------------------


def test_a_plan_without_actions_says_so(client, published, administrator):
    address = "/kadoma-monozukuri/actions/"
    page = text_of(client, address)
    assert "この公表には、アクションの登録がありません。" in page
    assert "管理画面" not in page
    client.force_login(administrator)
    period = published.periods.get(fiscal_year=2025, term="H1")
    page = text_of(client, f"/admin/preview/{period.pk}/actions/")
    assert "アクションはまだ登録されていません。" in page
    for kind in ("action", "plan"):
        assert reverse(f"admin:actions_{kind}_changelist") in page


def test_a_publication_of_the_first_release_is_read_as_one_without_actions(client, twelve):
    one = Publication.objects.get()
    document = json.loads(one.payload)
    document["schema"] = 1
    for key in ("actions", "meetings"):
        del document["progress"][key]
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    Publication.objects.update(payload=text, sha256=payload.digest(text))
    assert "この公表には、アクションの登録がありません。" in text_of(client, LIST)
    assert client.get(f"{LIST}?late=1&page=3").status_code == 200
    assert client.get(f"{LIST}A-1/").status_code == 404


# --- an action's own page ---------------------------------------------------------------------


def test_an_action_tells_what_it_is_and_leads_on(client, twelve, administrator):
    Action.objects.filter(code="A-1").update(
        priority_reason="人手不足のため", partners="商工会議所", content="企業を訪ねる"
    )
    publish(twelve, administrator)
    page = text_of(client, f"{LIST}A-1/")
    told = (
        "人手不足のため",
        "商工会議所",
        "企業を訪ねる",
        "課0",
        "ものづくり事業者",
        "R6～R10 実施",
    )
    assert [words for words in told if words not in page] == []
    assert '<a href="/town/measures/1-1/">1-1 施策1-1</a>' in page
    assert f'<a href="{LIST}">アクションの一覧へ戻る</a>' in page


def test_a_linked_kpi_stands_with_its_state_of_the_period(client, twelve):
    (row,) = seen(client, f"{LIST}A-1/")
    assert row[0].startswith("1-1 指標1-1（件）")
    # 50 of 110 is 45.45 %, and half of the target is expected by then: 90.9 %.
    assert [*row[3:5], row[6]] == ["50", "45.5%", "○概ね順調"]
    assert "KPIは設定していません。" not in text_of(client, f"{LIST}A-1/")


def test_an_action_without_a_kpi_says_why(client, twelve, administrator):
    Action.objects.filter(code="A-2").update(no_indicator_reason="市の事業ではないため")
    publish(twelve, administrator)
    page = text_of(client, f"{LIST}A-2/")
    assert "KPIは設定していません。理由: 市の事業ではないため" in page


def test_the_years_are_told_as_pdca_the_periods_first(client, twelve):
    page = text_of(client, f"{LIST}A-5/")
    years = re.findall(r'<h3 id="h-y\d+">([^<]*)(?:<span class="mark">(.*)</span>)?</h3>', page)
    assert years == [
        ("令和7年度", "表示中の期間の年度"),
        *((f"令和{one}年度", "") for one in (6, 8, 9, 10)),
    ]
    this, last, *ahead = (strip_tags(one) for one in re.split("<h3 ", page)[1:])
    order = ["計画（PLAN）", "実施（DO）", "評価（CHECK）", "見直し（ACTION）"]
    for told in (this, last):
        places = [told.index(one) for one in order]
        assert places == sorted(places)
        for words in ("上半期の実施内容", "×遅れ", "成果と課題", "継続", "次の年度も続ける"):
            assert words in told
    assert "年度の実施内容" not in this.replace("上半期の実施内容", "")  # the year is not over
    assert "年度の実施内容" in last
    assert all("実施（DO）" not in one and "計画（PLAN）" in one for one in ahead)


def test_what_nobody_wrote_is_told_as_such(client, twelve, administrator):
    blank = dict.fromkeys(("stage", "plan", "done_first_half", "evaluation", "revision"), "")
    ActionYear.objects.filter(action__code="A-2", fiscal_year=2025).update(**blank)
    ActionYear.objects.filter(action__code="A-3", fiscal_year=2025).delete()
    publish(twelve, administrator)
    this = strip_tags(re.split("<h3 ", text_of(client, f"{LIST}A-2/"))[1])
    assert this.count("未記入") == 3
    assert "―評価なし" in this
    assert "令和7年度の記入はありません。" in text_of(client, f"{LIST}A-3/")


def test_an_action_that_is_not_there_is_told_in_japanese(client, twelve):
    response = client.get(f"{LIST}A-99/")
    assert response.status_code == 404
    assert "アクション A-99 はこの計画にありません。" in response.content.decode()


def test_a_kpi_leads_to_its_actions(client, twelve):
    page = text_of(client, "/town/kpis/2-1/")
    block = page[page.index("関連するアクション") :].split("</section>")[0]
    for words in (f'<a href="{LIST}A-7/">A-7 アクション7</a>', "実施", "計画どおり"):
        assert words in block
    assert "A-5" not in block


# --- examples -----------------------------------------------------------------------------------


def test_an_example_says_so_wherever_it_is_named(client, administrator):
    town(3, administrator, examples=True)
    for address in (LIST, f"{LIST}A-1/", "/town/kpis/1-1/"):
        page = text_of(client, address)
        assert page.count("【例示】アクション1") >= 1
        assert ABOUT_EXAMPLES in page
        assert not re.search(r"(?<!【例示】)アクション1(?![0-9])", page)
    figure = dict(context_of(client)["figures"])["schedule-1"]
    labels = [one["text"] for one in figure["layout"]["annotations"]]
    assert "A-1 ★重点 【例示】アクション1" in labels
    assert {row[0] for row in rows_of(client.get(f"{LIST}?table=schedule"))[1:]} == {
        f"A-{one} 【例示】アクション{one}" for one in (1, 2, 3)
    }


def test_examples_are_not_counted(client, administrator):
    plan = town(6, administrator)
    Action.objects.filter(code__in=["A-5", "A-1"]).update(is_example=True)
    publish(plan, administrator)
    context = context_of(client)
    assert (context["total"], context["priority"], context["late"]) == ("4", "1", "0")
    assert "（ほかに例示 2件）" in text_of(client, LIST)
    assert len(codes(client)) == 6


def test_without_examples_nothing_is_said_of_them(client, twelve):
    for address in (LIST, f"{LIST}A-1/", "/town/kpis/1-1/"):
        assert "例示" not in text_of(client, address)


def test_a_name_cannot_bring_markup_into_page_or_chart(client, administrator):
    plan = town(3, administrator, stages=(Stage.STUDY,))
    Action.objects.filter(code="A-1").update(name="<b>太字</b><script>1</script>")
    publish(plan, administrator)
    for address in (LIST, f"{LIST}A-1/", "/town/kpis/1-1/"):
        assert not re.search("<b>太字|<script>1", text_of(client, address))
    figure = dict(context_of(client)["figures"])["schedule-1"]
    assert "&lt;b&gt;太字" in figure["data"][0]["customdata"][0]
