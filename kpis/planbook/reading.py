"""From the typed sheets of a workbook to a plan book, with every fault at once. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from kpis.entry import clean_text
from kpis.numerals import squeezed
from kpis.planbook.checks import check, in_reading_order, repeated
from kpis.planbook.columns import REQUIRED, Column, Sheet
from kpis.planbook.headings import Head, Row, find_head, is_blank, text_at
from kpis.planbook.rows import PlanBook
from kpis.planbook.sheets import SHEETS
from kpis.planbook.typed import Fault, Only, Places, TypedCell, TypedSheet
from kpis.planbook.values import Day, Figure, Mark, Measured
from kpis.vocabulary import Kind, TargetStatus

GUIDES = ("はじめに",)  # sheets for people, passed over


@dataclass(frozen=True, slots=True)
class Reading:
    """What came out of a workbook; ``book`` is None where the plan's own row could not be read.

    With faults the book holds the rows that could be read, and is not to be recorded; ``half_read``
    are the keys of the others by sheet. What columns decide that the file lacks is found when the
    book is compared with what stands.
    """

    book: PlanBook | None
    places: Places
    faults: tuple[Fault, ...]
    half_read: Mapping[str, Collection[Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Measure:
    """How a row's figures are typed: the unit that may stand behind them, or in words."""

    unit: str = ""  # blank for one that is not known
    in_words: bool = False


@dataclass(slots=True)
class _Sheet:
    """One sheet as far as it was read."""

    sheet: Sheet
    head: Head | None = None  # None: the sheet is missing
    rows: list[Any] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    keyed: list[tuple[tuple[Any, ...], str]] = field(default_factory=list)  # also of faulty rows
    half_read: set[tuple[Any, ...]] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)

    @property
    def letters(self) -> dict[str, str]:
        """Return the letters of the columns that the sheet has."""
        head = self.head or Head()
        return {name: head.cell(1, name).removesuffix("1") for name in head.places}


def read_book(typed: Sequence[TypedSheet]) -> Reading:
    """Return the plan book that the sheets hold, and every fault in them."""
    titles = {squeezed(one.title): one for one in typed}
    units: dict[str, _Measure] = {}
    read = {one.field: _read_sheet(one, titles.get(squeezed(one.title)), units) for one in SHEETS}
    places = Places(
        rows={name: tuple(one.numbers) for name, one in read.items()},
        columns={name: one.letters for name, one in read.items() if one.head is not None},
        has_file=True,
    )
    faults = [*_unknown_sheets(typed), *(fault for one in read.values() for fault in one.faults)]
    for one in read.values():
        faults += repeated(one.sheet, one.keyed)
    rows: Mapping[str, Sequence[Any]] = {name: one.rows for name, one in read.items()}
    half_read: Mapping[str, Collection[Any]] = {n: one.half_read for n, one in read.items()}
    faults += check(rows, places, half_read, in_full=False)
    return Reading(_book(rows), places, in_reading_order(faults), half_read)


def _book(rows: Mapping[str, Sequence[Any]]) -> PlanBook | None:
    if not rows["plan"]:
        return None
    return PlanBook(
        plan=rows["plan"][0],
        **{one.name: tuple(rows[one.name]) for one in fields(PlanBook) if one.name != "plan"},
    )


def _unknown_sheets(typed: Sequence[TypedSheet]) -> list[Fault]:
    known = {squeezed(one.title) for one in SHEETS} | {squeezed(one) for one in GUIDES}
    said = "このシートは計画ブックにありません。シートの名前を直すか、消してください。"
    return [
        Fault(one.title, "", said) for one in typed if one.rows and squeezed(one.title) not in known
    ]


