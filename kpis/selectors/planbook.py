"""Live records as a plan book (計画ブック): what staff take away, change in Excel and bring back."""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Prefetch

from actions.fiscal import Term
from actions.models import Action, ActionYear, Measure, Plan, PublicityRecord, Strategy
from actions.vocabulary import Actor, Evaluation, Revision, Stage
from kpis.models import Actual, Indicator, JudgementBand, Kgi, Target
from kpis.planbook import PlanBook, rows
from kpis.planbook.values import tidy
from kpis.vocabulary import (
    ActualReason,
    Direction,
    Formula,
    Kind,
    Rounding,
    TargetStatus,
    Tone,
)

_IN_THE_PAPERS_ORDER = (
    "indicator__strategy__number",
    "indicator__order",
    "indicator__code",
)


def plan_book(plan: Plan) -> PlanBook:
    """Return the plan with all that is recorded of it, drafts included, in the paper's order.

    Takes thirteen queries whatever the number of rows.
    """
    kgis = list(Kgi.objects.filter(plan=plan).prefetch_related("values"))
    actions = Action.objects.filter(plan=plan).select_related("measure__strategy")
    actions = actions.prefetch_related("years", "indicators")
    return PlanBook(
        plan=_plan(plan),
        measures=tuple(_measures(plan)),
        indicators=tuple(_indicator(one) for one in _indicators(plan)),
        targets=tuple(_targets(plan)),
        actuals=tuple(_actuals(plan)),
        kgis=tuple(_kgi(one) for one in kgis),
        kgi_values=tuple(row for one in kgis for row in _kgi_values(one)),
        actions=tuple(_action(one) for one in actions),
        action_years=tuple(_year(one.code, year) for one in actions for year in one.years.all()),
        bands=tuple(_band(one) for one in JudgementBand.objects.filter(plan=plan)),
        publicity=tuple(_publicity(one) for one in PublicityRecord.objects.filter(plan=plan)),
    )


def _plan(plan: Plan) -> rows.PlanRow:
    return rows.PlanRow(
        slug=plan.slug,
        name=tidy(plan.name),
        principle=tidy(plan.principle),
        start_year=plan.start_year,
        end_year=plan.end_year,
        baseline_year=plan.baseline_year,
        section=tidy(plan.section),
        parent_plan=tidy(plan.parent_plan),
        council=tidy(plan.council),
        management=tidy(plan.management),
    )


def _measures(plan: Plan) -> Iterator[rows.MeasureRow]:
    """Yield every measure with its strategy, and a strategy without measures by itself."""
    found: dict[int, list[Measure | None]] = defaultdict(list)
    for measure in Measure.objects.filter(strategy__plan=plan).order_by("number"):
        found[measure.strategy_id].append(measure)
    for strategy in Strategy.objects.filter(plan=plan):
        yield from (_measure(strategy, one) for one in found[strategy.pk] or [None])


def _measure(strategy: Strategy, measure: Measure | None) -> rows.MeasureRow:
    return rows.MeasureRow(
        strategy=strategy.number,
        strategy_name=tidy(strategy.name),
        tag=tidy(strategy.tag),
        number=None if measure is None else measure.number,
        name="" if measure is None else tidy(measure.name),
        page=None if measure is None else measure.page,
        strategy_note=tidy(strategy.note),
        note="" if measure is None else tidy(measure.note),
    )


def _indicators(plan: Plan) -> Iterator[Indicator]:
    measures = Prefetch("measures", Measure.objects.select_related("strategy"))
    found = Indicator.objects.filter(plan=plan).select_related("strategy")
    yield from found.prefetch_related(measures)


