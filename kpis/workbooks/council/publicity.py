"""普及・周知: what was done to make the plan known, with the sum of each quantity up to each record."""

from decimal import Decimal

from openpyxl import Workbook

from actions.fiscal import date_label
from kpis.numerals import DASH, format_exact
from kpis.papers import CouncilPapers
from kpis.progress import Publicity
from kpis.publicity import Counted, running_totals, totals
from kpis.workbooks.council.items import Item, figure
from kpis.workbooks.council.sheet import Sheet
from kpis.workbooks.council.styles import HEADING, MIDDLE, NAME, NUMBER

TITLE = "普及・周知"
_HEADINGS = ("日付", "種別", "対象", "内容", "数量", "累計", "備考")
_WIDTHS = (16, 14, 12, 36, 10, 10, 24)
_ADDED_UP = "累計は、種別・対象・単位が同じ記録の数量を、日付の順に足したものです。"


def applies(papers: CouncilPapers) -> bool:
    """Return whether there is any record to show."""
    return bool(papers.progress.publicity)


def add(book: Workbook, papers: CouncilPapers) -> None:
    """Add the sheet: the sums above, then each record."""
    records = papers.progress.publicity
    sheet = Sheet(book, TITLE, _WIDTHS, papers)
    sheet.line(f"計画の{TITLE}の取組み　{len(records):,}件", HEADING)
    if any(one.quantity is not None for one in records):
        sheet.line(f"数量の合計: {_sums(records)}")
        sheet.line(_ADDED_UP)
    sheet.gap(4)
    head = sheet.head(_HEADINGS)
    sheet.repeat(head, head)
    for one in running_totals(records):
        sheet.write(_row(one), 20)
    sheet.finish()


def _sums(records: tuple[Publicity, ...]) -> str:
    return "、".join(
        f"{one.name} {format_exact(one.quantity)}{one.unit}" for one in totals(records)
    )


def _row(counted: Counted) -> list[Item]:
    one = counted.record
    return [
        Item(DASH if one.day is None else date_label(one.day), MIDDLE),
        Item(one.kind, MIDDLE),
        Item(one.item, MIDDLE),
        Item(one.content, NAME),
        _figure(one.quantity, one.unit),
        _figure(counted.total, one.unit),
        Item(one.note, NAME),
    ]


def _figure(value: Decimal | None, unit: str) -> Item:
    """Return a figure with its unit behind it; a quote would end the format's text, so it goes."""
    return figure(value, NUMBER, unit.replace('"', ""))
