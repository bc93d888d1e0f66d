"""Tables of the pages: rows from the read model, each column declared once."""

from kpis.tables.actions import action_table, schedule_table
from kpis.tables.attainment import attainment_table
from kpis.tables.base import Table
from kpis.tables.corrections import CorrectionsTable, corrections_table
from kpis.tables.indicators import (
    HistoryTable,
    IndicatorTable,
    YearTable,
    history_table,
    indicator_table,
    matrix_table,
    year_table,
)
from kpis.tables.kgis import kgi_revisions_table, kgi_table
from kpis.tables.lives import RevisionTable, open_targets_table, revisions_table
from kpis.tables.measures import ActorTable, OpinionTable, actor_table, opinion_table
from kpis.tables.opendata import (
    IssueTable,
    characters_table,
    codes_table,
    dictionary_table,
    issues_table,
    others_table,
)
from kpis.tables.plan import counts_table
from kpis.tables.publicity import publicity_table
from kpis.tables.rules import (
    bands_table,
    formulas_table,
    no_rate_table,
    reasons_table,
    rounding_table,
)
from kpis.tables.texts import table_csv

__all__ = [
    "ActorTable",
    "CorrectionsTable",
    "HistoryTable",
    "IndicatorTable",
    "IssueTable",
    "OpinionTable",
    "RevisionTable",
    "Table",
    "YearTable",
    "action_table",
    "actor_table",
    "attainment_table",
    "bands_table",
    "characters_table",
    "codes_table",
    "corrections_table",
    "counts_table",
    "dictionary_table",
    "formulas_table",
    "history_table",
    "indicator_table",
    "issues_table",
    "kgi_revisions_table",
    "kgi_table",
    "matrix_table",
    "no_rate_table",
    "open_targets_table",
    "opinion_table",
    "others_table",
    "publicity_table",
    "reasons_table",
    "revisions_table",
    "rounding_table",
    "schedule_table",
    "table_csv",
    "year_table",
]
