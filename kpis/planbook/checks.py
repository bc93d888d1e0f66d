"""What the rows of a plan book must say together: every rule of the records, told at the cell. Pure.

``check`` takes the rows by their sheet's field, so that a book with unreadable rows is checked as
far as it could be read, and a book put together with what stands in the database just as well.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from kpis.planbook.columns import Sheet
from kpis.planbook.references import reference_faults
from kpis.planbook.rowrules import RULES, Scene
from kpis.planbook.rows import PlanBook
from kpis.planbook.sheets import SHEETS
from kpis.planbook.typed import Fault, Places, reading_order

Rows = Mapping[str, Sequence[Any]]
_ORDER = {sheet.title: place for place, sheet in enumerate(SHEETS)}


def rows_of(book: PlanBook) -> dict[str, Sequence[Any]]:
    """Return the book's rows by the field of their sheet."""
    return {
        one.field: (book.plan,) if one.field == "plan" else getattr(book, one.field)
        for one in SHEETS
    }


def key_of(sheet: Sheet, row: Any) -> tuple[Any, ...]:
    """Return what no two rows of the sheet may share."""
    return tuple(getattr(row, name) for name in sheet.key)


def check(
    rows: Rows,
    places: Places,
    half_read: Mapping[str, Collection[Any]] | None = None,
    *,
    in_full: bool = True,
) -> tuple[Fault, ...]:
    """Return every fault of the rows that could be read, but for repeated keys.

    ``half_read`` are the keys of rows that have other faults: what refers to them is right. Unless
    the rows are told ``in_full``, what a column says that the file lacks is left open.
    """
    scene = Scene(rows, half_read or {})
    if not in_full:
        scene.leave_open(places)
    found = [
        Fault(sheet.title, places.cell(sheet.field, index, column), reason)
        for sheet in SHEETS
        for index, row in enumerate(rows.get(sheet.field, ()))
        for column, reason in _row_faults(sheet.field, row, scene)
        if in_full or places.mentions(sheet.field, column)
    ]
    return tuple(found)


def _row_faults(field: str, row: Any, scene: Scene) -> Iterator[tuple[str, str]]:
    yield from reference_faults(field, row, scene)
    for rule in RULES.get(field, ()):
        yield from rule(row, scene)


def repeated(sheet: Sheet, keyed: Sequence[tuple[tuple[Any, ...], str]]) -> Iterator[Fault]:
    """Yield a fault for each key that stands in several rows, with the cells of all of them."""
    cells: dict[tuple[Any, ...], list[str]] = {}
    for key, cell in keyed:
        cells.setdefault(key, []).append(cell)
    headings = {one.field: one for one in sheet.columns}
    for key, among in cells.items():
        if len(among) > 1:
            # A key's part that may be left out is "" there.
            parts = [(name, part) for name, part in zip(sheet.key, key, strict=True) if part != ""]
            named = "・".join(headings[name].heading for name, _ in parts)
            shown = " ".join(
                str(headings[name].value.shown(part) or "（空欄）") for name, part in parts
            )
            said = f"{named}「{shown}」の行が{len(among)}つあります。1つだけ残してください。"
            yield Fault(sheet.title, "・".join(one for one in among if one), said)


def repeated_rows(rows: Rows, places: Places) -> Iterator[Fault]:
    """Yield a fault for each key that several of the rows share."""
    for sheet in SHEETS:
        keyed = [
            (key_of(sheet, row), _key_cell(sheet, places, index))
            for index, row in enumerate(rows.get(sheet.field, ()))
        ]
        yield from repeated(sheet, keyed)


def _key_cell(sheet: Sheet, places: Places, index: int) -> str:
    """Return the first of the key's cells that the file has; blank for none."""
    cells = (places.cell(sheet.field, index, name) for name in sheet.key)
    return next(filter(None, cells), "")


def in_reading_order(faults: Collection[Fault]) -> tuple[Fault, ...]:
    """Return the faults once each, sheet by sheet, as they are read."""
    unique = dict.fromkeys(faults)
    return tuple(sorted(unique, key=lambda one: (_ORDER.get(one.sheet, -1), *reading_order(one))))
