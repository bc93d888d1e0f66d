"""What lists of records share: which columns are worth their room, and years as offices write them."""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin import AllValuesFieldListFilter
from django.http import HttpRequest

from actions.fiscal import fiscal_year_label
from actions.models import Plan


class PlanColumn:
    """For a list of records of plans: names each one's plan only where there are several."""

    def get_list_display(self, request: HttpRequest) -> Any:
        """Return the columns."""
        names = super().get_list_display(request)  # type: ignore[misc]  # Django's own
        return names if _several(request) else tuple(one for one in names if one != "plan")


def _several(request: HttpRequest) -> bool:
    """Return whether there are several plans; asked once for each page."""
    if not hasattr(request, "several_plans"):
        request.several_plans = Plan.objects.count() > 1  # type: ignore[attr-defined]
    return bool(request.several_plans)  # type: ignore[attr-defined]


class ValuesOrBlank(AllValuesFieldListFilter):
    """A filter by the values in use, which names the blank one."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Yield the choices."""
        for one in super().choices(changelist):
            yield one if one["display"] else {**one, "display": "（空欄）"}


class FiscalYears(AllValuesFieldListFilter):
    """A filter by fiscal year, as printed."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Yield the choices: 令和7年度."""
        for one in super().choices(changelist):
            words = str(one["display"])
            yield {**one, "display": fiscal_year_label(int(words)) if words.isdigit() else words}
