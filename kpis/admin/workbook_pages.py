"""The Excel round trip of a period: its workbook down, and what comes back previewed and taken in."""

import re

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache

from kpis.admin.pages import page_context, period_page
from kpis.imports import Preview, confirm, preview
from kpis.imports.forms import UploadForm
from kpis.models import ReportingPeriod, Upload
from kpis.rounds import editor_permission, locked_words
from kpis.selectors.entry import entry_rows
from kpis.services import EntryError, keep_upload
from kpis.workbooks import EntrySheet, entry_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TEMPLATES = "admin/kpis/reportingperiod"
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s]+')
_CHOICE, _FILE = "choice-", "file"


def workbook_urls(admin: ModelAdmin) -> list[URLPattern]:
    """Return the addresses of the workbook, of its upload and of an upload's preview."""

    def take(request: HttpRequest, period: ReportingPeriod) -> HttpResponse:
        return _take(admin, request, period)

    def look(request: HttpRequest, period: ReportingPeriod, upload: int) -> HttpResponse:
        found = get_object_or_404(
            Upload.objects.select_related("uploaded_by"), pk=upload, period=period
        )
        found.period = period  # with its plan
        return _look(admin, request, found)

    name = "kpis_reportingperiod"
    return [
        path(
            "<int:pk>/workbook/",
            period_page(admin, never_cache(_download), methods="GET HEAD"),
            name=f"{name}_workbook",
        ),
        path("<int:pk>/import/", period_page(admin, never_cache(take)), name=f"{name}_import"),
        path(
            "<int:pk>/import/<int:upload>/",
            period_page(admin, never_cache(look)),
            name=f"{name}_import_preview",
        ),
    ]


def _address(page: str, *keys: int) -> str:
    return reverse(f"admin:kpis_reportingperiod_{page}", args=keys)


def _download(request: HttpRequest, period: ReportingPeriod) -> HttpResponse:
    """Send the period's entry grid as a workbook, of one section where one is named."""
    section = request.GET.get("section", "")
    rows = [one for one in entry_rows(period) if section in ("", one.section)]
    if section and not rows:
        raise Http404(f"所管課「{section}」の指標はありません。")
    plan = period.plan
    sheet = EntrySheet(plan.slug, plan.name, period.period, period.due, section, tuple(rows))
    after = f"_{_NOT_IN_NAMES.sub('_', section)}" if section else ""
    name = f"{plan.slug}_{period.period.code}_入力{after}.xlsx"
    return attachment(entry_workbook(sheet), name)


def attachment(content: bytes, name: str) -> HttpResponse:
    """Return the file for keeping: a browser must neither show it nor guess what it is."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _locked(request: HttpRequest, period: ReportingPeriod) -> str:
    """Return why nobody may change figures now; blank where this person may.

    Raises PermissionDenied where only others may.
    """
    permission = editor_permission(period.stands)
    if permission is None:
        return locked_words(period.stands)
    if not request.user.has_perm(permission):
        raise PermissionDenied
    return ""


def _take(admin: ModelAdmin, request: HttpRequest, period: ReportingPeriod) -> HttpResponse:
    """Ask for a file and keep it; its preview is the next page."""
    locked = _locked(request, period)
    form = UploadForm()
    if request.method == "POST" and not locked:
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            kept = keep_upload(
                period=period,
                name=file.name,
                content=file.read(),
                by=request.user,  # type: ignore[arg-type]  # staff only
            )
            return HttpResponseRedirect(_address("import_preview", period.pk, kept.pk))
    context = page_context(admin, request, period, "Excelの取込")
    sections = dict.fromkeys(one.section for one in entry_rows(period))
    context |= {"form": form, "locked": locked, "sections": list(sections)}
    return TemplateResponse(request, f"{_TEMPLATES}/import.html", context)


def _look(admin: ModelAdmin, request: HttpRequest, upload: Upload) -> HttpResponse:
    """Show what the file would change, and take it in when that is confirmed."""
    period = upload.period
    locked = "" if upload.applied_at else _locked(request, period)
    if request.method == "POST":
        return HttpResponseRedirect(_confirmed(request, upload, locked))
    found = None if upload.applied_at or locked else preview(upload)
    context = page_context(admin, request, period, "Excelの取込 内容の確認")
    context |= {"upload": upload, "locked": locked, "preview": found, "choice": _CHOICE}
    return TemplateResponse(request, f"{_TEMPLATES}/import_preview.html", context)


def _confirmed(request: HttpRequest, upload: Upload, locked: str) -> str:
    """Take the file in, tell what became of it, and return the address of the next page."""
    again = _address("import_preview", upload.period.pk, upload.pk)
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
    said = f"{number}件の指標を取り込みました。" if number else "変更はありませんでした。"
    messages.success(request, said)
    return _address("entry", upload.period.pk)


_CHANGED = (
    "内容を確認している間に、ほかの人が値を変更しました。まだ何も取り込んでいません。"
    "下の内容をもう一度確かめてください。"
)


def _chosen(sent: QueryDict) -> frozenset[int]:
    """Return the indicators for which the person took the file's values."""
    keys = [name.removeprefix(_CHOICE) for name in sent if name.startswith(_CHOICE)]
    return frozenset(
        int(key)
        for key in keys
        if key.isascii() and key.isdigit() and len(key) < 19 and sent[_CHOICE + key] == _FILE
    )
