"""Indicators with their targets and rules, and judgement bands."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from actions.fiscal import fiscal_year_label
from actions.models import Measure
from kpis.admin.history import HistoryAdmin
from kpis.models import Indicator, JudgementBand, Target


class TargetInline(admin.TabularInline):
    """An indicator's yearly targets."""

    model = Target
    extra = 0
    fields = ("fiscal_year", "status", "value", "source", "note")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Target]:
        """Bring each row's indicator along: its name begins with it."""
        return super().get_queryset(request).select_related("indicator")


@admin.register(Indicator)
class IndicatorAdmin(HistoryAdmin):
    """An indicator: what it is, how its rate is worked out, and its targets."""

    list_display = ("code", "name", "unit", "kind", "formula", "section", "plan")
    list_display_links = ("code", "name")
    list_filter = ("plan", "strategy", "kind", "formula", "section")
    list_select_related = ("plan", "strategy")
    search_fields = ("code", "name", "definition")
    filter_horizontal = ("measures",)
    fieldsets = (
        (None, {"fields": ("plan", "strategy", "code", "order", "name", "unit", "decimals")}),
        ("内容", {"fields": ("definition", "target_source", "section", "measures", "note")}),
        ("基準値", {"fields": ("baseline_year", "baseline_value")}),
        ("達成率の算定", {"fields": ("kind", "direction", "formula")}),
        ("上半期", {"fields": ("rated_at_half_year", "expected_share")}),
        ("達成率の表示", {"fields": ("rate_decimals", "rounding", "keep_zeros")}),
    )
    inlines = (TargetInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep an indicator in its plan: figures and publications hang on it."""
        return () if obj is None else ("plan",)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Offer the measures with their strategies, whose numbers their names begin with."""
        options["queryset"] = Measure.objects.select_related("strategy")
        return super().formfield_for_manytomany(db_field, request, **options)


@admin.register(Target)
class TargetAdmin(HistoryAdmin):
    """Targets one by one, with the history of each."""

    list_display = ("indicator", "year_label", "status", "value", "source")
    list_filter = ("indicator__plan", "fiscal_year", "status")
    list_select_related = ("indicator",)
    search_fields = ("indicator__code", "indicator__name", "source")
    autocomplete_fields = ("indicator",)
    fieldsets = (
        (None, {"fields": ("indicator", "fiscal_year", "status", "value", "source", "note")}),
    )

    @admin.display(description="年度", ordering="fiscal_year")
    def year_label(self, target: Target) -> str:
        """Return the fiscal year as printed."""
        return fiscal_year_label(target.fiscal_year)


@admin.register(JudgementBand)
class JudgementBandAdmin(admin.ModelAdmin):
    """The classes of 参考判定."""

    list_display = ("label", "sign", "term", "lower", "tone", "plan")
    list_filter = ("plan", "term")
    list_select_related = ("plan",)
