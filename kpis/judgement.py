"""Judgement bands (参考判定): bands are data, half-open, on the unrounded rate. Pure.

The city's paper publishes no judgement; this is the product's own, shown as 参考判定.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from actions.fiscal import Term
from kpis.attainment import Attainment, Rule
from kpis.numerals import EXACT, plain
from kpis.vocabulary import Formula, JudgementOutcome, Kind, NoRate, Tone


@dataclass(frozen=True, slots=True)
class Band:
    """One class of judgement: from ``lower`` percent (None: no lower bound) to the next class."""

    term: Term
    lower: Decimal | None
    sign: str
    label: str
    tone: Tone

    @property
    def words(self) -> str:
        """Return the band in words: 年度 ◎達成（100%以上）."""
        return f"{self.term.label} {self.sign}{self.label}（{self.bound}）"

    @property
    def bound(self) -> str:
        """Return the lower bound in words: 80%以上, 下限なし."""
        return "下限なし" if self.lower is None else f"{plain(self.lower)}%以上"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judgement as shown (sign, words, colour) with what it rests on, in words."""

    outcome: JudgementOutcome
    sign: str
    label: str
    tone: Tone
    basis: str

    @property
    def words(self) -> str:
        """Return sign and label together: ○概ね順調."""
        return f"{self.sign}{self.label}"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The computed verdict, and the one that a person put in its place with a reason, if any."""

    computed: Verdict
    override: Verdict | None = None

    @property
    def shown(self) -> Verdict:
        """Return the verdict that counts: a person's where there is one."""
        return self.computed if self.override is None else self.override


DEFAULT_BANDS = tuple(
    Band(term, None if lower is None else Decimal(lower), sign, label, tone)
    for term, words in (
        (Term.FY, ("達成", "概ね達成", "やや遅れ", "遅れ")),
        (Term.H1, ("順調", "概ね順調", "やや遅れ", "遅れ")),
    )
    for (lower, sign, tone), label in zip(
        (
            ("100", "◎", Tone.GOOD),
            ("80", "○", Tone.FAIR),
            ("50", "△", Tone.WEAK),
            (None, "×", Tone.BAD),
        ),
        words,
        strict=True,
    )
)

# The other usual scale: steps of ten percent.
SEVEN_BANDS = tuple(
    Band(term, None if lower is None else Decimal(lower), sign, label, tone)
    for term in (Term.FY, Term.H1)
    for lower, sign, label, tone in (
        ("100", "A", "100%以上", Tone.GOOD),
        ("90", "B", "90%以上100%未満", Tone.FAIR),
        ("80", "C", "80%以上90%未満", Tone.FAIR),
        ("70", "D", "70%以上80%未満", Tone.WEAK),
        ("60", "E", "60%以上70%未満", Tone.WEAK),
        ("50", "F", "50%以上60%未満", Tone.BAD),
        (None, "G", "50%未満", Tone.BAD),
    )
)

_FIXED = {
    JudgementOutcome.MET: ("✓", Tone.GOOD),
    JudgementOutcome.MISSED: ("✕", Tone.BAD),
    JudgementOutcome.NOT_DUE: ("…", Tone.NEUTRAL),
    JudgementOutcome.NOT_JUDGED: ("－", Tone.NEUTRAL),
}


def judge(rule: Rule, term: Term, attainment: Attainment, bands: Iterable[Band]) -> Verdict:
    """Return the computed verdict for one period. Raises nothing.

    年度: by band on the rate; without a usable rate, by whether the target is met.
    上半期: by band on the rate against the share of the year expected by 30 September, for what
    accrues during the year; a level is met or not yet due; a ratio without a rate is not judged.
    """
    if attainment.met is None and attainment.rate is None and _nothing_to_judge(attainment):
        return _fixed(JudgementOutcome.NOT_JUDGED, attainment.reason_words)
    if term is Term.FY:
        return _at_year_end(rule, attainment, bands)
    return _at_half_year(rule, attainment, bands)


def override_with(band: Band, reason: str) -> Verdict:
    """Return the verdict that a person chose, with the reason given."""
    return Verdict(JudgementOutcome.BAND, band.sign, band.label, band.tone, reason)


def accrues(rule: Rule) -> bool:
    """Return whether the rate counts what was added during the year (累計 or 前年度比増分)."""
    return rule.kind is Kind.CUMULATIVE or rule.formula is Formula.FROM_PREVIOUS


