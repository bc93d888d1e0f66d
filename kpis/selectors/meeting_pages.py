"""A plan's meetings as their own pages show them: live records, for those who may see them."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Q, QuerySet

from kpis.models import Meeting, MeetingMaterial, Opinion
from kpis.progress import MeetingProgress
from kpis.selectors.audience import Person, audiences
from kpis.selectors.meetings import meeting_of
from kpis.vocabulary import Audience


class UnseenMeetingError(LookupError):
    """A meeting that is not there for this person."""


class MembersOnlyError(LookupError):
    """A meeting that somebody who has not signed in may see after signing in as a member."""


@dataclass(frozen=True, slots=True)
class ListedMeeting:
    """A meeting as the list shows it, with how many opinions go on and how many are done with."""

    meeting: Meeting
    audience: Audience
    going_on: int
    settled: int

    @property
    def opinions(self) -> int:
        """Return how many opinions the meeting has."""
        return self.going_on + self.settled


@dataclass(frozen=True, slots=True)
class MeetingRecord:
    """A meeting with what belongs to it; ``carried`` are earlier ones with what is still open.

    Both, the newest first, hold what the person may see. The papers come without their content.
    """

    meeting: Meeting
    audience: Audience
    own: MeetingProgress
    carried: tuple[MeetingProgress, ...]
    papers: tuple[MeetingMaterial, ...]


def listed_meetings(slug: str, user: Person) -> tuple[ListedMeeting, ...]:
    """Return the meetings of the plan that the person may see, undated ones and the newest first.

    Takes one query, besides those that learn the person's rights.
    """
    is_open = Q(opinions__in=Opinion.objects.open())
    rows = _seen(slug, user).annotate(
        going_on=Count("opinions", filter=is_open),
        settled=Count("opinions", filter=Q(opinions__isnull=False) & ~is_open),
    )
    return tuple(
        ListedMeeting(one, Audience(one.audience), one.going_on, one.settled) for one in rows
    )


def seen_meeting(slug: str, key: int, user: Person) -> Meeting:
    """Return the meeting with the publication that it reviews, if the person may see it.

    Raises MembersOnlyError for somebody not signed in who asks for one that is open to members,
    UnseenMeetingError for any other, whether it is there or not.
    """
    allowed = audiences(user)
    row = _with_publication(Meeting.objects.filter(plan__slug=slug, pk=key)).first()
    if row is not None and row.audience in allowed:
        return row
    if row is not None and row.audience == Audience.MEMBERS and not user.is_authenticated:
        raise MembersOnlyError
    raise UnseenMeetingError


def meeting_record(meeting: Meeting, user: Person) -> MeetingRecord:
    """Return what belongs to the meeting, as it stands now. Takes three queries."""
    own = Opinion.objects.filter(meeting=meeting).with_subjects()
    carried = groupby(_carried(meeting, user), lambda one: one.meeting)
    return MeetingRecord(
        meeting=meeting,
        audience=Audience(meeting.audience),
        own=meeting_of(meeting, list(own)),
        carried=tuple(meeting_of(earlier, list(said)) for earlier, said in carried),
        papers=tuple(_papers(meeting)),
    )


def _carried(meeting: Meeting, user: Person) -> QuerySet[Opinion]:
    """Return the open opinions of earlier meetings that the person may see."""
    earlier = Meeting.objects.before(meeting).filter(audience__in=audiences(user))
    return Opinion.objects.open().filter(meeting__in=earlier).with_subjects().newest_first()


def _papers(meeting: Meeting) -> QuerySet[MeetingMaterial]:
    rows = meeting.materials.select_related("publication__period")
    return rows.defer("content", "publication__payload")


def paper_of(meeting: Meeting, key: int) -> MeetingMaterial | None:
    """Return a paper of the meeting with its content, None for none. Takes one query."""
    return meeting.materials.filter(pk=key).first()


def _seen(slug: str, user: Person) -> QuerySet[Meeting]:
    rows = Meeting.objects.filter(plan__slug=slug, audience__in=audiences(user))
    return _with_publication(rows)


def _with_publication(rows: QuerySet[Meeting]) -> QuerySet[Meeting]:
    return rows.select_related("plan", "publication__period").defer("publication__payload")
