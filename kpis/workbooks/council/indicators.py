"""KPI一覧: the paper's own tables, one per strategy, each indicator three rows high.

In a year that has come the target stands above the actual, and the reported period's rate below
it in brackets. What another plan will set spans its years, and neighbours that say the same.
Source: the tables of 成果指標 ①KPI in the city's paper of 令和7年12月2日.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from openpyxl import Workbook

from actions.fiscal import Period, Term, fiscal_year_label, short_label
from kpis.lives import (
    ENDED,
    former_words,
    has_ended,
    is_outside,
    revisions,
    span_with_successor,
    with_reason,
)
from kpis.numerals import DASH
from kpis.papers import CouncilPapers
from kpis.progress import IndicatorProgress, PlanProgress, Result, StrategyProgress, YearProgress
from kpis.remarks import carried_words
from kpis.vocabulary import TargetStatus
from kpis.workbooks.council.items import (
    CARRIED,
    REVISED,
    Item,
    actual,
    height,
    lines,
    rate,
    target,
)
from kpis.workbooks.council.sheet import Sheet
from kpis.workbooks.council.styles import (
    ABOVE_RATE,
    HEAD,
    HEADING,
    LARGE_NAME,
    LARGE_NUMBER,
    MIDDLE,
    NOTE,
    RATE_BELOW,
    RIGHT,
    SUBHEADING,
)
from kpis.workbooks.looks import HIGHEST_ROW

TITLE = "KPI一覧"
_NAME_WIDTH = 44
_ALL_YEARS = 78  # units that the years share
_ROW = 18.5
_MOST_TOGETHER = 4  # so that a cell of several indicators stays on one page
_TIP = "①KPI（成果指標）"
_HIGHEST_NAME = 200.0  # points
_DEFINED_ELSEWHERE = "※定義は「算定ルール・注記」に記載"


def add(book: Workbook, papers: CouncilPapers) -> None:
    """Add the sheet: each strategy begins on a new page."""
    progress = papers.progress
    years = list(progress.plan.years)
    widths = [_NAME_WIDTH, *[_ALL_YEARS / len(years)] * len(years)]
    sheet = Sheet(book, TITLE, widths, papers)
    sheet.line(_TIP, HEADING)
    for place, strategy in enumerate(progress.strategies):
        if place:
            sheet.break_page()
        _table(sheet, progress, strategy)
    sheet.finish()


def heading(strategy: StrategyProgress) -> str:
    """Return the table's heading as the paper has it: ○(1) イノベーション（Change・Chance・Challenge）."""
    tag = f"（{'・'.join(strategy.tag.split())}）" if strategy.tag else ""
    return f"○({strategy.number}) {strategy.name}{tag}"


def _table(sheet: Sheet, progress: PlanProgress, strategy: StrategyProgress) -> None:
    sheet.line(heading(strategy), SUBHEADING)
    _headings(sheet, progress)
    for group in _groups(strategy.indicators):
        blocks = [_Block(one, sheet, progress.period.fiscal_year) for one in group]
        if not sheet.fits(sum(sum(one.heights) for one in blocks)):
            sheet.break_page()
            sheet.line(f"{heading(strategy)}（続き）", SUBHEADING)
            _headings(sheet, progress)
        rows = [sheet.rows(one.heights) for one in blocks]
        for row, block in zip(rows, blocks, strict=True):
            _put_indicator(sheet, row, block, progress)
        _put_linked(sheet, rows[0], group)
    if not strategy.indicators:
        sheet.line("この基本戦略の指標はありません。")
    sheet.line(_half_year_line(progress.period), RIGHT)
    told = (
        *_reasons(strategy, progress.period),
        *_carried(strategy),
        *_changes(strategy, progress),
    )
    for text in told:
        sheet.line(text, NOTE)


def _headings(sheet: Sheet, progress: PlanProgress) -> None:
    """Write the years, and below each what its cells are: 目標 above 実績 in years that have come."""
    first = sheet.rows([20, _ROW, _ROW])
    sheet.put(first, 1, Item("指標名", HEAD), rows=3)
    for column, year in enumerate(progress.plan.years, start=2):
        sheet.put(first, column, Item(f"{short_label(year)}年度", HEAD))
        words = _cell_words(progress, year)
        if len(words) == 1:
            sheet.put(first + 1, column, Item(words[0], HEAD), rows=2)
        else:
            for row, one in enumerate(words, start=first + 1):
                sheet.put(row, column, Item(one, HEAD))


