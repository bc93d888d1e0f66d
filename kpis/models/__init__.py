"""Facts: indicators, targets, periods, actuals, KGIs, bands, publications and meetings."""

from kpis.models.bands import JudgementBand
from kpis.models.indicators import Indicator, Target
from kpis.models.kgis import Kgi, KgiValue
from kpis.models.meetings import Meeting, Opinion
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
    "Meeting",
    "Opinion",
    "PeriodMove",
    "Publication",
    "Reminder",
    "ReportingPeriod",
    "SectionContact",
    "Target",
    "Upload",
]
