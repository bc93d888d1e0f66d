"""The council's papers (会議資料): the workbook in the city's own layout, from publications alone."""

from kpis.workbooks.council.book import Step, council_steps, council_workbook

__all__ = ["Step", "council_steps", "council_workbook"]
