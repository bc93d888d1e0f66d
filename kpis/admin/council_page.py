"""The council's papers of a publication: the page that asks for which meeting, and the file."""

import json
import logging
from collections.abc import Callable, Generator, Iterator, Sequence
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kpis.admin.materials import DOWNLOAD
from kpis.admin.workbook_pages import attachment
from kpis.models import Meeting, Publication
from kpis.papers import CouncilPapers, file_words, paper_name
from kpis.payload import PayloadError
from kpis.progress import PlanProgress
from kpis.selectors import Shown, council_papers, meeting_choices, shown
from kpis.selectors.meetings import kept_papers, meeting_facts
from kpis.services import PaperError, keep_material
from kpis.workbooks.council import Step, council_steps, council_workbook
from kpis.workbooks.council.book import PARTS

_VIEW = "kpis.view_publication"
_KEEP = "kpis.add_meetingmaterial"
_NAME = "kpis_publication_council"
_FAILED = (
    "会議資料を作成できませんでした。時間をおいてもう一度お試しください。"
    "続く場合は担当者に連絡してください。"
)
_log = logging.getLogger(__name__)
Handler = Callable[[ModelAdmin, HttpRequest, Publication], HttpResponse]


def council_urls(admin: ModelAdmin) -> list[URLPattern]:
    """Return the addresses of the page and of the file."""
    return [
        path("<int:pk>/council/", _view(admin, _page), name=_NAME),
        path("<int:pk>/council/file/", _view(admin, _file), name=f"{_NAME}_file"),
        path(
            "<int:pk>/council/keep/",
            _view(admin, _keep, (_VIEW, _KEEP), require_POST),
            name=f"{_NAME}_keep",
        ),
    ]


def council_link(publication: int | None) -> SafeString | None:
    """Return a link to the papers of the publication with this key, or None for none."""
    if publication is None:
        return None
    return format_html('<a href="{}">会議資料（Excel）</a>', council_address(publication))


def council_address(publication: int, meeting: int | None = None) -> str:
    """Return the address of the page, where the meeting with this key is chosen if one is given."""
    address = reverse(f"admin:{_NAME}", args=[publication])
    return address if meeting is None else f"{address}?meeting={meeting}"