def _cell_words(progress: PlanProgress, year: int) -> list[str]:
    if year < progress.plan.start_year:
        return ["実績"]
    return ["目標"] if year > progress.period.fiscal_year else ["目標", "実績"]


@dataclass(frozen=True, slots=True)
class _Block:
    """An indicator's three rows: target, actual, rate."""

    indicator: IndicatorProgress
    sheet: Sheet
    year: int  # the reported one

    @property
    def name(self) -> str:
        """Return what stands in the first column."""
        return name_of(self.indicator, self.year)

    @property
    def heights(self) -> list[float]:
        """Return the rows' heights, together enough for the name and what a linked year says."""
        needed = _name_height(self.name)
        for column, years in _linked_runs(self.indicator):
            width = self.sheet.width(column, len(years))
            needed = max(needed, height(lines(_waits_for(years[0]), width, MIDDLE), MIDDLE))
        each = min(max(_ROW, needed / 3), HIGHEST_ROW)
        return [min(max(each, self._target), HIGHEST_ROW), each, each]

    @property
    def _target(self) -> float:
        """Return what a year that has come needs for a target in words."""
        words = [
            height(lines(year.target.display, self.sheet.width(column), LARGE_NUMBER), LARGE_NUMBER)
            for column, year in enumerate(self.indicator.years, start=2)
            if target(year.target).text and not _waits_for(year)
        ]
        return max(words, default=_ROW)


def name_of(indicator: IndicatorProgress, year: int) -> str:
    """Return name, unit and footnote as the paper prints them in one cell.

    What ended before the year is marked, and a former name stands below. A footnote that would
    swell the table stands on the sheet of the rules alone.
    """
    name = f"{indicator.name}（{indicator.unit}）"
    if has_ended(indicator, year):
        name += ENDED
    if indicator.former_name:
        name += f"\n（旧称: {indicator.former_name}）"
    if not indicator.definition:
        return name
    whole = f"{name}\n{indicator.definition}"
    return whole if _name_height(whole) <= _HIGHEST_NAME else f"{name}\n{_DEFINED_ELSEWHERE}"


def _name_height(text: str) -> float:
    return height(lines(text, _NAME_WIDTH, LARGE_NAME), LARGE_NAME)


def _groups(indicators: Sequence[IndicatorProgress]) -> list[list[IndicatorProgress]]:
    """Return neighbours that wait for the same plan in the same years together, others alone."""
    groups: list[list[IndicatorProgress]] = []
    for one in indicators:
        words = _linked_words(one)
        together = groups and words and words == _linked_words(groups[-1][0])
        if together and len(groups[-1]) < _MOST_TOGETHER:
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups


def _linked_words(indicator: IndicatorProgress) -> tuple[tuple[int, str], ...]:
    return tuple(
        (one.fiscal_year, target(one.target).text)
        for one in indicator.years
        if one.target.status is TargetStatus.LINKED
    )


def _linked_runs(indicator: IndicatorProgress) -> list[tuple[int, list[YearProgress]]]:
    """Return each run of years beside each other that wait for the same plan, with its column."""
    found: list[tuple[int, list[YearProgress]]] = []
    keyed = groupby(enumerate(indicator.years, start=2), key=lambda one: _waits_for(one[1]))
    for words, run in keyed:
        members = list(run)
        if words:
            found.append((members[0][0], [year for _, year in members]))
    return found


def _waits_for(year: YearProgress) -> str:
    """Return what the year's cell says of another plan; blank where it has a target of its own."""
    linked = year.target.status is TargetStatus.LINKED and not year.results
    return target(year.target, MIDDLE).text if linked else ""


def _put_linked(sheet: Sheet, row: int, group: Sequence[IndicatorProgress]) -> None:
    for column, years in _linked_runs(group[0]):
        item = Item(_waits_for(years[0]), MIDDLE, span=len(years))
        sheet.put(row, column, item, rows=3 * len(group))


