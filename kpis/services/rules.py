"""Changing the rules by which rates are worked out, and the bands that judge them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from actions.models import Plan
from kpis.models import Indicator, JudgementBand
from kpis.selectors.trials import BandProposal, NewBand, band_proposal, rule_proposal
from kpis.services.bandlog import band_words, log_bands, part_bands
from kpis.services.journal import Act, told


class ChangedMeanwhileError(ValueError):
    """What was shown before the decision is no longer what would happen."""


@transaction.atomic
@told(Act.RULES)
def change_rules(
    *,
    plan: Plan,
    keys: Collection[int],
    values: Mapping[str, Any],
    seen: str,
    by: User,
    reason: str,
) -> int:
    """Give these indicators these values of rule fields; return how many indicators changed.

    ``seen`` is the fingerprint of the proposal that the person agreed to. Raises
    ChangedMeanwhileError, with nothing written, where it would be another one now.
    """
    _lock(plan)
    proposal = rule_proposal(plan, keys, values)
    if proposal.fingerprint != seen:
        raise ChangedMeanwhileError
    rows = list({one.indicator.pk: one.indicator for one in proposal.changes}.values())
    Indicator.objects.filter(pk__in=[one.pk for one in rows]).update(**values)
    Indicator.history.bulk_history_create(
        rows,
        update=True,
        default_user=by,
        default_change_reason=reason,
        default_date=timezone.now(),
    )
    return len(rows)


@transaction.atomic
@told(Act.BANDS)
def change_bands(
    *,
    plan: Plan,
    indicator: Indicator | None,
    bands: Sequence[NewBand],
    seen: str,
    by: User,
    reason: str,
) -> None:
    """Put these bands in place of the plan's, or of one indicator's own, and record who and why.

    Published versions keep theirs. Raises ChangedMeanwhileError, with nothing written, where the
    proposal is not the one that the person agreed to.
    """
    _lock(plan)
    proposal = band_proposal(plan, indicator, bands)
    if proposal.fingerprint != seen or proposal.hindrances:
        raise ChangedMeanwhileError
    before = band_words(plan)
    _store(plan, indicator, proposal)
    log_bands(plan, before, by, reason)


def _store(plan: Plan, indicator: Indicator | None, proposal: BandProposal) -> None:
    for gone in proposal.removed:
        gone.delete()
    standing = {one.pk: one for one in proposal.standing}
    part_bands(standing[one.key] for one in proposal.bands if one.key is not None)
    for one in proposal.bands:
        row = JudgementBand(plan=plan, indicator=indicator, pk=one.key)
        row.term, row.lower, row.tone = one.band.term.value, one.band.lower, one.band.tone.value
        row.sign, row.label = one.band.sign, one.band.label
        row.save(force_insert=one.key is None, force_update=one.key is not None)


def _lock(plan: Plan) -> None:
    """Keep others from changing the plan's rules until the end of the transaction."""
    Plan.objects.select_for_update().get(pk=plan.pk)
