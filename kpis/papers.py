"""What the council's papers are made of: publications and the meeting that they are for. Pure."""

import datetime as dt
from dataclasses import dataclass

from kpis.differences import Difference
from kpis.progress import PlanProgress


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """The meeting on the cover; blank texts and None where it is not known yet."""

    name: str
    day: dt.date | None
    place: str
    document_number: str
    agenda: str
    is_example: bool = False


@dataclass(frozen=True, slots=True)
class CouncilPapers:
    """One publication with what it is compared with.

    ``before`` is the newest publication of an earlier period, None for the first one;
    ``corrections`` is what this version changed against the version before it, none for version 1;
    ``meeting`` is None for papers that are made for no particular meeting.
    """

    progress: PlanProgress
    before: PlanProgress | None
    corrections: tuple[Difference, ...]
    meeting: MeetingFacts | None
