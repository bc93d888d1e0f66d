"""Actuals one by one: the texts that the grid leaves out, and the history of each figure."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from actions.fiscal import fiscal_year_label
from kpis.admin.history import FigureForm, HistoryAdmin, kind_of
from kpis.admin.onsite import seen_at
from kpis.admin.pages import may_edit
from kpis.entry import NOT_ASKED, EntryRow
from kpis.milestones import shown_figure
from kpis.models import Actual, ReportingPeriod
from kpis.models.fields import DueFormField
from kpis.numerals import DASH
from kpis.rounds import OPEN_STATES, editor_permission, locked_words
from kpis.selectors.entry import all_rows, entry_of
from kpis.services import confirmed
from kpis.vocabulary import Kind

# What stands for a figure on a page on which nothing can be changed.
_SHOWN = {"value": "shown", "forecast": "shown_forecast", "carried_from": "shown_survey"}


class ActualForm(FigureForm):
    """Refuses to overwrite what another person changed meanwhile, and figures that are locked."""

    seen = forms.IntegerField(
        label="画面を開いたときの変更回数", widget=forms.HiddenInput, required=False
    )
    next_step_due = DueFormField(
        label="対応の期限",
        required=False,
        help_text="2026/3/31、R8.3.31、令和8年3月31日。令和8年3月末 は、月の最後の日とします。",
    )
    person: Any = None  # who fills it in; set for each page

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Remember which version is on the screen."""
        super().__init__(*arguments, **options)
        self.initial["seen"] = self.instance.version

    def clean(self) -> Any:
        """Raise ValidationError for a locked period and for a version that is no longer current."""
        cleaned = super().clean() or {}
        period = cleaned.get("period") or (self.instance.period if self.instance.pk else None)
        if period is None:
            return cleaned
        # Held until the page's transaction ends, so that nobody publishes or saves in between.
        locked = ReportingPeriod.objects.select_for_update(of=("self",)).get(pk=period.pk)
        permission = editor_permission(locked.stands)
        if permission is None or not self.person.has_perm(permission):
            raise ValidationError(locked_words(locked.stands))
        if self.instance.pk:
            self._check_version(cleaned.get("seen"))
        self._check_answer(cleaned, period)
        return cleaned

    def _check_answer(self, cleaned: dict[str, Any], period: ReportingPeriod) -> None:
        """Refuse an answer about a counter-measure that no earlier period named."""
        indicator = cleaned.get("indicator") or (
            self.instance.indicator if self.instance.pk else None
        )
        if indicator is None or not {"follow_up", "follow_up_note"} & set(self.changed_data):
            return
        asked = _row(Actual(indicator=indicator, period=period)).promise is not None
        if not asked and (cleaned.get("follow_up") or cleaned.get("follow_up_note")):
            self.add_error("follow_up", NOT_ASKED)

    def _check_version(self, seen: int | None) -> None:
        current = Actual.objects.get(pk=self.instance.pk)
        if current.version != seen:
            entry, kind = entry_of(current), kind_of(current)
            figure = entry.shown("value", kind) or entry.shown("reason", kind)
            raise ValidationError(
                f"ほかの人がこの実績を変更しました（現在の値: {figure or '未入力'}）。"
                "入力した内容を控えてから、画面を開き直してください。まだ保存していません。"
            )


