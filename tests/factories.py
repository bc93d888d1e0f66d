"""Plans of any size in a few statements, and single valid records that a test may spoil.

The ``make_`` functions take keywords only and store with bulk_create, so nothing enters the history.
"""

import datetime as dt
from decimal import Decimal
from itertools import chain, repeat
from types import SimpleNamespace

from django.utils import timezone

from actions.fiscal import Period, Term
from actions.models import Action, ActionYear, Measure, Plan, PublicityRecord, Strategy
from actions.vocabulary import Actor, Evaluation, Revision, Stage
from kpis.models import (
    Actual,
    Indicator,
    JudgementBand,
    Kgi,
    KgiComparison,
    KgiRevision,
    KgiValue,
    Meeting,
    MeetingMaterial,
    Opinion,
    Publication,
    Reminder,
    ReportingPeriod,
    SectionContact,
    Target,
    TargetRevision,
)
from kpis.plausibility import CautionCode
from kpis.services import add_default_bands
from kpis.vocabulary import ActualReason, FollowUp, TargetStatus

PERIODS = (Period(2024, Term.FY), Period(2025, Term.H1))


def make_plan(
    *, slug="large", indicators=15, strategies=3, measures=5, actions=0, periods=PERIODS, **fields
):
    """Store a plan R6-R10 with everything that belongs to it, and return it."""
    years = {"start_year": 2024, "end_year": 2028, "baseline_year": 2023}
    plan = Plan.objects.create(slug=slug, **{"name": f"計画{slug}", **years, **fields})
    rows = make_strategies(plan=plan, number=strategies)
    kept = make_measures(strategies=rows, each=measures)
    made = make_indicators(plan=plan, strategies=rows, number=indicators)
    make_targets(indicators=made)
    make_actuals(indicators=made, periods=make_periods(plan=plan, periods=periods))
    make_kgis(plan=plan)
    make_publicity(plan=plan)
    make_actions(plan=plan, measures=kept, indicators=made, number=actions)
    add_default_bands(plan=plan)
    return plan


def make_strategies(*, plan, number=3):
    """Store 戦略1, 戦略2 …"""
    return Strategy.objects.bulk_create(
        Strategy(plan=plan, number=one, name=f"戦略{one}") for one in range(1, number + 1)
    )


def make_measures(*, strategies, each=5):
    """Store as many measures under each strategy, on the plan's pages from 48 on."""
    return Measure.objects.bulk_create(
        Measure(strategy=strategy, number=one, name=f"施策{strategy.number}-{one}", page=47 + one)
        for strategy in strategies
        for one in range(1, each + 1)
    )


def make_indicators(*, plan, strategies, number=15, **fields):
    """Store indicators in turn under the strategies, each tied to the strategy's first measure."""
    rows = []
    for place in range(number):
        strategy, order = strategies[place % len(strategies)], place // len(strategies) + 1
        code = f"{strategy.number}-{order}"
        base = {"unit": "件", "baseline_year": 2023, "baseline_value": Decimal(place)}
        own = {"code": code, "order": order, "name": f"指標{code}", **base, **fields}
        rows.append(Indicator(plan=plan, strategy=strategy, **own))
    made = Indicator.objects.bulk_create(rows)
    _tie_to_first_measures(made)
    return made


def _tie_to_first_measures(indicators):
    plans = {one.plan_id for one in indicators}
    rows = Measure.objects.filter(strategy__plan__in=plans, number=1)
    first = {one.strategy_id: one for one in rows}
    Indicator.measures.through.objects.bulk_create(
        Indicator.measures.through(indicator=one, measure=first[one.strategy_id])
        for one in indicators
        if one.strategy_id in first
    )


def make_targets(*, indicators, years=range(2024, 2029), linked_from=2027):
    """Store a target for every year: 100, 110 … and 連動 from the given year on."""
    return Target.objects.bulk_create(
        Target(indicator=one, fiscal_year=year, **_target(year, linked_from))
        for one in indicators
        for year in years
    )


def _target(year, linked_from):
    if year >= linked_from:
        return {"status": TargetStatus.LINKED, "source": "実施計画"}
    return {"value": Decimal(100 + 10 * (year - 2024))}


def make_periods(*, plan, periods=PERIODS):
    """Open the periods."""
    return ReportingPeriod.objects.bulk_create(
        ReportingPeriod(plan=plan, fiscal_year=one.fiscal_year, term=one.term.value)
        for one in periods
    )


def make_actuals(*, indicators, periods):
    """Store an explained actual for every indicator and period: 50, 51 … and every tenth 未実施.

    Each says what comes next, by whom and until when, and all but the first what came of it.
    """
    explained = {"cause": "要因", "next_step": "対応", "confirmation": "確認済み"}
    explained |= {"next_step_owner": "担当課", "next_step_due": dt.date(2030, 3, 31)}
    explained["confirmed_cautions"] = ",".join(CautionCode)
    answers = chain(("",), repeat(FollowUp.DONE))
    return Actual.objects.bulk_create(
        Actual(indicator=one, period=period, follow_up=answer, **explained, **_actual(place))
        for period, answer in zip(periods, answers, strict=False)
        for place, one in enumerate(indicators)
    )