def _view(
    admin: ModelAdmin,
    handler: Handler,
    rights: Sequence[str] = (_VIEW,),
    methods: Callable[..., Any] = require_safe,
) -> Callable[..., HttpResponse]:
    """Return the view behind the admin's sign-in; the handler gets the publication for its key.

    Raises PermissionDenied for staff without the rights, Http404 for an unknown publication.
    """

    @methods
    @never_cache
    @wraps(handler)
    def found(request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perms(rights):
            raise PermissionDenied
        known = Publication.objects.select_related("period__plan").defer("payload")
        return handler(admin, request, get_object_or_404(known, pk=pk))

    view: Callable[..., HttpResponse] = admin.admin_site.admin_view(found)
    return view


def _page(admin: ModelAdmin, request: HttpRequest, publication: Publication) -> HttpResponse:
    """Tell which publication it is and what the workbook holds, and ask for the meeting."""
    meetings = meeting_choices(publication)
    asked = "meeting" in request.GET
    chosen = _chosen(request.GET, meetings) if asked else _own(publication, meetings)
    context = _frame(admin, request, publication)
    try:
        found = _shown(publication)
        papers = council_papers(found, chosen)
    except PayloadError as error:
        return _told(request, context | {"fault": str(error)}, 503)
    sheets = [one for one in PARTS if one.applies(papers)]
    context |= {"shown": found, "sheets": sheets, "meetings": meetings, "chosen": chosen}
    context |= {
        "left_out": papers.left_out,
        "may_keep": request.user.has_perm(_KEEP),
        "kept": kept_papers(chosen) if chosen and request.user.has_perm(DOWNLOAD) else (),
    }
    return _told(request, context)


def _keep(admin: ModelAdmin, request: HttpRequest, publication: Publication) -> HttpResponse:
    """Keep the meeting's papers as they are made now, and show them with those kept before."""
    meeting = _chosen(request.POST, meeting_choices(publication))
    if meeting is None:
        raise Http404("会議が選ばれていません。")
    try:
        papers = council_papers(_shown(publication), meeting)
        kept, is_new = keep_material(
            meeting=meeting,
            publication=publication,
            content=council_workbook(papers),
            name=paper_name(meeting_facts(meeting), papers.progress),
            by=request.user,  # type: ignore[arg-type]  # staff only
        )
    except (PayloadError, PaperError) as error:
        messages.error(request, f"保存できませんでした。{error}")
    else:
        said = "保存しました" if is_new else "同じ内容の資料が既に保存されています"
        tell = messages.success if is_new else messages.info
        tell(request, f"{said}（{kept.name}）。")
    return HttpResponseRedirect(f"{council_address(publication.pk, meeting.pk)}#kept")


def _own(publication: Publication, meetings: Sequence[Meeting]) -> Meeting | None:
    """Return the newest meeting that reviews this publication, or None."""
    return next((one for one in meetings if one.publication_id == publication.pk), None)


def _chosen(sent: QueryDict, meetings: Sequence[Meeting]) -> Meeting | None:
    """Return the meeting that was sent, None for a blank. Raises Http404 for any other."""
    key = sent.get("meeting", "")
    if not key:
        return None
    for one in meetings:
        if str(one.pk) == key:
            return one
    raise Http404("この公表を検討する会議ではありません。")


def _frame(admin: ModelAdmin, request: HttpRequest, publication: Publication) -> dict[str, Any]:
    return {
        **admin.admin_site.each_context(request),
        "title": "会議資料（Excel）",
        "opts": admin.opts,
        "publication": publication,
        "plan": publication.period.plan,
    }


def _told(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return TemplateResponse(request, "admin/kpis/publication/council.html", context, status=status)


def _shown(publication: Publication) -> Shown:
    period = publication.period
    return shown(period.plan.slug, period.period, publication.version)


def _file(admin: ModelAdmin, request: HttpRequest, publication: Publication) -> HttpResponse:
    """Send the workbook, with ``?progress=1`` behind a line for each step of its making."""
    as_lines = "progress" in request.GET
    meeting = _chosen(request.GET, meeting_choices(publication))
    try:
        papers = council_papers(_shown(publication), meeting)
    except PayloadError as error:
        if as_lines:
            return _streamed([_line(error=str(error))], 503)
        context = _frame(admin, request, publication) | {"fault": str(error)}
        return _told(request, context, 503)
    name = _name(papers.progress, publication)
    if as_lines:
        return _streamed(_lines(papers, name))
    response = attachment(council_workbook(papers), name)
    plain = f"{papers.progress.plan.slug}_{papers.progress.period.code}_v{publication.version}"
    response["Content-Disposition"] = (
        f"attachment; filename=\"{plain}_council.xlsx\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    return response


def _name(progress: PlanProgress, publication: Publication) -> str:
    """Return 計画名_令和7年度上半期_第1版_会議資料.xlsx."""
    plan = file_words(progress.plan.name)
    return f"{plan}_{progress.period.label}_第{publication.version}版_会議資料.xlsx"


def _lines(papers: CouncilPapers, name: str) -> Iterator[bytes]:
    """Yield a line before each step, then one with the file's size and name, then the file."""
    try:
        content = yield from _step_lines(council_steps(papers))
    except Exception:  # the answer has begun: no error page can follow
        _log.exception("the council's papers could not be made")
        yield _line(error=_FAILED)
        return
    yield _line(size=len(content), name=name)
    yield content


def _step_lines(steps: Generator[Step, None, bytes]) -> Generator[bytes, None, bytes]:
    while True:
        try:
            step = next(steps)
        except StopIteration as done:
            content: bytes = done.value
            return content
        yield _line(step=step.number, of=step.total, name=step.name)


def _line(**told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _streamed(lines: Iterator[bytes] | list[bytes], status: int = 200) -> HttpResponse:
    response = StreamingHttpResponse(lines, status=status, content_type="application/octet-stream")
    response["X-Accel-Buffering"] = "no"  # a proxy in front (nginx) must not gather the lines
    return response  # type: ignore[return-value]  # a streaming answer is an answer
