"""From the rows of a file to what they change, carried by django-import-export.

It looks up the rows' indicators, skips what is unchanged, and keeps one bad row from hiding the
others. Reading is left to ``kpis.entry``, as in the grid, and writing to one service: all rows or
none, each with its history.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from import_export import fields, resources
from import_export.instance_loaders import BaseInstanceLoader
from tablib import Dataset  # type: ignore[import-untyped]  # the package ships no types

from actions.fiscal import fiscal_year_label
from kpis.entry import Entry, EntryRow, Merged, Typed, merge, read
from kpis.imports.head import OPTIONAL, squeezed
from kpis.imports.preview import Draft, Preview
from kpis.imports.reader import SheetRow
from kpis.lives import span_words
from kpis.models import Upload
from kpis.selectors.entry import all_rows, seen_entries
from kpis.services import Saved, apply_upload
from kpis.workbooks.columns import CODE

_SHEET_ROW = "sheet_row"  # the column that carries a row's cells


class IndicatorLoader(BaseInstanceLoader):  # type: ignore[misc]  # the package ships no types
    """Finds a row's indicator by its code among those of the plan, without a query."""

    def get_instance(self, row: Mapping[str, Any]) -> Draft | None:
        """Return a draft of the row as it stands; None for a code that the plan does not have."""
        found = self.resource.rows.get(row[CODE])
        return None if found is None else Draft(found, Merged(found.entry))


class EntryResource(resources.Resource):  # type: ignore[misc]  # the package ships no types
    """Carries the rows of one period's file: a dry run gives drafts, a real run records them."""

    code = fields.Field(attribute="row__code", column_name=CODE, readonly=True)

    class Meta:
        import_id_fields = ("code",)
        instance_loader_class = IndicatorLoader
        using_db = "default"
        use_bulk = True
        batch_size = None  # one bulk for all rows: half a file is never recorded
        skip_diff = True  # our preview shows the fields itself
        store_instance = True

    def __init__(
        self,
        upload: Upload,
        sheet_rows: Sequence[SheetRow],
        by: User | None = None,
        chosen: frozenset[int] = frozenset(),
    ) -> None:
        """Bring along the period's rows as they stand, in the same number of queries for any.

        ``chosen`` are the contested indicators for which the file wins. Nobody records without
        ``by``.
        """
        super().__init__()
        self.upload, self.by, self.chosen = upload, by, chosen
        period = upload.period
        known = all_rows(period)
        self.rows = {one.code: one for one in known if one.is_measured}
        self.outside = {one.code: one for one in known if not one.is_measured}
        self.codes = {squeezed(one.name): one.code for one in self.rows.values()}
        asked = (one for one in sheet_rows if one.code and not self._is_left_out(one))
        self.dataset = Dataset(*((one.code, one) for one in asked))
        self.dataset.headers = [CODE, _SHEET_ROW]
        self.stale = self._stale(sheet_rows)
        self.seen: dict[int, Entry] = seen_entries(period, self.stale) if self.stale else {}
        self.saved: Saved | None = None

    def _is_left_out(self, one: SheetRow) -> bool:
        """Return whether nothing stands in the row of an indicator that is not measured now."""
        return one.code in self.outside and one.typed == Typed() and not one.faulty

    def _stale(self, sheet_rows: Sequence[SheetRow]) -> dict[int, int]:
        """Return the versions that were downloaded of the rows that changed since."""
        known = [(self.rows[one.code], one) for one in sheet_rows if one.code in self.rows]
        return {row.indicator: one.version for row, one in known if row.version != one.version}

    def init_instance(self, row: Mapping[str, Any] | None = None) -> Draft:
        """Raise ValidationError: a round fills in the plan's indicators and makes none."""
        code = "" if row is None else row[CODE]
        if code in self.outside:
            raise ValidationError({"code": self._not_measured(self.outside[code])})
        raise ValidationError({"code": f"{CODE}「{code}」はこの計画にありません。"})

    def _not_measured(self, row: EntryRow) -> str:
        span = span_words(row.record.start_year, row.record.end_year)
        year = fiscal_year_label(row.period.fiscal_year)
        return (
            f"{CODE}「{row.code}」は{year}に測定しません（{span}）。この行の記入を消してください。"
        )

    def import_instance(self, instance: Draft, row: Mapping[str, Any], **kwargs: Any) -> None:
        """Read the typed cells as the grid does. Raises ValidationError with every fault."""
        typed: SheetRow = row[_SHEET_ROW]
        self._check_name(instance.row, typed)
        entry, faults = read(_readable(typed, instance.row), instance.row.asked)
        faults = {name: said for name, said in faults.items() if name not in typed.faulty}
        if faults:
            raise ValidationError(dict(faults))
        instance.merged = self._merge(instance.row, entry)

    def _check_name(self, row: EntryRow, typed: SheetRow) -> None:
        """Refuse a code that was written over: the name beside it is another indicator's."""
        theirs = self.codes.get(typed.name)
        if theirs is not None and typed.name != squeezed(row.name):
            said = f"{CODE}は「{row.code}」ですが、指標名は「{theirs}」のものです。"
            raise ValidationError({"code": f"{said}{CODE}を元に戻してください。"})

    def _merge(self, row: EntryRow, entry: Entry) -> Merged:
        if row.indicator not in self.stale:
            return Merged(entry)
        return merge(self.seen.get(row.indicator), entry, row.entry)

    def skip_row(
        self,
        instance: Draft,
        original: Any,
        row: Mapping[str, Any],
        import_validation_errors: Any = None,
    ) -> bool:
        """Return whether the row is as it stands."""
        return not import_validation_errors and not instance.is_change

    def bulk_update(
        self,
        using_transactions: bool,
        dry_run: bool,
        raise_errors: bool,
        batch_size: int | None = None,
        result: Any = None,
    ) -> None:
        """Record the drafts as one change with its history, unless this is a dry run."""
        drafts = tuple(self.update_instances)
        self.update_instances.clear()
        if dry_run or self.by is None or result.has_validation_errors():
            return
        entries = Preview(drafts, chosen=self.chosen).entries
        self.saved = apply_upload(upload=self.upload, entries=entries, by=self.by)


def _readable(typed: SheetRow, row: EntryRow) -> Typed:
    """Return the cells with a figure where one could not be taken.

    Otherwise its 速報 mark would be called a fault as well. What a file of an earlier release has
    no column for stays as it stands.
    """
    texts = {name: getattr(row.typed, name) for name in OPTIONAL if name not in typed.cells}
    if "carried_from" in texts and not typed.typed.value:
        texts["carried_from"] = ""  # it was the year of a figure that is gone
    if "value" in typed.faulty:
        texts["value"] = "0"
    return replace(typed.typed, **texts)
