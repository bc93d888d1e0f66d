"""A meeting's papers as they were handed out: kept byte for byte, once, and for good."""

import datetime as dt
import hashlib
from urllib.parse import unquote

import pytest
from django.urls import reverse

from actions.fiscal import Period, Term
from kpis.models import Meeting, MeetingMaterial, Publication
from kpis.papers import MeetingFacts, paper_name
from kpis.selectors import council_papers, shown
from kpis.selectors.meetings import kept_papers
from kpis.services import PaperError, keep_material, publish_outright
from kpis.services.meetings import LARGEST_PAPER
from kpis.workbooks.council import council_workbook
from tests.factories import make_meeting, make_plan

pytestmark = pytest.mark.django_db
SLUG, R7_H1 = "kadoma-monozukuri", Period(2025, Term.H1)
NAME = f"資料1_第2回懇話会_{SLUG}_2025-H1_v1.xlsx"


@pytest.fixture
def h1(published):
    return Publication.objects.get(period__plan=published, period__term="H1")


@pytest.fixture
def meeting(published):
    day = dt.date(2025, 12, 2)
    named = {"name": "第2回懇話会", "document_number": "資料1", "day": day}
    return make_meeting(plan=published, number=0, **named)


def keep(meeting, publication, by, content=b"PK\x03\x04", name="資料1.xlsx", **others):
    named = {"content": content, "name": name, "by": by, **others}
    return keep_material(meeting=meeting, publication=publication, **named)


# --- what is kept ---------------------------------------------------------------------------------


def test_the_very_bytes_are_kept_with_size_hash_person_and_moment(meeting, h1, publisher):
    moment = dt.datetime(2025, 12, 1, 9, tzinfo=dt.UTC)
    kept, is_new = keep(meeting, h1, publisher, b"PK\x03\x04\x00\xff", at=moment)
    kept.refresh_from_db()
    assert is_new
    assert bytes(kept.content) == b"PK\x03\x04\x00\xff"
    assert kept.size == 6
    assert kept.sha256 == hashlib.sha256(b"PK\x03\x04\x00\xff").hexdigest()
    assert (kept.kept_by, kept.kept_at, kept.publication) == (publisher, moment, h1)


def test_the_same_bytes_are_kept_once_for_a_meeting(meeting, h1, publisher, entry_clerk):
    first, _ = keep(meeting, h1, publisher)
    again, is_new = keep(meeting, h1, entry_clerk, name="別の名前.xlsx")
    assert (again, is_new) == (first, False)
    assert MeetingMaterial.objects.get().name == "資料1.xlsx"
    other = make_meeting(plan=meeting.plan, name="第3回", number=0)
    assert keep(other, h1, publisher)[1]


def test_another_paper_is_kept_beside_the_first_and_stands_above_it(meeting, h1, publisher):
    for place, name in enumerate(("前.xlsx", "後.xlsx")):
        moment = dt.datetime(2025, 12, 1 + place, tzinfo=dt.UTC)
        keep(meeting, h1, publisher, name.encode(), name, at=moment)
    assert [one.name for one in kept_papers(meeting)] == ["後.xlsx", "前.xlsx"]


def test_a_paper_that_may_not_be_kept_is_refused(meeting, h1, publisher):
    foreign = make_meeting(plan=make_plan(slug="other", indicators=1), number=0)
    for of, content, words in (
        (meeting, b"", "資料が空のため、保存できません。"),
        (
            meeting,
            bytes(LARGEST_PAPER + 1),
            "資料が大きすぎるため、保存できません（10.0 MB、上限は10 MB）。",
        ),
        (foreign, b"PK", "会議の計画とは別の計画の公表です。"),
    ):
        with pytest.raises(PaperError) as caught:
            keep(of, h1, publisher, content)
        assert str(caught.value) == words
    assert not MeetingMaterial.objects.exists()
    assert keep(meeting, h1, publisher, bytes(LARGEST_PAPER))[1]


@pytest.mark.parametrize(
    ("number", "name", "expected"),
    [
        ("資料1", "第2回懇話会", NAME),
        ("", "第2回懇話会", NAME.removeprefix("資料1_")),
        ("資料 1/2", "第2回\n懇話会", f"資料_1_2_第2回_懇話会_{SLUG}_2025-H1_v1.xlsx"),
        ("../..", 'a:*?"<>|b', f"a_b_{SLUG}_2025-H1_v1.xlsx"),
        ("資料1", "長" * 200, f"資料1_{'長' * 60}_{SLUG}_2025-H1_v1.xlsx"),
    ],
)
def test_the_files_name_is_one_that_every_system_takes(published, number, name, expected):
    facts = MeetingFacts(name, None, "", number, "")
    assert paper_name(facts, shown(SLUG).progress) == expected


# --- the page that keeps them ---------------------------------------------------------------------


def page_of(publication, page=""):
    return reverse(f"admin:kpis_publication_council{page}", args=[publication.pk])


