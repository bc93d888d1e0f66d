"""算定ルール・注記: how rates and judgements come about, what 「—」 means, and what was corrected."""

from collections.abc import Iterator

from openpyxl import Workbook

from actions.fiscal import Term
from kpis import rulebook
from kpis.numerals import DASH
from kpis.papers import CouncilPapers
from kpis.progress import IndicatorProgress, PlanProgress
from kpis.vocabulary import Formula
from kpis.workbooks.council import notes
from kpis.workbooks.council.items import Item, figure
from kpis.workbooks.council.sheet import Sheet
from kpis.workbooks.council.styles import HEADING, MIDDLE, NAME, VERDICTS
from kpis.workbooks.council.tables import Table

TITLE = "算定ルール・注記"
# The columns of the table of rules; the other tables lie across several of them.
_WIDTHS = (7, 20, 23, 7, 7, 13, 11, 9, 7, 10, 8)
_FORMULAS = Table("1　達成率の算式", ("算式", "この計画で使う指標", "数値による例"), (3, 3, 5))
_RULES = Table(
    "2　指標ごとの算定ルール",
    (
        *("コード", "指標名", "種別", "方向", "算式", "上半期の達成率"),
        *("見込割合", "小数桁", "端数処理", "末尾の0"),
    ),
    (1, 2, *(1,) * 8),
)
_BANDS = Table("3　参考判定の基準", ("記号", "判定", "範囲（端数処理前の率）"), (1, 1, 9))
_TERMS = {
    Term.FY: "年度（年度の実績の達成率に当てはめる）",
    Term.H1: "上半期（年度中に積み上がる指標は、達成率を見込割合で割った率に当てはめる）",
}


def add(book: Workbook, papers: CouncilPapers) -> None:
    """Add the sheet."""
    sheet = Sheet(book, TITLE, _WIDTHS, papers)
    progress = papers.progress
    sheet.line(TITLE, HEADING)
    _FORMULAS.write(sheet, _formulas(progress), before=[rulebook.ABOUT_RATES])
    _RULES.write(sheet, map(_rule, progress.indicators), nothing="指標はありません。")
    _BANDS.write(
        sheet,
        _bands(progress),
        before=[rulebook.ABOUT_JUDGEMENT, *_listed(*rulebook.AT_HALF_YEAR, rulebook.WITHOUT_RATE)],
        nothing="判定基準は設定されていません。",
    )
    notes.add(sheet, papers)
    sheet.finish()


def _listed(*texts: str) -> list[str]:
    return [f"・{one}" for one in texts]


def _formulas(progress: PlanProgress) -> Iterator[list[Item]]:
    """Yield the formulas that some indicator uses."""
    for formula in Formula:
        codes = "、".join(one.code for one in rulebook.users(progress, formula))
        if codes:
            example = rulebook.example(progress, formula)
            yield [
                Item(f"{formula.label}: {formula.words}", NAME, span=3),
                Item(codes, NAME, span=3),
                Item(example or DASH, NAME, span=5),
            ]


def _rule(indicator: IndicatorProgress) -> list[Item]:
    rule = indicator.rule
    words = (
        rule.kind.label,
        rule.direction.label,
        rule.formula.label,
        "算定する" if rule.rated_at_half_year else "算定しない",
    )
    share = figure(rule.expected_share, MIDDLE) if rule.rated_at_half_year else Item(DASH, MIDDLE)
    return [
        Item(indicator.code, MIDDLE),
        Item(indicator.name, NAME, span=2),
        *(Item(one, MIDDLE) for one in words),
        share,
        Item(rule.rate_decimals, MIDDLE),
        Item(rule.rounding.label, MIDDLE),
        Item("残す" if rule.keep_zeros else "省く", MIDDLE),
    ]


def _bands(progress: PlanProgress) -> Iterator[list[Item]]:
    """Yield the bands of a whole year and of its half; nothing where the plan has none."""
    for term, words in _TERMS.items():
        bands = list(rulebook.ranges(progress, term))
        if bands:
            yield _BANDS.band(words)
        for band, bounds in bands:
            look = VERDICTS[band.tone]
            yield [Item(band.sign, look), Item(band.label, look), Item(bounds, NAME, span=9)]
