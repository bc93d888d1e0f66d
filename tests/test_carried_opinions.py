"""Opinions that are carried over: which, to which meeting, and how the city answers them there."""

import datetime as dt
import json

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from kpis.models import Meeting, Opinion
from kpis.opinions import Answer
from kpis.selectors.meetings import carried_to, number_open
from kpis.services import AnswerError, answer_of, answer_opinion
from kpis.vocabulary import OpinionState
from tests.factories import make_meeting, make_plan

pytestmark = pytest.mark.django_db
STATES = ["", *OpinionState]  # 未回答, 対応済, 対応中, 今後検討, 対応困難: 意見1 … 意見5
NONE = Answer("", None, "")
DIFFICULT_WHY = "対応困難のときは、その理由を入力してください。"
REPLY_MISSING = "対応状況を選んだときは、市の回答も入力してください。"


def meeting_with_all(plan, name, day):
    """Store a meeting with an opinion in every state, in the order of STATES."""
    meeting = make_meeting(plan=plan, name=name, day=day, number=0)
    for number, state in enumerate(STATES, start=1):
        said = {"reply": "回答", "state_reason": "理由"} if state else {}
        text = f"{name}の意見{number}"
        Opinion.objects.create(meeting=meeting, number=number, text=text, state=state, **said)
    return meeting


@pytest.fixture
def meetings(kadoma):
    """第1回 (2024), 第2回 (July 2025), 第3回 (December 2025) and one of no fixed day."""
    days = [dt.date(2024, 11, 25), dt.date(2025, 7, 30), dt.date(2025, 12, 2), None]
    return [
        meeting_with_all(kadoma, name, day)
        for name, day in zip(("第1回", "第2回", "第3回", "未定"), days, strict=True)
    ]


def told(rows):
    return [(one.meeting.name, one.number) for one in rows]


OF_FIRST = [("第1回", 1), ("第1回", 3), ("第1回", 4)]
OF_SECOND = [("第2回", 1), ("第2回", 3), ("第2回", 4)]
OF_THIRD = [("第3回", 1), ("第3回", 3), ("第3回", 4)]


def test_open_opinions_of_earlier_meetings_are_carried_over_the_newest_meeting_first(meetings):
    first, second, third, undated = meetings
    assert told(carried_to(first)) == []
    assert told(carried_to(second)) == OF_FIRST
    assert told(carried_to(third)) == OF_SECOND + OF_FIRST
    assert told(carried_to(undated)) == OF_THIRD + OF_SECOND + OF_FIRST


def test_of_two_meetings_of_one_day_and_of_two_without_a_day_the_first_recorded_is_earlier(kadoma):
    for day in (dt.date(2025, 7, 30), None):
        early, late = (
            make_meeting(plan=kadoma, name=f"{day}{n}", day=day, number=1) for n in (1, 2)
        )
        assert (early.name, 1) not in told(carried_to(early))
        assert (late.name, 1) not in told(carried_to(early))
        assert (early.name, 1) in told(carried_to(late))


def test_another_plans_opinions_are_not_carried_over(meetings):
    other = make_plan(slug="other", indicators=1)
    assert told(carried_to(make_meeting(plan=other, name="別の会議", number=1))) == []
    assert number_open(other) == 1
    assert number_open(meetings[0].plan) == 12


def page_of(opinion, meeting=None):
    address = reverse("admin:kpis_opinion_answer", args=[opinion.pk])
    return address if meeting is None else f"{address}?meeting={meeting.pk}"


def change_of(meeting):
    return reverse("admin:kpis_meeting_change", args=[meeting.pk])


def test_the_meetings_page_shows_what_is_carried_over_and_leads_to_each_answer(clerk, meetings):
    page = clerk.get(change_of(meetings[1])).content.decode()
    assert "前回までの会議から引き継いだ意見（3件）" in page
    for one in meetings[0].opinions.all():
        is_open = one.number in (1, 3, 4)
        assert (one.text in page) == is_open
        assert (f'href="{page_of(one, meetings[1])}"' in page) == is_open
    assert "第3回の意見" not in page


