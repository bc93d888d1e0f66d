"""年度更新: one page for what a new fiscal year needs, step by step, each alone and again."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache

from actions.fiscal import fiscal_year_label
from actions.models import Plan
from kpis.admin import newyear_forms as forms
from kpis.admin.pages import plan_context, plan_page
from kpis.admin.planbook_import import may_import_books
from kpis.admin.planbook_pages import may_take_books
from kpis.newyear import PREPARE, Step, coming_year
from kpis.selectors.newyear import Preparation, preparation
from kpis.services import carry_actions, prepare_periods, set_targets
from kpis.targets import LABELS, TargetError

_NAME = "actions_plan_new_year"
_NOTHING_SAVED = "まだ何も保存していません。"
_FAULTS = f"直すところがあります。{_NOTHING_SAVED}"


def new_year_urls(admin: ModelAdmin) -> list[URLPattern]:
    """Return the address of the page."""

    def page(request: HttpRequest, plan: Plan) -> HttpResponse:
        return _page(admin, request, plan)

    view = plan_page(admin, never_cache(page), PREPARE)
    return [path("<int:pk>/new-year/", view, name=_NAME)]


def may_prepare(request: HttpRequest) -> bool:
    """Return whether this person may prepare a new fiscal year."""
    return request.user.has_perms(PREPARE)


def new_year_link(plan: Plan) -> SafeString:
    """Return a link to the plan's page."""
    return format_html('<a href="{}">年度更新</a>', reverse(f"admin:{_NAME}", args=[plan.pk]))


def _page(admin: ModelAdmin, request: HttpRequest, plan: Plan) -> HttpResponse:
    today = timezone.localdate()
    year = _asked_year(request, plan, today)
    found = preparation(plan, year)
    sheet = forms.blank_sheet(found.targets)
    periods = forms.suggested_periods(year, found.missing)
    chosen = {one.action.pk for one in found.carried}
    step = request.POST.get("step", "")
    if request.method == "POST":
        if step == Step.TARGETS.value:
            sheet = forms.sent_sheet(found.targets, request.POST, today)
            done = _set_targets(request, found, sheet)
        elif step == Step.PERIODS.value:
            periods = forms.sent_periods(year, found.missing, request.POST)
            done = _make_periods(request, found, periods)
        else:
            chosen &= _keys(request.POST.getlist("action"))
            done = step == Step.ACTIONS.value and _carry(request, found, chosen)
        if done:
            return HttpResponseRedirect(request.get_full_path())
    context = plan_context(admin, request, plan, f"{fiscal_year_label(year)}の年度更新")
    context |= _shown(found, year) | {"sheet": sheet, "periods": periods, "chosen": chosen}
    context["may_take_books"] = may_take_books(request)
    context["may_import_books"] = may_import_books(request)
    return TemplateResponse(request, "admin/actions/plan/new_year.html", context)


def _shown(found: Preparation, year: int) -> dict[str, Any]:
    targets, periods, actions = found.state.steps
    return {
        "found": found,
        "fiscal_year": year,
        "years": range(found.plan.start_year, found.plan.end_year + 1),
        "steps": {"targets": targets, "periods": periods, "actions": actions},
        "labels": LABELS,
    }


def _asked_year(request: HttpRequest, plan: Plan, today: dt.date) -> int:
    """Return the year that the address names, or else the coming one, within the plan's years."""
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else None
    if year is None or not plan.start_year <= year <= plan.end_year:
        year = coming_year(today)
    return min(max(year, plan.start_year), plan.end_year)


def _set_targets(request: HttpRequest, found: Preparation, sheet: forms.TargetSheet) -> bool:
    """Set the typed targets; return whether the page is to be shown anew."""
    if sheet.every_fault:
        messages.error(request, _FAULTS)
        return False
    if not sheet.new_targets:
        messages.warning(request, f"目標値が入力されていません。{_NOTHING_SAVED}")
        return False
    year = fiscal_year_label(found.state.fiscal_year)
    try:
        made = set_targets(
            plan=found.plan,
            targets=sheet.new_targets,
            by=request.user,  # type: ignore[arg-type]  # staff only
            reason=sheet.reason or f"{year}の年度更新",
        )
    except TargetError as error:
        messages.error(request, f"{error}{_NOTHING_SAVED}")
        return False
    messages.success(request, f"{len(made)}件の目標を設定しました。公表済みの内容は変わりません。")
    return True


def _make_periods(
    request: HttpRequest, found: Preparation, periods: list[forms.PeriodLine]
) -> bool:
    if any(one.fault for one in periods):
        messages.error(request, _FAULTS)
        return False
    made = prepare_periods(
        plan=found.plan,
        fiscal_year=found.state.fiscal_year,
        dues={one.period.term: one.due for one in periods if one.due is not None},
        by=request.user,  # type: ignore[arg-type]  # staff only
    )
    if not made:
        messages.warning(request, "登録する報告期間がありません。")
        return False
    names = "、".join(one.period.label for one in made)
    messages.success(
        request, f"{names}を準備中で登録しました。入力は「入力を始める」で始まります。"
    )
    return True


def _carry(request: HttpRequest, found: Preparation, chosen: set[int]) -> bool:
    year = found.state.fiscal_year
    made = carry_actions(
        plan=found.plan,
        fiscal_year=year,
        actions=chosen,
        by=request.user,  # type: ignore[arg-type]  # staff only
    )
    if not made:
        messages.warning(request, "引き継ぐアクションが選ばれていません。")
        return False
    messages.success(
        request, f"{len(made)}件のアクションを{fiscal_year_label(year)}に引き継ぎました。"
    )
    return True


def _keys(texts: list[str]) -> set[int]:
    return {int(one) for one in texts if one.isascii() and one.isdigit() and len(one) < 19}
