"""The actions of one period as a workbook: sections write DO and CHECK, staff upload it again."""

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from actions.fiscal import Period, Term, short_label
from kpis.entry import LONGEST_TEXT
from kpis.pdca import LABELS, WORDS, ActionRow, fields_of, shown
from kpis.workbooks.cells import clean_text, line_count, put_text
from kpis.workbooks.columns import VERSION, Column, words_width
from kpis.workbooks.guide import GUIDE, PASTING, RETURNING, add_guide, where_to_fill
from kpis.workbooks.looks import body, cell_at, fillable, row_height
from kpis.workbooks.roundsheet import FIRST_ROW, RoundSheet, lay_out, put_head, put_headings
from kpis.workbooks.rows import choice_list, put_kept_text

SHEET = "アクション記入"
CODE, NAME = "アクションコード", "アクション名"
_CENTRED = ("actor", *WORDS)
_HOW_TO = (
    "色の付いたセルに入力してください。段階・評価・見直しは一覧から選びます。"
    "まだ書くことがないセルは空欄のままにします。"
    f"シートの名前・見出し・アクションコードは変えないでください。くわしくはシート「{GUIDE}」へ。"
)


class ActionSheet(RoundSheet[ActionRow]):
    """The actions of a period, of one section or of all."""


class ActionColumn(Column):
    """One column; ``name`` is a field of the year or the name of a fact beside it."""

    @property
    def is_input(self) -> bool:
        """Return whether sections fill it in."""
        return self.name in LABELS


def action_title(period: Period) -> str:
    """Return the round in the words of the title: 令和7年度（上半期）アクションの記入."""
    whole = Period(period.fiscal_year, Term.FY)
    return f"{whole.label}（{period.term.label}）アクションの記入"


def action_workbook(sheet: ActionSheet) -> bytes:
    """Return the workbook: the sheet to fill in, and one that says how."""
    title, across = action_title(sheet.period), action_columns(sheet.period, sheet.rows)
    book = Workbook()
    book.properties.title = clean_text(f"{sheet.plan} {title}")
    book.properties.creator = clean_text(sheet.plan)
    page = book.worksheets[0]
    page.title = SHEET
    put_head(page, sheet, across, title, _HOW_TO)
    put_headings(page, across)
    for number, row in enumerate(sheet.rows, start=FIRST_ROW):
        _put_row(page, number, row, across)
    _offer_choices(page, len(sheet.rows), across)
    lay_out(page, sheet, across, title)
    add_guide(book, sheet.plan, _guide_lines(sheet.period.term))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def action_columns(period: Period, rows: Sequence[ActionRow]) -> tuple[ActionColumn, ...]:
    """Return the columns from left to right; the last one, 版, is not shown."""
    year, last = short_label(period.fiscal_year), short_label(period.fiscal_year - 1)
    beside = [("plan", f"{year}計画"), ("last_year", f"{last}の評価・見直し")]
    if period.term is Term.FY:
        beside.append(("first_half", LABELS["done_first_half"]))
    return (
        ActionColumn("code", CODE, 11),
        ActionColumn("name", NAME, 24),
        ActionColumn("measure", "施策", 16),
        ActionColumn("actor", "主体", 11),
        ActionColumn("section", "所管課", 12),
        *(ActionColumn(name, heading, _width(name, rows, 22)) for name, heading in beside),
        *(_input(name, rows) for name in fields_of(period.term)),
        ActionColumn("version", VERSION, 6),
    )


def _input(name: str, rows: Sequence[ActionRow]) -> ActionColumn:
    width = 12 if name in WORDS else _width(name, rows, 30)
    return ActionColumn(name, LABELS[name], width, _COMMENTS[name])


def _width(name: str, rows: Sequence[ActionRow], least: int) -> int:
    return max(least, words_width([_text(name, row) for row in rows]))


def _text(name: str, row: ActionRow) -> str:
    """Return what a cell of the row says."""
    facts = {
        "code": row.code,
        "name": row.name,
        "measure": row.measure_label,
        "actor": "\n".join((row.actor.label, *row.marks)),
        "section": row.section,
        "plan": row.entry.plan,
        "last_year": row.last_year,
        "first_half": row.entry.done_first_half,
    }
    return facts[name] if name in facts else shown(row.entry, name)


def _put_row(page: Worksheet, number: int, row: ActionRow, across: Sequence[ActionColumn]) -> None:
    """Write one action into the sheet's row, high enough for its longest text."""
    lines = 1
    for place, column in enumerate(across, start=1):
        cell = cell_at(page, number, place)
        body(cell, number=column.name == "version", centred=column.name in _CENTRED)
        if column.name == "version":
            cell.value = row.version
            continue
        text = _text(column.name, row)
        if column.is_input:
            fillable(cell)
        if column.is_input or column.name == "code":
            put_kept_text(cell, text)
        else:
            put_text(cell, text)
        lines = max(lines, line_count(text, column.width))
    page.row_dimensions[number].height = row_height(max(lines, 3))  # room to write


def _offer_choices(page: Worksheet, number: int, across: Sequence[ActionColumn]) -> None:
    """Offer the words of 段階, 評価 and 見直し in lists."""
    if not number:
        return
    for place, column in enumerate(across, start=1):
        if column.name in WORDS:
            words = choice_list(",".join(one.label for one in WORDS[column.name]), refuses=True)
            letter = get_column_letter(place)
            words.add(f"{letter}{FIRST_ROW}:{letter}{FIRST_ROW + number - 1}")
            page.add_data_validation(words)


_LIMIT = f"{LONGEST_TEXT:,}字まで。セルの中の改行は Alt+Enter です。"
_COMMENTS = {
    "stage": "この年度にアクションがどこまで進んだかを、一覧から選びます。",
    "done_first_half": f"4～9月に行ったことを書きます。{_LIMIT}",
    "done": f"4月から3月までに行ったことを書きます。{_LIMIT}",
    "results": f"得られた成果と、残った課題を書きます。{_LIMIT}",
    "evaluation": "計画と比べた進み具合を、一覧から選びます。",
    "revision": "次の年度にどうするかを、一覧から選びます。",
    "revision_note": f"見直しの内容を書きます。{_LIMIT}",
}


def _guide_lines(term: Term) -> list[tuple[str, str]]:
    return [
        where_to_fill(SHEET, "アクション"),
        *((LABELS[name], _told(name)) for name in fields_of(term)),
        ("公表", "記入した内容は、公表担当が公表すると、公開ページと会議資料に載ります。"),
        (
            "空欄",
            "まだ書くことがないセルは空欄のままにします。書いてあったものを消すと、空欄になります。",
        ),
        PASTING,
        RETURNING,
    ]


def _told(name: str) -> str:
    if name not in WORDS:
        return _COMMENTS[name]
    return f"{_COMMENTS[name]}（{'・'.join(one.label for one in WORDS[name])}）"
