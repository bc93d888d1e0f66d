"""What all charts share: colours, font, layout."""

from decimal import Decimal
from typing import Any

from kpis.numerals import json_number
from kpis.vocabulary import Tone

Figure = dict[str, Any]

INK, MUTED, GRID, PAPER = "#1a1a1a", "#4d4d4d", "#cccccc", "#ffffff"
YEAR, HALF, TARGET, COMPARATOR = "#0017c1", "#7096f8", "#1a1a1a", "#666666"
TONES = {
    Tone.GOOD: "#0017c1",
    Tone.FAIR: "#3460fb",
    Tone.WEAK: "#c74700",
    Tone.BAD: "#a90000",
    Tone.NEUTRAL: "#666666",
}
_FONT = '"BIZ UDPGothic", "Yu Gothic", "Hiragino Kaku Gothic ProN", "Noto Sans CJK JP", sans-serif'


def number(value: Decimal | None) -> int | float | None:
    """Return the figure as a chart takes it; None for none."""
    return None if value is None else json_number(value)


def level_line(level: int) -> Figure:
    """Return a dotted line across the chart."""
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": level,
        "y1": level,
        "line": {"color": INK, "width": 1.5, "dash": "dot"},
    }


def base_layout(title: str, y_title: str, lead: str = "") -> Figure:
    """Return the layout that all charts share; ``lead`` is what the chart shows, in a sentence."""
    return {
        # Shown by the page, which can wrap them; the script adds them to a downloaded picture.
        "meta": {"title": title, "lead": lead},
        "font": {"family": _FONT, "size": 13, "color": INK},
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
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
