"""How the table of corrections tells a value: as the pages show it, and never by an empty cell."""

import datetime as dt
from decimal import Decimal
from typing import Any

from actions.fiscal import Term, calendar_year_label, date_label, fiscal_year_label
from actions.vocabulary import Word
from kpis.attainment import Attainment
from kpis.judgement import Band, Judgement
from kpis.milestones import is_in_words, shown_figure
from kpis.numerals import DASH, format_exact, format_number, plain, round_decimal
from kpis.progress import (
    ActionYear,
    Actual,
    IndicatorProgress,
    KgiComparison,
    KgiRevision,
    KgiYear,
    MeasureFacts,
    Publicity,
    Result,
    Target,
    TargetRevision,
)
from kpis.vocabulary import TargetStatus

ABSENT = "（なし）"
BLANK = "（空欄）"
NOT_ENTERED = "未入力"


def value(one: Any) -> str:
    """Return any value in words: a label, はい or いいえ, a date, a figure or a text."""
    if one is None or one == "" or one == ():
        return BLANK
    if isinstance(one, Word | Term):
        return one.label
    if isinstance(one, bool):
        return "はい" if one else "いいえ"
    if isinstance(one, Decimal):
        return format_exact(one)
    if isinstance(one, dt.date):
        return date_label(one)
    return "、".join(map(value, one)) if isinstance(one, tuple) else str(one)


def fiscal_year(year: int | None) -> str:
    """Return 令和7年度."""
    return BLANK if year is None else fiscal_year_label(year)


def calendar_year(year: int) -> str:
    """Return 令和5(2023)年."""
    return calendar_year_label(year)


def figure(shown: str, exact: Decimal | None) -> str:
    """Return a figure as printed; the recorded one too where printing rounded it.

    A milestone's figure is told by its words alone.
    """
    if exact is None or shown == format_exact(exact) or is_in_words(shown):
        return shown or BLANK
    return f"{shown}（{format_exact(exact)}）"


def percent(growth: Decimal | None) -> str:
    """Return a growth as the KGI table prints it: 5.2%."""
    return DASH if growth is None else f"{format_number(growth, 1)}%"


def points(difference: Decimal | None) -> str:
    """Return a difference between growths with its sign: +3.3ポイント."""
    if difference is None:
        return DASH
    sign = "+" if round_decimal(difference, 1) > 0 else ""
    return f"{sign}{format_number(difference, 1)}ポイント"


def index(one: Decimal | None) -> str:
    """Return an index with one decimal."""
    return DASH if one is None else format_number(one, 1)


def unrounded(one: Decimal | None) -> str:
    """Return a computed number with six decimals, for what printing hides."""
    return BLANK if one is None else format_exact(round_decimal(one, 6))


def target(one: Target) -> str:
    """Return the target's figure, 連動 with the plan that will set it, or 未設定."""
    if one.status is TargetStatus.LINKED:
        return f"連動（{one.display}）"
    if one.status is TargetStatus.UNSET:
        return "未設定"
    return one.display if one.words else figure(one.display, one.value)


def target_revisions(rows: tuple[TargetRevision, ...]) -> str:
    """Return each revision with what the target was before: 令和8年3月25日改定（改定前 150）."""
    return (
        "、".join(
            f"{date_label(one.revised_on)}改定（改定前 {one.display or one.status.label}、{one.reason}）"
            for one in rows
        )
        or ABSENT
    )


def baseline(one: IndicatorProgress) -> str:
    """Return the baseline value, a milestone's in words."""
    return shown_figure(one.rule.kind, one.baseline_value) or BLANK


def renaming(one: IndicatorProgress) -> str:
    """Return the name before a renaming, with the year of the present one."""
    if one.renamed_year is None:
        return ABSENT
    return f"{fiscal_year_label(one.renamed_year)}に「{one.former_name}」から改称"


