"""What may be shown of a plan, in one cheap look: by this a kept page is known to be good still."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection

from actions.models import Plan
from kpis.models import Publication
from kpis.selectors.plans import Site, with_site

_SLUG = "{slug}"  # stands in the statement for the slug; no slug has braces


@dataclass(frozen=True, slots=True)
class Issued:
    """A plan's publications by their SHA-256, newest first, and what its pages tell of other plans.

    Whatever of a publication's pages may change while the publication does not, except the day.
    """

    slug: str
    publications: tuple[str, ...]
    site: Site


def issued(slug: str = "") -> Issued | None:
    """Return what is issued of the plan, or of the front page's plan; None where nothing is.

    Takes one query, which Django puts together once and not for every reader.
    """
    statement, parameters = _statement(connection.vendor, bool(slug))
    with connection.cursor() as cursor:
        cursor.execute(statement, [slug if one == _SLUG else one for one in parameters])
        rows = cursor.fetchall()
    if not rows:
        return None
    slug, _, others, front = rows[0]
    return Issued(slug, tuple(one[1] for one in rows), Site(bool(others), front or ""))


@cache
def _statement(vendor: str, by_slug: bool) -> tuple[str, tuple[Any, ...]]:
    """Return the query as this kind of database understands it, and its parameters."""
    wanted: Any = {"period__plan": Plan.objects.values("pk")[:1]}
    if by_slug:
        wanted = {"period__plan__slug": _SLUG}
    rows: Any = with_site(Publication.objects.newest_first().filter(**wanted))
    found = rows.values_list("period__plan__slug", "sha256", "others", "front")
    statement, parameters = found.query.sql_with_params()
    return statement, parameters
