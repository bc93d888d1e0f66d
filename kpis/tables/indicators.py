"""Tables about indicators: a period's overview, all years side by side, one KPI's years."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from actions.fiscal import Period, Term, date_label, short_label
from kpis.changes import since_last
from kpis.gauges import gauge
from kpis.links import Links
from kpis.lives import ENDED, former_words, has_ended, is_outside, life_words
from kpis.numerals import DASH, format_exact
from kpis.pictures import way
from kpis.progress import (
    IndicatorProgress,
    PlanProgress,
    Result,
    StrategyProgress,
    YearProgress,
)
from kpis.remarks import carried_words, forecast_words
from kpis.tables.base import (
    NUMBER,
    Table,
    actual_cell,
    change_cell,
    met_words,
    number_column,
    rate_cell,
    remark,
    target_cell,
    text_column,
    verdict_cell,
    word_column,
)
from kpis.vocabulary import Kind, TargetStatus, Tone


def _name_cell(indicator: IndicatorProgress, progress: PlanProgress, links: Links) -> SafeString:
    """Return name and unit, and below them when the indicator is measured and what follows it."""
    ended = has_ended(indicator, progress.period.fiscal_year)
    return format_html(
        '<a href="{}"><span class="code">{}</span> {}</a><span class="unit">（{}）</span>{}{}',
        links.indicator(indicator.code),
        indicator.code,
        indicator.name,
        indicator.unit,
        ENDED if ended else "",
        remark(life_words(progress, indicator)),
    )


def _named_cell(indicator: IndicatorProgress, progress: PlanProgress, links: Links) -> SafeString:
    """Return the same with the former name, for the one table of a page that tells it."""
    name = _name_cell(indicator, progress, links)
    return format_html("{}{}", name, remark(former_words(indicator)))


@dataclass(frozen=True, slots=True)
class _IndicatorRow:
    name: SafeString
    previous: str | SafeString
    target: str | SafeString
    actual: str | SafeString
    rate: str | SafeString
    gauge: str
    verdict: str | SafeString
    change: str | SafeString
    way: SafeString


class IndicatorTable(Table):
    """A period's figures, one KPI a row."""

    heading = "name"
    look = "aligned"
    name = text_column("指標（単位）")
    previous = number_column("前年度実績")
    target = number_column("目標")
    actual = number_column("実績")
    rate = number_column("達成率")
    gauge = text_column("進み具合")
    verdict = text_column("参考判定")
    change = text_column("前回から")
    way = text_column("推移")


def indicator_table(
    key: str,
    progress: PlanProgress,
    indicators: Sequence[IndicatorProgress],
    caption: str,
    links: Links,
) -> IndicatorTable:
    """Return the figures of the shown period for these indicators."""
    period = progress.period
    year = short_label(period.fiscal_year)
    table = IndicatorTable(
        key,
        [_indicator_row(one, progress, links) for one in indicators],
        f"{caption}（{period.label}）",
    )
    headings = {
        "previous": f"{short_label(period.fiscal_year - 1)} 実績",
        "target": f"{year} 目標",
        "actual": f"{year} {'上半期' if period.term is Term.H1 else ''}実績",
        "way": f"{short_label(progress.plan.baseline_year)}からの推移",
    }
    for name, heading in headings.items():
        table.columns[name].column.verbose_name = heading
    return table


def _indicator_row(
    indicator: IndicatorProgress, progress: PlanProgress, links: Links
) -> _IndicatorRow:
    period = progress.period
    result = indicator.at(period)
    year = indicator.year(period.fiscal_year)
    previous = indicator.at(period.previous_year)
    nothing = _nothing(indicator, period)
    last_year = _nothing(indicator, period.previous_year)
    return _IndicatorRow(
        name=_named_cell(indicator, progress, links),
        previous=last_year if previous is None else actual_cell(previous.actual),
        target=nothing or ("" if year is None else target_cell(year.target, indicator.rule)),
        actual=nothing if result is None else actual_cell(result.actual),
        rate=nothing if result is None else rate_cell(result),
        gauge="" if result is None else gauge(result, indicator.rule),
        verdict=nothing if result is None else verdict_cell(result),
        change=change_cell(since_last(progress, indicator)),
        way=way(indicator),
    )


def _nothing(indicator: IndicatorProgress, period: Period) -> str:
    """Return what stands for no result: 「—」 outside the indicator's life, told elsewhere."""
    year = indicator.year(period.fiscal_year)
    return DASH if year is not None and is_outside(indicator, year) else ""


def matrix_table(progress: PlanProgress, strategy: StrategyProgress, links: Links) -> Table:
    """Return the paper's own view of a strategy: targets and actuals of every year."""
    years = progress.plan.years
    columns: list[tuple[str, tables.Column]] = [("name", text_column("指標（単位）"))]
    for year in years:
        columns.append((f"y{year}", tables.Column(verbose_name=short_label(year), attrs=NUMBER)))
    rows: list[dict[str, Any]] = []
    for indicator in strategy.indicators:
        row: dict[str, Any] = {"name": _name_cell(indicator, progress, links)}
        row |= {f"y{one.fiscal_year}": _year_cell(indicator, one) for one in indicator.years}
        rows.append(row)
    caption = f"基本戦略{strategy.number} {strategy.name}の目標と実績（{short_label(years[0])}～{short_label(years[-1])}）"
    table = Table(f"strategy-{strategy.number}-years", rows, caption, extra_columns=columns)
    table.heading = "name"
    return table


