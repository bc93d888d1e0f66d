"""Answers made once for the same publication and kept in memory, for readers who have not signed in.

A publication never changes, so neither does its page: what else a page tells of, which publications
there are, which plan is the front page's and what day it is, is in the key. The memory dies with
the program, so no page outlives the templates that it was made with.
"""

import gzip
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from kpis.memory import Memory
from kpis.selectors import Preview, Shown
from kpis.views.publication import SELECTION, Page

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Copy:
    """A page as it goes over the line: compressed, which a page without a secret may be."""

    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def of(cls, response: HttpResponse) -> "Copy":
        """Return the answer's own headers and its body, the same bytes for the same answer."""
        return cls(dict(response.items()), gzip.compress(response.content, mtime=0))

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Return the page anew, compressed for whoever takes it so."""
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            response = HttpResponse(self.body, headers={**self.headers, "Content-Encoding": "gzip"})
        else:
            response = HttpResponse(gzip.decompress(self.body), headers=self.headers)
        patch_vary_headers(response, ("Accept-Encoding",))
        return response


# The pages to which links lead, by plan and publication, some 5 KB each, and apart from them those
# that are narrowed by a query: of these anybody can think up as many as they like, and they must
# not push the others out. Room is counted in bytes.
_pages: Memory[Hashable, Copy] = Memory(room=32_000_000, most=5_000)
_narrowed: Memory[Hashable, Copy] = Memory(room=8_000_000, most=1_000)
_files: Memory[Hashable, bytes] = Memory(room=32_000_000, most=200)


def once(view: View) -> View:
    """Make the view's answer once for the same publication.

    Only for a view whose answer comes from the publication and the address alone. A person who has
    signed in gets their own, and a preview is live: both are made anew and leave nothing behind.
    """

    @wraps(view)
    def made_once(
        request: HttpRequest, page: Page, *parts: object, **named: object
    ) -> HttpResponse:
        found = page.shown
        if isinstance(found, Preview) or request.user.is_authenticated or settings.DEBUG:
            return view(request, page, *parts, **named)
        memory, key = _place(request, page.links.keep, found)
        copy = memory.get(key)
        if copy is None:
            response = view(request, page, *parts, **named)
            if response.status_code != HTTPStatus.OK:
                return response
            copy = Copy.of(response)
            memory.keep(key, copy, len(copy.body) + len(request.get_full_path()))
        return copy.answer(request)

    return made_once


def file_once(key: Hashable, make: Callable[[], bytes]) -> bytes:
    """Return the content of the data file with this key, made by ``make`` if it is not in memory."""
    content = _files.get(key)
    if content is None:
        content = make()
        _files.keep(key, content, len(content))
    return content


def forget() -> None:
    """Forget every answer, as a restart does."""
    for memory in (_pages, _narrowed, _files):
        memory.clear()


def _place(
    request: HttpRequest, keep: str, found: Shown
) -> tuple[Memory[Hashable, Copy], Hashable]:
    """Return the memory in which the answer belongs, and all that its bytes depend on."""
    publications = tuple(one.sha256 for one in found.publications)
    told = (found.publication.sha256, publications, found.site, timezone.localdate())
    key = (request.path, keep, *told)
    if request.GET.keys() <= SELECTION and request.path == _spelling(request):
        return _pages, key
    return _narrowed, (*key, request.GET.urlencode())


def _spelling(request: HttpRequest) -> str:
    """Return the one spelling of the address that links have: ``strategies/01/`` is another."""
    match = request.resolver_match
    return reverse(match.view_name, args=match.args, kwargs=match.kwargs) if match else ""
