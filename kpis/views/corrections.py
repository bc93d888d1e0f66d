"""The page of corrections (訂正表): what each new version of a period changed, newest first."""

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

from django.http import HttpRequest, HttpResponse

from kpis import tables
from kpis.differences import differences
from kpis.progress import PlanProgress
from kpis.selectors import verified_progress
from kpis.views.answers import answer
from kpis.views.kept import once
from kpis.views.publication import Page


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction; without a day it is what publishing the live records now would correct."""

    heading: str
    published_at: dt.datetime | None
    reason: str
    table: tables.CorrectionsTable | None  # None where the contents are the same


@once
def corrections(request: HttpRequest, page: Page) -> HttpResponse:
    """Show what changed from version to version of the shown period."""
    contents = verified_progress(page.shown.versions)
    if page.progress.edition is None:
        contents = [page.progress, *contents]
    found = [_correction(before, after) for after, before in pairwise(contents)]
    context = page.context(f"{page.progress.period.label}の訂正表", corrections=found)
    return answer(request, page, "kpis/corrections.html", context, [one.table for one in found])


def _correction(before: PlanProgress, after: PlanProgress) -> Correction:
    old, new = before.edition, after.edition
    number = 0 if old is None else old.version
    heading = f"第{number}版から" + ("公表前の内容へ" if new is None else f"第{new.version}版へ")
    rows = differences(before, after)
    key = f"corrections-{'preview' if new is None else new.version}"
    return Correction(
        heading=heading,
        published_at=None if new is None else new.published_at,
        reason="" if new is None else new.reason,
        table=tables.corrections_table(key, rows, f"{heading}の訂正（{len(rows)}件）")
        if rows
        else None,
    )
