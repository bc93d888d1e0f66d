"""An uploaded workbook as rows of typed texts, with every fault of the sheet at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from actions.fiscal import Period
from kpis.imports.cells import CellError, RawCell, cell_text
from kpis.imports.head import (
    AGAIN,
    Fault,
    at,
    cell_name,
    find_headings,
    heading_faults,
    identity_faults,
    plain_text,
)
from kpis.imports.layout import FIGURES, Layout
from kpis.imports.sheet import MOST_ROWS, RawRow, raw_rows
from kpis.workbooks.columns import VERSION


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row as it was typed; ``cells`` names the cell of each field."""

    code: str
    name: str
    version: int  # what stood there when the file was downloaded
    texts: Mapping[str, str]
    cells: Mapping[str, str]
    faulty: frozenset[str] = frozenset()  # fields whose cells could not be taken


@dataclass(slots=True)
class _Reading:
    """The faults found so far, and where the columns are."""

    layout: Layout
    columns: Mapping[str, int]
    faults: list[Fault] = field(default_factory=list)

    def fault(self, cell: str, message: str) -> None:
        self.faults.append(Fault(self.layout.sheet, cell, message))


def read_workbook(
    content: bytes, slug: str, period: Period, layout: Layout = FIGURES
) -> tuple[tuple[SheetRow, ...], tuple[Fault, ...]]:
    """Return the rows of the entry sheet and every fault found in it.

    A file of another plan or period, and one without its headings, gives no rows. Raises
    UploadError for a file that is no plain workbook of usual size or lacks the sheet.
    """
    rows = raw_rows(content, layout.sheet)
    headings = find_headings(rows, layout)
    faults = (
        *identity_faults(rows, slug, period, layout),
        *heading_faults(headings, layout),
    )
    if faults:
        return (), faults
    reading = _Reading(layout, headings.columns)
    below = [one for one in rows if one[0] > headings.row]
    read = [_read_row(*one, reading) for one in below if _is_filled(one[1], reading)]
    if len(read) > MOST_ROWS:
        reading.fault("", f"行が多すぎます（{MOST_ROWS:,}行まで）。")
    return tuple(read), (*reading.faults, *_repeated(read, layout))


def _is_filled(row: RawRow, reading: _Reading) -> bool:
    return any(at(row, place) for place in reading.columns.values())


def _read_row(number: int, row: RawRow, reading: _Reading) -> SheetRow:
    """Return the row; the faults of its cells join the others."""
    columns, layout = reading.columns, reading.layout
    cells = {name: cell_name(number, place) for name, place in columns.items()}
    texts: dict[str, str] = {}
    faulty: set[str] = set()
    for name in (one for one in layout.labels if one in columns):
        try:
            texts[name] = _text(at(row, columns[name]), name, layout)
        except CellError as error:
            reading.fault(cells[name], f"{layout.labels[name]}: {error}")
            faulty.add(name)
    return SheetRow(
        code=_read_code(at(row, columns["code"]), cells["code"], reading),
        name=plain_text(at(row, columns["name"])) if "name" in columns else "",
        version=_read_version(at(row, columns["version"]), cells["version"], reading),
        texts=texts,
        cells=cells,
        faulty=frozenset(faulty),
    )


def _text(cell: RawCell | None, name: str, layout: Layout) -> str:
    if cell is None:
        return ""
    return cell_text(cell, flag=name in layout.flags, day=name in layout.days)


def _read_code(cell: RawCell | None, name: str, reading: _Reading) -> str:
    code = plain_text(cell)
    if not code:
        why = "ありません" if cell is None else "読み取れません（日付や数式になっています）"
        reading.fault(
            name, f"{reading.layout.code}が{why}。元のコードに戻すか、この行を空にしてください。"
        )
    return code


def _read_version(cell: RawCell | None, name: str, reading: _Reading) -> int:
    text = plain_text(cell)
    if text.isascii() and text.isdigit() and len(text) < 9:
        return int(text)
    said = f"「{VERSION}」（画面に出ない列）が変えられているため、取り込めません。"
    reading.fault(name, said + AGAIN)
    return -1


def _repeated(rows: Sequence[SheetRow], layout: Layout) -> Iterator[Fault]:
    places: dict[str, list[str]] = {}
    for one in rows:
        if one.code:
            places.setdefault(one.code, []).append(one.cells["code"])
    for code, cells in places.items():
        if len(cells) > 1:
            named = f"{layout.code}「{code}」の行が{len(cells)}つあります（{'、'.join(cells)}）。"
            yield Fault(layout.sheet, "・".join(cells), f"{named}1つだけ残してください。")
