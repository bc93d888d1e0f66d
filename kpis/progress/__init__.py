"""The read model: how far one plan has got at one period, complete and frozen. Pure.

Live records and a stored publication both become a PlanProgress; pages, figures, workbooks and
open data know nothing else. Labels and displayed figures are part of it, so that an old
publication reads the same after the program's words have changed.
"""

from kpis.progress.actions import (
    ActionProgress,
    ActionYear,
    MeasureFacts,
    MeetingProgress,
    Opinion,
    Publicity,
)
from kpis.progress.indicators import (
    Actual,
    IndicatorProgress,
    Result,
    Target,
    TargetRevision,
    YearProgress,
)
from kpis.progress.kgis import KgiComparison, KgiProgress, KgiRevision, KgiYear
from kpis.progress.plans import Edition, PlanFacts, PlanProgress, StrategyProgress

__all__ = [
    "ActionProgress",
    "ActionYear",
    "Actual",
    "Edition",
    "IndicatorProgress",
    "KgiComparison",
    "KgiProgress",
    "KgiRevision",
    "KgiYear",
    "MeasureFacts",
    "MeetingProgress",
    "Opinion",
    "PlanFacts",
    "PlanProgress",
    "Publicity",
    "Result",
    "StrategyProgress",
    "Target",
    "TargetRevision",
    "YearProgress",
]
