"""Addresses of the guides, which anyone may read."""

from django.urls import path

from kpis.views import guides

app_name = "guide"

urlpatterns = [
    path("", guides.index, name="index"),
    path("<slug:name>/", guides.guide, name="guide"),
]
