"""アクション: what the city, its businesses and their supporters do, by strategy, measure and actor.

Each action is a card: its years' stages beside its name, then what it is and who answers for it,
then PLAN, DO, CHECK and ACTION of the reported period's fiscal year as far as they are written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, zip_longest

from openpyxl import Workbook

from actions.fiscal import fiscal_year_label, short_label
from actions.vocabulary import Actor
from kpis.actionwords import ABOUT_EXAMPLES, PRIORITY, shown_name
from kpis.papers import CouncilPapers
from kpis.progress import ActionProgress, ActionYear, MeasureFacts, PlanProgress
from kpis.workbooks.council import indicators
from kpis.workbooks.council.items import Item
from kpis.workbooks.council.sheet import PAGE_WIDTH, Row, Sheet
from kpis.workbooks.council.styles import (
    ALERT,
    ASIDE,
    BAND,
    BODY,
    CARD,
    CARD_CODE,
    CARD_END,
    CARD_TEXT,
    HEADING,
    LABEL,
    MIDDLE,
    NOTICE,
    STAGES,
    SUBHEADING,
    Style,
)

TITLE = "アクション"
_LABEL_WIDTH = 15
_ALL_YEARS = 45  # units that the years share
_BLANK = 0.35  # of a page at most: rather than leave more, a card goes on overleaf
_FIRST_ROWS = 2  # of such a card, which stay together


def applies(papers: CouncilPapers) -> bool:
    """Return whether there is any action to show."""
    return bool(papers.progress.actions)


def add(book: Workbook, papers: CouncilPapers) -> None:
    """Add the sheet: each strategy begins on a new page, measures without actions are left out."""
    progress = papers.progress
    years = range(progress.plan.start_year, progress.plan.end_year + 1)
    each = _ALL_YEARS / len(years)
    name = PAGE_WIDTH - _LABEL_WIDTH - _ALL_YEARS
    sheet = Sheet(book, TITLE, [_LABEL_WIDTH, name, *[each] * len(years)], papers)
    _top(sheet, progress)
    head = sheet.head(["番号", "アクション", *(f"{short_label(one)}年度" for one in years)])
    sheet.repeat(head, head)
    cards = _Cards(sheet, progress, years, {one.code: one.name for one in progress.indicators})
    for place, (heading, measures) in enumerate(_strategies(progress)):
        if place:
            sheet.break_page()
        headings = cards.across(heading, SUBHEADING)
        for measure, actions in measures:
            cards.write_measure(headings, measure, actions)
            headings = []
    sheet.finish()


def _top(sheet: Sheet, progress: PlanProgress) -> None:
    """Say how many actions there are, which are late, and that examples are only examples."""
    actions = progress.actions
    year = fiscal_year_label(progress.period.fiscal_year)
    priority = sum(one.is_priority for one in actions)
    sheet.line(
        f"{TITLE} {len(actions):,}件（うち{PRIORITY} {priority:,}件）　{year}の取組み", HEADING
    )
    if any(one.is_example for one in actions):
        sheet.line(ABOUT_EXAMPLES, NOTICE)
    late = [f"{one.code}（{words}）" for one in actions if (words := _late(one, progress))]
    if late:
        sheet.line(f"計画より遅れているもの {len(late):,}件: {'、'.join(late)}", BODY)
    sheet.gap(4)


def _late(action: ActionProgress, progress: PlanProgress) -> str:
    """Return how late the action is in the period's year; blank where it is not."""
    year = action.year(progress.period.fiscal_year)
    if year is None or year.evaluation is None or not year.evaluation.is_late:
        return ""
    return year.evaluation.label


Measure = tuple[str, list[ActionProgress]]


def _strategies(progress: PlanProgress) -> Iterator[tuple[str, list[Measure]]]:
    """Yield each strategy's heading with its measures that have actions.

    Actions of a measure that no strategy knows come last.
    """
    found: dict[str, list[ActionProgress]] = {}
    for one in progress.actions:
        found.setdefault(one.measure_code, []).append(one)
    for strategy in progress.strategies:
        measures = [
            (_measure_words(one), found.pop(one.code))
            for one in strategy.measures
            if one.code in found
        ]
        if measures:
            yield indicators.heading(strategy), measures
    if found:
        yield "その他のアクション", [(f"施策{code}", actions) for code, actions in found.items()]


def _measure_words(measure: MeasureFacts) -> str:
    """Return a measure with the plan's page: 施策1-1 デジタル化（計画P48）."""
    page = "" if measure.page is None else f"（計画P{measure.page}）"
    return f"施策{measure.code} {measure.name}{page}"


