"""The city's plan after it was changed mid-plan: a target revised, KPIs ended, begun and renamed.

2-4: R8's target 160 was 150 until 令和7年3月25日. 2-3 ended with R6, and 2-5 took its place in R7.
1-1 has its name since R7. Nothing of this is in the city's paper.
"""

import datetime as dt
from decimal import Decimal

from kpis.models import Actual, Indicator, Target, TargetRevision

REVISED = "掲載企業の伸びを踏まえ見直したため"
REPLACED = "活動の成果で測ることにしたため"
RENAMED = "窓口の名称が変わったため"
OLD_NAME = "中小企業サポートセンター相談件数"


def revise(plan):
    """Store the changes and return the plan."""
    listed = Target.objects.get(indicator__plan=plan, indicator__code="2-4", fiscal_year=2026)
    TargetRevision.objects.create(
        target=listed, revised_on=dt.date(2025, 3, 25), value=Decimal(150), reason=REVISED
    )
    old = plan.indicators.get(code="2-3")
    new = Indicator.objects.create(
        plan=plan,
        strategy=old.strategy,
        code="2-5",
        order=5,
        name="支援機関の連携による支援件数",
        unit="件",
        start_year=2025,
        review_reason=REPLACED,
    )
    Target.objects.bulk_create(
        Target(indicator=new, fiscal_year=year, value=Decimal(20)) for year in range(2025, 2029)
    )
    Actual.objects.create(
        indicator=new, period=plan.periods.get(fiscal_year=2025), value=Decimal(12)
    )
    Actual.objects.filter(indicator=old, period__fiscal_year=2025).delete()
    end(old, successor=new)
    plan.indicators.filter(code="1-1").update(
        former_name=OLD_NAME, renamed_year=2025, review_reason=RENAMED
    )
    return plan


def end(indicator, **others):
    """End the indicator with R6; its targets of later years stay as they are recorded."""
    indicator.end_year, indicator.review_reason = 2024, REPLACED
    for name, value in others.items():
        setattr(indicator, name, value)
    indicator.save()
