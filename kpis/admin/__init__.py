"""Staff pages for indicators, targets, periods, actuals, KGIs, bands, publications and reminders."""

from kpis.admin import actuals, figures, people, periods, publications, reminders, rules, uploads

__all__ = [
    "actuals",
    "figures",
    "people",
    "periods",
    "publications",
    "reminders",
    "rules",
    "uploads",
]
