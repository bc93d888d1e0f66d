"""What a council's opinions are about, how each stands, and which still count. Pure."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace

from actions.vocabulary import Word
from kpis.actionwords import EXAMPLE
from kpis.progress import MeetingProgress, Opinion, PlanProgress
from kpis.vocabulary import OpinionState, Tone

ABOUT_EXAMPLES = f"{EXAMPLE}の付いたものは記入の例であり、実際の意見や取組みではありません。"


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of an opinion as sign, words and colour."""

    sign: str
    label: str
    tone: Tone


# None of these signs is one of 参考判定.
_SHOWN = {
    OpinionState.SETTLED: ("●", Tone.GOOD),
    OpinionState.IN_HAND: ("▶", Tone.FAIR),
    OpinionState.LATER: ("…", Tone.NEUTRAL),
    OpinionState.DIFFICULT: ("■", Tone.WEAK),
}
UNANSWERED = "未回答"
_WAITING = Standing("？", UNANSWERED, Tone.BAD)


def standing(opinion: Opinion) -> Standing:
    """Return what became of the opinion; 未回答 while the city has not said."""
    if opinion.state is None:
        return _WAITING
    sign, tone = _SHOWN[opinion.state]
    return Standing(sign, opinion.state.label, tone)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the city says to an opinion; ``state`` is None while it says nothing of its state."""

    reply: str
    state: OpinionState | None
    state_reason: str


class About(Word):
    """What an opinion may be about; the code is the name of that page's address."""

    INDICATOR = "indicator", "指標"
    MEASURE = "measure", "施策"
    ACTION = "action", "アクション"


Names = Mapping[tuple[About, str], str]


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that an opinion is about; ``name`` is None where the plan shown has no such."""

    about: About
    code: str
    name: str | None

    @property
    def words(self) -> str:
        """Return kind, code and name: 指標1-1 相談件数."""
        return f"{self.about.label}{self.code} {self.name or ''}".rstrip()


def names(progress: PlanProgress) -> Names:
    """Return the names of everything that an opinion may be about, samples with their mark."""
    return {
        **{(About.INDICATOR, one.code): one.name for one in progress.indicators},
        **{(About.MEASURE, one.code): one.name for _, one in progress.measures},
        **{
            (About.ACTION, one.code): f"{EXAMPLE if one.is_example else ''}{one.name}"
            for one in progress.actions
        },
    }


def subjects(opinion: Opinion, known: Names) -> tuple[Subject, ...]:
    """Return what the opinion is about, named as the plan shown names it; none for none."""
    codes = (
        (About.INDICATOR, opinion.indicator_code),
        (About.MEASURE, opinion.measure_code),
        (About.ACTION, opinion.action_code),
    )
    return tuple(Subject(about, code, known.get((about, code))) for about, code in codes if code)


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
