"""The table of corrections (訂正表)."""

from collections.abc import Sequence

from kpis.differences import Difference
from kpis.tables.base import Table, text_column


class CorrectionsTable(Table):
    """What a correction changed, a difference a row."""

    heading = "place"
    look = "corrections"
    place = text_column("箇所")
    item = text_column("項目")
    before = text_column("訂正前")
    after = text_column("訂正後")


def corrections_table(key: str, rows: Sequence[Difference], caption: str) -> CorrectionsTable:
    """Return the differences in the order of the paper."""
    return CorrectionsTable(key, rows, caption)
