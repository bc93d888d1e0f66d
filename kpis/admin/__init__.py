"""Staff pages for indicators, targets, periods, actuals, KGIs, bands and publications."""

from kpis.admin import figures, publications, rules

__all__ = ["figures", "publications", "rules"]
