"""Addresses: staff pages, health, and the public pages of the plans."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("kpis.urls")),
]
