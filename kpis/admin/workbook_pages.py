"""The Excel round trip of a period: its workbook down, and what comes back previewed and taken in."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache

from kpis.admin.pages import may_edit, may_record_actions, page_context, period_page
from kpis.imports import Preview, confirm, preview
from kpis.imports.forms import UploadForm
from kpis.models import ActionUpload, ReportingPeriod, Upload
from kpis.rounds import PeriodState, editor_permission, locked_words
from kpis.selectors.actiongrid import action_rows
from kpis.selectors.entry import entry_rows
from kpis.services import EntryError, keep_action_upload, keep_upload
from kpis.workbooks import ActionSheet, EntrySheet, action_workbook, entry_workbook
from kpis.workbooks.package import XLSX
from kpis.workbooks.roundsheet import RoundSheet

_TEMPLATES = "admin/kpis/reportingperiod"
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s]+')
_CHOICE, _FILE = "choice-", "file"


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """One kind of workbook that goes out to sections and comes back."""

    model: type[Upload] | type[ActionUpload]
    noun: str  # what its rows are called
    title: str  # of its pages
    grid: str  # the page that shows the same rows
    before: str  # what the names of its addresses begin with
    place: str  # where its addresses stand, below the period's
    file: str  # what its files are called
    rows: Callable[[ReportingPeriod], Sequence[Any]]
    sheet: type[RoundSheet]
    workbook: Callable[[Any], bytes]
    keep: Callable[..., Any]
    may: Callable[[HttpRequest, PeriodState], bool]
    hint: str  # what is said of the cells to fill in

    def address(self, page: str, *keys: int) -> str:
        """Return the address of one of its pages."""
        return reverse(f"admin:kpis_reportingperiod_{self.before}{page}", args=keys)

    @property
    def grid_name(self) -> str:
        """Return the name of the grid's address."""
        return f"admin:kpis_reportingperiod_{self.grid}"

    @property
    def names(self) -> dict[str, str]:
        """Return the names of its addresses, for templates."""
        pages = ("workbook", "import", "import_preview")
        return {one: f"admin:kpis_reportingperiod_{self.before}{one}" for one in pages}


FIGURES = RoundTrip(
    model=Upload,
    noun="指標",
    title="Excelの取込",
    grid="entry",
    before="",
    place="",
    file="入力",
    rows=entry_rows,
    sheet=EntrySheet,
    workbook=entry_workbook,
    keep=keep_upload,
    may=may_edit,
    hint="0 は実績が0のとき、「—」は理由があって数値がないとき、空欄はまだ分からないときです。"
    "シートの名前・見出し・指標コードは変えないでください。",
)
ACTIONS = RoundTrip(
    model=ActionUpload,
    noun="アクション",
    title="アクションのExcelの取込",
    grid="actions",
    before="actions_",
    place="actions/",
    file="アクション",
    rows=action_rows,
    sheet=ActionSheet,
    workbook=action_workbook,
    keep=keep_action_upload,
    may=may_record_actions,
    hint="段階・評価・見直しは一覧から選びます。"
    "シートの名前・見出し・アクションコードは変えないでください。",
)


def workbook_urls(admin: ModelAdmin) -> list[URLPattern]:
    """Return the addresses of each kind of workbook, of its upload and of an upload's preview."""
    return [url for way in (FIGURES, ACTIONS) for url in _urls(admin, way)]


def _urls(admin: ModelAdmin, way: RoundTrip) -> list[URLPattern]:
    def download(request: HttpRequest, period: ReportingPeriod) -> HttpResponse:
        return _download(way, request, period)

    def take(request: HttpRequest, period: ReportingPeriod) -> HttpResponse:
        return _take(admin, way, request, period)

    def look(request: HttpRequest, period: ReportingPeriod, upload: int) -> HttpResponse:
        rows: QuerySet[Any] = way.model._default_manager.select_related("uploaded_by")
        found = get_object_or_404(rows, pk=upload, period=period)
        found.period = period  # with its plan
        return _look(admin, way, request, found)

    name, place = f"kpis_reportingperiod_{way.before}", f"<int:pk>/{way.place}"
    return [
        path(
            f"{place}workbook/",
            period_page(admin, never_cache(download), methods="GET HEAD"),
            name=f"{name}workbook",
        ),
        path(f"{place}import/", period_page(admin, never_cache(take)), name=f"{name}import"),
        path(
            f"{place}import/<int:upload>/",
            period_page(admin, never_cache(look)),
            name=f"{name}import_preview",
        ),
    ]


