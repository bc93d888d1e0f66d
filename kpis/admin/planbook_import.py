"""A plan book that comes in through the staff pages: uploaded, previewed and confirmed."""

from collections import Counter
from dataclasses import replace
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kpis.admin.pages import PageView
from kpis.imports.books import BookPreview, confirm_book, preview_book
from kpis.imports.forms import PlanBookForm, ReasonForm
from kpis.models import PlanBookUpload, ReportingPeriod
from kpis.opendata import csv_of
from kpis.rounds import ENTER, MANAGE, PREVIEW
from kpis.services import EntryError, keep_plan_book

_NAME = "actions_plan_book_import"
_TEMPLATES = "admin/actions/plan"
MOST_SHOWN = 200  # differences on the page; the file of all of them has the rest
MOST_FAULTS = 1_000
MOST_WAITING = 10
_MOST_CELLS = 5
# Whoever brings a plan's figures in may see and change them one by one, in every state of a
# period. What else a book changes is asked of its differences.
_NEEDED = (
    "actions.view_plan",
    PREVIEW,
    ENTER,
    MANAGE,
    *(
        f"kpis.{deed}_{one}"
        for deed in ("add", "change")
        for one in ("indicator", "target", "actual")
    ),
)


def plan_book_import_urls(admin: ModelAdmin) -> list[URLPattern]:
    """Return the addresses of the upload, of its preview and of the file of all differences."""

    def take(request: HttpRequest) -> HttpResponse:
        return _take(admin, request)

    def look(request: HttpRequest, upload: int) -> HttpResponse:
        return _look(admin, request, _found(upload))

    return [
        path("book/import/", _guarded(admin, take), name=_NAME),
        path("book/import/<int:upload>/", _guarded(admin, look), name=f"{_NAME}_preview"),
        path(
            "book/import/<int:upload>/differences.csv",
            _guarded(admin, _differences, "GET HEAD"),
            name=f"{_NAME}_differences",
        ),
    ]


def may_import_books(request: HttpRequest) -> bool:
    """Return whether this person may take plan books in."""
    return request.user.has_perms(_NEEDED)


def _guarded(admin: ModelAdmin, view: PageView, methods: str = "GET HEAD POST") -> PageView:
    """Return the view behind the admin's sign-in. Raises PermissionDenied for staff who may not."""

    @require_http_methods(methods.split())
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, **keys: int) -> HttpResponse:
        if not may_import_books(request):
            raise PermissionDenied
        return view(request, **keys)

    return admin.admin_site.admin_view(guarded)


def _uploads() -> QuerySet[PlanBookUpload]:
    """Return the uploads, the newest first, each without its file until that is asked for."""
    rows = PlanBookUpload.objects.select_related("uploaded_by", "applied_by", "plan")
    return rows.defer("content")


def _found(pk: int) -> PlanBookUpload:
    """Return the upload. Raises Http404."""
    return get_object_or_404(_uploads(), pk=pk)


def _preview_address(upload: PlanBookUpload) -> str:
    return reverse(f"admin:{_NAME}_preview", args=[upload.pk])


def _page(
    admin: ModelAdmin, request: HttpRequest, name: str, title: str, **own: Any
) -> HttpResponse:
    context = {**admin.admin_site.each_context(request), "title": title, "opts": admin.opts}
    return TemplateResponse(request, f"{_TEMPLATES}/{name}.html", context | own)


