"""意見と対応: what the council said, and what the city answers and does about it.

The newest meeting stands first with all its opinions; of the meetings before it only what is not
settled yet, as the read model keeps them.
"""

from openpyxl import Workbook

from kpis.opinions import Names, counting, names, standing, subjects
from kpis.papers import CouncilPapers
from kpis.progress import MeetingProgress, Opinion
from kpis.vocabulary import OpinionState
from kpis.workbooks.council.items import EXAMPLE, Item
from kpis.workbooks.council.sheet import Row, Sheet, day_words
from kpis.workbooks.council.styles import (
    ALERT,
    BAND,
    HEADING,
    MIDDLE,
    NOTICE,
    SETTLED,
    SMALL,
    SUBHEADING,
    TEXT,
    Style,
)

TITLE = "意見と対応"
_ABOUT_EXAMPLES = f"{EXAMPLE}の付いたものは記入の例であり、実際の意見や取組みではありません。"
_EARLIER = "前回までの会議で出され、対応が続いている意見"
_HEADINGS = ("No.", "発言者", "意見", "対象", "市の回答", "対応状況")
_WIDTHS = (6, 10, 34, 23, 32, 17)
_WAITING = {None: ALERT, OpinionState.SETTLED: SETTLED}


def applies(papers: CouncilPapers) -> bool:
    """Return whether any meeting has an opinion to show."""
    return bool(counting(papers.progress.meetings))


def add(book: Workbook, papers: CouncilPapers) -> None:
    """Add the sheet."""
    progress = papers.progress
    newest, *earlier = counting(progress.meetings)
    sheet = Sheet(book, TITLE, _WIDTHS, papers)
    sheet.line(f"{progress.plan.council or '会議'}の{TITLE}", HEADING)
    if any(one.is_example for one in (newest, *earlier)):
        sheet.line(_ABOUT_EXAMPLES, NOTICE)
    head = sheet.head(_HEADINGS)
    sheet.repeat(head, head)
    known = names(progress)
    _meeting(sheet, newest, known, [])
    for place, one in enumerate(earlier):
        _meeting(sheet, one, known, [] if place else _across(sheet, _EARLIER, SUBHEADING))
    sheet.finish()


def _meeting(sheet: Sheet, meeting: MeetingProgress, known: Names, headings: list[Row]) -> None:
    """Write the meeting's opinions below its heading, which stays with the first of them."""
    rows = [row for one in meeting.opinions for row in _opinion(sheet, one, known)]
    headings = headings + _across(sheet, _words(meeting), BAND)
    sheet.keep(sum(one.height for one in (*headings, rows[0])))
    for row in (*headings, *rows):
        sheet.write_laid(row)


def _across(sheet: Sheet, text: str, style: Style) -> list[Row]:
    return sheet.laid([Item(text, style, span=len(_WIDTHS))], 22)


def _words(meeting: MeetingProgress) -> str:
    """Return the meeting's name with its day and place as far as they are known."""
    day = "" if meeting.day is None else day_words(meeting.day)
    known = "、".join(filter(None, (day, meeting.place)))
    mark = EXAMPLE if meeting.is_example else ""
    place = f"（{known}）" if known else ""
    return f"{mark}{meeting.name}{place}　意見{len(meeting.opinions)}件"


def _opinion(sheet: Sheet, opinion: Opinion, known: Names) -> list[Row]:
    return sheet.laid(
        [
            Item(opinion.number, MIDDLE),
            Item(opinion.speaker, TEXT),
            Item(opinion.text, TEXT),
            Item("\n".join(one.words for one in subjects(opinion, known)), SMALL),
            Item(opinion.reply, TEXT),
            Item(_state(opinion), _WAITING.get(opinion.state, MIDDLE)),
        ],
        24,
    )


def _state(opinion: Opinion) -> str:
    """Return what became of the opinion, with the reason where there is one."""
    words = standing(opinion).label
    return f"{words}\n（{opinion.state_reason}）" if opinion.state_reason else words
