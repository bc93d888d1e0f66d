"""Staff pages for strategies, measures and publicity; plans and actions stand in ``kpis.admin``."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from actions.models import Measure, PublicityRecord, Strategy


class MeasureInline(admin.TabularInline):
    """A strategy's measures."""

    model = Measure
    extra = 0
    fields = ("number", "name", "page", "note")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Measure]:
        """Bring each row's strategy along: its name begins with it."""
        return super().get_queryset(request).select_related("strategy")


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

    list_display = ("content", "kind", "item", "day", "quantity", "unit", "plan")
    list_filter = ("plan", "kind", "item")
    list_select_related = ("plan",)
    search_fields = ("content", "item", "note")
    date_hierarchy = "day"
