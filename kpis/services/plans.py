"""What a new plan is given: its first history entries and the shipped judgement bands."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model

from actions.models import Action, ActionYear, Plan
from kpis.judgement import DEFAULT_BANDS
from kpis.models import Actual, Indicator, JudgementBand, Kgi, KgiValue, Target


@transaction.atomic
def record_first_entries(*, plan: Plan, by: User, reason: str) -> None:
    """Begin the history of a plan that was loaded in bulk: every record as created by ``by``."""
    audited: tuple[tuple[type[Model], str], ...] = (
        (Indicator, "plan"),
        (Target, "indicator__plan"),
        (Actual, "indicator__plan"),
        (Kgi, "plan"),
        (KgiValue, "kgi__plan"),
        (Action, "plan"),
        (ActionYear, "action__plan"),
    )
    for model, path in audited:
        rows = model._default_manager.filter(**{path: plan})
        model.history.bulk_history_create(  # type: ignore[attr-defined]  # untyped package
            rows, default_user=by, default_change_reason=reason
        )


@transaction.atomic
def add_default_bands(*, plan: Plan) -> None:
    """Give the plan the shipped judgement bands, unless it has bands of its own."""
    if JudgementBand.objects.filter(plan=plan, indicator=None).exists():
        return
    bands = [
        JudgementBand(
            plan=plan,
            term=one.term,
            lower=one.lower,
            sign=one.sign,
            label=one.label,
            tone=one.tone,
        )
        for one in DEFAULT_BANDS
    ]
    # Somebody else may be giving them to the plan at this very moment.
    JudgementBand.objects.bulk_create(bands, ignore_conflicts=True)
