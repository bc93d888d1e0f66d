"""A round's own pages: beginning it, and checking, publishing and correcting it."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from actions.fiscal import Period, Term
from kpis.admin.pages import offered_moves, page_context, period_page
from kpis.entry import clean_text
from kpis.forms import BeginForm
from kpis.models import ReportingPeriod
from kpis.rounds import MANAGE, STEPS, Move, PeriodState
from kpis.selectors.actiongrid import action_progress
from kpis.selectors.meetings import number_open
from kpis.selectors.readiness import pending_corrections, readiness
from kpis.services import MoveError, move, open_round, publish, submit

_DONE = {
    Move.CLOSE: "準備中に戻しました。",
    Move.SUBMIT: "提出しました。公表担当が確認します。",
    Move.SEND_BACK: "差し戻しました。入力担当が直して、もう一度提出します。",
    Move.PUBLISH: "公表しました。",
    Move.REOPEN: "訂正を始めました。直してから、もう一度公表してください。",
    Move.ABANDON: "訂正を取りやめました。",
}


def round_urls(admin: ModelAdmin) -> list[URLPattern]:
    """Return the addresses of beginning a round and of its check."""

    def begin(request: HttpRequest) -> HttpResponse:
        return _begin(admin, request)

    def check(request: HttpRequest, period: ReportingPeriod) -> HttpResponse:
        return _check(admin, request, period)

    return [
        path(
            "begin/",
            admin.admin_site.admin_view(
                require_http_methods(["GET", "HEAD", "POST"])(never_cache(begin))
            ),
            name="kpis_reportingperiod_begin",
        ),
        path(
            "<int:pk>/readiness/",
            period_page(admin, never_cache(check)),
            name="kpis_reportingperiod_readiness",
        ),
    ]


def _begin(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm(MANAGE):
        raise PermissionDenied
    form = BeginForm(request.POST or None, asked=request.GET.get("plan", ""))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            opened = open_round(
                plan=said["plan"],
                period=Period(said["fiscal_year"], Term(said["term"])),
                due=said["due"],
                by=request.user,  # type: ignore[arg-type]  # staff only
            )
        except MoveError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{opened.period.label}の入力を始めました。")
            return HttpResponseRedirect(_address("entry", opened))
    context = page_context(admin, request, None, "実績の入力を始める")
    return TemplateResponse(
        request, "admin/kpis/reportingperiod/begin.html", {**context, "form": form, "period": None}
    )


def _address(page: str, period: ReportingPeriod) -> str:
    return reverse(f"admin:kpis_reportingperiod_{page}", args=[period.pk])


def _check(admin: ModelAdmin, request: HttpRequest, period: ReportingPeriod) -> HttpResponse:
    asked, refused = request.POST.get("move", ""), ""
    if request.method == "POST":
        refused = _take(request, period, asked)
        if not refused:
            return HttpResponseRedirect(request.get_full_path())
        period.refresh_from_db(fields=["state"])
    context = page_context(admin, request, period, "確認と公表")
    ready = readiness(period)
    publications = list(
        period.publications.select_related("published_by").defer("payload").order_by("-version")
    )
    correcting = period.stands is PeriodState.CORRECTING and publications
    offers = offered_moves(request, period)
    context |= {
        "ready": ready,
        "actions": action_progress(period),
        "changes": pending_corrections(period, publications[0]) if correcting else (),
        "publications": publications,
        "log": period.moves.select_related("moved_by"),
        "open_opinions": number_open(period.plan),
        "offers": [
            (one, _needs_reason(one, bool(ready.gaps), bool(publications))) for one in offers
        ],
        # Somebody else was first: the move is not offered any more, and has no form to say so in.
        "gone": refused and asked not in [one.value for one in offers],
        "asked": asked,
        "refused": refused,
        "typed_reason": request.POST.get("reason", ""),
    }
    return TemplateResponse(request, "admin/kpis/reportingperiod/readiness.html", context)


def _needs_reason(one: Move, has_gaps: bool, was_published: bool) -> bool:
    if one is Move.PUBLISH:
        return has_gaps or was_published
    return STEPS[one].needs_reason


def _take(request: HttpRequest, period: ReportingPeriod, asked: str) -> str:
    """Make the move that was asked for; return why it was refused, or blank."""
    if asked not in _DONE:
        return "操作を選んでください。"
    one = Move(asked)
    if not request.user.has_perm(STEPS[one].permission):
        raise PermissionDenied
    common: dict[str, Any] = {
        "period": period,
        "by": request.user,
        "reason": clean_text(request.POST.get("reason", "")),
    }
    try:
        if one is Move.PUBLISH:
            made = publish(**common)
            messages.success(request, f"{period.period.label} 第{made.version}版を公表しました。")
            return ""
        if one is Move.SUBMIT:
            submit(**common)
        else:
            move(move=one, **common)
    except MoveError as error:
        return str(error)
    messages.success(request, f"{period.period.label}: {_DONE[one]}")
    return ""
