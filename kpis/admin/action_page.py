"""The grid of a round's actions: what was done, what came of it, and what follows, in one table."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache

from kpis.admin import action_rows as forms
from kpis.admin.grid_saving import save_grid
from kpis.admin.pages import may_record_actions, page_context, period_page
from kpis.entry import clean_text
from kpis.models import ReportingPeriod
from kpis.pdca import LABELS, ActionRow, fields_of, progress_of
from kpis.rounds import locked_words
from kpis.selectors.actiongrid import action_rows
from kpis.services import Saved, save_action_years

ROWS_A_PAGE = 50
_BESIDE = 2  # the columns that nobody fills in: the action, and what stands beside it


def action_urls(admin: ModelAdmin) -> list[URLPattern]:
    """Return the address of the screen."""

    def screen(request: HttpRequest, period: ReportingPeriod) -> HttpResponse:
        return _screen(admin, request, period)

    return [
        path(
            "<int:pk>/actions/",
            period_page(admin, never_cache(screen)),
            name="kpis_reportingperiod_actions",
        )
    ]


def _screen(admin: ModelAdmin, request: HttpRequest, period: ReportingPeriod) -> HttpResponse:
    rows = action_rows(period)
    asked = forms.narrowing(rows, request.GET)
    page = Paginator(asked.apply(rows), ROWS_A_PAGE).get_page(request.GET.get("page"))
    grid = forms.recorded(page.object_list)
    if request.method == "POST":
        grid, saved = _save(request, period, rows)
        if saved:
            return HttpResponseRedirect(request.get_full_path())
    context = page_context(admin, request, period, f"{period.period.label}のアクションの記入")
    context |= _choices(request, period) | _shown(rows, page, asked, grid)
    return TemplateResponse(request, "admin/kpis/reportingperiod/action_grid.html", context)


def _choices(request: HttpRequest, period: ReportingPeriod) -> dict[str, Any]:
    """Return what does not depend on the rows: headings, lists and the lock."""
    fields = fields_of(period.period.term)
    return {
        "fields": [(name, LABELS[name]) for name in fields],
        "width": _BESIDE + len(fields),
        "can_record": may_record_actions(request, period.stands),
        "locked_words": locked_words(period.stands),
        "typed_reason": request.POST.get("change_reason", ""),
    }


def _shown(
    rows: Sequence[ActionRow],
    page: Page,
    asked: forms.Narrowing,
    grid: Sequence[forms.ActionGridRow],
) -> dict[str, Any]:
    """Return the rows of the page measure by measure, and how many there are of which."""
    groups: dict[str, list[forms.ActionGridRow]] = {}
    for one in grid:
        groups.setdefault(one.row.measure_label, []).append(one)
    return {
        "grid": list(groups.items()),
        "faults": [(one, name, said) for one in grid for name, said in one.faults.items()],
        "page": page,
        "asked": asked,
        "progress": progress_of(rows),
    }


def _save(
    request: HttpRequest, period: ReportingPeriod, rows: Sequence[ActionRow]
) -> tuple[list[forms.ActionGridRow], bool]:
    """Save what was sent; return the screen as it was sent, and whether it was saved."""
    grid = forms.sent(rows, request.POST)

    def save() -> Saved:
        return save_action_years(
            period=period,
            entries=[one.new_entry for one in grid],
            by=request.user,  # type: ignore[arg-type]  # staff only
            reason=clean_text(request.POST.get("change_reason", "")),
        )

    return save_grid(request, grid, save, forms.contest, "アクション")
