"""What is said beside a figure so that nobody takes it for another: 見込, an earlier survey, 以下. Pure."""

from collections.abc import Iterator

from actions.fiscal import fiscal_year_label
from kpis.attainment import Rule
from kpis.progress import Actual, IndicatorProgress
from kpis.vocabulary import Direction, Kind

NO_CHART = "達成したかどうかを測る指標のため、図はありません。"


def carried_words(survey: int) -> str:
    """Return what marks a value carried forward from the survey of that fiscal year."""
    return f"{fiscal_year_label(survey)}調査の値"


def bound_words(rule: Rule | None) -> str:
    """Return 以下 or 以上を維持 as they follow a target; blank where more is better."""
    if rule is None or rule.kind is Kind.MILESTONE:
        return ""
    return rule.direction.bound_words


def forecast_words(indicator: IndicatorProgress, actual: Actual) -> str:
    """Return what the year's end was foreseen to be, apart from actuals; blank for nothing."""
    if actual.forecast is None:
        return ""
    unit = "" if indicator.rule.kind is Kind.MILESTONE else indicator.unit
    return f"年度末の見込み {actual.forecast_display}{unit}（見込。実績ではありません）"


def trend_words(indicator: IndicatorProgress, has_projection: bool = False) -> str:
    """Return how to read the indicator's chart of actuals and targets."""
    return "、".join([*_marks(indicator), *(["点線は推計（参考）"] if has_projection else [])])


def _marks(indicator: IndicatorProgress) -> Iterator[str]:
    actuals = [one.actual for one in indicator.results]
    yield "棒は実績"
    yield "斜線の棒は上半期まで（年度の途中）の実績"
    if indicator.rule.kind is Kind.CUMULATIVE and indicator.rule.direction is Direction.UP:
        yield "枠は目標までの残り"
    if any(one.forecast is not None for one in actuals):
        yield "ひし形は年度末の見込み"
    if any(one.carried_from is not None for one in actuals):
        yield "薄い棒は前の調査の値"
    yield "太い横線は年度の目標"
