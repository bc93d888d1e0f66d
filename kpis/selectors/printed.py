"""Rates typed in from published papers, beside the computed ones."""

from dataclasses import dataclass

from actions.fiscal import Period
from actions.models import Plan
from kpis.models import ReportingPeriod
from kpis.selectors.live import live_progress


@dataclass(frozen=True, slots=True)
class PrintedRate:
    """A printed rate and what the rules give; they agree only when every character does."""

    period: Period
    code: str
    name: str
    printed: str
    computed: str

    @property
    def agrees(self) -> bool:
        """Return whether the paper is reproduced digit for digit."""
        return self.printed == self.computed


def printed_rates(plan: Plan) -> list[PrintedRate]:
    """Return every printed rate of the plan in the order of indicators and time."""
    newest = ReportingPeriod.objects.filter(plan=plan).last()
    if newest is None:
        return []
    progress = live_progress(plan, newest.period)
    return [
        PrintedRate(
            result.period,
            indicator.code,
            indicator.name,
            result.actual.printed_rate,
            result.attainment.display,
        )
        for indicator in progress.indicators
        for result in indicator.results
        if result.actual.printed_rate
    ]
