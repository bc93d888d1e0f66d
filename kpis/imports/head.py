"""What stands above the rows: of which plan and period the file is, and where its columns are."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from actions.fiscal import FiscalYearError, Period, parse_period
from kpis.imports.cells import CellError, RawCell, cell_text
from kpis.imports.layout import Layout
from kpis.imports.sheet import RawRow
from kpis.workbooks.columns import PERIOD_ID, PLAN_ID

AGAIN = "この報告期間の画面からダウンロードしたExcelに入力してください。"

Rows = Sequence[tuple[int, RawRow]]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where; ``cell`` is blank for what concerns the whole sheet."""

    sheet: str
    cell: str
    message: str

    @property
    def place(self) -> str:
        """Return the place as staff find it, 実績入力 I7; blank for the whole file."""
        return f"{self.sheet} {self.cell}".strip()


@dataclass(frozen=True, slots=True)
class Headings:
    """The row of the headings, 0 where there is none, and every place of each column."""

    row: int = 0
    places: Mapping[str, Sequence[int]] | None = None

    @property
    def columns(self) -> dict[str, int]:
        """Return the place of each column that there is."""
        return {name: among[0] for name, among in (self.places or {}).items()}


def squeezed(text: object) -> str:
    """Return the text without spaces, full-width letters as plain ones: how names are compared."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(text)))


def at(row: RawRow, place: int) -> RawCell | None:
    """Return the cell at the place, None for an empty one."""
    return row[place] if place < len(row) else None


def plain_text(cell: RawCell | None) -> str:
    """Return what a label's or a code's cell says; blank for what cannot be one."""
    try:
        return "" if cell is None else squeezed(cell_text(cell))
    except CellError:
        return ""


def cell_name(number: int, place: int) -> str:
    """Return the cell's name: I7."""
    return f"{get_column_letter(place + 1)}{number}"


def identity_faults(rows: Rows, slug: str, period: Period, layout: Layout) -> Iterator[Fault]:
    """Yield what tells that the file belongs to another plan or period."""
    found = next((one for one in rows if plain_text(one[1][0]) == PLAN_ID), None)
    if found is None:
        yield Fault(layout.sheet, "", f"「{PLAN_ID}」の行（見出しの上）がありません。{AGAIN}")
        return
    number, row = found
    told = {plain_text(cell): place for place, cell in enumerate(row) if cell is not None}
    plan_at, period_at = told[PLAN_ID] + 1, told.get(PERIOD_ID, len(row)) + 1
    plan = plain_text(at(row, plan_at))
    if plan != slug:
        theirs = f"このファイルの計画は「{plan or '空欄'}」です。"
        said = f"{theirs}取り込み先の計画は「{slug}」です。{AGAIN}"
        yield Fault(layout.sheet, cell_name(number, plan_at), said)
    code = plain_text(at(row, period_at))
    if _period(code) != period:
        cell = cell_name(number, period_at) if PERIOD_ID in told else ""
        yield Fault(layout.sheet, cell, _period_words(code, period))


def _period(code: str) -> Period | None:
    try:
        return parse_period(code)
    except FiscalYearError:
        return None


def _period_words(code: str, period: Period) -> str:
    theirs = _period(code)
    label = theirs.label if theirs else code or "空欄"
    ours = f"取り込み先の期間は「{period.label}」です。"
    return f"このファイルの期間は「{label}」です。{ours}{AGAIN}"


def find_headings(rows: Rows, layout: Layout) -> Headings:
    """Return the headings' row and columns, wherever the columns stand."""
    wanted = {
        squeezed(heading): name for name, heading in {**layout.needed, "name": layout.name}.items()
    }
    for number, row in rows:
        texts = [plain_text(cell) for cell in row]
        if layout.code in texts:
            places: dict[str, list[int]] = {}
            for place, text in enumerate(texts):
                if text in wanted:
                    places.setdefault(wanted[text], []).append(place)
            return Headings(number, places)
    return Headings()


def heading_faults(headings: Headings, layout: Layout) -> Iterator[Fault]:
    """Yield every heading that is missing or stands there twice."""
    if headings.places is None:
        yield Fault(
            layout.sheet, "", f"見出しの行（「{layout.code}」のある行）がありません。{AGAIN}"
        )
        return
    for name, heading in layout.needed.items():
        cells = [cell_name(headings.row, place) for place in headings.places.get(name, ())]
        hidden = "（画面に出ない列）" if name == "version" else ""
        if not cells and name not in layout.optional:
            said = f"{headings.row}行目に見出し「{heading}」{hidden}がありません。"
            yield Fault(layout.sheet, "", f"{said}見出しを元に戻すか、{AGAIN}")
        elif len(cells) > 1:
            said = f"見出し「{heading}」{hidden}が2つ以上あります。{AGAIN}"
            yield Fault(layout.sheet, "・".join(cells), said)
