"""Whether the program lives, and whether it can serve: what a load balancer asks."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kpis.selectors.health import READY, checks


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the program runs; asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 where people can be served, else 503, with a word for each thing needed."""
    found = checks()
    ready = all(one == READY for one in found.values())
    return JsonResponse(
        {"ready": ready, "checks": found},
        status=200 if ready else 503,
        json_dumps_params={"ensure_ascii": False},
    )
