"""From the rows of a plan book to records, in bulk and with their history."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model
from django.utils import timezone

from actions.models import Action, ActionYear, Measure, Plan, PublicityRecord, Strategy
from kpis.models import (
    Actual,
    Indicator,
    JudgementBand,
    Kgi,
    KgiComparison,
    KgiRevision,
    KgiValue,
    ReportingPeriod,
    Target,
    TargetRevision,
)
from kpis.planbook.columns import Column
from kpis.planbook.parts import Part, PartChanges
from kpis.planbook.values import Choice
from kpis.selectors.entry import all_rows
from kpis.selectors.standing import Standing
from kpis.services.bandlog import part_bands

_AT_ONCE = 2_000  # records whose history is made together: it holds each record once more

Ties = dict[str, Any]


@dataclass(slots=True)
class Writer:
    """Who records what, and the records that there are so far."""

    stand: Standing
    by: User
    reason: str
    at: Any = field(default_factory=timezone.now)

    @property
    def plan(self) -> Plan:
        """Return the plan's record, which is the first to be written."""
        (plan,) = self.stand.records["plan"].values()
        return plan  # type: ignore[no-any-return]  # records of all kinds lie side by side

    def record(self, part: str, *key: Any) -> Any:
        """Return the record with the key."""
        return self.stand.records[part][key]


def _strategy(writer: Writer, row: Any) -> Ties:
    return {"strategy": writer.record("strategies", row.strategy)}


def _plan(writer: Writer, row: Any) -> Ties:
    return {"plan": writer.plan}


def _plan_and_strategy(writer: Writer, row: Any) -> Ties:
    return {"plan": writer.plan, **_strategy(writer, row)}


def _indicator(writer: Writer, row: Any) -> Ties:
    return {"indicator": writer.record("indicators", row.indicator)}


def _actual(writer: Writer, row: Any) -> Ties:
    return {
        **_indicator(writer, row),
        "period": writer.stand.periods[row.fiscal_year, row.term.value],
        "override": _band(writer, row) if row.override else None,
    }


def _band(writer: Writer, row: Any) -> Any:
    """Return the band that the actual's row names: of its indicator's own, or else the plan's."""
    bands = writer.stand.records["bands"]
    own = bands.get((row.indicator, row.term, row.override))
    return bands["", row.term, row.override] if own is None else own


def _plan_and_indicator(writer: Writer, row: Any) -> Ties:
    own = writer.record("indicators", row.indicator) if row.indicator else None
    return {"plan": writer.plan, "indicator": own}


def _target(writer: Writer, row: Any) -> Ties:
    return {"target": writer.record("targets", row.indicator, row.fiscal_year)}


def _kgi_value(writer: Writer, row: Any) -> Ties:
    return {"kgi_value": writer.record("kgi_values", row.kgi, row.year)}


def _kgi(writer: Writer, row: Any) -> Ties:
    return {"kgi": writer.record("kgis", row.kgi)}


def _plan_and_measure(writer: Writer, row: Any) -> Ties:
    return {"plan": writer.plan, "measure": measure_of(writer, row.measure)}


def _action(writer: Writer, row: Any) -> Ties:
    return {"action": writer.record("actions", row.action)}


def measure_of(writer: Writer, code: str) -> Any:
    """Return the measure with the code 1-2."""
    strategy, number = code.split("-")
    return writer.record("measures", int(strategy), int(number))


@dataclass(frozen=True, slots=True)
class Shape:
    """The model of a part: what its rows are tied to, and which fields it calls otherwise."""

    model: type[Model]
    ties: Callable[[Writer, Any], Ties] | None = _plan
    tied: tuple[str, ...] = ()  # fields of the row that are no plain fields of the record
    names: Mapping[str, str] = field(default_factory=dict)


_STRATEGY = {"strategy": "number", "strategy_name": "name", "strategy_note": "note"}
SHAPES = {
    "plan": Shape(Plan, None),
    "strategies": Shape(Strategy, names=_STRATEGY),
    "measures": Shape(Measure, _strategy, ("strategy",)),
    "indicators": Shape(Indicator, _plan_and_strategy, ("strategy", "measures", "successor")),
    "bands": Shape(JudgementBand, _plan_and_indicator, ("indicator",)),
    "targets": Shape(Target, _indicator, ("indicator",)),
    "target_revisions": Shape(TargetRevision, _target, ("indicator", "fiscal_year")),
    "actuals": Shape(Actual, _actual, ("indicator", "fiscal_year", "term", "override")),
    "kgis": Shape(Kgi),
    "kgi_values": Shape(KgiValue, _kgi, ("kgi",)),
    "kgi_comparisons": Shape(KgiComparison, _kgi, ("kgi",)),
    "kgi_revisions": Shape(KgiRevision, _kgi_value, ("kgi", "year")),
    "actions": Shape(Action, _plan_and_measure, ("measure", "indicators")),
    "action_years": Shape(ActionYear, _action, ("action",)),
    "publicity": Shape(PublicityRecord),
}


