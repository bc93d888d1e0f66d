"""Plotly figures as plain dictionaries, made from the read model. Presentation.

Colours mean the same everywhere: blue steps for good, red for bad, orange between, grey for what
is not judged; patterns and words say it again for grey print.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import partial
from typing import Any

from actions.fiscal import Term, calendar_year_label, short_label
from kpis.kgiwords import comparison_names
from kpis.lives import revised_words
from kpis.numerals import format_exact, json_number, round_decimal
from kpis.progress import (
    IndicatorProgress,
    KgiProgress,
    KgiYear,
    PlanProgress,
    Result,
    Target,
    YearProgress,
)
from kpis.remarks import bound_words, carried_words
from kpis.summary import classes, counts
from kpis.vocabulary import Tone

Figure = dict[str, Any]

INK, MUTED, GRID = "#1a1a1c", "#595959", "#d9d9dd"
YEAR, HALF, TARGET, COMPARATOR = "#0946a5", "#7096f8", "#1a1a1c", "#6f6f75"
TONES = {
    Tone.GOOD: "#0946a5",
    Tone.FAIR: "#3366e6",
    Tone.WEAK: "#b35900",
    Tone.BAD: "#ba000d",
    Tone.NEUTRAL: "#757579",
}
_ACROSS = 10  # letters of a unit beside the axis; the figure's title has it anyway
_STEPS = 5  # between the ticks of an axis, about
REVISED = "改定"  # above the step of a target that was revised
_ROOM = Decimal("1.35")  # above the highest bar
# Of lines for reference: colour, mark and dash; none means good or bad.
_THIN = (
    ("#6b4e9b", "triangle-up", "dot"),
    ("#7a5230", "diamond", "dashdot"),
    ("#00607a", "x", "longdash"),
)
_LONGEST = 7  # full-width letters of a label's line
_PLOT = Decimal(230)  # pixels between the lowest and the highest point of a chart of lines, about
_LINE_HEIGHT = Decimal(18)
_FONT = '"BIZ UDPGothic", "Yu Gothic", "Hiragino Kaku Gothic ProN", "Noto Sans CJK JP", sans-serif'


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
    layout = _layout(f"{indicator.name}（{unit}）", y_title=unit if len(unit) <= _ACROSS else "")
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
        else _number(half.actual.forecast)
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
        "y": [_number(one.value) for one in targets],
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
    layout = _layout(f"{indicator.name} 達成率（%）", y_title="%")
    layout["shapes"] = [_level_line(100)]
    layout["annotations"] = [
        _label(label, max(value, Decimal(0)), one)
        for (label, one, _), value in zip(found, values, strict=True)
    ]
    layout["yaxis"]["range"] = [_number(lowest * _ROOM), _number(highest * _ROOM)]
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


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of indexes: its points as (label, index), and how it is drawn."""

    name: str
    points: tuple[tuple[str, Decimal], ...]
    colour: str
    symbol: str
    dash: str
    width: float = 3

    @property
    def label(self) -> str:
        """Return what stands at its end: the name, broken into short lines, and the last index."""
        pieces = [self.name[at : at + _LONGEST] for at in range(0, len(self.name), _LONGEST)]
        value = str(_number(round_decimal(self.points[-1][1], 1)))
        short = len(pieces[-1]) + len(value) / 2 <= _LONGEST + 1
        return "<br>".join([*pieces[:-1], f"{pieces[-1]} {value}"] if short else [*pieces, value])


def kgi_index(kgi: KgiProgress) -> Figure:
    """Return the KGI and its comparators as indexes, the base year at 100, labelled at their ends.

    Further comparators, for reference, are thinner.
    """
    # Lines show change, not amounts: their axis need not begin at zero.
    layout = _layout(f"{kgi.name}（指数、{calendar_year_label(kgi.base_year)}＝100）", y_title="")
    layout["yaxis"]["rangemode"] = "normal"
    layout["shapes"] = [_level_line(100)]
    layout["showlegend"] = False
    layout["margin"]["r"] = 118
    layout["xaxis"]["categoryarray"] = [_year_label(one) for one in kgi.years]
    lines = [one for one in _kgi_lines(kgi) if one.points]
    # Fixed, or the labels' width would be taken from the lines; later years have no point yet.
    ends = [layout["xaxis"]["categoryarray"].index(one.points[-1][0]) for one in lines]
    layout["xaxis"]["range"] = [-0.25, max(ends, default=0) + 0.25]
    layout["annotations"] = _end_labels(lines)
    return {"data": [_index_line(one) for one in lines], "layout": layout}


def kgi_key(kgi: KgiProgress) -> str:
    """Return how the lines of the KGI's figure are told apart."""
    more = "、細い線は参考の比較対象" if comparison_names(kgi) else ""
    return f"実線は市、破線は{kgi.comparator}{more}、点線は起点（100）"


