"""What a reader may ask of the list of actions, and which actions fit. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from actions.fiscal import fiscal_year_label
from actions.vocabulary import Actor, Evaluation, Stage
from kpis.actionwords import EVALUATIONS, NOT_EVALUATED, PRIORITY, in_order, standing
from kpis.progress import ActionProgress, PlanProgress

YES, NONE = "1", "none"
Test = Callable[[ActionProgress], bool]
Options = dict[str, str]  # what is asked, and how it is told


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing to ask: its name in the address, its label, its options, and what fits one."""

    name: str
    label: Callable[[PlanProgress], str]
    options: Callable[[PlanProgress], Options]
    test: Callable[[PlanProgress, str], Test]


@dataclass(frozen=True, slots=True)
class Field:
    """A criterion as a form shows it; ``value`` is blank where nothing is asked.

    A switch has one option, which is on or off.
    """

    name: str
    label: str
    options: Options
    value: str

    @property
    def is_switch(self) -> bool:
        """Return whether it is asked by a mark and not by a choice."""
        return list(self.options) == [YES]

    @property
    def words(self) -> str:
        """Return what is asked: 主体: 行政."""
        return self.label if self.is_switch else f"{self.label}: {self.options[self.value]}"


@dataclass(frozen=True, slots=True)
class Selection:
    """The actions that fit, in order, with the form; ``unknown`` says what could not be asked."""

    fields: tuple[Field, ...]
    unknown: tuple[str, ...]
    actions: tuple[ActionProgress, ...]

    @property
    def asked(self) -> tuple[Field, ...]:
        """Return the fields by which the list is narrowed."""
        return tuple(one for one in self.fields if one.value)

    @property
    def query(self) -> str:
        """Return the query that asks the same, blank for nothing."""
        return urlencode({one.name: one.value for one in self.asked})


def select(progress: PlanProgress, asked: Mapping[str, str]) -> Selection:
    """Return the plan's actions that fit all that is asked; unknown values ask nothing."""
    fields, tests, unknown = [], [], []
    for one in _CRITERIA:
        label, options, value = one.label(progress), one.options(progress), asked.get(one.name, "")
        if value in options:
            tests.append(one.test(progress, value))
        elif value:
            unknown.append(
                f"「{label}」に「{value}」という選択肢はないため、この条件は使っていません。"
            )
        fields.append(Field(one.name, label, options, value if value in options else ""))
    found = tuple(one for one in in_order(progress) if all(test(one) for test in tests))
    return Selection(tuple(fields), tuple(unknown), found)


def _strategies(progress: PlanProgress) -> Options:
    return {str(one.number): f"{one.number} {one.name}" for one in progress.strategies}


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


_CRITERIA = (
    Criterion("strategy", lambda _: "基本戦略", _strategies, _of_strategy),
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
