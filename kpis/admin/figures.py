"""KGIs, their values by year, and further comparators."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.html import format_html_join

from actions.fiscal import calendar_year_label, date_label
from kpis.admin.columns import PlanColumn
from kpis.admin.history import HistoryAdmin
from kpis.admin.inlines import NamedCells
from kpis.admin.kgi_page import REVISE, kgi_urls
from kpis.admin.onsite import seen_at
from kpis.admin.readonly import ReadOnly
from kpis.kgiwords import kgi_faults, late_words
from kpis.models import Kgi, KgiComparison, KgiRevision, KgiValue
from kpis.numerals import DASH, format_exact
from kpis.selectors.kgis import kgi_progress

# A row of an inline has little room for a note.
_NARROW: dict[type[models.Field], dict[str, Any]] = {
    models.TextField: {"widget": forms.Textarea(attrs={"rows": 2, "cols": 24})},
    models.CharField: {"widget": forms.TextInput(attrs={"size": 16})},
}


class KgiValueInline(NamedCells):
    """A KGI's yearly values, and what they were before a revision of the statistic."""

    model = KgiValue
    extra = 0
    formfield_overrides = _NARROW
    fields = (
        "year",
        "value",
        "expected",
        "comparator_growth",
        "comparator_value",
        "note",
        "before",
    )
    readonly_fields = ("before",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[KgiValue]:
        """Bring along each row's KGI, with which its name begins, and its revisions."""
        rows = super().get_queryset(request)
        return rows.select_related("kgi").prefetch_related("revisions")

    @admin.display(description="改定前の値")
    def before(self, value: KgiValue) -> str:
        """Return each revision's old figures, a line each; blank where there was none."""
        lines = [] if value._state.adding else [(_old(one),) for one in value.revisions.all()]
        return format_html_join("", "<div>{}</div>", lines)


def _old(one: KgiRevision) -> str:
    """Return 26,214,886、伸び率 1.9%（令和8年4月1日改定）."""
    shown = DASH if one.value is None else format_exact(one.value)
    growth = one.comparator_growth
    theirs = "" if growth is None else f"、伸び率 {format_exact(growth)}%"
    return f"{shown}{theirs}（{date_label(one.revised_on)}改定）"


class KgiComparisonInline(NamedCells):
    """Further statistics beside the KGI, for reference."""

    model = KgiComparison
    extra = 0
    fields = ("name", "year", "growth", "value")

    def get_queryset(self, request: HttpRequest) -> QuerySet[KgiComparison]:
        """Bring each row's KGI along: its name begins with it."""
        return super().get_queryset(request).select_related("kgi")


@admin.register(Kgi)
class KgiAdmin(PlanColumn, HistoryAdmin):
    """KGIs with their values; a revision of the statistic has a page of its own."""

    list_display = ("name", "unit", "comparator", "from_year", "to_year", "plan")
    list_filter = ("plan",)
    list_select_related = ("plan",)
    fieldsets = (
        (None, {"fields": ("plan", "code", "name", "unit", "decimals")}),
        ("目標", {"fields": ("comparator", "base_year", "target_year", "target")}),
        ("出所", {"fields": ("source", "note")}),
    )
    inlines = (KgiValueInline, KgiComparisonInline)

    def view_on_site(self, kgi: Kgi) -> str | None:
        """Return the KGI's place on the page of all."""
        address = seen_at(kgi.plan, "kgi")
        return address and f"{address}#{kgi.code}"

    @admin.display(description="起点年", ordering="base_year")
    def from_year(self, kgi: Kgi) -> str:
        """Return the year from which growth counts, as printed."""
        return calendar_year_label(kgi.base_year)

    @admin.display(description="目標年", ordering="target_year")
    def to_year(self, kgi: Kgi) -> str:
        """Return the year of the goal, as printed."""
        return calendar_year_label(kgi.target_year)

    def get_urls(self) -> list[URLPattern]:
        """Add the page where a statistic's revision is recorded."""
        return [*kgi_urls(self), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Say what cannot be worked out, and lead to the revision."""
        kgi: Kgi | None = self.get_object(request, object_id)
        context = extra_context or {}
        if kgi is not None:
            context |= {"kgi_faults": kgi_faults(kgi_progress(kgi))}
            if request.user.has_perm(REVISE):
                context |= {"revise": reverse("admin:kpis_kgi_revise", args=[kgi.pk])}
        shown: HttpResponse = super().change_view(request, object_id, form_url, context)
        return shown


class KgiRevisionInline(ReadOnly, admin.TabularInline):
    """What a year said before each revision, to look at only."""

    model = KgiRevision
    fields = ("revised_on", "value", "comparator_growth", "reason")
    readonly_fields = fields


@admin.register(KgiValue)
class KgiValueAdmin(HistoryAdmin):
    """KGI values one by one, with the history of each."""

    list_display = ("kgi", "year_label", "shown", "their_growth", "their_value")
    list_filter = ("kgi",)
    list_select_related = ("kgi__plan",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    *("kgi", "year", "value", "expected"),
                    *("comparator_growth", "comparator_value", "note"),
                )
            },
        ),
    )
    inlines = (KgiRevisionInline,)

    @admin.display(description="年", ordering="year")
    def year_label(self, value: KgiValue) -> str:
        """Return the calendar year as printed."""
        return calendar_year_label(value.year)

    @admin.display(description="値", ordering="value", empty_value="")
    def shown(self, value: KgiValue) -> str | None:
        """Return the value, when it is expected, or None."""
        if value.value is not None:
            return f"{format_exact(value.value)}{value.kgi.unit}"
        return late_words(value.expected) or None

    @admin.display(description="比較対象の伸び率", ordering="comparator_growth")
    def their_growth(self, value: KgiValue) -> str:
        """Return the comparator's growth in percent; blank for none."""
        growth = value.comparator_growth
        return "" if growth is None else f"{format_exact(growth)}%"

    @admin.display(description="比較対象の値", ordering="comparator_value")
    def their_value(self, value: KgiValue) -> str:
        """Return the comparator's value; blank for none."""
        known = value.comparator_value
        return "" if known is None else format_exact(known)

    def view_on_site(self, value: KgiValue) -> str | None:
        """Return its KGI's place on the page of all."""
        address = seen_at(value.kgi.plan, "kgi")
        return address and f"{address}#{value.kgi.code}"