@dataclass(frozen=True, slots=True)
class _Cards:
    """Writes the actions' cards; ``names`` tells the indicators' names by code."""

    sheet: Sheet
    progress: PlanProgress
    years: range
    names: dict[str, str]

    def across(self, text: str, style: Style) -> list[Row]:
        """Return the rows of a text across all columns."""
        return self.sheet.laid([Item(text, style, span=len(self.sheet.widths))], 20)

    def write_measure(
        self, headings: list[Row], measure: str, actions: Sequence[ActionProgress]
    ) -> None:
        """Write a measure's actions by actor, below the headings that come before them."""
        opening = headings + self.across(measure, BAND)
        overleaf = self.across(f"{measure}（続き）", BAND)
        order = list(Actor)
        sorted_ones = sorted(actions, key=lambda one: order.index(one.actor))
        for actor, own in groupby(sorted_ones, key=lambda one: one.actor):
            label = self.across(actor.label, LABEL)
            here = opening + label
            for action in own:
                self._write_card(here, (opening or overleaf) + label, action)
                here, opening = [], []

    def _write_card(self, here: list[Row], overleaf: list[Row], action: ActionProgress) -> None:
        """Write a card below the headings for this page, or on a new page below those for it."""
        rows = list(self._card(action))
        stays = self._stays(here, rows)
        if not stays:
            self.sheet.break_page()
        for row in here if stays else overleaf:
            self.sheet.write_laid(row)
        again = self.across(f"{action.code} {_name(action)}（続き）", CARD)
        for row, following in zip_longest(rows, rows[1:]):
            self._write_row(row, following, again)

    def _write_row(self, row: Row, following: Row | None, again: list[Row]) -> None:
        """Write a card's row, on a new page below the card's name ``again``."""
        if not self.sheet.fits(row.height):
            self.sheet.break_page()
            for one in again:
                self.sheet.write_laid(one)
        ends = following is None or not self.sheet.fits(row.height + following.height)
        self.sheet.write_laid(_closed(row) if ends else row)

    def _stays(self, headings: Sequence[Row], rows: Sequence[Row]) -> bool:
        """Return whether the card begins on the page where we are."""
        before, room = _height(headings), self.sheet.room
        if before + _height(rows) <= room:
            return True
        begun = before + _height(rows[:_FIRST_ROWS])
        return begun <= room and room > self.sheet.whole_page * _BLANK

    def _card(self, action: ActionProgress) -> Iterator[Row]:
        name = [Item(action.code, CARD_CODE), Item(_name(action), CARD)]
        yield from self.sheet.laid([*name, *map(self._stage, map(action.year, self.years))], 22)
        yield from self._text("内容", action.content)
        yield from self._text("重点の理由", action.priority_reason if action.is_priority else "")
        yield from self._text("KPI・担当", f"{self._indicators(action)}\n{_people(action)}".strip())
        year = action.year(self.progress.period.fiscal_year)
        written = [] if year is None else list(self._cycle(year))
        label = fiscal_year_label(self.progress.period.fiscal_year)
        yield from written or self._text(label, "計画・実施内容などの記入はありません。")

    def _stage(self, year: ActionYear | None) -> Item:
        if year is None or year.stage is None:
            return Item("", MIDDLE)
        return Item(year.stage.label, STAGES[year.stage])

    def _cycle(self, year: ActionYear) -> Iterator[Row]:
        """Yield PLAN, DO, CHECK and ACTION as far as they are written."""
        yield from self._text("計画 PLAN", year.plan)
        halves = (_marked("上半期", year.done_first_half), _marked("年度", year.done))
        yield from self._text("実施 DO", "\n".join(filter(None, halves)))
        check, verdict = "評価 CHECK", year.evaluation
        if verdict is not None and verdict.is_late:
            label = Item(f"{check}\n■{verdict.label}", ALERT)
            yield from self._row(label, f"【{verdict.label}】{year.results}")
        else:
            yield from self._text(check, _with(verdict and verdict.label, year.results))
        revision = year.revision and year.revision.label
        yield from self._text("見直し ACTION", _with(revision, year.revision_note))

    def _text(self, label: str, text: str) -> list[Row]:
        """Return the rows of a labelled text; none for a blank one."""
        return self._row(Item(label, ASIDE), text) if text else []

    def _row(self, label: Item, text: str) -> list[Row]:
        return self.sheet.laid([label, Item(text, CARD_TEXT, span=1 + len(self.years))])

    def _indicators(self, action: ActionProgress) -> str:
        if action.indicator_codes:
            named = [f"{one} {self.names.get(one, '')}".strip() for one in action.indicator_codes]
            return f"KPI: {'、'.join(named)}"
        reason = action.no_indicator_reason
        return f"KPI: 設定なし（{reason}）" if reason else "KPI: 設定なし"


def _height(rows: Sequence[Row]) -> float:
    return sum(one.height for one in rows)


def _closed(row: Row) -> Row:
    """Return a row with the line below it that ends a card or its part of a page."""
    items = (replace(one, style=CARD_END) if one.style == CARD_TEXT else one for one in row.items)
    return replace(row, items=tuple(items))


def _name(action: ActionProgress) -> str:
    """Return the name with what must be seen beside it."""
    priority = f"{PRIORITY} " if action.is_priority else ""
    return f"{priority}{shown_name(action)}"


def _people(action: ActionProgress) -> str:
    who = (("所管課", action.section), ("連携先", action.partners))
    return "　".join(f"{label}: {text}" for label, text in who if text)


def _marked(mark: str, text: str) -> str:
    return f"【{mark}】{text}" if text else ""


def _with(mark: str | None, text: str) -> str:
    return f"【{mark}】{text}" if mark else text
