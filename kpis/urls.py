"""Addresses of the public pages."""

from django.urls import path, re_path

from kpis.views import files, pages

app_name = "kpis"

urlpatterns = [
    path("healthz", pages.healthz, name="healthz"),
    path("", pages.home, name="home"),
    path("<slug:slug>/", pages.overview, name="overview"),
    path("<slug:slug>/strategies/<int:number>/", pages.strategy, name="strategy"),
    path("<slug:slug>/measures/<slug:code>/", pages.measure, name="measure"),
    path("<slug:slug>/kpis/<slug:code>/", pages.indicator, name="indicator"),
    path("<slug:slug>/kgi/", pages.kgi, name="kgi"),
    path("<slug:slug>/actions/", pages.actions, name="actions"),
    path("<slug:slug>/meetings/", pages.meetings, name="meetings"),
    path("<slug:slug>/rules/", pages.rules, name="rules"),
    path("<slug:slug>/data/", pages.data, name="data"),
    re_path(r"^(?P<slug>[-\w]+)/data/kpis\.(?P<kind>csv|xlsx|json)$", files.data_file, name="file"),
]
