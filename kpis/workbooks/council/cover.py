"""表紙: what the papers are, for which meeting, as of when, and where to find what."""

from collections.abc import Sequence

from openpyxl import Workbook

from actions.fiscal import date_label
from kpis.papers import CouncilPapers
from kpis.workbooks.council.items import Item
from kpis.workbooks.council.sheet import Sheet, edition_words
from kpis.workbooks.council.styles import (
    HEADING,
    LABEL,
    LARGE,
    LINK,
    NUMBER_BOX,
    TEXT,
)
from kpis.workbooks.council.styles import (
    TITLE as TITLE_STYLE,
)

TITLE = "表紙"
_WIDTHS = (6, 28, 62, 26)


def add(book: Workbook, papers: CouncilPapers, contents: Sequence[tuple[str, str]]) -> None:
    """Add the sheet; ``contents`` names the sheets that follow and what each holds."""
    sheet = Sheet(book, TITLE, _WIDTHS, papers)
    _number(sheet, papers)
    sheet.gap(44)
    sheet.line(papers.progress.plan.name, TITLE_STYLE)
    sheet.line(f"進捗状況報告（{papers.progress.period.label}）", TITLE_STYLE)
    sheet.gap(26)
    for label, text in _facts(papers):
        _fact(sheet, label, text)
    sheet.gap(26)
    sheet.line("目次", HEADING)
    sheet.head(["", "シート", "内容"], [1, 1, 2])
    for number, (title, about) in enumerate(contents, start=1):
        sheet.write(
            [Item(number, LABEL), Item(title, LINK, link=title), Item(about, TEXT, span=2)], 20
        )
    sheet.finish()


def _number(sheet: Sheet, papers: CouncilPapers) -> None:
    """Put the document's number into its box at the upper right, as papers of a meeting have it."""
    row = sheet.rows([26])
    number = "" if papers.meeting is None else papers.meeting.document_number
    if number:
        sheet.put(row, len(_WIDTHS), Item(number, NUMBER_BOX))


def _fact(sheet: Sheet, label: str, text: str) -> None:
    if text:
        sheet.write([Item("", LARGE), Item(label, LARGE), Item(text, LARGE, span=2)], 24)


def _facts(papers: CouncilPapers) -> list[tuple[str, str]]:
    progress, meeting = papers.progress, papers.meeting
    period = progress.period
    facts = [
        ("報告期間", f"{period.label}（{period.span}）"),
        ("基準日", date_label(period.as_of)),
        ("版", edition_words(papers)),
        ("所管課", progress.plan.section),
    ]
    if meeting is None:
        return [("会議体", progress.plan.council), *facts]
    return [
        ("会議", meeting.name),
        ("開催日", "" if meeting.day is None else date_label(meeting.day)),
        ("場所", meeting.place),
        ("次第", meeting.agenda),
        *facts,
    ]
