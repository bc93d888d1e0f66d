"""The plan as a tree: strategies, measures, and under each its KPIs and actions with their state. Pure.

A state is worked out whenever it is shown and never stored: the worst of what is judged decides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from actions.vocabulary import Actor
from kpis.actionwords import EVALUATIONS, NOT_EVALUATED, evaluation_shown
from kpis.judgement import Verdict
from kpis.progress import (
    ActionProgress,
    ActionYear,
    IndicatorProgress,
    MeasureFacts,
    PlanProgress,
    StrategyProgress,
)
from kpis.summary import Count, JudgementClass
from kpis.vocabulary import Tone

# From the worst to the best; what is not judged says nothing of the whole.
STATES: Mapping[Tone, JudgementClass] = {
    Tone.BAD: JudgementClass("×", "遅れあり", Tone.BAD),
    Tone.WEAK: JudgementClass("△", "やや遅れあり", Tone.WEAK),
    Tone.FAIR: JudgementClass("○", "おおむね順調", Tone.FAIR),
    Tone.GOOD: JudgementClass("◎", "順調", Tone.GOOD),
    Tone.NEUTRAL: JudgementClass("―", "判定なし", Tone.NEUTRAL),
}
# How KPIs and actions are counted together, whatever words their own judgements use.
STANDINGS: Mapping[Tone, JudgementClass] = {
    Tone.GOOD: JudgementClass("◎", "順調", Tone.GOOD),
    Tone.FAIR: JudgementClass("○", "おおむね順調", Tone.FAIR),
    Tone.WEAK: JudgementClass("△", "やや遅れ", Tone.WEAK),
    Tone.BAD: JudgementClass("×", "遅れ", Tone.BAD),
    Tone.NEUTRAL: JudgementClass("―", "判定なし", Tone.NEUTRAL),
}


@dataclass(frozen=True, slots=True)
class IndicatorLeaf:
    """A KPI at the shown period; ``verdict`` is None where the period has no result of it."""

    indicator: IndicatorProgress
    verdict: Verdict | None

    @property
    def shown(self) -> Verdict | JudgementClass:
        """Return its judgement as it is shown, 判定なし without one."""
        return STANDINGS[Tone.NEUTRAL] if self.verdict is None else self.verdict

    @property
    def tone(self) -> Tone:
        """Return the tone of its judgement, neutral without one."""
        return self.shown.tone


@dataclass(frozen=True, slots=True)
class ActionLeaf:
    """An action in the shown period's fiscal year; ``year`` is None where nothing is written."""

    action: ActionProgress
    year: ActionYear | None

    @property
    def shown(self) -> JudgementClass:
        """Return the year's evaluation with its sign, 評価なし while there is none."""
        return evaluation_shown(None if self.year is None else self.year.evaluation)

    @property
    def tone(self) -> Tone:
        """Return the tone of the evaluation, neutral while there is none."""
        return self.shown.tone


@dataclass(frozen=True, slots=True)
class Branch:
    """KPIs and actions that are looked at together."""

    indicators: tuple[IndicatorLeaf, ...]
    actions: tuple[ActionLeaf, ...]

    @property
    def state(self) -> JudgementClass:
        """Return the state of the whole: that of the worst among what is judged.

        A made-up action (例示) is no sign of how the plan stands and does not count.
        """
        tones = {one.tone for one in self._counted}
        return next((STATES[one] for one in STATES if one in tones), STATES[Tone.NEUTRAL])

    @property
    def counts(self) -> tuple[Count, ...]:
        """Return how many KPIs and actions stand how, from the best down, as far as there are any."""
        return _counts(self._counted)

    @property
    def action_counts(self) -> tuple[Count, ...]:
        """Return how many actions have which evaluation, from the best down, as far as any have."""
        shown = [one.shown for one in self._real]
        order = (*EVALUATIONS.values(), NOT_EVALUATED)
        return tuple(Count(one, shown.count(one)) for one in order if one in shown)

    @property
    def examples(self) -> int:
        """Return how many of the actions are made-up samples."""
        return len(self.actions) - len(self._real)

    @property
    def _counted(self) -> tuple[IndicatorLeaf | ActionLeaf, ...]:
        return (*self.indicators, *self._real)

    @property
    def _real(self) -> tuple[ActionLeaf, ...]:
        return tuple(one for one in self.actions if not one.action.is_example)


