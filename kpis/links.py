"""Addresses of a plan's pages that keep the chosen period and version. Presentation."""

import datetime as dt
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from actions.fiscal import Period

LIST = "h-list"  # where on the overview the list of indicators begins


@dataclass(frozen=True, slots=True)
class Issue:
    """A publication as its permanent addresses name it: by period, version and day."""

    period: Period
    version: int
    day: dt.date

    @classmethod
    def of(cls, period: Period, version: int, published_at: dt.datetime) -> "Issue":
        """Return the publication with its day in the office's time zone."""
        return cls(period, version, timezone.localdate(published_at))


@dataclass(frozen=True, slots=True)
class Links:
    """The pages of one plan; ``keep`` is the query that selects an older publication, or blank.

    With ``preview``, the key of a reporting period, they are the staff pages of its live records.
    """

    slug: str
    keep: str = ""
    preview: int | None = None

    def to(self, page: str, *parts: object) -> str:
        """Return the address of a page by its URL name."""
        if self.preview is not None:
            return reverse(f"preview:{page}", args=(self.preview, *parts))
        return reverse(f"kpis:{page}", args=(self.slug, *parts)) + self.keep

    def listed(self, query: str = "") -> str:
        """Return the address of the list of indicators; ``query`` is what it is narrowed by."""
        return f"{with_query(self.to('overview'), query)}#{LIST}"

    def strategy(self, number: int) -> str:
        """Return the address of a strategy's page."""
        return self.to("strategy", number)

    def measure(self, code: str) -> str:
        """Return the address of a measure's page."""
        return self.to("measure", code)

    def indicator(self, code: str) -> str:
        """Return the address of an indicator's page."""
        return self.to("indicator", code)

    def actions(self, query: str = "") -> str:
        """Return the address of the list of actions; ``query`` is what it is narrowed by."""
        return with_query(self.to("actions"), query)

    def action(self, code: str) -> str:
        """Return the address of an action's page."""
        return self.to("action", code)

    def file(self, name: str, query: str = "") -> str:
        """Return the address of a data file; ``query`` is what it asks for beyond its name."""
        return with_query(self.to("file", name), query)

    def permanent(self, issue: Issue, name: str, query: str = "") -> str:
        """Return the address of a publication's data file that never shows anything else."""
        parts = (self.slug, issue.period, issue.version, issue.day, name)
        return with_query(reverse("kpis:permanent", args=parts), query)

    def meeting(self, key: int) -> str:
        """Return the address of a meeting's page, which is of the publication that it reviews."""
        return self._of_meeting("meeting", key)

    def brief(self, key: int) -> str:
        """Return the address of what a member reads before the meeting."""
        return self._of_meeting("brief", key)

    def material(self, key: int, paper: int) -> str:
        """Return the address of a paper that was handed out for the meeting."""
        return self._of_meeting("material", key, paper)

    def _of_meeting(self, page: str, *keys: int) -> str:
        return reverse(f"kpis:{page}", args=(self.slug, *keys))

    def sign_in(self) -> str:
        """Return where members sign in on their way to the plan's meetings."""
        meetings = Links(self.slug).to("meetings")
        return f"{reverse('accounts:login')}?{urlencode({'next': meetings})}"

    def newest(self) -> "Links":
        """Return the same pages without a chosen period and version."""
        return replace(self, keep="")

    def published(self, period: Period, version: int) -> "Links":
        """Return the public pages of one publication."""
        return Links(self.slug, f"?period={period.code}&version={version}")

    def public(self) -> str:
        """Return the address of the plan's public pages."""
        return Links(self.slug).to("overview")


def with_query(address: str, query: str) -> str:
    """Return the address asking for this as well."""
    return f"{address}{'&' if '?' in address else '?'}{query}" if query else address
