"""An uploaded workbook as rows of typed texts, with every fault of the sheet at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from actions.fiscal import Period
from kpis.entry import FIELDS, LABELS, Typed
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
from kpis.imports.sheet import MOST_ROWS, RawRow, raw_rows
from kpis.workbooks.columns import CODE, SHEET, VERSION

_FLAGS = ("provisional",)  # fields in which yes and no may stand
_DAYS = ("next_step_due",)  # and those in which a date may


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One indicator's row as it was typed; ``cells`` names the cell of each field."""

    code: str
    name: str
    version: int  # what stood there when the file was downloaded
    typed: Typed
    cells: Mapping[str, str]
    faulty: frozenset[str] = frozenset()  # fields whose cells could not be taken


@dataclass(slots=True)
class _Reading:
    """The faults found so far, and where the columns are."""

    columns: Mapping[str, int]
    faults: list[Fault] = field(default_factory=list)

    def fault(self, cell: str, message: str) -> None:
        self.faults.append(Fault(SHEET, cell, message))


def read_workbook(
    content: bytes, slug: str, period: Period
) -> tuple[tuple[SheetRow, ...], tuple[Fault, ...]]:
    """Return the rows of the entry sheet and every fault found in it.

    A file of another plan or period, and one without its headings, gives no rows. Raises
    UploadError for a file that is no plain workbook of usual size or lacks the sheet.
    """
    rows = raw_rows(content)
    headings = find_headings(rows)
    faults = (*identity_faults(rows, slug, period), *heading_faults(headings))
    if faults:
        return (), faults
    reading = _Reading(headings.columns)
    below = [one for one in rows if one[0] > headings.row]
    read = [_read_row(*one, reading) for one in below if _is_filled(one[1], reading)]
    if len(read) > MOST_ROWS:
        reading.fault("", f"行が多すぎます（{MOST_ROWS:,}行まで）。")
    return tuple(read), (*reading.faults, *_repeated(read))


def _is_filled(row: RawRow, reading: _Reading) -> bool:
    return any(at(row, place) for place in reading.columns.values())


def _read_row(number: int, row: RawRow, reading: _Reading) -> SheetRow:
    """Return the row; the faults of its cells join the others."""
    columns = reading.columns
    cells = {name: cell_name(number, place) for name, place in columns.items()}
    texts, faulty = {}, set()
    for name in (one for one in FIELDS if one in columns):
        try:
            texts[name] = _text(at(row, columns[name]), name)
        except CellError as error:
            reading.fault(cells[name], f"{LABELS[name]}: {error}")
            faulty.add(name)
    return SheetRow(
        code=_read_code(at(row, columns["code"]), cells["code"], reading),
        name=plain_text(at(row, columns["name"])) if "name" in columns else "",
        version=_read_version(at(row, columns["version"]), cells["version"], reading),
        typed=Typed(**texts),
        cells=cells,
        faulty=frozenset(faulty),
    )


def _text(cell: RawCell | None, name: str) -> str:
    return "" if cell is None else cell_text(cell, flag=name in _FLAGS, day=name in _DAYS)


def _read_code(cell: RawCell | None, name: str, reading: _Reading) -> str:
    code = plain_text(cell)
    if not code:
        why = "ありません" if cell is None else "読み取れません（日付や数式になっています）"
        reading.fault(name, f"{CODE}が{why}。元のコードに戻すか、この行を空にしてください。")
    return code


def _read_version(cell: RawCell | None, name: str, reading: _Reading) -> int:
    text = plain_text(cell)
    if text.isascii() and text.isdigit() and len(text) < 9:
        return int(text)
    said = f"「{VERSION}」（画面に出ない列）が変えられているため、取り込めません。"
    reading.fault(name, said + AGAIN)
    return -1


def _repeated(rows: Sequence[SheetRow]) -> Iterator[Fault]:
    places: dict[str, list[str]] = {}
    for one in rows:
        if one.code:
            places.setdefault(one.code, []).append(one.cells["code"])
    for code, cells in places.items():
        if len(cells) > 1:
            named = f"{CODE}「{code}」の行が{len(cells)}つあります（{'、'.join(cells)}）。"
            yield Fault(SHEET, "・".join(cells), f"{named}1つだけ残してください。")
