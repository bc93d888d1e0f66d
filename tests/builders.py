"""Short builders of the pure dataclasses, and exact numbers that owe nothing to the code."""

import datetime as dt
from dataclasses import replace
from decimal import Context, Decimal

from actions.fiscal import Period, Term
from actions.vocabulary import Actor, Evaluation, Revision, Stage
from kpis.attainment import Facts, Rule, attain
from kpis.judgement import DEFAULT_BANDS, Judgement, judge, override_with
from kpis.progress import (
    ActionProgress,
    ActionYear,
    Actual,
    Edition,
    IndicatorProgress,
    KgiProgress,
    KgiYear,
    MeasureFacts,
    MeetingProgress,
    Opinion,
    PlanFacts,
    PlanProgress,
    Publicity,
    Result,
    StrategyProgress,
    Target,
    YearProgress,
)
from kpis.vocabulary import (
    ActualReason,
    Direction,
    Formula,
    Kind,
    OpinionState,
    Rounding,
    TargetStatus,
)

WIDE = Context(prec=40)
JST = dt.timezone(dt.timedelta(hours=9))


def number(text):
    """Return a Decimal, or None for None."""
    return None if text is None else Decimal(text)


def percent(above, below):
    """Return above ÷ below in percent with 40 digits: percent(1, 14) is 7.142857…"""
    return WIDE.divide(WIDE.multiply(Decimal(above), Decimal(100)), Decimal(below))


def facts(actual=None, target=None, term=Term.FY, **others):
    """Return Facts from texts; a given target is 設定 unless another status is named."""
    status = TargetStatus.UNSET if target is None else TargetStatus.SET
    others.setdefault("target_status", status)
    for name in ("baseline", "previous"):
        others[name] = number(others.get(name))
    return Facts(term=term, actual=number(actual), target=number(target), **others)


def verdict(rule, actual=None, target=None, term=Term.FY, bands=DEFAULT_BANDS, **others):
    """Return the computed verdict for one pair of figures."""
    return judge(rule, term, attain(rule, facts(actual, target, term, **others)), bands)


# A rule where no field has its default, so that a lost field cannot go unseen.
ODD_RULE = Rule(
    formula=Formula.FROM_PREVIOUS,
    direction=Direction.MAINTAIN,
    kind=Kind.LEVEL,
    rated_at_half_year=False,
    expected_share=Decimal("0.25"),
    rate_decimals=2,
    rounding=Rounding.TRUNCATE,
    keep_zeros=True,
)


def actual(value=None, reason=None, words="", display="", **others):
    """Return an Actual; texts that are not given are blank."""
    blank = {"cause": "", "next_step": "", "note": "", "printed_rate": "", "provisional": False}
    return Actual(
        value=number(value), reason=reason, reason_words=words, display=display, **blank | others
    )


def result(period, rule, entered, the_facts, override=None):
    """Return a Result as the product would work it out."""
    attainment = attain(rule, the_facts)
    computed = judge(rule, period.term, attainment, DEFAULT_BANDS)
    return Result(period, entered, attainment, Judgement(computed, override))


