"""One change to many records at once, each with its own entry in the history."""

from collections.abc import Collection, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from actions.models import Action, ActionYear, Plan
from kpis.models import Indicator
from kpis.selectors.bulk import Bulk, bulk_proposal
from kpis.services.journal import Act, told
from kpis.services.rules import ChangedMeanwhileError


@transaction.atomic
@told(Act.MANY)
def change_many(
    *,
    kind: Bulk,
    model: type[Indicator] | type[Action],
    keys: Collection[int],
    values: Mapping[str, Any],
    seen: str,
    by: User,
    reason: str,
) -> int:
    """Write the values to the records with these keys; return how many changed.

    ``seen`` is the fingerprint of the proposal that the person agreed to. Raises
    ChangedMeanwhileError, with nothing written, where it would be another one now.
    """
    plans = set(model.objects.filter(pk__in=keys).values_list("plan", flat=True))
    list(Plan.objects.select_for_update().filter(pk__in=plans).order_by("pk"))
    proposal = bulk_proposal(kind, model, keys, values)
    if proposal.fingerprint != seen:
        raise ChangedMeanwhileError
    records: list[Any] = [one.record for one in proposal.changed]
    for one in records:
        if isinstance(one, ActionYear):
            one.version += 1  # whoever has the year open is told
    if records:
        written = type(records[0])
        written._default_manager.bulk_update(records, proposal.fields, batch_size=500)
        written.history.bulk_history_create(
            records,
            update=True,
            default_user=by,
            default_change_reason=reason,
            default_date=timezone.now(),
        )
    return len(records)
