"""Recorded meetings with their opinions, and which papers they are to review."""

from collections.abc import Sequence

from actions.models import Plan
from kpis import progress
from kpis.models import LATEST_FIRST, Meeting, MeetingMaterial, Opinion, Publication
from kpis.papers import MeetingFacts
from kpis.vocabulary import Audience, OpinionState


class UnknownMeetingError(LookupError):
    """A meeting that the plan does not have; its message is Japanese, for users."""


def meetings_of(plan: Plan) -> tuple[progress.MeetingProgress, ...]:
    """Return the meetings that have opinions, the newest first. Takes two queries."""
    related = ("indicator", "measure__strategy", "action")
    opinions: dict[int, list[Opinion]] = {}
    said = Opinion.objects.filter(meeting__plan=plan).select_related(*related)
    for one in said.order_by("number"):
        opinions.setdefault(one.meeting_id, []).append(one)
    meetings = Meeting.objects.filter(plan=plan).order_by(*LATEST_FIRST)
    return tuple(meeting_of(one, opinions[one.pk]) for one in meetings if one.pk in opinions)


def meeting_of(row: Meeting, opinions: Sequence[Opinion]) -> progress.MeetingProgress:
    """Return the meeting with these of its opinions, whose subjects were read along."""
    said = tuple(_opinion(one) for one in opinions)
    return progress.MeetingProgress(row.name, row.day, row.place, row.is_example, said, row.pk)


def _opinion(row: Opinion) -> progress.Opinion:
    return progress.Opinion(
        number=row.number,
        speaker=row.speaker,
        text=row.text,
        indicator_code="" if row.indicator is None else row.indicator.code,
        measure_code="" if row.measure is None else row.measure.code,
        action_code="" if row.action is None else row.action.code,
        reply=row.reply,
        state=OpinionState(row.state) if row.state else None,
        state_reason=row.state_reason,
    )


def meeting_with(plan: Plan, key: int) -> Meeting:
    """Return the plan's meeting with this key and the publication that it reviews.

    Raises UnknownMeetingError, which names the meetings that the plan has.
    """
    row = Meeting.objects.filter(plan=plan, pk=key).select_related("publication__period").first()
    if row is None:
        rows = Meeting.objects.filter(plan=plan)
        known = "、".join(f"{one.pk}: {one.name}" for one in rows) or "なし"
        raise UnknownMeetingError(f"会議「{key}」がありません（登録されている会議: {known}）。")
    return row


def meeting_choices(publication: Publication) -> list[Meeting]:
    """Return the meetings that the publication's papers may be for: its own, then the others.

    A meeting that reviews another period is left out. Takes one query.
    """
    rows = Meeting.objects.filter(plan=publication.period.plan_id).select_related("publication")
    fitting = [
        one
        for one in rows
        if one.publication is None or one.publication.period_id == publication.period_id
    ]
    # Stable: the newest first among those of the publication, of its period, and of none.
    return sorted(
        fitting, key=lambda one: (one.publication != publication, one.publication is None)
    )


def meeting_facts(row: Meeting) -> MeetingFacts:
    """Return what the cover of the papers says of the meeting."""
    return MeetingFacts(
        name=row.name,
        day=row.day,
        place=row.place,
        document_number=row.document_number,
        agenda=row.agenda,
        is_example=row.is_example,
        members=row.members,
        audience=Audience(row.audience),
    )


def carried_to(meeting: Meeting) -> list[Opinion]:
    """Return the opinions of the plan's earlier meetings that are open, the newest meeting first.

    Earlier is by day, and a meeting without a day comes after all that have one. One query.
    """
    rows = Opinion.objects.open().filter(meeting__in=Meeting.objects.before(meeting))
    return list(rows.with_subjects().newest_first())


def number_open(plan: Plan) -> int:
    """Return how many opinions of the plan's meetings still want a reply or are under way."""
    return Opinion.objects.open().filter(meeting__plan=plan).count()


def kept_papers(meeting: Meeting) -> list[MeetingMaterial]:
    """Return the papers that were kept for the meeting, the newest first, without the files."""
    return list(meeting.materials.defer("content").select_related("kept_by"))
