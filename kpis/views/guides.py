"""The guides: an index, and a page for each role. They show the example only, so anyone may read."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kpis.guides import GUIDES, guide_named


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the guides by role."""
    return render(request, "guide/index.html", {"title": "手引き", "guides": GUIDES})


@require_safe
def guide(request: HttpRequest, name: str) -> HttpResponse:
    """Show one guide, with steps and pictures. Raises Http404 for an unknown one."""
    found = guide_named(name)
    if found is None:
        raise Http404("その手引きはありません。")
    context = {"title": found.title, "guide": found, "guides": GUIDES}
    return render(request, f"guide/{found.name}.html", context)
