"""Workbooks that come back from sections: read safely, previewed, and recorded as one change."""

from kpis.imports.archive import LARGEST_FILE, UploadError, too_large
from kpis.imports.head import Fault
from kpis.imports.preview import Change, Contest, Doubt, Preview
from kpis.imports.reader import read_workbook
from kpis.imports.uploads import confirm, preview

__all__ = [
    "LARGEST_FILE",
    "Change",
    "Contest",
    "Doubt",
    "Fault",
    "Preview",
    "UploadError",
    "confirm",
    "preview",
    "read_workbook",
    "too_large",
]
