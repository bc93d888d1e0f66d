"""総括: the judgements counted, each KGI in a line, what has moved, and what is to be discussed."""

from collections.abc import Sequence

from openpyxl import Workbook

from kpis.changes import Change, Move, changes, of_move
from kpis.discussion import points
from kpis.judgement import Verdict
from kpis.papers import CouncilPapers
from kpis.progress import PlanProgress
from kpis.vocabulary import Tone
from kpis.workbooks.council import tally
from kpis.workbooks.council.items import Item
from kpis.workbooks.council.kgi_lines import put_kgis
from kpis.workbooks.council.sheet import Sheet
from kpis.workbooks.council.styles import (
    CENTRED_NUMBER,
    HEADING,
    NAME,
    NOTE,
    NUMBER_BOX,
    POINT,
    POINT_BODY,
    VERDICTS,
)

TITLE = tally.TITLE
WIDTHS = (7, 21, *[94 / tally.COLUMNS] * tally.COLUMNS)
_GAP = 10.0
_MOST_LISTED = 8  # of each kind; the sheet of all indicators holds the rest
_TITLE_SPAN = 3
_AROUND_ROWS = 64.0  # points of the heading, the head of the table and the note
_SPANS = (2, 3, tally.COLUMNS - 3)
_TOLD = (Move.BETTER, Move.WORSE)
_TINTS = {
    Move.BETTER: Tone.GOOD,
    Move.SAME: Tone.FAIR,
    Move.WORSE: Tone.BAD,
    Move.UNKNOWN: Tone.NEUTRAL,
}
_NOTE = (
    "参考判定は、目標と実績から計算した参考の区分です。市が公表した判定ではありません。"
    "判定の基準は、シート「算定ルール・注記」にあります。"
)
_HOW = (
    "改善・横ばい・悪化は、参考判定の段階で比べています（年度と上半期では、判定の基準が異なります）。"
    "どちらかの判定がない指標は比較できません。"
)
_NOTHING_BEFORE = "これより前の期間の公表がないため、比べるものがありません。"


def add(book: Workbook, papers: CouncilPapers) -> None:
    """Add the sheet."""
    progress = papers.progress
    sheet = Sheet(book, TITLE, WIDTHS, papers)
    sheet.line(f"参考判定の集計（{progress.period.label}）", HEADING)
    tally.put_counts(sheet, progress)
    sheet.line(_NOTE, NOTE)
    sheet.gap(_GAP)
    sheet.heading("KGI（重要目標達成指標）")
    put_kgis(sheet, progress.kgis)
    sheet.gap(_GAP)
    _put_points(sheet, progress)
    sheet.gap(_GAP)
    _put_changes(sheet, papers.before, progress)
    sheet.finish()


def _put_points(sheet: Sheet, progress: PlanProgress) -> None:
    """Write the points for discussion, together on one page where they fit."""
    rows = [
        [
            Item(number, NUMBER_BOX),
            Item(one.title, POINT, span=_TITLE_SPAN),
            Item(one.sentence, POINT_BODY, span=len(WIDTHS) - _TITLE_SPAN - 1),
        ]
        for number, one in enumerate(points(progress), start=1)
    ]
    heading = [Item("議論いただきたい点", HEADING, span=len(WIDTHS))]
    sheet.keep(sum(map(sheet.measure, [heading, *rows])))
    sheet.write(heading)
    for one in rows:
        sheet.keep(sheet.measure(one))
        sheet.write(one)


def _put_changes(sheet: Sheet, before: PlanProgress | None, progress: PlanProgress) -> None:
    """Write how many judgements moved which way, and which: the moved ones with both words."""
    if before is None:
        sheet.heading("前回からの変化")
        sheet.line(_NOTHING_BEFORE)
        return
    listed = changes(before, progress)
    rows = [_move_row(one, of_move(listed, one)) for one in Move]
    sheet.keep(_AROUND_ROWS + sum(map(sheet.measure, rows)))
    sheet.line(f"前回（{before.period.label}）からの変化", HEADING)
    moved = f"指標（{before.period.label}の参考判定 → {progress.period.label}の参考判定）"
    sheet.head(["変化", "指標数", moved], _SPANS)
    for row in rows:
        sheet.write(row)
    sheet.line(_HOW, NOTE)


def _move_row(move: Move, found: Sequence[Change]) -> list[Item]:
    return [
        Item(move.label, VERDICTS[_TINTS[move]], span=_SPANS[0]),
        Item(len(found), CENTRED_NUMBER, span=_SPANS[1]),
        Item(_moved_words(found) if move in _TOLD else _codes(found), NAME, span=_SPANS[2]),
    ]


def _codes(found: Sequence[Change]) -> str:
    return "、".join(one.indicator.code for one in found)


def _moved_words(found: Sequence[Change]) -> str:
    """Return a line for each of the first few indicators, and how many more there are."""
    lines = [
        f"{one.indicator.code} {one.indicator.name}（{_words(one.before)} → {_words(one.after)}）"
        for one in found[:_MOST_LISTED]
    ]
    rest = found[_MOST_LISTED:]
    return "\n".join([*lines, *([f"ほか{len(rest)}指標（{_codes(rest)}）"] if rest else [])])


def _words(verdict: Verdict | None) -> str:
    return "" if verdict is None else verdict.words
