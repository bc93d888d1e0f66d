"""Open data: one row per indicator, fiscal year and term, and what explains it.

The rows feed CSV, XLSX and JSON alike; ``files`` and ``metadata`` name what is offered of them.
"""

from kpis.opendata.changes import OTHERS
from kpis.opendata.codepage import Replaced, cp932, replaced
from kpis.opendata.codes import Code, codes
from kpis.opendata.columns import COLUMNS, Column
from kpis.opendata.rows import Row, Value, cell_text, rows
from kpis.opendata.terms import DESCRIPTION, LICENSE, LICENSE_ADDRESS
from kpis.opendata.texts import csv_bytes, csv_of, json_bytes

__all__ = [
    "COLUMNS",
    "DESCRIPTION",
    "LICENSE",
    "LICENSE_ADDRESS",
    "OTHERS",
    "Code",
    "Column",
    "Replaced",
    "Row",
    "Value",
    "cell_text",
    "codes",
    "cp932",
    "csv_bytes",
    "csv_of",
    "json_bytes",
    "replaced",
    "rows",
]