def _year_cell(indicator: IndicatorProgress, year: YearProgress) -> str | SafeString:
    if is_outside(indicator, year):
        return DASH
    lines: list[tuple[str, str | SafeString, str | SafeString]] = []
    if year.target.status is not TargetStatus.UNSET or year.target.is_revised:
        lines.append(("目標", target_cell(year.target, indicator.rule), ""))
    for result in year.results:
        half = "上半期" if result.period.term is Term.H1 else "実績"
        own = replace(result.actual, carried_from=None)
        lines.append((half, actual_cell(own), _rate_in_brackets(year, result)))
        if result.actual.carried_from is not None:
            lines.append((carried_words(result.actual.carried_from), "", ""))
    return format_html_join("", '<span class="line"><span class="tag">{}</span> {}{}</span>', lines)


def _rate_in_brackets(year: YearProgress, result: Result) -> str | SafeString:
    """Return the rate as the paper puts it beside a figure, and the judgement's sign in its colour.

    Nothing in a year without a target; no sign where nothing was judged.
    """
    if result.actual.value is None or year.target.status is TargetStatus.UNSET:
        return ""
    shown, verdict = f"（{result.attainment.display}）", result.verdict
    if verdict.tone is Tone.NEUTRAL:
        return shown
    return format_html(
        '{}<span class="verdict-sign tone-{}">{}<span class="visually-hidden">{}</span></span>',
        shown,
        verdict.tone.value,
        verdict.sign,
        verdict.label,
    )


@dataclass(frozen=True, slots=True)
class _YearRow:
    label: str
    target: str | SafeString
    actual: str | SafeString
    rate: str | SafeString
    gauge: str
    met: str
    verdict: str | SafeString
    remark: str


class YearTable(Table):
    """One KPI, a period a row."""

    heading = "label"
    label = word_column("期間")
    target = number_column("目標")
    actual = number_column("実績")
    rate = number_column("達成率")
    gauge = text_column("進み具合")
    met = text_column("目標への到達")
    verdict = word_column("参考判定")
    remark = text_column("備考")


def year_table(indicator: IndicatorProgress, progress: PlanProgress) -> YearTable:
    """Return every year of the indicator, with each period that has come.

    Years outside its life have 「—」, and when it is measured as their remark.
    """
    rows: list[_YearRow] = []
    for year in indicator.years:
        rows.extend(_result_row(indicator, year, one) for one in year.results)
        if year.second_half is not None and indicator.rule.kind is Kind.CUMULATIVE:
            shown = format_exact(year.second_half)
            rows.append(_YearRow(f"{year.label}下半期（差引）", "", shown, "", "", "", "", ""))
        if is_outside(indicator, year):
            life = life_words(progress, indicator)
            rows.append(_YearRow(year.label, DASH, DASH, "", "", "", "", life))
        elif not year.results:
            target = target_cell(year.target, indicator.rule)
            rows.append(_YearRow(year.label, target, "", "", "", "", "", year.target.note))
    caption = f"{indicator.name}の年度別の目標と実績（単位: {indicator.unit}）"
    return YearTable(f"kpi-{indicator.code}-years", rows, caption)


def _result_row(indicator: IndicatorProgress, year: YearProgress, result: Result) -> _YearRow:
    untargeted = year.target.status is TargetStatus.UNSET
    # The baseline year lies before the plan: no target was ever due.
    is_baseline = untargeted and year.fiscal_year == indicator.baseline_year
    return _YearRow(
        label=result.period.label,
        target="" if is_baseline else target_cell(year.target, indicator.rule),
        actual=actual_cell(result.actual),
        rate="" if untargeted else rate_cell(result),
        gauge="" if untargeted else gauge(result, indicator.rule),
        met=met_words(result),
        verdict="" if untargeted else verdict_cell(result),
        remark="\n".join(filter(None, _remarks(indicator, year, result))),
    )


def _remarks(indicator: IndicatorProgress, year: YearProgress, result: Result) -> tuple[str, ...]:
    return (forecast_words(indicator, result.actual), result.actual.note, year.target.note)


@dataclass(frozen=True, slots=True)
class _HistoryRow:
    published: str
    period: str | SafeString
    actual: str | SafeString
    rate: str
    verdict: str
    reason: str


class HistoryTable(Table):
    """What was published about one KPI, the newest first."""

    heading = "period"
    published = word_column("公表日")
    period = text_column("公表")
    actual = number_column("実績")
    rate = number_column("達成率")
    verdict = text_column("参考判定")
    reason = text_column("公表の理由")


def history_table(code: str, history: Sequence[PlanProgress], links: Links) -> HistoryTable:
    """Return what each publication said of the indicator at its own period."""
    rows = [_history_row(code, one, links) for one in history if one.indicator(code) is not None]
    return HistoryTable(f"kpi-{code}-history", rows, "この指標の公表の記録")


def _history_row(code: str, progress: PlanProgress, links: Links) -> _HistoryRow:
    indicator, edition = progress.indicator(code), progress.edition
    result = None if indicator is None else indicator.at(progress.period)
    nothing = "" if indicator is None else _nothing(indicator, progress.period)
    version = 0 if edition is None else edition.version
    name: str | SafeString = f"{progress.period.label} 第{version}版"
    if links.preview is None:  # a preview does not lead to public pages
        there = links.published(progress.period, version)
        name = format_html('<a href="{}">{}</a>', there.indicator(code), name)
    return _HistoryRow(
        published="" if edition is None else date_label(edition.published_at.date()),
        period=name,
        actual=nothing if result is None else actual_cell(result.actual),
        rate=nothing if result is None else result.attainment.display,
        verdict=nothing if result is None else result.verdict.words,
        reason="" if edition is None else edition.reason,
    )
