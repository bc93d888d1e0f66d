"""Excel files for readers, for sections and for those who write plans. No models, no requests."""

from kpis.workbooks.entry import EntrySheet, entry_workbook
from kpis.workbooks.opendata import open_data_workbook
from kpis.workbooks.planbook import plan_book_template, plan_book_workbook

__all__ = [
    "EntrySheet",
    "entry_workbook",
    "open_data_workbook",
    "plan_book_template",
    "plan_book_workbook",
]
