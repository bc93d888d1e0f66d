"""The page of the plan's tree: everything on one page, with few actions, none, and a thousand."""

import re

import pytest
from django.utils.html import strip_tags

from actions.fiscal import Period, Term
from actions.models import Action, Plan
from kpis.models import Publication
from kpis.selectors import published as published_selector
from kpis.services import publish_outright
from tests.factories import make_actions, make_plan
from tests.older import store_as

SLUG = "kadoma-monozukuri"
H1 = Period(2025, Term.H1)
PAGE = f"/{SLUG}/tree/"
NO_ACTIONS = "この計画にアクションは登録されていません。"
pytestmark = pytest.mark.django_db


def text_of(client, address=PAGE):
    return client.get(address).content.decode()


def words(page):
    """Return the page's text in one line."""
    return re.sub(r"\s+", " ", strip_tags(page))


def test_the_citys_plan_stands_whole_on_the_page(client, published):
    page = text_of(client)
    told = words(page)
    assert "基本理念 ―門真全域―ものづくりのテーマパーク" in told
    for one in Plan.objects.get().strategies.all():
        assert f"基本戦略{one.number} {one.name} {one.tag}" in told
        for measure in one.measures.all():
            assert f"{measure.code} {measure.name} 計画P{measure.page}" in told
    for one in published.indicators.all():
        assert told.count(f"{one.code} {one.name}") == 1
    assert NO_ACTIONS in told
    assert "<details" not in page


def test_the_citys_states_follow_from_its_judgements(client, published):
    strategies = client.get(PAGE).context["strategies"]
    told = {
        one.measure.code: one.branch.state.words for each in strategies for one in each.measures
    }
    assert told == {
        **dict.fromkeys(("1-1", "1-2", "1-3", "1-4"), "―判定なし"),
        "2-1": "◎順調",
        **dict.fromkeys(("2-2", "2-3", "2-4", "2-5"), "―判定なし"),
        "3-1": "◎順調",
        **{"3-2": "×遅れあり", "3-3": "×遅れあり", "3-4": "○おおむね順調"},
        **dict.fromkeys(("3-5", "3-6"), "―判定なし"),
    }
    assert [one.branch.state.words for one in strategies] == ["×遅れあり"] * 3
    assert [[leaf.indicator.code for leaf in one.others] for one in strategies] == [
        ["1-1", "1-3", "1-5"],
        ["2-4"],
        [],
    ]


def test_last_years_page_has_last_years_states(client, published):
    strategies = client.get(f"{PAGE}?period=2024-FY").context["strategies"]
    # R6: 44 of 37 and 78 of 136 under 1-3; 2 of 2, 101 of 101 and 9.7 of 9.7 under 2-1.
    told = {
        one.measure.code: one.branch.state.words for each in strategies for one in each.measures
    }
    assert (told["1-3"], told["2-1"]) == ("△やや遅れあり", "◎順調")


def test_a_state_is_sign_words_and_colour_and_its_rule_is_one_click_away(client, published):
    page = text_of(client)
    assert re.search(
        r'<span class="badge tone-bad"><span class="sign">×</span>遅れあり</span>', page
    )
    assert f'href="/{SLUG}/rules/#h-states"' in page
    rules = text_of(client, f"/{SLUG}/rules/")
    assert '<h3 id="h-states">施策と基本戦略の状況</h3>' in rules
    assert "状況は表示のたびに求め、記録しません。" in rules


@pytest.fixture
def seven(kadoma, administrator):
    """Seven actions of one measure, published; the second one is made up."""
    measure = kadoma.strategies.get(number=1).measures.get(number=2)
    make_actions(plan=kadoma, measures=[measure], number=7)
    Action.objects.filter(code="A-2").update(is_example=True)
    publish_outright(plan=kadoma, period=H1, by=administrator, reason="試験")
    return kadoma


def test_of_many_actions_the_first_five_stand_and_a_link_to_all(client, seven):
    page = text_of(client)
    found = words(re.search(r"<details.*?</details>", page, re.DOTALL)[0])
    # A-5 is late (every fifth), A-1, A-4 and A-7 are priorities, A-2 is an example.
    assert "アクション7件（◎計画どおり 5、×遅れ 1） 例示1件" in found
    assert re.findall(r"A-\d", found) == ["A-1", "A-4", "A-7", "A-2", "A-5"]
    assert "A-1 アクション1 ★重点 ものづくり事業者・実施" in found
    assert "◎計画どおりA-2 【例示】アクション2 行政・実施" in found
    assert "×遅れA-5 アクション5 行政・実施" in found
    assert "施策のアクションをすべて見る（脱炭素（GX）/SDGs への対応・活用）（7件）" in found
    assert f'href="/{SLUG}/actions/?measure=1-2"' in page
    assert (
        "【例示】の付いたものは記入の例であり、実際の取組みではありません。状況の判定にも数えません。"
        in page
    )
    assert NO_ACTIONS not in page
    assert client.get(f"/{SLUG}/actions/?measure=1-2").status_code == 200


def test_links_keep_the_chosen_publication(client, seven):
    page = text_of(client, f"{PAGE}?period=2025-H1&version=1")
    assert f'href="/{SLUG}/actions/?period=2025-H1&amp;version=1&amp;measure=1-2"' in page
    assert f'href="/{SLUG}/measures/1-2/?period=2025-H1&amp;version=1"' in page


@pytest.mark.parametrize("page", ["tree", "publicity", "measures/1-1"])
@pytest.mark.parametrize("schema", [1, 2, 3])
def test_what_an_older_program_published_is_shown(client, kadoma, administrator, page, schema):
    publish_outright(plan=kadoma, period=H1, by=administrator, reason="試験")
    now = words(text_of(client, f"/{SLUG}/{page}/"))
    store_as(Publication.objects.get(), schema)
    then = words(text_of(client, f"/{SLUG}/{page}/"))
    if page == "publicity":  # it did not know what was counted, so the sums stand by kind
        assert "配付374部" in then
        assert "製作1,500部" in then
    else:
        assert then == now


def test_the_home_page_leads_to_the_tree(client, published):
    assert f'<a href="{PAGE}">' in text_of(client, "/").split("<main")[1]


def test_staff_preview_the_same_page_from_live_records(client, published, entry_clerk):
    client.force_login(entry_clerk)
    published.strategies.filter(number=1).update(name="改めた戦略")
    h1 = published.periods.get(fiscal_year=2025, term="H1")
    page = text_of(client, f"/admin/preview/{h1.pk}/tree/")
    assert "改めた戦略" in page
    assert f'href="/admin/preview/{h1.pk}/measures/1-1/"' in page
    assert "改めた戦略" not in text_of(client)


def test_a_thousand_actions_cost_no_query_more_and_little_more_of_a_page(
    client, administrator, django_assert_num_queries
):
    sizes = {}
    for slug, number in (("small", 15), ("large", 1000)):
        plan = make_plan(slug=slug, indicators=15, actions=number)
        publish_outright(plan=plan, period=H1, by=administrator, reason="試験")
        published_selector._contents.clear()
        with django_assert_num_queries(2):
            page = client.get(f"/{slug}/tree/").content.decode()
        assert f"アクション{number}件" not in page or number == 15
        sizes[slug] = len(page)
        assert page.count("<details") == 15
        assert len(re.findall(r"A-\d+", page)) == 2 * min(number, 75)  # in the link and its text
    assert sizes["large"] < 3 * sizes["small"]
