"""Every field of the read model with its name in the table of corrections.

Each field of each dataclass stands here: as an item that is told, as one that is told only where
nothing else shows the difference, or among those that make no row of their own. A test holds it,
so that a new field cannot be forgotten.
"""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from actions.fiscal import Period
from kpis.attainment import Attainment, Rule, Trace
from kpis.differences import words
from kpis.judgement import Band, Judgement, Verdict
from kpis.progress import (
    ActionProgress,
    ActionYear,
    Actual,
    Edition,
    IndicatorProgress,
    KgiComparison,
    KgiProgress,
    KgiRevision,
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
    TargetRevision,
    YearProgress,
)


@dataclass(frozen=True, slots=True)
class Item:
    """A name in the table, the fields that it tells, and how it tells them of their record."""

    label: str
    fields: tuple[str, ...]
    tell: Callable[[Any], str]

    def values(self, record: Any) -> tuple[Any, ...]:
        """Return the record's values of the fields."""
        return tuple(getattr(record, name) for name in self.fields)


def _item(label: str, field: str, say: Callable[[Any], str] = words.value) -> Item:
    """Return an item of one field whose value says itself."""
    get = attrgetter(field)
    return Item(label, (field,), lambda record: say(get(record)))


def _choice(label: str, field: str, yes: str, no: str) -> Item:
    """Return an item of a yes-or-no field in the words of its form."""
    return _item(label, field, lambda chosen: yes if chosen else no)


# What the table tells, in its order.
ITEMS: dict[type, tuple[Item, ...]] = {
    PlanProgress: (_item("報告期間", "period", attrgetter("label")),),
    PlanFacts: (
        _item("計画ID", "slug"),
        _item("計画名", "name"),
        _item("基本理念", "principle"),
        _item("開始年度", "start_year", words.fiscal_year),
        _item("終了年度", "end_year", words.fiscal_year),
        _item("基準年度", "baseline_year", words.fiscal_year),
        _item("所管課", "section"),
        _item("上位計画", "parent_plan"),
        _item("会議体", "council"),
        _item("計画の進捗管理について", "management"),
    ),
    StrategyProgress: (_item("戦略名", "name"), _item("英語表記", "tag")),
    MeasureFacts: (
        _item("施策番号", "number"),
        _item("施策名", "name"),
        Item("計画頁", ("page",), words.page),
        _item("施策の内容", "description"),
    ),
    IndicatorProgress: (
        _item("指標名", "name"),
        _item("単位", "unit"),
        _item("基本戦略", "strategy_number"),
        _item("小数桁", "decimals"),
        _item("基準年度", "baseline_year", words.fiscal_year),
        Item("基準値", ("baseline_value",), words.baseline),
        _item("定義・注記", "definition"),
        _item("目標の根拠", "target_source"),
        _item("所管課", "section"),
        _item("関連する施策", "measure_codes"),
        _item("備考", "note"),
        _item("開始年度", "start_year", words.fiscal_year),
        _item("終了年度", "end_year", words.fiscal_year),
        Item("改称", ("former_name", "renamed_year"), words.renaming),
        _item("後継の指標", "successor"),
        _item("見直しの理由", "review_reason"),
        _item("この指標だけの判定基準", "bands", words.bands),
    ),
    Rule: (
        _item("算式", "formula"),
        _item("方向", "direction"),
        _item("種別", "kind"),
        _choice("上半期の達成率", "rated_at_half_year", "算定する", "算定しない"),
        _item("見込割合", "expected_share"),
        _item("達成率の小数桁", "rate_decimals"),
        _item("端数処理", "rounding"),
        _choice("末尾の0", "keep_zeros", "残す", "省く"),
    ),
    Target: (
        Item("目標", ("status", "value", "display", "words"), words.target),
        _item("目標の根拠", "source"),
        _item("目標の決定日", "decided_on"),
        _item("目標の備考", "note"),
        _item("目標の改定", "revisions", words.target_revisions),
    ),
    Actual: (
        Item("実績", ("value", "reason", "reason_words", "display", "provisional"), words.actual),
        Item("年度末見込", ("forecast", "forecast_display"), words.forecast),
        _item("調査年度", "carried_from", words.fiscal_year),
        _item("要因", "cause"),
        _item("今後の対応", "next_step"),
        _item("対応の担当", "next_step_owner"),
        _item("対応の期限", "next_step_due"),
        Item("前回の対応の結果", ("follow_up", "follow_up_note"), words.follow_up),
        _item("備考", "note"),
        _item("公表資料の達成率", "printed_rate"),
    ),
    Attainment: (
        Item("達成率", ("display",), words.rate),
        Item("目標への到達", ("met",), words.met),
    ),
    Judgement: (Item("参考判定", ("computed", "override"), words.judgement),),
    KgiProgress: (
        _item("指標名", "name"),
        _item("単位", "unit"),
        _item("小数桁", "decimals"),
        _item("比較対象", "comparator"),
        _item("起点年", "base_year", words.calendar_year),
        _item("目標年", "target_year", words.calendar_year),
        _item("目標", "target"),
        _item("出所", "source"),
        _item("備考", "note"),
    ),
    KgiYear: (
        Item("値", ("value", "display"), words.kgi_year),
        _item("伸び率", "growth", words.percent),
        _item("比較対象の伸び率", "comparator_growth", words.percent),
        _item("差", "difference", words.points),
        _item("比較対象の値", "comparator_value"),
        _item("参考の比較対象", "comparisons", words.comparisons),
        _item("公表予定", "expected"),
        _item("備考", "note"),
        _item("値の改定", "revisions", words.kgi_revisions),
    ),
    Band: (
        Item("下限", ("lower",), words.lower_bound),
        _item("記号", "sign"),
        _item("判定", "label"),
        _item("配色", "tone"),
    ),
    Publicity: (
        _item("日付", "day"),
        _item("種別", "kind"),
        _item("対象", "item"),
        _item("内容", "content"),
        Item("数量", ("quantity", "unit"), words.quantity),
        _item("備考", "note"),
    ),
    ActionProgress: (
        _item("施策番号", "measure_code"),
        _item("主体", "actor"),
        _item("名称", "name"),
        _item("内容", "content"),
        _choice("重点アクション", "is_priority", "重点", "重点ではない"),
        _item("重点とした理由", "priority_reason"),
        _item("関連する指標", "indicator_codes"),
        _item("KPI設定なしの理由", "no_indicator_reason"),
        _item("所管課", "section"),
        _item("連携先", "partners"),
        _choice("例示", "is_example", "例示", "例示ではない"),
    ),
    ActionYear: (
        _item("段階", "stage"),
        _item("計画", "plan"),
        _item("上半期の実施内容", "done_first_half"),
        _item("年度の実施内容", "done"),
        _item("成果・課題", "results"),
        _item("評価", "evaluation"),
        _item("見直し", "revision"),
        _item("見直しの内容", "revision_note"),
    ),
}

