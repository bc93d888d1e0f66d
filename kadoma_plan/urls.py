"""Addresses: staff pages with the preview, ways to records, signing in, guides, health, the plans."""

from django.contrib import admin
from django.urls import include, path

handler500 = "kadoma_plan.tracing.server_error"

urlpatterns = [
    path("admin/preview/", include("kpis.preview_urls")),
    path("admin/open/", include("kpis.record_urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("kpis.account_urls")),
    path("guide/", include("kpis.guide_urls")),
    path("", include("kpis.urls")),
]
