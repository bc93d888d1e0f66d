"""Reading: the only place with queries for pages. Models in, the read model out."""

from kpis.selectors.live import live_progress
from kpis.selectors.printed import PrintedRate, printed_rates
from kpis.selectors.published import (
    NotPublished,
    Shown,
    current_slug,
    shown,
    verified_progress,
)

__all__ = [
    "NotPublished",
    "PrintedRate",
    "Shown",
    "current_slug",
    "live_progress",
    "printed_rates",
    "shown",
    "verified_progress",
]
