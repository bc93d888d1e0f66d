"""Looking records up by a few letters: what fits is named so that plans cannot be mixed up."""

from functools import cached_property
from typing import Any

from django.contrib.admin.views.autocomplete import AutocompleteJsonView

from actions.models import Plan


class PlanAutocomplete(AutocompleteJsonView):
    """Names the plan behind each record where there are several: codes begin anew in each."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        """Return the record's key and its words."""
        told = super().serialize_result(obj, to_field_name)
        name = self._plans.get(_plan_of(obj)) if len(self._plans) > 1 else None
        return told if name is None else {**told, "text": f"{told['text']}（{name}）"}

    @cached_property
    def _plans(self) -> dict[int | None, str]:
        return dict(Plan.objects.values_list("pk", "name"))


def _plan_of(record: Any) -> int | None:
    """Return the key of the record's plan; None for what belongs to no plan."""
    plan = getattr(getattr(record, "strategy", record), "plan_id", None)
    return plan if plan is None else int(plan)