def _indicator(row: Indicator) -> rows.IndicatorRow:
    return rows.IndicatorRow(
        code=row.code,
        strategy=row.strategy.number,
        name=tidy(row.name),
        unit=tidy(row.unit),
        decimals=row.decimals,
        kind=Kind(row.kind),
        direction=Direction(row.direction),
        formula=Formula(row.formula),
        baseline_year=row.baseline_year,
        baseline_value=row.baseline_value,
        rated_at_half_year=row.rated_at_half_year,
        expected_share=row.expected_share,
        rate_decimals=row.rate_decimals,
        rounding=Rounding(row.rounding),
        keep_zeros=row.keep_zeros,
        definition=tidy(row.definition),
        target_source=tidy(row.target_source),
        section=tidy(row.section),
        measures=tuple(one.code for one in row.measures.all()),
        note=tidy(row.note),
    )


def _targets(plan: Plan) -> Iterator[rows.TargetRow]:
    found = Target.objects.filter(indicator__plan=plan)
    found = found.order_by(*_IN_THE_PAPERS_ORDER, "fiscal_year")
    names = ("indicator__code", "fiscal_year", "value", "status", "source", "note")
    for code, year, value, status, source, note in found.values_list(*names):
        yield rows.TargetRow(code, year, value, TargetStatus(status), tidy(source), tidy(note))


_ACTUAL = (
    "indicator__code",
    "period__fiscal_year",
    "period__term",
    "value",
    "reason",
    "provisional",
)
_ACTUAL_TEXTS = (
    "printed_rate",
    "cause",
    "next_step",
    "note",
    "confirmation",
    "override__label",
    "override_reason",
)


def _actuals(plan: Plan) -> Iterator[rows.ActualRow]:
    """Yield the actuals, within a year 上半期 first, which the alphabet has the other way round."""
    found = Actual.objects.filter(indicator__plan=plan)
    found = found.order_by(*_IN_THE_PAPERS_ORDER, "period__fiscal_year", "-period__term")
    for code, year, term, value, reason, provisional, *texts in found.values_list(
        *_ACTUAL, *_ACTUAL_TEXTS
    ):
        known = ActualReason(reason) if reason else None
        words = (tidy(one or "") for one in texts)  # no override, no label
        yield rows.ActualRow(code, year, Term(term), value, known, provisional, *words)


def _kgi(row: Kgi) -> rows.KgiRow:
    return rows.KgiRow(
        code=row.code,
        name=tidy(row.name),
        unit=tidy(row.unit),
        comparator=tidy(row.comparator),
        base_year=row.base_year,
        target_year=row.target_year,
        target=tidy(row.target),
        decimals=row.decimals,
        source=tidy(row.source),
        note=tidy(row.note),
    )


def _kgi_values(row: Kgi) -> Iterator[rows.KgiValueRow]:
    for one in row.values.all():
        yield rows.KgiValueRow(row.code, one.year, one.value, one.comparator_growth, tidy(one.note))


def _action(row: Action) -> rows.ActionRow:
    return rows.ActionRow(
        code=row.code,
        measure=row.measure.code,
        actor=Actor(row.actor),
        name=tidy(row.name),
        content=tidy(row.content),
        is_priority=row.is_priority,
        indicators=tuple(one.code for one in row.indicators.all()),
        no_indicator_reason=tidy(row.no_indicator_reason),
        section=tidy(row.section),
        priority_reason=tidy(row.priority_reason),
        partners=tidy(row.partners),
        is_example=row.is_example,
    )


def _year(action: str, row: ActionYear) -> rows.ActionYearRow:
    return rows.ActionYearRow(
        action=action,
        fiscal_year=row.fiscal_year,
        stage=Stage(row.stage) if row.stage else None,
        plan=tidy(row.plan),
        done=tidy(row.done),
        results=tidy(row.results),
        evaluation=Evaluation(row.evaluation) if row.evaluation else None,
        revision=Revision(row.revision) if row.revision else None,
        done_first_half=tidy(row.done_first_half),
        revision_note=tidy(row.revision_note),
    )


def _band(row: JudgementBand) -> rows.BandRow:
    return rows.BandRow(Term(row.term), row.lower, tidy(row.sign), tidy(row.label), Tone(row.tone))


def _publicity(row: PublicityRecord) -> rows.PublicityRow:
    return rows.PublicityRow(
        row.day, tidy(row.kind), tidy(row.content), row.quantity, tidy(row.unit), tidy(row.note)
    )
