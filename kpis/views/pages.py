"""The pages of a plan, public and previewed; each view's context is its template's contract."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from actions.fiscal import Term, fiscal_year_of
from kpis import figures, opendata, rulebook, tables
from kpis.actionwords import about_examples, in_order, standing
from kpis.changes import since_last
from kpis.followups import account
from kpis.kgiwords import FOLLOWS
from kpis.links import Issue
from kpis.lives import has_ended, life_words, predecessors
from kpis.opendata.files import DataFile
from kpis.opendata.metadata import offered
from kpis.progress import IndicatorProgress, PlanProgress
from kpis.projection import DISCLAIMER, indicator_words, kgi_words
from kpis.remarks import NO_CHART, forecast_words, trend_words
from kpis.selectors import front_plan, published_plans, verified_progress
from kpis.views.answers import answer
from kpis.views.conditional import for_the_reader
from kpis.views.kept import once
from kpis.views.overview import newest, overview
from kpis.views.publication import Page, plan_page
from kpis.vocabulary import Kind

PLANS_EACH = 100  # of a prefecture's plans, on one page of their list
_front_page = plan_page(overview, is_front=True)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the newest publication of the current plan; where it has none, what else there is."""
    plan = front_plan()
    if plan is None:
        return render(request, "kpis/empty.html", {"title": "計画がまだ登録されていません"})
    if not plan.is_published:
        return plans(request)
    return _front_page(request, plan.slug)


@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """Show every published plan: those under way, and those whose years are over; 100 a page."""
    found, year = published_plans(), fiscal_year_of(timezone.localdate())
    listed = sorted(found, key=lambda one: one.end_year < year)  # stable: else their order stays
    sheets = Paginator(listed, PLANS_EACH)
    sheet = sheets.get_page(request.GET.get("page"))
    going_on = [one for one in sheet if one.end_year >= year]
    over = [one for one in sheet if one.end_year < year]
    ended = sum(one.end_year < year for one in found)
    numbers = (str(one) for one in sheets.get_elided_page_range(sheet.number))
    context = {
        "title": "計画一覧",
        "groups": [
            ("実施中の計画", len(found) - ended, going_on),
            ("終了した計画", ended, over),
        ],
        "any": bool(found),
        "waiting": request.path == reverse("kpis:home"),
        "sheet": sheet,
        "sheet_number": str(sheet.number),
        "sheets": [(one, f"?page={one}" if one.isdigit() else "") for one in numbers],
    }
    return for_the_reader(request, render(request, "kpis/plans.html", context))


@once
def indicator(request: HttpRequest, page: Page, code: str) -> HttpResponse:
    """Show one KPI: where it stands, its trend, its rule at work, and what was published of it."""
    found = page.progress.indicator(code)
    if found is None:
        raise Http404(f"指標 {code} はこの計画にありません。")
    year = found.year(page.progress.period.fiscal_year)
    table, history = tables.year_table(found, page.progress), _history_table(page, code)
    revisions, ahead = tables.revisions_table(found), indicator_words(found)
    context = page.context(
        f"{found.code} {found.name}",
        indicator=found,
        strategy=page.progress.strategy(found.strategy_number),
        result=found.at(page.progress.period),
        change=since_last(page.progress, found),
        account=account(found, page.progress.period),
        target=None if year is None else year.target,
        measures=[one for _, one in page.progress.measures if one.code in found.measure_codes],
        trend=None if found.rule.kind is Kind.MILESTONE else figures.trend(found),
        no_chart=NO_CHART,
        trend_caption=trend_words(found, bool(ahead)),
        forecast=_forecast(found, page),
        projection=ahead,
        disclaimer=DISCLAIMER,
        table=table,
        revisions=revisions,
        life=life_words(page.progress, found),
        successor=page.progress.indicator(found.successor),
        predecessors=predecessors(page.progress, code),
        indicator_ended=has_ended(found, page.progress.period.fiscal_year),
        history=history,
        **_linked_actions(page.progress, code),
    )
    return answer(request, page, "kpis/indicator.html", context, [table, revisions, history])


def _linked_actions(progress: PlanProgress, code: str) -> dict[str, Any]:
    """Return the actions that are linked to the indicator, as they stand in the period's year."""
    linked = [one for one in in_order(progress) if code in one.indicator_codes]
    return {
        "linked_actions": [standing(one, progress.period.fiscal_year) for one in linked],
        "about_examples": about_examples(linked),
    }


def _forecast(found: IndicatorProgress, page: Page) -> str:
    """Return what the shown period foresees of the year's end, blank for nothing."""
    result = found.at(page.progress.period)
    return "" if result is None else forecast_words(found, result.actual)


def _history_table(page: Page, code: str) -> tables.HistoryTable | None:
    """Return what was published of the indicator, None before the first publication."""
    history = verified_progress(page.shown.publications)
    return tables.history_table(code, history, page.links) if history else None


@once
def kgi(request: HttpRequest, page: Page) -> HttpResponse:
    """Show the KGIs: index against the comparator and the difference in points."""
    rows = [
        newest(one, page.progress)
        | {
            "figure": figures.kgi_index(one),
            "key": figures.kgi_key(one),
            "projection": kgi_words(one),
            "table": tables.kgi_table(one),
            "revisions": tables.kgi_revisions_table(one),
        }
        for one in page.progress.kgis
    ]
    context = page.context(
        "KGI（重要目標達成指標）", kgis=rows, follows=FOLLOWS, disclaimer=DISCLAIMER
    )
    found = [row[name] for name in ("table", "revisions") for row in rows]
    return answer(request, page, "kpis/kgi.html", context, found)


@once
def rules(request: HttpRequest, page: Page) -> HttpResponse:
    """Show the formulas, roundings and bands, with examples from the plan's own figures."""
    bands = [tables.bands_table(page.progress, term) for term in (Term.H1, Term.FY)]
    others = {
        "formulas": tables.formulas_table(page.progress),
        "rounding": tables.rounding_table(page.progress, page.links),
        "reasons": tables.reasons_table(),
        "no_rate": tables.no_rate_table(),
        "open_targets": tables.open_targets_table(page.progress, page.links),
    }
    context = page.context("算定ルールと判定基準", bands=bands, rulebook=rulebook, **others)
    return answer(request, page, "kpis/rules.html", context, [*bands, *others.values()])


@once
def data(request: HttpRequest, page: Page) -> HttpResponse:
    """Show the open data's files and where they stay, its dictionary, code lists and licence."""
    files = offered(page.progress)
    explained = {
        "issues": _issues_table(page, files),
        "characters": tables.characters_table(page.progress),
        "dictionary": tables.dictionary_table(),
        "others": tables.others_table(),
        "codes": tables.codes_table(page.progress),
    }
    context = page.context(
        "オープンデータ",
        description=opendata.DESCRIPTION,
        files=[(one.label, page.links.file(one.name, one.query)) for one in files],
        license=opendata.LICENSE,
        license_address=opendata.LICENSE_ADDRESS,
        **explained,
    )
    return answer(request, page, "kpis/data.html", context, explained.values())


def _issues_table(page: Page, files: Sequence[DataFile]) -> tables.IssueTable | None:
    """Return where the publications' data stay; a preview does not lead there."""
    if page.progress.edition is None:
        return None
    issues = [
        Issue.of(one.period.period, one.version, one.published_at)
        for one in page.shown.publications
    ]
    return tables.issues_table(issues, page.links, files)
