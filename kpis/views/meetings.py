"""The council's meetings: their list, each with all of it, and what to read before it.

Live records, so no cache may keep them; the publication that a meeting reviews frames its pages.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kpis.actionwords import EXAMPLE
from kpis.briefing import briefing
from kpis.links import Links
from kpis.opinioncards import opinion_cards
from kpis.payload import PayloadError
from kpis.selectors import (
    ListedMeeting,
    MeetingRecord,
    MembersOnlyError,
    NotPublished,
    Shown,
    UnseenMeetingError,
    listed_meetings,
    meeting_record,
    paper_of,
    progress_before,
    seen_meeting,
    shown,
)
from kpis.selectors.meetings import meeting_facts
from kpis.views.answers import answer
from kpis.views.publication import Page, unreadable
from kpis.workbooks.package import XLSX

# The same words whether it is not there or not for this reader.
_NO_MEETING = "この会議のページはありません。"
_NO_PAPER = "この会議の資料はありません。"


@dataclass(frozen=True, slots=True)
class Sitting:
    """What the pages of one meeting are made from."""

    page: Page
    record: MeetingRecord
    shown: Shown

    @property
    def name(self) -> str:
        """Return the meeting's name, a sample's with its mark: it stands on tab, page and print."""
        meeting = self.record.meeting
        return f"{EXAMPLE if meeting.is_example else ''}{meeting.name}"

    def context(self, title: str, **values: Any) -> dict[str, Any]:
        """Return the page's context: what all pages of a meeting share, and its own values."""
        meeting, progress, links = self.record.meeting, self.page.progress, self.page.links
        return self.page.context(
            title,
            meeting=meeting,
            meeting_name=self.name,
            audience=self.record.audience,
            papers=[(one, links.material(meeting.pk, one.pk)) for one in self.record.papers],
            carried=opinion_cards(self.record.carried, progress, links),
            meeting_address=links.meeting(meeting.pk),
            brief_address=links.brief(meeting.pk),
            **values,
        )


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting in the list; addresses are blank where a preview has no such page yet."""

    listed: ListedMeeting
    reviewed: str
    reviewed_address: str
    address: str
    brief_address: str


def meetings(request: HttpRequest, page: Page) -> HttpResponse:
    """Show how the council follows the plan, its meetings, and the publications it reviews."""
    publications = [
        (one, page.links.published(one.period.period, one.version).to("overview"))
        for one in page.shown.publications
    ]
    found = listed_meetings(page.progress.plan.slug, request.user)
    rows = [_row(one, page) for one in found]
    coming, past = _in_time(rows, timezone.localdate())
    context = page.context("進捗管理と会議", publications=publications, coming=coming, past=past)
    response = answer(request, page, "kpis/meetings.html", context)
    add_never_cache_headers(response)
    return response


def _in_time(
    rows: Sequence[MeetingRow], today: dt.date
) -> tuple[list[MeetingRow], list[MeetingRow]]:
    """Return the meetings to come, the next first and undated ones last, and those that were."""

    def day(row: MeetingRow) -> dt.date:
        return row.listed.meeting.day or dt.date.max

    coming = sorted((one for one in rows if day(one) >= today), key=day)
    return coming, [one for one in rows if day(one) < today]


def _row(listed: ListedMeeting, page: Page) -> MeetingRow:
    meeting, publications = listed.meeting, page.shown.publications
    if not publications:
        return MeetingRow(listed, "", "", "", "")
    reviewed, links = meeting.publication or publications[0], page.links
    period = reviewed.period.period
    return MeetingRow(
        listed,
        f"{period.label} 第{reviewed.version}版",
        links.published(period, reviewed.version).to("overview"),
        links.meeting(meeting.pk),
        links.brief(meeting.pk),
    )


def meeting_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the meeting in place of slug and key, if the person may see it.

    Somebody not signed in is asked to where members may see it; everybody else gets 404.
    """

    @require_safe
    @never_cache
    @wraps(view)
    def found(request: HttpRequest, slug: str, key: int, **named: Any) -> HttpResponse:
        try:
            return view(request, seen_meeting(slug, key, request.user), **named)
        except MembersOnlyError:
            return redirect_to_login(request.get_full_path())
        except UnseenMeetingError:
            raise Http404(_NO_MEETING) from None
        except NotPublished as error:
            raise Http404(str(error)) from None
        except PayloadError as error:
            return unreadable(request, error)

    return found


def _sitting(request: HttpRequest, meeting: Any) -> Sitting:
    """Return what the meeting's pages are made from. Raises NotPublished, PayloadError."""
    slug, reviewed = meeting.plan.slug, meeting.publication
    asked = () if reviewed is None else (reviewed.period.period, reviewed.version)
    found = shown(slug, *asked)
    period, version = found.publication.period.period, found.publication.version
    links = Links(slug).published(period, version)
    return Sitting(Page(found, links), meeting_record(meeting, request.user), found)


@meeting_page
def meeting(request: HttpRequest, meeting: Any) -> HttpResponse:
    """Show a meeting: what it is about, its papers, its opinions, and what is still open."""
    one = _sitting(request, meeting)
    own = opinion_cards([one.record.own], one.page.progress, one.page.links, tell_meeting=False)
    context = one.context(one.name, opinions=own, members=meeting_facts(meeting).member_names)
    return render(request, "kpis/meeting.html", context)


@meeting_page
def brief(request: HttpRequest, meeting: Any) -> HttpResponse:
    """Show on one page what a member needs before and during the meeting."""
    one = _sitting(request, meeting)
    told = briefing(one.page.progress, progress_before(one.shown))
    context = one.context("会議前の確認", told=told, counts=told.counts)
    return render(request, "kpis/brief.html", context)


@meeting_page
def material(request: HttpRequest, meeting: Any, paper: int) -> HttpResponse:
    """Send a paper as it was handed out, byte for byte."""
    found = paper_of(meeting, paper)
    if found is None:
        raise Http404(_NO_PAPER)
    media = XLSX if found.name.lower().endswith(".xlsx") else "application/octet-stream"
    name = content_disposition_header(True, found.name) or "attachment"
    return HttpResponse(bytes(found.content), media, headers={"Content-Disposition": name})
