"""KGIs and their values."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from actions.fiscal import calendar_year_label
from kpis.admin.history import HistoryAdmin
from kpis.models import Kgi, KgiValue


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
