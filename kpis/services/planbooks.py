"""Taking in a plan book: a plan made, or changed where the book differs, all or nothing."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import ProtectedError

from actions.models import Plan
from kpis.models import Indicator, JudgementBand, ReportingPeriod
from kpis.planbook.checks import in_reading_order
from kpis.planbook.imported import Count, Difference, Imported, differences_of
from kpis.planbook.ordering import new_orders
from kpis.planbook.parts import Key, Part, PartChanges, kinds_of
from kpis.planbook.rows import PlanBook
from kpis.planbook.typed import Fault, Places
from kpis.selectors.standing import Standing, standing
from kpis.services.bandlog import band_words, log_bands
from kpis.services.bookchanges import BookChanges, book_changes
from kpis.services.bookwriting import Writer, measure_of, write_links, write_part
from kpis.services.journal import Act, told
from kpis.services.plans import add_default_bands

NOWHERE = Places()


class BookError(ValueError):
    """A plan book that may not be recorded; ``faults`` say where and why, in Japanese."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the faults in reading order."""
        self.faults = in_reading_order(faults)
        super().__init__("\n".join(one.words for one in self.faults))


@transaction.atomic
@told(Act.BOOK_IMPORTED)
def import_book(
    *,
    book: PlanBook,
    by: User,
    reason: str = "",
    places: Places = NOWHERE,
    delete_missing: bool = False,
    dry_run: bool = False,
) -> Imported:
    """Record the book and return what differed; with ``dry_run`` everything is taken back.

    What the book does not mention stays: a column or a sheet that its file (``places``) lacks, and
    rows that stand but are not in it, unless ``delete_missing`` asks to delete these from the
    sheets that are there. Raises BookError, with nothing written.
    """
    stand = standing(_locked(book.plan.slug))
    changes = book_changes(stand, book, places, delete_missing)
    if changes.faults:
        raise BookError(changes.faults)
    taken = _Taken(stand, changes, Writer(stand, by, reason))
    imported = taken.record(dry_run)
    if dry_run:
        transaction.set_rollback(True)
    return imported


def _locked(slug: str) -> Plan | None:
    """Return the plan, locked with its periods: others may enter figures or publish. None: new."""
    plan = Plan.objects.select_for_update().filter(slug=slug).first()
    if plan is not None:
        list(ReportingPeriod.objects.select_for_update(of=("self",)).filter(plan=plan))
    return plan


def book_faults(
    *,
    book: PlanBook,
    places: Places = NOWHERE,
    half_read: Mapping[str, Collection[Any]] | None = None,
    delete_missing: bool = False,
) -> tuple[Fault, ...]:
    """Return why the book may not be recorded, also of one that could be read in part only."""
    stand = standing(Plan.objects.filter(slug=book.plan.slug).first())
    return book_changes(stand, book, places, delete_missing, half_read).faults


