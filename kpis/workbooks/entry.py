"""The entry grid of one period as a workbook: sections fill it in, staff upload it again."""

import io

from openpyxl import Workbook

from kpis.entry import EntryRow
from kpis.workbooks.cells import clean_text
from kpis.workbooks.columns import SHEET, columns, round_name
from kpis.workbooks.guide import GUIDE, add_guide, guide_lines
from kpis.workbooks.roundsheet import FIRST_ROW, RoundSheet, lay_out, put_head, put_headings
from kpis.workbooks.rows import offer_choices, put_row

_HOW_TO = (
    "色の付いたセルに入力してください。数値がないときは実績値を空欄にして「—」の理由を選びます。"
    "0 は実績が0のとき、空欄はまだ分からないときです。"
    f"シートの名前・見出し・指標コードは変えないでください。くわしくはシート「{GUIDE}」へ。"
)


class EntrySheet(RoundSheet[EntryRow]):
    """The indicators of a period, of one section or of all."""


def entry_workbook(sheet: EntrySheet) -> bytes:
    """Return the workbook: the sheet to fill in, and one that says how."""
    book = Workbook()
    book.properties.title = clean_text(f"{sheet.plan} {round_name(sheet.period)}")
    book.properties.creator = clean_text(sheet.plan)
    page = book.worksheets[0]
    page.title = SHEET
    across, title = columns(sheet.period, sheet.rows), round_name(sheet.period)
    put_head(page, sheet, across, title, _HOW_TO)
    put_headings(page, across)
    for number, row in enumerate(sheet.rows, start=FIRST_ROW):
        put_row(page, number, row, across)
    offer_choices(page, FIRST_ROW, sheet.rows, across)
    lay_out(page, sheet, across, title)
    add_guide(book, sheet.plan, guide_lines(sheet.period))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
