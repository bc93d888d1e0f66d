"""From a stored plan book to its preview, and from the confirmed preview to the records."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.models import User

from kpis.imports.archive import UploadError
from kpis.imports.planbook import faultless, read_planbook
from kpis.models import PlanBookUpload
from kpis.planbook.imported import Imported
from kpis.planbook.reading import Reading
from kpis.planbook.rows import PlanBook
from kpis.planbook.typed import Fault
from kpis.services import BookError, apply_plan_book, import_book, lacking_rights


@dataclass(frozen=True)
class BookPreview:
    """What a plan book would do, or why it cannot be taken in: one of the two."""

    faults: tuple[Fault, ...] = ()
    imported: Imported | None = None
    lacking: tuple[str, ...] = ()  # what of this the person may not do

    @property
    def is_taken(self) -> bool:
        """Return whether it has been recorded."""
        return self.imported is not None and not self.imported.dry_run

    @property
    def needs_reason(self) -> bool:
        """Return whether a plan that stands is changed."""
        return self.imported is not None and not self.imported.is_new

    @cached_property
    def fingerprint(self) -> str:
        """Return the name of exactly what is shown; blank where nothing can be taken in."""
        return "" if self.imported is None else self.imported.fingerprint


def preview_book(upload: PlanBookUpload, by: User) -> BookPreview:
    """Return what the file would change now; nothing is written."""
    try:
        reading, book = _read(upload)
        imported = import_book(
            book=book,
            by=by,
            places=reading.places,
            delete_missing=upload.delete_missing,
            dry_run=True,
        )
    except BookError as error:
        return BookPreview(faults=error.faults)
    return BookPreview(imported=imported, lacking=lacking_rights(imported=imported, by=by))


def confirm_book(upload: PlanBookUpload, by: User, *, fingerprint: str, reason: str) -> BookPreview:
    """Record what the preview with this fingerprint showed; unless ``is_taken`` nothing is written.

    Raises EntryError for a file that was taken in already.
    """
    try:
        reading, book = _read(upload)
        imported = apply_plan_book(
            upload=upload,
            book=book,
            places=reading.places,
            by=by,
            fingerprint=fingerprint,
            reason=reason,
        )
    except BookError as error:
        return BookPreview(faults=error.faults)
    return BookPreview(imported=imported, lacking=lacking_rights(imported=imported, by=by))


def _read(upload: PlanBookUpload) -> tuple[Reading, PlanBook]:
    """Return the file's book. Raises BookError; a file that cannot be read is one fault."""
    try:
        reading = read_planbook(bytes(upload.content))
    except UploadError as error:
        raise BookError([Fault("", "", str(error))]) from None
    return reading, faultless(reading, upload.delete_missing)
