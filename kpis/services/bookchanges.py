"""What a plan book would change in a plan, and what forbids it."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from actions.fiscal import Period
from kpis.judgement import DEFAULT_BANDS
from kpis.planbook.checks import check, repeated_rows, rows_of
from kpis.planbook.parts import PARTS, Key, PartChanges, compare
from kpis.planbook.rows import ActualRow, BandRow, MeasureRow, PlanBook
from kpis.planbook.sheets import SHEETS
from kpis.planbook.typed import Fault, Places
from kpis.rounds import PeriodState, locked_words
from kpis.selectors.standing import Standing


@dataclass(frozen=True, slots=True)
class BookChanges:
    """What becomes of each part, what is deleted, the periods to make, and what forbids it."""

    parts: tuple[PartChanges, ...]
    removed: Mapping[str, Sequence[Any]]
    periods: tuple[Period, ...]
    faults: tuple[Fault, ...]


def book_changes(
    stand: Standing,
    book: PlanBook,
    places: Places,
    delete_missing: bool,
    half_read: Mapping[str, Collection[Any]] | None = None,
) -> BookChanges:
    """Return what the book changes in what stands.

    The rules are asked of the plan as it would be: the book's rows, and those that stay. Rows that
    could not be read may be named by their keys.
    """
    rows = rows_of(book)
    parts = tuple(
        _without_empty(compare(one, stand.rows[one.name], rows[one.sheet.field], places))
        for one in PARTS
    )
    removed = _removed(parts, places, delete_missing)
    faults = [
        *repeated_rows(rows, places),
        *check(_final(parts, removed, rows), places, half_read),
        *_frozen(stand, parts, removed, places),
    ]
    return BookChanges(parts, removed, tuple(_new_periods(stand, book)), tuple(faults))


def _without_empty(changes: PartChanges) -> PartChanges:
    """Return the changes without new actuals in which nothing is told: rows to be filled in."""
    if changes.part.name != "actuals":
        return changes
    added = tuple(one for one in changes.added if any(_told(one.row)))
    return PartChanges(changes.part, added, changes.changed, changes.missing, changes.book)


def _told(row: ActualRow) -> Iterator[bool]:
    yield row.value is not None or row.reason is not None or row.forecast is not None
    texts = (row.printed_rate, row.cause, row.next_step, row.note, row.confirmation)
    for text in (*texts, row.next_step_owner, row.follow_up_note):
        yield bool(text)
    yield row.next_step_due is not None or row.follow_up is not None
    yield bool(row.override)


# Per part: the columns that name a row of another part, by that part's key.
_PARENTS = (
    ("bands", ("indicator",), "indicators"),
    ("targets", ("indicator",), "indicators"),
    ("target_revisions", ("indicator", "fiscal_year"), "targets"),
    ("actuals", ("indicator",), "indicators"),
    ("kgi_values", ("kgi",), "kgis"),
    ("kgi_comparisons", ("kgi",), "kgis"),
    ("kgi_revisions", ("kgi", "year"), "kgi_values"),
    ("action_years", ("action",), "actions"),
)


def _removed(
    parts: Sequence[PartChanges], places: Places, delete_missing: bool
) -> dict[str, list[Any]]:
    """Return the rows to delete by part; with an indicator go its targets and actuals."""
    removed: dict[str, list[Any]] = defaultdict(list)
    if not delete_missing:
        return removed
    missing = {one.part.name: one.missing for one in parts}
    for one in parts:
        if one.part.name != "plan" and places.mentions(one.part.sheet.field):
            removed[one.part.name] = list(one.missing)
    keys = {one.part.name: one.part.key_of for one in parts}
    for name, columns, parent in _PARENTS:
        gone = {keys[parent](row) for row in removed[parent]}
        if not places.mentions(name):
            named = attrgetter(*columns)
            removed[name] = [row for row in missing[name] if _key(named(row)) in gone]
    return removed


def _key(named: Any) -> Key:
    return named if isinstance(named, tuple) else (named,)


def _final(
    parts: Sequence[PartChanges],
    removed: Mapping[str, Sequence[Any]],
    rows: Mapping[str, Sequence[Any]],
) -> dict[str, list[Any]]:
    """Return the rows as they stand in the end: the book's own first, in their order."""
    final: dict[str, list[Any]] = {
        one.field: list(rows["measures"]) if one.field == "measures" else [] for one in SHEETS
    }
    for one in parts:
        name = one.part.name
        gone = set(map(id, removed.get(name, ())))
        stays = [row for row in one.missing if id(row) not in gone]
        if name in ("strategies", "measures"):
            final["measures"] += [_number_only(row) for row in stays]
        else:
            final[name] += [*one.book, *stays]
    if all(one.indicator for one in final["bands"]):
        final["bands"] += [BandRow(b.term, b.lower, b.sign, b.label, b.tone) for b in DEFAULT_BANDS]
    return final


def _number_only(row: MeasureRow) -> MeasureRow:
    """Return the measure without its strategy's words, which the book may change."""
    return MeasureRow(row.strategy, "", "", row.number, row.name, row.page, "", row.note)


def _new_periods(stand: Standing, book: PlanBook) -> list[Period]:
    named = {Period(one.fiscal_year, one.term) for one in book.actuals}
    return sorted(one for one in named if (one.fiscal_year, one.term) not in stand.periods)


def _frozen(
    stand: Standing,
    parts: Sequence[PartChanges],
    removed: Mapping[str, Sequence[Any]],
    places: Places,
) -> Iterator[Fault]:
    """Yield a fault for each actual that would change though its period is published."""
    changes = next(one for one in parts if one.part.name == "actuals")
    title, said = changes.part.sheet.title, locked_words(PeriodState.PUBLISHED)
    touched = [(one.at, one.row, "value") for one in changes.added]
    touched += [(one.at, one.after, one.columns[0].field) for one in changes.changed]
    for at, row, column in touched:
        if stand.is_published(row.fiscal_year, row.term):
            yield Fault(title, places.cell("actuals", at, column), said)
    for row in removed.get("actuals", ()):
        if stand.is_published(row.fiscal_year, row.term):
            yield Fault(title, "", f"{changes.part.shown_key(row)} は削除できません。{said}")
