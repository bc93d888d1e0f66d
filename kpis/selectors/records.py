"""Finding a live record by what a public page knows of it: the plan's slug, and a code or number."""

from collections.abc import Callable
from typing import Any

from actions.models import Action, Measure, Plan, Strategy
from kpis.models import Indicator, Meeting

_FOUND: dict[str, Callable[[str, str], Any]] = {
    "actions.plan": lambda slug, key: Plan.objects.filter(slug=slug),
    "actions.strategy": lambda slug, key: Strategy.objects.filter(
        plan__slug=slug, number=_number(key)
    ),
    "actions.measure": lambda slug, key: Measure.objects.filter(
        strategy__plan__slug=slug,
        strategy__number=_number(key.partition("-")[0]),
        number=_number(key.partition("-")[2]),
    ),
    "kpis.indicator": lambda slug, key: Indicator.objects.filter(plan__slug=slug, code=key),
    "actions.action": lambda slug, key: Action.objects.filter(plan__slug=slug, code=key),
    "kpis.meeting": lambda slug, key: Meeting.objects.filter(plan__slug=slug, pk=_number(key)),
}


def record_key(model: str, slug: str, key: str) -> int | None:
    """Return the primary key of a plan's record, in one query; None for what there is no more."""
    found: int | None = _FOUND[model](slug, key).values_list("pk", flat=True).first()
    return found


def known_sections() -> list[str]:
    """Return every section that a plan, an indicator or an action names, in one query."""
    named = [one.objects.exclude(section="") for one in (Plan, Indicator, Action)]
    first, *others = (one.order_by().values_list("section", flat=True) for one in named)
    return sorted(first.union(*others))


def _number(text: str) -> int:
    """Return the number, 0 for anything else: no record has it."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