def _put_indicator(sheet: Sheet, row: int, block: _Block, progress: PlanProgress) -> None:
    sheet.put(row, 1, Item(block.name, LARGE_NAME), rows=3)
    for column, year in enumerate(block.indicator.years, start=2):
        if _waits_for(year):
            continue
        if is_outside(block.indicator, year):
            sheet.put(row, column, Item(DASH, LARGE_NUMBER), rows=3)
        elif year.fiscal_year < progress.plan.start_year:
            _put_lone(sheet, row, column, year.at(Term.FY))
        elif year.fiscal_year > progress.period.fiscal_year:
            sheet.put(row, column, target(year.target, LARGE_NUMBER), rows=3)
        else:
            _put_year(sheet, row, column, year, progress.period)


def _put_lone(sheet: Sheet, row: int, column: int, result: Result | None) -> None:
    """Put the actual of a year before the plan, which never had a target."""
    item = Item("", LARGE_NUMBER) if result is None else actual(result.actual, LARGE_NUMBER)
    sheet.put(row, column, item, rows=3)


def _put_year(sheet: Sheet, row: int, column: int, year: YearProgress, period: Period) -> None:
    """Put the target, below it the actual, and below that the rate of the reported period."""
    sheet.put(row, column, target(year.target, LARGE_NUMBER))
    result = year.at(period.term) if year.fiscal_year == period.fiscal_year else year.latest
    if result is None:
        sheet.put(row + 1, column, Item("", LARGE_NUMBER), rows=2)
        return
    shown = actual(result.actual, LARGE_NUMBER)
    if result.period != period or result.actual.value is None or not result.attainment.display:
        sheet.put(row + 1, column, shown, rows=2)
        return
    sheet.put(row + 1, column, replace(shown, style=ABOVE_RATE))
    sheet.put(row + 2, column, rate(result.attainment.display, RATE_BELOW, bracketed=True))


def _half_year_line(period: Period) -> str:
    """Return the paper's line below its tables; blank for a whole year."""
    if period.term is Term.FY:
        return ""
    return f"{fiscal_year_label(period.fiscal_year)}は{period.term.label}（{period.span}）の実績"


def _reasons(strategy: StrategyProgress, period: Period) -> list[str]:
    """Return a footnote for each reason that stands as 「—」 in the reported period."""
    found: dict[str, list[str]] = {}
    for one in strategy.indicators:
        result = one.at(period)
        if result is None:
            continue
        if result.actual.reason is not None:
            found.setdefault(f"{DASH}: {result.actual.reason_words}", []).append(one.code)
        elif result.actual.value is not None and result.attainment.display == DASH:
            found.setdefault(f"({DASH}): {result.attainment.reason_words}", []).append(one.code)
    return [f"{words}（指標 {'、'.join(codes)}）" for words, codes in found.items()]


def _carried(strategy: StrategyProgress) -> list[str]:
    """Return a footnote for each survey whose values stand in place of other periods' own."""
    found: dict[int, list[str]] = {}
    for one in strategy.indicators:
        for result in one.results:
            if result.actual.carried_from is not None:
                where = f"{one.code} {short_label(result.period.fiscal_year)}"
                half = result.period.term.label if result.period.term is Term.H1 else ""
                found.setdefault(result.actual.carried_from, []).append(f"{where}{half}")
    return [
        f"{CARRIED}: {carried_words(survey)}（指標 {'、'.join(places)}）"
        for survey, places in sorted(found.items())
    ]


def _changes(strategy: StrategyProgress, progress: PlanProgress) -> Iterator[str]:
    """Yield a footnote for each revised target, and for each indicator that came, went or changed."""
    for one in strategy.indicators:
        name = f"{one.code} {one.name}"
        for revised in revisions(one):
            yield f"{REVISED}改定　{name}　{revised.words}"
        # What came before it stands in the note of that indicator.
        told = (span_with_successor(progress, one), former_words(one))
        if any(told):
            words = "、".join(filter(None, told))
            yield f"{REVISED}見直し　{name}　{with_reason(words, one)}"
