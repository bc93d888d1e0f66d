"""Figures that need a look (要確認): not refused, but confirmed with a word of reason. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from actions.vocabulary import Word
from kpis.attainment import Attainment, Rule
from kpis.numerals import format_exact
from kpis.vocabulary import Kind

HIGHEST_USUAL_RATE = Decimal(200)  # percent of the year's target
LOWEST_USUAL_RATE = Decimal(0)  # below it the figure fell behind its base
LARGE = Decimal(10)  # from here on a fall to nothing is worth asking about
_FULL = Decimal(100)


class CautionCode(Word):
    """What may be wrong with a figure."""

    BELOW_HALF_YEAR = "below_half_year", "上半期の累計を下回っています"
    LARGE_CHANGE = "large_change", "前年度から半分を超えて増減しています"
    UNUSUAL_RATE = "unusual_rate", "達成率が通常の範囲（0～200%）から外れています"
    UNDONE = "undone", "上半期に達成としたものが未達成になっています"
    ABOVE_HUNDRED = "above_hundred", "割合が100%を超えています"
    ZERO = "zero", "前年度に実績があったのに0です"


@dataclass(frozen=True, slots=True)
class Caution:
    """One doubt about a figure, with the figures that raise it."""

    code: CautionCode
    message: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a figure is held against; None where there is none.

    ``last_year`` is the same term of the year before; a level is compared with the end of that
    year where its half-year is not known. ``half_year`` is this year's 上半期, for 年度 only.
    """

    last_year: Decimal | None = None
    half_year: Decimal | None = None


def cautions(
    rule: Rule, unit: str, value: Decimal | None, attainment: Attainment, against: Comparison
) -> tuple[Caution, ...]:
    """Return every doubt about the figure, in a fixed order; none for a figure not entered."""
    if value is None:
        return ()
    if rule.kind is Kind.MILESTONE:
        return _undone(value, against.half_year)
    found = (
        _below_half_year(rule, value, against.half_year),
        _zero(value, against.last_year) or _large_change(value, against.last_year),
        _unusual_rate(attainment),
        _above_hundred(unit, value),
    )
    return tuple(one for one in found if one is not None)


def _undone(value: Decimal, half_year: Decimal | None) -> tuple[Caution, ...]:
    """Return the only doubt about a milestone; each year may have one of its own."""
    if value >= (half_year or 0):
        return ()
    return (Caution(CautionCode.UNDONE, f"{CautionCode.UNDONE.label}。"),)


def _below_half_year(rule: Rule, value: Decimal, half_year: Decimal | None) -> Caution | None:
    if rule.kind is not Kind.CUMULATIVE or half_year is None or value >= half_year:
        return None
    return _caution(CautionCode.BELOW_HALF_YEAR, f"上半期 {format_exact(half_year)}")


def _zero(value: Decimal, last_year: Decimal | None) -> Caution | None:
    if value != 0 or last_year is None or last_year < LARGE:
        return None
    return _caution(CautionCode.ZERO, f"前年度 {format_exact(last_year)}")


def _large_change(value: Decimal, last_year: Decimal | None) -> Caution | None:
    if last_year is None or abs(value - last_year) * 2 <= abs(last_year):
        return None
    return _caution(CautionCode.LARGE_CHANGE, f"前年度 {format_exact(last_year)}")


def _unusual_rate(attainment: Attainment) -> Caution | None:
    rate = attainment.rate
    if rate is None or LOWEST_USUAL_RATE <= rate <= HIGHEST_USUAL_RATE:
        return None
    return _caution(CautionCode.UNUSUAL_RATE, f"達成率 {attainment.display}")


def _above_hundred(unit: str, value: Decimal) -> Caution | None:
    if unit not in ("%", "％") or value <= _FULL:
        return None
    return Caution(CautionCode.ABOVE_HUNDRED, f"{CautionCode.ABOVE_HUNDRED.label}。")


def _caution(code: CautionCode, figures: str) -> Caution:
    return Caution(code, f"{code.label}（{figures}）。")