def _kgi_lines(kgi: KgiProgress) -> Iterator[_Line]:
    yield _Line("市", _points(kgi, lambda one: one.index), YEAR, "circle", "solid")
    theirs = _points(kgi, lambda one: one.comparator_index)
    yield _Line(kgi.comparator, theirs, COMPARATOR, "square", "dash")
    for place, name in enumerate(comparison_names(kgi)):
        points = _points(kgi, partial(_index_of, name))
        yield _Line(name, points, *_THIN[place % len(_THIN)], width=1.5)


def _index_of(name: str, year: KgiYear) -> Decimal | None:
    return next((one.index for one in year.comparisons if one.name == name), None)


def _points(
    kgi: KgiProgress, index: Callable[[KgiYear], Decimal | None]
) -> tuple[tuple[str, Decimal], ...]:
    found = ((_year_label(one), index(one)) for one in kgi.years)
    return tuple((label, value) for label, value in found if value is not None)


def _year_label(year: KgiYear) -> str:
    return f"{short_label(year.year)}<br>({year.year})"


def _index_line(line: _Line) -> Figure:
    return {
        "type": "scatter",
        "name": line.name,
        "mode": "lines+markers",
        "x": [label for label, _ in line.points],
        "y": [_number(round_decimal(value, 1)) for _, value in line.points],
        "cliponaxis": False,
        "line": {"color": line.colour, "width": line.width, "dash": line.dash},
        "marker": {"symbol": line.symbol, "size": 9 if line.width > 2 else 7},
        "hovertemplate": f"%{{x}} {line.name}<br>指数 %{{y}}<extra></extra>",
    }


def _end_labels(lines: Sequence[_Line]) -> list[Figure]:
    """Return a label at each line's end; those that would lie on each other are moved apart."""
    values = [value for one in lines for _, value in one.points]
    scale = _PLOT / max(max(values) - min(values), Decimal(1)) if values else Decimal(0)
    ends: dict[str, list[_Line]] = {}
    for one in sorted(lines, key=lambda one: one.points[-1][1], reverse=True):
        ends.setdefault(one.points[-1][0], []).append(one)
    return [
        _end_label(one, shift)
        for group in ends.values()
        for one, shift in zip(group, _shifts(group, scale), strict=True)
    ]


def _shifts(group: Sequence[_Line], scale: Decimal) -> list[Decimal]:
    """Return by how many pixels each label moves up, from the highest to the lowest."""
    wanted = [one.points[-1][1] * scale for one in group]
    high = [_LINE_HEIGHT * (1 + one.label.count("<br>")) for one in group]
    placed: list[Decimal] = []
    for place, middle in enumerate(wanted):
        least = (high[place] + high[place - 1]) / 2
        placed.append(middle if not placed else min(middle, placed[-1] - least))
    moved = [now - before for now, before in zip(placed, wanted, strict=True)]
    middle = sum(moved, Decimal(0)) / len(moved)
    return [one - middle for one in moved]


def _end_label(line: _Line, shift: Decimal) -> Figure:
    label, value = line.points[-1]
    return {
        "x": label,
        "y": _number(round_decimal(value, 1)),
        "text": line.label,
        "font": {"color": line.colour},
        "showarrow": False,
        "align": "left",
        "xanchor": "left",
        "xshift": 8,
        "bgcolor": "#ffffff",
        "yshift": float(round(shift, 1)),
    }


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
    layout = _layout("基本戦略別の参考判定（件数）", y_title="")
    layout["barmode"] = "stack"
    layout["yaxis"] = {"autorange": "reversed", "automargin": True, "fixedrange": True}
    layout["xaxis"] = {"ticksuffix": "件", "dtick": 1, "gridcolor": GRID, "fixedrange": True}
    layout["legend"]["traceorder"] = "normal"
    return {"data": data, "layout": layout}


def _value(result: Result | None) -> int | float | None:
    return None if result is None else _number(result.actual.value)


def _number(value: Decimal | None) -> int | float | None:
    return None if value is None else json_number(value)


def _level_line(level: int) -> Figure:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": level,
        "y1": level,
        "line": {"color": INK, "width": 1.5, "dash": "dot"},
    }


def _layout(title: str, y_title: str) -> Figure:
    return {
        # Shown by the page, which can wrap it; the script adds it to a downloaded picture.
        "meta": {"title": title},
        "font": {"family": _FONT, "size": 13, "color": INK},
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "margin": {"l": 64, "r": 24, "t": 16, "b": 48},
        "legend": {"orientation": "h", "y": -0.16, "x": 0},
        "separators": ".,",
        "xaxis": {"type": "category", "fixedrange": True, "categoryorder": "array"},
        "yaxis": {
            "title": {"text": y_title},
            "rangemode": "tozero",
            "gridcolor": GRID,
            "zerolinecolor": MUTED,
            "separatethousands": True,
            "exponentformat": "none",
            "fixedrange": True,
            "automargin": True,
        },
    }
