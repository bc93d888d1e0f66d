"""Answers made once for the same publication and kept in memory, for readers who have not signed in.

A publication never changes, so neither does its page: by what else a page tells of, which
publications there are, which plan is the front page's and what day it is, a copy is known to be
good still. The memory dies with the program, so no page outlives the templates that it was made with.
"""

import datetime as dt
import gzip
import hashlib
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag

from kpis.memory import Memory
from kpis.selectors import Issued, Shown, is_verified, issued
from kpis.views.conditional import CHANGING

View = Callable[..., HttpResponse]
Address = tuple[str, str]  # the path, and the query as it was sent

_GZIP = "gzip"
# What tells of the body alone; an answer without it has none of these.
_OF_BODY = ("Content-Type", "Content-Encoding", "Content-Disposition", "Content-Length")


@dataclass(frozen=True, slots=True)
class Origin:
    """From what an answer was made: while this stands, whoever asks for it gets the same."""

    issued: Issued
    publication: str
    day: dt.date
    is_front: bool
    query: str  # that of the links that lead to it

    @classmethod
    def of(cls, shown: Shown, day: dt.date, query: str, is_front: bool) -> "Origin":
        """Return the origin of what showed the publication on the day on which it was begun."""
        return cls(shown.issued, shown.publication.sha256, day, is_front, query)

    @property
    def stands(self) -> bool:
        """Return whether the same would be made now, from what was read and verified; one query."""
        if self.day != timezone.localdate() or not is_verified(self.publication):
            return False
        return issued("" if self.is_front else self.issued.slug) == self.issued


@dataclass(frozen=True, slots=True)
class Copy:
    """A page as it goes over the line, in one of its two forms."""

    origin: Origin
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def of(cls, origin: Origin, response: HttpResponse) -> "Copy":
        """Return the answer compressed, which a page without a secret may be: always the same."""
        patch_vary_headers(response, ("Accept-Encoding", "Cookie"))
        headers = {**dict(response.items()), "Content-Encoding": _GZIP, "Cache-Control": CHANGING}
        return cls(origin, headers, b"").holding(gzip.compress(response.content, mtime=0))

    def holding(self, body: bytes) -> "Copy":
        """Return the copy with this body, by whose bytes it is known."""
        etag = quote_etag(hashlib.sha256(body).hexdigest())
        known = {"ETag": etag, "Content-Length": str(len(body))}
        return replace(self, headers={**self.headers, **known}, body=body)

    def unpacked(self) -> "Copy":
        """Return the page for whoever does not take it compressed, which is another copy."""
        plain = {name: one for name, one in self.headers.items() if name != "Content-Encoding"}
        return replace(self, headers=plain).holding(gzip.decompress(self.body))

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Return the page, or 304 where the reader's own copy is good."""
        known: HttpResponse | None = get_conditional_response(request, self.headers["ETag"])
        if known is None:
            return HttpResponse(self.body, headers=self.headers)
        if known.status_code == HTTPStatus.NOT_MODIFIED:
            for name, value in self.headers.items():
                if name not in _OF_BODY:
                    known.headers[name] = value
        return known


# The pages to which links lead, by plan and publication, some 5 KB each, and apart from them those
# that are narrowed by a query: of these anybody can think up as many as they like, and they must
# not push the others out. Few ask for a page that is not compressed: the last are kept so as well.
# Room is counted in bytes.
_pages: Memory[Address, Copy] = Memory(room=32_000_000, most=5_000)
_narrowed: Memory[Address, Copy] = Memory(room=8_000_000, most=1_000)
_plain: Memory[str, Copy] = Memory(room=8_000_000, most=1_000)
_files: Memory[Hashable, bytes] = Memory(room=32_000_000, most=200)

_made_once: set[View] = set()


def once(view: View) -> View:
    """Declare that the view's answer comes from the publication and the address alone.

    Only such an answer is made once for all readers. A person who has signed in gets their own, and
    a preview is live: both are made anew and leave nothing behind.
    """
    _made_once.add(view)
    return view


def is_made_once(view: View) -> bool:
    """Return whether the view has declared so; while a program is written, pages are made anew."""
    return view in _made_once and not settings.DEBUG


def to_be_kept(response: HttpResponse, origin: Origin) -> HttpResponse:
    """Ask the middleware to keep the answer; what is not there is not kept."""
    if response.status_code == HTTPStatus.OK:
        response.origin = origin  # type: ignore[attr-defined]
    return response


def recall(request: HttpRequest) -> HttpResponse | None:
    """Return the answer that was made for another reader of the address; None for none."""
    address = _address(request)
    copy = _pages.get(address) or _narrowed.get(address)
    if copy is None or not copy.origin.stands:
        return None
    return _in_form(request, copy).answer(request)


class KeptPages:
    """Middleware: who has no session gets a kept page before anybody asks who it is.

    It stands inside what every answer passes, and outside all that is about persons.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take what answers where nothing is kept."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the kept answer, or a new one, which is kept where its view asked for it."""
        if (
            request.method in ("GET", "HEAD")
            and settings.SESSION_COOKIE_NAME not in request.COOKIES
        ):
            request.get_host()  # raises DisallowedHost, as it would further inside
            kept = recall(request)
            if kept is not None:
                return kept
        response = self.get_response(request)
        origin = getattr(response, "origin", None)
        return response if origin is None else _keep(request, Copy.of(origin, response))


def recall_file(key: Hashable) -> bytes | None:
    """Return the content of the data file with this key; None where it is not in memory."""
    return _files.get(key)


def keep_file(key: Hashable, content: bytes) -> None:
    """Keep the content of a data file, of which only small ones are whole in memory."""
    _files.keep(key, content, len(content))


def forget() -> None:
    """Forget every answer, as a restart does."""
    for memory in (_pages, _narrowed, _plain, _files):
        memory.clear()


def _address(request: HttpRequest) -> Address:
    return request.path, request.META.get("QUERY_STRING", "")


def _keep(request: HttpRequest, copy: Copy) -> HttpResponse:
    address = _address(request)
    is_linked = address == (_spelling(request), copy.origin.query)
    memory = _pages if is_linked else _narrowed
    memory.keep(address, copy, len(copy.body) + sum(map(len, address)))
    return _in_form(request, copy).answer(request)


def _in_form(request: HttpRequest, copy: Copy) -> Copy:
    """Return the copy compressed for whoever takes it so."""
    if _GZIP in request.META.get("HTTP_ACCEPT_ENCODING", ""):
        return copy
    plain = _plain.get(copy.headers["ETag"])
    if plain is None:
        plain = copy.unpacked()
        _plain.keep(copy.headers["ETag"], plain, len(plain.body))
    return plain


def _spelling(request: HttpRequest) -> str:
    """Return the one spelling of the address that links have: ``strategies/01/`` is another."""
    match = request.resolver_match
    return reverse(match.view_name, args=match.args, kwargs=match.kwargs) if match else ""
