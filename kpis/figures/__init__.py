"""Plotly figures as plain dictionaries, made from the read model. Presentation.

Colours mean the same everywhere: blue steps for good, red for bad, orange between, grey for what
is not judged; patterns and words say it again for grey print.
"""

from kpis.figures.base import TONES
from kpis.figures.counts import judgement_counts
from kpis.figures.gantt import STAGES, schedule
from kpis.figures.kgis import kgi_index, kgi_key
from kpis.figures.trend import trend

__all__ = [
    "STAGES",
    "TONES",
    "judgement_counts",
    "kgi_index",
    "kgi_key",
    "schedule",
    "trend",
]