def _actual(place):
    if place % 10 == 9:
        return {"reason": ActualReason.NOT_CONDUCTED}
    return {"value": Decimal(50 + place)}


def make_kgis(*, plan, number=2):
    """Store KGIs with three years each, the base year in the middle."""
    years = {"base_year": 2022, "target_year": 2028}
    common = {"unit": "万円", "comparator": "大阪府全体", "target": "伸びを上回る", **years}
    rows = Kgi.objects.bulk_create(
        Kgi(plan=plan, code=f"kgi-{one}", name=f"KGI{one}", **common)
        for one in range(1, number + 1)
    )
    KgiValue.objects.bulk_create(
        KgiValue(kgi=one, year=year, value=Decimal(1000 + year))
        for one in rows
        for year in (2021, 2022, 2023)
    )
    return rows


def make_publicity(*, plan, number=3):
    """Store records of 普及・周知 on consecutive days."""
    return PublicityRecord.objects.bulk_create(
        PublicityRecord(plan=plan, day=dt.date(2024, 7, one), kind="新聞", content=f"記事{one}")
        for one in range(1, number + 1)
    )


def make_actions(
    *,
    plan,
    measures,
    indicators=(),
    number=3,
    years=range(2024, 2029),
    stages=(Stage.RUNNING,),
    examples=False,
):
    """Store actions in turn under the measures and by the actors, each with all its years.

    Every third is a priority action and linked to an indicator; every fifth is late. The stages
    follow year by year, the last one to the end.
    """
    actors = list(Actor)
    made = Action.objects.bulk_create(
        Action(
            plan=plan,
            measure=measures[place % len(measures)],
            code=f"A-{place + 1}",
            order=place // len(measures) + 1,
            actor=actors[place % 3],
            name=f"アクション{place + 1}",
            content="市内のものづくり企業を訪ね、課題を聞き取って支援につなげる",
            is_priority=place % 3 == 0,
            section=f"課{place % 4}",
            is_example=examples,
        )
        for place in range(number)
    )
    ActionYear.objects.bulk_create(
        ActionYear(action=one, fiscal_year=year, **{**_year(place, year), "stage": stage})
        for place, one in enumerate(made)
        for year, stage in zip(years, chain(stages, repeat(stages[-1])), strict=False)
    )
    link = Indicator.actions.through
    link.objects.bulk_create(
        link(indicator=indicators[place % len(indicators)], action=one)
        for place, one in enumerate(made)
        if indicators and place % 3 == 0
    )
    return made


def _year(place, year):
    planned = {"plan": f"{year}年度の計画"}
    if year > 2025:
        return planned
    late = place % 5 == 4
    return {
        **planned,
        "done_first_half": "上半期の実施内容",
        "done": "年度の実施内容",
        "results": "成果と課題",
        "evaluation": Evaluation.LATE if late else Evaluation.ON_PLAN,
        "revision": Revision.CONTINUE,
        "revision_note": "次の年度も続ける",
    }


def make_meeting(*, plan, number=3, **fields):
    """Store a meeting with so many opinions, each about the plan's first indicator."""
    own = {"name": "第1回懇話会", "day": dt.date(2025, 7, 30), "place": "市役所"}
    meeting = Meeting.objects.create(plan=plan, **own | fields)
    indicator = plan.indicators.first()
    Opinion.objects.bulk_create(
        Opinion(meeting=meeting, number=one, text=f"意見{one}", indicator=indicator)
        for one in range(1, number + 1)
    )
    return meeting


