"""Reporting periods, actuals, KGIs and their values."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from actions.fiscal import calendar_year_label
from kpis.admin.history import HistoryAdmin
from kpis.models import Actual, Kgi, KgiValue, ReportingPeriod
from kpis.numerals import DASH, format_exact
from kpis.services import add_default_bands


@admin.register(ReportingPeriod)
class ReportingPeriodAdmin(admin.ModelAdmin):
    """The periods for which actuals are collected."""

    list_display = ("__str__", "plan")
    list_filter = ("plan", "term")
    list_select_related = ("plan",)

    def save_model(
        self, request: HttpRequest, obj: ReportingPeriod, form: Any, change: bool
    ) -> None:
        """Open the period; a plan without judgement bands gets the shipped ones."""
        super().save_model(request, obj, form, change)
        add_default_bands(plan=obj.plan)


@admin.register(Actual)
class ActualAdmin(HistoryAdmin):
    """Actuals one by one, with the history of each."""

    list_display = ("indicator", "period", "shown", "shown_provisional", "printed_rate")
    list_filter = ("period__plan", "period", "indicator__strategy", "reason", "provisional")
    list_select_related = ("indicator", "period")
    search_fields = ("indicator__code", "indicator__name", "cause", "next_step")
    autocomplete_fields = ("indicator",)
    fieldsets = (
        (None, {"fields": ("indicator", "period", "value", "reason", "provisional")}),
        ("説明", {"fields": ("cause", "next_step", "note")}),
        ("公表資料との照合", {"fields": ("printed_rate",)}),
        ("判定の変更", {"fields": ("override", "override_reason")}),
    )

    @admin.display(description="実績", ordering="value")
    def shown(self, actual: Actual) -> str:
        """Return the figure, 「—」 with its reason, or 未入力."""
        if actual.value is not None:
            return format_exact(actual.value)
        return f"{DASH}（{actual.get_reason_display()}）" if actual.reason else "未入力"

    @admin.display(description="速報値", ordering="provisional")
    def shown_provisional(self, actual: Actual) -> str:
        """Return 速報 for a provisional figure."""
        return "速報" if actual.provisional else ""


class KgiValueInline(admin.TabularInline):
    """A KGI's yearly values."""

    model = KgiValue
    extra = 0
    fields = ("year", "value", "comparator_growth", "note")

    def get_queryset(self, request: HttpRequest) -> QuerySet[KgiValue]:
        """Bring each row's KGI along: its name begins with it."""
        return super().get_queryset(request).select_related("kgi")


@admin.register(Kgi)
class KgiAdmin(HistoryAdmin):
    """KGIs with their values."""

    list_display = ("name", "unit", "comparator", "base_year", "target_year", "plan")
    list_filter = ("plan",)
    list_select_related = ("plan",)
    fieldsets = (
        (None, {"fields": ("plan", "code", "name", "unit", "decimals")}),
        ("目標", {"fields": ("comparator", "base_year", "target_year", "target")}),
        ("出所", {"fields": ("source", "note")}),
    )
    inlines = (KgiValueInline,)


@admin.register(KgiValue)
class KgiValueAdmin(HistoryAdmin):
    """KGI values one by one, with the history of each."""

    list_display = ("kgi", "year_label", "value", "comparator_growth")
    list_filter = ("kgi",)
    list_select_related = ("kgi",)
    fieldsets = ((None, {"fields": ("kgi", "year", "value", "comparator_growth", "note")}),)

    @admin.display(description="年", ordering="year")
    def year_label(self, value: KgiValue) -> str:
        """Return the calendar year as printed."""
        return calendar_year_label(value.year)
