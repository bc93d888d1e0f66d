"""Live records as the read model: what staff preview, and what publishing freezes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from actions.fiscal import Period
from actions.models import Measure, Plan, PublicityRecord, Strategy
from kpis.assembly import (
    Record,
    RecordedActual,
    RecordedRevision,
    RecordedTarget,
    known_at,
    years_of,
)
from kpis.judgement import Band
from kpis.models import (
    HIGHEST_FIRST,
    PAPER_ORDER,
    Actual,
    Indicator,
    JudgementBand,
    ReportingPeriod,
    Target,
    TargetRevision,
)
from kpis.progress import (
    Edition,
    IndicatorProgress,
    MeasureFacts,
    PlanFacts,
    PlanProgress,
    Publicity,
    StrategyProgress,
)
from kpis.selectors.actions import actions_of
from kpis.selectors.kgis import kgis_of
from kpis.selectors.meetings import meetings_of
from kpis.vocabulary import ActualReason, FollowUp, TargetStatus


def live_progress(plan: Plan, period: Period, edition: Edition | None = None) -> PlanProgress:
    """Return the plan at the period, from live records.

    Periods after the given one are left out. Takes twenty queries whatever the number of rows.
    """
    bands = plan_bands(plan)
    return PlanProgress(
        plan=_plan_facts(plan),
        period=period,
        edition=edition,
        strategies=_strategies(plan, period, bands),
        kgis=kgis_of(plan),
        bands=bands,
        publicity=tuple(_publicity(one) for one in PublicityRecord.objects.filter(plan=plan)),
        actions=actions_of(plan, period),
        meetings=meetings_of(plan),
    )


def plan_bands(plan: Plan) -> tuple[Band, ...]:
    """Return the plan's bands, without those of single indicators, in one query."""
    rows = JudgementBand.objects.filter(plan=plan, indicator=None)
    return tuple(one.band for one in rows.order_by(*HIGHEST_FIRST))


def _plan_facts(plan: Plan) -> PlanFacts:
    return PlanFacts(
        slug=plan.slug,
        name=plan.name,
        principle=plan.principle,
        start_year=plan.start_year,
        end_year=plan.end_year,
        baseline_year=plan.baseline_year,
        section=plan.section,
        parent_plan=plan.parent_plan,
        council=plan.council,
        management=plan.management,
    )


def _strategies(plan: Plan, period: Period, bands: Sequence[Band]) -> tuple[StrategyProgress, ...]:
    strategies = list(Strategy.objects.filter(plan=plan).order_by("number"))
    measures: dict[int, list[Measure]] = defaultdict(list)
    rows = Measure.objects.filter(strategy__plan=plan).select_related("strategy")
    for measure in rows.order_by("number"):
        measures[measure.strategy_id].append(measure)
    codes = _measure_codes(plan, {one.pk: one.code for group in measures.values() for one in group})
    indicators: dict[int, list[IndicatorProgress]] = defaultdict(list)
    for strategy_id, indicator in _indicators(plan, period, bands, codes):
        indicators[strategy_id].append(indicator)
    return tuple(
        StrategyProgress(
            number=one.number,
            name=one.name,
            tag=one.tag,
            measures=tuple(_measure(measure) for measure in measures[one.pk]),
            indicators=tuple(indicators[one.pk]),
        )
        for one in strategies
    )


def _measure(measure: Measure) -> MeasureFacts:
    return MeasureFacts(
        measure.code, measure.number, measure.name, measure.page, measure.description
    )


def _measure_codes(plan: Plan, codes: dict[int, str]) -> dict[int, list[str]]:
    """Return the codes of the plan's measures that each indicator belongs to, in one query."""
    found: dict[int, list[str]] = defaultdict(list)
    links = Indicator.measures.through.objects.filter(indicator__plan=plan)
    for indicator, measure in links.values_list("indicator_id", "measure_id"):
        if measure in codes:
            found[indicator].append(codes[measure])
    return found


