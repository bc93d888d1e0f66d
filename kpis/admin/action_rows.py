"""What the grid of actions sends and how it is narrowed: rows as typed, and filters."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from actions.vocabulary import Actor
from kpis import gridrows
from kpis.entry import Faults
from kpis.pdca import LABELS, WORDS, ActionRow, Typed, fields_of, read, typed_of
from kpis.progress import ActionYear
from kpis.services import Conflict, NewEntry


@dataclass(frozen=True, slots=True)
class ActionGridRow:
    """One row of the screen: what is recorded, what was typed, and what is wrong with it."""

    row: ActionRow
    typed: Typed
    entry: ActionYear
    seen: int
    faults: Faults = field(default_factory=dict)
    contested: tuple[str, ...] = ()

    @property
    def prefix(self) -> str:
        """Return what the names of this row's fields begin with."""
        return prefix(self.row)

    @property
    def cells(self) -> list["ActionCell"]:
        """Return the cells to fill in, from left to right."""
        return [ActionCell(self, name) for name in fields_of(self.row.term)]

    @property
    def choices(self) -> list[tuple[str, str, str]]:
        """Return label, my value and theirs of each contested cell that differs; blank in words."""
        return gridrows.choices(self.row, self.entry, self.contested, LABELS)

    @property
    def new_entry(self) -> NewEntry[ActionYear]:
        """Return what is to be recorded."""
        return NewEntry(self.row.action, self.entry, self.seen)


@dataclass(frozen=True, slots=True)
class ActionCell:
    """One cell of a row: what it is called, what was typed, and what is wrong with it."""

    of: ActionGridRow
    name: str

    @property
    def label(self) -> str:
        """Return what the column is called."""
        return LABELS[self.name]

    @property
    def words(self) -> list[tuple[str, str]]:
        """Return what may be chosen, as code and label; nothing for a text."""
        return WORDS[self.name].choices() if self.name in WORDS else []

    @property
    def typed(self) -> str:
        """Return the text as it was typed, or a chosen word's code."""
        return str(getattr(self.of.typed, self.name))

    @property
    def is_odd(self) -> bool:
        """Return whether a word was sent that cannot be chosen; it stays until it is mended."""
        return bool(self.typed) and self.typed not in dict(self.words)

    @property
    def shown(self) -> str:
        """Return what was typed as people read it."""
        return self.of.row.shown(self.of.entry, self.name)

    @property
    def faults(self) -> str:
        """Return what is wrong, blank for nothing."""
        return " ".join(self.of.faults.get(self.name, ()))


def prefix(row: ActionRow) -> str:
    """Return what the names of a row's fields begin with."""
    return f"a{row.action}"


def recorded(rows: Iterable[ActionRow]) -> list[ActionGridRow]:
    """Return the screen as it is recorded."""
    return [ActionGridRow(one, one.typed, one.entry, one.version) for one in rows]


def sent(rows: Iterable[ActionRow], data: Mapping[str, str]) -> list[ActionGridRow]:
    """Return the screen as it was sent; rows that were not on it are left out."""
    return [_sent(one, data) for one in rows if f"{prefix(one)}-seen" in data]


def _sent(row: ActionRow, data: Mapping[str, str]) -> ActionGridRow:
    cells = gridrows.cells_of(prefix(row), data, fields_of(row.term), row.typed)
    typed = Typed(**cells.texts)
    entry, faults = read(typed, row.entry, row.term)
    faults = {**faults, **cells.faults}
    return ActionGridRow(row, typed, entry, cells.seen, faults, cells.contested)


def contest(rows: Iterable[ActionGridRow], conflicts: Iterable[Conflict]) -> list[ActionGridRow]:
    """Return the screen with both values wherever another person changed the same cell."""
    return gridrows.contest(rows, conflicts, lambda one: typed_of(one.merged.mine))


_Test = Callable[[ActionRow, str], bool]
_TESTS: dict[str, _Test] = {
    "section": lambda row, asked: row.section == asked,
    "measure": lambda row, asked: row.measure_code == asked,
    "actor": lambda row, asked: row.actor == asked,
    "priority": lambda row, asked: row.is_priority,
    "open": lambda row, asked: bool(row.missing),
}


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which rows a person wants to see, and what they may choose from."""

    asked: Mapping[str, str]  # by filter; what is not asked is not in it
    sections: tuple[str, ...]
    measures: tuple[tuple[str, str], ...]
    actors: tuple[Actor, ...]

    def apply(self, rows: Iterable[ActionRow]) -> list[ActionRow]:
        """Return the rows that fit everything asked for."""
        return [
            row
            for row in rows
            if all(_TESTS[name](row, words) for name, words in self.asked.items())
        ]

    @property
    def query(self) -> str:
        """Return the filters as an address has them, to be followed by a page's number."""
        return "".join(f"{urlencode({name: words})}&" for name, words in self.asked.items())


def narrowing(rows: Sequence[ActionRow], data: Mapping[str, str]) -> Narrowing:
    """Return what the address asks for; what the plan's actions do not have is left out."""
    offered: dict[str, dict[str, str]] = {
        "section": {one.section: one.section for one in rows},
        "measure": {one.measure_code: one.measure_label for one in rows},
        "actor": {one.actor.value: one.actor.label for one in rows},
        "priority": {"1": ""},
        "open": {"1": ""},
    }
    asked = {name: data.get(name, "") for name in _TESTS}
    return Narrowing(
        asked={name: words for name, words in asked.items() if words in offered[name]},
        sections=tuple(offered["section"]),
        measures=tuple(offered["measure"].items()),
        actors=tuple(one for one in Actor if one.value in offered["actor"]),
    )
