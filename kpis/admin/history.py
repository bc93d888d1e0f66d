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


class ReasonForm(forms.ModelForm):
    """A form that asks why."""

    change_reason = forms.CharField(
        label="変更理由",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="変更履歴に、変更した人と日時とともに残ります。",
    )


class ChangeWords(HistoricalRecordContextHelper):  # type: ignore[misc]  # untyped package
    """Tells old and new values in the words of the forms; what no form shows is left out."""

    def context_for_delta_changes(self, delta: Any) -> Any:
        """Return what changed in the fields that people fill in."""
        shown = [one for one in delta.changes if self.model._meta.get_field(one.field).editable]
        return super().context_for_delta_changes(replace(delta, changes=shown))

    def prepare_delta_change_value(self, change: Any, value: Any) -> Any:
        """Return the value in words; a link to another record as the package tells it."""
        words = words_of(self.model._meta.get_field(change.field), value)
        return super().prepare_delta_change_value(change, value) if words is None else words


class HistoryAdmin(SimpleHistoryAdmin):  # type: ignore[misc]  # the package ships no types
    """Records each change with who, when and why; an unchanged save leaves no trace."""

    form = ReasonForm
    told_at_first: tuple[str, ...] = ()  # fields whose first value the history names

    def set_history_delta_changes(
        self, request: HttpRequest, historical_records: Any, foreign_keys_are_objs: bool = True
    ) -> None:
        """Tell what each entry changed, and what the first one began with."""
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
        return ChangeWords(self.model, record)

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
