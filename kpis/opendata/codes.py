"""The code lists: every code that the coded columns may hold, with its name and meaning.

The judgements are those of the publication itself, for its bands are data.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from actions.fiscal import Term
from kpis.judgement import Verdict, sorted_bands
from kpis.numerals import plain
from kpis.opendata.columns import COLUMNS
from kpis.progress import PlanProgress
from kpis.vocabulary import ActualReason, Formula, JudgementOutcome, TargetStatus


@dataclass(frozen=True, slots=True)
class Code:
    """A code of one column, as it stands in the data."""

    key: str  # the column's
    code: str
    name: str
    meaning: str

    @property
    def heading(self) -> str:
        """Return the column's Japanese heading."""
        return _HEADINGS[self.key]


_HEADINGS = {column.key: column.heading for column in COLUMNS}
_TERMS = {
    Term.H1: "4月から9月まで（基準日は9月30日）",
    Term.FY: "4月から翌年3月まで（基準日は3月31日）",
}
_TARGETS = {
    TargetStatus.SET: "目標値がある",
    TargetStatus.LINKED: "他の計画で今後定める目標値と連動する",
    TargetStatus.UNSET: "目標値を定めていない、または指標を測定しない年度",
}
_MISSING = "実績値が未入力、期間が来ていない、または指標を測定しない年度"
_REASONS = {
    ActualReason.NOT_YET_DUE: "集計の時期が来ていないため、実績値がない",
    ActualReason.NOT_AT_HALF_YEAR: "年度末だけに算定する指標のため、上半期の実績値がない",
    ActualReason.NOT_CONDUCTED: "事業や調査を実施しなかったため、実績値がない",
    ActualReason.NOT_MEASURABLE: "測定できなかったため、実績値がない",
    ActualReason.NOT_IN_PAPER: "市の公表資料に記載がないため、実績値がない",
}


def codes(progress: PlanProgress) -> tuple[Code, ...]:
    """Return the code lists in the columns' order; no code stands twice in a column."""
    return (
        *(Code("term", one.value, one.label, _TERMS[one]) for one in Term),
        *(Code("target_status", one.value, one.label, _TARGETS[one]) for one in TargetStatus),
        Code("actual_status", "reported", "確定", "確定した実績値がある"),
        Code("actual_status", "provisional", "速報", "速報の実績値がある（今後改めることがある）"),
        Code("actual_status", "missing", "未入力", _MISSING),
        *(Code("actual_status", one.value, one.label, _REASONS[one]) for one in ActualReason),
        *(Code("formula", one.value, one.label, one.words) for one in Formula),
        Code("met", "true", "達成", "目標に達している"),
        Code("met", "false", "未達成", "目標に達していない"),
        *_judgements(progress),
    )


def _judgements(progress: PlanProgress) -> Iterator[Code]:
    """Yield each judgement once; one that stands for several things has all their meanings."""
    found: dict[str, Code] = {}
    for one in (*_bands(progress), *_verdicts(progress)):
        known = found.get(one.code)
        meaning = one.meaning if known is None else f"{known.meaning}／{one.meaning}"
        found[one.code] = replace(one, meaning=meaning)
    yield from found.values()


def _bands(progress: PlanProgress) -> Iterator[Code]:
    for term in (Term.FY, Term.H1):
        what = "達成率" if term is Term.FY else "見込割合に対する達成率"
        upper = ""
        for band in sorted_bands(term, progress.bands):
            lower = "" if band.lower is None else f"{plain(band.lower)}%以上"
            meaning = f"{term.label}: {what}が{lower + upper or '任意の値'}"
            yield Code("judgement", f"{band.sign}{band.label}", band.label, meaning)
            upper = "" if band.lower is None else f"{plain(band.lower)}%未満"


def _verdicts(progress: PlanProgress) -> Iterator[Code]:
    """Yield what no band says, in the order of the outcomes; of the bands' words, unknown ones."""
    known = {f"{band.sign}{band.label}" for band in progress.bands}
    shown = {
        (one.verdict.outcome, one.verdict.words): one.verdict
        for indicator in progress.indicators
        for one in indicator.results
    }
    order = list(JudgementOutcome)
    for outcome, words in sorted(shown, key=lambda pair: (order.index(pair[0]), pair[1])):
        if outcome is not JudgementOutcome.BAND or words not in known:
            yield _verdict(shown[outcome, words])


def _verdict(verdict: Verdict) -> Code:
    return Code("judgement", verdict.words, verdict.label, _OUTCOMES[verdict.outcome])


_OUTCOMES = {
    JudgementOutcome.BAND: "担当者が判定した区分",
    JudgementOutcome.MET: "達成率の区分によらず、目標に達している",
    JudgementOutcome.MISSED: "達成率の区分によらず、目標に達していない",
    JudgementOutcome.NOT_DUE: "年度の途中のため、判定する時期でない",
    JudgementOutcome.NOT_JUDGED: "判定しない、または判定できない",
}
