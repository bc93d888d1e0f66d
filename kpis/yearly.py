"""How many indicators were well on their way, year by year. Pure.

Counted, never averaged: rates of unlike indicators have no mean.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from actions.fiscal import Period, Term, short_label
from kpis.progress import IndicatorProgress, PlanProgress
from kpis.vocabulary import JudgementOutcome, Tone

_JUDGED = (JudgementOutcome.BAND, JudgementOutcome.MET, JudgementOutcome.MISSED)
_GOOD = (Tone.GOOD, Tone.FAIR)
_STEPS = 4


@dataclass(frozen=True, slots=True)
class Share:
    """Of the indicators that were judged, how many had a good judgement (the blue ones)."""

    good: int
    judged: int

    @property
    def step(self) -> int | None:
        """Return 0 for none to 4 for more than three quarters; None where nothing was judged."""
        return -(-self.good * _STEPS // self.judged) if self.judged else None


def share(indicators: Iterable[IndicatorProgress], period: Period) -> Share:
    """Return the period's counts; what is not measured, not due or not judged is left out."""
    some = [one for one in indicators if one.is_measured_in(period.fiscal_year)]
    results = (one.at(period) for one in some)
    verdicts = [one.verdict for one in results if one is not None]
    judged = [one for one in verdicts if one.outcome in _JUDGED]
    return Share(sum(one.tone in _GOOD for one in judged), len(judged))


def periods(progress: PlanProgress) -> list[Period]:
    """Return every period of the plan's own years that has come, in the order of time."""
    found = {
        one.period
        for indicator in progress.indicators
        for one in indicator.results
        if one.period.fiscal_year >= progress.plan.start_year
    }
    return sorted(found)


def years_to_come(progress: PlanProgress) -> list[int]:
    """Return the plan's years that no period has reached yet."""
    reached = {one.fiscal_year for one in periods(progress)}
    plan = progress.plan
    return [one for one in range(plan.start_year, plan.end_year + 1) if one not in reached]


def period_heading(period: Period) -> str:
    """Return R6年度 or R7上半期."""
    return short_label(period.fiscal_year) + period.term.label


def good_words(progress: PlanProgress) -> str:
    """Return which judgements count as good, each once: ◎達成、○概ね達成、◎順調、✓目標に到達."""
    bands = [one for one in progress.bands if one.tone in _GOOD]
    bands.sort(key=lambda one: one.term is Term.H1)
    verdicts = (one.verdict for indicator in progress.indicators for one in indicator.results)
    met = [one.words for one in verdicts if one.outcome is JudgementOutcome.MET]
    return "、".join(dict.fromkeys([*(f"{one.sign}{one.label}" for one in bands), *met]))


def attainment_sentence(progress: PlanProgress) -> str:
    """Return how many of the judged indicators were good in the two newest periods that have some.

    判定した指標のうち良い判定は、令和6年度は15件中10件、令和7年度上半期は10件中7件です。
    """
    shares = [(one, share(progress.indicators, one)) for one in periods(progress)]
    told = [
        f"{period.label}は{found.judged}件中{found.good}件"
        for period, found in shares
        if found.judged
    ]
    return f"判定した指標のうち良い判定は、{'、'.join(told[-2:])}です。" if told else ""
