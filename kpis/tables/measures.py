"""Tables of a measure's page: what each kind of actor does, and what the council said of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from actions.fiscal import Term, date_label, fiscal_year_label
from actions.vocabulary import Actor
from kpis.actionwords import EXAMPLE, PRIORITY, shown_name
from kpis.links import Links
from kpis.opinions import Names, names, standing, subjects
from kpis.progress import ActionProgress, ActionYear, MeetingProgress, Opinion, PlanProgress
from kpis.tables.base import Table, badge, remark, text_column, word_column
from kpis.tree import ActionLeaf
from kpis.vocabulary import Audience

_LONG = 120  # letters; the action's own page has the whole text


@dataclass(frozen=True, slots=True)
class _ActionRow:
    name: SafeString
    content: str
    stage: str
    evaluation: SafeString
    done: SafeString


class ActorTable(Table):
    """A measure's actions by one kind of actor in one fiscal year."""

    heading = "name"
    look = "actions-of-measure"
    name = text_column("アクション")
    content = text_column("内容")
    stage = word_column("段階")
    evaluation = word_column("評価")
    done = text_column("実施内容と成果・課題")


def actor_table(
    code: str, actor: Actor, leaves: Sequence[ActionLeaf], progress: PlanProgress, links: Links
) -> ActorTable:
    """Return the actions of the measure with this code by the actor, in their order."""
    year = fiscal_year_label(progress.period.fiscal_year)
    rows = [_action_row(one, progress.period.term, links) for one in leaves]
    return ActorTable(
        f"measure-{code}-{actor.value}", rows, f"施策{code} {actor.label}のアクション（{year}）"
    )


def _action_row(leaf: ActionLeaf, term: Term, links: Links) -> _ActionRow:
    action, year = leaf.action, leaf.year
    stage = "" if year is None or year.stage is None else year.stage.label
    return _ActionRow(
        name=_name(action, links),
        content=shortened(action.content),
        stage=stage,
        evaluation=badge(leaf.shown),
        done=_lines(() if year is None else _done(year, term)),
    )


def _name(action: ActionProgress, links: Links) -> SafeString:
    mark = format_html(' <span class="mark">{}</span>', PRIORITY) if action.is_priority else ""
    address = links.action(action.code)
    return format_html('<a href="{}">{} {}</a>{}', address, action.code, shown_name(action), mark)


def _done(year: ActionYear, term: Term) -> Iterator[tuple[str, str]]:
    """Yield what was done and what came of it; of a year that is over the whole year's account."""
    half = year.done_first_half if term is Term.H1 or not year.done else ""
    for tag, text in (("上半期", half), ("年度", year.done), ("成果・課題", year.results)):
        if text:
            yield f"{tag}:", shortened(text)


def _lines(told: Iterable[tuple[str, str]]) -> SafeString:
    return format_html_join(
        "", '<span class="line told"><span class="tag">{}</span> {}</span>', told
    )


def shortened(text: str) -> str:
    """Return a text as it is, or its beginning with … where it is long."""
    return text if len(text) <= _LONG else f"{text[:_LONG].rstrip()}…"


@dataclass(frozen=True, slots=True)
class _OpinionRow:
    meeting: SafeString
    text: str
    about: SafeString
    reply: str
    state: SafeString


class OpinionTable(Table):
    """What the council said of a measure, the newest meeting first."""

    heading = "meeting"
    look = "opinions"
    meeting = text_column("会議")
    text = text_column("意見")
    about = text_column("対象")
    reply = text_column("市の回答")
    state = text_column("対応状況")


def opinion_table(
    code: str,
    meetings: Sequence[MeetingProgress],
    audiences: Mapping[int, Audience],
    progress: PlanProgress,
    links: Links,
) -> OpinionTable | None:
    """Return the opinions of these meetings, None without any.

    A meeting that not everyone may see says who may.
    """
    known = names(progress)
    rows = [
        _OpinionRow(
            meeting=_meeting(meeting, opinion, audiences[meeting.key]),
            text=opinion.text,
            about=_about(opinion, known, links),
            reply=opinion.reply,
            state=_state(opinion),
        )
        for meeting in meetings
        for opinion in meeting.opinions
    ]
    return (
        OpinionTable(f"measure-{code}-opinions", rows, f"施策{code}に関する意見") if rows else None
    )


def _meeting(meeting: MeetingProgress, opinion: Opinion, audience: Audience) -> SafeString:
    day = "" if meeting.day is None else date_label(meeting.day)
    mark = EXAMPLE if meeting.is_example else ""
    closed = "" if audience is Audience.PUBLIC else audience.label
    return format_html(
        '{}{} <span class="word">意見{}</span>{}{}',
        mark,
        meeting.name,
        opinion.number,
        remark(day),
        remark(closed),
    )


def _about(opinion: Opinion, known: Names, links: Links) -> SafeString:
    """Return what the opinion is about, each leading to its page as far as the plan has it."""
    told = (
        (links.to(one.about.value, one.code), one.words)
        for one in subjects(opinion, known)
        if one.name is not None
    )
    return format_html_join("", '<span class="line told"><a href="{}">{}</a></span>', told)


def _state(opinion: Opinion) -> SafeString:
    return format_html("{}{}", badge(standing(opinion)), remark(opinion.state_reason))
