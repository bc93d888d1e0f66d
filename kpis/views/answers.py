"""What a page answers: itself, or the one of its tables that ``?table=`` names, as CSV."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.http import urlencode

from kpis.links import with_query
from kpis.selectors import Preview
from kpis.tables import Table, table_csv
from kpis.views.conditional import CHANGING, Stamp, stamped
from kpis.views.publication import Page


def answer(
    request: HttpRequest,
    page: Page,
    template: str,
    context: dict[str, Any],
    tables: Iterable[Table | None] = (),
    query: str = "",
) -> HttpResponse:
    """Return the page, each table with its address as CSV, or that CSV where it is asked for.

    ``query`` is what else the address must ask for so that the tables are the same.
    """
    found = {table.key: table for table in tables if table is not None}
    key = request.GET.get("table", "")
    if not key:
        for table in found.values():
            asked = with_query(request.path + page.links.keep, query)
            table.address = with_query(asked, urlencode({"table": table.key}))
        return _for_the_reader(request, render(request, template, context))
    if key not in found:
        raise Http404(f"表「{key}」はこのページにありません。")
    return _csv(request, page, found[key])


def _for_the_reader(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return the page; a person's own, with a name and what members see, is for no shared cache."""
    if request.user.is_authenticated:
        patch_cache_control(response, private=True)
    return response


def _csv(request: HttpRequest, page: Page, table: Table) -> HttpResponse:
    content = table_csv(table)
    media = "text/csv; charset=utf-8"
    response = page.download(content, media, f"_{table.key}.csv")
    if isinstance(page.shown, Preview):
        return response
    # A table may tell of other publications too, so the shown one's hash would not do.
    newest = max(one.published_at for one in page.shown.publications)
    stamp = Stamp(hashlib.sha256(content).hexdigest(), newest, CHANGING)
    return stamped(request, stamp, lambda: response)
