"""A measure's page: its text, its state, its actions by actor, and the council's opinions for whom they are."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.utils.html import strip_tags

from actions.fiscal import Period, Term
from actions.models import Action, ActionYear, Measure
from kpis.models import Meeting, Opinion, Publication
from kpis.selectors import published as published_selector
from kpis.services import publish_outright
from kpis.vocabulary import Audience
from tests.factories import make_actions, make_meeting, make_plan
from tests.older import store_as

SLUG = "kadoma-monozukuri"
H1 = Period(2025, Term.H1)
PAGE = f"/{SLUG}/measures/1-3/"  # スタートアップ: 1-2 and 1-4 are its KPIs
SAMPLE = "【例示】の付いたものは記入の例であり、実際の意見や取組みではありません。"
pytestmark = pytest.mark.django_db


def text_of(client, address=PAGE):
    return client.get(address).content.decode()


def rows_of(table):
    """Return each row's cells as texts without tags."""
    return [[strip_tags(str(cell)) for _, cell in row.items()] for row in table.rows]


@pytest.fixture
def startup(kadoma):
    """施策1-3, told in a sentence."""
    found = Measure.objects.get(strategy__plan=kadoma, strategy__number=1, number=3)
    found.description = "市内で創業する人を支えます。"
    found.save()
    return found


@pytest.fixture
def deeds(kadoma, startup):
    """Three actions of the measure: one by each kind of actor, the last one made up."""
    common = {"plan": kadoma, "measure": startup}
    city = Action.objects.create(
        **common, code="1-3-1", actor="city", name="創業塾", content="年4回", is_priority=True
    )
    Action.objects.create(**common, code="1-3-2", actor="business", name="先輩の訪問")
    sample = Action.objects.create(
        **common, code="1-3-3", actor="support", name="融資", is_example=True
    )
    common = {"fiscal_year": 2025, "stage": "running", "done": "年度の話"}
    ActionYear.objects.create(
        action=city,
        **common,
        done_first_half="2回開いた",
        results="満員だった",
        evaluation="slightly_late",
    )
    ActionYear.objects.create(action=sample, **common, evaluation="late")
    return city


@pytest.fixture
def publish(kadoma, administrator):
    def published():
        return publish_outright(plan=kadoma, period=H1, by=administrator, reason="公表資料による")

    return published


# --- text, state, actions ---------------------------------------------------------------------------


def test_the_page_gathers_text_state_and_actions_by_actor(client, deeds, publish):
    publish()
    response = client.get(PAGE)
    page = response.content.decode()
    assert "市内で創業する人を支えます。" in page
    assert response.context["branch"].state.words == "△やや遅れあり"
    # Of two KPIs without a figure nothing is judged, and what is made up does not count.
    counts = [(one.judgement.words, one.number) for one in response.context["branch"].counts]
    assert counts == [("△やや遅れ", 1), ("―判定なし", 3)]
    actors = dict(response.context["actors"])
    assert list(actors) == ["ものづくり事業者", "行政", "支援機関"]
    assert rows_of(actors["行政"]) == [
        [
            *("1-3-1 創業塾 ★重点", "年4回", "実施", "△やや遅れ"),
            "上半期: 2回開いた成果・課題: 満員だった",
        ]
    ]
    assert rows_of(actors["ものづくり事業者"]) == [["1-3-2 先輩の訪問", "", "", "―評価なし", ""]]
    assert rows_of(actors["支援機関"])[0][0] == "1-3-3 【例示】融資"
    assert SAMPLE in page


def test_after_the_year_the_whole_years_account_takes_the_half_years_place(
    client, deeds, kadoma, administrator
):
    year = Period(2025, Term.FY)
    kadoma.periods.create(fiscal_year=2025, term="FY")
    publish_outright(plan=kadoma, period=year, by=administrator, reason="試験")
    actors = dict(client.get(PAGE).context["actors"])
    assert rows_of(actors["行政"])[0][-1] == "年度: 年度の話成果・課題: 満員だった"