# A record of each kind that may be stored. "@name" stands for ``at.name``, a record already there.
YEARS = {"start_year": 2024, "end_year": 2028, "baseline_year": 2023}
KGI_NAMES = {"name": "新", "unit": "万円", "comparator": "府", "target": "上回る"}
MADE = {"published_at": timezone.now(), "published_by": "@person", "sha256": "0" * 64}
LETTER = {
    "due": dt.date(2025, 4, 20),
    "recipients": "kou@example.lg.jp",
    "subject": "件名",
    "body": "本文",
    "created_at": timezone.now(),
}
VALID = {
    Plan: {"slug": "new", "name": "新しい計画", **YEARS},
    Strategy: {"plan": "@plan", "number": 3, "name": "新しい戦略"},
    Measure: {"strategy": "@strategy", "number": 6, "name": "新しい施策"},
    Indicator: {
        "plan": "@plan",
        "strategy": "@strategy",
        "code": "1-8",
        "name": "新",
        "unit": "件",
    },
    Target: {"indicator": "@free", "fiscal_year": 2024, "value": Decimal(100)},
    ReportingPeriod: {"plan": "@plan", "fiscal_year": 2026, "term": "FY"},
    Actual: {"indicator": "@free", "period": "@r6", "value": Decimal(50)},
    JudgementBand: {"plan": "@plan", "term": "FY", "lower": 90, "sign": "○", "label": "新"},
    Kgi: {"plan": "@plan", "code": "kgi-9", "base_year": 2022, "target_year": 2028, **KGI_NAMES},
    KgiValue: {"kgi": "@kgi", "year": 2024},
    KgiComparison: {"kgi": "@kgi", "name": "全国", "year": 2024, "value": 9},
    KgiRevision: {"kgi_value": "@kgi_value", "revised_on": dt.date(2026, 4, 1), "reason": "改定"},
    TargetRevision: {
        "target": "@target",
        "revised_on": dt.date(2025, 10, 1),
        "value": 90,
        "reason": "見直し",
    },
    Action: {
        "plan": "@plan",
        "measure": "@measure",
        "code": "1-1-9",
        "actor": "city",
        "name": "新",
    },
    ActionYear: {"action": "@action", "fiscal_year": 2028},
    Meeting: {"plan": "@plan", "name": "新しい会議"},
    MeetingMaterial: {
        "meeting": "@meeting",
        "publication": "@publication",
        **{"name": "資料1.xlsx", "content": b"PK", "size": 2, "sha256": "a" * 64},
        **{"kept_at": timezone.now(), "kept_by": "@person"},
    },
    Opinion: {"meeting": "@meeting", "number": 9, "text": "新しい意見"},
    SectionContact: {"plan": "@plan", "section": "甲課", "email": "kou@example.lg.jp"},
    Reminder: {"period": "@r6", "section": "甲課", "kind": "due_soon", **LETTER},
    Publication: {"period": "@r6", "version": 2, "payload": "{}", **MADE},
}


def new(at, model, **own):
    """Return an unsaved record: the valid one of its kind with the given fields in their place."""
    fields = {**VALID[model], **own}
    return model(**{name: _named(at, value) for name, value in fields.items()})


def _named(at, value):
    return getattr(at, value[1:]) if str(value).startswith("@") else value


def make_places(*, person):
    """Store two plans alike and return what a single record may hang on, by name.

    ``free`` and ``fine`` have neither targets nor actuals; all other indicators have both.
    """
    plan = make_plan(slug="here", indicators=2, strategies=2, actions=1, is_current=True)
    other = make_plan(slug="there", indicators=2, strategies=2, actions=1)
    strategy, second = plan.strategies.all()
    (free,) = make_indicators(plan=plan, strategies=[strategy], number=1, code="1-9", decimals=1)
    (fine,) = make_indicators(plan=plan, strategies=[second], number=1, code="2-9", decimals=4)
    places = SimpleNamespace(
        plan=plan,
        other=other,
        strategy=strategy,
        second=second,
        foreign_strategy=other.strategies.first(),
        taken=plan.indicators.get(code="1-1"),
        free=free,
        fine=fine,
        r6=plan.periods.get(fiscal_year=2024),
        foreign_r6=other.periods.get(fiscal_year=2024),
        band=plan.bands.get(term=Term.FY, lower=80),
        half_band=plan.bands.get(term=Term.H1, lower=80),
        foreign_band=other.bands.get(term=Term.FY, lower=80),
        kgi=plan.kgis.get(code="kgi-1"),
        measure=strategy.measures.first(),
        foreign_measure=other.strategies.first().measures.first(),
        action=plan.actions.get(code="A-1"),
        foreign_action=other.actions.get(code="A-1"),
        meeting=make_meeting(plan=plan),
        foreign_indicator=other.indicators.first(),
        fine_kgi=Kgi.objects.create(
            plan=plan, code="kgi-8", base_year=2022, target_year=2028, decimals=4, **KGI_NAMES
        ),
        person=person,
    )
    places.kgi_value = places.kgi.values.first()
    places.target = places.taken.targets.first()
    new(places, KgiComparison, year=2023).save()
    new(places, KgiRevision, revised_on=dt.date(2026, 3, 1)).save()
    new(places, TargetRevision, revised_on=dt.date(2025, 4, 1)).save()
    for lower, label in ((70, "良"), (None, "否")):
        own = {"indicator": places.taken, "lower": lower, "label": label}
        new(places, JudgementBand, **own).save()
    ActionYear.objects.filter(fiscal_year=2028).delete()
    places.publication = new(places, Publication, version=1)
    places.publication.save()
    new(places, MeetingMaterial).save()
    places.foreign_publication = new(places, Publication, period=places.foreign_r6, version=1)
    places.foreign_publication.save()
    new(places, SectionContact, email="sangyo@example.lg.jp").save()
    new(places, Reminder, kind="opened").save()
    return places
