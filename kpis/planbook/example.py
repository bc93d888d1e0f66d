"""A small made-up plan that shows every sheet filled in: the example (記入例) for newcomers. Pure."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from actions.fiscal import Term
from actions.vocabulary import Actor, Evaluation, Revision, Stage
from kpis.judgement import DEFAULT_BANDS
from kpis.planbook.rows import (
    ActionRow,
    ActionYearRow,
    ActualRow,
    BandRow,
    IndicatorRow,
    KgiComparisonRow,
    KgiRevisionRow,
    KgiRow,
    KgiValueRow,
    MeasureRow,
    PlanBook,
    PlanRow,
    PublicityRow,
    TargetRevisionRow,
    TargetRow,
)
from kpis.vocabulary import (
    ActualReason,
    Direction,
    Formula,
    Kind,
    Rounding,
    TargetStatus,
)

_PLAN = PlanRow(
    slug="kinyurei",
    name="（記入例）みほん市観光振興計画",
    principle="歩いて楽しいまち",
    start_year=2024,
    end_year=2026,
    baseline_year=2023,
    section="観光課",
    parent_plan="みほん市総合計画",
    council="みほん市観光振興会議",
    management="半年ごとに実績をまとめ、会議で検討し、翌年度の取組みに反映します。",
)

_MEASURES = (
    MeasureRow(1, "来訪の促進", "Visit", 1, "観光案内の充実", 12, "", ""),
    MeasureRow(1, "来訪の促進", "Visit", 2, "催しの開催", 14, "", ""),
    MeasureRow(2, "受入れ環境の整備", "Welcome", 1, "案内板の整備", 16, "", ""),
)


_VISITS = IndicatorRow(
    code="1-1",
    strategy=1,
    name="観光案内所の利用件数",
    unit="件",
    decimals=0,
    kind=Kind.CUMULATIVE,
    direction=Direction.UP,
    formula=Formula.RATIO,
    baseline_year=2023,
    baseline_value=Decimal(2350),
    rated_at_half_year=True,
    expected_share=Decimal("0.5"),
    rate_decimals=1,
    rounding=Rounding.HALF_UP,
    keep_zeros=False,
    definition="窓口と電話の合計",
    target_source="みほん市総合計画 実施計画",
    section="観光課",
    measures=("1-1",),
    note="",
)
_CONTENT = replace(
    _VISITS,
    code="1-2",
    name="催しに満足した人の割合",
    unit="%",
    decimals=1,
    kind=Kind.RATIO,
    baseline_value=Decimal("71.5"),
    rated_at_half_year=False,
    definition="来場者アンケートで「満足」と答えた人の割合",
    target_source="",
    measures=("1-2",),
    note="アンケートは秋の催しで行うため、上半期は達成率を算定しません。",
)
_SIGNS = replace(
    _VISITS,
    code="2-1",
    strategy=2,
    name="案内板の設置数",
    unit="基",
    kind=Kind.LEVEL,
    formula=Formula.FROM_BASELINE,
    baseline_value=Decimal(40),
    rate_decimals=0,
    rounding=Rounding.TRUNCATE,
    definition="",
    target_source="",
    section="道路課",
    measures=("2-1",),
)


def _target(
    indicator: str, year: int, value: str | None, source: str = "", note: str = ""
) -> TargetRow:
    """Return the target; one without a value is linked to its source, or not set where none is named."""
    if value is not None:
        return TargetRow(indicator, year, Decimal(value), TargetStatus.SET, source, note)
    status = TargetStatus.LINKED if source else TargetStatus.UNSET
    return TargetRow(indicator, year, None, status, source, note)


_ACTION_PLAN = "みほん市総合計画 実施計画（令和8年3月に策定）"
_TARGETS = (
    _target("1-1", 2024, "2500", "みほん市総合計画 実施計画"),
    _target("1-1", 2025, "2600", "みほん市総合計画 実施計画"),
    _target("1-1", 2026, None, _ACTION_PLAN),
    _target("1-2", 2024, "75"),
    _target("1-2", 2025, "77.5"),
    _target("1-2", 2026, None, note="令和7年度の結果を見て定めます。"),
    _target("2-1", 2024, "45"),
    _target("2-1", 2025, "50"),
    _target("2-1", 2026, "55"),
)

_MARCH = dt.date(2025, 3, 28)
_REVISIONS = (
    TargetRevisionRow(
        indicator="1-1",
        fiscal_year=2025,
        revised_on=_MARCH,
        value=Decimal(2550),
        status=TargetStatus.SET,
        source="みほん市総合計画 実施計画",
        reason="案内所を駅前に移し、利用が増えたため",
    ),
)

_NOTHING = ActualRow("", 2024, Term.FY, None, None, False, "", "", "", "", "", "", "")
_ACTUALS = (
    replace(
        _NOTHING,
        indicator="1-1",
        value=Decimal(2412),
        printed_rate="96.5%",
        cause="夏の大雨で来訪者が減りました。",
        next_step="雨でも楽しめる場所を案内します。",
        next_step_owner="観光課",
        next_step_due=dt.date(2026, 3, 31),
    ),
    replace(
        _NOTHING,
        indicator="1-1",
        fiscal_year=2025,
        term=Term.H1,
        value=Decimal(1385),
        provisional=True,
        note="9月分は速報値です。",
    ),
    replace(_NOTHING, indicator="1-2", value=Decimal("73.8")),
    replace(
        _NOTHING,
        indicator="1-2",
        fiscal_year=2025,
        term=Term.H1,
        reason=ActualReason.NOT_YET_DUE,
    ),
    replace(_NOTHING, indicator="2-1", value=Decimal(44)),
    replace(_NOTHING, indicator="2-1", fiscal_year=2025, term=Term.H1, value=Decimal(44)),
)

_KGI = KgiRow(
    code="kgi-1",
    name="観光消費額",
    unit="百万円",
    comparator="県全体",
    base_year=2022,
    target_year=2026,
    target="令和4(2022)年～令和8(2026)年の県全体の伸びを上回る",
    decimals=0,
    source="県「観光統計調査」",
    note="",
)
_KGI_VALUES = (
    KgiValueRow("kgi-1", 2022, Decimal(1820), None, ""),
    KgiValueRow("kgi-1", 2023, Decimal(1911), Decimal("3.2"), ""),
)

_COMPARISONS = (KgiComparisonRow("kgi-1", "全国", 2023, None, Decimal("2.1")),)
_KGI_REVISIONS = (KgiRevisionRow("kgi-1", 2022, _MARCH, Decimal(1815), None, "県の統計の遡及改定"),)

_ACTIONS = (
    ActionRow(
        code="1-1-1",
        measure="1-1",
        actor=Actor.CITY,
        name="案内所の外国語対応",
        content="案内の資料を4つの言語で用意する",
        is_priority=True,
        indicators=("1-1",),
        no_indicator_reason="",
        section="観光課",
        priority_reason="外国からの来訪者が増えているため",
        partners="みほん市観光協会",
        is_example=False,
    ),
    ActionRow(
        code="2-1-1",
        measure="2-1",
        actor=Actor.SUPPORT,
        name="案内板の点検",
        content="年1回、すべての案内板を見て回る",
        is_priority=False,
        indicators=(),
        no_indicator_reason="点検の回数は、成果を表さないため",
        section="道路課",
        priority_reason="",
        partners="",
        is_example=False,
    ),
)
_ACTION_YEARS = (
    ActionYearRow(
        action="1-1-1",
        fiscal_year=2024,
        stage=Stage.PREPARATION,
        plan="英語の資料を作る",
        done="英語の資料を3種類作った",
        results="利用した人の声を集める方法がない",
        evaluation=Evaluation.ON_PLAN,
        revision=Revision.IMPROVE,
        done_first_half="資料の内容を決めた",
        revision_note="窓口で感想を聞く",
    ),
    ActionYearRow(
        action="1-1-1",
        fiscal_year=2025,
        stage=Stage.RUNNING,
        plan="残る3つの言語の資料を作る",
        done="",
        results="",
        evaluation=None,
        revision=None,
        done_first_half="",
        revision_note="",
    ),
)

_PUBLICITY = (
    PublicityRow(dt.date(2024, 4, 1), "ホームページ", "計画の掲載", None, "", ""),
    PublicityRow(
        dt.date(2024, 6, 20), "配付", "計画の概要版を市内の宿泊施設に配付", Decimal(800), "部", ""
    ),
)

EXAMPLE = PlanBook(
    plan=_PLAN,
    measures=_MEASURES,
    indicators=(_VISITS, _CONTENT, _SIGNS),
    targets=_TARGETS,
    actuals=_ACTUALS,
    kgis=(_KGI,),
    kgi_values=_KGI_VALUES,
    actions=_ACTIONS,
    action_years=_ACTION_YEARS,
    bands=tuple(
        BandRow(one.term, one.lower, one.sign, one.label, one.tone)
        for one in sorted(DEFAULT_BANDS, key=lambda band: band.term is Term.FY)
    ),
    publicity=_PUBLICITY,
    target_revisions=_REVISIONS,
    kgi_comparisons=_COMPARISONS,
    kgi_revisions=_KGI_REVISIONS,
)
