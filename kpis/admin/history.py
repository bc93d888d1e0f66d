"""What every audited record's staff page shares: a reason for the change, and its history."""

from dataclasses import replace
from typing import Any

from django import forms
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from simple_history.admin import SimpleHistoryAdmin
from simple_history.models import ModelChange, ModelDelta
from simple_history.template_utils import HistoricalRecordContextHelper

from kpis.admin.words import words_of
from kpis.milestones import is_in_words, shown_figure
from kpis.models import Indicator
from kpis.models.fields import FigureField, FigureFormField
from kpis.vocabulary import Kind


class ReasonForm(forms.ModelForm):
    """A form that asks why."""

    change_reason = forms.CharField(
        label="変更理由",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="変更履歴に、変更した人と日時とともに残ります。",
    )


class FiguresInWords(forms.ModelForm):
    """Takes and shows a milestone's figures in words (達成), and refuses the words elsewhere."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Show the figures as the record's indicator has them."""
        super().__init__(*arguments, **options)
        kind = kind_of(self.instance)
        for field in self._figures.values():
            field.kind, field.takes_words = kind, True

    @property
    def _figures(self) -> dict[str, FigureFormField]:
        return {n: one for n, one in self.fields.items() if isinstance(one, FigureFormField)}

    def _post_clean(self) -> None:
        """Refuse words for what is counted, once it is known what the figure is about."""
        super()._post_clean()  # type: ignore[misc]  # Django's own step, without a type
        if kind_of(self.instance) is Kind.MILESTONE:
            return
        for name in self._figures:
            typed = self.data.get(self.add_prefix(name), "")
            if name not in self.errors and is_in_words(typed):
                self.add_error(name, f"「{typed}」は数値として読み取れません。")


def kind_of(record: Any) -> Kind:
    """Return the kind of the figures of an indicator, or of a record of one; 累計 for others."""
    indicator = record if isinstance(record, Indicator) else getattr(record, "indicator", None)
    return Kind.CUMULATIVE if indicator is None else Kind(indicator.kind)


class FigureForm(FiguresInWords, ReasonForm):
    """A form of an indicator's figures that asks why."""


class ChangeWords(HistoricalRecordContextHelper):  # type: ignore[misc]  # untyped package
    """Tells old and new values in the words of the forms; what no form shows is left out."""

    kind = Kind.CUMULATIVE

    def context_for_delta_changes(self, delta: Any) -> Any:
        """Return what changed in the fields that people fill in."""
        shown = [one for one in delta.changes if self.model._meta.get_field(one.field).editable]
        return super().context_for_delta_changes(replace(delta, changes=shown))

    def prepare_delta_change_value(self, change: Any, value: Any) -> Any:
        """Return the value in words; a link to another record as the package tells it."""
        field = self.model._meta.get_field(change.field)
        if isinstance(field, FigureField) and value is not None:
            return shown_figure(self.kind, value)
        words = words_of(field, value)
        return super().prepare_delta_change_value(change, value) if words is None else words


def _kind_of_all(records: Any) -> Kind:
    """Return the kind of one record's figures over its history, in at most one query."""
    newest = next(iter(records), None)
    if newest is None:
        return Kind.CUMULATIVE
    return Kind(newest.kind) if newest.instance_type is Indicator else kind_of(newest)


class HistoryAdmin(SimpleHistoryAdmin):  # type: ignore[misc]  # the package ships no types
    """Records each change with who, when and why; an unchanged save leaves no trace."""

    form = ReasonForm
    told_at_first: tuple[str, ...] = ()  # fields whose first value the history names

    def set_history_delta_changes(
        self, request: HttpRequest, historical_records: Any, foreign_keys_are_objs: bool = True
    ) -> None:
        """Tell what each entry changed, and what the first one began with."""
        kind = _kind_of_all(historical_records)
        for record in historical_records:
            record.figures_kind = kind
        super().set_history_delta_changes(request, historical_records, foreign_keys_are_objs)
        for record in historical_records:
            if record.history_type == "+":
                begun = [
                    ModelChange(name, None, getattr(record, name))
                    for name in self.told_at_first
                    if getattr(record, name) not in (None, "")
                ]
                helper = self.get_historical_record_context_helper(request, record)
                delta = ModelDelta(begun, self.told_at_first, record, record)
                record.history_delta_changes = helper.context_for_delta_changes(delta)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show an earlier state, to look at only: the package would save what is sent here."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        shown: HttpResponse = super().history_form_view(
            request, object_id, version_id, extra_context
        )
        return shown

    def get_historical_record_context_helper(self, request: HttpRequest, record: Any) -> Any:
        """Return the teller of changes."""
        helper = ChangeWords(self.model, record)
        helper.kind = record.figures_kind
        return helper

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Return the page's field groups with the reason last, where anything can be changed."""
        if self.fieldsets and not self.has_change_permission(request, obj):
            return self.fieldsets
        if self.fieldsets:
            return (*self.fieldsets, ("変更の記録", {"fields": ("change_reason",)}))
        return super().get_fieldsets(request, obj)

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Save with the reason; skip a save that changes nothing."""
        if change and not set(form.changed_data) - {"change_reason"}:
            return
        obj._change_reason = form.cleaned_data["change_reason"]  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save the changed rows below with the reason given above."""
        reason = form.cleaned_data.get("change_reason", "")
        for row in formset.save(commit=False):
            row._change_reason = reason
            row.save()
        for row in formset.deleted_objects:
            row._change_reason = reason
            row.delete()
        formset.save_m2m()
