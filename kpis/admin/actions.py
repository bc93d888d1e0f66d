"""Actions with their years. They stand here because they are linked to indicators."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone

from actions.fiscal import fiscal_year_label, fiscal_year_of
from actions.models import Action, ActionYear, Plan
from actions.vocabulary import Evaluation, Stage
from kpis.admin.bulk_page import priority_change, section_change, stage_change
from kpis.admin.columns import FiscalYears, PlanColumn, ValuesOrBlank
from kpis.admin.history import HistoryAdmin, ReasonForm
from kpis.admin.onsite import seen_at
from kpis.admin.pages import SHORT_TEXTS
from kpis.admin.sections import SectionField
from kpis.models import Indicator
from kpis.pdca import LABELS
from kpis.services.actionyears import CHANGE as CHANGE_ACTIONS


class ActionForm(ReasonForm):
    """An action with the indicators (KPI) that it is to move."""

    indicators = forms.ModelMultipleChoiceField(
        Indicator.objects.all(),
        label="関連する指標（KPI）",
        required=False,
        widget=FilteredSelectMultiple("指標", is_stacked=False),
        help_text="このアクションで良くしたい指標。両方のページに、互いへのリンクが出ます。",
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


class ActionYearForm(forms.ModelForm):
    """A year of an action; refuses to overwrite what another person wrote meanwhile."""

    seen = forms.IntegerField(
        label="画面を開いたときの変更回数", widget=forms.HiddenInput, required=False
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Remember which version is on the screen."""
        super().__init__(*arguments, **options)
        if self.instance.pk:
            self.initial["seen"] = self.instance.version

    def clean(self) -> Any:
        """Raise ValidationError for a version that is no longer current."""
        cleaned = super().clean() or {}
        if self.instance.pk and self.has_changed():
            # Held until the page's transaction ends, as the grid holds it.
            Plan.objects.select_for_update().get(actions__years=self.instance.pk)
            current = ActionYear.objects.filter(pk=self.instance.pk).first()
            if current is None or current.version != cleaned.get("seen"):
                raise ValidationError(
                    "ほかの人がこの年度の記入を変更しました。入力した内容を控えてから、"
                    "画面を開き直してください。まだ保存していません。"
                )
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Count the change of a year that stood already."""
        if self.instance.pk and self.has_changed():
            self.instance.version += 1
        return super().save(commit)


class ActionYearRecordForm(ActionYearForm, ReasonForm):
    """A year by itself, which asks why."""


class ActionYearFormSet(forms.BaseInlineFormSet):
    """An action's years; refuses to delete what another person wrote meanwhile."""

    def clean(self) -> None:
        """Raise ValidationError for a year to delete that is not as it was seen."""
        super().clean()
        for form in self.initial_forms:
            if self._should_delete_form(form) and form.non_field_errors():  # type: ignore[attr-defined]
                raise ValidationError(list(form.non_field_errors()))