def _download(way: RoundTrip, request: HttpRequest, period: ReportingPeriod) -> HttpResponse:
    """Send the period's grid as a workbook, of one section where one is named."""
    section = request.GET.get("section", "")
    rows = [one for one in way.rows(period) if section in ("", one.section)]
    if section and not rows:
        raise Http404(f"所管課「{section}」の{way.noun}はありません。")
    plan = period.plan
    sheet = way.sheet(plan.slug, plan.name, period.period, period.due, section, tuple(rows))
    after = f"_{_NOT_IN_NAMES.sub('_', section)}" if section else ""
    name = f"{plan.slug}_{period.period.code}_{way.file}{after}.xlsx"
    return attachment(way.workbook(sheet), name)


def attachment(content: bytes, name: str) -> HttpResponse:
    """Return the file for keeping: a browser must neither show it nor guess what it is."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _locked(way: RoundTrip, request: HttpRequest, period: ReportingPeriod) -> str:
    """Return why nobody may change the rows now; blank where this person may.

    Raises PermissionDenied where only others may.
    """
    if editor_permission(period.stands) is None:
        return locked_words(period.stands)
    if not way.may(request, period.stands):
        raise PermissionDenied
    return ""


def _take(
    admin: ModelAdmin, way: RoundTrip, request: HttpRequest, period: ReportingPeriod
) -> HttpResponse:
    """Ask for a file and keep it; its preview is the next page."""
    locked = _locked(way, request, period)
    form = UploadForm()
    if request.method == "POST" and not locked:
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            kept = way.keep(period=period, name=file.name, content=file.read(), by=request.user)
            return HttpResponseRedirect(way.address("import_preview", period.pk, kept.pk))
    context = page_context(admin, request, period, way.title)
    sections = dict.fromkeys(one.section for one in way.rows(period))
    context |= {"form": form, "locked": locked, "sections": list(sections), "way": way}
    return TemplateResponse(request, f"{_TEMPLATES}/import.html", context)


def _look(
    admin: ModelAdmin, way: RoundTrip, request: HttpRequest, upload: Upload | ActionUpload
) -> HttpResponse:
    """Show what the file would change, and take it in when that is confirmed."""
    period = upload.period
    locked = "" if upload.applied_at else _locked(way, request, period)
    if request.method == "POST":
        return HttpResponseRedirect(_confirmed(way, request, upload, locked))
    found = None if upload.applied_at or locked else preview(upload)
    context = page_context(admin, request, period, f"{way.title} 内容の確認")
    context |= {"upload": upload, "locked": locked, "preview": found}
    context |= {"choice": _CHOICE, "way": way}
    return TemplateResponse(request, f"{_TEMPLATES}/import_preview.html", context)


def _confirmed(
    way: RoundTrip, request: HttpRequest, upload: Upload | ActionUpload, locked: str
) -> str:
    """Take the file in, tell what became of it, and return the address of the next page."""
    again = way.address("import_preview", upload.period.pk, upload.pk)
    try:
        if locked or upload.applied_at:
            raise EntryError(locked or "このファイルは既に取り込まれています。")
        outcome = confirm(
            upload=upload,
            by=request.user,  # type: ignore[arg-type]  # staff only
            fingerprint=request.POST.get("fingerprint", ""),
            chosen=_chosen(request.POST),
        )
    except EntryError as error:
        messages.error(request, f"取り込めませんでした。{error}")
        return again
    if isinstance(outcome, Preview):
        messages.error(request, _CHANGED)
        return again
    number = len(outcome.changed)
    said = f"{number}件の{way.noun}を取り込みました。" if number else "変更はありませんでした。"
    messages.success(request, said)
    return reverse(way.grid_name, args=[upload.period.pk])


_CHANGED = (
    "内容を確認している間に、ほかの人が値を変更しました。まだ何も取り込んでいません。"
    "下の内容をもう一度確かめてください。"
)


def _chosen(sent: QueryDict) -> frozenset[int]:
    """Return the keys of the rows for which the person took the file's values."""
    keys = [name.removeprefix(_CHOICE) for name in sent if name.startswith(_CHOICE)]
    return frozenset(
        int(key)
        for key in keys
        if key.isascii() and key.isdigit() and len(key) < 19 and sent[_CHOICE + key] == _FILE
    )
