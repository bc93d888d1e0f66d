"""Publications: which one a reader sees, and its content, read once per process."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from actions.fiscal import Period
from kpis import payload
from kpis.memory import Memory
from kpis.models import Publication
from kpis.progress import PlanProgress
from kpis.selectors.issued import Issued
from kpis.selectors.plans import Site, site_of, with_site


class NotPublished(LookupError):  # noqa: N818 (an answer, not a fault)
    """No publication fits the request; its message is Japanese, for users."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The publication that a reader sees, among all of its plan, newest first."""

    publication: Publication
    progress: PlanProgress
    publications: tuple[Publication, ...]

    @property
    def site(self) -> Site:
        """Return what the pages tell of the other plans."""
        return site_of(self.publication)

    @property
    def issued(self) -> Issued:
        """Return by what a page of the publication is known to be good still."""
        publications = tuple(one.sha256 for one in self.publications)
        return Issued(self.publication.period.plan.slug, publications, self.site)

    @property
    def periods(self) -> tuple[Period, ...]:
        """Return the published periods, newest first, each once."""
        return tuple(dict.fromkeys(one.period.period for one in self.publications))

    @property
    def is_newest(self) -> bool:
        """Return whether this is what a reader sees who asked for nothing in particular."""
        return self.publication == self.publications[0]

    @property
    def versions(self) -> tuple[Publication, ...]:
        """Return the publications of the shown period, newest first."""
        return versions_of(self.publication.period.period, self.publications)

    @property
    def newest_version(self) -> int:
        """Return the newest version of the shown period."""
        return max(one.version for one in self.versions)


# A publication never changes, so its parsed content is kept, under the content's own hash, with the
# length of its text: of a plan with 1,000 actions one takes 12 MB and a tenth of a second to read.
# Those asked for last are kept, as many as 80 million characters hold, some 170 MB: every
# publication of such a plan in its five years, or the newest of a thousand small plans.
_contents: Memory[str, PlanProgress] = Memory(room=80_000_000, most=2_000)


def shown(slug: str, period: Period | None = None, version: int | None = None) -> Shown:
    """Return the publication asked for: the newest of the plan, or of the period, or a version.

    Takes one query, and one more when the content is not in memory yet. Raises NotPublished.
    """
    rows = Publication.objects.newest_first().filter(period__plan__slug=slug)
    found = tuple(with_site(rows))
    if not found:
        raise NotPublished("この計画の公表はまだありません。")
    wanted = period or found[0].period.period
    for one in found:
        if one.period.period == wanted and version in (None, one.version):
            return Shown(one, verified_progress([one])[0], found)
    name = wanted.label + ("" if version is None else f"の第{version}版")
    raise NotPublished(f"{name}は公表されていません。")


def is_verified(sha256: str) -> bool:
    """Return whether this program has read the content with this hash, and remembers it."""
    return _contents.get(sha256) is not None


def versions_of(period: Period, publications: Iterable[Publication]) -> tuple[Publication, ...]:
    """Return the publications of one period, in their order."""
    return tuple(one for one in publications if one.period.period == period)


def verified_progress(publications: Sequence[Publication]) -> list[PlanProgress]:
    """Return each publication's content in the given order, after its SHA-256 was checked.

    Takes one query for all that are not in memory yet. Raises PayloadError where a stored content
    does not fit its hash or cannot be read.
    """
    kept = ((one.sha256, _contents.get(one.sha256)) for one in publications)
    found = {sha256: progress for sha256, progress in kept if progress is not None}
    missing = [one.pk for one in publications if one.sha256 not in found]
    if missing:
        rows = Publication.objects.filter(pk__in=missing).values_list("sha256", "payload")
        for sha256, text in rows:
            found[sha256] = _checked(sha256, text)
            _contents.keep(sha256, found[sha256], len(text))
    return [_of(one, found[one.sha256]) for one in publications]


def _of(publication: Publication, progress: PlanProgress) -> PlanProgress:
    """Return the content if it is this publication's own. Raises PayloadError for another's."""
    version = None if progress.edition is None else progress.edition.version
    if (progress.period, version) != (publication.period.period, publication.version):
        raise payload.PayloadError("公表データが別の公表の内容になっています。")
    return progress


def _checked(sha256: str, text: str) -> PlanProgress:
    if payload.digest(text) != sha256:
        raise payload.PayloadError("公表データが公表時の内容と一致しません（SHA-256の不一致）。")
    return payload.load(text)
