"""Filters for the pages: figures and dates as printed, and addresses of the plan's pages."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django import template
from django.contrib.auth.models import AbstractUser
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from actions.fiscal import calendar_year_label, date_label, fiscal_year_label
from kpis import numerals
from kpis.actionwords import shown_name
from kpis.followups import in_charge
from kpis.links import Links
from kpis.milestones import shown_figure
from kpis.progress import Actual, IndicatorProgress, PlanProgress, Result
from kpis.records import PAGES
from kpis.tables.base import (
    actual_cell,
    badge,
    change_cell,
    met_words,
    rate_cell,
    target_cell,
    verdict_cell,
)
from kpis.trial import Difference
from kpis.turns import due_label
from kpis.vocabulary import Kind

register = template.Library()

_NAVIGATION = (
    ("overview", "全体"),
    ("kgi", "KGI"),
    ("tree", "計画の体系"),
    ("actions", "アクション"),
    ("publicity", "普及・周知"),
    ("meetings", "進捗管理"),
    ("rules", "算定ルール"),
    ("data", "オープンデータ"),
)


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """One entry of the main navigation."""

    label: str
    address: str
    here: bool


@register.filter
def era_date(day: dt.date) -> str:
    """Return a date, or a moment's date in the office's time zone, in era years."""
    return date_label(timezone.localtime(day).date() if isinstance(day, dt.datetime) else day)


register.filter("fiscal_year", fiscal_year_label)
register.filter("calendar_year", calendar_year_label)
register.filter("due_label", due_label)
register.filter("plain", numerals.plain)
register.filter("exact", numerals.format_exact)
register.filter("actual", actual_cell)
register.filter("target", target_cell)
register.filter("rate", rate_cell)


@register.filter
def figure_input(kind: Kind) -> SafeString:
    """Return the attributes of an input for figures of this kind: digits, or words to choose."""
    if kind is Kind.MILESTONE:
        return format_html('list="{}"', "milestone-words")
    return format_html('inputmode="{}"', "decimal")


register.filter("verdict", verdict_cell)
register.filter("change", change_cell)
register.filter("badge", badge)


@register.filter
def charge(actual: Actual) -> str:
    """Return who does the next step until when, as in 担当: 商工課、期限: …; blank for neither."""
    return in_charge(actual.next_step_owner, actual.next_step_due)


_CELLS: Mapping[str, Callable[[Result], str]] = {
    "rate": rate_cell,
    "met": met_words,
    "verdict": verdict_cell,
}


@register.filter
def shift(difference: Difference, what: str) -> str:
    """Return what a result shows before and after a change; once where that is the same."""
    before, after = (
        "" if one is None else _CELLS[what](one) for one in (difference.before, difference.after)
    )
    if before == after:
        return before
    return format_html('{} <span class="to">→</span> {}', before or "（空欄）", after or "（空欄）")


@register.filter
def percent(value: Decimal | None) -> str:
    """Return a growth in percent with one decimal, 「—」 for none."""
    return numerals.DASH if value is None else f"{numerals.format_number(value, 1)}%"


@register.filter
def compared(difference: Decimal) -> str:
    """Return how a growth stands against its comparator, to follow the comparator's name."""
    if difference > 0:
        return "を上回っています"
    return "と同じです" if difference == 0 else "を下回っています"


@register.filter
def baseline(indicator: IndicatorProgress) -> str:
    """Return the baseline value with its unit, a milestone's in words, 「—」 for none."""
    if indicator.baseline_value is None:
        return numerals.DASH
    shown = shown_figure(indicator.rule.kind, indicator.baseline_value)
    return shown if indicator.rule.kind is Kind.MILESTONE else shown + indicator.unit


@register.filter
def has_milestones(progress: PlanProgress) -> bool:
    """Return whether any indicator is done or not, rather than counted."""
    return any(one.rule.kind is Kind.MILESTONE for one in progress.indicators)


@register.filter
def source(progress: PlanProgress, origin: str = "") -> str:
    """Return what a figure is drawn from: the plan, the section in charge, and the publication.

    ``origin`` is where the plan has it from.
    """
    plan, edition = progress.plan, progress.edition
    section = f"（{plan.section}）" if plan.section else ""
    version = "公表前" if edition is None else f"第{edition.version}版"
    publication = f"{plan.name}{section} {progress.period.label} {version}"
    return f"{origin}、{publication}" if origin else publication


@register.filter
def address(links: Links, page: str) -> str:
    """Return the address of a plan's page."""
    return links.to(page)


register.filter("strategy", Links.strategy)
register.filter("measure", Links.measure)
register.filter("indicator", Links.indicator)
register.filter("action", Links.action)
register.filter("actions", Links.actions)
register.filter("listed", Links.listed)
register.filter("action_name", shown_name)
register.filter("badge", badge)
register.filter("public", Links.public)
register.filter("sign_in", Links.sign_in)


@register.filter
def person_name(user: AbstractUser) -> str:
    """Return a person's name, the family's first; what they sign in with where none is known."""
    return f"{user.last_name} {user.first_name}".strip() or user.get_username()


@register.filter
def navigation(links: Links, path: str) -> list[NavigationEntry]:
    """Return the main navigation; the entry of the page at the path is marked.

    The front page is the current plan's overview.
    """
    newest = links.newest()
    here = newest.to("overview") if path == reverse("kpis:home") else path
    return [
        NavigationEntry(label, links.to(page), newest.to(page) == here)
        for page, label in _NAVIGATION
    ]


@register.filter
def said(faults: Mapping[str, Sequence[str]], name: str) -> str:
    """Return what is wrong with a field, blank for nothing."""
    return " ".join(faults.get(name, ()))


@register.inclusion_tag("kpis/parts/staff_link.html", takes_context=True)
def staff_link(context: template.RequestContext) -> dict[str, str]:
    """Return the way to the record behind the page, for signed-in staff who may see it; else none."""
    user, match = context.get("user"), context["request"].resolver_match
    found = PAGES.get(match.url_name) if match and user and user.is_staff else None
    if user is None or found is None or not user.has_perm(found.right):
        return {"address": "", "words": ""}
    key = match.kwargs.get(found.argument, "")
    return {"address": found.address(context["plan"].slug, key), "words": found.words}


@register.filter
def japanese(text: object) -> bool:
    """Return whether a message is ours: the framework's own name classes, and in English."""
    return any("\u3040" <= letter <= "\u30ff" for letter in str(text))
