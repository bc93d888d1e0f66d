"""Addresses: staff pages, the preview among them, health, and the public pages of the plans."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/preview/", include("kpis.preview_urls")),
    path("admin/", admin.site.urls),
    path("", include("kpis.urls")),
]
