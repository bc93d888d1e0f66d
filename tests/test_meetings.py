"""Meetings and opinions as staff record them, as a publication freezes them, and as papers name them."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from actions.fiscal import Period, Term
from actions.models import Action
from kpis.models import Meeting, Opinion, Publication
from kpis.opinions import counting
from kpis.papers import MeetingFacts
from kpis.rounds import Move
from kpis.selectors import council_papers, live_progress, meeting_choices, shown
from kpis.services import move, publish_outright
from kpis.vocabulary import OpinionState
from tests.factories import make_meeting, make_plan
from tests.printed import opened

R6, R7_H1, R7 = Period(2024, Term.FY), Period(2025, Term.H1), Period(2025, Term.FY)
SLUG = "kadoma-monozukuri"
SECOND = "令和7年度第2回門真市ものづくり産業振興懇話会"
pytestmark = pytest.mark.django_db

# --- meetings -------------------------------------------------------------------------------------


@pytest.fixture
def meetings(kadoma):
    """A meeting of R6 and one of July, each with an opinion in every state."""
    states = ["", *OpinionState]
    made = []
    for name, day in (("第1回", dt.date(2024, 11, 25)), ("第2回", dt.date(2025, 7, 30))):
        meeting = make_meeting(plan=kadoma, name=name, day=day, number=0)
        for number, state in enumerate(states, start=1):
            answered = {"reply": "回答", "state_reason": "理由"} if state else {}
            Opinion.objects.create(
                meeting=meeting,
                number=number,
                text=f"{name}の意見{number}",
                state=state,
                **answered,
            )
        made.append(meeting)
    return made


def opinions(meeting):
    return [(one.text, one.state) for one in meeting.opinions]


def test_the_newest_meeting_is_told_whole_and_older_ones_as_far_as_they_are_open(kadoma, meetings):
    newest, older = counting(live_progress(kadoma, R7).meetings)
    assert (newest.name, newest.day) == ("第2回", dt.date(2025, 7, 30))
    assert opinions(newest) == [
        ("第2回の意見1", None),
        ("第2回の意見2", OpinionState.SETTLED),
        ("第2回の意見3", OpinionState.IN_HAND),
        ("第2回の意見4", OpinionState.LATER),
        ("第2回の意見5", OpinionState.DIFFICULT),
    ]
    assert opinions(older) == [
        ("第1回の意見1", None),
        ("第1回の意見3", OpinionState.IN_HAND),
        ("第1回の意見4", OpinionState.LATER),
    ]


def test_a_meeting_to_come_without_opinions_takes_no_ones_place(kadoma, meetings):
    make_meeting(plan=kadoma, name="第3回", day=None, number=0)
    assert [one.name for one in live_progress(kadoma, R7).meetings] == ["第2回", "第1回"]


def test_the_read_model_keeps_what_is_settled_too(kadoma, meetings):
    _, older = live_progress(kadoma, R7).meetings
    assert [one.number for one in older.opinions] == [1, 2, 3, 4, 5]
    assert older.key == meetings[0].pk


def test_an_older_meeting_with_nothing_open_is_left_out(kadoma, meetings):
    meetings[0].opinions.update(state="settled", reply="回答")
    assert [one.name for one in counting(live_progress(kadoma, R7).meetings)] == ["第2回"]


def test_an_opinion_names_what_it_is_about(kadoma, seminar):
    meeting = make_meeting(plan=kadoma, number=1)
    meeting.opinions.update(
        indicator=kadoma.indicators.get(code="2-4"), measure=seminar.measure, action=seminar
    )
    ((found,),) = [one.opinions for one in live_progress(kadoma, R7).meetings]
    assert (found.indicator_code, found.measure_code, found.action_code) == ("2-4", "1-1", "1-1-1")


# --- frozen, and free to go on ----------------------------------------------------------------------


def test_a_publication_keeps_actions_and_opinions_as_they_were(published, seminar, publisher):
    make_meeting(plan=published, number=2)
    publish_outright(plan=published, period=R7_H1, by=publisher, reason="意見を加えた")
    before = shown(SLUG).progress
    assert [one.code for one in before.actions] == ["1-1-1"]
    assert len(before.meetings[0].opinions) == 2
    Action.objects.update(name="改名")
    Opinion.objects.update(text="改めた")
    assert shown(SLUG).progress == before


def test_what_is_written_of_actions_and_meetings_does_not_hold_a_correction_open(
    published, seminar, publisher
):
    make_meeting(plan=published)
    period = published.periods.get(fiscal_year=2025, term="H1")
    move(period=period, move=Move.REOPEN, by=publisher, reason="確かめる")
    move(period=period, move=Move.ABANDON, by=publisher, reason="誤りではなかった")
    period.refresh_from_db()
    assert period.state == "published"


# --- the papers of a meeting ----------------------------------------------------------------------


@pytest.fixture
def december(published):
    """The meeting of December that reviews R7 上半期."""
    return Meeting.objects.create(
        plan=published,
        name=SECOND,
        day=dt.date(2025, 12, 2),
        place="門真市役所",
        document_number="資料1",
        agenda="1 進捗状況について",
        publication=Publication.objects.get(period__plan=published, period__term="H1"),
    )


def cover(content):
    rows = opened(content)["表紙"].iter_rows(values_only=True)
    return [str(value) for row in rows for value in row if value is not None]


def exported(tmp_path, *options):
    file = tmp_path / "会議資料.xlsx"
    call_command("export_council", SLUG, *options, "-o", str(file))
    return file.read_bytes()


FACTS = (SECOND, "令和7年12月2日", "門真市役所", "資料1", "1 進捗状況について")


def test_the_command_names_the_meeting_on_the_cover(december, tmp_path):
    words = cover(exported(tmp_path, "--meeting", str(december.pk)))
    assert [one for one in FACTS if one not in words] == []
    assert SECOND not in cover(exported(tmp_path))


def test_the_cover_says_that_a_meeting_is_an_example(december, tmp_path):
    Meeting.objects.update(is_example=True)
    assert f"【例示】{SECOND}" in cover(exported(tmp_path, "--meeting", str(december.pk)))


def test_a_meetings_papers_are_of_the_publication_that_it_reviews(december, publisher, tmp_path):
    publish_outright(plan=december.plan, period=R7_H1, by=publisher, reason="訂正")
    for options, version in (
        (["--meeting", str(december.pk)], 1),
        (["--meeting", str(december.pk), "--version", "2"], 2),
        ([], 2),
    ):
        words = cover(exported(tmp_path, *options))
        assert any(f"令和7年度上半期 第{version}版（" in one for one in words)


def refusal(*options):
    with pytest.raises(CommandError) as caught:
        call_command("export_council", SLUG, *options, "-o", "-")
    return str(caught.value)


def test_a_meeting_that_the_plan_has_not_is_refused_with_those_it_has(december):
    other = make_meeting(plan=make_plan(slug="other", indicators=1))
    for key in (str(other.pk), "99999"):
        assert refusal("--meeting", key) == (
            f"会議「{key}」がありません（登録されている会議: {december.pk}: {SECOND}）。"
        )
    assert refusal("--meeting", "第2回") == (
        "--meeting は数字で指定してください（「第2回」は読み取れません）。"
    )


def test_a_publication_is_offered_its_own_meetings_first(december, publisher):
    h1 = december.publication
    r6 = Publication.objects.get(period__plan=december.plan, period__term="FY")
    free = make_meeting(plan=december.plan, name="臨時会", day=dt.date(2026, 1, 9), number=0)
    make_meeting(plan=december.plan, name="R6の会議", number=0, publication=r6)
    assert meeting_choices(h1) == [december, free]
    newer = publish_outright(plan=december.plan, period=R7_H1, by=publisher, reason="訂正")
    assert meeting_choices(newer) == [december, free]  # its papers may be made anew
    own = make_meeting(plan=december.plan, name="第3回", number=0, publication=newer)
    assert meeting_choices(newer) == [own, december, free]


def page_of(publication, file=""):
    return reverse(f"admin:kpis_publication_council{file}", args=[publication.pk])


def test_the_page_offers_the_meeting_and_the_file_names_it(clerk, december):
    page = clerk.get(page_of(december.publication)).content.decode()
    assert f'<option value="{december.pk}" selected>{SECOND}（令和7年12月2日）</option>' in page
    file = clerk.get(page_of(december.publication, "_file"), {"meeting": december.pk})
    assert [one for one in FACTS if one not in cover(file.content)] == []
    without = clerk.get(page_of(december.publication, "_file"), {"meeting": ""})
    assert SECOND not in cover(without.content)


@pytest.mark.parametrize("key", ["99999", "二", "1 OR 1"])
def test_a_meeting_that_the_publication_is_not_for_is_not_found(clerk, december, key):
    for file in ("", "_file"):
        answer = clerk.get(page_of(december.publication, file), {"meeting": key})
        assert answer.status_code == 404
        assert "この公表を検討する会議ではありません。" in answer.content.decode()


def test_the_meeting_leads_to_its_papers(clerk, december):
    address = f"{page_of(december.publication)}?meeting={december.pk}"
    change = reverse("admin:kpis_meeting_change", args=[december.pk])
    for page in (reverse("admin:kpis_meeting_changelist"), change):
        assert f'href="{address}"' in clerk.get(page).content.decode()


def test_a_meeting_without_a_chosen_publication_leads_to_the_newest(clerk, december):
    Meeting.objects.update(publication=None)
    page = clerk.get(reverse("admin:kpis_meeting_changelist")).content.decode()
    assert f'href="{page_of(december.publication)}?meeting={december.pk}"' in page


def test_a_plan_that_published_nothing_has_no_papers_for_its_meeting(clerk, kadoma):
    meeting = make_meeting(plan=kadoma)
    for page in ("changelist", "change"):
        keys = [meeting.pk] if page == "change" else []
        answer = clerk.get(reverse(f"admin:kpis_meeting_{page}", args=keys))
        assert answer.status_code == 200
        assert "会議資料（Excel）" not in answer.content.decode()


def test_the_papers_know_the_meeting(december):

    made = council_papers(shown(SLUG), december)
    assert made.meeting == MeetingFacts(SECOND, dt.date(2025, 12, 2), *FACTS[2:], False)
