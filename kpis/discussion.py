"""What a council is asked to discuss: shortfalls, late actions, silent figures, promises. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from actions.fiscal import Term, fiscal_year_label
from actions.vocabulary import Evaluation
from kpis.actionwords import evaluation_shown
from kpis.followups import UNANSWERED, Account, account
from kpis.numerals import DASH
from kpis.progress import ActionProgress, ActionYear, IndicatorProgress, PlanProgress, Result
from kpis.readiness import is_below
from kpis.summary import JudgementClass
from kpis.vocabulary import FollowUp, Tone

MOST_NAMED = 5
_REQUEST = "目標の達成に向けて必要な取組や軌道修正について、ご意見をお願いします。"
_ORDER = (Tone.BAD, Tone.WEAK, Tone.FAIR, Tone.GOOD, Tone.NEUTRAL)


@dataclass(frozen=True, slots=True)
class Point:
    """One point to discuss: what it is about, and in sentences what the figures say.

    ``codes`` are the indicators or actions that it is about; none where there is nothing.
    """

    title: str
    sentence: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """An action with what its year says, which somebody has evaluated."""

    action: ActionProgress
    year: ActionYear
    evaluation: Evaluation

    @property
    def shown(self) -> JudgementClass:
        """Return the evaluation with its sign and tone."""
        return evaluation_shown(self.evaluation)


def points(progress: PlanProgress) -> tuple[Point, ...]:
    """Return three points, of which one that has nothing to discuss says so.

    A fourth tells what became of earlier counter-measures, where there are any to tell of.
    """
    three = _shortfalls(progress), _late_actions(progress), _unexplained(progress)
    accounts = [
        (one, told)
        for one, _ in _results(progress)
        if (told := account(one, progress.period)) is not None
    ]
    return (*three, _promises(accounts)) if accounts else three


def shortfalls(progress: PlanProgress) -> tuple[tuple[IndicatorProgress, Result], ...]:
    """Return what is below its target, farthest first: by judgement, then by rate.

    What has no rate stands last in its judgement; the paper's order decides the rest.
    """
    below = [pair for pair in _results(progress) if is_below(pair[1])]
    return tuple(sorted(below, key=lambda pair: distance(pair[1])))


def late_actions(progress: PlanProgress) -> tuple[Evaluated, ...]:
    """Return the actions that are late in the shown period's year, in the paper's order."""
    return tuple(one for one in _evaluated(progress) if one.evaluation.is_late)


def _evaluated(progress: PlanProgress) -> list[Evaluated]:
    years = [(one, one.year(progress.period.fiscal_year)) for one in progress.actions]
    return [
        Evaluated(one, year, year.evaluation)
        for one, year in years
        if year is not None and year.evaluation is not None
    ]


def distance(result: Result) -> tuple[int, bool, Decimal]:
    """Return a key that sorts what needs attention most to the front: by judgement, then by rate.

    What is not judged comes last, and within a judgement what has no rate.
    """
    rate = result.attainment.rate
    return _ORDER.index(result.verdict.tone), rate is None, rate or Decimal(0)


def _results(progress: PlanProgress) -> Iterator[tuple[IndicatorProgress, Result]]:
    for one in progress.indicators:
        result = one.at(progress.period)
        if result is not None and one.is_measured_in(progress.period.fiscal_year):
            yield one, result


def _shortfalls(progress: PlanProgress) -> Point:
    found = shortfalls(progress)
    title = "目標との開きが大きい指標"
    half = progress.period.term is Term.H1
    what = "目標に向けて遅れがみられる指標" if half else "目標に届いていない指標"
    if not found:
        return Point(title, f"{what}はありません。", ())
    names = _listed([f"{_name(one)}（{_standing(result)}）" for one, result in found])
    order = "開きが大きい順に、" if len(found) > 1 else ""
    sentence = f"{what}は{len(found)}指標です。{order}{names}です。{_REQUEST}"
    return Point(title, sentence, tuple(one.code for one, _ in found))


def _standing(result: Result) -> str:
    """Return rate and judgement: 達成率7.1%、×遅れ."""
    rate = result.attainment.display
    shown = f"達成率{rate}、" if rate not in ("", DASH) else ""
    return f"{shown}{result.verdict.words}"


def _late_actions(progress: PlanProgress) -> Point:
    year = fiscal_year_label(progress.period.fiscal_year)
    title = f"遅れているアクション（{year}）"
    if not progress.actions:
        return Point(title, "この計画には、アクションの記録がありません。", ())
    rated = _evaluated(progress)
    if not rated:
        return Point(title, f"{year}の評価が記入されたアクションは、まだありません。", ())
    late = late_actions(progress)
    if not late:
        return Point(
            title, f"評価が記入された{len(rated)}件に、遅れているアクションはありません。", ()
        )
    names = _listed([f"{_action(one.action)}（{one.evaluation.label}）" for one in late])
    sentence = f"評価が記入された{len(rated)}件のうち、遅れているアクションは{len(late)}件です。{names}です。"
    return Point(title, sentence, tuple(one.action.code for one in late))


def _action(action: ActionProgress) -> str:
    sample = "（例示）" if action.is_example else ""
    return f"{action.code} {action.name}{sample}"


def _unexplained(progress: PlanProgress) -> Point:
    silent = [one for one, result in _results(progress) if is_below(result) and _is_silent(result)]
    without = [(one, result) for one, result in _results(progress) if result.actual.value is None]
    codes = (*(one.code for one in silent), *(one.code for one, _ in without))
    return Point("説明が足りない数値", f"{_silent(silent)}{_without(without)}", codes)


def _is_silent(result: Result) -> bool:
    return not (result.actual.cause and result.actual.next_step)


def _silent(found: Sequence[IndicatorProgress]) -> str:
    """Return a sentence about indicators below their target of which nobody says why."""
    what = "要因または今後の対応の記載がない指標"
    if not found:
        return f"{what}はありません。"
    names = _listed([_name(one) for one in found])
    return f"{what}は、遅れなどがみられる指標のうち{len(found)}指標です（{names}）。"


def _without(found: Sequence[tuple[IndicatorProgress, Result]]) -> str:
    """Return a sentence about indicators without a figure, by reason."""
    if not found:
        return "実績値がない指標はありません。"
    reasons: dict[str, list[str]] = {}
    for one, result in found:
        reasons.setdefault(result.actual.reason_words or "未入力", []).append(_name(one))
    names = "。".join(f"{reason}: {_listed(each)}" for reason, each in reasons.items())
    return f"実績値がない指標は{len(found)}指標です（{names}）。"


def _promises(accounts: Sequence[tuple[IndicatorProgress, Account]]) -> Point:
    """Return how many earlier counter-measures were done, and which were not."""
    answers = [told.answer for _, told in accounts]
    counted = [
        f"{UNANSWERED if one is None else one.label}{answers.count(one)}件"
        for one in (*FollowUp, None)
        if one in answers
    ]
    still_open = [(one, told) for one, told in accounts if told.is_open]
    sentence = f"前回までの「今後の対応」{len(accounts)}件の結果は、{'、'.join(counted)}です。"
    if still_open:
        names = _listed([f"{_name(one)}（{told.words}）" for one, told in still_open])
        sentence += f"終わっていないものは{len(still_open)}件です。{names}です。"
    return Point("前回の対応の状況", sentence, tuple(one.code for one, _ in still_open))


def _name(indicator: IndicatorProgress) -> str:
    return f"{indicator.code} {indicator.name}"


def _listed(names: Sequence[str]) -> str:
    """Return the first few names, and how many more there are."""
    more = len(names) - MOST_NAMED
    listed = "、".join(names[:MOST_NAMED])
    return f"{listed}、ほか{more}件" if more > 0 else listed
