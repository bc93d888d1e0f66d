"""Workbooks that were uploaded, to look at only."""

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
from kpis.models import Upload

_VIEW = "kpis.view_upload"


@admin.register(Upload)
class UploadAdmin(ReadOnly, admin.ModelAdmin):
    """Which file changed which figures; nobody changes or deletes it here."""

    list_display = ("name", "period", "uploaded_by", "uploaded_at", "applied_at", "changes")
    list_filter = ("period__plan",)
    list_select_related = ("period", "uploaded_by")
    search_fields = ("name",)
    fields = (
        "period",
        "name",
        "file",
        "sha256",
        "uploaded_by",
        "uploaded_at",
        "applied_at",
        "changes",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Upload]:
        """Leave the files themselves out: a list needs none."""
        return super().get_queryset(request).defer("content")

    def get_urls(self) -> list[URLPattern]:
        """Add the address of the file itself."""
        view = self.admin_site.admin_view(require_safe(never_cache(_send)))
        return [path("<int:pk>/file/", view, name="kpis_upload_file"), *super().get_urls()]

    @admin.display(description="ファイル")
    def file(self, upload: Upload) -> SafeString:
        """Return a link to the file as it came."""
        address = reverse("admin:kpis_upload_file", args=[upload.pk])
        return format_html('<a href="{}">ダウンロード</a>', address)


def _send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the file as it came. Raises PermissionDenied and Http404."""
    if not request.user.has_perm(_VIEW):
        raise PermissionDenied
    upload = get_object_or_404(Upload, pk=pk)
    return attachment(bytes(upload.content), upload.name)
