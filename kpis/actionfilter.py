"""What a reader may ask of the list of actions, and which actions fit. Pure."""

from collections.abc import Iterator, Mapping

from actions.fiscal import fiscal_year_label
from actions.vocabulary import Actor, Evaluation, Stage
from kpis import choices
from kpis.actionwords import EVALUATIONS, NOT_EVALUATED, PRIORITY, in_order, standing
from kpis.choices import YES, Criterion, Options, Selection, strategies
from kpis.progress import ActionProgress, PlanProgress

NONE = "none"
Test = choices.Test[ActionProgress]


def select(progress: PlanProgress, asked: Mapping[str, str]) -> Selection[ActionProgress]:
    """Return the plan's actions that fit all that is asked; unknown values ask nothing."""
    return choices.select(_CRITERIA, progress, in_order(progress), asked)


def _of_strategy(progress: PlanProgress, value: str) -> Test:
    codes = {one.code for strategy, one in progress.measures if str(strategy.number) == value}
    return lambda action: action.measure_code in codes


def _measures(progress: PlanProgress) -> Options:
    return {one.code: f"{one.code} {one.name}" for _, one in progress.measures}


def _sections(progress: PlanProgress) -> Options:
    return {one: one for one in dict.fromkeys(_named_sections(progress))}


def _named_sections(progress: PlanProgress) -> Iterator[str]:
    return (one.section for one in in_order(progress) if one.section)


def _evaluations(progress: PlanProgress) -> Options:
    return {one.value: shown.words for one, shown in EVALUATIONS.items()} | {
        NONE: NOT_EVALUATED.words
    }


def _of_evaluation(progress: PlanProgress, value: str) -> Test:
    wanted = None if value == NONE else Evaluation(value)
    return lambda action: standing(action, progress.period.fiscal_year).evaluation is wanted


def _of_stage(progress: PlanProgress, value: str) -> Test:
    return lambda action: standing(action, progress.period.fiscal_year).stage == value


def _stage_label(progress: PlanProgress) -> str:
    return f"段階（{fiscal_year_label(progress.period.fiscal_year)}）"


def _switch(progress: PlanProgress) -> Options:
    return {YES: "はい"}


_CRITERIA: tuple[Criterion[ActionProgress], ...] = (
    Criterion("strategy", lambda _: "基本戦略", strategies, _of_strategy),
    Criterion(
        "measure",
        lambda _: "施策",
        _measures,
        lambda _, value: lambda action: action.measure_code == value,
    ),
    Criterion(
        "actor",
        lambda _: "主体",
        lambda _: dict(Actor.choices()),
        lambda _, value: lambda action: action.actor == value,
    ),
    Criterion("stage", _stage_label, lambda _: dict(Stage.choices()), _of_stage),
    Criterion(
        "section",
        lambda _: "所管課",
        _sections,
        lambda _, value: lambda action: action.section == value,
    ),
    Criterion("evaluation", lambda _: "評価", _evaluations, _of_evaluation),
    Criterion(
        "priority", lambda _: f"{PRIORITY}のみ", _switch, lambda *_: lambda one: one.is_priority
    ),
    Criterion(
        "late",
        lambda _: "遅れのみ（やや遅れ・遅れ・未着手）",
        _switch,
        lambda progress, _: lambda action: standing(action, progress.period.fiscal_year).is_late,
    ),
)
