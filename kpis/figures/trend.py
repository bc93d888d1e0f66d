"""The chart of one indicator's years: actuals as bars, each year's target as a step of its own."""

from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from html import escape

from actions.fiscal import Term, short_label
from kpis.figures.base import (
    HALF,
    MUTED,
    PAPER,
    TARGET,
    YEAR,
    Figure,
    base_layout,
    number,
)
from kpis.figures.labels import NARROW, Scale, labels
from kpis.lives import is_outside, revised_words
from kpis.numerals import format_exact, format_number, json_number, round_decimal
from kpis.progress import IndicatorProgress, Result, YearProgress
from kpis.projection import Projection, indicator_projection
from kpis.remarks import bound_words, carried_words
from kpis.sentences import trend_sentence
from kpis.vocabulary import Direction, Kind, TargetStatus

HEIGHT = 340  # pixels, on screens and paper alike: the labels are placed for it
_STEPS = 5  # between the ticks of an axis, about
_STEP = 0.46  # half of a target's step; a year is one wide
_BAR = 0.7
_ABOVE, _BELOW = Decimal("0.2"), Decimal("0.12")  # room for labels, as shares of the axis
_CLEAR = "rgba(255,255,255,0)"


def trend(indicator: IndicatorProgress) -> Figure:
    """Return actuals as bars against each year's target as a step, from the baseline year on.

    A half-year's amount is the solid part of its year's bar, and what is still to come up to the
    target an outline. The year's end as foreseen is a diamond until the year has its actual; a
    value of an earlier survey is lighter; a projection (推計) is a dotted line.
    """
    ahead = indicator_projection(indicator)
    shown = [year for year in indicator.years if not is_outside(indicator, year)]
    data = [
        *_bars(indicator, shown),
        *_rest(indicator, shown),
        *_steps(indicator, shown),
        *_forecasts(indicator, shown),
        *_projection(indicator, ahead),
    ]
    scale = _scale(shown, ahead)
    layout = base_layout(
        f"{indicator.name}（{indicator.unit}）", y_title="", lead=trend_sentence(indicator)
    )
    layout |= {"height": HEIGHT, "barmode": "overlay", "showlegend": False}
    layout["margin"] = {"l": 40, "r": 8, "t": 12, "b": 44}
    layout["xaxis"] = _year_axis(indicator)
    layout["yaxis"] |= _value_axis(scale)
    marks = [foreseen(year) for year in shown]
    layout["annotations"] = labels(indicator, shown, marks, ahead, scale)
    return {"data": data, "layout": layout}


# --- bars -----------------------------------------------------------------------------------------
def _bars(indicator: IndicatorProgress, years: Sequence[YearProgress]) -> Iterator[Figure]:
    """Yield the bars of whole years, and over them those of half-years where there are any."""
    whole = [year.at(Term.FY) for year in years]
    half = [_drawn_half(indicator, year) for year in years]
    yield _bar(indicator, "実績（年度）", years, whole, YEAR)
    if any(one is not None for one in half):
        bars = _bar(indicator, "実績（上半期まで）", years, half, HALF)
        bars["marker"]["pattern"] = _pattern("/")
        yield bars


def _drawn_half(indicator: IndicatorProgress, year: YearProgress) -> Result | None:
    """Return the half-year's result, if it has a bar: beside a whole year as a part of it alone."""
    half, whole = year.at(Term.H1), year.at(Term.FY)
    if half is None or half.actual.value is None:
        return None
    if whole is None or whole.actual.value is None:
        return half
    is_part = indicator.rule.kind is Kind.CUMULATIVE
    return half if is_part and 0 <= half.actual.value <= whole.actual.value else None


def _bar(
    indicator: IndicatorProgress,
    name: str,
    years: Sequence[YearProgress],
    results: Sequence[Result | None],
    colour: str,
) -> Figure:
    found = [
        (year, one)
        for year, one in zip(years, results, strict=True)
        if one is not None and one.actual.value is not None
    ]
    return {
        "type": "bar",
        "name": name,
        "x": [year.fiscal_year for year, _ in found],
        "y": [number(one.actual.value) for _, one in found],
        "width": _BAR,
        "marker": {
            "color": colour,
            "line": {"color": YEAR, "width": 1.5},
            "opacity": [1 if one.actual.carried_from is None else 0.45 for _, one in found],
        },
        "hovertext": [
            f"{year.short_label}年度 {name}<br>{_told(indicator, one)}" for year, one in found
        ],
        "hoverinfo": "text",
    }