def _take(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Ask for a file and keep it; its preview is the next page."""
    form = PlanBookForm()
    if request.method == "POST":
        form = PlanBookForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            kept = keep_plan_book(
                name=file.name,
                content=file.read(),
                delete_missing=form.cleaned_data["delete_missing"],
                by=request.user,  # type: ignore[arg-type]  # staff only
            )
            return HttpResponseRedirect(_preview_address(kept))
    waiting = _uploads().filter(applied_at=None)[:MOST_WAITING]
    return _page(admin, request, "book_import", "計画ブックの取込", form=form, waiting=waiting)


def _look(admin: ModelAdmin, request: HttpRequest, upload: PlanBookUpload) -> HttpResponse:
    """Show what the file would change, and take it in when that is confirmed."""
    form, found = ReasonForm(), None
    if request.method == "POST":
        form = ReasonForm(request.POST)
        found = _confirmed(request, upload, form)
        if found is None or found.is_taken:
            return HttpResponseRedirect(_preview_address(upload))
    elif upload.applied_at is None:
        found = preview_book(upload, request.user)  # type: ignore[arg-type]  # staff only
    form.fields["reason"].required = found is not None and found.needs_reason
    title = f"計画ブックの取込 {'結果' if upload.applied_at else '内容の確認'}"
    own = {"upload": upload, "form": form, "preview": found} | _shown(found)
    return _page(admin, request, "book_preview", title, **own, **_next_steps(upload))


def _confirmed(
    request: HttpRequest, upload: PlanBookUpload, form: ReasonForm
) -> BookPreview | None:
    """Take the file in and tell what became of it; None where it had been taken in before."""
    by: Any = request.user
    if not form.is_valid():
        return preview_book(upload, by)
    sent = form.cleaned_data["fingerprint"]
    try:
        found = confirm_book(upload, by, fingerprint=sent, reason=form.cleaned_data["reason"])
    except EntryError as error:
        messages.error(request, f"取り込めませんでした。{error}")
        return None
    if found.imported is None:
        return found
    if found.is_taken:
        messages.success(request, _done(found))
    elif found.fingerprint != sent:
        messages.error(request, _CHANGED)
    elif found.needs_reason and not form.cleaned_data["reason"]:
        form.add_error("reason", "登録済みの計画を変えるときは、変更の理由を入力してください。")
    return found


_CHANGED = (
    "内容を確認している間に、登録されている内容が変わりました。まだ何も取り込んでいません。"
    "下の内容をもう一度確かめてください。"
)


def _done(found: BookPreview) -> str:
    done = found.imported
    if done is None:
        return ""
    return f"「{done.name}」を{'新しく登録' if done.is_new else '変更'}しました。"


def _shown(found: BookPreview | None) -> dict[str, Any]:
    """Return as much of a preview as a page can hold, and how much more there is."""
    if found is None:
        return {}
    if found.imported is None:
        by_sheet = Counter(one.sheet or "ファイル全体" for one in found.faults)
        faults = [replace(one, cell=_few(one.cell)) for one in found.faults[:MOST_FAULTS]]
        shown = {"faults": faults, "by_sheet": list(by_sheet.items())}
        return shown | _more(found.faults, MOST_FAULTS)
    told = found.imported
    counts = [one for one in told.counts if one.added or one.changed or one.removed]
    shown = {"counts": counts, "differences": told.differences[:MOST_SHOWN], "imported": told}
    return shown | _more(told.differences, MOST_SHOWN)


def _few(cells: str) -> str:
    """Return the first of the cells that a fault names, and how many more there are."""
    named = cells.split("・")
    more = len(named) - _MOST_CELLS
    return cells if more <= 0 else f"{'・'.join(named[:_MOST_CELLS])} ほか{more}"


def _more(rows: tuple[Any, ...], most: int) -> dict[str, int]:
    return {"number": len(rows), "most": most, "more": max(0, len(rows) - most)}


def _next_steps(upload: PlanBookUpload) -> dict[str, Any]:
    """Return the plan that was taken in, and the period in which its pages can be looked at."""
    plan = upload.plan
    if upload.applied_at is None or plan is None:
        return {"plan": None, "period": None}
    periods = ReportingPeriod.objects.filter(plan=plan).order_by("-fiscal_year", "-term")
    return {"plan": plan, "period": periods.first()}


def _differences(request: HttpRequest, upload: int) -> HttpResponse:
    """Send every difference as a CSV; where there are none the preview says why."""
    kept = _found(upload)
    if kept.applied_at is not None:
        return HttpResponseRedirect(_preview_address(kept))
    found = preview_book(kept, request.user)  # type: ignore[arg-type]  # staff only
    if found.imported is None:
        return HttpResponseRedirect(_preview_address(kept))
    lines = ((o.sheet, o.key, o.item, o.old, o.new) for o in found.imported.differences)
    content = csv_of(["シート", "行", "項目", "いまの内容", "取り込む内容"], lines)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    name = content_disposition_header(True, f"{found.imported.slug}_変わるところ.csv")
    response["Content-Disposition"] = name or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response
