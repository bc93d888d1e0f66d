"""The product with one view more, for a benchmark: so many bytes, and nothing else done for them."""

from functools import cache

from django.http import HttpRequest, HttpResponse
from django.urls import path

from kadoma_plan.wsgi import application

__all__ = ["application"]


@cache
def body(size: int) -> bytes:
    """Return so many bytes."""
    return b"x" * size


def plain(request: HttpRequest, size: int) -> HttpResponse:
    """Return so many bytes, which are always the same."""
    return HttpResponse(body(size))


def _add() -> None:
    from kadoma_plan import urls

    urls.urlpatterns.insert(0, path("plain/<int:size>/", plain))


_add()
