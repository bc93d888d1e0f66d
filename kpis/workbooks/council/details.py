"""指標別: a block for each KPI with its years as a table and as a chart, and what is said of it.

Two blocks go on a page where both fit; where they do not, a block has a page of its own, and there
its table and its chart are larger.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from openpyxl import Workbook

from actions.fiscal import Term, short_label
from kpis.lives import ENDED, has_ended, is_outside
from kpis.numerals import DASH
from kpis.papers import CouncilPapers
from kpis.progress import IndicatorProgress, PlanProgress, Result, StrategyProgress, YearProgress
from kpis.remarks import NO_CHART
from kpis.vocabulary import Kind, TargetStatus
from kpis.workbooks.council.items import Item, actual, parts, rate, target
from kpis.workbooks.council.remarks import before, calculation, charge, override, remarks
from kpis.workbooks.council.sheet import Sheet
from kpis.workbooks.council.styles import (
    BLOCK,
    CENTRED_NUMBER,
    FITTED,
    FITTED_VERDICTS,
    HEAD,
    LABEL,
    MIDDLE,
    RIGHT,
    SMALL,
    SMALL_LABEL,
    SUBHEADING,
    TEXT,
)
from kpis.workbooks.council.trend import Rows, trend

TITLE = "指標別"
_LABEL, _YEARS, _CHART = 13, 60, 49
_ROW, _LARGE_ROW, _GAP, _BLANK = 14.5, 32.0, 4.0, 15.0
_MOST_LINES = 10  # in one row, so that a long text flows over pages
_HEADINGS = ("年度", "目標", "年度実績", "上半期実績", "達成率", "参考判定")
_LINKED = "連動"
_ALWAYS = ("要因", "今後の対応")


def add(book: Workbook, papers: CouncilPapers) -> None:
    """Add the sheet; its first row is printed on top of every page."""
    progress = papers.progress
    years = list(progress.plan.years)
    widths = [_LABEL, *[_YEARS / len(years)] * len(years), _CHART]
    sheet = Sheet(book, TITLE, widths, papers)
    _top(sheet, progress)
    blocks = [
        _Block(sheet, progress, strategy, one)
        for strategy in progress.strategies
        for one in strategy.indicators
    ]
    _put_pages(sheet, blocks)
    if not blocks:
        sheet.line("この計画に指標はありません。")
    sheet.finish()


def _top(sheet: Sheet, progress: PlanProgress) -> None:
    period = progress.period
    half = period.term is Term.H1
    about = f"{short_label(period.fiscal_year)}の達成率と参考判定は{period.term.label}（{period.span}）の実績による"
    span = len(sheet.widths) // 2
    items = [
        Item("指標別の状況", SUBHEADING, span=span),
        Item(about if half else "", RIGHT, span=len(sheet.widths) - span),
    ]
    row = sheet.write(items)
    sheet.repeat(row, row)


@dataclass(frozen=True, slots=True)
class _Block:
    """What stands in one KPI's block."""

    sheet: Sheet
    progress: PlanProgress
    strategy: StrategyProgress
    indicator: IndicatorProgress

    @property
    def heading(self) -> list[Item]:
        """Return the block's heading: code, name and unit, and at the right the strategy."""
        one, strategy = self.indicator, self.strategy
        ended = ENDED if has_ended(one, self.progress.period.fiscal_year) else ""
        name = f"{one.code}　{one.name}（{one.unit}）{ended}"
        last = len(self.sheet.widths)
        where = f"基本戦略{strategy.number}　{strategy.name}"
        return [Item(name, BLOCK, span=last - 1), Item(where, BLOCK)]

    @property
    def years(self) -> list[YearProgress | None]:
        """Return the plan's years; None for one that the indicator does not know."""
        return [self.indicator.year(one) for one in self.progress.plan.years]

    @property
    def result(self) -> Result | None:
        """Return the reported period's result."""
        return self.indicator.at(self.progress.period)

    @property
    def calculation(self) -> list[Item]:
        """Return the formula in words, and below it what was worked out."""
        words = calculation(self.indicator, self.progress.period)
        return [Item("算式", SMALL_LABEL), Item(words, SMALL, span=len(self.years))]

    @property
    def texts(self) -> list[list[Item]]:
        """Return the rows of words below table and chart; 要因 and 今後の対応 always stand."""
        across = len(self.sheet.widths) - 1
        entered = None if self.result is None else self.result.actual
        rows = [
            ("要因", "" if entered is None else entered.cause, TEXT),
            ("今後の対応", "" if entered is None else entered.next_step, TEXT),
            ("担当・期限", "" if entered is None else charge(entered), TEXT),
            ("前回の対応", before(self.indicator, self.progress.period), TEXT),
            ("判定の変更", override(self.result), SMALL),
            ("備考・定義", remarks(self.indicator, self.progress), SMALL),
        ]
        width = self.sheet.width(2, across)
        return [
            [Item("" if turn else label, SMALL_LABEL), Item(piece, style, span=across)]
            for label, text, style in rows
            if text or label in _ALWAYS
            for turn, piece in enumerate(parts(text, width, style, _MOST_LINES))
        ]

    def points(self, row: float) -> float:
        """Return the block's height where the table's rows have this one."""
        measure = self.sheet.measure
        words = sum(measure(one, _BLANK) for one in [self.calculation, *self.texts])
        return measure(self.heading) + len(_HEADINGS) * row + words + _GAP