def test_a_long_text_is_cut_and_says_so(client, deeds, publish):
    Action.objects.filter(code="1-3-1").update(content="あ" * 121)
    Action.objects.filter(code="1-3-2").update(content="い" * 120)
    publish()
    actors = dict(client.get(PAGE).context["actors"])
    assert rows_of(actors["行政"])[0][1] == "あ" * 120 + "…"
    assert rows_of(actors["ものづくり事業者"])[0][1] == "い" * 120


def test_an_actor_without_actions_and_a_measure_without_any_say_so(client, deeds, publish):
    Action.objects.filter(code="1-3-2").delete()
    publish()
    page = text_of(client)
    assert re.findall(r"<h3>(.*?)</h3>", page) == ["ものづくり事業者", "行政", "支援機関"]
    assert page.count("登録されているアクションはありません。") == 1
    other = text_of(client, f"/{SLUG}/measures/1-1/")
    assert "この施策に登録されているアクションはありません。" in other
    assert SAMPLE not in other
    assert "意見と市の対応" not in other


def test_each_action_leads_to_its_page_and_keeps_the_chosen_publication(client, deeds, publish):
    publish()
    page = text_of(client, f"{PAGE}?period=2025-H1&version=1")
    assert re.search(rf'href="/{SLUG}/actions/[^"]*1-3-1[^"]*"', page)
    assert re.search(rf'href="/{SLUG}/actions/\S*period=2025-H1&amp;version=1\S*"', page)


# --- opinions, for whom they are --------------------------------------------------------------------


def say(meeting, kadoma, number, about, **others):
    return Opinion.objects.create(
        meeting=meeting, number=number, text=f"{meeting.audience}の意見{number}", **about, **others
    )


@pytest.fixture
def council(kadoma, startup, deeds):
    """A meeting of each audience with three opinions: on the measure, a KPI of its, an action."""
    made = {}
    for one in Audience:
        meeting = make_meeting(plan=kadoma, number=0, name=f"{one.label}の会議", audience=one)
        say(meeting, kadoma, 1, {"measure": startup}, reply="始めます", state="in_hand")
        say(meeting, kadoma, 2, {"indicator": kadoma.indicators.get(code="1-2")})
        say(meeting, kadoma, 3, {"action": deeds})
        say(meeting, kadoma, 4, {"indicator": kadoma.indicators.get(code="1-1")})
        made[one] = meeting
    return made


def heard(client, address=PAGE):
    """Return the audiences whose opinions the page tells."""
    found = set(re.findall(r"(staff|members|public)の意見\d", text_of(client, address)))
    return {Audience(one) for one in found}


def attending(member):
    member.user_permissions.add(Permission.objects.get(codename="attend_meeting"))
    return member


def test_an_opinion_stands_with_what_it_is_about_its_reply_and_its_state(client, council, publish):
    publish()
    rows = rows_of(client.get(PAGE).context["opinions"])
    assert rows == [
        [
            "公開の会議 意見1令和7年7月30日",
            "publicの意見1",
            "施策1-3 スタートアップ、プロジェクト創出",
            "始めます",
            "▶対応中",
        ],
        ["公開の会議 意見2令和7年7月30日", "publicの意見2", "指標1-2 創業支援件数", "", "？未回答"],
        [
            "公開の会議 意見3令和7年7月30日",
            "publicの意見3",
            "アクション1-3-1 創業塾",
            "",
            "？未回答",
        ],
    ]
    assert "門真市ものづくり産業振興懇話会の意見と市の対応" in text_of(client)


def test_everyone_hears_what_is_for_them(client, council, publish, council_member, entry_clerk):
    publish()
    assert heard(client) == {Audience.PUBLIC}
    client.force_login(attending(council_member))
    assert heard(client) == {Audience.PUBLIC, Audience.MEMBERS}
    client.force_login(entry_clerk)
    assert heard(client) == set(Audience)


