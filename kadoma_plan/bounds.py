"""How much a browser may send at once, told before any of it is read."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class BoundedBody:
    """Refuses what is larger than anything that a page takes.

    Files of a form go to the disk while the form is read, and that is before anybody knows whether
    the person may send one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap what answers."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer what is of usual size. A body of no told length is never read."""
        told = request.META.get("CONTENT_LENGTH") or ""
        if told.isdigit() and int(told) > settings.LARGEST_BODY:
            most = settings.LARGEST_BODY // 1024 // 1024
            return render(request, "413.html", {"most": most}, status=413)
        return self.get_response(request)
