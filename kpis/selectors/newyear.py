"""What a plan's new fiscal year still needs, and which actions go on into it."""

from collections.abc import Sequence
from dataclasses import dataclass

from actions.fiscal import Term
from actions.models import Action, ActionYear, Plan
from actions.vocabulary import Revision, Stage
from kpis.models import ReportingPeriod
from kpis.newyear import NewYear, wanted_terms
from kpis.selectors.targets import open_targets
from kpis.selectors.turns import MOST
from kpis.targets import OpenTarget


@dataclass(frozen=True, slots=True)
class Carried:
    """An action that goes on, with the year from which it is carried over."""

    action: Action
    year: ActionYear


def actions_to_carry(plan: Plan, fiscal_year: int) -> tuple[Carried, ...]:
    """Return the actions that go on and have no row for the year, in the plan's order.

    An action ends with the stage 完了 or the revision 終了 of its last year; one without any
    earlier year has nothing to carry. Takes two queries whatever the number of rows.
    """
    rows = Action.objects.filter(plan=plan).exclude(years__fiscal_year=fiscal_year)
    rows = rows.select_related("measure__strategy").prefetch_related("years")
    pairs = ((one, _last_year(one, fiscal_year)) for one in rows)
    return tuple(Carried(one, year) for one, year in pairs if year is not None and _goes_on(year))


def _last_year(action: Action, fiscal_year: int) -> ActionYear | None:
    earlier = [one for one in action.years.all() if one.fiscal_year < fiscal_year]
    return max(earlier, key=lambda one: one.fiscal_year, default=None)


def _goes_on(year: ActionYear) -> bool:
    return year.stage != Stage.DONE.value and year.revision != Revision.END.value


def missing_terms(plan: Plan, fiscal_year: int) -> tuple[Term, ...]:
    """Return the terms of the year that have no period yet, of those that the plan reports."""
    rows = ReportingPeriod.objects.filter(plan=plan).values_list("fiscal_year", "term")
    return _missing(list(rows), fiscal_year)


def _missing(rows: Sequence[tuple[int, str]], fiscal_year: int) -> tuple[Term, ...]:
    own = {term for year, term in rows if year == fiscal_year}
    others = {Term(term) for year, term in rows if year != fiscal_year}
    return tuple(one for one in wanted_terms(others) if one.value not in own)


@dataclass(frozen=True, slots=True)
class Preparation:
    """A plan's fiscal year as its page shows it."""

    plan: Plan
    targets: tuple[OpenTarget, ...]  # still open, of the year and of later ones
    periods: tuple[ReportingPeriod, ...]  # those of the year that are registered
    missing: tuple[Term, ...]
    carried: tuple[Carried, ...]
    state: NewYear


def preparation(plan: Plan, fiscal_year: int) -> Preparation:
    """Return what the year needs. Takes five queries whatever the number of rows."""
    targets = tuple(one for one in open_targets(plan) if one.fiscal_year >= fiscal_year)
    rows = list(ReportingPeriod.objects.filter(plan=plan))
    periods = tuple(one for one in rows if one.fiscal_year == fiscal_year)
    missing = _missing([(one.fiscal_year, one.term) for one in rows], fiscal_year)
    carried = actions_to_carry(plan, fiscal_year)
    state = NewYear(
        fiscal_year=fiscal_year,
        open_targets=sum(one.fiscal_year == fiscal_year for one in targets),
        missing=missing,
        has_periods=bool(periods),
        to_carry=len(carried),
    )
    return Preparation(plan, targets, periods, missing, carried, state)


def preparations(fiscal_year: int) -> tuple[Preparation, ...]:
    """Return what every plan that has the year needs for it.

    Takes one query, and five for each plan; no more than the first plans are looked at.
    """
    plans = Plan.objects.filter(start_year__lte=fiscal_year, end_year__gte=fiscal_year)
    return tuple(preparation(one, fiscal_year) for one in plans[:MOST])
