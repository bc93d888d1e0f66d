"""From a stored upload to its preview, and from the confirmed preview to the records."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.auth.models import User
from openpyxl.utils import column_index_from_string

from kpis.imports.actionyears import ActionResource
from kpis.imports.archive import UploadError
from kpis.imports.figures import EntryResource
from kpis.imports.head import Fault
from kpis.imports.layout import Layout
from kpis.imports.preview import Draft, Preview
from kpis.imports.reader import SheetRow, read_workbook
from kpis.imports.resource import RoundResource
from kpis.models import ActionUpload, Upload
from kpis.services import Saved

_PLACE = re.compile(r"([A-Z]+)(\d+)")
RoundUpload = Upload | ActionUpload


def _kind_of(upload: RoundUpload) -> type[RoundResource]:
    """Return what carries the rows of the file."""
    return EntryResource if isinstance(upload, Upload) else ActionResource


def preview(upload: RoundUpload, chosen: frozenset[int] = frozenset()) -> Preview:
    """Return what the file would change now; nothing is written.

    Takes the same number of queries for any number of rows.
    """
    sheet_rows, faults = _read(upload)
    if not sheet_rows:
        return Preview(_kind_of(upload).layout_of(upload).labels, faults=faults)
    resource = _kind_of(upload)(upload, sheet_rows, chosen=chosen)
    return _carried(resource, faults)


def confirm(
    *, upload: RoundUpload, by: User, fingerprint: str, chosen: frozenset[int] = frozenset()
) -> Saved | Preview:
    """Record what the preview with this fingerprint showed, and return what became of it.

    Where the file has faults, or anything that it shows has changed since, nothing is written and
    the new preview is returned. Raises EntryError, with nothing written.
    """
    sheet_rows, faults = _read(upload)
    resource = _kind_of(upload)(upload, sheet_rows, by, chosen)
    now = _carried(resource, faults)
    if now.faults or now.fingerprint != fingerprint:
        return now
    _run(resource, dry_run=False)
    if resource.saved is None or resource.saved.conflicts:  # changed within this very moment
        return preview(upload, chosen)
    return resource.saved


def _read(upload: RoundUpload) -> tuple[tuple[SheetRow, ...], tuple[Fault, ...]]:
    """Return the file's rows and faults; one that cannot be opened is a fault of the whole."""
    period, layout = upload.period, _kind_of(upload).layout_of(upload)
    try:
        return read_workbook(bytes(upload.content), period.plan.slug, period.period, layout)
    except UploadError as error:
        return (), (Fault("", "", str(error)),)


def _carried(resource: RoundResource, faults: Sequence[Fault]) -> Preview:
    result = _run(resource, dry_run=True)
    drafts: list[Draft] = [one.instance for one in result.rows if one.is_update()]
    found = [*faults, *_row_faults(result, resource.asked, resource.layout)]
    return Preview(
        resource.layout.labels,
        drafts=tuple(drafts),
        faults=tuple(sorted(found, key=_place)),
        unchanged=result.totals["skip"],
        chosen=resource.chosen,
    )


def _run(resource: RoundResource, *, dry_run: bool) -> Any:
    """Return the package's result. Raises whatever is no fault of the file."""
    result = resource.import_data(resource.dataset, dry_run=dry_run)
    for error in (*result.base_errors, *(one for row in result.rows for one in row.errors)):
        raise error.error
    return result


def _row_faults(result: Any, sheet_rows: Sequence[SheetRow], layout: Layout) -> Iterator[Fault]:
    for invalid in result.invalid_rows:
        row = sheet_rows[invalid.number - 1]
        for name, said in invalid.error_dict.items():
            label = f"{layout.labels[name]}: " if name in layout.labels else ""
            # A column that the file lacks is told at the row.
            place = row.cells.get(name, row.cells["code"])
            yield Fault(layout.sheet, place, label + " ".join(said))


def _place(fault: Fault) -> tuple[int, int]:
    """Return a fault's place in reading order; what concerns the whole sheet comes first."""
    match = _PLACE.match(fault.cell)
    return (0, 0) if match is None else (int(match[2]), column_index_from_string(match[1]))