def _attributes(writer: Writer, part: Part, row: Any) -> dict[str, Any]:
    """Return what the record keeps of the row."""
    shape = SHAPES[part.name]
    own = {*part.key, *(one.field for one in part.columns)} - {*shape.tied}
    values = {
        shape.names.get(one.field, one.field): _stored(one, getattr(row, one.field))
        for one in part.sheet.columns
        if one.field in own
    }
    return values if shape.ties is None else values | shape.ties(writer, row)


def _stored(column: Column, value: Any) -> Any:
    if isinstance(column.value, Choice) and not isinstance(value, bool):
        return "" if value is None else value.value
    return value


def write_part(writer: Writer, changes: PartChanges, orders: Mapping[Any, int]) -> None:
    """Record the part's new and changed rows, each with its history.

    ``orders`` are the places that rows get among their like, by key, where they are new.
    """
    made, altered = _store(writer, changes, orders)
    if changes.part.name == "actuals":
        answer_doubts([*made, *_reworded(writer, changes)])
    elif changes.part.name == "indicators":
        _tie_successors(writer, changes)
    remember(writer, made, update=False)
    remember(writer, altered, update=True)


def _store(
    writer: Writer, changes: PartChanges, orders: Mapping[Any, int]
) -> tuple[list[Any], list[Any]]:
    """Return the new and the changed records, stored."""
    part, records = changes.part, writer.stand.records[changes.part.name]
    model = SHAPES[part.name].model
    fresh = {part.key_of(one.row): one.row for one in changes.added}
    changed = {part.key_of(one.after): one.after for one in changes.changed}
    made: dict[Any, Any] = {
        key: model(**_attributes(writer, part, row)) for key, row in fresh.items()
    }
    altered: dict[Any, Any] = {}
    names: set[str] = set()
    for key, row in changed.items():
        altered[key] = records[key]
        for name, value in _attributes(writer, part, row).items():
            setattr(records[key], name, value)
            names.add(name)
    for key, order in orders.items():
        record = made.get(key)
        if record is None:
            record = altered[key] = records[key]
            names.add("order")
        record.order = order
    if model in (Actual, ActionYear):
        _count_versions(altered.values(), names)
    model._default_manager.bulk_create(made.values())
    records.update(made)
    if altered:
        _update(model, list(altered.values()), sorted(names))
    return list(made.values()), list(altered.values())


def _tie_successors(writer: Writer, changes: PartChanges) -> None:
    """Name each indicator's successor, once all of them are stored."""
    rows = [one.row for one in changes.added] + [one.after for one in changes.changed]
    tied = []
    for row in rows:
        record = writer.record("indicators", row.code)
        successor = writer.record("indicators", row.successor) if row.successor else None
        if record.successor_id != (None if successor is None else successor.pk):
            record.successor = successor
            tied.append(record)
    if tied:
        _update(Indicator, tied, ["successor"])


def _reworded(writer: Writer, changes: PartChanges) -> list[Any]:
    """Return the actuals that stood and get another word of reason."""
    return [
        writer.record("actuals", *changes.part.key_of(one.after))
        for one in changes.changed
        if any(column.field == "confirmation" for column in one.columns)
    ]


def answer_doubts(actuals: Sequence[Actual]) -> None:
    """Note which doubts the words of reason answer: those that the stored figures raise now."""
    told: dict[int, list[Actual]] = defaultdict(list)
    changed = [one for one in actuals if one.confirmation or one.confirmed_cautions]
    for one in changed:
        one.confirmed_cautions = ""
        if one.confirmation:
            told[one.period_id].append(one)
    for period in ReportingPeriod.objects.filter(pk__in=told).select_related("plan"):
        rows = {one.indicator: one for one in all_rows(period)}
        for one in told[period.pk]:
            row = rows[one.indicator_id]
            one.confirmed_cautions = ",".join(doubt.code for doubt in row.cautions(row.entry))
    if changed:
        _update(Actual, changed, ["confirmed_cautions"])


def _count_versions(records: Any, names: set[str]) -> None:
    for one in records:
        one.version += 1
        names.add("version")


def _update(model: type[Model], records: Sequence[Any], names: Sequence[str]) -> None:
    """Store the records anew in one statement for many: an update by cases takes far longer."""
    if model is JudgementBand:
        part_bands(records)
    model._default_manager.bulk_create(
        records, update_conflicts=True, unique_fields=["id"], update_fields=names
    )


def remember(writer: Writer, records: Sequence[Any], *, update: bool) -> None:
    """Write the history of what bulk statements stored: they send no signals."""
    if not records or not hasattr(type(records[0]), "history"):
        return
    for some in _slices(records):
        type(some[0]).history.bulk_history_create(
            some,
            update=update,
            default_user=writer.by,
            default_change_reason=writer.reason,
            default_date=writer.at,
        )


def _slices(records: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(records), _AT_ONCE):
        yield records[start : start + _AT_ONCE]


def write_links(through: Any, source: str, links: Mapping[Any, Sequence[Any]], target: str) -> None:
    """Replace the links of the source records by those given, record to records."""
    for some in _slices(list(links)):
        through.objects.filter(**{f"{source}__in": some}).delete()
    through.objects.bulk_create(
        through(**{source: one, target: other}) for one, others in links.items() for other in others
    )
