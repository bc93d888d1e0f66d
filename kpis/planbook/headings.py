"""Where the columns of a sheet of the plan book are, by their headings. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kpis.numerals import squeezed
from kpis.planbook.columns import REQUIRED, Column, Sheet
from kpis.planbook.typed import Fault, OddCell, TypedCell, TypedSheet, letters

_HEAD = 30  # rows among which the headings are looked for: a title may stand above them

Row = tuple[int, Sequence[TypedCell]]


@dataclass(frozen=True, slots=True)
class Head:
    """The row of the headings and the place of each column; without a row, no headings."""

    row: int = 0
    places: Mapping[str, int] = field(default_factory=dict)  # by the row's field

    def cell(self, number: int, column: str) -> str:
        """Return the name of the column's cell in the row; blank where there is no such column."""
        return f"{letters(self.places[column])}{number}" if column in self.places else ""


def text_at(cells: Sequence[TypedCell], place: int) -> TypedCell:
    """Return what stands at the place; blank beyond the row's end."""
    return cells[place] if place < len(cells) else ""


def is_blank(cell: TypedCell) -> bool:
    """Return whether nothing was typed."""
    return isinstance(cell, str) and not cell.strip()


def _label(cell: TypedCell) -> str:
    return "" if isinstance(cell, OddCell) else squeezed(cell)


def find_head(sheet: Sheet, typed: TypedSheet) -> tuple[Head, list[Fault]]:
    """Return the headings' row and columns, and what is wrong with them.

    The headings are the row near the top in which most of them stand.
    """
    wanted = {squeezed(one.heading): one for one in sheet.columns}
    counted = [
        (len({_label(cell) for cell in cells} & wanted.keys()), -number, cells)
        for number, cells in typed.rows[:_HEAD]
    ]
    most, negative, cells = max(counted, key=lambda one: one[:2], default=(0, 0, ()))
    if not most:
        named = "、".join(one.heading for one in sheet.columns if one.empty is REQUIRED)
        said = f"見出しの行がありません。1行目に見出し（{named} など）を入れてください。"
        return Head(), [Fault(sheet.title, "", said)]
    number = -negative
    places: dict[str, int] = {}
    for place, cell in enumerate(cells):
        column = wanted.get(_label(cell))
        if column is not None:
            places.setdefault(column.field, place)
    head = Head(number, places)
    rows = [one for one in typed.rows if one[0] > number]
    return head, list(_faults(sheet, head, cells, rows))


def _faults(
    sheet: Sheet, head: Head, cells: Sequence[TypedCell], rows: Sequence[Row]
) -> Iterator[Fault]:
    known = {squeezed(one.heading): one for one in sheet.columns}
    for place, cell in enumerate(cells):
        name = f"{letters(place)}{head.row}"
        column = known.get(_label(cell))
        if column is None and not is_blank(cell):
            shown = cell.text if isinstance(cell, OddCell) else cell.strip()
            said = f"見出し「{shown}」は「{sheet.title}」にありません。"
            yield Fault(sheet.title, name, f"{said}見出しを直すか、この列を消してください。")
        elif column is not None and head.places[column.field] != place:
            yield Fault(sheet.title, name, f"見出し「{column.heading}」が2つ以上あります。")
    yield from _unheaded(sheet, head, cells, rows)
    for column in sheet.columns if rows else ():
        if column.empty is REQUIRED and column.field not in head.places:
            yield Fault(sheet.title, "", _missing(column))


def _missing(column: Column) -> str:
    return f"見出し「{column.heading}」の列がありません。この列は必ず必要です。"


def _unheaded(
    sheet: Sheet, head: Head, cells: Sequence[TypedCell], rows: Sequence[Row]
) -> Iterator[Fault]:
    """Yield the first cell of each column that has content but no heading."""
    told = {place for place, cell in enumerate(cells) if not is_blank(cell)}
    for number, row in rows:
        for place, cell in enumerate(row):
            if place not in told and not is_blank(cell):
                told.add(place)
                said = "見出しのない列に入力されています。見出しを入れるか、消してください。"
                yield Fault(sheet.title, f"{letters(place)}{number}", said)
