"""The preview: a plan's pages from live records, for signed-in staff with the right to see them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kpis.links import Links
from kpis.payload import PayloadError
from kpis.selectors import preview_of
from kpis.views.publication import Page, unreadable

PERMISSION = "kpis.preview_reportingperiod"


def preview_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view a period's live records in place of its key; it answers GET and HEAD."""

    @require_safe
    @never_cache
    @wraps(view)
    def found(request: HttpRequest, period: int, *parts: Any, **named: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        if not (request.user.is_staff and request.user.has_perm(PERMISSION)):
            raise PermissionDenied
        try:
            response = view(request, find_preview(period), *parts, **named)
        except PayloadError as error:
            response = unreadable(request, error)
        response["X-Robots-Tag"] = "noindex"
        return response

    return found


def find_preview(period: int) -> Page:
    """Return the page's material. Raises Http404 for a period that was never registered."""
    found = preview_of(period)
    if found is None:
        raise Http404("この報告期間は登録されていません。")
    return Page(found, Links(found.progress.plan.slug, preview=period))
