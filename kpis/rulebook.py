"""The rules in words, as the rule page and the council's papers both print them. Pure."""

from collections.abc import Iterator

from actions.fiscal import Term
from kpis.judgement import Band, sorted_bands
from kpis.numerals import plain
from kpis.progress import IndicatorProgress, PlanProgress
from kpis.vocabulary import Formula

ABOUT_RATES = (
    "達成率は、指標ごとに決めた算式と端数処理で、記録した数値から毎回計算します。"
    "達成率は100%を超えることもあり、基準より後退した場合は負（▲）になります。"
)
ABOUT_JUDGEMENT = (
    "参考判定は本システムの基準によるもので、市の公表資料にはありません。"
    "区分は端数処理をする前の率で決めます。"
)
AT_HALF_YEAR = (
    "上半期の実績は年度の目標と比べ、年度が終わったものとしては判定しません。",
    "年度中に積み上がる指標（種別が累計、または算式が前年度比増分）は、達成率を見込割合"
    "（9月30日までに見込まれる年度目標の割合）で割った率（逆比では掛けた率）で区分します。"
    "見込割合が0の指標は判定しません。",
    "種別が時点の指標は、目標に達していれば「目標に到達」、達していなければ「年度末に判定」とします。",
    "種別が割合の指標で、上半期の達成率を算定しないものは判定しません。",
)
WITHOUT_RATE = (
    "達成率がなくても目標に届いたかどうかが分かる場合は「目標に到達」「未達成」で示します。"
    "担当者が理由を付けて判定を変更した場合は、計算による判定も並べて示します。"
)
ABOUT_STATES = (
    "施策と基本戦略の状況も参考判定です。関連する指標の参考判定と、アクションのその年度の評価のうち、"
    "最も悪いもので表します。×遅れあり（悪い判定、または評価が遅れ・未着手のものがある）、"
    "△やや遅れあり（やや悪い判定、または評価がやや遅れのものがある）、"
    "○おおむね順調（おおむね良い判定のものがある）、◎順調（判定したものがすべて良い）、"
    "―判定なし（判定したものがない）の順に当てはめます。アクションの計画以上・計画どおりは良い評価です。"
    "年度末に判定する指標、評価が未記入のアクション、例示のアクションは数えません。"
    "状況は表示のたびに求め、記録しません。"
)
ABOUT_CHANGE = (
    "前回からの変化（改善・横ばい・悪化）は、指標ごとに、表示している期間の参考判定の段階を、"
    "それより前に最後に判定した期間の段階と比べたものです（年度と上半期では判定の基準が異なります）。"
    "どちらかの判定がない指標は比較できません。"
)


def users(progress: PlanProgress, formula: Formula) -> list[IndicatorProgress]:
    """Return the indicators whose rate the formula gives, in the paper's order."""
    return [one for one in progress.indicators if one.rule.formula is formula]


def example(progress: PlanProgress, formula: Formula) -> str:
    """Return a rate of the shown period worked out in figures; blank where there is none."""
    for one in users(progress, formula):
        result = one.at(progress.period)
        if result is not None and result.attainment.rate is not None:
            return f"{one.code} {result.period.label}: {result.attainment.trace.calculation}"
    return ""


def ranges(progress: PlanProgress, term: Term) -> Iterator[tuple[Band, str]]:
    """Yield the term's bands from the best down, each with its half-open range in words."""
    upper = ""
    for band in sorted_bands(term, progress.bands):
        lower = "" if band.lower is None else f"{plain(band.lower)}%以上"
        yield band, " ".join(part for part in (lower, upper) if part) or "すべて"
        upper = "" if band.lower is None else f"{plain(band.lower)}%未満"