def bands(rows: tuple[Band, ...]) -> str:
    """Return an indicator's own bands in one line."""
    return "、".join(f"{one.term.label} {band(one)}" for one in rows) or ABSENT


def forecast(one: Actual) -> str:
    """Return what the year's end is foreseen to be."""
    return figure(one.forecast_display, one.forecast)


def actual(one: Actual) -> str:
    """Return the figure, marked where it is 速報; 「—」 with its reason; or 未入力."""
    if one.value is not None:
        return figure(one.display, one.value) + ("（速報）" if one.provisional else "")
    if one.reason is not None:
        return f"{one.display}（{one.reason_words}）"
    return NOT_ENTERED


def follow_up(one: Actual) -> str:
    """Return what became of the step that the period before had named, with its explanation."""
    if one.follow_up is None:
        return BLANK
    return "、".join(filter(None, (one.follow_up.label, one.follow_up_note)))


def rate(one: Attainment) -> str:
    """Return the rate as printed, 「—」 with its reason, or blank while nothing was entered."""
    if one.display == DASH:
        return f"{DASH}（{one.reason_words}）"
    return one.display or BLANK


def met(one: Attainment) -> str:
    """Return whether the target is met, as an indicator's table of years says it."""
    return {True: "到達", False: "未達成", None: BLANK}[one.met]


def judgement(one: Judgement) -> str:
    """Return the judgement that counts, with the computed one where a person changed it."""
    if one.override is None:
        return one.computed.words
    return f"{one.override.words}（計算では{one.computed.words}、変更の理由: {one.override.basis}）"


def result(one: Result) -> str:
    """Return a whole result in one line, for a period that came or went."""
    said = (
        f"実績 {actual(one.actual)}",
        f"達成率 {rate(one.attainment)}",
        f"参考判定 {judgement(one.judgement)}",
    )
    return "、".join(said)


def inputs(pairs: tuple[tuple[str, str], ...]) -> str:
    """Return the figures that a rate was made of: 実績 704、目標 1,200."""
    return "、".join(f"{name} {figure}" for name, figure in pairs) or BLANK


def lower_bound(one: Band) -> str:
    """Return a band's lower bound: 80%以上."""
    return "下限なし" if one.lower is None else f"{plain(one.lower)}%以上"


def band(one: Band) -> str:
    """Return a whole band in one line."""
    return f"{one.sign}{one.label}（{lower_bound(one)}）"


def kgi_year(one: KgiYear) -> str:
    """Return a KGI's value in one year."""
    return figure(one.display, one.value)


def comparisons(rows: tuple[KgiComparison, ...]) -> str:
    """Return each further statistic's growth: 全国 1.2%."""
    return "、".join(f"{one.name} {percent(one.growth)}" for one in rows) or ABSENT


def kgi_revisions(rows: tuple[KgiRevision, ...]) -> str:
    """Return each revision with what the value was before."""
    return (
        "、".join(
            f"{date_label(one.revised_on)}改定（改定前 {one.display or BLANK}、{one.reason}）"
            for one in rows
        )
        or ABSENT
    )


def page(one: MeasureFacts) -> str:
    """Return the plan's page on which a measure stands."""
    return BLANK if one.page is None else f"P{one.page}"


def quantity(one: Publicity) -> str:
    """Return how much a record of publicity counts, with its unit."""
    return BLANK if one.quantity is None else f"{format_exact(one.quantity)}{one.unit}"


def record(one: Publicity) -> str:
    """Return a whole record of publicity in one line."""
    counted = "" if one.quantity is None else quantity(one)
    day = "" if one.day is None else date_label(one.day)
    return "、".join(filter(None, (day, one.kind, one.item, one.content, counted, one.note)))


def action_year(one: ActionYear) -> str:
    """Return the stage and the plan of an action's year."""
    stage = None if one.stage is None else one.stage.label
    return "、".join(filter(None, (stage, one.plan))) or BLANK
