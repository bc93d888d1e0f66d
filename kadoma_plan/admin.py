"""The staff pages' site object, and its front page: whose turn it is in every open round."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse_lazy
from django.utils import timezone

from actions.fiscal import Period, fiscal_year_label
from actions.models import Plan
from kadoma_plan.finding import PlanAutocomplete
from kadoma_plan.menu import chapters, in_order
from kpis.models import ReportingPeriod
from kpis.newyear import PREPARE, StepState, coming_year
from kpis.pdca import Progress
from kpis.rounds import ENTER, MANAGE, PREVIEW, PeriodState
from kpis.selectors import (
    OpenRound,
    open_round_count,
    open_rounds,
    plans_to_begin,
    preparing_periods,
)
from kpis.selectors.newyear import preparations
from kpis.selectors.turns import MOST
from kpis.turns import (
    OwnStep,
    Standing,
    Turn,
    due_label,
    lateness,
    own_steps,
    round_label,
    standing,
    whose_turn,
)


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One section in a round's table, with its standing as sign and words."""

    turn: Turn
    standing: Standing
    words: str


@dataclass(frozen=True, slots=True)
class RoundCard:
    """One open round on the front page."""

    period: ReportingPeriod
    title: str
    state: PeriodState
    due: str  # blank where none is set
    lateness: str  # blank where figures are no longer awaited
    whose_turn: str
    steps: tuple[OwnStep, ...]  # what the reader does next
    rows: tuple[SectionRow, ...]
    actions: Progress

    @property
    def number(self) -> int:
        """Return how many indicators the round has."""
        return sum(row.turn.number for row in self.rows)

    @property
    def entered(self) -> int:
        """Return how many of them are entered."""
        return sum(row.turn.entered for row in self.rows)

    @property
    def missing(self) -> int:
        """Return how many of them are not."""
        return self.number - self.entered

    @property
    def doubtful(self) -> int:
        """Return how many need a look that nobody has taken yet."""
        return sum(len(row.turn.doubtful) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Beginning:
    """A period that could begin now."""

    plan: Plan
    title: str


@dataclass(frozen=True, slots=True)
class NewYearCard:
    """A plan's new fiscal year, when it is time for it."""

    plan: Plan
    title: str
    steps: tuple[StepState, ...]


@dataclass(frozen=True, slots=True)
class FrontPage:
    """What stands above the list of records."""

    rounds: tuple[RoundCard, ...]
    more_rounds: int  # that are open besides; the list of periods holds them
    preparing: tuple[str, ...]
    beginnings: tuple[Beginning, ...]  # for those only who may begin them
    new_years: tuple[NewYearCard, ...]  # for those only who may prepare them
    several_plans: bool


def front_page(
    today: dt.date, *, may_begin: bool, may_prepare: bool = False, may_enter: bool = False
) -> FrontPage:
    """Return the rounds as they stand today; who may begin a round also publishes it."""
    rounds = tuple(_card(one, today, may_enter, may_begin) for one in open_rounds())
    preparing = preparing_periods()
    begin = tuple(_beginning(*one) for one in plans_to_begin()) if may_begin else ()
    new_years = _new_years(today) if may_prepare else ()
    years = {one.plan.pk for one in new_years}
    plans = {one.period.plan_id for one in rounds} | {one.plan_id for one in preparing}
    return FrontPage(
        rounds=rounds,
        more_rounds=open_round_count() - len(rounds) if len(rounds) == MOST else 0,
        preparing=tuple(round_label(one.period) for one in preparing),
        beginnings=begin,
        new_years=new_years,
        several_plans=len(plans | {one.plan.pk for one in begin} | years) > 1,
    )


def _card(one: OpenRound, today: dt.date, may_enter: bool, may_manage: bool) -> RoundCard:
    due, state = one.period.due, one.state
    awaited = due if state is PeriodState.ENTERING else None
    return RoundCard(
        period=one.period,
        title=f"{round_label(one.period.period)}の実績入力",
        state=state,
        due="" if due is None else due_label(due),
        lateness=lateness(awaited, today),
        whose_turn=whose_turn(state, one.turns),
        steps=own_steps(state, one.turns, may_enter=may_enter, may_manage=may_manage),
        rows=tuple(SectionRow(turn, *standing(turn, awaited, today)) for turn in one.turns),
        actions=one.actions,
    )


def _beginning(plan: Plan, period: Period) -> Beginning:
    return Beginning(plan, f"{round_label(period)}の入力を始める")


def _new_years(today: dt.date) -> tuple[NewYearCard, ...]:
    found = preparations(coming_year(today))
    return tuple(
        NewYearCard(
            one.plan, f"{fiscal_year_label(one.state.fiscal_year)}の年度更新", one.state.steps
        )
        for one in found
        if one.state.is_due(today)
    )


class AdminSite(admin.AdminSite):
    """Titles in the words of the office, and the open rounds on the front page."""

    site_title = "門真プラン進捗"
    site_header = "門真プラン進捗 管理画面"
    index_title = "管理メニュー"
    site_url = reverse_lazy("kpis:home")  # type: ignore[assignment]  # Django's own lacks a slash
    enable_nav_sidebar = False
    empty_value_display = ""  # a dash would look like 「—」, which means something else

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show whose turn it is to those who may see figures before they are published."""
        front = None
        if request.user.has_perm(PREVIEW):
            front = front_page(
                timezone.localdate(),
                may_begin=request.user.has_perm(MANAGE),
                may_prepare=request.user.has_perms(PREPARE),
                may_enter=request.user.has_perm(ENTER),
            )
        return super().index(request, {"front": front, **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return the kinds of record in the order of the work, under the work's own headings."""
        apps = super().get_app_list(request, app_label)
        if app_label is None:
            return list(chapters(apps))
        return [{**one, "models": in_order(one["models"])} for one in apps]

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Answer what fits the letters typed into a field that looks records up."""
        found: HttpResponse = PlanAutocomplete.as_view(admin_site=self)(request)  # type: ignore[assignment]
        return found
