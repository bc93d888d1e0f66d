"""Changing many chosen records at once: what, then what becomes of each, then the change itself.

Django's own way of an action with a page between: the chosen rows travel with every step.
"""

from collections.abc import Callable, Collection
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from actions.fiscal import fiscal_year_label, fiscal_year_of
from actions.vocabulary import Stage
from kpis.admin.rule_page import MEANWHILE
from kpis.admin.sections import SectionInput
from kpis.entry import clean_text
from kpis.selectors.bulk import Bulk, action_years, bulk_proposal
from kpis.services import ChangedMeanwhileError
from kpis.services.bulk import change_many

Action = Callable[[Any, HttpRequest, QuerySet[Any]], HttpResponse | None]


class BulkForm(forms.Form):
    """What to write, and why."""

    reason = forms.CharField(
        label="変更理由",
        max_length=500,
        error_messages={"required": "変更理由を入力してください。"},
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text="それぞれの変更履歴に、変更した人と日時とともに残ります。",
    )

    def __init__(self, keys: Collection[int], *arguments: Any, **options: Any) -> None:
        """Make the form for these records."""
        super().__init__(*arguments, **options)

    @property
    def asked(self) -> list[Any]:
        """Return the fields but for the reason, which comes last."""
        return [self[name] for name in self.fields if name != "reason"]

    @property
    def values(self) -> dict[str, Any]:
        """Return what is to be written."""
        return {name: one for name, one in self.cleaned_data.items() if name != "reason"}


class SectionForm(BulkForm):
    """The section in charge."""

    section = forms.CharField(
        label="新しい所管課",
        max_length=100,
        required=False,
        widget=SectionInput(attrs={"size": 40}),
        help_text="空欄にすると、指標は計画の所管課になります。候補にない課も入力できます。",
    )


class PriorityForm(BulkForm):
    """Whether these are priority actions."""

    is_priority = forms.TypedChoiceField(
        label="重点アクションの印",
        choices=(("", "選んでください"), ("1", "付ける"), ("0", "外す")),
        coerce=lambda typed: typed == "1",
    )
    priority_reason = forms.CharField(
        label="重点とした理由",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text="印を付けるときだけ使います。空欄のときは、いまの理由を残します。印を外すと理由は消えます。",
    )


class StageForm(BulkForm):
    """How far the actions are in a fiscal year."""

    fiscal_year = forms.TypedChoiceField(label="年度", coerce=int)
    stage = forms.ChoiceField(
        label="段階", choices=[("", "選んでください"), *Stage.choices()], required=True
    )

    def __init__(self, keys: Collection[int], *arguments: Any, **options: Any) -> None:
        """Offer the years of which the actions have a record, this one first."""
        super().__init__(keys, *arguments, **options)
        self.fields["fiscal_year"].choices = [  # type: ignore[attr-defined]
            (one, fiscal_year_label(one)) for one in action_years(keys)
        ]
        self.initial.setdefault("fiscal_year", fiscal_year_of(timezone.localdate()))


_FORMS: dict[Bulk, type[BulkForm]] = {
    Bulk.SECTION: SectionForm,
    Bulk.PRIORITY: PriorityForm,
    Bulk.STAGE: StageForm,
}


def section_change(words: str) -> Action:
    """Return the action that gives the chosen records another section."""
    return _action(Bulk.SECTION, words)


def priority_change(words: str) -> Action:
    """Return the action that marks the chosen actions, or takes the mark away."""
    return _action(Bulk.PRIORITY, words)


def stage_change(words: str) -> Action:
    """Return the action that gives the chosen actions another stage in a year."""
    return _action(Bulk.STAGE, words)


def _action(kind: Bulk, words: str) -> Action:
    @admin.action(description=words, permissions=["bulk"])
    def act(of: Any, request: HttpRequest, chosen: QuerySet[Any]) -> HttpResponse | None:
        return _page(of, request, kind, sorted(chosen.order_by().values_list("pk", flat=True)))

    return act


def _page(of: Any, request: HttpRequest, kind: Bulk, keys: list[int]) -> HttpResponse | None:
    """Show the step that was asked for; None, back to the list, once it is done."""
    step = request.POST.get("step", "")
    checked = step in ("preview", "write")
    form = _FORMS[kind](
        keys, request.POST if checked else None, initial=request.POST.dict() if step else None
    )
    context = _context(of, request, kind, keys)
    if not (checked and form.is_valid()):
        return _answer(request, "form", {**context, "form": form})
    notice = _write(of, request, kind, keys, form) if step == "write" else ""
    if step == "write" and not notice:
        return None
    proposal = bulk_proposal(kind, of.model, keys, form.values)
    return _answer(
        request, "preview", {**context, "form": form, "notice": notice, "proposal": proposal}
    )


def _answer(request: HttpRequest, page: str, context: dict[str, Any]) -> HttpResponse:
    return TemplateResponse(request, f"admin/kpis/bulk/{page}.html", context)


def _context(of: Any, request: HttpRequest, kind: Bulk, keys: list[int]) -> dict[str, Any]:
    return {
        **of.admin_site.each_context(request),
        "opts": of.opts,
        "title": f"{kind.label}をまとめて変更",
        "kind": kind,
        "keys": keys,
        "records": of.model._default_manager.filter(pk__in=keys),
        "action": f"change_{kind.value}",
        "checkbox": ACTION_CHECKBOX_NAME,
    }


def _write(of: Any, request: HttpRequest, kind: Bulk, keys: list[int], form: BulkForm) -> str:
    """Write what was agreed to; return why it was not written, or blank."""
    try:
        number = change_many(
            kind=kind,
            model=of.model,
            keys=keys,
            values=form.values,
            seen=request.POST.get("seen", ""),
            by=request.user,  # type: ignore[arg-type]  # staff only
            reason=clean_text(form.cleaned_data["reason"]),
        )
    except ChangedMeanwhileError:
        return MEANWHILE
    of.message_user(request, f"{number}件の{kind.label}を変更しました。", messages.SUCCESS)
    return ""
