"""Plans with their strategies. They stand here because a plan's book holds its figures."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.safestring import SafeString

from actions.fiscal import fiscal_year_label
from actions.models import Plan, Strategy
from kpis.admin.band_page import plan_band_urls
from kpis.admin.inlines import NamedCells
from kpis.admin.newyear_page import may_prepare, new_year_link, new_year_urls
from kpis.admin.onsite import seen_at
from kpis.admin.open_targets import may_list, open_target_urls, open_targets_link
from kpis.admin.planbook_import import may_import_books, plan_book_import_urls
from kpis.admin.planbook_pages import may_take_books, plan_book_link, plan_book_urls
from kpis.admin.rule_page import may_change_rules
from kpis.admin.sections import SectionField


class StrategyInline(NamedCells):
    """A plan's strategies."""

    model = Strategy
    extra = 0
    fields = ("number", "name", "tag")
    show_change_link = True


@admin.register(Plan)
class PlanAdmin(SectionField, admin.ModelAdmin):
    """Plans with their strategies."""

    list_display = ("name", "slug", "start_year_label", "end_year_label", "section", "at_front")
    search_fields = ("name", "slug")
    fieldsets = (
        (None, {"fields": ("name", "slug", "principle", "is_current")}),
        ("期間", {"fields": ("baseline_year", "start_year", "end_year")}),
        ("所管と進捗管理", {"fields": ("section", "parent_plan", "council", "management")}),
    )
    inlines = (StrategyInline,)

    def get_urls(self) -> list[URLPattern]:
        """Add the plan books, their way back, and the pages about the plan."""
        books = [*plan_book_urls(self), *plan_book_import_urls(self)]
        pages = [*plan_band_urls(self), *new_year_urls(self), *open_target_urls(self)]
        return books + pages + super().get_urls()

    def get_list_display(self, request: HttpRequest) -> Any:
        """Offer each plan's book and pages to those who may use them."""
        columns = {"book": may_take_books, "new_year": may_prepare, "open_targets": may_list}
        offered = tuple(name for name, may in columns.items() if may(request))
        return self.list_display + offered

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Tell the page whether to offer the empty book, the example and the import."""
        return super().changelist_view(request, _offered(request, extra_context))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        """Tell the page whether to offer the plan's book and the import."""
        context = _offered(request, extra_context)
        return super().changeform_view(request, object_id, form_url, context)

    def view_on_site(self, plan: Plan) -> str | None:
        """Return the plan's first page."""
        return seen_at(plan, "overview")

    @admin.display(description="トップページ", ordering="is_current")
    def at_front(self, plan: Plan) -> str:
        """Return 表示中 for the plan that the site's front page shows; blank for others."""
        return "表示中" if plan.is_current else ""

    @admin.display(description="計画ブック")
    def book(self, plan: Plan) -> SafeString:
        """Return a link to the plan's book."""
        return plan_book_link(plan)

    @admin.display(description="年度更新")
    def new_year(self, plan: Plan) -> SafeString:
        """Return a link to what the plan's new fiscal year needs."""
        return new_year_link(plan)

    @admin.display(description="目標の一覧")
    def open_targets(self, plan: Plan) -> SafeString:
        """Return a link to the plan's targets that are still open."""
        return open_targets_link(plan)

    @admin.display(description="開始年度", ordering="start_year")
    def start_year_label(self, plan: Plan) -> str:
        """Return the first fiscal year as printed."""
        return fiscal_year_label(plan.start_year)

    @admin.display(description="終了年度", ordering="end_year")
    def end_year_label(self, plan: Plan) -> str:
        """Return the last fiscal year as printed."""
        return fiscal_year_label(plan.end_year)


def _offered(request: HttpRequest, context: Any) -> dict[str, Any]:
    may = {
        "may_take_books": may_take_books(request),
        "may_import_books": may_import_books(request),
        "may_change_rules": may_change_rules(request),
        "may_prepare": may_prepare(request),
        "may_list": may_list(request),
    }
    return {**(context or {}), **may}
