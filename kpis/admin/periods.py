"""Reporting periods: their list, their life, and the way to each round's pages."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from actions.models import Action
from kpis.admin.action_page import action_urls
from kpis.admin.columns import PlanColumn
from kpis.admin.council_page import council_link
from kpis.admin.entry_page import entry_urls
from kpis.admin.readonly import ReadOnly
from kpis.admin.reminder_page import reminder_urls
from kpis.admin.round_pages import round_urls
from kpis.admin.workbook_pages import workbook_urls
from kpis.models import PeriodMove, Publication, ReportingPeriod
from kpis.services import add_default_bands


class PeriodMoveInline(ReadOnly, admin.TabularInline):
    """What happened to the period so far, to look at only."""

    model = PeriodMove
    verbose_name_plural = "状態の記録"
    fields = readonly_fields = ("move", "before", "after", "moved_by", "moved_at", "reason")
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[PeriodMove]:
        """Bring each move's person and period along."""
        return super().get_queryset(request).select_related("moved_by", "period")


@admin.register(ReportingPeriod)
class ReportingPeriodAdmin(PlanColumn, admin.ModelAdmin):
    """The periods for which actuals are collected."""

    list_display = ("__str__", "plan", "state", "due", "entry", "readiness", "council")
    list_filter = ("plan", "state", "term")
    list_select_related = ("plan",)
    fields = ("plan", "fiscal_year", "term", "due")
    inlines = (PeriodMoveInline,)

    @admin.display(description="実績の入力")
    def entry(self, period: ReportingPeriod) -> SafeString:
        """Return a link to the entry screen."""
        return _link("entry", period, "入力画面")

    @admin.display(description="確認と公表")
    def readiness(self, period: ReportingPeriod) -> SafeString:
        """Return a link to what is still open before publishing."""
        return _link("readiness", period, "確認と公表")

    @admin.display(description="会議資料")
    def council(self, period: ReportingPeriod) -> SafeString | None:
        """Return a link to the council's papers of the period's newest publication, if any."""
        return council_link(period.newest_publication)  # type: ignore[attr-defined]  # see below

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReportingPeriod]:
        """Bring along each period's newest publication, and whether its plan has actions."""
        made = Publication.objects.filter(period=OuterRef("pk")).order_by("-version")
        periods: QuerySet[ReportingPeriod] = super().get_queryset(request)
        return periods.annotate(
            newest_publication=Subquery(made.values("pk")[:1]),
            has_actions=Exists(Action.objects.filter(plan=OuterRef("plan"))),
        )

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of a round."""
        own = [*round_urls(self), *entry_urls(self), *action_urls(self), *workbook_urls(self)]
        own += reminder_urls(self)
        return own + super().get_urls()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Fix plan, year and term: figures hang on them."""
        return () if obj is None else ("plan", "fiscal_year", "term", "state")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the state of a period that exists."""
        return self.fields if obj is None else ("plan", "fiscal_year", "term", "state", "due")

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Show what happened so far to a period that exists."""
        return () if obj is None else self.inlines

    def save_model(
        self, request: HttpRequest, obj: ReportingPeriod, form: Any, change: bool
    ) -> None:
        """Register the period; a plan without judgement bands gets the shipped ones."""
        super().save_model(request, obj, form, change)
        add_default_bands(plan=obj.plan)


def _link(page: str, period: ReportingPeriod, words: str) -> SafeString:
    address = reverse(f"admin:kpis_reportingperiod_{page}", args=[period.pk])
    return format_html('<a href="{}">{}</a>', address, words)
