"""Which opinions of a council still count, are carried to a meeting, or are about a measure. Pure."""

from collections.abc import Container, Iterable
from dataclasses import replace

from kpis.progress import MeetingProgress, Opinion, PlanProgress


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


def about_measure(
    progress: PlanProgress, code: str, keys: Container[int]
) -> tuple[MeetingProgress, ...]:
    """Return what was said of the measure, its KPIs or its actions, meeting by meeting as given.

    ``keys`` are those of the meetings that may be seen; a meeting without a key never may.
    """
    indicators = {one.code for one in progress.indicators if code in one.measure_codes}
    actions = {one.code for one in progress.actions if one.measure_code == code}

    def fits(one: Opinion) -> bool:
        named = one.indicator_code in indicators or one.action_code in actions
        return one.measure_code == code or named

    seen = (one for one in progress.meetings if one.key and one.key in keys)
    told = (replace(one, opinions=tuple(filter(fits, one.opinions))) for one in seen)
    return tuple(one for one in told if one.opinions)
