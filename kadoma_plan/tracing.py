"""A number for each request: in every line of the log, in its answer, and on the page of an error."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template import loader

from kadoma_plan.logs import current
from kpis.services.journal import Act, note

Answer = Callable[[HttpRequest], HttpResponseBase]


def _number() -> str:
    return secrets.token_hex(4)  # short enough to be told on the telephone


@dataclass(frozen=True, slots=True)
class Tracked:
    """A request on its way."""

    request: HttpRequest
    number: str = field(default_factory=_number)

    def facts(self) -> dict[str, object]:
        """Return what each line of the request tells; asks nothing of the database."""
        user = getattr(self.request, "_cached_user", None)  # whom a page has looked up already
        return {
            "person": user.get_username() if user is not None else "",
            "address": self.request.META.get("REMOTE_ADDR", ""),
            "request": self.number,
        }


def trace(get_response: Answer) -> Answer:
    """Return the next layer with a number for each request; log who was refused, and who took drafts out in a file."""

    def traced(request: HttpRequest) -> HttpResponseBase:
        tracked = Tracked(request)
        token = current.set(tracked)
        try:
            response = get_response(request)
            _tell(request, response)
        finally:
            current.reset(token)
        if response.status_code >= HTTPStatus.BAD_REQUEST:  # what somebody may ask about
            response["X-Request-ID"] = tracked.number
        return response

    return traced


def _tell(request: HttpRequest, response: HttpResponseBase) -> None:
    path = request.path_info
    if response.status_code == HTTPStatus.FORBIDDEN:
        note(Act.REFUSED, level=logging.WARNING, method=request.method, path=path)
    elif path.startswith("/admin/") and "attachment" in response.get("Content-Disposition", ""):
        note(Act.TAKEN_OUT, path=path)


def server_error(request: HttpRequest) -> HttpResponse:
    """Show that something went wrong, with the number under which the log tells what."""
    tracked = current.get()
    number = "" if tracked is None else tracked.number
    page = loader.get_template("500.html").render({"number": number})
    return HttpResponse(page, status=HTTPStatus.INTERNAL_SERVER_ERROR)
