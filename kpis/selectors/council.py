"""What the council's papers of a publication are made of: stored publications.

Only who may see which meeting is asked of the live records, as it is today.
"""

from dataclasses import replace

from kpis.differences import Difference, differences
from kpis.models import Meeting, Publication
from kpis.papers import CouncilPapers, handed_to
from kpis.payload import PayloadError
from kpis.progress import PlanProgress
from kpis.selectors.meetings import meeting_facts
from kpis.selectors.published import Shown, verified_progress
from kpis.vocabulary import Audience


def council_papers(shown: Shown, meeting: Meeting | None = None) -> CouncilPapers:
    """Return what the papers of the shown publication are made of, for the meeting if one is given.

    Opinions of a meeting that the papers' readers may not see today are left out and counted.
    Takes at most three queries. Raises PayloadError, which names the publication that it is about.
    """
    progress, left_out = _for_readers(shown.progress, meeting)
    return CouncilPapers(
        progress=progress,
        before=progress_before(shown),
        corrections=_corrections(shown),
        meeting=None if meeting is None else meeting_facts(meeting),
        left_out=left_out,
    )


def progress_before(shown: Shown) -> PlanProgress | None:
    """Return what readers saw of an earlier period when this was published, None for the first.

    Takes one query at most. Raises PayloadError, which names the publication that it is about.
    """
    return _content(_before(shown))


def _for_readers(progress: PlanProgress, meeting: Meeting | None) -> tuple[PlanProgress, int]:
    """Return the content for who may see the meeting, and how many opinions that leaves out.

    Papers for no meeting, and for one that is still being prepared, are for staff and hold all.
    """
    if meeting is None or meeting.audience == Audience.STAFF or not progress.meetings:
        return progress, 0
    rows = Meeting.objects.filter(plan=meeting.plan_id).order_by().values_list("pk", "audience")
    today = {key: Audience(one) for key, one in rows}
    meetings, left_out = handed_to(Audience(meeting.audience), progress.meetings, today)
    return replace(progress, meetings=meetings), left_out


def _before(shown: Shown) -> Publication | None:
    """Return what a reader saw of an earlier period on the day when this was published, or None.

    What was corrected or published since does not count: the papers of a publication stay as
    they are.
    """
    own = shown.publication
    earlier = (
        one
        for one in shown.publications
        if one.period.period < own.period.period and one.published_at <= own.published_at
    )
    return next(earlier, None)


def _corrections(shown: Shown) -> tuple[Difference, ...]:
    """Return what this version changed against the one before it; none for the first version."""
    older = (one for one in shown.versions if one.version < shown.publication.version)
    previous = _content(next(older, None))
    return () if previous is None else differences(previous, shown.progress)


def _content(publication: Publication | None) -> PlanProgress | None:
    if publication is None:
        return None
    try:
        return verified_progress([publication])[0]
    except PayloadError as error:
        raise PayloadError(f"{publication}: {error}") from None
