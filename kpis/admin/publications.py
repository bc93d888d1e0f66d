"""Publications, to look at only."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kpis.admin.columns import PlanColumn
from kpis.admin.council_page import council_link, council_urls
from kpis.admin.readonly import ReadOnly
from kpis.links import Links
from kpis.models import Publication
from kpis.payload import PayloadError
from kpis.selectors import verified_progress


@admin.register(Publication)
class PublicationAdmin(PlanColumn, ReadOnly, admin.ModelAdmin):
    """What was published; nobody changes or deletes it here."""

    list_display = ("__str__", "plan", "published_at", "published_by", "reason", "page", "council")
    when_empty = "公表はまだありません。報告期間の「確認と公表」で公表すると、ここに残ります。"
    list_filter = ("period__plan",)
    list_select_related = ("period__plan", "published_by")
    fields = (
        "period",
        "version",
        "published_at",
        "published_by",
        "reason",
        "digest",
        "verified",
        "page",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Publication]:
        """Leave the contents out: a list needs none."""
        return super().get_queryset(request).defer("payload")

    def get_urls(self) -> list[URLPattern]:
        """Add the council's papers."""
        return council_urls(self) + super().get_urls()

    @admin.display(description="計画")
    def plan(self, publication: Publication) -> str:
        """Return the plan's name."""
        return publication.period.plan.name

    @admin.display(description="公開ページ")
    def page(self, publication: Publication) -> SafeString:
        """Return a link to the public page of this very version."""
        keep = f"?period={publication.period.period.code}&version={publication.version}"
        address = Links(publication.period.plan.slug, keep).to("overview")
        return format_html('<a href="{}">開く</a>', address)

    @admin.display(description="会議資料")
    def council(self, publication: Publication) -> SafeString | None:
        """Return a link to the page that makes the council's papers of this very version."""
        return council_link(publication.pk)

    @admin.display(description="SHA-256（内容が公表時のままかを確かめる値）")
    def digest(self, publication: Publication) -> str:
        """Return the hash of the content as it was published."""
        return publication.sha256

    @admin.display(description="内容の検証")
    def verified(self, publication: Publication) -> str:
        """Return whether the stored content still fits its SHA-256 and can be read."""
        try:
            verified_progress([publication])
        except PayloadError as error:
            return str(error)
        return "公表時の内容と一致しています。"
