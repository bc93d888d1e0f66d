"""Answers that readers may keep: with an ETag and a date, and 304 where theirs is still good."""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import (
    get_conditional_response,
    patch_cache_control,
    patch_vary_headers,
)
from django.utils.http import http_date, parse_http_date_safe, quote_etag

# A newer publication may take the place of one at any time.
CHANGING = "no-cache"
_KEPT = (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED)


@dataclass(frozen=True, slots=True)
class Stamp:
    """By what a reader's copy is known, and how long it may be kept unasked."""

    etag: str
    modified: dt.datetime
    cache_control: str

    def put_on(self, response: HttpResponseBase) -> None:
        """Write the headers."""
        response["ETag"] = quote_etag(self.etag)
        response["Last-Modified"] = http_date(int(self.modified.timestamp()))
        response["Cache-Control"] = self.cache_control


def stamped(
    request: HttpRequest, stamp: Stamp, make: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Return what ``make`` makes, or 304 or 412 without making it where the request says so.

    What changes is known by its own date alone and not by any later one: where the clock was set
    back, a newer publication is dated before the older one, whose copy must not stay.
    """
    date: int | None = int(stamp.modified.timestamp())
    had = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    if stamp.cache_control == CHANGING and had != date:
        date = None
    early = get_conditional_response(request, etag=quote_etag(stamp.etag), last_modified=date)
    response = make() if early is None else early
    if response.status_code in _KEPT:
        stamp.put_on(response)
    return response


def is_signed_in(request: HttpRequest) -> bool:
    """Return whether somebody has signed in; who has no session is not looked for."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated


def for_the_reader(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return a page with what its reader may do with a copy of it, or 304 where theirs is good.

    Anybody's copy is known by its bytes, compressed or not. There is no date: a page also tells of
    other publications and of the day. What a person who signed in sees, with their name and what
    members see, no cache keeps. An answer that says of itself how it may be kept stays as it is.
    """
    if response.status_code != HTTPStatus.OK or response.has_header("Cache-Control"):
        return response
    patch_vary_headers(response, ("Cookie",))
    if is_signed_in(request):
        patch_cache_control(response, private=True, no_store=True)
        return response
    response["ETag"] = quote_etag(hashlib.sha256(response.content).hexdigest())
    response["Cache-Control"] = CHANGING
    return get_conditional_response(request, response["ETag"], response=response) or response
