"""Staff pages for everything that tells how far the plan has got, for its actions and for plans."""

from kpis.admin import (
    actions,
    actuals,
    figures,
    materials,
    measures,
    meetings,
    opinions,
    people,
    periods,
    plans,
    publications,
    reminders,
    rules,
    targets,
    uploads,
)

__all__ = [
    "actions",
    "actuals",
    "figures",
    "materials",
    "measures",
    "meetings",
    "opinions",
    "people",
    "periods",
    "plans",
    "publications",
    "reminders",
    "rules",
    "targets",
    "uploads",
]
