"""Addresses: staff pages, the preview among them, signing in, health, and the plans' pages."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/preview/", include("kpis.preview_urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("kpis.account_urls")),
    path("", include("kpis.urls")),
]
