"""Answers that readers may keep: with an ETag and a date, and 304 where theirs is still good."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag

# A newer publication may take the place of one at any time.
CHANGING = "no-cache"
_KEPT = (200, 304)


@dataclass(frozen=True, slots=True)
class Stamp:
    """By what a reader's copy is known, and how long it may be kept unasked."""

    etag: str
    modified: dt.datetime
    cache_control: str

    def put_on(self, response: HttpResponse) -> None:
        """Write the headers."""
        response["ETag"] = quote_etag(self.etag)
        response["Last-Modified"] = http_date(int(self.modified.timestamp()))
        response["Cache-Control"] = self.cache_control


def stamped(request: HttpRequest, stamp: Stamp, make: Callable[[], HttpResponse]) -> HttpResponse:
    """Return what ``make`` makes, or 304 or 412 without making it where the request says so."""
    early = get_conditional_response(
        request, etag=quote_etag(stamp.etag), last_modified=int(stamp.modified.timestamp())
    )
    response = make() if early is None else early
    if response.status_code in _KEPT:
        stamp.put_on(response)
    return response
