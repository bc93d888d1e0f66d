"""The plans of a whole prefecture, stored in a few statements."""

from django.utils import timezone

from actions.models import Plan, Strategy
from kpis.models import Indicator, Publication, ReportingPeriod


def make_others(*, number, by, state="entering", first=0, indicators=1):
    """Store so many other plans, each with a period published and one in this state.

    What is published of them fills the lists; nobody can open it.
    """
    years = {"start_year": 2024, "end_year": 2028, "baseline_year": 2023}
    plans = Plan.objects.bulk_create(
        Plan(slug=f"other-{place}", name=f"別の計画{place}", **years)
        for place in range(first, first + number)
    )
    firsts = Strategy.objects.bulk_create(
        Strategy(plan=one, number=1, name="戦略1") for one in plans
    )
    Indicator.objects.bulk_create(
        Indicator(
            plan=one.plan, strategy=one, code=f"1-{place}", order=place, name="指標", unit="件"
        )
        for one in firsts
        for place in range(1, indicators + 1)
    )
    periods = ReportingPeriod.objects.bulk_create(
        ReportingPeriod(plan=one, fiscal_year=year, term="FY", state=its)
        for one in plans
        for year, its in ((2024, "published"), (2025, state))
    )
    Publication.objects.bulk_create(
        Publication(
            period=one,
            version=1,
            published_at=timezone.now(),
            published_by=by,
            plan_name=one.plan.name,
            start_year=2024,
            end_year=2028,
            payload="{}",
            sha256=f"{first + place:064}",
        )
        for place, one in enumerate(periods)
        if one.fiscal_year == 2024
    )
    return plans
