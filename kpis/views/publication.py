"""Finding the publication that a request asks for, before any page is made."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from actions.fiscal import FiscalYearError, Period, fiscal_year_of, parse_period
from kpis.links import Links
from kpis.payload import PayloadError
from kpis.progress import PlanProgress
from kpis.selectors import NotPublished, Preview, Shown, shown
from kpis.views.conditional import for_the_reader, is_signed_in
from kpis.views.kept import Origin, is_made_once, recall, to_be_kept


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address selects; both are None for the newest publication."""

    period: Period | None
    version: int | None

    @property
    def query(self) -> str:
        """Return the query that keeps the selection on the plan's other pages."""
        parts = [] if self.period is None else [f"period={self.period.code}"]
        parts += [] if self.version is None else [f"version={self.version}"]
        return f"?{'&'.join(parts)}" if parts else ""


@dataclass(frozen=True, slots=True)
class Page:
    """What every page of a plan is made from: a publication, or live records for staff."""

    shown: Shown | Preview
    links: Links

    @property
    def progress(self) -> PlanProgress:
        """Return the read model of what is shown."""
        return self.shown.progress

    @property
    def stem(self) -> str:
        """Return how the name of every file of the page begins: the plan, the period, the version."""
        edition = self.progress.edition
        state = "preview" if edition is None else f"v{edition.version}"
        return f"{self.progress.plan.slug}_{self.progress.period.code}_{state}"

    def download(self, content: bytes, media: str, ending: str) -> HttpResponse:
        """Return the content as a file to be saved under the page's name and this ending."""
        return HttpResponse(content, media, headers=self._saved_as(ending))

    def stream(self, parts: Iterable[bytes], media: str, ending: str) -> StreamingHttpResponse:
        """Return the same of a file that is too large to be whole in memory."""
        return StreamingHttpResponse(parts, content_type=media, headers=self._saved_as(ending))

    def _saved_as(self, ending: str) -> dict[str, str]:
        name = content_disposition_header(True, self.stem + ending) or "attachment"
        return {"Content-Disposition": name}

    def context(self, title: str, **values: Any) -> dict[str, Any]:
        """Return the page's context: what all pages share, and its own values."""
        return {
            "title": title,
            "shown": self.shown,
            "progress": self.progress,
            "plan": self.progress.plan,
            "period": self.progress.period,
            "edition": self.progress.edition,
            "links": self.links,
            "keep": self.links.keep,
            "stem": self.stem,
            "site": self.shown.site,
            "plan_ended": fiscal_year_of(timezone.localdate()) > self.progress.plan.end_year,
            **values,
        }


def asked(request: HttpRequest) -> Asked:
    """Return the selection in the request's query. Raises Http404 with a Japanese message."""
    period_text, version_text = request.GET.get("period", ""), request.GET.get("version", "")
    try:
        period = parse_period(period_text) if period_text else None
    except FiscalYearError as error:
        raise Http404(str(error)) from None
    if not version_text:
        return Asked(period, None)
    if not (version_text.isascii() and version_text.isdigit() and len(version_text) < 6):
        raise Http404(
            f"「{version_text}」は公表の版として読み取れません。1、2 のような数字で指定してください。"
        )
    return Asked(period, int(version_text))


def find_page(request: HttpRequest, slug: str) -> Page:
    """Return the page's material. Raises Http404 for what is not published, PayloadError else."""
    selection = asked(request)
    try:
        found = shown(slug, selection.period, selection.version)
    except NotPublished as error:
        raise Http404(str(error)) from None
    return Page(found, Links(slug, selection.query))


def plan_page(
    view: Callable[..., HttpResponse], *, is_front: bool = False
) -> Callable[..., HttpResponse]:
    """Give the view the publication asked for in place of the slug; it answers GET and HEAD.

    Readers may keep what it answers; see ``for_the_reader``. What is made once is kept for those
    who have not signed in; who has a session all the same is known only here.
    """

    @require_safe
    @wraps(view)
    def found(request: HttpRequest, slug: str, *parts: Any, **named: Any) -> HttpResponse:
        is_for_all = is_made_once(view) and not is_signed_in(request)
        if is_for_all and request.COOKIES and (kept := recall(request)):
            return kept
        day = timezone.localdate()
        try:
            page = find_page(request, slug)
            response = view(request, page, *parts, **named)
        except PayloadError as error:
            return unreadable(request, error)
        if is_for_all and isinstance(page.shown, Shown):
            query = page.links.keep.removeprefix("?")
            return to_be_kept(response, Origin.of(page.shown, day, query, is_front))
        return for_the_reader(request, response)

    return found


def unreadable(request: HttpRequest, error: PayloadError) -> HttpResponse:
    """Answer that a stored publication cannot be shown, and why."""
    context = {"title": "公表データを表示できません", "message": str(error)}
    return render(request, "unreadable.html", context, status=503)
