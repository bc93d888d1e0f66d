"""Which opinions of a council still count, and which are carried to a meeting. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from kpis.progress import MeetingProgress


def counting(meetings: Iterable[MeetingProgress]) -> tuple[MeetingProgress, ...]:
    """Return the meetings with the opinions that a paper tells, the newest first as given.

    Of the newest meeting that has opinions all count, of earlier ones those that are still open;
    a meeting of which nothing counts is left out.
    """
    found: list[MeetingProgress] = []
    for one in meetings:
        kept = one if not found else carried(one)
        if kept.opinions:
            found.append(kept)
    return tuple(found)


def carried(meeting: MeetingProgress) -> MeetingProgress:
    """Return the meeting with the opinions that the next one asks again about."""
    return replace(meeting, opinions=tuple(one for one in meeting.opinions if one.is_open))
