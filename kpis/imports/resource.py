"""From the rows of a file to what they change, carried by django-import-export.

It looks up the rows' records, skips what is unchanged, and keeps one bad row from hiding the
others. Reading is left to the pure modules, as in the grids, and writing to one service: all rows
or none, each with its history. What kind of rows they are, the resources of figures and of actions
say.
"""

from abc import ABCMeta, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from import_export import fields, resources
from import_export.instance_loaders import BaseInstanceLoader
from tablib import Dataset  # type: ignore[import-untyped]  # the package ships no types

from kpis.entry import Faults
from kpis.imports.head import squeezed
from kpis.imports.layout import Layout
from kpis.imports.preview import Draft, Preview
from kpis.imports.reader import SheetRow
from kpis.merging import Merged
from kpis.services import NewEntry, Saved

_CODE, _SHEET_ROW = "code", "sheet_row"  # the columns that carry a row's code and its cells


class CodeLoader(BaseInstanceLoader):  # type: ignore[misc]  # the package ships no types
    """Finds a row's record by its code among those of the plan, without a query."""

    def get_instance(self, row: Mapping[str, Any]) -> Draft | None:
        """Return a draft of the row as it stands; None for a code that the plan does not have."""
        found = self.resource.rows.get(row[_CODE])
        return None if found is None else Draft(found, Merged(found.entry))


class _Declared(resources.DeclarativeMetaclass, ABCMeta):  # type: ignore[misc]  # no types
    """Declares fields as the package does, and asks each kind of rows for all that it must say."""


class RoundResource(resources.Resource, metaclass=_Declared):  # type: ignore[misc]  # no types
    """Carries the rows of one period's file: a dry run gives drafts, a real run records them."""

    code = fields.Field(attribute="row__code", column_name=_CODE, readonly=True)

    class Meta:
        import_id_fields = ("code",)
        instance_loader_class = CodeLoader
        using_db = "default"
        use_bulk = True
        batch_size = None  # one bulk for all rows: half a file is never recorded
        skip_diff = True  # our preview shows the fields itself
        store_instance = True

    def __init__(
        self,
        upload: Any,
        sheet_rows: Sequence[SheetRow],
        by: User | None = None,
        chosen: frozenset[int] = frozenset(),
    ) -> None:
        """Bring along the period's rows as they stand, in the same number of queries for any.

        ``chosen`` are the keys of the contested rows in which the file wins. Nobody records without
        ``by``.
        """
        super().__init__()
        self.upload, self.by, self.chosen = upload, by, chosen
        self.layout = self.layout_of(upload)
        self.rows: dict[str, Any] = {one.code: one for one in self.standing()}
        self.codes = {squeezed(one.name): one.code for one in self.rows.values()}
        self.asked = [one for one in sheet_rows if one.code and not self.is_left_out(one)]
        self.dataset = Dataset(*((one.code, one) for one in self.asked))
        self.dataset.headers = [_CODE, _SHEET_ROW]
        self.stale = self._stale(sheet_rows)
        self.seen: Mapping[int, Any] = self.seen_at(self.stale) if self.stale else {}
        self.saved: Saved | None = None

    # What the kinds of rows differ in.

    @classmethod
    @abstractmethod
    def layout_of(cls, upload: Any) -> Layout:
        """Return what the file's sheet calls its parts."""

    @abstractmethod
    def standing(self) -> Sequence[Any]:
        """Return the rows that may be filled in, as they stand."""

    @abstractmethod
    def seen_at(self, stale: Mapping[int, int]) -> Mapping[int, Any]:
        """Return what stood in rows at the versions that were downloaded, by key."""

    @abstractmethod
    def read(self, typed: SheetRow, row: Any) -> tuple[Any, Faults]:
        """Return the entry of the typed cells, and the faults by field."""

    @abstractmethod
    def merge(self, seen: Any, mine: Any, theirs: Any) -> Merged[Any]:
        """Return both people's changes of a row together."""

    @abstractmethod
    def record(self, entries: Sequence[NewEntry], by: User) -> Saved:
        """Record the entries as one change."""

    def is_left_out(self, one: SheetRow) -> bool:
        """Return whether the row asks for nothing."""
        return False

    def unknown(self, code: str) -> str:
        """Return what is said of a code that may not be filled in."""
        return f"{self.layout.code}「{code}」はこの計画にありません。"

    # What they share.

    def _stale(self, sheet_rows: Sequence[SheetRow]) -> dict[int, int]:
        """Return the versions that were downloaded of the rows that changed since."""
        known = [(self.rows[one.code], one) for one in sheet_rows if one.code in self.rows]
        return {row.key: one.version for row, one in known if row.version != one.version}

    def init_instance(self, row: Mapping[str, Any] | None = None) -> Draft:
        """Raise ValidationError: a round fills in what the plan has and makes nothing."""
        raise ValidationError({"code": self.unknown("" if row is None else row[_CODE])})

    def import_instance(self, instance: Draft, row: Mapping[str, Any], **kwargs: Any) -> None:
        """Read the typed cells as the grid does. Raises ValidationError with every fault."""
        typed: SheetRow = row[_SHEET_ROW]
        self._check_name(instance.row, typed)
        entry, faults = self.read(typed, instance.row)
        faults = {name: said for name, said in faults.items() if name not in typed.faulty}
        if faults:
            raise ValidationError(dict(faults))
        instance.merged = self._merged(instance.row, entry)

    def _check_name(self, row: Any, typed: SheetRow) -> None:
        """Refuse a code that was written over: the name beside it is another one's."""
        theirs = self.codes.get(typed.name)
        if theirs is not None and typed.name != squeezed(row.name):
            code, name = self.layout.code, self.layout.name
            said = f"{code}は「{row.code}」ですが、{name}は「{theirs}」のものです。"
            raise ValidationError({"code": f"{said}{code}を元に戻してください。"})

    def _merged(self, row: Any, entry: Any) -> Merged[Any]:
        if row.key not in self.stale:
            return Merged(entry)
        return self.merge(self.seen.get(row.key), entry, row.entry)

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
        entries = Preview(self.layout.labels, drafts, chosen=self.chosen).entries
        self.saved = self.record(entries, self.by)
