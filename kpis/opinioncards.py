"""A council's opinions as pages show them: how each stands, and the pages that it is about."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kpis.links import Links
from kpis.opinions import Standing, Subject, names, standing, subjects
from kpis.progress import MeetingProgress, Opinion, PlanProgress


@dataclass(frozen=True, slots=True)
class Linked:
    """What an opinion is about, in words, and its page; a blank address where there is none."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class OpinionCard:
    """One opinion with all that parts/opinions.html shows of it.

    ``meeting`` is where it was said, None on a page that is about that meeting anyway.
    """

    opinion: Opinion
    standing: Standing
    about: tuple[Linked, ...]
    meeting: MeetingProgress | None = None


def opinion_cards(
    meetings: Iterable[MeetingProgress],
    progress: PlanProgress,
    links: Links,
    *,
    tell_meeting: bool = True,
) -> tuple[OpinionCard, ...]:
    """Return the opinions of the meetings in their order.

    Names are those of the plan shown, so a name that is not published yet is not told.
    """
    return tuple(_cards(meetings, progress, links, tell_meeting))


def _cards(
    meetings: Iterable[MeetingProgress], progress: PlanProgress, links: Links, tell_meeting: bool
) -> Iterator[OpinionCard]:
    known = names(progress)
    for meeting in meetings:
        said_at = meeting if tell_meeting else None
        for one in meeting.opinions:
            about = tuple(_linked(subject, links) for subject in subjects(one, known))
            yield OpinionCard(one, standing(one), about, said_at)


def _linked(subject: Subject, links: Links) -> Linked:
    if subject.name is None:
        return Linked(f"{subject.words}（この公表にはありません）", "")
    return Linked(subject.words, links.to(subject.about.value, subject.code))
