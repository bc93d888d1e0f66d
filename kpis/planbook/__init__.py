"""The plan book (計画ブック): a whole plan in the form that staff think in, one workbook. Pure."""

from kpis.planbook.columns import REQUIRED, Column, Sheet
from kpis.planbook.rows import PlanBook
from kpis.planbook.sheets import SHEETS

__all__ = ["REQUIRED", "SHEETS", "Column", "PlanBook", "Sheet"]
