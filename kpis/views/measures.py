"""A measure's page: its text, its KPIs, its actions by actor, and what the council said of it."""

from django.http import Http404, HttpRequest, HttpResponse

from actions.fiscal import fiscal_year_label
from actions.vocabulary import Actor
from kpis import tables
from kpis.opinions import ABOUT_EXAMPLES, about_measure
from kpis.progress import MeetingProgress
from kpis.selectors import seen_meetings
from kpis.tree import MeasureBranch, measure_branch
from kpis.views.answers import answer
from kpis.views.publication import Page


def measure(request: HttpRequest, page: Page, code: str) -> HttpResponse:
    """Show one measure with all that belongs to it; of the council what this person may see."""
    found = next((pair for pair in page.progress.measures if pair[1].code == code), None)
    if found is None:
        raise Http404(f"施策 {code} はこの計画にありません。")
    audiences = seen_meetings(page.progress.plan.slug, request.user)
    meetings = about_measure(page.progress, code, audiences)
    grown = measure_branch(page.progress, found[1])
    table = _indicators(page, grown)
    actors = [(one.label, _actions(page, grown, one)) for one in Actor]
    opinions = tables.opinion_table(code, meetings, audiences, page.progress, page.links)
    context = page.context(
        f"施策{code} {found[1].name}",
        strategy=found[0],
        measure=found[1],
        branch=grown.branch,
        year=fiscal_year_label(page.progress.period.fiscal_year),
        table=table,
        actors=actors,
        opinions=opinions,
        about_examples=_examples(grown, meetings),
    )
    shown = [table, *(one for _, one in actors), opinions]
    return answer(request, page, "kpis/measure.html", context, shown)


def _indicators(page: Page, grown: MeasureBranch) -> tables.IndicatorTable | None:
    """Return the measure's KPIs at the shown period, None without any."""
    linked = [one.indicator for one in grown.branch.indicators]
    if not linked:
        return None
    code = grown.measure.code
    caption = f"施策{code} {grown.measure.name}に関連する指標"
    return tables.indicator_table(f"measure-{code}", page.progress, linked, caption, page.links)


def _actions(page: Page, grown: MeasureBranch, actor: Actor) -> tables.ActorTable | None:
    """Return what the actor does for the measure, None for nothing."""
    leaves = grown.by(actor)
    if not leaves:
        return None
    return tables.actor_table(grown.measure.code, actor, leaves, page.progress, page.links)


def _examples(grown: MeasureBranch, meetings: tuple[MeetingProgress, ...]) -> str:
    """Return what is said of made-up samples, blank where the page shows none."""
    shown = grown.branch.examples or any(one.is_example for one in meetings)
    return ABOUT_EXAMPLES if shown else ""
