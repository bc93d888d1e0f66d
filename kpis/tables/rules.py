"""Tables of the rule page, made from the code's own vocabulary and the plan's own figures."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.safestring import SafeString

from actions.fiscal import Term
from kpis.links import Links
from kpis.numerals import DASH, plain
from kpis.progress import IndicatorProgress, PlanProgress, Result
from kpis.rulebook import example, ranges, users
from kpis.tables.base import Table, badge, indicator_link, text_column, word_column
from kpis.vocabulary import ActualReason, Formula, NoRate


@dataclass(frozen=True, slots=True)
class _FormulaRow:
    name: str
    words: str
    used_by: str
    example: str


class FormulaTable(Table):
    """The formulas."""

    heading = "name"
    name = word_column("算式")
    words = text_column("達成率の計算")
    used_by = text_column("この計画で使う指標")
    example = text_column("この計画の数値による例")


def formulas_table(progress: PlanProgress) -> FormulaTable:
    """Return the five formulas, each with who uses it and an example from the shown figures."""
    rows = [
        _FormulaRow(
            formula.label,
            formula.words,
            "、".join(one.code for one in users(progress, formula)) or "なし",
            example(progress, formula) or DASH,
        )
        for formula in Formula
    ]
    return FormulaTable("formulas", rows, "達成率の算式")


@dataclass(frozen=True, slots=True)
class _RoundingRow:
    name: SafeString
    kind: str
    direction: str
    formula: str
    rounding: str
    half_year: str
    example: str


class RoundingTable(Table):
    """Each indicator's rule."""

    heading = "name"
    look = "rules"
    name = text_column("指標")
    kind = word_column("種別")
    direction = word_column("方向")
    formula = word_column("算式")
    rounding = text_column("達成率の表示")
    half_year = word_column("上半期")
    example = text_column("計算例")


def rounding_table(progress: PlanProgress, links: Links) -> RoundingTable:
    """Return every indicator's rule with the newest rate that was worked out by it."""
    rows = [_rounding_row(one, links) for one in progress.indicators]
    return RoundingTable("rounding", rows, "指標ごとの算定ルール")


def _rounding_row(indicator: IndicatorProgress, links: Links) -> _RoundingRow:
    rule = indicator.rule
    half_year = "算定しない"
    if rule.rated_at_half_year:
        half_year = f"算定する\n見込割合 {plain(rule.expected_share)}"
    newest = list(_rated(indicator))[-1:]
    return _RoundingRow(
        name=indicator_link(indicator, links),
        kind=rule.kind.label,
        direction=rule.direction.label,
        formula=rule.formula.label,
        rounding=rule.rounding_words,
        half_year=half_year,
        example="".join(f"{one.period.label}: {one.attainment.trace.calculation}" for one in newest)
        or DASH,
    )


def _rated(indicator: IndicatorProgress) -> Iterator[Result]:
    return (one for one in indicator.results if one.attainment.rate is not None)


@dataclass(frozen=True, slots=True)
class _BandRow:
    judgement: SafeString
    bounds: str


class BandTable(Table):
    """The judgement bands of one term."""

    heading = "judgement"
    judgement = text_column("参考判定")
    bounds = text_column("範囲（端数処理前の率）")


def bands_table(progress: PlanProgress, term: Term) -> BandTable:
    """Return the bands of the term from the best down, each with its half-open range."""
    rows = [_BandRow(badge(band), words) for band, words in ranges(progress, term)]
    return BandTable(f"bands-{term.value}", rows, f"{term.label}の判定基準")


@dataclass(frozen=True, slots=True)
class _ReasonRow:
    code: str
    label: str


class ReasonTable(Table):
    """A closed list of reasons."""

    heading = "label"
    label = word_column("理由")
    code = text_column("データ中の記号")


def reasons_table() -> ReasonTable:
    """Return the reasons for 「—」 in place of an actual."""
    rows = [_ReasonRow(one.value, one.label) for one in ActualReason]
    return ReasonTable("reasons", rows, "実績が「—」のときの理由")


class NoRateTable(Table):
    """Why a rate may have no value."""

    heading = "label"
    label = text_column("達成率が「—」になる場合")


def no_rate_table() -> NoRateTable:
    """Return the named reasons for having no rate."""
    rows = [_ReasonRow(one.value, one.label) for one in NoRate if one is not NoRate.NO_ACTUAL]
    return NoRateTable("no-rate", rows, "達成率を示さない場合")
