"""What a page answers: itself, or the one of its tables that ``?table=`` names, as CSV."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from kpis.links import with_query
from kpis.tables import Table, table_csv
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
        return render(request, template, context)
    if key not in found:
        raise Http404(f"表「{key}」はこのページにありません。")
    return _csv(page, found[key])


def _csv(page: Page, table: Table) -> HttpResponse:
    media = "text/csv; charset=utf-8"
    return page.download(table_csv(table), media, f"_{table.key}.csv")
