"""What a reader may ask of the list of indicators, which fit, and in which order. Pure."""

import unicodedata
from collections.abc import Mapping
from dataclasses import replace

from kpis import choices
from kpis.behind import TONES, result_of, worst_first
from kpis.changes import Move, since_last
from kpis.choices import Criterion, Options, Selection, strategies
from kpis.judgement import sorted_bands
from kpis.progress import IndicatorProgress, PlanProgress
from kpis.summary import JudgementClass, class_of, classes
from kpis.vocabulary import JudgementOutcome

BEHIND, NEED = "behind", "need"
Test = choices.Test[IndicatorProgress]


def select(progress: PlanProgress, asked: Mapping[str, str]) -> Selection[IndicatorProgress]:
    """Return the plan's indicators that fit all that is asked; unknown values ask nothing.

    They stand in the paper's order, or the worst first where ``order`` asks for it.
    """
    selection = choices.select(_CRITERIA, progress, progress.indicators, asked)
    if not is_by_need(selection):
        return selection
    return replace(selection, found=worst_first(progress, selection.found))


def is_by_need(selection: Selection[IndicatorProgress]) -> bool:
    """Return whether the worst comes first, across the strategies."""
    return selection.value("order") == NEED


def _judgements(progress: PlanProgress) -> dict[str, JudgementClass]:
    """Return the period's judgements by what names them in an address.

    A band is named by its place from the best down, so that an address means the same in a
    half-year, where bands may have other words; another outcome by its own name.
    """
    bands = len(dict.fromkeys(map(class_of, sorted_bands(progress.period.term, progress.bands))))
    results = (result_of(progress, one) for one in progress.indicators)
    outcomes = {class_of(one.verdict): one.verdict.outcome for one in results if one is not None}
    found: dict[str, JudgementClass] = {}
    for place, one in enumerate(classes(progress), 1):
        outcome = outcomes.get(one, JudgementOutcome.BAND)
        is_band = place <= bands or outcome is JudgementOutcome.BAND
        found[f"band-{place}" if is_band else outcome.value] = one
    return found


def _judgement_options(progress: PlanProgress) -> Options:
    found = _judgements(progress)
    late = "・".join(one.words for one in found.values() if one.tone in TONES)
    all_late = {BEHIND: f"遅れているものすべて（{late}）"} if late else {}
    return all_late | {key: one.words for key, one in found.items()}


def _of_judgement(progress: PlanProgress, value: str) -> Test:
    wanted = _judgements(progress).get(value)

    def fits(indicator: IndicatorProgress) -> bool:
        result = result_of(progress, indicator)
        if result is None:
            return False
        return (
            result.verdict.tone in TONES if wanted is None else class_of(result.verdict) == wanted
        )

    return fits


def _of_change(progress: PlanProgress, value: str) -> Test:
    def fits(indicator: IndicatorProgress) -> bool:
        change = since_last(progress, indicator)
        return change is not None and change.move == value

    return fits


def _sections(progress: PlanProgress) -> Options:
    return {one.section: one.section for one in progress.indicators if one.section}


def _of_words(progress: PlanProgress, value: str) -> Test:
    """Fit what holds each of the words in its code, names, definition or note."""
    words = _plain(value).split()

    def fits(one: IndicatorProgress) -> bool:
        text = _plain("\n".join((one.code, one.name, one.former_name, one.definition, one.note)))
        return all(word in text for word in words)

    return fits


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


_CRITERIA: tuple[Criterion[IndicatorProgress], ...] = (
    Criterion("word", lambda _: "指標名などの言葉", None, _of_words),
    Criterion(
        "strategy",
        lambda _: "基本戦略",
        strategies,
        lambda _, value: lambda one: str(one.strategy_number) == value,
    ),
    Criterion("judgement", lambda _: "参考判定", _judgement_options, _of_judgement),
    Criterion("change", lambda _: "前回からの変化", lambda _: dict(Move.choices()), _of_change),
    Criterion(
        "section",
        lambda _: "所管課",
        _sections,
        lambda _, value: lambda one: one.section == value,
    ),
    Criterion(
        "order",
        lambda _: "並び順",
        lambda _: {NEED: "対応が必要な順"},
        lambda *_: lambda _: True,
        blank="計画の順",
    ),
)
