"""The schedule of actions (ガントチャート): a bar for each stage's years, measure by measure.

Each row has its label above its bars, so that names keep the whole width of a phone. A plan's
units are pixels. Many rows are parted into several figures, each of which fits on a sheet of A4.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from unicodedata import east_asian_width

from actions.fiscal import short_label
from actions.vocabulary import Stage
from kpis.actionwords import NOW, PRIORITY, Stretch, shown_name, standing, stretches
from kpis.figures.base import GRID, INK, MUTED, TONES, Figure, base_layout
from kpis.progress import ActionProgress, PlanProgress
from kpis.sentences import schedule_sentence
from kpis.vocabulary import Tone

# Fill and word of each stage: steps of blue while it grows, grey where it rests or is over.
STAGES = {
    Stage.STUDY: ("#e8f1fe", INK),
    Stage.PREPARATION: ("#c5d7fb", INK),
    Stage.RUNNING: ("#3460fb", "#ffffff"),
    Stage.EXPANSION: ("#00118f", "#ffffff"),
    Stage.DONE: ("#4d4d4d", "#ffffff"),
    Stage.PAUSED: ("#ffffff", INK),
}
_CURRENT, _BAND = "#fff0b3", "#f2f2f2"
_HEADING, _ROW, _BAR = 28, 50, 20
_LINE = 24  # of a label, with the room around it
_TOP, _BOTTOM = 34, 6
_MOST = 760  # of the rows of one figure, which with its words must fit on a sheet
_WIDTH = 50  # of a label, in half-width letters


@dataclass(frozen=True, slots=True)
class _Row:
    """An action, or a measure's heading where ``action`` is None, from ``top`` on."""

    top: int
    heading: str = ""
    action: ActionProgress | None = None

    @property
    def bottom(self) -> int:
        return self.top + (_HEADING if self.action is None else _ROW)


def schedule(progress: PlanProgress, actions: Sequence[ActionProgress]) -> list[Figure]:
    """Return the actions' years as bars in the given order; no figure for no action."""
    parts = list(_parts(progress, actions))
    return [_figure(progress, rows, place, len(parts)) for place, rows in enumerate(parts, 1)]


def _parts(progress: PlanProgress, actions: Sequence[ActionProgress]) -> Iterator[list[_Row]]:
    """Yield each figure's rows: a measure's heading, its actions, and the next measure's."""
    names = {one.code: one.name for _, one in progress.measures}
    rows: list[_Row] = []
    measure = ""
    for one in actions:
        name = f"施策{one.measure_code} {names.get(one.measure_code, '')}".strip()
        opens = one.measure_code != measure
        top = rows[-1].bottom if rows else 0
        if top + _HEADING * opens + _ROW > _MOST:
            yield rows
            rows, top, name = [], 0, name if opens else f"{name}（続き）"
        if opens or not rows:
            rows.append(_Row(top, heading=name))
        rows.append(_Row(rows[-1].bottom, action=one))
        measure = one.measure_code
    if rows:
        yield rows


def _figure(progress: PlanProgress, rows: Sequence[_Row], place: int, parts: int) -> Figure:
    plan, height = progress.plan, rows[-1].bottom
    years = range(plan.start_year, plan.end_year + 1)
    part = f"　{place}／{parts}" if parts > 1 else ""
    title = (
        f"アクションのスケジュール（{short_label(years[0])}～{short_label(years[-1])}年度）{part}"
    )
    actions = [one.action for one in rows if one.action is not None]
    lead = schedule_sentence(actions, progress.period.fiscal_year)
    layout = base_layout(title, y_title="", lead=lead)
    layout["height"] = _TOP + height + _BOTTOM
    layout["margin"] = {"l": 4, "r": 4, "t": _TOP, "b": _BOTTOM}
    layout["showlegend"] = False
    layout["barmode"] = "overlay"
    layout["xaxis"] = _year_axis(years, progress.period.fiscal_year)
    layout["yaxis"] = {"visible": False, "range": [height, 0], "fixedrange": True}
    layout["shapes"] = [*_columns(years, progress.period.fiscal_year), *map(_background, rows)]
    layout["annotations"] = [_label(one, progress) for one in rows]
    return {"data": _bars(rows, years), "layout": layout}