def test_a_meetings_own_opinions_stay_in_its_form(clerk, meetings):
    page = clerk.get(change_of(meetings[0])).content.decode()
    assert "引き継いだ意見はありません。" in page
    assert [f"第1回の意見{n}" in page for n in range(1, 6)] == [True] * 5


def test_who_may_only_look_is_not_led_to_the_answers(client, no_changes, meetings):
    client.force_login(no_changes)
    page = client.get(change_of(meetings[1])).content.decode()
    assert "第1回の意見3" in page
    assert "/answer/" not in page
    assert client.get(page_of(meetings[0].opinions.first())).status_code == 403


@pytest.fixture
def no_changes(django_user_model):
    """Staff who may look at meetings and opinions only."""
    user = django_user_model.objects.create_user("miru", password="himitsu", is_staff=True)
    names = ["view_meeting", "view_opinion"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return user


# --- answering ------------------------------------------------------------------------------------


def sent(page, **typed):
    """Return what the browser sends of the answer's page, with what was typed."""
    form = page.context["form"]
    return {one.html_name: one.value() or "" for one in form} | typed


def test_an_opinion_is_settled_at_the_next_meeting(clerk, entry_clerk, meetings):
    opinion = meetings[0].opinions.get(number=3)
    address = page_of(opinion, meetings[1])
    typed = {"reply": "夜間の相談を始めた。", "state": "settled", "change_reason": "第2回で報告"}
    answer = clerk.post(address, sent(clerk.get(address), **typed, state_reason=""))
    assert answer["Location"] == f"{change_of(meetings[1])}#carried"
    opinion.refresh_from_db()
    assert answer_of(opinion) == Answer("夜間の相談を始めた。", OpinionState.SETTLED, "")
    assert told(carried_to(meetings[1])) == [("第1回", 1), ("第1回", 4)]
    newest = opinion.history.first()
    assert (newest.history_type, newest.history_user) == ("~", entry_clerk)
    assert newest.history_change_reason == "第2回で報告"
    assert newest.reply == "夜間の相談を始めた。"


def test_an_answer_that_says_nothing_new_leaves_no_trace(clerk, meetings):
    opinion = meetings[0].opinions.get(number=3)
    before = opinion.history.count()
    page = clerk.get(page_of(opinion))
    assert clerk.post(page_of(opinion), sent(page)).status_code == 302
    assert opinion.history.count() == before


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"reply": "できない", "state": "difficult"}, "state_reason", DIFFICULT_WHY),
        ({"reply": " ", "state": "settled"}, "reply", REPLY_MISSING),
    ],
)
def test_a_rule_is_told_at_its_field_and_what_was_typed_stays(clerk, meetings, typed, field, words):
    opinion = meetings[0].opinions.get(number=1)
    address = page_of(opinion)
    page = clerk.post(address, sent(clerk.get(address), **typed, change_reason="理由を残す"))
    assert page.status_code == 200
    assert page.context["form"].errors == {field: [words]}
    assert page.context["form"]["state"].value() == typed["state"]
    assert "理由を残す" in page.content.decode()
    opinion.refresh_from_db()
    assert answer_of(opinion) == NONE


def test_of_two_people_the_later_one_sees_what_the_other_wrote_and_chooses(
    client, entry_clerk, publisher, meetings
):
    opinion = meetings[0].opinions.get(number=1)
    client.force_login(entry_clerk)
    old = sent(client.get(page_of(opinion)), reply="私の回答", state="later")
    other = {"reply": "先の回答", "state": OpinionState.IN_HAND, "state_reason": ""}
    answer_opinion(opinion=opinion, by=publisher, seen=NONE, **other)
    page = client.post(page_of(opinion), old)
    words = page.content.decode()
    assert page.status_code == 200
    assert "ほかの人がこの意見の回答を変更しました。まだ保存していません。" in words
    assert "先の回答" in words
    assert "私の回答" in words
    opinion.refresh_from_db()
    assert answer_of(opinion) == Answer("先の回答", OpinionState.IN_HAND, "")
    assert client.post(page_of(opinion), sent(page)).status_code == 302  # knowing it, once more
    opinion.refresh_from_db()
    assert answer_of(opinion) == Answer("私の回答", OpinionState.LATER, "")
    people = [one.history_user for one in opinion.history.all()[:2]]
    assert people == [entry_clerk, publisher]


