"""The rows of an entry workbook: figures of a period, read as in the grid."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User

from actions.fiscal import fiscal_year_label
from kpis.entry import Entry, EntryRow, Faults, Typed, merge, read
from kpis.imports.layout import FIGURES, Layout
from kpis.imports.reader import SheetRow
from kpis.imports.resource import RoundResource
from kpis.lives import span_words
from kpis.merging import Merged
from kpis.models import Upload
from kpis.selectors.entry import all_rows, seen_entries
from kpis.services import NewEntry, Saved, apply_upload


class EntryResource(RoundResource):
    """Carries the figures of one period's file."""

    upload: Upload

    @classmethod
    def layout_of(cls, upload: Any) -> Layout:
        """Return the entry sheet's parts."""
        return FIGURES

    def standing(self) -> Sequence[EntryRow]:
        """Return the indicators that the period's year measures."""
        known = all_rows(self.upload.period)
        self.outside = {one.code: one for one in known if not one.is_measured}
        return [one for one in known if one.is_measured]

    def seen_at(self, stale: Mapping[int, int]) -> Mapping[int, Entry]:
        """Return what stood there at the versions that were downloaded."""
        return seen_entries(self.upload.period, stale)

    def read(self, typed: SheetRow, row: EntryRow) -> tuple[Entry, Faults]:
        """Read the cells as the grid does."""
        return read(_readable(typed, row), row.asked)

    def merge(self, seen: Any, mine: Any, theirs: Any) -> Merged[Entry]:
        """Put both people's changes together."""
        return merge(seen, mine, theirs)

    def record(self, entries: Sequence[NewEntry], by: User) -> Saved:
        """Record the figures, all or none."""
        return apply_upload(upload=self.upload, entries=entries, by=by)

    def is_left_out(self, one: SheetRow) -> bool:
        """Return whether nothing stands in the row of an indicator that is not measured now."""
        return one.code in self.outside and not any(one.texts.values()) and not one.faulty

    def unknown(self, code: str) -> str:
        """Tell an indicator that is not measured now from one that the plan does not have."""
        row = self.outside.get(code)
        if row is None:
            return super().unknown(code)
        span = span_words(row.record.start_year, row.record.end_year)
        year = fiscal_year_label(row.period.fiscal_year)
        said = f"{self.layout.code}「{code}」は{year}に測定しません（{span}）。"
        return f"{said}この行の記入を消してください。"


def _readable(typed: SheetRow, row: EntryRow) -> Typed:
    """Return the cells with a figure where one could not be taken.

    Otherwise its 速報 mark would be called a fault as well. What a file of an earlier release has
    no column for stays as it stands.
    """
    texts = {name: getattr(row.typed, name) for name in FIGURES.optional if name not in typed.cells}
    if "carried_from" in texts and not typed.texts.get("value"):
        texts["carried_from"] = ""  # it was the year of a figure that is gone
    if "value" in typed.faulty:
        texts["value"] = "0"
    return Typed(**{**typed.texts, **texts})
