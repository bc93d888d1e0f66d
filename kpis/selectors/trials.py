"""What a change of rules or bands would do, tried on a plan's live records."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from actions.models import Plan
from kpis.assembly import Record
from kpis.judgement import Band
from kpis.models import Actual, Indicator, JudgementBand, ReportingPeriod
from kpis.selectors.live import plan_bands, records
from kpis.trial import (
    Case,
    Ground,
    Trial,
    fingerprint,
    trial,
    with_own_bands,
    with_plan_bands,
    with_records,
)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of an indicator's rule that becomes something else."""

    indicator: Indicator
    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class RuleProposal:
    """Indicators with a new rule, not stored yet, and what it would do."""

    indicators: tuple[Indicator, ...]
    figures: Mapping[int, frozenset[Any]]  # every target, actual and forecast, by indicator
    changes: tuple[FieldChange, ...]
    trial: Trial

    @property
    def fingerprint(self) -> str:
        """Return a name for exactly this proposal."""
        told = [(one.indicator.pk, one.name, one.before, one.after) for one in self.changes]
        return fingerprint(told, self.trial)


def rule_proposal(plan: Plan, keys: Iterable[int], values: Mapping[str, Any]) -> RuleProposal:
    """Return what these values of rule fields would change in the indicators with these keys.

    Takes the same number of queries whatever the number of rows.
    """
    wanted, found = set(keys), list(records(plan))
    before = _ground(plan, found)
    mine = [(row, record) for row, record in found if row.pk in wanted]
    changes = tuple(
        FieldChange(row, name, getattr(row, name), value)
        for row, _ in mine
        for name, value in values.items()
        if getattr(row, name) != value
    )
    for one in changes:
        setattr(one.indicator, one.name, one.after)
    new = {
        row.code: replace(
            record,
            rule=row.rule,
            baseline_year=row.baseline_year,
            baseline_value=row.baseline_value,
        )
        for row, record in mine
    }
    return RuleProposal(
        indicators=tuple(row for row, _ in mine),
        figures={row.pk: frozenset(_figures(record)) for row, record in mine},
        changes=changes,
        trial=trial(before, with_records(before, new)),
    )


def _figures(record: Record) -> Iterator[Decimal | None]:
    yield from (one.value for one in record.targets.values())
    for actual in record.actuals.values():
        yield from (actual.value, actual.forecast)


def _ground(plan: Plan, found: Iterable[tuple[Indicator, Record]]) -> Ground:
    periods = ReportingPeriod.objects.filter(plan=plan)
    return Ground(
        years=range(plan.baseline_year, plan.end_year + 1),
        periods=tuple(one.period for one in periods),
        bands=plan_bands(plan),
        cases=tuple(Case(row.code, row.name, record) for row, record in found),
    )


@dataclass(frozen=True, slots=True)
class NewBand:
    """A band as it is to be; ``key`` is that of the band which it was, None for a new one."""

    key: int | None
    band: Band


@dataclass(frozen=True, slots=True)
class BandProposal:
    """Other bands for a plan or one indicator, not stored yet, and what they would do."""

    standing: tuple[JudgementBand, ...]
    bands: tuple[NewBand, ...]
    trial: Trial
    hindrances: tuple[str, ...]  # why a band may not go: judgements that a person chose use it

    @property
    def removed(self) -> tuple[JudgementBand, ...]:
        """Return the bands that would go."""
        kept = {one.key for one in self.bands}
        return tuple(one for one in self.standing if one.pk not in kept)

    @property
    def changes_anything(self) -> bool:
        """Return whether any band would be another."""
        old = {(one.pk, one.band) for one in self.standing}
        return old != {(one.key, one.band) for one in self.bands}

    @property
    def fingerprint(self) -> str:
        """Return a name for exactly this proposal."""
        standing = [(one.pk, one.band) for one in self.standing]
        return fingerprint(standing, self.bands, self.trial, self.hindrances)


def standing_bands(plan: Plan, indicator: Indicator | None) -> tuple[JudgementBand, ...]:
    """Return the plan's bands, or those of one indicator's own, the best first."""
    return tuple(JudgementBand.objects.filter(plan=plan, indicator=indicator))


def band_proposal(
    plan: Plan, indicator: Indicator | None, bands: Sequence[NewBand]
) -> BandProposal:
    """Return what these bands would change, in place of all that stand.

    Takes the same number of queries whatever the number of rows.
    """
    before, standing = _ground(plan, records(plan)), standing_bands(plan, indicator)
    old = {one.pk: one.band for one in standing}
    kept = {old[one.key]: one.band for one in bands if one.key in old}
    new = [one.band for one in bands]
    if indicator is None:
        after = with_plan_bands(before, new, kept)
    else:
        after = with_own_bands(before, indicator.code, new, kept)
    return BandProposal(
        standing=standing,
        bands=tuple(bands),
        trial=trial(before, after),
        hindrances=tuple(_hindrances(plan, indicator, standing, bands)),
    )


def _hindrances(
    plan: Plan,
    indicator: Indicator | None,
    standing: Sequence[JudgementBand],
    bands: Sequence[NewBand],
) -> Iterable[str]:
    kept = {one.key for one in bands}
    gone = {one.pk for one in standing if one.pk not in kept}
    chosen = Actual.objects.filter(indicator__plan=plan, override__isnull=False)
    rows = chosen.select_related("indicator", "period", "override")
    for row in rows.order_by("period__fiscal_year", "-period__term", "indicator__code"):
        band, place = row.override, f"{row.period} {row.indicator.code}"
        if band is None:
            continue
        if band.pk in gone:
            yield f"「{band.sign}{band.label}」（{band.get_term_display()}）は、{place}の判定の変更に使われているため、消せません。"
        elif (
            row.indicator == indicator
            and band.indicator_id is None
            and any(one.band.term.value == band.term for one in bands)
        ):
            yield f"{place}の判定の変更が、計画全体の区分「{band.sign}{band.label}」を使っています。判定の変更を取りやめてから、この指標だけの区分を登録してください。"
