"""What the staff pages share: finding a period or a plan, who may enter, and short texts."""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from actions.models import Plan
from kpis.models import ReportingPeriod
from kpis.rounds import ENTER, MANAGE, PREVIEW, STEPS, Move, PeriodState, editor_permission
from kpis.selectors.actiongrid import has_actions
from kpis.services.actionyears import CHANGE as CHANGE_ACTIONS

# Texts of a few lines, of which a page may hold many.
SHORT_TEXTS: dict[type[models.Field], dict[str, Any]] = {
    models.TextField: {"widget": forms.Textarea(attrs={"rows": 3, "cols": 80})},
    models.CharField: {"widget": forms.TextInput(attrs={"size": 60})},
}
# Texts in a table of many columns.
NARROW_TEXTS: dict[type[models.Field], dict[str, Any]] = {
    models.TextField: {"widget": forms.Textarea(attrs={"rows": 2, "cols": 22})},
    models.CharField: {"widget": forms.TextInput(attrs={"size": 24})},
}

PageView = Callable[..., HttpResponse]


def period_page(
    admin: ModelAdmin, view: PageView, permission: str = PREVIEW, methods: str = "GET HEAD POST"
) -> PageView:
    """Return the view behind the admin's sign-in; it gets the period in place of its key.

    Raises PermissionDenied for staff without the permission, Http404 for an unknown period.
    """

    @require_http_methods(methods.split())
    @wraps(view)
    def found(request: HttpRequest, pk: int, *parts: Any, **named: Any) -> HttpResponse:
        if not request.user.has_perm(permission):
            raise PermissionDenied
        period = get_object_or_404(ReportingPeriod.objects.select_related("plan"), pk=pk)
        return view(request, period, *parts, **named)

    return admin.admin_site.admin_view(found)


def plan_page(
    admin: ModelAdmin,
    view: PageView,
    needed: Collection[str],
    methods: str = "GET HEAD POST",
) -> PageView:
    """Return the view behind the admin's sign-in; it gets the plan in place of its key.

    Raises PermissionDenied for staff who lack one of the permissions, Http404 for an unknown plan.
    """

    @require_http_methods(methods.split())
    @wraps(view)
    def found(request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perms(needed):
            raise PermissionDenied
        return view(request, get_object_or_404(Plan, pk=pk))

    return admin.admin_site.admin_view(found)


def plan_context(admin: ModelAdmin, request: HttpRequest, plan: Plan, title: str) -> dict[str, Any]:
    """Return what every page about a plan shows: the admin's frame and the plan."""
    frame = {**admin.admin_site.each_context(request), "title": title, "opts": admin.opts}
    return {**frame, "plan": plan}


def may_edit(request: HttpRequest, state: PeriodState) -> bool:
    """Return whether this person may change figures of a period in this state."""
    permission = editor_permission(state)
    return permission is not None and request.user.has_perm(permission)


def may_record_actions(request: HttpRequest, state: PeriodState) -> bool:
    """Return whether this person may write of the actions of a period in this state."""
    return may_edit(request, state) and request.user.has_perm(CHANGE_ACTIONS)


def offered_moves(request: HttpRequest, period: ReportingPeriod) -> list[Move]:
    """Return the moves that this person may make now, the way forward first.

    Beginning a round has a page of its own: it asks for the due date.
    """
    steps = [
        step
        for step in STEPS.values()
        if period.stands in step.before
        and step.move is not Move.OPEN
        and request.user.has_perm(step.permission)
    ]
    return [step.move for step in sorted(steps, key=lambda step: step.needs_reason)]


def page_context(
    admin: ModelAdmin, request: HttpRequest, period: ReportingPeriod | None, title: str
) -> dict[str, Any]:
    """Return what every page of a round shows: the admin's frame, the period and its state."""
    context = {**admin.admin_site.each_context(request), "title": title, "opts": admin.opts}
    if period is not None:
        context |= {
            "period": period,
            "plan": period.plan,
            "state": period.stands,
            "moves": offered_moves(request, period),
            "has_actions": has_actions(period),
            "can_edit": may_edit(request, period.stands),
            "can_enter": request.user.has_perm(ENTER),
            "can_manage": request.user.has_perm(MANAGE),
        }
    return context
