"""How far a plan has got in one sentence, and what has changed in another, from its figures. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from actions.fiscal import Term
from kpis.changes import Change, Move, all_since_last, of_move, since_words
from kpis.judgement import Verdict
from kpis.progress import IndicatorProgress, PlanProgress, Result
from kpis.summary import classes
from kpis.vocabulary import JudgementOutcome, Tone

_UNJUDGED = (JudgementOutcome.NOT_DUE, JudgementOutcome.NOT_JUDGED)
# What is told together: on track, between (a band of the city's without good or bad), behind.
_GROUPS = ((Tone.GOOD, Tone.FAIR), (Tone.NEUTRAL,), (Tone.WEAK, Tone.BAD))


@dataclass(frozen=True, slots=True)
class Headline:
    """What a reader is told first: how it stands, how it has moved, and what limits the two.

    ``since`` is blank and ``notes`` are none where nothing was judged.
    """

    standing: str
    since: str
    notes: tuple[str, ...]


def headline(
    progress: PlanProgress,
    indicators: Iterable[IndicatorProgress] | None = None,
    whole: str = "この計画",
) -> Headline:
    """Return the sentences about some or all indicators at the shown period.

    ``whole`` is what they are of, as in この基本戦略. Labels are the bands' own, so a city's words are
    used as they are. Indicators that are not measured in the period's year are not told of.
    """
    some = list(progress.indicators if indicators is None else indicators)
    year = progress.period.fiscal_year
    measured = [one for one in some if one.is_measured_in(year)]
    results = [found for one in measured if (found := one.at(progress.period)) is not None]
    if not some:
        return Headline(f"{whole}には、指標（KPI）が登録されていません。", "", ())
    if not results:
        return Headline(f"{progress.period.label}は、{whole}に測定する指標がありません。", "", ())
    verdicts = [one.verdict for one in results]
    judged = [one for one in verdicts if one.outcome not in _UNJUDGED]
    if not judged:
        return Headline(_nothing_judged(progress, verdicts), "", ())
    since = _since(all_since_last(progress, measured))
    return Headline(_standing(progress, verdicts, judged), since, _notes(progress, results))


def _nothing_judged(progress: PlanProgress, verdicts: Sequence[Verdict]) -> str:
    when, number = progress.period.label, len(verdicts)
    if number == 1:
        return f"{when}は、1つの指標がまだ判定されていません（「{verdicts[0].label}」）。"
    return (
        f"{when}は、{number}指標のうち判定できたものがまだありません"
        f"（{_unjudged_words(progress, verdicts)}）。"
    )


def _standing(
    progress: PlanProgress, verdicts: Sequence[Verdict], judged: Sequence[Verdict]
) -> str:
    """Return how many are on track and behind; a year is told as what was, a half-year as what is."""
    when, end = progress.period.label, "です" if progress.period.term is Term.H1 else "でした"
    groups = [(labels, number) for labels, number in _grouped(progress, judged) if number]
    told = "、".join(f"{number}指標が{labels}" for labels, number in groups)
    alike = groups[0][0] if len(groups) == 1 else ""
    number, of = len(judged), len(verdicts)
    if of == 1:
        return f"{when}は、指標が1つあり、{alike}{end}。"
    if number == of:
        return f"{when}は、{of}指標{f'すべてが{alike}' if alike else f'のうち{told}'}{end}。"
    if number == 1:
        return f"{when}は、{of}指標のうち1指標を判定し、結果は{alike}{end}。"
    told = f"そのすべてが{alike}" if alike else told
    return f"{when}は、{of}指標のうち{number}指標を判定し、{told}{end}。"


def _grouped(progress: PlanProgress, judged: Sequence[Verdict]) -> list[tuple[str, int]]:
    """Return for each group its labels that occur, in the order of the counts, and its number."""
    found = []
    for tones in _GROUPS:
        mine = [one for one in judged if one.tone in tones]
        found.append((_labels(progress, mine), len(mine)))
    return found


def _labels(progress: PlanProgress, verdicts: Sequence[Verdict]) -> str:
    """Return labels as a choice: 「順調」「概ね順調」または「目標に到達」."""
    there = {one.label for one in verdicts}
    labels = [label for label in _order(progress) if label in there]
    quoted = [f"「{one}」" for one in labels]
    return "または".join(filter(None, ("".join(quoted[:-1]), *quoted[-1:])))


def _order(progress: PlanProgress) -> list[str]:
    """Return the labels in the order of the counts, each once."""
    return list(dict.fromkeys(one.label for one in classes(progress)))


def _unjudged_words(progress: PlanProgress, verdicts: Iterable[Verdict]) -> str:
    found = Counter(one.label for one in verdicts)
    return "、".join(
        f"「{label}」が{found[label]}指標" for label in _order(progress) if found[label]
    )


def _notes(progress: PlanProgress, results: Sequence[Result]) -> tuple[str, ...]:
    """Return what became of the others, and that a person's word stands in place of a rule."""
    others = [one.verdict for one in results if one.verdict.outcome in _UNJUDGED]
    changed = sum(one.judgement.override is not None for one in results)
    rest = f"ほかは、{_unjudged_words(progress, others)}です。" if others else ""
    own = f"{changed}指標は、担当者が理由を付けて判定を変更しています。" if changed else ""
    return tuple(filter(None, (rest, own)))


def _since(listed: Sequence[Change]) -> str:
    """Return what has moved since the last judgement."""
    before = since_words(listed)
    if not before:
        return "これより前に判定した期間がないため、前回とは比べられません。"
    better, same, worse = (
        len(of_move(listed, one)) for one in (Move.BETTER, Move.SAME, Move.WORSE)
    )
    start = f"前回（{before}）と比べて、"
    if not better + same + worse:
        return f"前回（{before}）と比べられる指標はありません。"
    if better and worse:
        moved = f"{better}指標が改善し、{worse}指標が悪化しました。"
    elif better:
        moved = f"{better}指標が改善し、悪化した指標はありません。"
    elif worse:
        moved = f"{worse}指標が悪化し、改善した指標はありません。"
    else:
        return f"{start}改善・悪化した指標はなく、{same}指標が横ばいです。"
    return f"{start}{moved}{f'{same}指標は横ばいです。' if same else ''}"
