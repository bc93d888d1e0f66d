"""From a record to the page on which readers see it."""

from collections.abc import Callable
from typing import Any

from actions.models import Plan
from kpis.links import Links
from kpis.models import ReportingPeriod
from kpis.payload import PayloadError
from kpis.progress import PlanProgress
from kpis.selectors import NotPublished, shown

# Whether a publication has the page of this record; pages that are not named always stand.
_STANDS: dict[str, Callable[[PlanProgress, Any], bool]] = {
    "strategy": lambda progress, number: progress.strategy(number) is not None,
    "measure": lambda progress, code: any(one.code == code for _, one in progress.measures),
    "indicator": lambda progress, code: progress.indicator(code) is not None,
    "action": lambda progress, code: any(one.code == code for one in progress.actions),
}
_LIVE_ONLY = ("meeting",)  # pages that the preview lacks


def seen_at(plan: Plan, page: str, *parts: Any) -> str | None:
    """Return the public page of the newest publication; the preview's where it has none yet.

    None where there is neither a publication nor a period to preview.
    """
    if _is_published(plan, page, *parts):
        return Links(plan.slug).to(page, *parts)
    newest = ReportingPeriod.objects.filter(plan=plan).order_by("-fiscal_year", "term").first()
    if newest is None or page in _LIVE_ONLY:
        return None
    return Links(plan.slug, preview=newest.pk).to(page, *parts)


def _is_published(plan: Plan, page: str, *parts: Any) -> bool:
    try:
        progress = shown(plan.slug).progress
    except (NotPublished, PayloadError):
        return False
    return page not in _STANDS or _STANDS[page](progress, *parts)