@dataclass(frozen=True, slots=True)
class MeasureBranch:
    """A measure with what belongs to it."""

    measure: MeasureFacts
    branch: Branch

    def by(self, actor: Actor) -> tuple[ActionLeaf, ...]:
        """Return the measure's actions of one kind of actor, in their order."""
        return tuple(one for one in self.branch.actions if one.action.actor is actor)


@dataclass(frozen=True, slots=True)
class StrategyBranch:
    """A strategy with its measures; ``others`` are its KPIs that belong to no measure.

    ``branch`` holds every KPI of the strategy and every action of its measures, each once.
    """

    strategy: StrategyProgress
    measures: tuple[MeasureBranch, ...]
    others: tuple[IndicatorLeaf, ...]
    branch: Branch


def tree(progress: PlanProgress) -> tuple[StrategyBranch, ...]:
    """Return the plan's strategies with all that belongs to each, in the paper's order."""
    grown = _grown(progress)
    return tuple(_strategy(one, grown) for one in progress.strategies)


def measure_branch(progress: PlanProgress, measure: MeasureFacts) -> MeasureBranch:
    """Return one measure with its KPIs, of whichever strategy, and its actions."""
    return _measure(measure, _grown(progress))


@dataclass(frozen=True, slots=True)
class _Grown:
    """All leaves, KPIs by their own code and by measure, actions by measure; all measures' codes."""

    measures: frozenset[str]
    indicators: Mapping[str, IndicatorLeaf]
    of_measure: Mapping[str, list[IndicatorLeaf]]
    actions: Mapping[str, list[ActionLeaf]]


def _grown(progress: PlanProgress) -> _Grown:
    leaves = {one.code: _leaf(one, progress) for one in progress.indicators}
    of_measure: dict[str, list[IndicatorLeaf]] = {}
    for leaf in leaves.values():
        for code in leaf.indicator.measure_codes:
            of_measure.setdefault(code, []).append(leaf)
    actions: dict[str, list[ActionLeaf]] = {}
    for action in progress.actions:
        year = action.year(progress.period.fiscal_year)
        actions.setdefault(action.measure_code, []).append(ActionLeaf(action, year))
    measures = frozenset(one.code for _, one in progress.measures)
    return _Grown(measures, leaves, of_measure, actions)


def _leaf(indicator: IndicatorProgress, progress: PlanProgress) -> IndicatorLeaf:
    measured = indicator.is_measured_in(progress.period.fiscal_year)
    result = indicator.at(progress.period) if measured else None
    return IndicatorLeaf(indicator, None if result is None else result.verdict)


def _measure(measure: MeasureFacts, grown: _Grown) -> MeasureBranch:
    indicators = tuple(grown.of_measure.get(measure.code, ()))
    return MeasureBranch(measure, Branch(indicators, tuple(grown.actions.get(measure.code, ()))))


def _strategy(strategy: StrategyProgress, grown: _Grown) -> StrategyBranch:
    measures = tuple(_measure(one, grown) for one in strategy.measures)
    own = tuple(grown.indicators[one.code] for one in strategy.indicators)
    others = tuple(one for one in own if grown.measures.isdisjoint(one.indicator.measure_codes))
    actions = tuple(action for one in measures for action in one.branch.actions)
    return StrategyBranch(strategy, measures, others, Branch(own, actions))


def _counts(leaves: Iterable[IndicatorLeaf | ActionLeaf]) -> tuple[Count, ...]:
    tones = [one.tone for one in leaves]
    return tuple(
        Count(standing, tones.count(tone)) for tone, standing in STANDINGS.items() if tone in tones
    )
