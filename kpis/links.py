"""Addresses of a plan's pages that keep the chosen period and version. Presentation."""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Links:
    """The pages of one plan; ``keep`` is the query that selects an older publication, or blank."""

    slug: str
    keep: str = ""

    def to(self, page: str, *parts: object) -> str:
        """Return the address of a page by its URL name."""
        return reverse(f"kpis:{page}", args=(self.slug, *parts)) + self.keep

    def indicator(self, code: str) -> str:
        """Return the address of an indicator's page."""
        return self.to("indicator", code)
