"""Opinions carried on until they are settled, the page before a meeting, and what pages cost."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpis.models import Actual, Meeting, Opinion, Publication
from kpis.services import publish_outright
from tests.conftest import R6, R7_H1
from tests.councils import (  # noqa: F401 (fixtures)
    PAPER,
    SLUG,
    address,
    browser,
    december,
    july,
    kept,
    no_rights,
    say,
    text_of,
    words_of,
)
from tests.factories import make_actions, make_meeting, make_plan

pytestmark = pytest.mark.django_db

# --- carried on until settled ---------------------------------------------------------------------


@pytest.fixture
def said(july):
    """An opinion of July in each state."""
    states = ("", "settled", "in_hand", "later", "difficult")
    for number, state in enumerate(states, 1):
        told = {"reply": "回答", "state_reason": "理由"} if state else {}
        say(july, number, f"七月の{state or 'blank'}", state=state, **told)
    return july


def carried(client, meeting, page=""):
    heading = "前回までの意見と、市の対応</h2>" if page else "前回までの会議から引き続く意見</h2>"
    part = text_of(client, address(meeting, page)).split(heading)[1].split("</section>")[0]
    return re.findall(r"七月の\w+", part)


OPEN = ["七月のblank", "七月のin_hand", "七月のlater"]


@pytest.mark.parametrize("page", ["", "brief/"])
def test_the_next_meeting_shows_what_is_open_and_nothing_settled(client, said, december, page):
    assert carried(client, december, page) == OPEN
    assert carried(client, said, page) == []
    assert "第1回懇話会（令和7年7月30日）" in words_of(client, address(december, page))


def test_a_reply_that_settles_an_opinion_ends_its_carrying(client, said, december):
    Opinion.objects.filter(number=3).update(state="settled")
    assert carried(client, december) == ["七月のblank", "七月のlater"]
    Opinion.objects.filter(number=3).update(state="in_hand")
    assert carried(client, december) == OPEN


def test_an_opinion_is_carried_past_a_meeting_until_it_is_settled(client, said, december):
    march = make_meeting(
        plan=said.plan, name="三月", day=dt.date(2026, 3, 1), number=0, audience="public"
    )
    say(december, 1, "七月の後に出た")
    assert carried(client, march) == ["七月の後に出た", *OPEN]


def test_an_undated_meeting_comes_after_all_dated_ones_and_after_older_undated_ones(client, said):
    make = {"plan": said.plan, "day": None, "number": 0, "audience": "public"}
    older, newer = (make_meeting(name=name, **make) for name in ("未定1", "未定2"))
    say(older, 1, "七月の未定のもの")
    assert carried(client, newer) == [*OPEN, "七月の未定のもの"]
    assert carried(client, older) == OPEN
    assert carried(client, said) == []


def test_opinions_of_a_meeting_that_one_may_not_see_are_not_carried(said, december, browser):
    Meeting.objects.filter(pk=said.pk).update(audience="members")
    for page in ("", "brief/"):
        assert carried(browser(""), december, page) == []
        assert carried(browser("council_member"), december, page) == OPEN
    Meeting.objects.filter(pk=said.pk).update(audience="staff")
    assert carried(browser("council_member"), december) == []
    assert carried(browser("entry_clerk"), december) == OPEN


# --- before the meeting ---------------------------------------------------------------------------


def test_the_page_before_a_meeting_tells_counts_changes_and_points(client, december):
    words = words_of(client, address(december, "brief/"))
    assert "会議前の確認第2回懇話会" in words
    assert "◎順調4件○概ね順調1件△やや遅れ0件×遅れ4件✓目標に到達1件－判定なし5件" in words
    assert "前回（令和6年度）からの変化↗改善2指標1-1" in words
    assert "→横ばい3指標↘悪化5指標1-3先端設備等導入計画認定件数△やや遅れ→×遅れ" in words
    assert "…比較できない5指標" in words
    assert "目標に向けて遅れがみられる指標は4指標です。" in words
    assert "この計画には、アクションの記録がありません。" in words


def test_the_page_before_a_meeting_tells_why_and_who_does_what_until_when(
    client, december, publisher
):
    told = {"cause": "周知が足りない", "next_step": "企業を訪ねる", "next_step_owner": "産業振興課"}
    told |= {"next_step_due": dt.date(2026, 3, 31), "follow_up": "not_done"}
    figures = Actual.objects.filter(period__fiscal_year=2025, indicator__code="2-4")
    figures.update(**told, follow_up_note="人手不足のため")
    promised = {"next_step": "チラシを配る", "next_step_due": dt.date(2025, 8, 31)}
    Actual.objects.filter(period__fiscal_year=2024, indicator__code="2-4").update(**promised)
    publish_outright(plan=december.plan, period=R7_H1, by=publisher, reason="要因")
    page, words = (one(client, address(december, "brief/")) for one in (text_of, words_of))
    assert (
        "2-4「ものづくりタウンかどま」掲載企業数×遅れ実績137目標150達成率7.1%"
        "要因周知が足りない今後の対応企業を訪ねる担当:産業振興課、期限:令和8年3月31日"
        "前回の対応チラシを配る期限:令和7年8月31日前回の対応の結果×未実施（期限超過）人手不足のため"
    ) in words
    assert (
        "1-3先端設備等導入計画認定件数×遅れ実績3目標20達成率15%要因と今後の対応の記載がありません。"
        in words
    )
    assert f'href="/{SLUG}/kpis/2-4/?period=2025-H1&amp;version=2"' in page


def test_the_page_before_a_meeting_tells_late_actions(client, december, publisher):
    plan = december.plan
    measures = list(plan.strategies.get(number=1).measures.all())
    make_actions(plan=plan, measures=measures, number=5)  # every fifth is late
    publish_outright(plan=plan, period=R7_H1, by=publisher, reason="アクション")
    page, words = (one(client, address(december, "brief/")) for one in (text_of, words_of))
    assert "遅れているアクション（令和7年度）A-5アクション5×遅れ行政課0" in words
    assert f'href="/{SLUG}/actions/A-5/?period=2025-H1&amp;version=2"' in page
    assert "成果・課題成果と課題見直し継続次の年度も続ける" in words
    assert "A-4アクション4" not in words


def test_the_first_publication_has_nothing_to_compare_with(client, december):
    Meeting.objects.update(publication=Publication.objects.get(period__term="FY"))
    words = words_of(client, address(december, "brief/"))
    assert "これより前の期間の公表がないため、前回と比べられません。" in words


def test_a_large_plan_shows_the_first_twelve_and_says_how_many_more(client, administrator):
    plan = make_plan(slug="large", indicators=60)
    publish_outright(plan=plan, period=R6, by=administrator, reason="見本")
    meeting = make_meeting(plan=plan, number=0, audience="public")
    words = words_of(client, f"/large/meetings/{meeting.pk}/brief/")
    # Actuals are 50, 51 ... of 100, but every tenth has none: 45 of the first 50 fall short.
    assert "目標に届いていない指標は45指標です。" in words
    assert words.count("要因要因今後の対応対応") == 12
    assert "ほか33指標は、全体のページでご覧ください。" in words


# --- what it costs --------------------------------------------------------------------------------


def cost(client, where):
    client.get(where)  # fills the memory of publications
    with CaptureQueriesContext(connection) as captured:
        assert client.get(where).status_code == 200
    return len(captured)


def test_the_pages_cost_as_many_queries_with_60_opinions_and_40_meetings(
    browser, july, december, administrator
):
    kept(december, administrator)
    say(july, 1, "意見")
    say(december, 1, "意見", indicator=july.plan.indicators.first())
    pages = [f"/{SLUG}/meetings/", *(address(december, one) for one in ("", "brief/"))]
    clients = [browser(""), browser("council_member")]
    few = [cost(client, one) for client in clients for one in pages]
    subjects = {"indicator": july.plan.indicators.first(), "measure": _measure(july.plan)}
    for place in range(38):
        day = dt.date(2025, 8, 1) + dt.timedelta(days=place)
        meeting = make_meeting(plan=july.plan, name=f"会議{place}", day=day, audience="public")
        kept(december, administrator, content=PAPER + bytes([place]))
        assert meeting.opinions.update(**subjects) == 3
    for number in range(2, 61):
        say(december, number, "意見", **subjects)
    assert [cost(client, one) for client in clients for one in pages] == few
    # The publications, and: the meetings; the meeting, its opinions, the
    # carried ones, its papers. A member brings
    # session, person and two queries of rights.
    assert few == [2, 5, 5, 6, 9, 9]


def _measure(plan):
    return plan.strategies.get(number=1).measures.get(number=1)