# What follows from the items above, told only where none of them shows a difference.
DERIVED: dict[type, tuple[Item, ...]] = {
    Actual: (
        _item("実績値がない理由", "reason"),
        _choice("速報", "provisional", "速報", "確定"),
    ),
    Attainment: (
        _item("達成率がない理由", "reason"),
        _item("達成率がない理由", "reason_words"),
        _item("端数処理前の達成率（%）", "rate", words.unrounded),
    ),
    Trace: (
        _item("算式", "formula"),
        _item("計算に使った値", "inputs", words.inputs),
        _item("計算", "calculation"),
        _item("達成率の表示", "rounding"),
    ),
    Verdict: (
        _item("判定の種類", "outcome"),
        _item("判定の記号", "sign"),
        _item("判定の名称", "label"),
        _item("判定の配色", "tone"),
        _item("判定の理由", "basis"),
    ),
    KgiYear: (
        _item("伸び率（端数処理前、%）", "growth", words.unrounded),
        _item("比較対象の伸び率（端数処理前、%）", "comparator_growth", words.unrounded),
        _item("差（端数処理前、ポイント）", "difference", words.unrounded),
        _item("指数", "index", words.unrounded),
        _item("比較対象の指数", "comparator_index", words.unrounded),
    ),
    Publicity: (_item("単位", "unit"),),
}

# What makes no row of its own: records inside records, what matches them, what always differs, and
# meetings: opinions come and are answered without anything published becoming wrong, and a table
# of corrections is for everyone, a meeting may not be.
NO_ITEM: dict[type, tuple[str, ...]] = {
    PlanProgress: (
        *("plan", "edition", "strategies", "kgis", "bands", "publicity"),
        *("actions", "meetings"),
    ),
    Edition: ("version", "published_at", "reason"),
    Period: ("fiscal_year", "term"),
    StrategyProgress: ("number", "measures", "indicators"),
    MeasureFacts: ("code",),
    IndicatorProgress: ("code", "rule", "years"),
    YearProgress: ("fiscal_year", "target", "results"),
    Result: ("period", "actual", "attainment", "judgement"),
    Attainment: ("trace",),
    KgiProgress: ("code", "years"),
    KgiYear: ("year",),
    KgiComparison: ("name", "value", "growth", "index"),
    KgiRevision: ("revised_on", "value", "display", "comparator_growth", "reason"),
    TargetRevision: ("revised_on", "status", "value", "display", "source", "reason"),
    Band: ("term",),
    ActionProgress: ("code", "years"),
    ActionYear: ("fiscal_year",),
    MeetingProgress: ("name", "day", "place", "is_example", "opinions", "key"),
    Opinion: (
        *("number", "speaker", "text", "indicator_code", "measure_code", "action_code"),
        *("reply", "state", "state_reason"),
    ),
}
