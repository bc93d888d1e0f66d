"""The entry screen: one grid for one period, saved part-way, handed in when it is done."""

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache

from actions.fiscal import Period, Term, short_label
from kpis import forms
from kpis.admin.grid_saving import NOTHING_SAVED, save_grid
from kpis.admin.pages import page_context, period_page
from kpis.days import short_day
from kpis.entry import LABELS, EntryRow, clean_text
from kpis.forms import GridRow
from kpis.models import ReportingPeriod
from kpis.rounds import locked_words
from kpis.selectors.entry import entry_rows
from kpis.services import MoveError, Saved, save_entries, submit
from kpis.vocabulary import ActualReason, FollowUp, Kind

_COLUMNS = 10


def entry_urls(admin: ModelAdmin) -> list[URLPattern]:
    """Return the addresses of the screen and of its running answers."""

    def screen(request: HttpRequest, period: ReportingPeriod) -> HttpResponse:
        return _screen(admin, request, period)

    return [
        path(
            "<int:pk>/entry/",
            period_page(admin, never_cache(screen)),
            name="kpis_reportingperiod_entry",
        ),
        path(
            "<int:pk>/entry/answers/",
            period_page(admin, _answers, methods="POST"),
            name="kpis_reportingperiod_answers",
        ),
    ]


def _screen(admin: ModelAdmin, request: HttpRequest, period: ReportingPeriod) -> HttpResponse:
    rows = entry_rows(period)
    sections = list(dict.fromkeys(one.section for one in rows))
    asked = request.GET.get("section", "")
    section = asked if asked in sections else ""
    shown = [one for one in rows if section in ("", one.section)]
    grid = forms.recorded(shown)
    if request.method == "POST":
        both = request.POST.get("action") == "submit"
        with transaction.atomic() if both else nullcontext():  # no fault comes between the two
            grid, saved = _save(request, period, shown)
            done = saved and _handed_in(request, period)
        if done:
            return HttpResponseRedirect(request.get_full_path())
        if saved:  # but not handed in: show what stands, and the reason as it was typed
            fresh = [one for one in entry_rows(period) if section in ("", one.section)]
            grid = forms.recorded(fresh)
    context = page_context(admin, request, period, f"{period.period.label}の実績入力")
    context |= _choices(period, rows, section, sections)
    context |= {
        "grid": _by_strategy(grid),
        "milestones": any(one.row.kind is Kind.MILESTONE for one in grid),
        "faults": [(one, name, said) for one in grid for name, said in one.faults.items()],
        "entered": sum(one.entry.is_entered for one in grid),
        "number": len(grid),
        "typed_reason": request.POST.get("change_reason", ""),
        "typed_submit_reason": request.POST.get("submit_reason", ""),
    }
    return TemplateResponse(request, "admin/kpis/reportingperiod/entry.html", context)


def _choices(
    period: ReportingPeriod, rows: Sequence[EntryRow], section: str, sections: Sequence[str]
) -> dict[str, Any]:
    """Return what does not depend on the figures: headings, lists and the lock."""
    forecasts = period.period.term is Term.H1
    return {
        "headings": _headings(period, rows),
        "forecasts": forecasts,
        "width": _COLUMNS + forecasts,
        "labels": LABELS,
        "reasons": ActualReason.choices(),
        "answers": FollowUp.choices(),
        "due_example": short_day(Period(period.fiscal_year + 1, Term.FY).as_of),
        "section": section,
        "sections": sections,
        "locked_words": locked_words(period.stands),
    }


def _headings(period: ReportingPeriod, rows: Sequence[EntryRow]) -> dict[str, str]:
    year = period.fiscal_year
    half_year = rows[0].half_year_period.fiscal_year if rows else year
    return {
        "target": f"{short_label(year)} 目標",
        "previous": f"{short_label(year - 1)} 実績",
        "half_year": f"{short_label(half_year)} 上半期",
        "value": f"{short_label(year)} {'上半期' if period.period.term is Term.H1 else ''}実績",
    }


def _by_strategy(grid: Sequence[GridRow]) -> list[tuple[str, list[GridRow]]]:
    groups: dict[str, list[GridRow]] = {}
    for one in grid:
        groups.setdefault(one.row.strategy, []).append(one)
    return list(groups.items())


def _save(
    request: HttpRequest, period: ReportingPeriod, rows: Sequence[EntryRow]
) -> tuple[list[GridRow], bool]:
    """Save what was sent; return the screen as it was sent, and whether it was saved."""
    grid = forms.sent(rows, request.POST)
    if request.POST.get("action") == "check" and not any(one.faults for one in grid):
        messages.info(request, f"計算しました。{NOTHING_SAVED}")
        return grid, False

    def save() -> Saved:
        return save_entries(
            period=period,
            entries=[one.new_entry for one in grid],
            by=request.user,  # type: ignore[arg-type]  # staff only
            reason=clean_text(request.POST.get("change_reason", "")),
        )

    return save_grid(request, grid, save, forms.contest, "指標")


def _handed_in(request: HttpRequest, period: ReportingPeriod) -> bool:
    """Hand the figures in where that was asked; return False where it was refused."""
    if request.POST.get("action") != "submit":
        return True
    try:
        submit(
            period=period,
            by=request.user,  # type: ignore[arg-type]  # staff only
            reason=clean_text(request.POST.get("submit_reason", "")),
        )
    except MoveError as error:
        messages.error(request, f"提出できませんでした。{error}")
        return False
    messages.success(request, f"{period.period.label}の実績を提出しました。公表担当が確認します。")
    return True


def _answers(request: HttpRequest, period: ReportingPeriod) -> JsonResponse:
    """Return what the typed rows give, for the screen to show beside them."""
    grid = forms.sent(entry_rows(period), request.POST)
    return JsonResponse({"rows": {one.prefix: _answer(one) for one in grid}})


def _answer(shown: GridRow) -> dict[str, Any]:
    still_open = shown.open_cautions
    return {
        "html": render_to_string("admin/kpis/reportingperiod/answer.html", {"one": shown}),
        "faults": shown.faults,
        "standing": shown.standing,
        "cautions": [{"message": one.message, "open": one in still_open} for one in shown.cautions],
    }
