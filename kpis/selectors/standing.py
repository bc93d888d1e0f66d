"""What stands of a plan, as the rows of its plan book beside the records that hold them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

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
from kpis.planbook.columns import Column, Sheet
from kpis.planbook.parts import PARTS, Key
from kpis.planbook.rows import MeasureRow
from kpis.planbook.sheets import SHEETS
from kpis.planbook.values import Choice, tidy
from kpis.rounds import PeriodState

_SHEETS = {one.field: one for one in SHEETS}
_PARTS = {one.name: one for one in PARTS}

Pairs = Iterator[tuple[Any, Model]]


@dataclass(slots=True)
class Standing:
    """A plan's rows and records by part and key; all empty for a plan that is not there yet."""

    plan: Plan | None
    rows: dict[str, dict[Key, Any]] = field(default_factory=lambda: defaultdict(dict))
    records: dict[str, dict[Key, Any]] = field(default_factory=lambda: defaultdict(dict))
    periods: dict[Key, ReportingPeriod] = field(default_factory=dict)

    def is_published(self, fiscal_year: int, term: str) -> bool:
        """Return whether the period's figures are published and not being corrected."""
        period = self.periods.get((fiscal_year, term))
        return period is not None and period.stands is PeriodState.PUBLISHED


def standing(plan: Plan | None) -> Standing:
    """Return everything of the plan that a plan book holds.

    Takes the same number of queries whatever the number of rows.
    """
    found = Standing(plan)
    if plan is None:
        return found
    for name, pairs in _pairs(plan):
        key_of = _PARTS[name].key_of
        for row, record in pairs:
            found.rows[name][key_of(row)] = row
            found.records[name][key_of(row)] = record
    periods = ReportingPeriod.objects.filter(plan=plan)
    found.periods = {(one.fiscal_year, one.term): one for one in periods}
    return found


def _pairs(plan: Plan) -> Iterator[tuple[str, Pairs]]:
    yield "plan", iter([(_row(_SHEETS["plan"], plan), plan)])
    yield "strategies", _strategies(plan)
    yield "measures", _measures(plan)
    yield "indicators", _indicators(plan)
    yield "bands", _bands(plan)
    yield "targets", _targets(plan)
    yield "target_revisions", _target_revisions(plan)
    yield "actuals", _actuals(plan)
    yield "kgis", _plain("kgis", Kgi.objects.filter(plan=plan))
    yield "kgi_values", _kgi_values(plan)
    yield "kgi_comparisons", _kgi_comparisons(plan)
    yield "kgi_revisions", _kgi_revisions(plan)
    yield "actions", _actions(plan)
    yield "action_years", _action_years(plan)
    yield "publicity", _plain("publicity", PublicityRecord.objects.filter(plan=plan))


def _row(sheet: Sheet, record: Model, **own: Any) -> Any:
    """Return the sheet's row of the record; ``own`` are the fields that it names otherwise."""
    plain = {
        one.field: _meaning(one, getattr(record, one.field))
        for one in sheet.columns
        if one.field not in own
    }
    return sheet.row(**plain, **own)


def _meaning(column: Column, stored: Any) -> Any:
    if isinstance(column.value, Choice):
        return next((one for one in column.value.words.values() if one == stored), None)
    return tidy(stored) if isinstance(stored, str) else stored


def _plain(name: str, records: Any) -> Pairs:
    for one in records:
        yield _row(_SHEETS[name], one), one


def _strategies(plan: Plan) -> Pairs:
    for one in Strategy.objects.filter(plan=plan):
        said = (tidy(one.name), tidy(one.tag))
        yield MeasureRow(one.number, *said, None, "", None, tidy(one.note), ""), one


def _measures(plan: Plan) -> Pairs:
    for one in Measure.objects.filter(strategy__plan=plan).select_related("strategy"):
        its = one.strategy
        strategy = (its.number, tidy(its.name), tidy(its.tag))
        own = (one.number, tidy(one.name), one.page)
        notes = (tidy(its.note), tidy(one.note), tidy(one.description))
        yield MeasureRow(*strategy, *own, *notes), one


def _indicators(plan: Plan) -> Pairs:
    records = Indicator.objects.filter(plan=plan).select_related("strategy", "successor")
    for one in records.prefetch_related("measures__strategy"):
        own = {
            "strategy": one.strategy.number,
            "measures": tuple(measure.code for measure in one.measures.all()),
            "successor": "" if one.successor is None else one.successor.code,
        }
        yield _row(_SHEETS["indicators"], one, **own), one


def _bands(plan: Plan) -> Pairs:
    """Yield the plan's bands, then those of single indicators."""
    records = JudgementBand.objects.filter(plan=plan).select_related("indicator")
    for one in sorted(records, key=lambda one: one.indicator_id is not None):
        code = "" if one.indicator is None else one.indicator.code
        yield _row(_SHEETS["bands"], one, indicator=code), one


def _targets(plan: Plan) -> Pairs:
    for one in Target.objects.filter(indicator__plan=plan).select_related("indicator"):
        yield _row(_SHEETS["targets"], one, indicator=one.indicator.code), one


def _target_revisions(plan: Plan) -> Pairs:
    records = TargetRevision.objects.filter(target__indicator__plan=plan)
    for one in records.select_related("target__indicator"):
        own = {"indicator": one.target.indicator.code, "fiscal_year": one.target.fiscal_year}
        yield _row(_SHEETS["target_revisions"], one, **own), one


def _actuals(plan: Plan) -> Pairs:
    records = Actual.objects.filter(indicator__plan=plan)
    for one in records.select_related("indicator", "period", "override"):
        yield (
            _row(
                _SHEETS["actuals"],
                one,
                indicator=one.indicator.code,
                fiscal_year=one.period.fiscal_year,
                term=one.period.period.term,
                override="" if one.override is None else one.override.label,
            ),
            one,
        )


def _kgi_values(plan: Plan) -> Pairs:
    for one in KgiValue.objects.filter(kgi__plan=plan).select_related("kgi"):
        yield _row(_SHEETS["kgi_values"], one, kgi=one.kgi.code), one


def _kgi_comparisons(plan: Plan) -> Pairs:
    for one in KgiComparison.objects.filter(kgi__plan=plan).select_related("kgi"):
        yield _row(_SHEETS["kgi_comparisons"], one, kgi=one.kgi.code), one


def _kgi_revisions(plan: Plan) -> Pairs:
    records = KgiRevision.objects.filter(kgi_value__kgi__plan=plan)
    for one in records.select_related("kgi_value__kgi"):
        own = {"kgi": one.kgi_value.kgi.code, "year": one.kgi_value.year}
        yield _row(_SHEETS["kgi_revisions"], one, **own), one


def _actions(plan: Plan) -> Pairs:
    records = Action.objects.filter(plan=plan).select_related("measure__strategy")
    for one in records.prefetch_related("indicators"):
        codes = tuple(indicator.code for indicator in one.indicators.all())
        own = {"measure": one.measure.code, "indicators": codes}
        yield _row(_SHEETS["actions"], one, **own), one


def _action_years(plan: Plan) -> Pairs:
    for one in ActionYear.objects.filter(action__plan=plan).select_related("action"):
        yield _row(_SHEETS["action_years"], one, action=one.action.code), one