class ActionYearInline(admin.StackedInline):
    """An action's fiscal years."""

    model = ActionYear
    form = ActionYearForm
    formset = ActionYearFormSet
    extra = 0
    show_change_link = True
    formfield_overrides = SHORT_TEXTS
    fields = (
        ("fiscal_year", "stage", "seen"),
        "plan",
        "done_first_half",
        "done",
        ("results", "evaluation"),
        ("revision", "revision_note"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ActionYear]:
        """Bring each row's action along: its name begins with it."""
        return super().get_queryset(request).select_related("action")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave out what is for the form alone where nothing can be changed."""
        return shown_fields(self.fields, self.has_change_permission(request, obj))


def shown_fields(fields: Any, may_change: bool) -> Any:
    """Return the page's fields, without the version seen where nothing can be changed."""
    if may_change:
        return fields
    return tuple(
        tuple(part for part in one if part != "seen") if isinstance(one, tuple) else one
        for one in fields
    )


@admin.register(Action)
class ActionAdmin(PlanColumn, SectionField, HistoryAdmin):
    """What businesses, the city and support organisations do for each measure."""

    form = ActionForm
    told_at_first = ("name", "content", "section")
    list_display = (
        "code",
        "name",
        "actor",
        "shown_measure",
        "mark",
        "section",
        "this_year",
        "plan",
    )
    list_display_links = ("code", "name")
    list_filter = (
        "plan",
        "measure__strategy",
        "actor",
        "is_priority",
        ("section", ValuesOrBlank),
        "is_example",
    )
    list_select_related = ("plan", "measure__strategy")
    search_fields = ("code", "name", "content")
    search_help_text = "アクションコード・名称・内容で検索できます。"
    autocomplete_fields = ("measure",)
    actions = ("change_section", "change_priority", "change_stage")
    fieldsets = (
        (None, {"fields": ("plan", "measure", "code", "order", "actor", "name", "content")}),
        ("重点アクション", {"fields": ("is_priority", "priority_reason")}),
        ("指標（KPI）", {"fields": ("indicators", "no_indicator_reason")}),
        ("担当", {"fields": ("section", "partners", "is_example")}),
    )
    inlines = (ActionYearInline,)
    formfield_overrides = SHORT_TEXTS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Action]:
        """Bring along what is written of each action's current fiscal year."""
        years = ActionYear.objects.filter(
            action=OuterRef("pk"), fiscal_year=fiscal_year_of(timezone.localdate())
        )
        actions: QuerySet[Action] = super().get_queryset(request)
        return actions.annotate(
            year_stage=Subquery(years.values("stage")[:1]),
            year_evaluation=Subquery(years.values("evaluation")[:1]),
        )

    change_section = section_change("選んだアクションの所管課を変更する")
    change_priority = priority_change("選んだアクションの重点アクションの印を変更する")
    change_stage = stage_change("選んだアクションの段階を変更する")

    def has_bulk_permission(self, request: HttpRequest) -> bool:
        """Return whether this person may change actions and their years."""
        return bool(self.has_change_permission(request)) and request.user.has_perm(CHANGE_ACTIONS)

    def view_on_site(self, action: Action) -> str | None:
        """Return the action's page."""
        return seen_at(action.plan, "action", action.code)

    @admin.display(description="重点", ordering="is_priority")
    def mark(self, action: Action) -> str:
        """Return 重点 for a priority action; blank for others."""
        return "重点" if action.is_priority else ""

    @admin.display(description="施策", ordering="measure")
    def shown_measure(self, action: Action) -> str:
        """Return the measure's number: its name would leave no room for the action's."""
        return action.measure.code

    @admin.display(description="今年度の段階・評価")
    def this_year(self, action: Any) -> str:
        """Return how far this fiscal year's work is; blank where nothing is written of it."""
        stage, evaluation = action.year_stage, action.year_evaluation
        words = [Stage(stage).label] if stage else []
        return "・".join(words + ([Evaluation(evaluation).label] if evaluation else []))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep an action in its plan: opinions and indicators hang on it."""
        return () if obj is None else ("plan",)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Link the chosen indicators."""
        super().save_related(request, form, formsets, change)
        form.instance.indicators.set(form.cleaned_data["indicators"])


@admin.register(ActionYear)
class ActionYearAdmin(HistoryAdmin):
    """One year of an action, and the history of what was written of it."""

    form = ActionYearRecordForm
    told_at_first = tuple(LABELS)
    list_display = ("action", "year_label", "stage", "evaluation", "revision")
    list_per_page = 50
    list_filter = (
        *("action__plan", ("fiscal_year", FiscalYears), "stage", "evaluation", "revision"),
    )
    list_select_related = ("action__plan",)
    search_fields = ("action__code", "action__name", "done_first_half", "done", "results")
    search_help_text = "アクションコード・名称・実施内容・成果と課題で検索できます。"
    autocomplete_fields = ("action",)
    formfield_overrides = SHORT_TEXTS
    fieldsets = (
        (None, {"fields": ("action", "fiscal_year", "seen")}),
        ("PLAN", {"fields": ("stage", "plan")}),
        ("DO", {"fields": ("done_first_half", "done")}),
        ("CHECK", {"fields": ("results", "evaluation")}),
        ("ACTION", {"fields": ("revision", "revision_note")}),
    )

    @admin.display(description="年度", ordering="fiscal_year")
    def year_label(self, year: ActionYear) -> str:
        """Return the fiscal year as printed."""
        return fiscal_year_label(year.fiscal_year)

    def view_on_site(self, year: ActionYear) -> str | None:
        """Return the page of its action."""
        return seen_at(year.action.plan, "action", year.action.code)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Fix what the year is of once it exists."""
        return () if obj is None else ("action", "fiscal_year")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave out what is for the form alone where nothing can be changed."""
        may_change = self.has_change_permission(request, obj)
        return tuple(
            (title, {"fields": shown_fields((facts["fields"],), may_change)[0]})
            for title, facts in super().get_fieldsets(request, obj)
        )