def test_what_not_everyone_may_see_says_who_may(client, council, publish, entry_clerk):
    publish()
    client.force_login(entry_clerk)
    rows = rows_of(client.get(PAGE).context["opinions"])
    told = {row[0].split(" ")[0]: row[0] for row in rows}
    assert told["公開の会議"].endswith("令和7年7月30日")
    assert told["委員のみの会議"].endswith("令和7年7月30日委員のみ")
    assert told["準備中（職員のみ）の会議"].endswith("令和7年7月30日準備中（職員のみ）")


def test_the_switch_of_the_audience_works_at_once_without_publishing(client, council, publish):
    publish()
    Meeting.objects.update(audience=Audience.STAFF)
    assert heard(client) == set()
    assert "意見と市の対応" not in text_of(client)
    Meeting.objects.update(audience=Audience.PUBLIC)
    assert len(client.get(PAGE).context["opinions"].rows) == 9


def test_the_same_holds_of_the_table_as_a_file(client, council, publish, council_member):
    publish()
    address = f"{PAGE}?table=measure-1-3-opinions"
    assert heard(client, address) == {Audience.PUBLIC}
    client.force_login(attending(council_member))
    assert heard(client, address) == {Audience.PUBLIC, Audience.MEMBERS}


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}?table=measure-1-3-opinions"])
def test_what_members_see_is_kept_by_no_shared_cache(
    client, council, publish, council_member, address
):
    publish()
    answer = client.get(address)
    assert "private" not in answer.get("Cache-Control", "")
    assert "Cookie" in answer["Vary"]
    client.force_login(attending(council_member))
    answer = client.get(address)
    assert "private" in answer["Cache-Control"]
    assert "Cookie" in answer["Vary"]


def test_a_made_up_meeting_is_marked(client, council, publish):
    Action.objects.filter(is_example=True).delete()
    Meeting.objects.filter(audience=Audience.PUBLIC).update(is_example=True)
    publish()
    response = client.get(PAGE)
    assert rows_of(response.context["opinions"])[0][0].startswith("【例示】公開の会議 意見1")
    assert SAMPLE in response.content.decode()


@pytest.mark.parametrize("schema", [1, 2, 3])
def test_an_older_programs_publication_shows_no_opinions_to_anyone(
    client, council, publish, administrator, schema
):
    publish()
    store_as(Publication.objects.get(), schema)
    client.force_login(administrator)  # who sees every meeting
    assert heard(client) == set()
    page = text_of(client)
    assert ("創業塾" in page) is (schema > 1)
    assert "市内で創業する人を支えます。" not in page  # no program stored it then


def test_a_meeting_that_is_gone_is_told_no_more(client, council, publish):
    publish()
    Meeting.objects.get(audience=Audience.PUBLIC).delete()
    assert heard(client) == set()


# --- costs --------------------------------------------------------------------------------------------


def test_the_page_costs_as_many_queries_for_1000_actions_as_for_15(
    client, administrator, council_member, django_assert_num_queries
):
    client.force_login(attending(council_member))
    # Session, person, their rights (2), the publications, its content, the meetings.
    for slug, number in (("small", 15), ("large", 1000)):
        plan = make_plan(slug=slug, indicators=15, actions=number)
        measure = plan.strategies.get(number=1).measures.get(number=1)
        meeting = make_meeting(plan=plan, number=0, audience=Audience.MEMBERS)
        Opinion.objects.bulk_create(
            Opinion(meeting=meeting, number=one, text="意見", measure=measure)
            for one in range(1, number)
        )
        publish_outright(plan=plan, period=H1, by=administrator, reason="試験")
        published_selector._contents.clear()
        with django_assert_num_queries(7):
            response = client.get(f"/{slug}/measures/1-1/")
        assert len(response.context["opinions"].rows) == number - 1


def test_actions_of_another_measure_stay_there(client, kadoma, startup, publish):
    other = Measure.objects.get(strategy__plan=kadoma, strategy__number=2, number=1)
    make_actions(plan=kadoma, measures=[startup, other], number=6)
    publish()
    found = dict(client.get(PAGE).context["actors"])
    codes = sorted(row[0].split(" ")[0] for table in found.values() for row in rows_of(table))
    assert codes == ["A-1", "A-3", "A-5"]
