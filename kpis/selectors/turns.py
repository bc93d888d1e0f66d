"""The rounds that are under way, whose turn each is, and which period comes next."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import QuerySet

from actions.fiscal import Period, Term
from actions.models import Plan
from kpis.models import Indicator, ReportingPeriod, SectionContact
from kpis.pdca import Progress
from kpis.rounds import OPEN_STATES, PeriodState
from kpis.selectors.actiongrid import action_progress
from kpis.selectors.entry import entry_rows, section_of
from kpis.turns import Turn, turns

MOST = 20  # of what is listed of all plans; an office has few, a prefecture over a thousand


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A period whose figures may change, with where each section stands, and its actions."""

    period: ReportingPeriod
    turns: tuple[Turn, ...]
    actions: Progress

    @property
    def plan(self) -> Plan:
        """Return the plan; it came along with the period."""
        return self.period.plan

    @property
    def state(self) -> PeriodState:
        """Return where the period stands."""
        return self.period.stands


def open_rounds() -> tuple[OpenRound, ...]:
    """Return the first rounds under way, plan by plan in the order of time; none where none is open.

    Takes one query, and ten for each round whatever the number of its rows.
    """
    found = _in_states(*OPEN_STATES)[:MOST]
    return tuple(OpenRound(one, section_turns(one), action_progress(one)) for one in found)


def open_round_count() -> int:
    """Return how many rounds are under way, those that ``open_rounds`` leaves out among them."""
    return _in_states(*OPEN_STATES).count()


def preparing_periods() -> tuple[ReportingPeriod, ...]:
    """Return the first periods that are registered but not begun, plan by plan in time's order."""
    return tuple(_in_states(PeriodState.PREPARING)[:MOST])


def entering_periods(plan: Plan | None = None) -> tuple[ReportingPeriod, ...]:
    """Return the periods in which sections enter figures now: of one plan, or of all."""
    found = _in_states(PeriodState.ENTERING)
    return tuple(one for one in found if plan is None or one.plan_id == plan.pk)


def _in_states(*states: PeriodState) -> QuerySet[ReportingPeriod]:
    rows = ReportingPeriod.objects.filter(state__in=[one.value for one in states])
    return rows.select_related("plan")


def section_turns(period: ReportingPeriod) -> tuple[Turn, ...]:
    """Return where each section in charge stands. Takes eight queries whatever the number of rows."""
    return turns(entry_rows(period))


def section_names(plan: Plan) -> tuple[str, ...]:
    """Return the sections in charge of the plan's indicators, in the order of the paper."""
    rows = Indicator.objects.filter(plan=plan).select_related("plan")
    return tuple(dict.fromkeys(section_of(one) for one in rows))


def contacts(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Return the mail addresses of each section that has any, in one query."""
    found: dict[str, list[str]] = defaultdict(list)
    for section, email in SectionContact.objects.filter(plan=plan).values_list("section", "email"):
        found[section].append(email)
    return {section: tuple(addresses) for section, addresses in found.items()}


def next_period(plan: Plan) -> Period | None:
    """Return the next period to begin; None after the plan's end.

    It is the one that is being prepared, or the one that follows the newest begun; the first of a
    plan without periods is the first 上半期. A period prepared for a time before the newest begun
    one was left out, and does not come next. A begun year is ended before one prepared after it.
    """
    begun: list[Period] = []
    prepared: list[Period] = []
    for row in plan.periods.all():
        (prepared if row.stands is PeriodState.PREPARING else begun).append(row.period)
    newest = max(begun, default=None)
    waiting = min((one for one in prepared if newest is None or newest < one), default=None)
    found = Period(plan.start_year, Term.H1) if newest is None else _following(newest)
    if waiting is not None and (newest is None or found.term is Term.H1):
        return waiting
    return found if found.fiscal_year <= plan.end_year else None


def prepared_due(plan: Plan, period: Period) -> dt.date | None:
    """Return the due date with which the period was prepared; None where none is known."""
    rows = ReportingPeriod.objects.filter(plan=plan, fiscal_year=period.fiscal_year)
    return rows.filter(term=period.term.value).values_list("due", flat=True).first()


def _following(period: Period) -> Period:
    if period.term is Term.H1:
        return Period(period.fiscal_year, Term.FY)
    return Period(period.fiscal_year + 1, Term.H1)


def plans_to_begin() -> tuple[tuple[Plan, Period], ...]:
    """Return the first plans that could begin their next period: no figures are entered or checked.

    Takes two queries whatever the number of plans. A correction does not keep the next from beginning.
    """
    busy = [PeriodState.ENTERING.value, PeriodState.CHECKING.value]
    plans = Plan.objects.exclude(periods__state__in=busy)
    first = plans.prefetch_related("periods")[:MOST]
    following = ((one, next_period(one)) for one in first)
    return tuple((plan, period) for plan, period in following if period is not None)
