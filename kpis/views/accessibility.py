"""The page that tells how open the site is to everyone: what was looked at, how, and what was not."""

import datetime as dt

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kpis.selectors import published_plans

# The day on which people last went through what no program can see; the tests run at every change.
CHECKED_ON = dt.date(2026, 11, 28)
AXE = "4.12.1"


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show the standard, the degree, what was tested, the known limits, and whom to tell."""
    context = {
        "title": "ウェブアクセシビリティ",
        "checked_on": CHECKED_ON,
        "version": settings.PRODUCT_VERSION,
        "axe": AXE,
        "plans": published_plans(),
    }
    return render(request, "kpis/accessibility.html", context)
