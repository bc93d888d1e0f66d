"""Which rights a plan book's differences ask for: those of the records that it writes."""

from collections.abc import Iterator

from django.contrib.auth.models import User

from kpis.models import ReportingPeriod
from kpis.planbook.imported import Imported
from kpis.services.bookwriting import SHAPES

_ADDED, _CHANGED, _REMOVED = ("add", "追加"), ("change", "変更"), ("delete", "削除")


def lacking_rights(*, imported: Imported, by: User) -> tuple[str, ...]:
    """Return what of this the person may not do, in words (体系の変更); nothing where all is allowed.

    Rights are asked for what differs alone: a book of the whole plan in which somebody changed
    targets needs the right to change targets.
    """
    needed = dict(_needed(imported))
    return tuple(words for words, right in needed.items() if not by.has_perm(right))


def _needed(imported: Imported) -> Iterator[tuple[str, str]]:
    for one in imported.counts:
        for number, deed in (
            (one.added, _ADDED),
            (one.changed, _CHANGED),
            (one.removed, _REMOVED),
        ):
            if number:
                yield _right(one.sheet, SHAPES[one.part].model, deed)
    if imported.periods:
        yield _right("報告期間", ReportingPeriod, _ADDED)


def _right(what: str, model: type, deed: tuple[str, str]) -> tuple[str, str]:
    meta = model._meta  # type: ignore[attr-defined]
    return f"{what}の{deed[1]}", f"{meta.app_label}.{deed[0]}_{meta.model_name}"
