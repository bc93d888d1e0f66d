"""意見と対応: what the council said, and what the city answers and does about it.

The newest meeting stands first with all its opinions; of the meetings before it only what is not
settled yet, as the read model keeps them.
"""

from openpyxl import Workbook

from kpis.actionwords import EXAMPLE
from kpis.opinions import ABOUT_EXAMPLES, Names, counting, names, standing, subjects
from kpis.papers import CouncilPapers
from kpis.progress import MeetingProgress, Opinion
from kpis.vocabulary import Audience, OpinionState
from kpis.workbooks.council.items import Item
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
_EARLIER = "前回までの会議で出され、対応が続いている意見"
_NOTHING = "この資料に載せる意見はありません。"
_HEADINGS = ("No.", "発言者", "意見", "対象", "市の回答", "対応状況")
_WIDTHS = (6, 10, 34, 23, 32, 17)
_WAITING = {None: ALERT, OpinionState.SETTLED: SETTLED}


def applies(papers: CouncilPapers) -> bool:
    """Return whether any meeting has an opinion to show, or one that is left out and said to be."""
    return bool(counting(papers.progress.meetings) or papers.left_out)


def add(book: Workbook, papers: CouncilPapers) -> None:
    """Add the sheet."""
    progress = papers.progress
    told = counting(progress.meetings)
    sheet = Sheet(book, TITLE, _WIDTHS, papers)
    sheet.line(f"{progress.plan.council or '会議'}の{TITLE}", HEADING)
    if any(one.is_example for one in told):
        sheet.line(ABOUT_EXAMPLES, NOTICE)
    sheet.line(_left_out(papers), NOTICE)
    head = sheet.head(_HEADINGS)
    sheet.repeat(head, head)
    known = names(progress)
    for place, one in enumerate(told):
        # The newest stands first; one heading stands above all earlier ones.
        _meeting(sheet, one, known, _across(sheet, _EARLIER, SUBHEADING) if place == 1 else [])
    if not told:
        sheet.write([Item(_NOTHING, TEXT, span=len(_WIDTHS))], 22)
    sheet.finish()


def _left_out(papers: CouncilPapers) -> str:
    """Return how many opinions are not told to these papers' readers; blank for none."""
    if papers.meeting is None or not papers.left_out:
        return ""
    kind = "公開していない" if papers.meeting.audience is Audience.PUBLIC else "準備中の"
    return f"{kind}会議の意見 {papers.left_out}件は、この資料に載せていません。"


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
