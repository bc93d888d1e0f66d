"""What the council's papers are made of: publications and the meeting that they are for. Pure."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpis.differences import Difference
from kpis.opinions import counting
from kpis.progress import MeetingProgress, PlanProgress
from kpis.vocabulary import Audience

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f\\/:*?"<>|\s]+')
_LONGEST_PART = 60


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """The meeting on the cover; blank texts and None where it is not known yet.

    ``members`` stand one a line. ``audience`` is who may see the meeting on the day when its papers
    are made.
    """

    name: str
    day: dt.date | None
    place: str
    document_number: str
    agenda: str
    is_example: bool = False
    members: str = ""
    audience: Audience = Audience.STAFF

    @property
    def member_names(self) -> tuple[str, ...]:
        """Return the members, one each; none where nobody is named yet."""
        return tuple(one.strip() for one in self.members.splitlines() if one.strip())


@dataclass(frozen=True, slots=True)
class CouncilPapers:
    """One publication with what it is compared with.

    ``before`` is the newest publication of an earlier period, None for the first one;
    ``corrections`` is what this version changed against the version before it, none for version 1;
    ``meeting`` is None for papers that are made for no particular meeting; ``left_out`` counts the
    opinions that these papers would tell if their readers might see the meetings that they are of.
    """

    progress: PlanProgress
    before: PlanProgress | None
    corrections: tuple[Difference, ...]
    meeting: MeetingFacts | None
    left_out: int = 0


def handed_to(
    audience: Audience, meetings: Sequence[MeetingProgress], today: Mapping[int, Audience]
) -> tuple[tuple[MeetingProgress, ...], int]:
    """Return the meetings that papers for this audience may tell of, and the opinions left out.

    ``today`` says who may see which meeting now, by its key; one that it does not know is told to
    staff alone. Counted are the opinions that papers for staff would tell.
    """
    shown = tuple(one for one in meetings if today.get(one.key, Audience.STAFF).includes(audience))
    left_out = (one for one in counting(meetings) if one.key not in {each.key for each in shown})
    return shown, sum(len(one.opinions) for one in left_out)


def paper_name(meeting: MeetingFacts, progress: PlanProgress) -> str:
    """Return the file's name: 資料1_第2回会議_SLUG_2025-H1_v1.xlsx.

    A number that the meeting's papers do not have yet is left out.
    """
    version = "" if progress.edition is None else f"v{progress.edition.version}"
    named = (meeting.document_number, meeting.name, progress.plan.slug, progress.period.code)
    words = (file_words(one) for one in (*named, version))
    return f"{'_'.join(one for one in words if one)}.xlsx"


def file_words(text: str) -> str:
    """Return the text as a part of a file's name that every system takes, of 60 letters at most."""
    return _NOT_IN_NAMES.sub("_", text).strip("._")[:_LONGEST_PART]
