"""The plans side by side: which are published, and which one the front page shows."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from actions.fiscal import Period
from actions.models import Plan
from kpis.models import Publication


@dataclass(frozen=True, slots=True)
class FrontPlan:
    """The plan for the front page; it may have nothing published yet."""

    slug: str
    is_published: bool


@dataclass(frozen=True, slots=True)
class Site:
    """What a plan's pages tell of the other plans: whether any is published, and the front page's.

    ``front`` is the slug of the front page's plan, blank where nothing of it is published.
    """

    several: bool = False
    front: str = ""


@dataclass(frozen=True, slots=True)
class PublishedPlan:
    """A plan as its newest publication calls it; years are starting years of fiscal years."""

    slug: str
    name: str
    section: str
    start_year: int
    end_year: int
    period: Period
    version: int
    published_at: dt.datetime
    is_front: bool


def front_plan() -> FrontPlan | None:
    """Return the plan marked for the front page, else the newest; None without any plan."""
    mine = Publication.objects.filter(period__plan=OuterRef("pk"))
    plan = Plan.objects.annotate(published=Exists(mine)).first()
    return None if plan is None else FrontPlan(plan.slug, plan.published)


def published_plans() -> tuple[PublishedPlan, ...]:
    """Return every plan that has a publication, the front page's first, then the newest.

    Takes one query whatever the number of plans, and reads no content of a publication.
    """
    newest = Publication.objects.newest_first().filter(period__plan=OuterRef("period__plan"))
    rows = Publication.objects.filter(pk=Subquery(newest.values("pk")[:1]))
    rows = rows.select_related("period__plan").defer("payload").annotate(front=_front())
    rows = rows.order_by("-period__plan__is_current", "-start_year", "period__plan__slug")
    return tuple(
        PublishedPlan(
            slug=one.period.plan.slug,
            name=one.plan_name,
            section=one.section,
            start_year=one.start_year,
            end_year=one.end_year,
            period=one.period.period,
            version=one.version,
            published_at=one.published_at,
            is_front=one.period.plan.slug == one.front,
        )
        for one in rows
    )


def with_site(publications: QuerySet[Publication]) -> QuerySet[Publication]:
    """Return the publications, each with what ``site_of`` asks for; no query of its own."""
    others = Publication.objects.exclude(period__plan=OuterRef("period__plan"))
    return publications.annotate(others=Exists(others), front=_front())


def site_of(publication: Any) -> Site:
    """Return what the publication, found ``with_site``, brought along."""
    return Site(several=publication.others, front=publication.front or "")


def _front() -> Subquery:
    """Return the slug of the front page's plan where it is published; null else."""
    first = Plan.objects.values("pk")[:1]
    published = Publication.objects.filter(period__plan=Subquery(first))
    return Subquery(published.order_by().values("period__plan__slug")[:1])
