"""What is still open before a period is published."""

from dataclasses import replace

from kpis.differences import Difference, differences
from kpis.models import Publication, ReportingPeriod
from kpis.readiness import Readiness, examine
from kpis.selectors.entry import entry_rows
from kpis.selectors.live import live_progress
from kpis.selectors.published import verified_progress


def readiness(period: ReportingPeriod) -> Readiness:
    """Return the period's gaps and confirmed doubts, from live records."""
    return examine(entry_rows(period))


def pending_corrections(period: ReportingPeriod, newest: Publication) -> tuple[Difference, ...]:
    """Return what publishing now would change against the newest publication of the period."""
    frozen = verified_progress([newest])[0]
    return differences(frozen, live_progress(period.plan, period.period))


def differs(period: ReportingPeriod, publication: Publication) -> bool:
    """Return whether the live records at the period say anything else than the publication.

    Actions and meetings do not count: they are written on while a period stays published.
    """
    frozen = verified_progress([publication])[0]
    live = replace(
        live_progress(period.plan, period.period),
        edition=frozen.edition,
        actions=frozen.actions,
        meetings=frozen.meetings,
    )
    return live != frozen