def _read_sheet(sheet: Sheet, typed: TypedSheet | None, units: dict[str, _Measure]) -> _Sheet:
    """Return the sheet as read; the measures of what it declares join the others."""
    read = _Sheet(sheet)
    if typed is not None:
        read.head, faults = find_head(sheet, typed) if typed.rows else (Head(), [])
        read.faults += faults
        for row in typed.rows:
            if row[0] > read.head.row and read.head.row:
                _read_row(read, read.head, row, units)
    if not (read.rows or read.half_read or read.faults) and sheet.required:
        where = "シートがありません" if typed is None else "行がありません"
        read.faults.append(Fault(sheet.title, "", f"{where}。計画ブックには必ず必要です。"))
    if sheet.field == "plan" and len(read.keyed) > 1:
        cells = "・".join(cell for _, cell in read.keyed)
        read.faults.append(Fault(sheet.title, cells, "計画は1行だけにしてください。"))
    return read


def _read_row(read: _Sheet, head: Head, row: Row, units: dict[str, _Measure]) -> None:
    number, cells = row
    found = {name: text_at(cells, place) for name, place in head.places.items()}
    if all(map(is_blank, found.values())):
        return
    measure = _measure(read.sheet, found, units)
    values: dict[str, Any] = {}
    for column in read.sheet.columns:
        if column.field not in head.places and column.empty is REQUIRED:
            continue  # told once, at the heading
        try:
            values[column.field] = _value(column, found.get(column.field, ""), measure)
        except ValueError as error:
            said = f"{column.heading}: {error}"
            read.faults.append(Fault(read.sheet.title, head.cell(number, column.field), said))
    _keep(read, values, number, head)


def _keep(read: _Sheet, values: dict[str, Any], number: int, head: Head) -> None:
    sheet = read.sheet
    key = tuple(values.get(name) for name in sheet.key)
    if all(name in values for name in sheet.key):
        cells = (head.cell(number, name) for name in sheet.key)
        read.keyed.append((key, next(filter(None, cells), "")))
    if len(values) < len(sheet.columns):
        read.half_read.add(key)
        return
    if sheet.field in ("targets", "target_revisions") and values["status"] is None:
        is_set = values["value"] is not None
        values["status"] = TargetStatus.SET if is_set else TargetStatus.UNSET
    read.rows.append(sheet.row(**values))
    read.numbers.append(number)


def _value(column: Column, cell: TypedCell, measure: _Measure) -> Any:
    """Return what the cell means. Raises ValueError, in Japanese."""
    text = clean_text(_text(column, cell))
    if not text:
        if column.empty is REQUIRED:
            raise ValueError("入力してください。")
        return column.empty
    if isinstance(column.value, Measured) and measure.in_words:
        return column.value.read_word(text)
    if isinstance(column.value, Figure):
        return column.value.read(text, measure.unit)
    return column.value.read(text)


def _text(column: Column, cell: TypedCell) -> str:
    if isinstance(cell, str):
        return cell
    takes = {Only.DAY: Day, Only.MARK: Mark}.get(cell.only)
    if takes is None or not isinstance(column.value, takes):
        raise ValueError(cell.fault)
    return cell.text


def _measure(sheet: Sheet, found: Mapping[str, TypedCell], units: dict[str, _Measure]) -> _Measure:
    """Return how the row's figures are typed.

    Those of indicators and KGIs are remembered for the sheets behind theirs.
    """
    if sheet.field in ("indicators", "kgis", "publicity"):
        unit, kind = (_plain(found.get(name, "")) for name in ("unit", "kind"))
        named = _Measure(unit, sheet.field == "indicators" and kind == Kind.MILESTONE.label)
        code = _plain(found.get("code", ""))
        if code:
            units[f"{sheet.field} {code}"] = named
        return named
    for name, kind in (("indicator", "indicators"), ("kgi", "kgis")):
        code = _plain(found.get(name, ""))
        if code:
            return units.get(f"{kind} {code}", _Measure())
    return _Measure()


def _plain(cell: TypedCell) -> str:
    return squeezed(cell) if isinstance(cell, str) else ""
