"""Which opinions a meeting's papers tell: those of meetings that their readers may see today."""

import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.fiscal import Period, Term
from kpis.models import Meeting, Opinion
from kpis.papers import handed_to
from kpis.selectors import council_papers, shown
from kpis.services import publish_outright
from kpis.vocabulary import Audience
from kpis.workbooks.council import council_workbook
from tests.factories import make_meeting
from tests.printed import opened

pytestmark = pytest.mark.django_db
SLUG, R7_H1, TITLE = "kadoma-monozukuri", Period(2025, Term.H1), "意見と対応"
STAFF, MEMBERS, PUBLIC = Audience
TEXTS = {STAFF: "準備中の意見", MEMBERS: "委員の意見", PUBLIC: "公開の意見"}
OPEN, SETTLED = {}, {"reply": "済", "state": "settled"}


@pytest.fixture
def meetings(published, publisher):
    """One meeting for each audience, the one being prepared the newest, each frozen in R7 上半期.

    Each has an open opinion and a settled one.
    """
    made = {}
    for month, audience in enumerate((PUBLIC, MEMBERS, STAFF), start=5):
        day = dt.date(2025, month, 1)
        name = {"name": f"{TEXTS[audience]}の会", "audience": audience.value, "day": day}
        made[audience] = make_meeting(plan=published, number=0, **name)
        for number, said in enumerate((OPEN, SETTLED), start=1):
            text = f"{TEXTS[audience]}{number}"
            Opinion.objects.create(meeting=made[audience], number=number, text=text, **said)
    publish_outright(plan=published, period=R7_H1, by=publisher, reason="意見を加えた")
    return made


def texts_of(content):
    rows = opened(content)[TITLE].iter_rows(values_only=True)
    return [str(value) for row in rows for value in row if isinstance(value, str)]


def sheet(meeting):
    """Return the opinions that the papers for the meeting tell, and the line of what is left out."""
    texts = texts_of(council_workbook(council_papers(shown(SLUG), meeting)))
    told = [one for one in texts if "の意見" in one and one[-1].isdigit()]
    (line,) = [one for one in texts if "この資料に載せていません" in one] or [""]
    return told, line


STAFF_PAPER = ["準備中の意見1", "準備中の意見2", "委員の意見1", "公開の意見1"]


def test_papers_for_staff_tell_all(meetings):
    assert sheet(None) == (STAFF_PAPER, "")
    assert sheet(meetings[STAFF]) == (STAFF_PAPER, "")


def test_papers_for_members_leave_out_what_is_being_prepared(meetings):
    assert sheet(meetings[MEMBERS]) == (
        ["委員の意見1", "委員の意見2", "公開の意見1"],
        "準備中の会議の意見 2件は、この資料に載せていません。",
    )


def test_papers_for_everyone_tell_of_public_meetings_alone(meetings):
    assert sheet(meetings[PUBLIC]) == (
        ["公開の意見1", "公開の意見2"],
        "公開していない会議の意見 3件は、この資料に載せていません。",
    )


def test_the_audiences_of_today_count(meetings):
    first = council_workbook(council_papers(shown(SLUG), meetings[PUBLIC]))
    Meeting.objects.filter(pk=meetings[MEMBERS].pk).update(audience="public")
    assert sheet(meetings[PUBLIC]) == (
        ["委員の意見1", "委員の意見2", "公開の意見1"],
        "公開していない会議の意見 2件は、この資料に載せていません。",
    )
    Meeting.objects.filter(pk=meetings[MEMBERS].pk).update(audience="members")
    assert council_workbook(council_papers(shown(SLUG), meetings[PUBLIC])) == first


def test_a_meeting_that_is_gone_or_was_never_numbered_is_told_to_staff_alone(meetings):
    frozen = shown(SLUG).progress.meetings
    gone = {meetings[PUBLIC].pk: PUBLIC}
    assert [one.name for one in handed_to(PUBLIC, frozen, gone)[0]] == ["公開の意見の会"]
    for audience in (MEMBERS, PUBLIC):
        assert handed_to(audience, frozen, {}) == ((), 4)
    assert handed_to(STAFF, frozen, {}) == (frozen, 0)


def test_where_nothing_may_be_told_the_sheet_says_so(meetings):
    Opinion.objects.filter(meeting=meetings[PUBLIC]).delete()
    Meeting.objects.exclude(pk=meetings[PUBLIC].pk).update(audience="staff")
    free = make_meeting(plan=meetings[PUBLIC].plan, name="新しい会", number=0, audience="public")
    Meeting.objects.filter(pk=meetings[PUBLIC].pk).update(audience="staff")
    texts = texts_of(council_workbook(council_papers(shown(SLUG), free)))
    assert "公開していない会議の意見 4件は、この資料に載せていません。" in texts
    assert "この資料に載せる意見はありません。" in texts


def test_the_command_follows_the_same_rule(meetings, tmp_path):
    file = tmp_path / "会議資料.xlsx"
    for audience, meeting in meetings.items():
        options = ["--meeting", str(meeting.pk), "-o", str(file)]
        call_command("export_council", SLUG, *options, stdout=io.StringIO())
        assert file.read_bytes() == council_workbook(council_papers(shown(SLUG), meeting))
        texts = texts_of(file.read_bytes())
        assert ("準備中の意見1" in texts) == (audience is STAFF)
        assert ("委員の意見1" in texts) == (audience is not PUBLIC)


def test_the_rule_takes_one_query_whatever_the_number_of_meetings(meetings):
    found = shown(SLUG)
    council_papers(found, meetings[PUBLIC])
    for number in range(4, 40):
        make_meeting(plan=meetings[PUBLIC].plan, name=f"第{number}回", number=0)
    counts = {}
    for audience, meeting in [(None, None), *meetings.items()]:
        with CaptureQueriesContext(connection) as captured:
            council_papers(found, meeting)
        counts[audience] = len(captured)
    assert counts == {None: 0, STAFF: 0, MEMBERS: 1, PUBLIC: 1}


# --- the cover ------------------------------------------------------------------------------------


def cover(meeting):
    page = opened(council_workbook(council_papers(shown(SLUG), meeting)))["表紙"]
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    return page, cells


def test_the_cover_names_the_members_below_the_contents(published):
    named = "会長　門真太郎（〇〇大学）\n\n=委員()\n 門真花子 "
    meeting = make_meeting(plan=published, number=0, members=named)
    _, cells = cover(meeting)
    words = [str(one.value) for one in cells]
    place = words.index("委員（3人）")
    assert words[place + 1 :] == ["会長　門真太郎（〇〇大学）", "=委員()", "門真花子"]
    assert words.index("目次") < place
    assert {one.data_type for one in cells if one.value == "=委員()"} == {"s"}
    assert not any("委員（" in str(one.value) for one in cover(None)[1])


def test_many_members_stand_together_on_the_pages_after_the_cover(published):
    few, many = (
        make_meeting(
            plan=published,
            name=f"{number}人の会",
            number=0,
            agenda="1 開会\n2 進捗\n3 その他",
            members="\n".join(f"委員　門真{n}郎" for n in range(1, number + 1)),
        )
        for number in (2, 60)
    )
    page, cells = cover(few)
    assert not page.row_breaks.brk
    page, cells = cover(many)
    (heading,) = (one for one in cells if one.value == "委員（60人）")
    assert page.row_breaks.brk[0].id == heading.row - 1
    assert len([one for one in cells if str(one.value).startswith("委員　門真")]) == 60
