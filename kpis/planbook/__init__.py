"""The plan book (計画ブック): a whole plan in the form that staff think in, one workbook. Pure."""

from kpis.planbook.rows import PlanBook
from kpis.planbook.sheets import REQUIRED, SHEETS, Column, Sheet

__all__ = ["REQUIRED", "SHEETS", "Column", "PlanBook", "Sheet"]
