"""The record of 普及・周知 with its totals."""

from django.http import HttpRequest, HttpResponse

from kpis import tables
from kpis.publicity import totals
from kpis.views.answers import answer
from kpis.views.kept import once
from kpis.views.publication import Page


@once
def publicity(request: HttpRequest, page: Page) -> HttpResponse:
    """Show each record with the sum up to it, and above all what the sums are."""
    records = page.progress.publicity
    table = tables.publicity_table(page.progress)
    context = page.context("普及・周知", table=table, totals=totals(records), number=len(records))
    return answer(request, page, "kpis/publicity.html", context, [table])
