"""Addresses: staff pages with the preview, ways to records, signing in, guides, health, the plans."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/preview/", include("kpis.preview_urls")),
    path("admin/open/", include("kpis.record_urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("kpis.account_urls")),
    path("guide/", include("kpis.guide_urls")),
    path("", include("kpis.urls")),
]

handler400 = "kadoma_plan.refusals.bad_request"
handler500 = "kadoma_plan.refusals.server_error"