def rate_follows_direction(rule: Rule) -> bool:
    """Return whether 100% or more and a met target are the same thing under this rule.

    A ratio of an indicator that should fall says the opposite of what is good, so it is not banded.
    """
    if rule.formula is Formula.RATIO:
        return rule.direction.rising
    if rule.formula is Formula.INVERSE_RATIO:
        return not rule.direction.rising
    return rule.formula is not Formula.NONE


def _nothing_to_judge(attainment: Attainment) -> bool:
    return attainment.reason in (
        NoRate.NO_TARGET,
        NoRate.TARGET_LINKED,
        NoRate.NO_ACTUAL,
        NoRate.ACTUAL_IS_REASON,
    )


def _at_year_end(rule: Rule, attainment: Attainment, bands: Iterable[Band]) -> Verdict:
    if attainment.rate is not None and rate_follows_direction(rule):
        return _banded(Term.FY, attainment.rate, bands, "達成率")
    return _met_or(JudgementOutcome.MISSED, attainment)


def _at_half_year(rule: Rule, attainment: Attainment, bands: Iterable[Band]) -> Verdict:
    if rule.kind is Kind.RATIO and attainment.rate is None:
        return _fixed(JudgementOutcome.NOT_JUDGED, attainment.reason_words)
    if not accrues(rule):
        if rule.kind in (Kind.LEVEL, Kind.MILESTONE):
            return _met_or(JudgementOutcome.NOT_DUE, attainment)
        return _ratio_at_half_year(rule, attainment, bands)
    if rule.expected_share == 0:
        return _fixed(JudgementOutcome.NOT_JUDGED, "見込割合が0のため上半期は判定しない")
    if attainment.rate is None or not rate_follows_direction(rule):
        return _met_or(JudgementOutcome.NOT_DUE, attainment)
    return _banded(Term.H1, pace(rule, attainment.rate), bands, _pace_words(rule))


def _ratio_at_half_year(rule: Rule, attainment: Attainment, bands: Iterable[Band]) -> Verdict:
    if attainment.rate is not None and rate_follows_direction(rule):
        return _banded(Term.H1, attainment.rate, bands, "達成率")
    return _met_or(JudgementOutcome.NOT_DUE, attainment)


def pace(rule: Rule, rate: Decimal) -> Decimal:
    """Return the half-year rate measured against the share expected by 30 September, in percent.

    Dividing the target by the share multiplies an inverse ratio and divides every other.
    """
    if rule.formula is Formula.INVERSE_RATIO:
        return EXACT.multiply(rate, rule.expected_share)
    return EXACT.divide(rate, rule.expected_share)


def _pace_words(rule: Rule) -> str:
    sign = "×" if rule.formula is Formula.INVERSE_RATIO else "÷"
    return f"達成率 {sign} 見込割合{rule.expected_share.normalize():f}"


def _banded(term: Term, rate: Decimal, bands: Iterable[Band], what: str) -> Verdict:
    for band in sorted_bands(term, bands):
        if band.lower is None or rate >= band.lower:
            basis = f"{what} が「{band.bound}」の区分"
            return Verdict(JudgementOutcome.BAND, band.sign, band.label, band.tone, basis)
    return _fixed(JudgementOutcome.NOT_JUDGED, "当てはまる判定区分がない")


def sorted_bands(term: Term, bands: Iterable[Band]) -> list[Band]:
    """Return the bands of one term from the highest bound down; the unbounded one is last."""
    mine = [band for band in bands if band.term is term]
    bounded = [band for band in mine if band.lower is not None]
    bounded.sort(key=lambda band: band.lower or Decimal(0), reverse=True)
    return bounded + [band for band in mine if band.lower is None]


def bands_of(own: Iterable[Band], plans: Iterable[Band]) -> tuple[Band, ...]:
    """Return an indicator's bands: its own in the terms for which it has some, else the plan's."""
    mine = tuple(own)
    terms = {one.term for one in mine}
    return mine + tuple(one for one in plans if one.term not in terms)


def _met_or(otherwise: JudgementOutcome, attainment: Attainment) -> Verdict:
    if attainment.met is True:
        return _fixed(JudgementOutcome.MET, "目標値に達している")
    if attainment.met is False:
        return _fixed(otherwise, "目標値に達していない")
    if otherwise is JudgementOutcome.NOT_DUE:
        return _fixed(otherwise, "年度の途中のため")
    return _fixed(JudgementOutcome.NOT_JUDGED, attainment.reason_words)


def _fixed(outcome: JudgementOutcome, basis: str) -> Verdict:
    sign, tone = _FIXED[outcome]
    return Verdict(outcome, sign, outcome.label, tone, basis)