def _put_pages(sheet: Sheet, blocks: Sequence[_Block]) -> None:
    """Write two blocks to a page where both fit, else one larger one."""
    left = list(blocks)
    while left:
        sheet.break_page()
        pair = left[:2]
        if len(pair) == 1 or sum(one.points(_ROW) for one in pair) > sheet.whole_page:
            _put(sheet, left.pop(0), _LARGE_ROW)
            continue
        for one in pair:
            _put(sheet, one, _ROW)
        left = left[2:]


def _put(sheet: Sheet, block: _Block, row: float) -> None:
    sheet.write(block.heading)
    first = sheet.rows([row] * len(_HEADINGS))
    _put_table(sheet, first, block)
    last = sheet.write(block.calculation, _BLANK)
    high = len(_HEADINGS) * row + sheet.measure(block.calculation, _BLANK)
    place = len(sheet.widths)
    if block.indicator.rule.kind is Kind.MILESTONE:
        sheet.put(first, place, Item(NO_CHART, MIDDLE), rows=last - first + 1)
    else:
        chart = trend(block.indicator, block.years, Rows(TITLE, first, len(block.years)), high)
        sheet.put_chart(chart, (first, place), (last, place))
    for texts in block.texts:
        sheet.write(texts, _BLANK)
    sheet.gap(_GAP)


def _put_table(sheet: Sheet, first: int, block: _Block) -> None:
    for row, words in enumerate(_HEADINGS, start=first):
        sheet.put(row, 1, Item(words, HEAD if row == first else LABEL))
    last = _last_set(block.years)
    plan = block.progress.plan
    for place, year in enumerate(plan.years):
        sheet.put(first, place + 2, Item(f"{short_label(year)}年度", HEAD))
        shown = block.years[place]
        if shown is not None and is_outside(block.indicator, shown):
            items = _outside_items(after_targets=place > last)
        else:
            items = _year_items(shown, rated=year >= plan.start_year, after_targets=place > last)
        for row, item in enumerate(items, start=first + 1):
            sheet.put(row, place + 2, item)


def _outside_items(*, after_targets: bool) -> list[Item]:
    """Return 「—」 for a year outside the indicator's life, which the remarks tell.

    A target before the first one stays blank: the chart would draw its line from a word's zero.
    """
    nothing = Item(DASH, CENTRED_NUMBER)
    return [nothing if after_targets else Item("", CENTRED_NUMBER), *[nothing] * 4]


def _last_set(years: Sequence[YearProgress | None]) -> int:
    """Return the place of the last year with a target in figures, -1 for none."""
    places = [n for n, one in enumerate(years) if one is not None and one.target.value is not None]
    return max(places, default=-1)


def _year_items(year: YearProgress | None, *, rated: bool, after_targets: bool) -> list[Item]:
    """Return the year's cells below its heading; all are blank for an unknown one.

    Years before the plan are not rated: they never had a target.
    """
    blank = Item("", CENTRED_NUMBER)
    if year is None:
        return [blank] * 5
    shown = year.latest if rated else None
    return [
        _target_item(year, after_targets=after_targets),
        _actual_item(year.at(Term.FY)),
        _actual_item(year.at(Term.H1)),
        blank if shown is None else rate(shown.attainment.display, CENTRED_NUMBER),
        blank if shown is None else _verdict(shown),
    ]


def _target_item(year: YearProgress, *, after_targets: bool) -> Item:
    """Return the target; words only behind the last figure, since a chart takes words for zero."""
    linked = year.target.status is TargetStatus.LINKED
    if linked and after_targets:
        return Item(_LINKED, MIDDLE)
    if linked:
        return Item("", CENTRED_NUMBER)
    item = target(year.target, CENTRED_NUMBER)
    return replace(item, style=FITTED) if item.text else item


def _actual_item(result: Result | None) -> Item:
    return Item("", CENTRED_NUMBER) if result is None else actual(result.actual, CENTRED_NUMBER)


def _verdict(result: Result) -> Item:
    return Item(result.verdict.words, FITTED_VERDICTS[result.verdict.tone])
