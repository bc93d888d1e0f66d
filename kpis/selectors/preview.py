"""Live records as staff preview them: what the pages would say if the period were published now."""

from dataclasses import dataclass

from kpis.models import Publication, ReportingPeriod
from kpis.progress import PlanProgress
from kpis.selectors.live import live_progress
from kpis.selectors.plans import Site
from kpis.selectors.published import versions_of


@dataclass(frozen=True, slots=True)
class Preview:
    """A period's live records among the publications of its plan, newest first."""

    progress: PlanProgress
    publications: tuple[Publication, ...]
    publication: None = None  # nothing of this is published

    @property
    def site(self) -> Site:
        """Return that a preview leads to no other plan."""
        return Site()

    @property
    def versions(self) -> tuple[Publication, ...]:
        """Return the publications of the previewed period, newest first."""
        return versions_of(self.progress.period, self.publications)

    @property
    def next_version(self) -> int:
        """Return the version that publishing would make."""
        return max((one.version for one in self.versions), default=0) + 1


def preview_of(pk: int) -> Preview | None:
    """Return the preview of the reporting period with this key, or None where there is none.

    Its queries are as many whatever the number of rows.
    """
    found = ReportingPeriod.objects.select_related("plan").filter(pk=pk).first()
    if found is None:
        return None
    publications = Publication.objects.newest_first().filter(period__plan=found.plan)
    return Preview(live_progress(found.plan, found.period), tuple(publications))
