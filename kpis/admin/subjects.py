"""What an opinion is about: typed or chosen by code, from one list for all opinions of a page."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from actions.models import Action, Measure
from kpis.models import Indicator

Record = Indicator | Measure | Action


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of subject: its Japanese name, the right to see it, and a plan's records of it."""

    label: str
    right: str
    of: Callable[[int], Iterable[Record]]


KINDS = {
    "indicator": Kind(
        "指標", "kpis.view_indicator", lambda plan: Indicator.objects.filter(plan=plan)
    ),
    "measure": Kind(
        "具体的施策",
        "actions.view_measure",
        lambda plan: Measure.objects.filter(strategy__plan=plan).select_related("strategy"),
    ),
    "action": Kind(
        "アクション", "actions.view_action", lambda plan: Action.objects.filter(plan=plan)
    ),
}


@dataclass(frozen=True)
class Choices:
    """A plan's records of one kind, read once when they are first asked for."""

    kind: Kind
    name: str
    plan: int

    @property
    def id(self) -> str:
        """Return the id of the page's list of them."""
        return f"subjects-{self.name}"

    @cached_property
    def records(self) -> dict[int, Record]:
        """Return the records by key, in the paper's order."""
        return {one.pk: one for one in self.kind.of(self.plan)}

    @property
    def words(self) -> list[str]:
        """Return each record's code and name."""
        return [subject_words(one) for one in self.records.values()]

    def find(self, typed: str) -> Record | None:
        """Return the record whose code, or code and name, was typed; None where there is none."""
        code = unicodedata.normalize("NFKC", typed).split()[:1]
        return self._codes.get(code[0].casefold()) if code else None

    @cached_property
    def _codes(self) -> dict[str, Record]:
        return {one.code.casefold(): one for one in self.records.values()}


def subject_words(record: Record) -> str:
    """Return code and name: 1-1-3 セミナーの開催."""
    return f"{record.code} {record.name}"


def offered(request: HttpRequest, plan: int) -> tuple[Choices, ...]:
    """Return what this person may choose from: what they may see of the plan."""
    return tuple(
        Choices(kind, name, plan)
        for name, kind in KINDS.items()
        if request.user.has_perm(kind.right)
    )


class SubjectField(forms.Field):
    """Takes a code, or code and name as the page's list offers them; gives the record or None."""

    choices: Choices

    def __init__(self, name: str) -> None:
        """Make the field of this kind; ``choices`` is set for each form."""
        attrs = {"list": f"subjects-{name}", "size": 60, "autocomplete": "off"}
        widget = forms.TextInput(attrs=attrs)
        super().__init__(
            label=KINDS[name].label,
            required=False,
            widget=widget,
            help_text="コードか名称の一部を入力すると、候補が出ます。",
        )

    def prepare_value(self, value: Any) -> Any:
        """Return code and name for a stored key, and what was typed as it was typed."""
        found = self.choices.records.get(value) if isinstance(value, int) else None
        return value if found is None else subject_words(found)

    def to_python(self, value: Any) -> Record | None:
        """Return the record, None for blank. Raises ValidationError where the plan has none."""
        typed = (value or "").strip()
        found = self.choices.find(typed)
        if typed and found is None:
            raise ValidationError(
                f"「{typed}」はこの計画の{self.label}にありません。"
                "コードを入力するか、候補から選んでください。"
            )
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether another record was typed; another spelling is no change."""
        try:
            found = self.to_python(data)
        except ValidationError:
            return True
        return bool((None if found is None else found.pk) != initial)
