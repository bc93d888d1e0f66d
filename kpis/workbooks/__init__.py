"""Excel files for readers and for sections, from the read model alone."""

from kpis.workbooks.entry import EntrySheet, entry_workbook
from kpis.workbooks.opendata import open_data_workbook

__all__ = ["EntrySheet", "entry_workbook", "open_data_workbook"]
