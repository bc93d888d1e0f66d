"""What a chart shows, said in a sentence that everyone can read or hear. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence

from actions.fiscal import Term, calendar_year_label, fiscal_year_label
from actions.vocabulary import Stage
from kpis.numerals import format_number, round_decimal
from kpis.progress import (
    ActionProgress,
    IndicatorProgress,
    KgiProgress,
    PlanProgress,
    Result,
    YearProgress,
)
from kpis.remarks import bound_words, carried_words
from kpis.summary import counts
from kpis.vocabulary import Kind, TargetStatus

NOTHING_YET = "実績はまだありません。"
_ENDINGS = {
    "増え": "増えました",
    "減り": "減りました",
    "上がり": "上がりました",
    "下がり": "下がりました",
}


def trend_sentence(indicator: IndicatorProgress) -> str:
    """Return how the indicator went from its first whole year to the newest period, and how far.

    令和5年度1,078件から令和6年度1,124件に増え、令和7年度上半期は704件、目標1,200件に対し58.6%です。
    """
    found = [(year, one) for year in indicator.years for one in year.results]
    if all(one.actual.value is None for _, one in found):
        return NOTHING_YET
    whole = [one for _, one in found if one.period.term is Term.FY and one.actual.value is not None]
    year, newest = found[-1]
    parts = [*_course(indicator, whole, newest)]
    if not whole or newest is not whole[-1]:
        parts.append(f"{newest.period.label}は{_value(indicator, newest)}")
    return _closed([*parts, *_against(indicator, year, newest)]) + _foreseen(indicator, newest)


def _course(indicator: IndicatorProgress, whole: list[Result], newest: Result) -> Iterator[str]:
    """Yield how the whole years went, from the first to the last."""
    if not whole:
        return
    first, last = whole[0], whole[-1]
    if first is last:
        yield f"{first.period.label}は{_value(indicator, first)}"
    elif first.actual.value == last.actual.value:
        yield f"{first.period.label}と{last.period.label}はともに{_value(indicator, last)}"
    else:
        rose = (last.actual.value or 0) > (first.actual.value or 0)
        verbs = ("上がり", "下がり") if indicator.rule.kind is Kind.RATIO else ("増え", "減り")
        yield (
            f"{first.period.label}{_value(indicator, first)}から"
            f"{last.period.label}{_value(indicator, last)}に{verbs[0] if rose else verbs[1]}"
        )


def _value(indicator: IndicatorProgress, result: Result) -> str:
    """Return a figure with its unit, or why there is none."""
    actual = result.actual
    if actual.value is None:
        return "未入力" if actual.reason is None else f"数値なし（{actual.reason_words}）"
    survey = "" if actual.carried_from is None else f"（{carried_words(actual.carried_from)}）"
    provisional = "（速報）" if actual.provisional else ""
    return f"{actual.display}{_unit(indicator)}{provisional}{survey}"


def _unit(indicator: IndicatorProgress) -> str:
    return "" if indicator.rule.kind is Kind.MILESTONE else indicator.unit


def _against(indicator: IndicatorProgress, year: YearProgress, result: Result) -> Iterator[str]:
    """Yield how the newest figure stands against its year's target; nothing where none is set."""
    target = year.target
    if target.status is TargetStatus.LINKED:
        yield "年度の目標は連動（ほかの計画で今後設定）"
    if target.value is None:
        return
    bound = bound_words(indicator.rule)
    goal = f"{target.display}{_unit(indicator)}{f'（{bound}）' if bound else ''}"
    if result.attainment.rate is None:
        yield f"年度の目標は{goal}"
    else:
        yield f"目標{goal}に対し{result.attainment.display}"


def _closed(parts: list[str]) -> str:
    """Return the parts as a sentence; one that ends in a verb's stem is ended properly."""
    last = parts[-1]
    endings = [(stem, past) for stem, past in _ENDINGS.items() if last.endswith(stem)]
    if len(parts) > 1 or not endings:
        return "、".join([*parts[:-1], f"{last}です"]) + "。"
    stem, past = endings[0]
    return f"{last.removesuffix(stem)}{past}。"


def _foreseen(indicator: IndicatorProgress, result: Result) -> str:
    actual = result.actual
    if actual.forecast is None:
        return ""
    return f"年度末の見込みは{actual.forecast_display}{_unit(indicator)}です。"


def kgi_sentence(kgi: KgiProgress) -> str:
    """Return how the newest comparable year stands against the comparator, as indexes."""
    year = kgi.latest
    if year is None or year.index is None or year.comparator_index is None:
        return "比べられる値がまだありません。"
    lead = round_decimal(year.difference or year.index - year.comparator_index, 1)
    stands = f"{format_number(abs(lead), 1)}ポイント{'上回って' if lead > 0 else '下回って'}います"
    return (
        f"{calendar_year_label(kgi.base_year)}を100とすると、{calendar_year_label(year.year)}は"
        f"市が{format_number(year.index, 1)}、"
        f"{kgi.comparator}が{format_number(year.comparator_index, 1)}で、"
        f"{f'市が{stands}' if lead else '差はありません'}。"
    )


def schedule_sentence(actions: Sequence[ActionProgress], fiscal_year: int) -> str:
    """Return how many actions are at which stage in the year; blank where none says so."""
    years = [one.year(fiscal_year) for one in actions]
    found = Counter(one.stage for one in years if one is not None and one.stage is not None)
    told = "、".join(f"{stage.label}{found[stage]}件" for stage in Stage if found[stage])
    label = fiscal_year_label(fiscal_year)
    return f"{len(actions)}件のうち、{label}の段階は{told}です。" if told else ""


def counts_sentence(progress: PlanProgress) -> str:
    """Return how many indicators have which judgement; what none has is left out."""
    found = [one for one in counts(progress) if one.number]
    told = "、".join(f"{one.judgement.words}{one.number}件" for one in found)
    total = sum(one.number for one in found)
    return f"指標{total}件の内訳は、{told}です。" if told else ""
