"""Yearly targets: open ones are filled in, set ones are revised on a page of their own."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.html import format_html_join

from actions.fiscal import date_label, fiscal_year_label
from kpis.admin.columns import FiscalYears
from kpis.admin.history import FiguresInWords, HistoryAdmin, ReasonForm, kind_of
from kpis.admin.inlines import NamedCells
from kpis.admin.onsite import seen_at
from kpis.admin.pages import NARROW_TEXTS
from kpis.admin.target_page import revise_link, revisions_of, target_urls
from kpis.milestones import shown_figure
from kpis.models import Target
from kpis.vocabulary import Kind, TargetStatus

_SET_ONCE = ("indicator", "fiscal_year", "status", "value", "words")


class _LockedWhenSet(FiguresInWords):
    """Once a target is set, its value changes by revision or correction only."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Fix what a set target says."""
        super().__init__(*arguments, **options)
        if self.instance.pk and self.instance.status == TargetStatus.SET.value:
            for name in _SET_ONCE:
                if name in self.fields:
                    self.fields[name].disabled = True
            if "value" in self.fields:
                self.fields["value"].help_text = "設定済みの目標値は「改定・訂正」で変えます。"


class TargetForm(_LockedWhenSet, ReasonForm):
    """One target with the reason for a change."""


class _Shown:
    """What the pages show of a target besides its fields."""

    class Media:
        """Greys what cannot be typed into."""

        css = {"all": ("css/newyear.css",)}

    @admin.display(description="改定・訂正")
    def revise(self, target: Target) -> str:
        """Return a link to the page on which a set target is revised."""
        return revise_link(target)

    @admin.display(description="これまでの改定")
    def revisions(self, target: Target) -> str:
        """Return what the target was before each revision; blank where it never was another."""
        if target._state.adding:
            return ""
        told = [
            (date_label(one.revised_on), shown, one.reason) for one, shown in revisions_of(target)
        ]
        return format_html_join("", "<div>{}に改定。改定前: {}（理由: {}）</div>", told)


class TargetInline(_Shown, NamedCells):
    """An indicator's yearly targets."""

    model = Target
    form = _LockedWhenSet
    extra = 0
    formfield_overrides = NARROW_TEXTS
    readonly_fields = ("revisions", "revise")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Ask for a target's words where the indicator tells whether something is done."""
        is_milestone = obj is not None and obj.kind == Kind.MILESTONE.value
        words = ("words",) if is_milestone else ()
        named = ("fiscal_year", "status", "value", *words, "source", "decided_on", "note")
        return (*named, "revisions", "revise")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Target]:
        """Bring each row's indicator along, with which its name begins, and its revisions."""
        rows = super().get_queryset(request).select_related("indicator")
        return rows.prefetch_related("revisions")


@admin.register(Target)
class TargetAdmin(_Shown, HistoryAdmin):
    """Targets one by one, with the history of each."""

    form = TargetForm
    list_display = ("indicator", "year_label", "status", "shown", "source", "decided_on", "revise")
    list_filter = ("indicator__plan", ("fiscal_year", FiscalYears), "status")
    list_select_related = ("indicator__plan",)
    search_fields = ("indicator__code", "indicator__name", "source")
    search_help_text = "指標コード・指標名・根拠で検索できます。"
    autocomplete_fields = ("indicator",)
    readonly_fields = ("revisions", "revise")
    fieldsets = (
        (None, {"fields": ("indicator", "fiscal_year", "status", "value", "words")}),
        ("根拠", {"fields": ("source", "decided_on", "note")}),
        ("改定", {"fields": ("revisions", "revise")}),
    )

    def get_urls(self) -> list[URLPattern]:
        """Add the page on which a set target is revised."""
        return target_urls(self) + super().get_urls()  # type: ignore[no-any-return]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep a target that was revised: its old values are published with it."""
        allowed = bool(super().has_delete_permission(request, obj))
        return allowed and (obj is None or not obj.revisions.exists())

    @admin.display(description="目標値", ordering="value")
    def shown(self, target: Target) -> str:
        """Return the figure with its unit, a milestone's words, or blank."""
        kind = kind_of(target)
        shown = shown_figure(kind, target.value)
        if target.value is None or kind is Kind.MILESTONE:
            return (target.value and target.words) or shown
        return f"{shown}{target.indicator.unit}"

    def view_on_site(self, target: Target) -> str | None:
        """Return the page of its indicator."""
        return seen_at(target.indicator.plan, "indicator", target.indicator.code)

    @admin.display(description="年度", ordering="fiscal_year")
    def year_label(self, target: Target) -> str:
        """Return the fiscal year as printed."""
        return fiscal_year_label(target.fiscal_year)
