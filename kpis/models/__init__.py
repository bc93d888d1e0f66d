"""Facts: indicators, targets, periods, actuals, KGIs, bands and publications."""

from kpis.models.bands import JudgementBand
from kpis.models.indicators import Indicator, Target
from kpis.models.kgis import Kgi, KgiValue
from kpis.models.periods import Actual, PeriodMove, ReportingPeriod
from kpis.models.publications import Publication
from kpis.models.reminders import Reminder, SectionContact
from kpis.models.uploads import Upload

__all__ = [
    "Actual",
    "Indicator",
    "JudgementBand",
    "Kgi",
    "KgiValue",
    "PeriodMove",
    "Publication",
    "Reminder",
    "ReportingPeriod",
    "SectionContact",
    "Target",
    "Upload",
]