@admin.register(Actual)
class ActualAdmin(HistoryAdmin):
    """One figure with everything that belongs to it."""

    form = ActualForm
    told_at_first = (
        *("value", "reason", "forecast", "carried_from"),
        *("cause", "next_step", "next_step_owner", "next_step_due"),
        *("follow_up", "follow_up_note", "confirmation"),
    )
    list_display = ("indicator", "period", "shown", "shown_provisional", "printed_rate")
    list_per_page = 50
    list_filter = ("period__plan", "period", "indicator__strategy", "reason", "provisional")
    list_select_related = ("indicator", "period")
    search_fields = ("indicator__code", "indicator__name", "cause", "next_step")
    search_help_text = "指標コード・指標名・要因・今後の対応で検索できます。"
    autocomplete_fields = ("indicator",)
    fieldsets = (
        (None, {"fields": ("indicator", "period", "value", "reason", "provisional", "seen")}),
        ("実績と分けて示すもの", {"fields": ("forecast", "carried_from")}),
        (
            "説明",
            {
                "fields": (
                    *("cause", "next_step", "next_step_owner", "next_step_due"),
                    *("note", "confirmation"),
                )
            },
        ),
        ("前回の対応", {"fields": ("promised", "follow_up", "follow_up_note")}),
        ("公表資料との照合", {"fields": ("printed_rate",)}),
        ("判定の変更", {"fields": ("override", "override_reason")}),
    )

    def get_form(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        """Let the form know who fills it in."""
        form = super().get_form(request, obj, **options)
        form.person = request.user  # a class made for this page alone
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Fix what the figure is about once it exists."""
        return ("promised",) if obj is None else ("indicator", "period", "promised")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Print the figures where nothing can be changed, and leave out what is for the form."""
        groups = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj):
            return groups
        return tuple(
            (
                title,
                {"fields": tuple(_SHOWN.get(one, one) for one in facts["fields"] if one != "seen")},
            )
            for title, facts in groups
        )

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Offer the periods that are open to this person."""
        if db_field.name == "period":
            states = [one.value for one in OPEN_STATES if may_edit(request, one)]
            options["queryset"] = ReportingPeriod.objects.filter(state__in=states)
        return super().formfield_for_foreignkey(db_field, request, **options)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let a person change figures of a period that is open to them."""
        allowed = bool(super().has_change_permission(request, obj))
        return allowed and (obj is None or may_edit(request, obj.period.stands))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep figures: a wrong one is cleared, and its history stays."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Count the change, and note which doubts the confirmation answers."""
        if change and not set(form.changed_data) - {"change_reason", "seen"}:
            return
        row = _row(obj)
        obj.confirmed_cautions = confirmed(row, entry_of(obj))
        obj.version = row.version + 1
        super().save_model(request, obj, form, change)

    def view_on_site(self, actual: Actual) -> str | None:
        """Return the page of its indicator."""
        return seen_at(actual.period.plan, "indicator", actual.indicator.code)

    @admin.display(description="前回の今後の対応")
    def promised(self, actual: Actual) -> str:
        """Return the earlier counter-measure that this answers, and how it stands; 「—」 for none."""
        row = _row(actual) if actual.pk else None
        asked = None if row is None else row.promise
        if row is None or asked is None:
            return DASH
        told = (f"{asked.period.label}: {asked.step}", asked.words, f"状況: {row.standing}")
        return "\n".join(filter(None, told))

    @admin.display(description="実績", ordering="value")
    def shown(self, actual: Actual) -> str:
        """Return the figure with its unit, 「—」 with its reason, or 未入力."""
        if actual.value is not None:
            return _with_unit(actual, actual.value)
        return f"{DASH}（{actual.get_reason_display()}）" if actual.reason else "未入力"

    @admin.display(description="年度末見込")
    def shown_forecast(self, actual: Actual) -> str:
        """Return the year's end as foreseen, with its unit; blank for nothing."""
        return "" if actual.forecast is None else _with_unit(actual, actual.forecast)

    @admin.display(description="調査年度")
    def shown_survey(self, actual: Actual) -> str:
        """Return the fiscal year of the earlier survey; blank for an own figure."""
        return "" if actual.carried_from is None else fiscal_year_label(actual.carried_from)

    @admin.display(description="速報値", ordering="provisional")
    def shown_provisional(self, actual: Actual) -> str:
        """Return 速報 for a provisional figure."""
        return "速報" if actual.provisional else ""


def _with_unit(actual: Actual, value: Decimal) -> str:
    kind = kind_of(actual)
    unit = "" if kind is Kind.MILESTONE else actual.indicator.unit
    return f"{shown_figure(kind, value)}{unit}"


def _row(actual: Actual) -> EntryRow:
    rows = all_rows(actual.period)
    return next(one for one in rows if one.indicator == actual.indicator_id)
