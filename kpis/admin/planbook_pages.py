"""The plan book as staff download it: a plan's own, an empty one, and an example."""

from collections.abc import Callable
from functools import wraps

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from actions.models import Plan
from kpis.admin.workbook_pages import attachment
from kpis.planbook.example import EXAMPLE
from kpis.rounds import PREVIEW
from kpis.selectors import plan_book
from kpis.workbooks import plan_book_template, plan_book_workbook

_NAME = "actions_plan_book"
# The book holds what is not published yet, so whoever may look at a plan needs the preview as well.
_NEEDED = ("actions.view_plan", PREVIEW)
View = Callable[..., HttpResponse]


def plan_book_urls(admin: ModelAdmin) -> list[URLPattern]:
    """Return the addresses of the three files."""
    return [
        path("<int:pk>/book/", _guarded(admin, _book), name=_NAME),
        path("book/template/", _guarded(admin, _template), name=f"{_NAME}_template"),
        path("book/example/", _guarded(admin, _example), name=f"{_NAME}_example"),
    ]


def may_take_books(request: HttpRequest) -> bool:
    """Return whether this person may download plan books."""
    return request.user.has_perms(_NEEDED)


def plan_book_link(plan: Plan) -> SafeString:
    """Return a link to the plan's book."""
    return format_html(
        '<a href="{}">計画ブック（Excel）</a>', reverse(f"admin:{_NAME}", args=[plan.pk])
    )


def _guarded(admin: ModelAdmin, view: View) -> View:
    """Return the view behind the admin's sign-in. Raises PermissionDenied for staff who may not."""

    @require_safe
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, **keys: int) -> HttpResponse:
        if not may_take_books(request):
            raise PermissionDenied
        return view(**keys)

    return admin.admin_site.admin_view(guarded)


def _book(pk: int) -> HttpResponse:
    """Send the plan's book. Raises Http404 for an unknown plan."""
    plan = get_object_or_404(Plan, pk=pk)
    return attachment(plan_book_workbook(plan_book(plan)), f"{plan.slug}_計画ブック.xlsx")


def _template() -> HttpResponse:
    return attachment(plan_book_template(), "計画ブック_空.xlsx")


def _example() -> HttpResponse:
    """Send the made-up plan: it holds nobody's drafts, and a new site has it as well."""
    return attachment(plan_book_workbook(EXAMPLE), "計画ブック_記入例.xlsx")
