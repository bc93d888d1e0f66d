"""Facts: indicators, targets, periods, actuals, KGIs, bands and publications."""

from kpis.models.bands import JudgementBand
from kpis.models.indicators import Indicator, Target
from kpis.models.kgis import Kgi, KgiValue
from kpis.models.periods import Actual, ReportingPeriod
from kpis.models.publications import Publication

__all__ = [
    "Actual",
    "Indicator",
    "JudgementBand",
    "Kgi",
    "KgiValue",
    "Publication",
    "ReportingPeriod",
    "Target",
]
