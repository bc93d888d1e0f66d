"""表紙: what the papers are, for which meeting, as of when, and where to find what."""

from collections.abc import Sequence

from openpyxl import Workbook

from actions.fiscal import date_label
from kpis.actionwords import EXAMPLE
from kpis.papers import CouncilPapers
from kpis.workbooks.council.items import Item
from kpis.workbooks.council.sheet import Sheet, edition_words
from kpis.workbooks.council.styles import (
    HEADING,
    LARGE,
    LINK,
    MIDDLE,
    NAME,
    NUMBER_BOX,
)
from kpis.workbooks.council.styles import (
    TITLE as TITLE_STYLE,
)

TITLE = "表紙"
_WIDTHS = (5, 17, 52, 14, 14, 20)
_VALUE, _BESIDE = 1, 2  # columns of a fact that has another one beside it, and of that one
_LEFT = 3  # columns of the left half of the members
Fact = tuple[str, str]


def add(book: Workbook, papers: CouncilPapers, contents: Sequence[tuple[str, str]]) -> None:
    """Add the sheet; ``contents`` names the sheets that follow and what each holds."""
    sheet = Sheet(book, TITLE, _WIDTHS, papers)
    _number(sheet, papers)
    sheet.gap(6)
    sheet.line(papers.progress.plan.name, TITLE_STYLE)
    sheet.line(f"進捗状況報告（{papers.progress.period.label}）", TITLE_STYLE)
    sheet.gap(6)
    for facts in _facts(papers):
        _line(sheet, [one for one in facts if one[1]])
    sheet.gap(6)
    sheet.line("目次", HEADING)
    sheet.head(["", "シート", "内容"], [1, 1, 4])
    for number, (title, about) in enumerate(contents, start=1):
        link = Item(title, LINK, link=title)
        sheet.write([Item(number, MIDDLE), link, Item(about, NAME, span=4)], 18)
    _members(sheet, papers)
    sheet.finish()


def _members(sheet: Sheet, papers: CouncilPapers) -> None:
    """Name the meeting's members below the contents, together on the next page if need be."""
    names = () if papers.meeting is None else papers.meeting.member_names
    if not names:
        return
    rows = [
        row
        for pair in range(0, len(names), 2)
        for row in sheet.laid(_pair(names[pair : pair + 2]), 18)
    ]
    heading = sheet.laid([Item(f"委員（{len(names)}人）", HEADING, span=len(_WIDTHS))], 30)
    sheet.keep(min(sum(row.height for row in (*heading, *rows)), sheet.whole_page))
    for row in (*heading, *rows):
        sheet.write_laid(row)


def _pair(names: Sequence[str]) -> list[Item]:
    """Return a row of one member or two; its halves are the columns' nearest to equal."""
    left, right = Item(names[0], NAME, span=_LEFT), len(_WIDTHS) - _LEFT
    return [left, Item(names[1] if len(names) > 1 else "", NAME, span=right)]


def _number(sheet: Sheet, papers: CouncilPapers) -> None:
    """Put the document's number into its box at the upper right, as papers of a meeting have it."""
    number = "" if papers.meeting is None else papers.meeting.document_number
    if number:
        left = Item("", LARGE, span=len(_WIDTHS) - 1)
        sheet.write([left, Item(number, NUMBER_BOX)], 26)


def _line(sheet: Sheet, facts: Sequence[Fact]) -> None:
    """Write one fact across the sheet, or two beside each other; nothing for none."""
    spans = [_VALUE, _BESIDE] if len(facts) > 1 else [_VALUE + 1 + _BESIDE]
    items = [Item("", LARGE)]
    for (label, text), span in zip(facts, spans, strict=False):
        items += [Item(label, LARGE), Item(text, LARGE, span=span)]
    if facts:
        sheet.write(items, 22)


def _facts(papers: CouncilPapers) -> list[list[Fact]]:
    """Return the facts line by line; those that are not known are blank."""
    progress, meeting = papers.progress, papers.meeting
    period = progress.period
    facts = [
        [("報告期間", f"{period.label}（{period.span}）"), ("基準日", date_label(period.as_of))],
        [("版", edition_words(papers)), ("所管課", progress.plan.section)],
    ]
    if meeting is None:
        return [[("会議体", progress.plan.council)], *facts]
    day = "" if meeting.day is None else date_label(meeting.day)
    return [
        [("会議", f"{EXAMPLE if meeting.is_example else ''}{meeting.name}")],
        [("開催日", day), ("場所", meeting.place)],
        [("次第", meeting.agenda)],
        *facts,
    ]
