"""Facts: indicators, targets, periods, actuals, KGIs, bands, publications and meetings."""

from kpis.models.actuals import Actual
from kpis.models.bandchanges import BandChange
from kpis.models.bands import HIGHEST_FIRST, JudgementBand
from kpis.models.indicators import PAPER_ORDER, Indicator
from kpis.models.kgis import Kgi, KgiComparison, KgiRevision, KgiValue
from kpis.models.meetings import LATEST_FIRST, Meeting, MeetingMaterial, Opinion
from kpis.models.periods import PeriodMove, ReportingPeriod
from kpis.models.publications import Publication
from kpis.models.reminders import Reminder, SectionContact
from kpis.models.targets import Target, TargetRevision
from kpis.models.uploads import ActionUpload, PlanBookUpload, Upload

__all__ = [
    "HIGHEST_FIRST",
    "LATEST_FIRST",
    "PAPER_ORDER",
    "ActionUpload",
    "Actual",
    "BandChange",
    "Indicator",
    "JudgementBand",
    "Kgi",
    "KgiComparison",
    "KgiRevision",
    "KgiValue",
    "Meeting",
    "MeetingMaterial",
    "Opinion",
    "PeriodMove",
    "PlanBookUpload",
    "Publication",
    "Reminder",
    "ReportingPeriod",
    "SectionContact",
    "Target",
    "TargetRevision",
    "Upload",
]