def _year_axis(years: range, marked: int) -> Figure:
    """Return the fiscal years on top; a year is one unit wide, from its own number on."""
    words = [f"{NOW if one == marked else ''}{short_label(one)}" for one in years]
    return {
        "type": "linear",
        "side": "top",
        "range": [years[0], years[-1] + 1],
        "tickmode": "array",
        "tickvals": [one + 0.5 for one in years],
        "ticktext": words,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def _columns(years: range, marked: int) -> Iterator[Figure]:
    """Yield the band of the period's year, and a line between the years."""
    whole = {"yref": "paper", "y0": 0, "y1": 1, "layer": "below"}
    if marked in years:
        band = {"x0": marked, "x1": marked + 1, "fillcolor": _CURRENT, "line": {"width": 0}}
        yield {"type": "rect", **whole, **band}
    for one in [*years, years[-1] + 1]:
        yield {"type": "line", **whole, "x0": one, "x1": one, "line": {"color": GRID, "width": 1}}


def _background(row: _Row) -> Figure:
    """Return a line above an action, or the ground of a heading."""
    across = {"xref": "paper", "x0": 0, "x1": 1, "layer": "below"}
    if row.action is not None:
        line = {"color": GRID, "width": 1}
        return {"type": "line", **across, "y0": row.top, "y1": row.top, "line": line}
    ground = {"y0": row.top, "y1": row.bottom, "fillcolor": _BAND, "line": {"width": 0}}
    return {"type": "rect", **across, **ground}


def _label(row: _Row, progress: PlanProgress) -> Figure:
    """Return what a row is: a late action says so first, in words and in red."""
    late, text = "", row.heading
    if row.action is not None:
        late = standing(row.action, progress.period.fiscal_year).late_words
        text = _words(row.action, late)
    strong = late or row.action is None
    return {
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "xshift": 4,
        "y": row.top + (_HEADING // 2 if row.action is None else _LINE // 2),
        "yanchor": "middle",
        "text": _short(text),
        "font": {
            "size": 12,
            "color": TONES[Tone.BAD] if late else INK,
            "weight": "bold" if strong else "normal",
        },
        "align": "left",
        "showarrow": False,
    }


def _words(action: ActionProgress, late: str) -> str:
    priority = PRIORITY if action.is_priority else ""
    return " ".join(filter(None, (late, action.code, priority, shown_name(action))))


def _short(text: str) -> str:
    """Return the text as far as the label has room, escaped for a chart's own markup."""
    room, kept = _WIDTH, ""
    for letter in text:
        room -= 2 if east_asian_width(letter) in "FWA" else 1
        if room < 0:
            return f"{escape(kept[:-1], quote=False)}…"
        kept += letter
    return escape(kept, quote=False)


@dataclass(frozen=True, slots=True)
class _Bar:
    """Neighbouring years of one stage in an action's row; ``words`` tell them when pointed at."""

    row: _Row
    years: Stretch
    words: str


def _bars(rows: Sequence[_Row], years: range) -> list[Figure]:
    """Return a series for each stage that occurs, in the order of the stages."""
    bars = [
        _Bar(row, one, f"{row.action.code} {shown_name(row.action)}")
        for row in rows
        if row.action is not None
        for one in stretches(row.action, years)
    ]
    found = [(stage, [one for one in bars if one.years.stage is stage]) for stage in Stage]
    return [_series(stage, own) for stage, own in found if own]


def _series(stage: Stage, bars: Sequence[_Bar]) -> Figure:
    fill, ink = STAGES[stage]
    return {
        "type": "bar",
        "orientation": "h",
        "name": stage.label,
        "base": [one.years.first for one in bars],
        "x": [one.years.last - one.years.first + 1 for one in bars],
        "y": [one.row.top + _LINE + _BAR // 2 for one in bars],
        "width": _BAR,
        "text": [stage.label] * len(bars),
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "insidetextfont": {"color": ink, "size": 12},
        "marker": {"color": fill, "line": {"color": MUTED, "width": 1}},
        "customdata": [f"{escape(one.words, quote=False)}<br>{one.years.words}" for one in bars],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
