"""Workbooks that were uploaded, to look at only."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kpis.admin.readonly import ReadOnly
from kpis.admin.workbook_pages import attachment
from kpis.models import ActionUpload, PlanBookUpload, Upload

_COME, _APPLIED = ("uploaded_by", "uploaded_at"), ("applied_at", "changes")


class StoredFiles(ReadOnly, admin.ModelAdmin):
    """Files kept as they came; nobody changes or deletes them here."""

    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave the files themselves out: a list needs none."""
        return super().get_queryset(request).defer("content")

    def get_urls(self) -> list[URLPattern]:
        """Add the address of the file itself."""
        view = self.admin_site.admin_view(require_safe(never_cache(self.send)))
        return [path("<int:pk>/file/", view, name=self._file_name), *super().get_urls()]

    @property
    def _file_name(self) -> str:
        return f"kpis_{self.opts.model_name}_file"

    @admin.display(description="ファイル")
    def file(self, stored: Any) -> SafeString:
        """Return a link to the file as it came."""
        address = reverse(f"admin:{self._file_name}", args=[stored.pk])
        return format_html('<a href="{}">ダウンロード</a>', address)

    @admin.display(description="SHA-256（同じファイルかを確かめる値）")
    def digest(self, stored: Any) -> str:
        """Return the hash that tells the file from any other."""
        return str(stored.sha256)

    def send(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send the file as it came. Raises PermissionDenied and Http404."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        stored = get_object_or_404(self.model, pk=pk)
        return attachment(bytes(stored.content), stored.name)


@admin.register(Upload)
class UploadAdmin(StoredFiles):
    """Which entry workbook changed which figures."""

    when_empty = "取り込んだファイルはまだありません。報告期間の画面の「Excel」から取り込みます。"
    list_display = ("name", "period", *_COME, *_APPLIED)
    list_filter = ("period__plan",)
    list_select_related = ("period", "uploaded_by")
    fields = ("period", "name", "file", "digest", *_COME, *_APPLIED)
    readonly_fields = fields


@admin.register(ActionUpload)
class ActionUploadAdmin(UploadAdmin):
    """Which workbook of actions changed which years."""


@admin.register(PlanBookUpload)
class PlanBookUploadAdmin(StoredFiles):
    """Which plan book made or changed which plan."""

    when_empty = "取り込んだ計画ブックはまだありません。計画の一覧の「計画ブックを取り込む」から取り込みます。"
    list_display = ("name", "plan", *_COME, *_APPLIED)
    list_filter = ("plan",)
    list_select_related = ("plan", "uploaded_by")
    fields = (
        *("plan", "name", "file", "digest", *_COME),
        *("delete_missing", "applied_by", "applied_at", "reason", "changes"),
    )
    readonly_fields = fields
