"""One row of a round: what is typed for an indicator, what it means, and what it gives. Pure.

The entry screen, the Excel file and the single record's form all read typed texts here, so that a
figure means the same whichever way it came in.
"""

from kpis.entry.cells import FIELDS, LABELS, Entry, Typed, merge
from kpis.entry.reading import (
    LONGEST_TEXT,
    NOT_ASKED,
    Asked,
    Faults,
    chosen,
    clean_text,
    read,
    read_text,
)
from kpis.entry.rows import EntryRow

__all__ = [
    "FIELDS",
    "LABELS",
    "LONGEST_TEXT",
    "NOT_ASKED",
    "Asked",
    "Entry",
    "EntryRow",
    "Faults",
    "Typed",
    "chosen",
    "clean_text",
    "merge",
    "read",
    "read_text",
]
