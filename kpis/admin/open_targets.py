"""未設定・連動の目標一覧: every target of a plan that is still open, with the plan it waits for."""

from collections.abc import Iterable

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache

from actions.fiscal import fiscal_year_label
from actions.models import Plan
from kpis.admin.newyear_page import may_prepare
from kpis.admin.pages import plan_context, plan_page
from kpis.opendata import csv_of
from kpis.rounds import PREVIEW
from kpis.selectors.targets import open_targets
from kpis.targets import NO_PLAN, OpenTarget

_NAME = "actions_plan_open_targets"
_NEEDED = ("actions.view_plan", "kpis.view_target", PREVIEW)
_HEADINGS = [
    "待つ計画",
    "年度",
    "指標コード",
    "指標名",
    "単位",
    "所管課",
    "状態",
    "前年度の目標",
    "備考",
]


def open_target_urls(admin: ModelAdmin) -> list[URLPattern]:
    """Return the addresses of the list and of its CSV."""

    def page(request: HttpRequest, plan: Plan) -> HttpResponse:
        return _page(admin, request, plan)

    listed = plan_page(admin, never_cache(page), _NEEDED, "GET HEAD")
    file = plan_page(admin, never_cache(_csv), _NEEDED, "GET HEAD")
    return [
        path("<int:pk>/open-targets/", listed, name=_NAME),
        path("<int:pk>/open-targets.csv", file, name=f"{_NAME}_csv"),
    ]


def may_list(request: HttpRequest) -> bool:
    """Return whether this person may see the list."""
    return request.user.has_perms(_NEEDED)


def open_targets_link(plan: Plan) -> SafeString:
    """Return a link to the plan's list."""
    address = reverse(f"admin:{_NAME}", args=[plan.pk])
    return format_html('<a href="{}">未設定・連動の目標</a>', address)


def _page(admin: ModelAdmin, request: HttpRequest, plan: Plan) -> HttpResponse:
    targets = open_targets(plan)
    context = plan_context(admin, request, plan, "未設定・連動の目標一覧")
    context |= {
        "groups": _groups(targets),
        "number": len(targets),
        "may_prepare": may_prepare(request),
    }
    return TemplateResponse(request, "admin/actions/plan/open_targets.html", context)


def _groups(targets: Iterable[OpenTarget]) -> list[tuple[str, list[OpenTarget]]]:
    """Return the targets by the plan that they wait for; those without one come last."""
    groups: dict[str, list[OpenTarget]] = {}
    for one in targets:
        groups.setdefault(one.awaits, []).append(one)
    return sorted(groups.items(), key=lambda group: group[0] == NO_PLAN)


def _csv(request: HttpRequest, plan: Plan) -> HttpResponse:
    lines = [_cells(one) for _, group in _groups(open_targets(plan)) for one in group]
    response = HttpResponse(csv_of(_HEADINGS, lines), content_type="text/csv; charset=utf-8")
    name = f"{plan.slug}_未設定・連動の目標.csv"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _cells(one: OpenTarget) -> tuple[str, ...]:
    year = fiscal_year_label(one.fiscal_year)
    named = (one.awaits, year, one.code, one.name, one.unit, one.section)
    return (*named, one.standing, one.previous, one.note)
