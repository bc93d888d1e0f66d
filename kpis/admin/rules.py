"""Indicators with their rules, and judgement bands."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from actions.fiscal import fiscal_year_of
from actions.models import Measure
from kpis.admin.band_page import band_address, indicator_band_urls
from kpis.admin.bulk_page import section_change
from kpis.admin.columns import PlanColumn, ValuesOrBlank
from kpis.admin.history import FiguresInWords, HistoryAdmin
from kpis.admin.lives import LIFE, LIFE_HELP, LifeForm
from kpis.admin.onsite import seen_at
from kpis.admin.readonly import ReadOnly
from kpis.admin.rule_page import may_change_rules, rule_address, rule_urls
from kpis.admin.ruleforms import BASELINE_FIELDS, RULE_FIELDS, label_of, shown_of
from kpis.admin.sections import SectionField
from kpis.admin.targets import TargetInline
from kpis.milestones import shown_figure
from kpis.models import BandChange, Indicator, JudgementBand, Target
from kpis.selectors.entry import section_of
from kpis.vocabulary import Kind, TargetStatus


class IndicatorForm(FiguresInWords, LifeForm):
    """An indicator's form; what it only shows is told above it."""

    def clean(self) -> dict[str, Any] | None:
        """Check what the database asks of a kind that this form does not change."""
        said: dict[str, Any] | None = super().clean()
        milestone = self.instance.pk and self.instance.kind == Kind.MILESTONE.value
        if milestone and self.cleaned_data.get("decimals"):
            self.add_error("decimals", "種別が達成有無の指標の小数桁は0にしてください。")
        return said

    def add_error(self, field: str | None, error: Any) -> None:
        """Tell a fault of a field that the form lacks above it."""
        told = getattr(error, "error_dict", None)
        if field is not None or told is None:
            return super().add_error(field, error)
        for name, messages_ in told.items():
            own = name if name in self.fields or name == NON_FIELD_ERRORS else None
            said = [f"{label_of(name)}: {one}" for one in ValidationError(messages_).messages]
            super().add_error(own, messages_ if own else said)
        return None