def _told(indicator: IndicatorProgress, result: Result) -> str:
    actual = result.actual
    survey = "" if actual.carried_from is None else f"（{carried_words(actual.carried_from)}）"
    return (
        f"{actual.display}{_unit_of(indicator)}{'（速報）' if actual.provisional else ''}{survey}"
    )


def _rest(indicator: IndicatorProgress, years: Sequence[YearProgress]) -> Iterator[Figure]:
    """Yield what is still to come in the running year, where amounts add up to the target."""
    if indicator.rule.kind is not Kind.CUMULATIVE or indicator.rule.direction is not Direction.UP:
        return
    found = [(year, done, goal) for year in years for done, goal in _open_amount(year)]
    if not found:
        return
    rests = [goal - done for _, done, goal in found]
    yield {
        "type": "bar",
        "name": "年度の目標までの残り",
        "x": [year.fiscal_year for year, _, _ in found],
        "base": [number(done) for _, done, _ in found],
        "y": [number(rest) for rest in rests],
        "width": _BAR,
        "marker": {"color": PAPER, "line": {"color": YEAR, "width": 1.5}},
        "hovertext": [
            f"{year.short_label}年度 目標までの残り<br>{format_exact(rest)}{_unit_of(indicator)}"
            for (year, _, _), rest in zip(found, rests, strict=True)
        ],
        "hoverinfo": "text",
    }


def _open_amount(year: YearProgress) -> Iterator[tuple[Decimal, Decimal]]:
    """Yield the running year's amount so far and its target, if that is not reached."""
    result, goal = year.latest, year.target.value
    if result is None or result.period.term is not Term.H1 or goal is None:
        return
    done = result.actual.value
    if done is not None and 0 <= done < goal:
        yield done, goal


# --- steps and marks ------------------------------------------------------------------------------
def _steps(indicator: IndicatorProgress, years: Sequence[YearProgress]) -> Iterator[Figure]:
    """Yield the targets, a step a year, on a white line that parts them from the bars."""
    found = [year for year in years if year.target.value is not None]
    if not found:
        return
    line: Figure = {
        "type": "scatter",
        "mode": "lines",
        "x": [x for year in found for x in _across(year.fiscal_year)],
        "y": [y for year in found for y in (*[number(year.target.value)] * 3, None)],
        "connectgaps": False,
    }
    yield line | {"line": {"color": PAPER, "width": 6}, "hoverinfo": "skip", "name": ""}
    words = bound_words(indicator.rule)
    yield line | {
        "name": f"目標（{words}）" if words else "目標",
        "line": {"color": TARGET, "width": 3},
        "hovertext": [text for year in found for text in (*[_goal(indicator, year)] * 3, "")],
        "hoverinfo": "text",
    }


def _across(year: int) -> tuple[float | None, ...]:
    return (year - _STEP, year, year + _STEP, None)


def _goal(indicator: IndicatorProgress, year: YearProgress) -> str:
    revised = revised_words(year.target)
    told = f"{year.short_label}年度 目標<br>{year.target.display}{_unit_of(indicator)}"
    bound = bound_words(indicator.rule)
    return f"{told}{bound}{f'（{escape(revised, quote=False)}）' if revised else ''}"


def _forecasts(indicator: IndicatorProgress, years: Sequence[YearProgress]) -> Iterator[Figure]:
    """Yield the years' ends as foreseen at half-year, of years without an actual of their own."""
    found = [(year, value) for year in years if (value := foreseen(year)) is not None]
    if not found:
        return
    yield {
        "type": "scatter",
        "name": "年度末の見込み",
        "mode": "markers",
        "x": [year.fiscal_year for year, _ in found],
        "y": [number(value) for _, value in found],
        "marker": {"symbol": "diamond", "size": 12, "color": PAPER}
        | {"line": {"color": TARGET, "width": 2}},
        "hovertext": [
            f"{year.short_label}年度 年度末の見込み<br>{format_exact(value)}{_unit_of(indicator)}（見込）"
            for year, value in found
        ],
        "hoverinfo": "text",
    }


