"""Addresses of the public pages."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path, register_converter

from kpis.views import files, pages
from kpis.views.corrections import corrections
from kpis.views.publication import plan_page

app_name = "kpis"

View = Callable[..., HttpResponse]


class FileKind:
    """A data file's kind, as its name ends."""

    regex = "csv|xlsx|json"

    def to_python(self, value: str) -> str:
        """Return the kind."""
        return value

    def to_url(self, value: str) -> str:
        """Return the file name's end."""
        return value


register_converter(FileKind, "kind")


def plan_urls(first: str, wrap: Callable[[View], View]) -> list[URLPattern]:
    """Return the addresses of a plan's pages and files below the first part.

    ``wrap`` finds what the first part names and gives each view its Page.
    """

    def page(rest: str, view: Callable[..., Any], name: str) -> URLPattern:
        return path(f"{first}/{rest}", wrap(view), name=name)

    return [
        page("", pages.overview, "overview"),
        page("strategies/<int:number>/", pages.strategy, "strategy"),
        page("measures/<slug:code>/", pages.measure, "measure"),
        page("kpis/<slug:code>/", pages.indicator, "indicator"),
        page("kgi/", pages.kgi, "kgi"),
        page("actions/", pages.actions, "actions"),
        page("meetings/", pages.meetings, "meetings"),
        page("rules/", pages.rules, "rules"),
        page("corrections/", corrections, "corrections"),
        page("data/", pages.data, "data"),
        page("data/kpis.<kind:kind>", files.data_file, "file"),
    ]


urlpatterns = [
    path("healthz", pages.healthz, name="healthz"),
    path("", pages.home, name="home"),
    *plan_urls("<slug:slug>", plan_page),
]
