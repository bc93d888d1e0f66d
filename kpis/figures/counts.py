"""The chart of judgements: how many indicators of each strategy have which."""

from kpis.figures.base import GRID, PAPER, TONES, Figure, base_layout
from kpis.progress import PlanProgress
from kpis.sentences import counts_sentence
from kpis.summary import classes, counts


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
                "textfont": {"color": PAPER},
                "marker": {
                    "color": TONES[judgement.tone],
                    "line": {"color": PAPER, "width": 1},
                },
                "hovertemplate": f"%{{y}}<br>{judgement.words} %{{x}}件<extra></extra>",
            }
        )
    layout = base_layout("基本戦略別の参考判定（件数）", y_title="", lead=counts_sentence(progress))
    layout["barmode"] = "stack"
    layout["yaxis"] = {"autorange": "reversed", "automargin": True, "fixedrange": True}
    layout["xaxis"] = {"ticksuffix": "件", "dtick": 1, "gridcolor": GRID, "fixedrange": True}
    layout["legend"]["traceorder"] = "normal"
    return {"data": data, "layout": layout}
