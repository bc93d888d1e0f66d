"""How actions are told wherever they appear: marks, order, and where each stands. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from actions.fiscal import short_label
from actions.vocabulary import Actor, Evaluation, Stage
from kpis.progress import ActionProgress, PlanProgress
from kpis.summary import Count, JudgementClass
from kpis.vocabulary import Tone

EXAMPLE = "【例示】"  # before the name of what was made up to show how it works
ABOUT_EXAMPLES = f"{EXAMPLE}の付いたものは記入の例であり、実際の取組みではありません。"
PRIORITY = "★重点"
NOW = "▼"  # before the period's year among others
LATE = "■"  # before what is late where it is pointed out, as in the council's paper
# Signs and tones mean what they mean of KPIs: work that goes as planned is good.
_LOOKS = {
    Evaluation.AHEAD: ("◎", Tone.GOOD),
    Evaluation.ON_PLAN: ("◎", Tone.GOOD),
    Evaluation.SLIGHTLY_LATE: ("△", Tone.WEAK),
    Evaluation.LATE: ("×", Tone.BAD),
    Evaluation.NOT_STARTED: ("×", Tone.BAD),
}
EVALUATIONS = {one: JudgementClass(sign, one.label, tone) for one, (sign, tone) in _LOOKS.items()}
NOT_EVALUATED = JudgementClass("―", "評価なし", Tone.NEUTRAL)


def evaluation_shown(evaluation: Evaluation | None) -> JudgementClass:
    """Return the evaluation with sign and tone, 評価なし for none."""
    return NOT_EVALUATED if evaluation is None else EVALUATIONS[evaluation]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an action stands in one fiscal year; None is what nobody has written yet."""

    action: ActionProgress
    stage: Stage | None
    evaluation: Evaluation | None

    @property
    def shown(self) -> JudgementClass:
        """Return the evaluation with sign and tone, 評価なし for none."""
        return evaluation_shown(self.evaluation)

    @property
    def is_late(self) -> bool:
        """Return whether the year's work is behind its plan: やや遅れ, 遅れ or 未着手."""
        return self.evaluation is not None and self.evaluation.is_late

    @property
    def late_words(self) -> str:
        """Return ■遅れ and the like, blank for what is not late."""
        return f"{LATE}{self.shown.label}" if self.is_late else ""


def standing(action: ActionProgress, fiscal_year: int) -> Standing:
    """Return where the action stands in the fiscal year."""
    year = action.year(fiscal_year)
    if year is None:
        return Standing(action, None, None)
    return Standing(action, year.stage, year.evaluation)


def shown_name(action: ActionProgress) -> str:
    """Return the action's name, a sample's with its mark."""
    return f"{EXAMPLE}{action.name}" if action.is_example else action.name


def about_examples(actions: Iterable[ActionProgress]) -> str:
    """Return what a page must say where one of these is a sample, blank where none is."""
    return ABOUT_EXAMPLES if any(one.is_example for one in actions) else ""


def in_order(progress: PlanProgress) -> tuple[ActionProgress, ...]:
    """Return the plan's actions by strategy, measure and actor, else as they are stored.

    Those of a measure that no strategy knows come last.
    """
    measures = {one.code: place for place, (_, one) in enumerate(progress.measures)}
    actors = list(Actor)

    def place(action: ActionProgress) -> tuple[int, int]:
        return measures.get(action.measure_code, len(measures)), actors.index(action.actor)

    return tuple(sorted(progress.actions, key=place))


def evaluation_counts(standings: Iterable[Standing]) -> tuple[Count, ...]:
    """Return how many have each evaluation, from the best down; 評価なし last, where it occurs."""
    found = Counter(one.shown for one in standings)
    classes = [*EVALUATIONS.values(), *([NOT_EVALUATED] if found[NOT_EVALUATED] else [])]
    return tuple(Count(one, found[one]) for one in classes)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring fiscal years of one stage, both included."""

    first: int
    last: int
    stage: Stage

    @property
    def words(self) -> str:
        """Return R6～R7 実施, one year as R6 実施."""
        until = "" if self.last == self.first else f"～{short_label(self.last)}"
        return f"{short_label(self.first)}{until} {self.stage.label}"


def stretches(action: ActionProgress, years: Iterable[int]) -> tuple[Stretch, ...]:
    """Return the stages of these years in order of time; years without a stage are gaps."""
    found: list[Stretch] = []
    for year in years:
        written = action.year(year)
        if written is None or written.stage is None:
            continue
        last = found[-1] if found else None
        if last is not None and (last.last, last.stage) == (year - 1, written.stage):
            found[-1] = Stretch(last.first, year, written.stage)
        else:
            found.append(Stretch(year, year, written.stage))
    return tuple(found)
