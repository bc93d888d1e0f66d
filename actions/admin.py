"""Staff pages for plans, strategies, measures and publicity."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from actions.fiscal import fiscal_year_label
from actions.models import Measure, Plan, PublicityRecord, Strategy


class StrategyInline(admin.TabularInline):
    """A plan's strategies."""

    model = Strategy
    extra = 0
    fields = ("number", "name", "tag")
    show_change_link = True


class MeasureInline(admin.TabularInline):
    """A strategy's measures."""

    model = Measure
    extra = 0
    fields = ("number", "name", "page", "note")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Measure]:
        """Bring each row's strategy along: its name begins with it."""
        return super().get_queryset(request).select_related("strategy")


@admin.register(Plan)
class PlanAdmin(admin.ModelAdmin):
    """Plans with their strategies."""

    list_display = ("name", "slug", "start_year_label", "end_year_label", "section", "is_current")
    search_fields = ("name", "slug")
    fieldsets = (
        (None, {"fields": ("name", "slug", "principle", "is_current")}),
        ("期間", {"fields": ("baseline_year", "start_year", "end_year")}),
        ("所管と進捗管理", {"fields": ("section", "parent_plan", "council", "management")}),
    )
    inlines = (StrategyInline,)

    @admin.display(description="開始年度", ordering="start_year")
    def start_year_label(self, plan: Plan) -> str:
        """Return the first fiscal year as printed."""
        return fiscal_year_label(plan.start_year)

    @admin.display(description="終了年度", ordering="end_year")
    def end_year_label(self, plan: Plan) -> str:
        """Return the last fiscal year as printed."""
        return fiscal_year_label(plan.end_year)


@admin.register(Strategy)
class StrategyAdmin(admin.ModelAdmin):
    """Strategies with their measures."""

    list_display = ("name", "number", "tag", "plan")
    list_display_links = ("name",)
    list_filter = ("plan",)
    list_select_related = ("plan",)
    search_fields = ("name",)
    inlines = (MeasureInline,)


@admin.register(PublicityRecord)
class PublicityRecordAdmin(admin.ModelAdmin):
    """The record of publicity."""

    list_display = ("content", "kind", "day", "quantity", "unit", "plan")
    list_filter = ("plan", "kind")
    list_select_related = ("plan",)
    search_fields = ("content", "note")
    date_hierarchy = "day"