def rich_progress():
    """Return a PlanProgress that holds at least one of everything, each kind of nothing too."""
    h1, previous = Period(2025, Term.H1), Period(2024, Term.FY)
    truncated = Rule(rounding=Rounding.TRUNCATE)
    consultations = IndicatorProgress(
        code="1-1",
        strategy_number=1,
        name="門真市中小企業サポートセンター相談件数",
        unit="件",
        decimals=0,
        rule=truncated,
        baseline_year=2023,
        baseline_value=Decimal(1078),
        definition="",
        note='※引用符 " と\n改行を含む注記',
        target_source="第6次総合計画 実施計画",
        section="産業振興課",
        measure_codes=("1-1", "1-2"),
        years=(
            YearProgress(
                2024,
                Target(TargetStatus.SET, Decimal(1200), "1,200", "", ""),
                (
                    result(
                        previous,
                        truncated,
                        actual("1124", display="1,124", provisional=True),
                        facts("1124", "1200"),
                    ),
                ),
            ),
            YearProgress(
                2025,
                Target(TargetStatus.SET, Decimal(1200), "1,200", "", "前年度と同じ"),
                (
                    result(
                        h1,
                        truncated,
                        actual("704", display="704", printed_rate="58.6%", cause="相談増"),
                        facts("704", "1200", Term.H1),
                        override_with(DEFAULT_BANDS[5], "下期に減る見込みのため"),
                    ),
                ),
            ),
            YearProgress(
                2026,
                Target(TargetStatus.LINKED, None, "実施計画で定める目標値と連動", "実施計画", ""),
                (),
            ),
        ),
    )
    reason = ActualReason.NOT_YET_DUE
    visitors = IndicatorProgress(
        code="3-5",
        strategy_number=3,
        name="オープンファクトリー参加者数",
        unit="人",
        decimals=0,
        rule=ODD_RULE,
        baseline_year=None,
        baseline_value=None,
        definition="定義",
        note="",
        target_source="",
        section="",
        measure_codes=(),
        years=(
            YearProgress(
                2025,
                Target(TargetStatus.SET, Decimal("405.50"), "406", "", ""),
                (
                    result(
                        h1,
                        ODD_RULE,
                        actual(None, reason, reason.label, "—"),
                        facts(None, "405.50", Term.H1, actual_reason=reason),
                    ),
                    result(
                        Period(2025, Term.FY),
                        ODD_RULE,
                        actual("-0.5", display="▲1"),
                        facts("-0.5", "405.50", previous="401"),
                    ),
                ),
            ),
            YearProgress(2026, Target(TargetStatus.UNSET, None, "", "", ""), ()),
        ),
    )
    growth = WIDE.subtract(percent(27570624, 26214886), Decimal(100))
    kgi = KgiProgress(
        code="1",
        name="市内製造業粗付加価値額",
        unit="万円",
        decimals=0,
        comparator="大阪府全体",
        base_year=2022,
        target_year=2028,
        target="大阪府全体の伸びを上回る",
        source="経済構造実態調査",
        note="",
        years=(
            KgiYear(2021, None, "", None, None, None, None, None, "未公表"),
            KgiYear(
                year=2023,
                value=Decimal(27570624),
                display="27,570,624",
                growth=growth,
                comparator_growth=Decimal("1.9"),
                difference=WIDE.subtract(growth, Decimal("1.9")),
                index=percent(27570624, 26214886),
                comparator_index=Decimal("101.9"),
                note="",
            ),
        ),
    )
    return PlanProgress(
        plan=PlanFacts(
            slug="kadoma-monozukuri",
            name="門真市ものづくり産業振興計画",
            principle="―門真全域―ものづくりのテーマパーク",
            start_year=2024,
            end_year=2028,
            baseline_year=2023,
            section="産業振興課",
            parent_plan="門真市第6次総合計画",
            council="門真市ものづくり産業振興懇話会",
            management="PDCAサイクルに基づく",
        ),
        period=h1,
        edition=Edition(2, dt.datetime(2025, 12, 2, 9, 30, 15, 250, tzinfo=JST), "誤記の訂正"),
        strategies=(
            StrategyProgress(
                1,
                "イノベーション",
                "Change Chance Challenge",
                (MeasureFacts("1-1", 1, "デジタル化", 48), MeasureFacts("1-2", 2, "脱炭素", None)),
                (consultations,),
            ),
            StrategyProgress(3, "基盤・集積強化", "", (), (visitors,)),
        ),
        kgis=(kgi,),
        bands=DEFAULT_BANDS,
        publicity=(
            Publicity(dt.date(2024, 7, 25), "新聞", "日刊工業新聞", None, "", "第19面"),
            Publicity(None, "配付", "本編", Decimal(374), "部", ""),
        ),
        actions=rich_actions(),
        meetings=rich_meetings(),
    )


def rich_actions():
    """Return two actions: one told in full, and one of which only a year's stage is written."""
    seminar = ActionProgress(
        code="1-1-1",
        measure_code="1-1",
        actor=Actor.CITY,
        name="デジタル化セミナーの開催",
        content="市内企業向けのセミナーを開き、\n個別相談につなげる",
        is_priority=True,
        priority_reason="人手不足への対応が急がれるため",
        indicator_codes=("1-1",),
        no_indicator_reason="",
        section="産業振興課",
        partners="門真市中小企業サポートセンター",
        is_example=False,
        years=(
            ActionYear(
                2024,
                Stage.PREPARATION,
                "内容の検討",
                "",
                "講師を決めた",
                "会場が足りない",
                Evaluation.ON_PLAN,
                Revision.IMPROVE,
                "会場を増やす",
            ),
            ActionYear(
                2025,
                Stage.RUNNING,
                "年4回の開催",
                "1回開催した",
                "",
                "申込みが少ない",
                Evaluation.LATE,
                None,
                "",
            ),
        ),
    )
    visit = ActionProgress(
        code="1-1-2",
        measure_code="1-1",
        actor=Actor.BUSINESS,
        name="工場見学の受入れ",
        content="",
        is_priority=False,
        priority_reason="",
        indicator_codes=(),
        no_indicator_reason="市の事業ではないため",
        section="",
        partners="",
        is_example=True,
        years=(ActionYear(2025, None, "", "", "", "", None, None, ""),),
    )
    return (seminar, visit)


def rich_meetings():
    """Return the newest meeting with a settled and an unanswered opinion, and an older one."""
    answered = Opinion(
        number=1,
        speaker="委員A",
        text="相談が増えた理由は何か",
        indicator_code="1-1",
        measure_code="",
        action_code="",
        reply="広報を改めた",
        state=OpinionState.SETTLED,
        state_reason="",
    )
    waiting = replace(answered, number=2, speaker="", indicator_code="", measure_code="1-1")
    waiting = replace(waiting, text="若手にも声を掛けてほしい", reply="", state=None)
    hard = replace(waiting, number=1, text="夜にも開いてほしい", action_code="1-1-1")
    hard = replace(hard, measure_code="", reply="職員の確保が難しい")
    hard = replace(hard, state=OpinionState.LATER, state_reason="予算がないため")
    day = dt.date(2025, 7, 30)
    return (
        MeetingProgress("令和7年度第1回懇話会", day, "市役所", False, (answered, waiting), 2),
        MeetingProgress("令和6年度第2回懇話会", None, "", True, (hard,), 1),
    )
