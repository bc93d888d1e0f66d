"""What a plan book changes in what stands: row by row, by the sheets' keys. Pure.

A part is what one kind of record keeps: 体系 has two, the strategies and their measures.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kpis.entry import clean_text
from kpis.planbook.columns import Column, Sheet
from kpis.planbook.rows import IndicatorRow, MeasureRow
from kpis.planbook.sheets import SHEETS
from kpis.planbook.typed import Places
from kpis.vocabulary import Kind, TargetStatus

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of record, the sheet that holds it, its key, and the columns that are its own."""

    name: str
    sheet: Sheet
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def key_of(self, row: Any) -> Key:
        """Return what no two rows share."""
        return tuple(getattr(row, name) for name in self.key)

    def shown_key(self, row: Any) -> str:
        """Return the key as people read it: 1-1 令和7年度 上半期."""
        values = {one.field: one.value for one in self.sheet.columns}
        parts = (values[name].shown(getattr(row, name)) for name in self.key)
        return " ".join(str(one) for one in parts if one is not None)


_OF_MEASURE = ("number", "name", "page", "note", "description")
_OF_STRATEGY = ("strategy_name", "tag", "strategy_note")


def _part(name: str, field: str, key: tuple[str, ...], without: Iterable[str] = ()) -> Part:
    sheet = next(one for one in SHEETS if one.field == field)
    skipped = {*key, *without}
    return Part(name, sheet, key, tuple(c for c in sheet.columns if c.field not in skipped))


def _whole(field: str) -> Part:
    sheet = next(one for one in SHEETS if one.field == field)
    return _part(field, field, sheet.key)


# In the order in which they are recorded: what is named stands before what names it.
PARTS = (
    _whole("plan"),
    _part("strategies", "measures", ("strategy",), _OF_MEASURE),
    _part("measures", "measures", ("strategy", "number"), _OF_STRATEGY),
    _whole("indicators"),
    _whole("bands"),
    _whole("targets"),
    _whole("target_revisions"),
    _whole("actuals"),
    _whole("kgis"),
    _whole("kgi_values"),
    _whole("kgi_comparisons"),
    _whole("kgi_revisions"),
    _whole("actions"),
    _whole("action_years"),
    _whole("publicity"),
)


def kinds_of(indicators: Iterable[IndicatorRow]) -> dict[str, Kind]:
    """Return the kinds of the indicators by their codes."""
    return {one.code: one.kind for one in indicators}


def kind_of(row: Any, kinds: Mapping[str, Kind]) -> Kind:
    """Return the kind of the indicator that the row is about; 累計 for one about none."""
    if isinstance(row, IndicatorRow):
        return row.kind
    return kinds.get(getattr(row, "indicator", ""), Kind.CUMULATIVE)


def rows_of_part(part: Part, rows: Sequence[Any]) -> list[tuple[int, Any]]:
    """Return the sheet's rows that concern the part, each with its place among them.

    A strategy is what the rows that name it say together.
    """
    if part.name == "measures":
        return [(at, row) for at, row in enumerate(rows) if row.number is not None]
    if part.name == "strategies":
        return list(_strategies(rows))
    return list(enumerate(rows))


def _strategies(rows: Sequence[MeasureRow]) -> Iterator[tuple[int, MeasureRow]]:
    groups: dict[int, list[tuple[int, MeasureRow]]] = {}
    for at, row in enumerate(rows):
        groups.setdefault(row.strategy, []).append((at, row))
    for strategy, group in groups.items():
        said = {
            name: next((text for _, row in group if (text := getattr(row, name))), "")
            for name in _OF_STRATEGY
        }
        yield (
            group[0][0],
            MeasureRow(strategy=strategy, number=None, name="", page=None, note="", **said),
        )


@dataclass(frozen=True, slots=True)
class Added:
    """A row that does not stand yet; ``at`` is its place among the book's rows of the sheet."""

    at: int
    row: Any


@dataclass(frozen=True, slots=True)
class Changed:
    """A row that becomes another, with the columns that differ."""

    at: int
    before: Any
    after: Any
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class PartChanges:
    """What becomes of a part: ``standing`` is all of it as it stands in the end."""

    part: Part
    added: tuple[Added, ...]
    changed: tuple[Changed, ...]
    missing: tuple[Any, ...]  # rows that stand but are not in the book
    book: tuple[Any, ...]  # the book's rows, with what they do not mention as it stands


def compare(
    part: Part, standing: Mapping[Key, Any], rows: Sequence[Any], places: Places
) -> PartChanges:
    """Return what the book's rows change in the standing ones.

    A column that the file does not have is not mentioned: what stands there stays.
    """
    named = [one for one in part.columns if places.mentions(part.sheet.field, one.field)]
    added, changed, book = [], [], []
    found = set()
    for at, row in rows_of_part(part, rows):
        key = part.key_of(row)
        found.add(key)
        before = standing.get(key)
        if before is None:
            added.append(Added(at, row))
            book.append(row)
            continue
        after = _overlaid(before, row, named)
        book.append(after)
        different = tuple(one for one in named if _differs(one.field, before, after))
        if different:
            changed.append(Changed(at, before, after, different))
    missing = tuple(row for key, row in standing.items() if key not in found)
    return PartChanges(part, tuple(added), tuple(changed), missing, tuple(book))


def _overlaid(before: Any, row: Any, named: Sequence[Column]) -> Any:
    after = replace(before, **{one.field: getattr(row, one.field) for one in named})
    if "status" in {one.field for one in named} or not hasattr(after, "status"):
        return after
    # Without the column 状態 the figure tells it; 連動 stays while there is none.
    if after.value is not None:
        return replace(after, status=TargetStatus.SET)
    return replace(after, status=TargetStatus.UNSET) if before.value is not None else after


def _differs(field: str, before: Any, after: Any) -> bool:
    return bool(_plain(getattr(before, field)) != _plain(getattr(after, field)))


def _plain(value: Any) -> Any:
    """Return the value as it is compared: line ends and the order of codes are no difference."""
    if isinstance(value, tuple):
        return frozenset(value)
    return clean_text(value) if type(value) is str else value
