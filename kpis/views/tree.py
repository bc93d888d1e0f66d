"""The plan as a tree: principle, strategies, measures, KPIs and actions with their states."""

from django.http import HttpRequest, HttpResponse

from kpis.actionwords import PRIORITY, about_examples
from kpis.tree import tree as grown
from kpis.views.answers import answer
from kpis.views.kept import once
from kpis.views.publication import Page

_FIRST = 5  # actions of a measure; the page of actions has them all


@once
def tree(request: HttpRequest, page: Page) -> HttpResponse:
    """Show the whole plan on one page; of a measure's actions the first few, and how many."""
    progress = page.progress
    context = page.context(
        "計画の体系",
        strategies=grown(progress),
        first=f":{_FIRST}",
        most=_FIRST,
        priority_mark=PRIORITY,
        about_examples=about_examples(progress.actions),
    )
    return answer(request, page, "kpis/tree.html", context)
