"""Attainment rates (達成率): five formulas, exact, each result with its trace. Pure.

Source of the rules: the tables of 成果指標 ①KPI in the city's paper of 令和7年12月2日, which
prints 704/1,200 as 58.6%, 2/3 as 67%, 137 against 150 (136 last year) as 7.1%, and 7.2 against
14 without a rate.
"""

from dataclasses import dataclass
from decimal import Decimal, Inexact

from actions.fiscal import Term
from kpis.milestones import shown_figure
from kpis.numerals import DASH, EXACT, format_exact, format_rate, round_decimal
from kpis.vocabulary import ActualReason, Direction, Formula, Kind, NoRate, Rounding, TargetStatus

_HUNDRED = Decimal(100)
_ZERO_TARGET = {
    True: NoRate.ZERO_TARGET_MET,
    False: NoRate.ZERO_TARGET_MISSED,
    None: NoRate.ZERO_TARGET,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """How one indicator's rate is worked out and printed."""

    formula: Formula = Formula.RATIO
    direction: Direction = Direction.UP
    kind: Kind = Kind.CUMULATIVE
    rated_at_half_year: bool = True
    expected_share: Decimal = Decimal("0.5")  # of the year's target, by 30 September (見込割合)
    rate_decimals: int = 1
    rounding: Rounding = Rounding.HALF_UP
    keep_zeros: bool = False

    @property
    def rounding_words(self) -> str:
        """Return the rounding in words: 小数第1位まで（切り捨て、末尾の0は省く）."""
        place = f"小数第{self.rate_decimals}位まで" if self.rate_decimals else "整数"
        zeros = "残す" if self.keep_zeros else "省く"
        tail = f"、末尾の0は{zeros}" if self.rate_decimals else ""
        return f"{place}（{self.rounding.label}{tail}）"


@dataclass(frozen=True, slots=True)
class Facts:
    """The figures that one rate is made of. ``None`` is "there is none"; zero is zero."""

    term: Term
    actual: Decimal | None = None
    actual_reason: ActualReason | None = None
    target: Decimal | None = None
    target_status: TargetStatus = TargetStatus.UNSET
    baseline: Decimal | None = None
    previous: Decimal | None = None  # last fiscal year's actual, whatever the term


@dataclass(frozen=True, slots=True)
class Trace:
    """How a rate came about, in words that a reader can follow."""

    formula: str
    inputs: tuple[tuple[str, str], ...]
    calculation: str
    rounding: str


@dataclass(frozen=True, slots=True)
class Attainment:
    """A rate in percent, unrounded, or the named reason for having none; and whether it is met.

    ``display`` is the printed rate, 「—」 where there is none, and blank while the actual has not
    been entered. ``met`` is None where the answer is not known or, at half-year, not due.
    """

    rate: Decimal | None
    reason: NoRate | None
    reason_words: str
    display: str
    met: bool | None
    trace: Trace


@dataclass(frozen=True, slots=True)
class _Outcome:
    rate: Decimal | None = None
    reason: NoRate | None = None
    calculation: str = ""


def attain(rule: Rule, facts: Facts) -> Attainment:
    """Return the attainment of one indicator in one period, with its trace. Raises nothing."""
    outcome = _outcome(rule, facts)
    shown = _display(rule, facts, outcome)
    calculation = f"{outcome.calculation} → {shown}" if outcome.calculation else ""
    trace = Trace(rule.formula.words, _inputs(rule, facts), calculation, rule.rounding_words)
    words = "" if outcome.reason is None else outcome.reason.label
    return Attainment(outcome.rate, outcome.reason, words, shown, is_met(rule, facts), trace)


def _display(rule: Rule, facts: Facts, outcome: _Outcome) -> str:
    if outcome.rate is not None:
        return format_rate(outcome.rate, rule.rate_decimals, rule.rounding, rule.keep_zeros)
    return "" if facts.actual is None and facts.actual_reason is None else DASH


def is_met(rule: Rule, facts: Facts) -> bool | None:
    """Return whether the target is met, from the direction and the numbers alone.

    None without a number on either side. At half-year a target may be met early (an amount or a
    level that has reached it) but is never missed: the year is not over.
    """
    if facts.actual is None or facts.target is None:
        return None
    met = reaches(rule.direction, facts.actual, facts.target)
    if facts.term is Term.FY:
        return met
    return True if met and _can_be_met_early(rule) else None


def reaches(direction: Direction, actual: Decimal, target: Decimal) -> bool:
    """Return whether the actual is on the good side of the target, the target itself included."""
    return actual >= target if direction.rising else actual <= target


def _can_be_met_early(rule: Rule) -> bool:
    if rule.kind in (Kind.LEVEL, Kind.MILESTONE):
        return True
    if rule.kind is Kind.CUMULATIVE:
        return rule.direction.rising  # an amount that must stay low is known in March only
    return rule.rated_at_half_year and rule.formula is not Formula.NONE


def _outcome(rule: Rule, facts: Facts) -> _Outcome:
    reason = _missing(rule, facts)
    if reason is not None or facts.actual is None or facts.target is None:
        return _Outcome(reason=reason)
    actual, target = facts.actual, facts.target
    if rule.formula in (Formula.RATIO, Formula.INVERSE_RATIO):
        return _plain_ratio(rule, actual, target, is_met(rule, facts))
    base = facts.baseline if rule.formula is Formula.FROM_BASELINE else facts.previous
    return _progress(rule, actual, target, base)


def _missing(rule: Rule, facts: Facts) -> NoRate | None:
    checks = (
        (facts.target_status is TargetStatus.LINKED, NoRate.TARGET_LINKED),
        (facts.target is None, NoRate.NO_TARGET),
        (facts.actual is None and facts.actual_reason is not None, NoRate.ACTUAL_IS_REASON),
        (facts.actual is None, NoRate.NO_ACTUAL),
        (rule.formula is Formula.NONE, NoRate.NOT_RATED),
        (facts.term is Term.H1 and not rule.rated_at_half_year, NoRate.NOT_AT_HALF_YEAR),
    )
    return next((reason for holds, reason in checks if holds), None)


def _plain_ratio(rule: Rule, actual: Decimal, target: Decimal, met: bool | None) -> _Outcome:
    if actual < 0 or target < 0:
        return _Outcome(reason=NoRate.NEGATIVE_VALUES)
    if target == 0:
        return _Outcome(reason=_ZERO_TARGET[met])
    if rule.formula is Formula.RATIO:
        return _divide(actual, target, f"{format_exact(actual)} ÷ {format_exact(target)}")
    if actual == 0:
        return _Outcome(reason=NoRate.ZERO_ACTUAL)
    return _divide(target, actual, f"{format_exact(target)} ÷ {format_exact(actual)}")


def _progress(rule: Rule, actual: Decimal, target: Decimal, base: Decimal | None) -> _Outcome:
    if base is None:
        return _Outcome(reason=NoRate.NO_BASE)
    if base == target:
        return _Outcome(reason=NoRate.BASE_EQUALS_TARGET)
    if reaches(rule.direction, base, target):
        # From 405 to a target of 401 the formula would call 406 "-25%", though it is met.
        return _Outcome(reason=NoRate.BASE_BEYOND_TARGET)
    words = f"（{format_exact(actual)} − {format_exact(base)}）÷（{format_exact(target)} − {format_exact(base)}）"
    return _divide(EXACT.subtract(actual, base), EXACT.subtract(target, base), words)


def _divide(above: Decimal, below: Decimal, words: str) -> _Outcome:
    context = EXACT.copy()
    context.clear_flags()
    rate = context.divide(context.multiply(above, _HUNDRED), below)
    if context.flags[Inexact]:
        shown = f"{format_exact(round_decimal(rate, 6, Rounding.TRUNCATE))}…"
    else:
        shown = format_exact(rate)
    return _Outcome(rate=rate, calculation=f"{words} × 100 = {shown}")


def _inputs(rule: Rule, facts: Facts) -> tuple[tuple[str, str], ...]:
    rows = [("実績", facts.actual), ("目標", facts.target)]
    if rule.formula is Formula.FROM_BASELINE:
        rows.append(("基準値", facts.baseline))
    if rule.formula is Formula.FROM_PREVIOUS:
        rows.append(("前年度実績", facts.previous))
    return tuple(
        (name, DASH if value is None else shown_figure(rule.kind, value)) for name, value in rows
    )
