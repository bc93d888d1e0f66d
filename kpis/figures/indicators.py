"""Charts of indicators: the trend against targets, rates by year, counts of judgements."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from actions.fiscal import Term
from kpis.figures.base import (
    GRID,
    HALF,
    TARGET,
    TONES,
    YEAR,
    Figure,
    base_layout,
    level_line,
    number,
)
from kpis.lives import revised_words
from kpis.numerals import format_exact, json_number, round_decimal
from kpis.progress import (
    IndicatorProgress,
    PlanProgress,
    Result,
    Target,
    YearProgress,
)
from kpis.remarks import bound_words, carried_words
from kpis.summary import classes, counts

_ACROSS = 10  # letters of a unit beside the axis; the figure's title has it anyway
_STEPS = 5  # between the ticks of an axis, about
REVISED = "改定"  # above the step of a target that was revised
_ROOM = Decimal("1.35")  # above the highest bar


def trend(indicator: IndicatorProgress) -> Figure:
    """Return actuals as bars against targets as steps, from the baseline year to the last.

    A half-year's actual stands in its year as a striped bar: a part of the year, not a year. The
    year's end as foreseen is a hollow bar until the year has its actual; a value of an earlier
    survey is lighter.
    """
    years = indicator.years
    labels = [year.short_label for year in years]
    targets = [year.target for year in years]
    unit = indicator.unit
    data = [*_actuals(indicator, labels), *_forecast(indicator, labels)]  # an outline over the bars
    if any(one.value is not None for one in targets):
        data.append(_target_steps(labels, targets, unit))
        data[-1]["name"] += _in_brackets(bound_words(indicator.rule))
    layout = base_layout(
        f"{indicator.name}（{unit}）", y_title=unit if len(unit) <= _ACROSS else ""
    )
    layout["barmode"] = "overlay"
    _mark_negative(layout["yaxis"], [one for bars in data for one in bars["y"] if one is not None])
    layout["annotations"] = [
        _above(label, one.value, REVISED)
        for label, one in zip(labels, targets, strict=True)
        if one.is_revised and one.value is not None
    ]
    return {"data": data, "layout": layout}


def _actuals(indicator: IndicatorProgress, labels: Sequence[str]) -> list[Figure]:
    """Return the bars of whole years, and those of half-years where there are any."""
    whole = [year.at(Term.FY) for year in indicator.years]
    half = [year.at(Term.H1) for year in indicator.years]
    values = [[_value(one) for one in results] for results in (whole, half)]
    data = [_bars("実績（年度）", labels, values[0], YEAR, indicator.unit)]
    _mark_carried(data[0], whole)
    if any(value is not None for value in values[1]):
        data.append(_bars("実績（上半期まで）", labels, values[1], HALF, indicator.unit))
        data[1]["marker"]["pattern"] = _pattern("/")
        _mark_carried(data[1], half)
    return data


def _bars(name: str, x: Sequence[str], y: Sequence[Any], colour: str, unit: str) -> Figure:
    return {
        "type": "bar",
        "name": name,
        "x": list(x),
        "y": list(y),
        "width": 0.56,
        "marker": {"color": colour, "line": {"color": YEAR, "width": 1}},
        "customdata": [_printed(value) for value in y],
        "hovertemplate": f"%{{x}}年度 {name}<br>%{{customdata}}{unit}<extra></extra>",
    }


def _printed(value: int | float | None) -> str:
    return "" if value is None else format_exact(Decimal(str(value)))


def _forecast(indicator: IndicatorProgress, labels: Sequence[str]) -> list[Figure]:
    """Return the years' ends as foreseen at half-year, of years without an actual of their own."""
    foreseen = [_foreseen(year) for year in indicator.years]
    if all(value is None for value in foreseen):
        return []
    hollow = _bars("年度末の見込み", labels, foreseen, "rgba(255,255,255,0)", indicator.unit)
    hollow["marker"]["line"]["width"] = 2
    hollow["hovertemplate"] = (
        f"%{{x}}年度 年度末の見込み<br>%{{customdata}}{indicator.unit}（見込）<extra></extra>"
    )
    return [hollow]


def _foreseen(year: YearProgress) -> int | float | None:
    half = year.at(Term.H1)
    return (
        None
        if half is None or _value(year.at(Term.FY)) is not None
        else number(half.actual.forecast)
    )


def _mark_carried(bars: Figure, results: Sequence[Result | None]) -> None:
    """Make the bars of values carried forward lighter, and say in words which survey they are."""
    surveys = [None if one is None else one.actual.carried_from for one in results]
    if all(one is None for one in surveys):
        return
    bars["marker"]["opacity"] = [1 if one is None else 0.45 for one in surveys]
    words = ["" if one is None else f"（{carried_words(one)}）" for one in surveys]
    bars["text"], bars["textposition"] = words, "none"
    bars["hovertemplate"] = bars["hovertemplate"].replace("<extra>", "%{text}<extra>")


