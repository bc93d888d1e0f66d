"""What all charts share: colours, font, layout."""

from decimal import Decimal
from typing import Any

from kpis.numerals import json_number
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


def base_layout(title: str, y_title: str) -> Figure:
    """Return the layout that all charts share."""
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
