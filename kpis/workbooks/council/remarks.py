"""What is said of one KPI in words: how its rate came about, who changed its judgement, its notes."""

from collections.abc import Iterator
from itertools import groupby

from actions.fiscal import Period, Term, short_label
from kpis.followups import account, in_charge
from kpis.lives import changes, revisions, with_reason
from kpis.numerals import DASH
from kpis.progress import Actual, IndicatorProgress, PlanProgress, Result, YearProgress
from kpis.remarks import carried_words, forecast_words
from kpis.vocabulary import TargetStatus
from kpis.workbooks.council.items import CARRIED

_FITS = 6  # letters of a target in words


def calculation(indicator: IndicatorProgress, period: Period) -> str:
    """Return formula and rounding in words, and below them what was worked out for the period.

    Where there is no rate, the reason stands there; without a result, nothing.
    """
    result = indicator.at(period)
    if result is None:
        return f"{indicator.rule.formula.words}　{indicator.rule.rounding_words}"
    trace, why = result.attainment.trace, result.attainment.reason_words
    worked_out = trace.calculation or f"{DASH}（{why}）"
    return f"{trace.formula}　{trace.rounding}\n{_short(period)}: {worked_out}"


def override(result: Result | None) -> str:
    """Return which judgement a person put in the computed one's place, and why; blank for none."""
    if result is None or result.judgement.override is None:
        return ""
    judgement = result.judgement
    return (
        f"計算による参考判定「{judgement.computed.words}」を「{judgement.shown.words}」に変更"
        f"（理由: {judgement.shown.basis}）"
    )


def charge(actual: Actual) -> str:
    """Return who does the next step until when; blank where there is none."""
    return in_charge(actual.next_step_owner, actual.next_step_due) if actual.next_step else ""


def before(indicator: IndicatorProgress, period: Period) -> str:
    """Return what an earlier period promised, and below it what became of that; blank for none."""
    told = account(indicator, period)
    if told is None:
        return ""
    asked = told.promise
    who = f"（{asked.words}）" if asked.words else ""
    note = f"　{told.note}" if told.note else ""
    return f"{_short(asked.period)}: {asked.step}{who}\n結果: {told.words}{note}"


def remarks(indicator: IndicatorProgress, progress: PlanProgress) -> str:
    """Return all that is to be noted, a line for each.

    Targets that wait for other plans or were revised, what became of the indicator, the definition
    and all notes.
    """
    period = progress.period
    result, year = indicator.at(period), indicator.year(period.fiscal_year)
    found = [
        *_linked(indicator),
        *_long_words(indicator),
        *(one.words for one in revisions(indicator)),
        *_changes(indicator, progress),
        "" if year is None or not year.target.note else f"{_target(year)}: {year.target.note}",
        indicator.definition,
        *_reasons(indicator),
        *_beside(indicator),
        "" if result is None else result.actual.note,
        indicator.note,
    ]
    return "\n".join(one for one in found if one)


def _changes(indicator: IndicatorProgress, progress: PlanProgress) -> Iterator[str]:
    told = "、".join(changes(progress, indicator))
    if told:
        yield with_reason(told, indicator)


def _linked(indicator: IndicatorProgress) -> Iterator[str]:
    """Yield in which years another plan sets the target, years beside each other together."""
    for words, run in groupby(indicator.years, key=_linked_words):
        years = list(run)
        if words:
            last = f"～{years[-1].short_label}" if len(years) > 1 else ""
            yield f"{years[0].short_label}{last}年度の目標: {words}"


def _long_words(indicator: IndicatorProgress) -> Iterator[str]:
    """Yield the milestones whose words are small in the table."""
    for year in indicator.years:
        if len(year.target.words) > _FITS:
            yield f"{_target(year)}: {year.target.words}"


def _linked_words(year: YearProgress) -> str:
    return year.target.display if year.target.status is TargetStatus.LINKED else ""


def _target(year: YearProgress) -> str:
    return f"{year.short_label}年度の目標"


def _reasons(indicator: IndicatorProgress) -> Iterator[str]:
    """Yield what each 「—」 among the actuals stands for."""
    for one in indicator.results:
        if one.actual.reason is not None:
            yield f"{_short(one.period)}の実績{DASH}: {one.actual.reason_words}"


def _beside(indicator: IndicatorProgress) -> Iterator[str]:
    """Yield which actuals are of an earlier survey, and what was foreseen of years not yet over."""
    for one in indicator.results:
        if one.actual.carried_from is not None:
            words = carried_words(one.actual.carried_from)
            yield f"{_short(one.period)}の実績{CARRIED}: {words}"
    for year in indicator.years:
        half = year.at(Term.H1)
        if half is not None and year.at(Term.FY) is None and half.actual.forecast is not None:
            yield f"{year.short_label}{forecast_words(indicator, half.actual)}"


def _short(period: Period) -> str:
    half = period.term.label if period.term is Term.H1 else ""
    return f"{short_label(period.fiscal_year)}{half}"
