"""The doors: guesses at passwords wait in line, and whoever guessed too often is told how long."""

from collections.abc import Callable, Mapping
from threading import BoundedSemaphore, Lock
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

# Checking a password takes some 0.4 s of a processor, by design. A server process answers four at
# once: one checks, two wait, and readers keep the rest, however many guesses come in.
_ROOM = BoundedSemaphore(3)
_TURN = Lock()
_SOON = 3  # seconds


class BoundedSignIn:
    """Lets one after another through the sign-in pages, and asks a crowd to come again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap what answers."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, in turn where a password is sent."""
        if request.method != "POST" or request.path not in _doors():
            return self.get_response(request)
        if not _ROOM.acquire(blocking=False):
            return _later(render(request, "busy.html", status=503), _SOON)
        try:
            with _TURN:
                return self.get_response(request)
        finally:
            _ROOM.release()


def _doors() -> tuple[str, str]:
    return reverse("accounts:login"), reverse("admin:login")


def locked_out(
    request: HttpRequest, response: HttpResponse, credentials: Mapping[str, Any] | None
) -> HttpResponse:
    """Return the page that says how long a name is locked at this address, and what to do.

    The same for names that exist and for others, and for scripts as for browsers.
    """
    seconds = int(settings.AXES_COOLOFF_TIME.total_seconds())
    page = render(request, "locked_out.html", {"minutes": seconds // 60}, status=429)
    return _later(page, seconds)


def _later(response: HttpResponse, seconds: int) -> HttpResponse:
    response["Retry-After"] = str(seconds)
    return response