def test_the_service_refuses_an_answer_to_what_stands_there_no_more(meetings, publisher):
    opinion = meetings[0].opinions.get(number=3)
    stale = Answer("古い回答", OpinionState.LATER, "")
    wanted = {"reply": "新しい回答", "state": OpinionState.SETTLED, "state_reason": ""}
    with pytest.raises(AnswerError) as caught:
        answer_opinion(opinion=opinion, by=publisher, seen=stale, **wanted)
    assert caught.value.now == Answer("回答", OpinionState.IN_HAND, "理由")
    opinion.refresh_from_db()
    assert opinion.reply == "回答"


@pytest.mark.parametrize("seen", ["", "x", "[]", json.dumps({"reply": 1})])
def test_a_page_that_carries_nothing_readable_answers_what_stands_there(clerk, meetings, seen):
    opinion = meetings[0].opinions.get(number=1)
    data = {"reply": "回答する", "state": "settled", "seen": seen}
    assert clerk.post(page_of(opinion), data).status_code == 302
    opinion.refresh_from_db()
    assert opinion.reply == "回答する"


@pytest.mark.parametrize("asked", ["99999", "x", "１", "9" * 30, ""])
def test_the_answer_leads_back_to_a_meeting_of_the_plan_only(clerk, meetings, asked):
    opinion = meetings[0].opinions.get(number=1)
    foreign = make_meeting(plan=make_plan(slug="other", indicators=1), number=0)
    for key in (asked, str(foreign.pk)):
        page = clerk.get(page_of(opinion), {"meeting": key})
        assert f'href="{change_of(meetings[0])}#carried"' in page.content.decode()


def test_texts_that_look_like_markup_or_formulas_are_texts(clerk, meetings):
    opinion = meetings[0].opinions.get(number=1)
    address, text = page_of(opinion), '=HYPERLINK("x")<b>&'
    clerk.post(address, sent(clerk.get(address), reply=text, state="in_hand"))
    opinion.refresh_from_db()
    assert opinion.reply == text
    page = clerk.get(change_of(meetings[1])).content.decode()
    assert "=HYPERLINK(&quot;x&quot;)&lt;b&gt;&amp;" in page
    assert "<b>&" not in page


# --- seeing them all ------------------------------------------------------------------------------


def listed(client, **asked):
    page = client.get(reverse("admin:kpis_opinion_changelist"), asked)
    assert page.status_code == 200
    return told(page.context["cl"].result_list)


def test_the_list_shows_what_is_open_over_all_meetings_of_a_plan(clerk, meetings):
    other = make_plan(slug="other", indicators=1)
    make_meeting(plan=other, name="別の会議", number=1)
    asked = {"standing": "open", "meeting__plan__id__exact": meetings[0].plan_id}
    undated = [("未定", 1), ("未定", 3), ("未定", 4)]
    assert listed(clerk, **asked) == OF_THIRD + OF_SECOND + OF_FIRST + undated
    assert len(listed(clerk)) == 21
    in_first = {"meeting__id__exact": meetings[0].pk}
    for standing, numbers in (("none", [1]), ("settled", [2]), ("difficult", [5])):
        assert listed(clerk, standing=standing, **in_first) == [("第1回", n) for n in numbers]


def test_before_publishing_the_number_of_open_opinions_is_told(clerk, entering):
    address = reverse("admin:kpis_reportingperiod_readiness", args=[entering.pk])
    assert "対応が続いている意見" not in clerk.get(address).content.decode()
    meeting_with_all(entering.plan, "第1回", None)
    page = clerk.get(address).content.decode()
    assert "対応が続いている意見（3件）" in page
    way = f"/admin/kpis/opinion/?standing=open&amp;meeting__plan__id__exact={entering.plan_id}"
    assert f'href="{way}"' in page
    Meeting.objects.all().delete()
