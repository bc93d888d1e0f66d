"""Addresses of the preview: the plan's pages once more, from live records, for staff."""

from kpis.urls import plan_urls
from kpis.views.preview import preview_page

app_name = "preview"

urlpatterns = plan_urls("<int:period>", preview_page)
