"""Staff pages for everything that tells how far the plan has got, and for its actions."""

from kpis.admin import (
    actions,
    actuals,
    figures,
    meetings,
    people,
    periods,
    publications,
    reminders,
    rules,
    uploads,
)

__all__ = [
    "actions",
    "actuals",
    "figures",
    "meetings",
    "people",
    "periods",
    "publications",
    "reminders",
    "rules",
    "uploads",
]
