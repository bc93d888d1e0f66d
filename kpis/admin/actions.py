"""Actions with their years. They stand here because they are linked to indicators."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from actions.models import Action, ActionYear, Measure
from kpis.admin.pages import SHORT_TEXTS
from kpis.models import Indicator


class ActionForm(forms.ModelForm):
    """An action with the indicators (KPI) that it is to move."""

    indicators = forms.ModelMultipleChoiceField(
        Indicator.objects.all(),
        label="関連する指標（KPI）",
        required=False,
        widget=FilteredSelectMultiple("指標", is_stacked=False),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Begin with the indicators that are linked already, and offer those of the same plan."""
        super().__init__(*arguments, **options)
        field: Any = self.fields.get("indicators")
        if field is not None and self.instance.pk:
            self.initial["indicators"] = self.instance.indicators.all()
            field.queryset = Indicator.objects.filter(plan=self.instance.plan_id)

    def clean(self) -> Any:
        """Raise ValidationError for an indicator of another plan."""
        cleaned = super().clean() or {}
        plan = cleaned.get("plan") or (self.instance.plan if self.instance.pk else None)
        if plan and any(one.plan_id != plan.pk for one in cleaned.get("indicators", ())):
            raise ValidationError({"indicators": "この計画の指標を選んでください。"})
        return cleaned


class ActionYearInline(admin.StackedInline):
    """An action's fiscal years."""

    model = ActionYear
    extra = 0
    formfield_overrides = SHORT_TEXTS
    fields = (
        ("fiscal_year", "stage"),
        "plan",
        "done_first_half",
        "done",
        ("results", "evaluation"),
        ("revision", "revision_note"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ActionYear]:
        """Bring each row's action along: its name begins with it."""
        return super().get_queryset(request).select_related("action")


@admin.register(Action)
class ActionAdmin(admin.ModelAdmin):
    """What businesses, the city and support organisations do for each measure."""

    form = ActionForm
    list_display = ("code", "name", "actor", "measure", "is_priority", "section", "plan")
    list_display_links = ("code", "name")
    list_filter = ("plan", "measure__strategy", "actor", "is_priority", "section")
    list_select_related = ("plan", "measure__strategy")
    search_fields = ("code", "name", "content")
    fieldsets = (
        (None, {"fields": ("plan", "measure", "code", "order", "actor", "name", "content")}),
        ("重点アクション", {"fields": ("is_priority", "priority_reason")}),
        ("指標（KPI）", {"fields": ("indicators", "no_indicator_reason")}),
        ("担当", {"fields": ("section", "partners", "is_example")}),
    )
    inlines = (ActionYearInline,)
    formfield_overrides = SHORT_TEXTS

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep an action in its plan: opinions and indicators hang on it."""
        return () if obj is None else ("plan",)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Offer the measures with their strategies, whose numbers their names begin with."""
        if db_field.name == "measure":
            options["queryset"] = Measure.objects.select_related("strategy")
        return super().formfield_for_foreignkey(db_field, request, **options)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Link the chosen indicators."""
        super().save_related(request, form, formsets, change)
        form.instance.indicators.set(form.cleaned_data["indicators"])
