"""Excel files for readers, for sections and for those who write plans. No models, no requests."""

from kpis.workbooks.actions import ActionSheet, action_workbook
from kpis.workbooks.entry import EntrySheet, entry_workbook
from kpis.workbooks.opendata import open_data_workbook
from kpis.workbooks.planbook import plan_book_template, plan_book_workbook

__all__ = [
    "ActionSheet",
    "EntrySheet",
    "action_workbook",
    "entry_workbook",
    "open_data_workbook",
    "plan_book_template",
    "plan_book_workbook",
]