def foreseen(year: YearProgress) -> Decimal | None:
    """Return the year's end as foreseen, None once the year has its actual."""
    half, whole = year.at(Term.H1), year.at(Term.FY)
    if half is None or (whole is not None and whole.actual.value is not None):
        return None
    return half.actual.forecast


def _projection(indicator: IndicatorProgress, ahead: Projection | None) -> Iterator[Figure]:
    """Yield the projection of the years to come as a thin dotted line, in grey: nobody's figure."""
    if ahead is None:
        return
    yield {
        "type": "scatter",
        "name": "推計",
        "mode": "lines+markers",
        "x": [year for year, _ in ahead.points],
        "y": [json_number(round_decimal(value, 4)) for _, value in ahead.points],
        "line": {"color": MUTED, "width": 1.5, "dash": "dot"},
        "marker": {"symbol": "circle-open", "size": 7, "color": MUTED},
        "hovertext": [
            f"{short_label(year)}年度 推計（参考）<br>"
            f"{format_number(value, indicator.decimals)}{_unit_of(indicator)}"
            for year, value in ahead.points
        ],
        "hoverinfo": "text",
    }


# --- axes -----------------------------------------------------------------------------------------
def _year_axis(indicator: IndicatorProgress) -> Figure:
    """Return the years; under each that is not over, and each without target, a word why."""
    years = [one.fiscal_year for one in indicator.years]
    words = [_year_word(indicator, one) for one in indicator.years]
    if len(years) > NARROW:  # of years beside each other with the same word, the first has it
        words = [
            word if not place or words[place - 1] != word else ""
            for place, word in enumerate(words)
        ]
    return {
        "tickmode": "array",
        "tickvals": years,
        "ticktext": [
            f"{short_label(year)}<br>{word}" if word else short_label(year)
            for year, word in zip(years, words, strict=True)
        ],
        "range": [years[0] - 0.5, years[-1] + 0.5] if years else [0, 1],
        "tickangle": 0,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def _year_word(indicator: IndicatorProgress, year: YearProgress) -> str:
    if is_outside(indicator, year):
        return "対象外"
    if year.latest is not None:
        return Term.H1.label if year.latest.period.term is Term.H1 else ""
    return "" if year.target.status is TargetStatus.SET else year.target.status.label


def _scale(years: Sequence[YearProgress], ahead: Projection | None) -> Scale:
    """Return the axis that holds every figure, and zero."""
    figures = [Decimal(0)]
    for year in years:
        figures += [one.actual.value for one in year.results if one.actual.value is not None]
        figures += [one for one in (year.target.value, foreseen(year)) if one is not None]
    is_whole = all(one == one.to_integral_value() for one in figures)
    figures += [value for _, value in ahead.points] if ahead else []
    return Scale(min(figures), max(figures), is_whole)


def _value_axis(scale: Scale) -> Figure:
    """Return ticks as the city prints them: separators, ▲ below zero, whole for whole figures."""
    wanted = scale.span / _STEPS
    unit = Decimal(1).scaleb(wanted.adjusted())
    step = next(unit * one for one in (1, 2, 5, 10) if unit * one >= wanted)
    if scale.is_whole:
        step = max(step, Decimal(1))
    first = int(
        (scale.low / step).to_integral_value(ROUND_FLOOR if scale.low < 0 else ROUND_CEILING)
    )
    last = int((scale.high / step).to_integral_value(ROUND_FLOOR))
    ticks = [step * place for place in range(first, last + 1)]
    below = scale.span * _BELOW if scale.low < 0 else Decimal(0)
    return {
        "range": [json_number(scale.low - below), json_number(scale.high + scale.span * _ABOVE)],
        "tickmode": "array",
        "tickvals": [json_number(one) for one in ticks],
        "ticktext": [format_exact(one) for one in ticks],
    }


def _unit_of(indicator: IndicatorProgress) -> str:
    return escape(indicator.unit, quote=False)


def _pattern(shape: str) -> Figure:
    return {"shape": shape, "fillmode": "overlay", "fgcolor": PAPER, "size": 7, "solidity": 0.3}
