"""The open-data files of a publication, or of a preview."""

import datetime as dt
from collections.abc import Iterator
from itertools import chain

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from actions.fiscal import Period, date_label
from kpis.links import Issue, Links
from kpis.opendata.files import UTF8, WRITER, DataFile
from kpis.opendata.metadata import offered
from kpis.payload import PayloadError
from kpis.selectors import NotPublished, shown
from kpis.views.conditional import CHANGING, Stamp, stamped
from kpis.views.kept import keep_file, recall_file
from kpis.views.publication import Page, unreadable

# A publication stays, but the program that writes its files may learn something.
_LASTING = "public, max-age=86400"
_WHOLE = 1_000_000  # bytes; a larger file is sent while it is made


def data_file(request: HttpRequest, page: Page, name: str) -> HttpResponseBase:
    """Send a data file of the publication asked for, or of the preview."""
    return _answer(request, page, name, CHANGING)


@require_safe
def permanent_file(
    request: HttpRequest, slug: str, period: Period, version: int, day: dt.date, name: str
) -> HttpResponseBase:
    """Send a data file of the one publication that the address names."""
    try:
        page = _issued(slug, Issue(period, version, day))
    except PayloadError as error:
        return unreadable(request, error)
    return _answer(request, page, name, _LASTING)


def _issued(slug: str, issue: Issue) -> Page:
    """Return the publication's page. Raises Http404 where none was made as the address says."""
    try:
        found = shown(slug, issue.period, issue.version)
    except NotPublished as error:
        raise Http404(str(error)) from None
    if Issue.of(issue.period, issue.version, found.publication.published_at) != issue:
        raise Http404(
            f"{issue.period.label}の第{issue.version}版の公表日は{date_label(issue.day)}ではありません。"
        )
    return Page(found, Links(slug))


def _answer(request: HttpRequest, page: Page, name: str, cache_control: str) -> HttpResponseBase:
    file = _asked(request, page, name)
    publication = page.shown.publication
    if publication is None:
        return _download(page, file)
    etag = f"{publication.sha256}-{file.name}-{file.encoding}-{WRITER}"
    stamp = Stamp(etag, publication.published_at, cache_control)
    return stamped(request, stamp, lambda: _download(page, file))


def _asked(request: HttpRequest, page: Page, name: str) -> DataFile:
    """Return the file; ``?encoding=cp932`` for old Excel. Raises Http404 for what is not offered."""
    encoding = request.GET.get("encoding") or UTF8
    named = [one for one in offered(page.progress) if one.name == name]
    for one in named:
        if one.encoding == encoding:
            return one
    if not named:
        raise Http404(f"{name} は公表したデータにだけあります。")
    choices = " か ".join(one.encoding for one in named)
    raise Http404(f"文字コード「{encoding}」は選べません。{choices} を指定してください。")


def _download(page: Page, file: DataFile) -> HttpResponseBase:
    """Send a small file whole, a publication's from memory; of a large one only a part is held."""
    stem, _, end = file.name.partition(".")
    ending = f"{'' if stem == 'kpis' else f'_{stem}'}.{end}"
    publication = page.shown.publication
    key = publication and (publication.sha256, file.name, file.encoding)
    content = recall_file(key) if key else None
    if content is None:
        parts = file.make(page.progress)
        content = b"".join(_begin(parts))
        if len(content) > _WHOLE:
            return page.stream(chain((content,), parts), file.media, ending)
        if key:
            keep_file(key, content)
    return page.download(content, file.media, ending)


def _begin(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the first parts: all of a small file, and of a large one just more than that."""
    size = 0
    while size <= _WHOLE and (part := next(parts, b"")):
        size += len(part)
        yield part