def test_the_button_keeps_the_papers_that_the_page_makes(clerk, entry_clerk, meeting, h1):
    answer = clerk.post(page_of(h1, "_keep"), {"meeting": meeting.pk}, follow=True)
    assert answer.redirect_chain == [(f"{page_of(h1)}?meeting={meeting.pk}#kept", 302)]
    words = answer.content.decode()
    assert f"保存しました（{NAME}）。" in words
    kept = MeetingMaterial.objects.get()
    assert (kept.name, kept.kept_by, kept.publication) == (NAME, entry_clerk, h1)
    made = council_workbook(council_papers(shown(SLUG), meeting))
    assert bytes(kept.content) == made
    assert kept.sha256 in words
    again = clerk.post(page_of(h1, "_keep"), {"meeting": meeting.pk}, follow=True)
    assert f"同じ内容の資料が既に保存されています（{NAME}）。" in again.content.decode()
    assert MeetingMaterial.objects.count() == 1


def test_what_is_kept_stays_as_it_was_when_the_papers_are_made_anew(clerk, publisher, meeting, h1):
    clerk.post(page_of(h1, "_keep"), {"meeting": meeting.pk})
    before = bytes(MeetingMaterial.objects.get().content)
    Meeting.objects.update(name="改名した懇話会", document_number="資料9")
    newer = publish_outright(plan=meeting.plan, period=R7_H1, by=publisher, reason="訂正")
    clerk.post(page_of(newer, "_keep"), {"meeting": meeting.pk})
    second, first = kept_papers(meeting)
    assert bytes(MeetingMaterial.objects.get(pk=first.pk).content) == before
    assert first.name == NAME
    assert second.name == f"資料9_改名した懇話会_{SLUG}_2025-H1_v2.xlsx"


@pytest.mark.parametrize("key", ["", "99999", "x"])
def test_a_meeting_that_the_publication_is_not_for_keeps_nothing(clerk, meeting, h1, key):
    assert clerk.post(page_of(h1, "_keep"), {"meeting": key}).status_code == 404
    assert not MeetingMaterial.objects.exists()


def test_a_file_that_is_too_large_is_told_and_not_kept(clerk, meeting, h1, monkeypatch):
    monkeypatch.setattr("kpis.services.meetings.LARGEST_PAPER", 1000)
    page = clerk.post(page_of(h1, "_keep"), {"meeting": meeting.pk}, follow=True)
    assert "保存できませんでした。資料が大きすぎるため、" in page.content.decode()
    assert not MeetingMaterial.objects.exists()


def test_a_damaged_publication_keeps_nothing(clerk, meeting, h1):
    Publication.objects.filter(pk=h1.pk).update(sha256="0" * 64)
    assert clerk.post(page_of(h1, "_keep"), {"meeting": meeting.pk}).status_code == 302
    assert not MeetingMaterial.objects.exists()


def test_the_page_says_that_readers_get_the_kept_files(clerk, meeting, h1):
    page = clerk.get(page_of(h1), {"meeting": meeting.pk}).content.decode()
    assert "委員と公開のページに載るのは、保存したファイルそのものです。" in page
    assert "まだ保存した資料はありません。" in page


# --- where they are found -------------------------------------------------------------------------


def test_the_meetings_page_lists_them_and_the_file_comes_as_it_was(clerk, publisher, meeting, h1):
    kept, _ = keep(meeting, h1, publisher, b"PK\x03\x04" * 600, NAME)
    page = clerk.get(reverse("admin:kpis_meeting_change", args=[meeting.pk])).content.decode()
    address = reverse("admin:kpis_meetingmaterial_file", args=[kept.pk])
    for one in (
        "配付した資料（1件）",
        f'href="{address}">{NAME}',
        "2.3\xa0KB",
        "kohyo",
        kept.sha256,
    ):
        assert one in page
    file = clerk.get(address)
    assert file.content == b"PK\x03\x04" * 600
    assert file["X-Content-Type-Options"] == "nosniff"
    assert NAME in unquote(file["Content-Disposition"])


def test_a_meeting_with_kept_papers_is_not_deleted(client, publisher, meeting, h1):
    keep(meeting, h1, publisher)
    client.force_login(publisher)
    address = reverse("admin:kpis_meeting_delete", args=[meeting.pk])
    client.post(address, {"post": "yes"})
    assert Meeting.objects.filter(pk=meeting.pk).exists()
    assert MeetingMaterial.objects.exists()


def test_the_lists_read_no_files(clerk, publisher, meeting, h1, django_assert_max_num_queries):
    keep(meeting, h1, publisher, b"\xde\xad\xbe\xef")
    for name in ("changelist", "change"):
        keys = [MeetingMaterial.objects.get().pk] if name == "change" else []
        with django_assert_max_num_queries(14) as captured:
            assert (
                clerk.get(reverse(f"admin:kpis_meetingmaterial_{name}", args=keys)).status_code
                == 200
            )
        assert '"kpis_meetingmaterial"."content"' not in str(captured.captured_queries)
