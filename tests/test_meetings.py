"""Actions and meetings as staff record them, as a publication freezes them, and as papers name them."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.fiscal import Period, Term
from actions.models import Action, ActionYear
from actions.vocabulary import Actor, Evaluation, Revision, Stage
from kpis import progress
from kpis.models import Meeting, Opinion, Publication
from kpis.papers import MeetingFacts
from kpis.rounds import Move
from kpis.selectors import council_papers, live_progress, meeting_choices, shown
from kpis.services import move, publish_outright
from kpis.vocabulary import OpinionState
from tests.factories import make_actions, make_meeting, make_plan
from tests.printed import opened

R6, R7_H1, R7 = Period(2024, Term.FY), Period(2025, Term.H1), Period(2025, Term.FY)
SLUG = "kadoma-monozukuri"
SECOND = "令和7年度第2回門真市ものづくり産業振興懇話会"
pytestmark = pytest.mark.django_db

# --- actions --------------------------------------------------------------------------------------


@pytest.fixture
def seminar(kadoma):
    """An action of measure 1-1 with its years R6 to R8, written on into the year R8."""
    measure = kadoma.strategies.get(number=1).measures.get(number=1)
    action = Action.objects.create(
        plan=kadoma,
        measure=measure,
        code="1-1-1",
        actor="city",
        name="デジタル化セミナー",
        is_priority=True,
        priority_reason="人手不足のため",
        section="産業振興課",
    )
    action.indicators.add(kadoma.indicators.get(code="1-1"))
    for year in (2024, 2025, 2026):
        ActionYear.objects.create(
            action=action,
            fiscal_year=year,
            stage="running",
            plan="年4回",
            done_first_half="2回",
            done="4回",
            results="満員",
            evaluation="late",
            revision="improve",
            revision_note="会場を変える",
        )
    return action


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
    newest, older = live_progress(kadoma, R7).meetings
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


def test_an_older_meeting_with_nothing_open_is_left_out(kadoma, meetings):
    meetings[0].opinions.update(state="settled", reply="回答")
    assert [one.name for one in live_progress(kadoma, R7).meetings] == ["第2回"]


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


@pytest.fixture
def clerk(client, entry_clerk):
    client.force_login(entry_clerk)
    return client


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
