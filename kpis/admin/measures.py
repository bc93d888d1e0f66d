"""Staff pages for strategies, measures and publicity."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from actions.models import Measure, PublicityRecord, Strategy
from kpis.admin.columns import PlanColumn, ValuesOrBlank
from kpis.admin.inlines import NamedCells
from kpis.admin.onsite import seen_at
from kpis.numerals import format_exact


class MeasureInline(NamedCells):
    """A strategy's measures."""

    model = Measure
    extra = 0
    show_change_link = True
    fields = ("number", "name", "page", "note")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Measure]:
        """Bring each row's strategy along: its name begins with it."""
        return super().get_queryset(request).select_related("strategy")


@admin.register(Strategy)
class StrategyAdmin(PlanColumn, admin.ModelAdmin):
    """Strategies with their measures."""

    list_display = ("number", "name", "tag", "plan")
    list_display_links = ("number", "name")
    list_filter = ("plan",)
    list_select_related = ("plan",)
    search_fields = ("name",)
    search_help_text = "戦略名で検索できます。"
    inlines = (MeasureInline,)

    def view_on_site(self, strategy: Strategy) -> str | None:
        """Return the strategy's page."""
        return seen_at(strategy.plan, "strategy", strategy.number)


@admin.register(Measure)
class MeasureAdmin(admin.ModelAdmin):
    """Measures one by one: the text of each, and where fields look measures up."""

    list_display = ("shown_code", "name", "strategy", "page", "described")
    list_display_links = ("shown_code", "name")
    list_filter = ("strategy__plan", "strategy")
    list_select_related = ("strategy__plan",)
    search_fields = ("name", "description")
    search_help_text = "施策番号（1-2）・施策名・内容で検索できます。"
    fields = ("strategy", "number", "name", "page", "description", "note")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Measure]:
        """Bring each measure's strategy along: its name begins with it."""
        return super().get_queryset(request).select_related("strategy__plan")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Measure], search_term: str
    ) -> tuple[QuerySet[Measure], bool]:
        """Find by name and text as Django does, and by number as the plan prints it: 1-2."""
        strategy, dash, number = search_term.strip().partition("-")
        if dash and strategy.isdecimal() and (number.isdecimal() or not number):
            found = queryset.filter(strategy__number=int(strategy))
            return (found.filter(number=int(number)) if number else found), False
        return super().get_search_results(request, queryset, search_term)

    def view_on_site(self, measure: Measure) -> str | None:
        """Return the measure's page."""
        return seen_at(measure.strategy.plan, "measure", measure.code)

    @admin.display(description="施策番号", ordering="strategy")
    def shown_code(self, measure: Measure) -> str:
        """Return the number within the plan."""
        return measure.code

    @admin.display(description="施策の内容")
    def described(self, measure: Measure) -> str:
        """Return whether the page has a text; blank where it has."""
        return "" if measure.description else "未記入"


@admin.register(PublicityRecord)
class PublicityRecordAdmin(PlanColumn, admin.ModelAdmin):
    """The record of publicity."""

    list_display = ("content", "kind", "item", "day", "amount", "plan")
    list_filter = ("plan", "kind", ("item", ValuesOrBlank))
    list_select_related = ("plan",)
    search_fields = ("content", "item", "note")
    search_help_text = "内容・対象・備考で検索できます。"
    date_hierarchy = "day"

    def view_on_site(self, record: PublicityRecord) -> str | None:
        """Return the page of all publicity."""
        return seen_at(record.plan, "publicity")

    @admin.display(description="数量", ordering="quantity")
    def amount(self, record: Any) -> str:
        """Return the quantity with its unit; blank for none."""
        return "" if record.quantity is None else f"{format_exact(record.quantity)}{record.unit}"
