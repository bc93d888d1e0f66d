"""The pages of actions: the list with its schedule, and each action's own page."""

from typing import Any
from urllib.parse import parse_qsl

from django.core.paginator import Page as Sheet
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse

from actions.fiscal import Term, fiscal_year_label
from kpis import figures, tables
from kpis.actionfilter import select
from kpis.actionwords import (
    NOW,
    PRIORITY,
    about_examples,
    evaluation_counts,
    evaluation_shown,
    shown_name,
    standing,
    stretches,
)
from kpis.choices import Selection
from kpis.links import with_query
from kpis.progress import ActionProgress, ActionYear, PlanProgress
from kpis.views.answers import answer
from kpis.views.kept import once
from kpis.views.publication import Page

EACH = 50  # actions on a page of the list; only these are drawn


@once
def actions(request: HttpRequest, page: Page) -> HttpResponse:
    """Show the actions that fit what is asked: counts, schedule and list, 50 at a time.

    A table as CSV holds all that fit.
    """
    progress = page.progress
    selection = select(progress, request.GET.dict())
    sheets = Paginator(selection.found, EACH)
    sheet = sheets.get_page(request.GET.get("page"))
    shown = selection.found if "table" in request.GET else list(sheet)
    year = fiscal_year_label(progress.period.fiscal_year)
    span = _span(sheet)
    found = [
        tables.action_table(progress, shown, f"アクションの一覧（{year}、{span}）", page.links),
        tables.schedule_table(progress, shown, f"年度別の段階（{span}）", page.links),
    ]
    context = page.context(
        "アクション",
        year=year,
        **_heads(progress),
        selection=selection,
        kept=parse_qsl(page.links.keep.removeprefix("?")),
        found_words=f"{len(selection.found):,}件",
        table=found[0],
        schedule=found[1],
        figures=[
            (f"schedule-{place}", figure)
            for place, figure in enumerate(figures.schedule(progress, list(sheet)), 1)
        ],
        schedule_caption=f"{NOW}と色の帯は{year}。■は計画より遅れているもの",
        sheet=sheet,
        sheet_number=str(sheet.number),
        sheets=_sheet_links(page, selection, sheet),
        about_examples=about_examples(shown),
    )
    return answer(request, page, "kpis/actions.html", context, found, selection.query)


def _span(sheet: Sheet[ActionProgress]) -> str:
    """Return which of how many actions are shown: 51～100件目／120件, where all fit 12件."""
    number = f"{sheet.paginator.count:,}件"
    if sheet.paginator.num_pages == 1:
        return number
    return f"{sheet.start_index():,}～{sheet.end_index():,}件目／{number}"


def _heads(progress: PlanProgress) -> dict[str, Any]:
    """Return the counts of the whole plan in the period's fiscal year, examples apart."""
    real = [one for one in progress.actions if not one.is_example]
    standings = [standing(one, progress.period.fiscal_year) for one in real]
    return {
        "total": f"{len(real):,}",
        "priority": f"{sum(one.is_priority for one in real):,}",
        "priority_mark": PRIORITY,
        "examples": len(progress.actions) - len(real),
        "late": f"{sum(one.is_late for one in standings):,}",
        "counts": evaluation_counts(standings),
    }


def _sheet_links(
    page: Page, selection: Selection[ActionProgress], sheet: Sheet[ActionProgress]
) -> list[tuple[str, str]]:
    """Return the label and address of each page of the list; the address is blank where none is."""
    numbers = sheet.paginator.get_elided_page_range(sheet.number)
    return [
        (str(one), with_query(page.links.actions(selection.query), f"page={one}"))
        if isinstance(one, int)
        else (str(one), "")
        for one in numbers
    ]


@once
def action(request: HttpRequest, page: Page, code: str) -> HttpResponse:
    """Show one action: what it is, its KPIs, and PLAN, DO, CHECK and ACTION year by year."""
    progress = page.progress
    found = next((one for one in progress.actions if one.code == code), None)
    if found is None:
        raise Http404(f"アクション {code} はこの計画にありません。")
    linked = [one for one in progress.indicators if one.code in found.indicator_codes]
    caption = f"{found.code}に関連する指標"
    table = (
        tables.indicator_table(f"action-{code}", progress, linked, caption, page.links)
        if linked
        else None
    )
    plan, year = progress.plan, progress.period.fiscal_year
    context = page.context(
        f"{found.code} {shown_name(found)}",
        action=found,
        priority_mark=PRIORITY,
        standing=standing(found, progress.period.fiscal_year),
        place=next(
            (pair for pair in progress.measures if pair[1].code == found.measure_code), None
        ),
        schedule=stretches(found, range(plan.start_year, plan.end_year + 1)),
        table=table,
        current=_year(found.year(year), progress),
        others=[_year(one, progress) for one in found.years if one.fiscal_year != year],
        about_examples=about_examples([found]),
    )
    return answer(request, page, "kpis/action.html", context, [table])


def _year(year: ActionYear | None, progress: PlanProgress) -> dict[str, Any] | None:
    """Return a fiscal year and what the period can tell of it, None where nothing is written."""
    if year is None:
        return None
    period = progress.period
    return {
        "year": year,
        "shown": evaluation_shown(year.evaluation),
        "is_ahead": year.fiscal_year > period.fiscal_year,
        "is_under_way": year.fiscal_year == period.fiscal_year and period.term is Term.H1,
    }
