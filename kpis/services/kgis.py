"""Revising a KGI's statistic: new figures for old ones, which are kept with day and reason."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from actions.fiscal import date_label
from kpis.kgirevision import VALUE, Faults, NewFigure, changes, check, old_growth
from kpis.models import Kgi, KgiRevision, KgiValue
from kpis.progress import KgiYear
from kpis.selectors.kgis import kgi_progress
from kpis.services.journal import Act, told


class RevisionError(ValueError):
    """Figures that are no revision; ``faults`` are Japanese, by the names of their inputs."""

    def __init__(self, faults: Faults) -> None:
        """Keep the faults."""
        super().__init__(" ".join(one for said in faults.values() for one in said))
        self.faults = faults


@transaction.atomic
@told(Act.KGI_REVISED)
def revise_kgi(
    *, kgi: Kgi, revised_on: dt.date, reason: str, figures: Sequence[NewFigure], by: User
) -> tuple[int, ...]:
    """Record the new figures, keep the old ones as revised that day, and return the years told.

    A year keeps what it said before where its value or the comparator's growth changes; the other
    years stay as they are. Raises RevisionError, with nothing written, for figures that another
    person changed meanwhile, that do not change, or that were revised on a later day already.
    Takes the same number of queries for any number of years.
    """
    rows = {one.year: one for one in _locked(kgi)}
    now = kgi_progress(kgi)
    if faults := check(now, figures, revised_on, timezone.localdate()):
        raise RevisionError(faults)
    revised = [before for before, _ in changes(now, figures)]
    why = f"統計の改定（{date_label(revised_on)}）: {reason}"
    records = _changed(rows, figures)
    KgiValue.objects.bulk_update(records, ["value", "comparator_growth", "comparator_value"])
    _remember(KgiValue, records, by, why, update=True)
    kept = [_kept(rows[one.year], one, revised_on, reason) for one in revised]
    _remember(KgiRevision, KgiRevision.objects.bulk_create(kept), by, why, update=False)
    return tuple(one.year for one in revised)


def _locked(kgi: Kgi) -> list[KgiValue]:
    """Return the KGI's years, locked until the end of the transaction."""
    return list(KgiValue.objects.select_for_update(of=("self",)).filter(kgi=kgi))


def _changed(rows: dict[int, KgiValue], figures: Sequence[NewFigure]) -> list[KgiValue]:
    """Return the records that change, changed."""
    for one in figures:
        row = rows[one.year]
        if one.field == VALUE:
            row.value = one.figure
        elif row.comparator_value is None:
            row.comparator_growth = one.figure
        else:
            row.comparator_value = one.figure
    years = dict.fromkeys(one.year for one in figures)
    return [rows[one] for one in years]


def _kept(row: KgiValue, before: KgiYear, revised_on: dt.date, reason: str) -> KgiRevision:
    return KgiRevision(
        kgi_value=row,
        revised_on=revised_on,
        value=before.value,
        comparator_growth=old_growth(before),
        reason=reason,
    )


def _remember(model: Any, records: Sequence[Any], by: User, why: str, *, update: bool) -> None:
    """Write the history of what bulk statements stored: they send no signals."""
    model.history.bulk_history_create(
        records,
        update=update,
        default_user=by,
        default_change_reason=why,
        default_date=timezone.now(),
    )