@admin.register(Indicator)
class IndicatorAdmin(PlanColumn, SectionField, HistoryAdmin):
    """An indicator: what it is, how its rate is worked out, and its targets."""

    list_display = ("code", "name", "this_target", "kind", "formula", "in_charge", "plan")
    list_display_links = ("code", "name")
    list_filter = ("plan", "strategy", "kind", "formula", ("section", ValuesOrBlank))
    list_select_related = ("plan", "strategy")
    search_fields = ("code", "name", "definition")
    search_help_text = "指標コード・指標名・定義で検索できます。"
    filter_horizontal = ("measures",)
    fieldsets = (
        (None, {"fields": ("plan", "strategy", "code", "order", "name", "unit", "decimals")}),
        ("内容", {"fields": ("definition", "target_source", "section", "measures", "note")}),
        ("基準値", {"fields": ("baseline_year", "baseline_value")}),
        ("達成率の算定", {"fields": ("kind", "direction", "formula")}),
        ("上半期", {"fields": ("rated_at_half_year", "expected_share")}),
        ("達成率の表示", {"fields": ("rate_decimals", "rounding", "keep_zeros")}),
        ("見直し（開始・終了・改称・置換え）", {"fields": LIFE, "description": LIFE_HELP}),
    )
    inlines = (TargetInline,)
    actions = ("change_section", "change_rules")
    form = IndicatorForm

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of rules and of the indicator's own bands."""
        return [*rule_urls(self), *indicator_band_urls(self), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Indicator]:
        """Bring along each indicator's target of the current fiscal year."""
        year = fiscal_year_of(timezone.localdate())
        target = Target.objects.filter(indicator=OuterRef("pk"), fiscal_year=year)
        indicators: QuerySet[Indicator] = super().get_queryset(request)
        return indicators.annotate(
            target_value=Subquery(target.values("value")[:1]),
            target_status=Subquery(target.values("status")[:1]),
        )

    def view_on_site(self, indicator: Indicator) -> str | None:
        """Return the indicator's page."""
        return seen_at(indicator.plan, "indicator", indicator.code)

    @admin.display(description="今年度の目標")
    def this_target(self, indicator: Any) -> str:
        """Return this fiscal year's target with its unit, its state for no figure, or blank."""
        if indicator.target_value is None:
            status = indicator.target_status
            return TargetStatus(status).label if status else ""
        kind = Kind(indicator.kind)
        shown = shown_figure(kind, indicator.target_value)
        return shown if kind is Kind.MILESTONE else f"{shown}{indicator.unit}"

    @admin.display(description="所管課", ordering="section")
    def in_charge(self, indicator: Indicator) -> str:
        """Return the section in charge, which is the plan's where the indicator names none."""
        return section_of(indicator)

    def has_bulk_permission(self, request: HttpRequest) -> bool:
        """Return whether this person may change indicators."""
        return bool(self.has_change_permission(request))

    change_section = section_change("選んだ指標の所管課を変更する")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep an indicator in its plan: figures and publications hang on it.

        Its rule is changed on a page that shows first what the change would do.
        """
        return () if obj is None else ("plan", "rule", "own_bands")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the rule of an indicator that exists in place of its fields."""
        groups = super().get_fieldsets(request, obj)
        if obj is None:
            return groups
        ruled = {*RULE_FIELDS, *BASELINE_FIELDS}
        kept = [one for one in groups if not ruled & {*one[1]["fields"]}]
        kept.insert(2, ("算定ルール", {"fields": ("rule", "own_bands")}))
        return kept

    def has_rules_permission(self, request: HttpRequest) -> bool:
        """Return whether this person may change rules."""
        return may_change_rules(request)

    @admin.action(description="選んだ指標の算定ルールを変更する", permissions=["rules"])
    def change_rules(
        self, request: HttpRequest, chosen: QuerySet[Indicator]
    ) -> HttpResponse | None:
        """Lead to the page of rules for these indicators, which are of one plan."""
        if chosen.values("plan").distinct().order_by().count() > 1:
            said = "1つの計画の指標だけを選んでください。「計画」で絞り込めます。"
            self.message_user(request, said, messages.ERROR)
            return None
        return HttpResponseRedirect(rule_address(list(chosen.values_list("pk", flat=True))))

    def render_change_form(self, request: HttpRequest, context: Any, **options: Any) -> Any:
        """Tell the page whether to offer the pages of rules and bands."""
        context["may_change_rules"] = may_change_rules(request)
        return super().render_change_form(request, context, **options)

    @admin.display(description="算定ルール")
    def rule(self, indicator: Indicator) -> SafeString:
        """Return the rule in words, field by field."""
        names = (*RULE_FIELDS, *BASELINE_FIELDS)
        rows = [(label_of(name), shown_of(indicator, name)) for name in names]
        return format_html_join("", "<div>{}: {}</div>", rows)

    @admin.display(description="この指標だけの判定基準")
    def own_bands(self, indicator: Indicator) -> SafeString | str:
        """Return the bands that replace the plan's, if any."""
        rows = [(one.band.words,) for one in indicator.bands.all()]
        if not rows:
            return "なし（計画全体の判定基準による）"
        return format_html_join("", "<div>{}</div>", rows)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Offer the measures with their strategies, whose numbers their names begin with."""
        options["queryset"] = Measure.objects.select_related("strategy")
        return super().formfield_for_manytomany(db_field, request, **options)


@admin.register(JudgementBand)
class JudgementBandAdmin(PlanColumn, ReadOnly, admin.ModelAdmin):
    """The classes of 参考判定, to look at: all of a plan are changed together on their own page."""

    list_display = ("label", "sign", "term", "bound", "tone", "plan", "indicator", "change_page")
    list_filter = ("plan", "term")
    list_select_related = ("plan", "indicator")
    fields = ("plan", "indicator", "term", "bound", "sign", "label", "tone", "change_page")

    def get_list_display(self, request: HttpRequest) -> Any:
        """Offer the way to the change to those who may make it."""
        names = super().get_list_display(request)
        return names if may_change_rules(request) else names[:-1]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Offer the way to the change to those who may make it."""
        return self.fields if may_change_rules(request) else self.fields[:-1]

    @admin.display(description="下限", ordering="lower")
    def bound(self, band: JudgementBand) -> str:
        """Return the lower bound as printed."""
        return band.band.bound

    @admin.display(description="変更")
    def change_page(self, band: JudgementBand) -> SafeString:
        """Return a link to the page where these bands are changed."""
        address = band_address(band.plan_id, band.indicator_id)
        return format_html('<a href="{}">判定基準の変更</a>', address)


@admin.register(BandChange)
class BandChangeAdmin(PlanColumn, ReadOnly, admin.ModelAdmin):
    """Who changed bands, when, why, and from what to what."""

    when_empty = (
        "判定基準を変えたことはまだありません。変えると、理由と前後の内容がここに残ります。"
    )
    list_display = ("changed_at", "plan", "indicator", "changed_by", "reason")
    list_filter = ("plan",)
    list_select_related = ("plan", "indicator", "changed_by")
    fields = ("plan", "indicator", "changed_at", "changed_by", "reason", "before", "after")
