"""Addresses of the public pages."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path, register_converter
from django.urls.converters import IntConverter, StringConverter

from actions.fiscal import Period, parse_period
from kpis.opendata.metadata import NAMES
from kpis.views import actions, files, health, meetings, overview, pages
from kpis.views.accessibility import accessibility
from kpis.views.corrections import corrections
from kpis.views.measures import measure
from kpis.views.publication import plan_page
from kpis.views.publicity import publicity
from kpis.views.tree import tree
from kpis.views.words import words

app_name = "kpis"

View = Callable[..., HttpResponse]


class PeriodCode:
    """A reporting period in the one spelling that permanent addresses have: 2025-H1."""

    regex = "[0-9]{4}-(?:H1|FY)"

    def to_python(self, value: str) -> Period:
        """Return the period. Raises FiscalYearError, a ValueError, for none: no such address."""
        return parse_period(value)

    def to_url(self, value: Period) -> str:
        """Return 2025-H1."""
        return value.code


class Version(IntConverter):
    """A version in its one spelling."""

    regex = "[1-9][0-9]{0,4}"


class Day:
    """A day: 2025-12-02."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> dt.date:
        """Return the day. Raises ValueError for none: no such address."""
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date) -> str:
        """Return 2025-12-02."""
        return value.isoformat()


class FileName(StringConverter):
    """The name of a data file."""

    regex = "|".join(re.escape(name) for name in NAMES)


register_converter(PeriodCode, "period")
register_converter(Version, "version")
register_converter(Day, "day")
register_converter(FileName, "file")


def plan_urls(first: str, wrap: Callable[[View], View]) -> list[URLPattern]:
    """Return the addresses of a plan's pages and files below the first part.

    ``wrap`` finds what the first part names and gives each view its Page.
    """

    def page(rest: str, view: Callable[..., Any], name: str) -> URLPattern:
        return path(f"{first}/{rest}", wrap(view), name=name)

    return [
        page("", overview.overview, "overview"),
        page("strategies/<int:number>/", overview.strategy, "strategy"),
        page("tree/", tree, "tree"),
        page("measures/<slug:code>/", measure, "measure"),
        page("kpis/<slug:code>/", pages.indicator, "indicator"),
        page("kgi/", pages.kgi, "kgi"),
        page("publicity/", publicity, "publicity"),
        page("meetings/", meetings.meetings, "meetings"),
        page("actions/", actions.actions, "actions"),
        page("actions/<slug:code>/", actions.action, "action"),
        page("rules/", pages.rules, "rules"),
        page("words/", words, "words"),
        page("corrections/", corrections, "corrections"),
        page("data/", pages.data, "data"),
        page("data/<file:name>", files.data_file, "file"),
    ]


urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", pages.home, name="home"),
    path("plans/", pages.plans, name="plans"),
    path("accessibility/", accessibility, name="accessibility"),
    *plan_urls("<slug:slug>", plan_page),
    path("<slug:slug>/meetings/<int:key>/", meetings.meeting, name="meeting"),
    path("<slug:slug>/meetings/<int:key>/brief/", meetings.brief, name="brief"),
    path(
        "<slug:slug>/meetings/<int:key>/materials/<int:paper>/", meetings.material, name="material"
    ),
    path(
        "<slug:slug>/data/<period:period>/v<version:version>-<day:day>/<file:name>",
        files.permanent_file,
        name="permanent",
    ),
]