def _mark_negative(axis: Figure, values: Sequence[int | float]) -> None:
    """Write ▲ at the ticks below zero: an axis by itself has the sign of programs there."""
    if all(value >= 0 for value in values):
        return
    exact = [Decimal(str(value)) for value in (*values, 0)]
    wanted = (max(exact) - min(exact)) / _STEPS
    scale = Decimal(1).scaleb(wanted.adjusted())
    step = next(scale * one for one in (1, 2, 5, 10) if scale * one >= wanted)
    first, last = (
        int((bound / step).to_integral_value(rounding))
        for bound, rounding in ((min(exact), ROUND_FLOOR), (max(exact), ROUND_CEILING))
    )
    ticks = [step * place for place in range(first, last + 1)]
    axis["tickmode"] = "array"
    axis["tickvals"] = [json_number(one) for one in ticks]
    axis["ticktext"] = [format_exact(one) for one in ticks]


def _in_brackets(words: str) -> str:
    return f"（{words}）" if words else ""


def _target_steps(labels: Sequence[str], targets: Sequence[Target], unit: str) -> Figure:
    """Return the targets as steps; where one was revised, it says what it was when pointed at."""
    steps: Figure = {
        "type": "scatter",
        "name": "目標",
        "mode": "lines+markers",
        "x": list(labels),
        "y": [number(one.value) for one in targets],
        "line": {"shape": "hvh", "color": TARGET, "width": 2, "dash": "dot"},
        "marker": {"symbol": "line-ew-open", "size": 26, "color": TARGET, "line": {"width": 3}},
        "hovertext": [one.display for one in targets],
        "hovertemplate": f"%{{x}}年度 目標<br>%{{hovertext}}{unit}<extra></extra>",
    }
    if not any(one.is_revised for one in targets):
        return steps
    told = [f"（{words}）" if (words := revised_words(one)) else "" for one in targets]
    return steps | {
        "customdata": told,
        "hovertemplate": f"%{{x}}年度 目標<br>%{{hovertext}}{unit}%{{customdata}}<extra></extra>",
    }


def rates(indicator: IndicatorProgress) -> Figure:
    """Return the rate of each period that has one, labelled as printed, with a line at 100%."""
    found = [
        (f"{year.short_label}{_half(result)}", result, result.attainment.rate)
        for year in indicator.years
        for result in year.results
        if result.attainment.rate is not None
    ]
    values = [round_decimal(rate or Decimal(0), 6) for _, _, rate in found]
    highest, lowest = max([Decimal(100), *values]), min([Decimal(0), *values])
    bars = {
        "type": "bar",
        "name": "達成率",
        "x": [label for label, _, _ in found],
        "y": [json_number(value) for value in values],
        "customdata": [f"{one.attainment.display} {one.verdict.words}" for _, one, _ in found],
        "width": 0.5,
        "marker": {"color": [TONES[one.verdict.tone] for _, one, _ in found]},
        "hovertemplate": "%{x}<br>達成率 %{customdata}<extra></extra>",
    }
    layout = base_layout(f"{indicator.name} 達成率（%）", y_title="%")
    layout["shapes"] = [level_line(100)]
    layout["annotations"] = [
        _label(label, max(value, Decimal(0)), one)
        for (label, one, _), value in zip(found, values, strict=True)
    ]
    layout["yaxis"]["range"] = [number(lowest * _ROOM), number(highest * _ROOM)]
    layout["showlegend"] = False
    return {"data": [bars], "layout": layout}


def _label(x: str, y: Decimal, result: Result) -> Figure:
    """Return a bar's label."""
    return _above(x, y, f"{result.attainment.display}<br>{result.verdict.words}")


def _above(x: str, y: Decimal, text: str) -> Figure:
    """Return a text above a figure, on white so that it can be read across a line."""
    return {
        "x": x,
        "y": json_number(y),
        "text": text,
        "showarrow": False,
        "yanchor": "bottom",
        "yshift": 3,
        "bgcolor": "#ffffff",
    }


def _half(result: Result) -> str:
    return "上半期" if result.period.term is Term.H1 else ""


def _pattern(shape: str) -> Figure:
    return {"shape": shape, "fillmode": "overlay", "fgcolor": "#ffffff", "size": 7, "solidity": 0.3}


def judgement_counts(progress: PlanProgress) -> Figure:
    """Return the number of indicators by judgement, one bar for each strategy."""
    strategies = list(progress.strategies)
    labels = [f"{one.number} {one.name}" for one in strategies]
    numbers = [[count.number for count in counts(progress, one.indicators)] for one in strategies]
    data = []
    for place, judgement in enumerate(classes(progress)):
        mine = [row[place] for row in numbers]
        data.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": judgement.words,
                "x": mine,
                "y": labels,
                "text": [f"{judgement.sign}{number}" if number else "" for number in mine],
                "textposition": "inside",
                "insidetextanchor": "middle",
                "textangle": 0,
                "textfont": {"color": "#ffffff"},
                "marker": {
                    "color": TONES[judgement.tone],
                    "line": {"color": "#ffffff", "width": 1},
                },
                "hovertemplate": f"%{{y}}<br>{judgement.words} %{{x}}件<extra></extra>",
            }
        )
    layout = base_layout("基本戦略別の参考判定（件数）", y_title="")
    layout["barmode"] = "stack"
    layout["yaxis"] = {"autorange": "reversed", "automargin": True, "fixedrange": True}
    layout["xaxis"] = {"ticksuffix": "件", "dtick": 1, "gridcolor": GRID, "fixedrange": True}
    layout["legend"]["traceorder"] = "normal"
    return {"data": data, "layout": layout}


def _value(result: Result | None) -> int | float | None:
    return None if result is None else number(result.actual.value)
