"""The rows of a workbook of actions: a year's PDCA, read as in the grid."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User

from actions.fiscal import Term
from kpis.entry import Faults
from kpis.imports.layout import Layout
from kpis.imports.reader import SheetRow
from kpis.imports.resource import RoundResource
from kpis.merging import Merged
from kpis.models import ActionUpload
from kpis.pdca import LABELS, ActionRow, Typed, fields_of, merge, read
from kpis.progress import ActionYear
from kpis.selectors.actiongrid import action_rows, seen_years
from kpis.services import NewEntry, Saved, apply_action_upload
from kpis.workbooks.actions import CODE, NAME, SHEET


def layout_at(term: Term) -> Layout:
    """Return what the sheet calls its parts in a file of the term."""
    return Layout(SHEET, CODE, NAME, {name: LABELS[name] for name in fields_of(term)})


class ActionResource(RoundResource):
    """Carries the actions of one period's file."""

    upload: ActionUpload

    @classmethod
    def layout_of(cls, upload: Any) -> Layout:
        """Return the sheet's parts: half-year and year ask for different cells."""
        return layout_at(upload.period.period.term)

    def standing(self) -> Sequence[ActionRow]:
        """Return the plan's actions."""
        return action_rows(self.upload.period)

    def seen_at(self, stale: Mapping[int, int]) -> Mapping[int, ActionYear]:
        """Return what stood there at the versions that were downloaded."""
        return seen_years(self.upload.period, stale)

    def read(self, typed: SheetRow, row: ActionRow) -> tuple[ActionYear, Faults]:
        """Read the cells as the grid does."""
        return read(Typed(**typed.texts), row.entry, row.term)

    def merge(self, seen: Any, mine: Any, theirs: Any) -> Merged[ActionYear]:
        """Put both people's changes together."""
        return merge(seen, mine, theirs)

    def record(self, entries: Sequence[NewEntry], by: User) -> Saved:
        """Record the years, all or none."""
        return apply_action_upload(upload=self.upload, entries=entries, by=by)