def records(plan: Plan) -> Iterator[tuple[Indicator, Record]]:
    """Yield every indicator in the paper's order with all that is recorded of it.

    Takes five queries whatever the number of rows.
    """
    targets, actuals, bands = _targets(plan), _actuals(plan), _own_bands(plan)
    rows = Indicator.objects.filter(plan=plan).select_related("plan", "strategy", "successor")
    for row in rows.order_by(*PAPER_ORDER):
        yield (
            row,
            Record(
                rule=row.rule,
                baseline_year=row.baseline_year,
                baseline_value=row.baseline_value,
                targets=targets[row.pk],
                actuals=actuals[row.pk],
                bands=tuple(bands[row.pk]),
                start_year=row.start_year,
                end_year=row.end_year,
            ),
        )


def _indicators(
    plan: Plan, period: Period, bands: Sequence[Band], codes: dict[int, list[str]]
) -> Iterable[tuple[int, IndicatorProgress]]:
    rows = ReportingPeriod.objects.filter(plan=plan).order_by("fiscal_year", "-term")
    periods = [one.period for one in rows if one.period <= period]
    years = range(plan.baseline_year, plan.end_year + 1)
    for row, everything in records(plan):
        record = known_at(everything, period)
        yield (
            row.strategy_id,
            IndicatorProgress(
                code=row.code,
                strategy_number=row.strategy.number,
                name=row.name,
                unit=row.unit,
                decimals=row.decimals,
                rule=record.rule,
                baseline_year=row.baseline_year,
                baseline_value=row.baseline_value,
                definition=row.definition,
                note=row.note,
                target_source=row.target_source,
                section=row.section,
                measure_codes=tuple(sorted(codes[row.pk])),
                years=years_of(record, years, periods, bands),
                start_year=row.start_year,
                end_year=row.end_year,
                former_name=row.former_name,
                renamed_year=row.renamed_year,
                successor="" if row.successor is None else row.successor.code,
                review_reason=row.review_reason,
                bands=record.bands,
            ),
        )


def _targets(plan: Plan) -> dict[int, dict[int, RecordedTarget]]:
    found: dict[int, dict[int, RecordedTarget]] = defaultdict(dict)
    revisions = _revisions(plan)
    for row in Target.objects.filter(indicator__plan=plan).order_by("fiscal_year"):
        found[row.indicator_id][row.fiscal_year] = RecordedTarget(
            status=TargetStatus(row.status),
            value=row.value,
            source=row.source,
            note=row.note,
            words=row.words,
            decided_on=row.decided_on,
            revisions=tuple(revisions[row.pk]),
        )
    return found


def _revisions(plan: Plan) -> dict[int, list[RecordedRevision]]:
    """Return what each target was before, oldest first: a prefetch takes far longer for many."""
    found: dict[int, list[RecordedRevision]] = defaultdict(list)
    rows = TargetRevision.objects.filter(target__indicator__plan=plan)
    for row in rows.order_by("revised_on"):
        status = TargetStatus(row.status)
        found[row.target_id].append(
            RecordedRevision(row.revised_on, status, row.value, row.source, row.reason)
        )
    return found


def _own_bands(plan: Plan) -> dict[int, list[Band]]:
    """Return the bands that single indicators have of their own."""
    found: dict[int, list[Band]] = defaultdict(list)
    rows = JudgementBand.objects.filter(plan=plan, indicator__isnull=False)
    for row in rows.order_by(*HIGHEST_FIRST):
        if row.indicator_id is not None:
            found[row.indicator_id].append(row.band)
    return found


def _actuals(plan: Plan) -> dict[int, dict[Period, RecordedActual]]:
    found: dict[int, dict[Period, RecordedActual]] = defaultdict(dict)
    rows = Actual.objects.filter(indicator__plan=plan).select_related("period", "override")
    for row in rows.order_by("period__fiscal_year", "-period__term"):
        found[row.indicator_id][row.period.period] = RecordedActual(
            value=row.value,
            reason=ActualReason(row.reason) if row.reason else None,
            provisional=row.provisional,
            cause=row.cause,
            next_step=row.next_step,
            note=row.note,
            printed_rate=row.printed_rate,
            override=None if row.override is None else row.override.band,
            override_reason=row.override_reason,
            forecast=row.forecast,
            carried_from=row.carried_from,
            next_step_owner=row.next_step_owner,
            next_step_due=row.next_step_due,
            follow_up=FollowUp(row.follow_up) if row.follow_up else None,
            follow_up_note=row.follow_up_note,
        )
    return found


def _publicity(row: PublicityRecord) -> Publicity:
    return Publicity(row.day, row.kind, row.content, row.quantity, row.unit, row.note, row.item)