@dataclass(slots=True)
class _Taken:
    """The recording of one book."""

    stand: Standing
    changes: BookChanges
    writer: Writer
    reordered: dict[str, list[Difference]] = field(default_factory=lambda: defaultdict(list))

    def record(self, dry_run: bool) -> Imported:
        """Write everything and return what differed."""
        is_new = self.stand.plan is None
        bands = {} if self.stand.plan is None else band_words(self.stand.plan)
        self._remove()
        for part in self.changes.parts:
            self._write(part)
        log_bands(self.writer.plan, bands, self.writer.by, self.writer.reason)
        told = self.changes.parts
        return Imported(
            slug=self.writer.plan.slug,
            name=self.writer.plan.name,
            is_new=is_new,
            dry_run=dry_run,
            counts=tuple(self._count(one) for one in told),
            differences=tuple(one for part in told for one in self._differences(part)),
            periods=tuple(one.label for one in self.changes.periods),
        )

    def _remove(self) -> None:
        """Delete what the book no longer has, what names others first."""
        for part in reversed(self.changes.parts):
            for row in self.changes.removed[part.part.name]:
                record = self.stand.records[part.part.name].pop(part.part.key_of(row))
                record._history_user = self.writer.by
                record._change_reason = self.writer.reason
                try:
                    record.delete()
                except ProtectedError:
                    raise BookError([_still_named(part.part, row)]) from None

    def _write(self, changes: PartChanges) -> None:
        name = changes.part.name
        if name == "actuals":
            self._make_periods()
        orders = dict(self._orders(changes)) if name in _GROUPS else {}
        write_part(self.writer, changes, orders)
        if name == "plan" and self.stand.plan is None:
            self._mark_first()
        elif name == "bands":
            self._default_bands()
        elif name in ("indicators", "actions"):
            self._link(changes)

    def _mark_first(self) -> None:
        plan = self.writer.plan
        if not Plan.objects.exclude(pk=plan.pk).exists():
            plan.is_current = True
            plan.save(update_fields=["is_current"])

    def _default_bands(self) -> None:
        bands = self.stand.records["bands"]
        if not any(indicator == "" for indicator, _, _ in bands):
            add_default_bands(plan=self.writer.plan)
            for one in JudgementBand.objects.filter(plan=self.writer.plan, indicator=None):
                bands["", one.term, one.label] = one

    def _make_periods(self) -> None:
        made = ReportingPeriod.objects.bulk_create(
            ReportingPeriod(plan=self.writer.plan, fiscal_year=one.fiscal_year, term=one.term.value)
            for one in self.changes.periods
        )
        self.stand.periods.update({(one.fiscal_year, one.term): one for one in made})

    def _link(self, changes: PartChanges) -> None:
        """Tie indicators to their measures and actions."""
        part, records = changes.part, self.stand.records
        rows = [one.row for one in changes.added] + [one.after for one in changes.changed]
        mine = {records[part.name][part.key_of(row)]: row for row in rows}
        if part.name == "indicators":
            to_measures = {
                one: [measure_of(self.writer, code) for code in row.measures]
                for one, row in mine.items()
            }
            write_links(Indicator.measures.through, "indicator", to_measures, "measure")
        else:
            to_indicators = {
                one: [records["indicators"][(code,)] for code in row.indicators]
                for one, row in mine.items()
            }
            write_links(Indicator.actions.through, "action", to_indicators, "indicator")

    def _orders(self, changes: PartChanges) -> Iterator[tuple[Key, int]]:
        """Yield the new places of rows among their like, and note those that were elsewhere."""
        part, columns = changes.part, _GROUPS[changes.part.name]
        before: dict[Key, dict[Key, int]] = defaultdict(dict)
        moved = {part.key_of(one.after) for one in changes.changed if _moves(one, columns)}
        for key, record in self.stand.records[part.name].items():
            if key not in moved:
                row = self.stand.rows[part.name][key]
                before[_group(row, columns)][key] = record.order
        named: dict[Key, list[Any]] = defaultdict(list)
        for row in changes.book:
            named[_group(row, columns)].append(row)
        for group, rows in named.items():
            keys = {part.key_of(row): row for row in rows}
            for key, order in new_orders(list(keys), before[group]).items():
                if key in before[group]:
                    self._note(part, key, before[group][key], order)
                yield key, order

    def _note(self, part: Part, key: Key, before: int, after: int) -> None:
        shown = part.shown_key(self.stand.rows[part.name][key])
        told = Difference(part.sheet.title, shown, "表示順", str(before), str(after))
        self.reordered[part.name].append(told)

    def _differences(self, changes: PartChanges) -> Iterator[Difference]:
        name = changes.part.name
        known = next(one.book for one in self.changes.parts if one.part.name == "indicators")
        kinds = kinds_of((*self.stand.rows["indicators"].values(), *known))
        yield from differences_of(changes, self.changes.removed[name], kinds)
        yield from self.reordered[name]

    def _count(self, changes: PartChanges) -> Count:
        name = changes.part.name
        keys = {changes.part.shown_key(one.after) for one in changes.changed}
        keys |= {one.key for one in self.reordered[name]}
        title = "戦略" if name == "strategies" else changes.part.sheet.title
        gone = len(self.changes.removed[name])
        return Count(name, title, len(changes.added), len(keys), gone)


_GROUPS = {"indicators": ("strategy",), "actions": ("measure", "actor")}


def _group(row: Any, columns: Sequence[str]) -> Key:
    return tuple(getattr(row, name) for name in columns)


def _moves(change: Any, columns: Sequence[str]) -> bool:
    return _group(change.before, columns) != _group(change.after, columns)


def _still_named(part: Part, row: Any) -> Fault:
    said = "会議の意見などから参照されているため、削除できません。"
    return Fault(part.sheet.title, "", f"{part.shown_key(row)}: {said}")
