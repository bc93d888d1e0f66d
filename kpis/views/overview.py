"""The plan's first page and each strategy's: how far, what is behind, what has changed."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from django.http import Http404, HttpRequest, HttpResponse

from kpis import figures, tables
from kpis.actionwords import about_examples
from kpis.behind import behind
from kpis.changes import Move, all_since_last, of_move, since_words
from kpis.choices import Selection
from kpis.headline import headline
from kpis.indicatorfilter import BEHIND, NEED, is_by_need, select
from kpis.kgiwords import REVISED, is_value_revised, recency
from kpis.links import LIST
from kpis.progress import IndicatorProgress, KgiProgress, PlanProgress, StrategyProgress
from kpis.summary import counts
from kpis.tables.kgis import points
from kpis.views.answers import answer
from kpis.views.kept import once
from kpis.views.publication import Page
from kpis.yearly import attainment_sentence, good_words

MOST_BEHIND = 10  # of what is behind; the list, narrowed to it, holds the rest


@once
def overview(request: HttpRequest, page: Page) -> HttpResponse:
    """How far the plan has got: the headline, what is behind, counts, KGIs, and the KPIs asked for."""
    progress = page.progress
    selection = select(progress, request.GET.dict())
    late, more_late = behind(progress, MOST_BEHIND)
    sections = _sections(page, selection)
    counts_table = tables.counts_table(progress)
    attainment = tables.attainment_table(progress, page.links)
    context = page.context(
        progress.plan.name,
        headline=headline(progress),
        counts=counts(progress),
        counts_figure=figures.judgement_counts(progress),
        counts_table=counts_table,
        attainment={
            "table": attainment,
            "sentence": attainment_sentence(progress),
            "good": good_words(progress),
        },
        **_moves(progress),
        late=late,
        more_late=more_late,
        all_late=f"judgement={BEHIND}&order={NEED}",
        about_examples=about_examples(one.action for each in late for one in each.actions),
        kgis=[newest(kgi, progress) for kgi in progress.kgis],
        selection=selection,
        place=f"#{LIST}",
        kept=parse_qsl(page.links.keep.removeprefix("?")),
        asked=[(one.name, one.value) for one in selection.asked],
        found_words=_found_words(selection),
        sections=sections,
    )
    found = [counts_table, attainment, *(table for _, table in sections)]
    return answer(request, page, "kpis/overview.html", context, found, selection.query)


def _moves(progress: PlanProgress) -> dict[str, Any]:
    """Return how many judgements have moved which way since which period."""
    listed = all_since_last(progress, progress.indicators)
    return {
        "since": since_words(listed),
        "moves": [(one, len(of_move(listed, one)), f"change={one.value}") for one in Move],
    }


def _found_words(selection: Selection[IndicatorProgress]) -> str:
    """Return 15件のうち4件, or 全15件 where nothing is asked that leaves some out."""
    found, total = len(selection.found), selection.total
    return f"全{total:,}件" if found == total else f"{total:,}件のうち{found:,}件"


def _sections(
    page: Page, selection: Selection[IndicatorProgress]
) -> list[tuple[StrategyProgress | None, tables.IndicatorTable | None]]:
    """Return a table for each strategy of which any indicator is asked for; by need one for all.

    Where nothing is asked, a strategy without indicators stands with None.
    """
    if is_by_need(selection) and selection.found:
        caption = "対応が必要な順の指標"
        return [(None, _table(page, "indicators", selection.found, caption))]
    codes = {one.code for one in selection.found}
    sections: list[tuple[StrategyProgress | None, tables.IndicatorTable | None]] = []
    for one in page.progress.strategies:
        found = [each for each in one.indicators if each.code in codes]
        if found:
            caption = f"基本戦略{one.number} {one.name}"
            sections.append((one, _table(page, f"strategy-{one.number}", found, caption)))
        elif not selection.asked:
            sections.append((one, None))
    return sections


def _table(
    page: Page, key: str, indicators: Iterable[IndicatorProgress], caption: str
) -> tables.IndicatorTable:
    return tables.indicator_table(key, page.progress, tuple(indicators), caption, page.links)


def newest(kgi: KgiProgress, progress: PlanProgress) -> dict[str, Any]:
    """Return the KGI with its newest growth, the lead, and how old that is."""
    year = kgi.latest
    return {
        "kgi": kgi,
        "latest": year,
        "lead": points(None if year is None else year.difference),
        "revised": REVISED if year is not None and is_value_revised(year) else "",
        "recency": recency(kgi, progress.period),
    }


@once
def strategy(request: HttpRequest, page: Page, number: int) -> HttpResponse:
    """Show one strategy: how it stands, its KPIs for the period and for all years, its measures."""
    found = page.progress.strategy(number)
    if found is None:
        raise Http404(f"基本戦略{number}はこの計画にありません。")
    table = _table(page, f"strategy-{number}", found.indicators, f"基本戦略{number}の指標")
    matrix = tables.matrix_table(page.progress, found, page.links)
    context = page.context(
        f"基本戦略{number} {found.name}",
        strategy=found,
        headline=headline(page.progress, found.indicators, "この基本戦略"),
        counts=counts(page.progress, found.indicators),
        table=table,
        matrix=matrix,
    )
    return answer(request, page, "kpis/strategy.html", context, [table, matrix])
