"""The sheets of the actions, the bands and the publicity. Pure."""

from actions.fiscal import Term
from actions.vocabulary import Actor, Evaluation, Revision, Stage
from kpis.planbook import rows
from kpis.planbook.columns import Column, Sheet, bounded, long_text, words
from kpis.planbook.values import (
    Code,
    Codes,
    Day,
    FiscalYear,
    Mark,
    Text,
    choice,
)
from kpis.vocabulary import Tone

_TERM = choice(Term)

ACTION_SHEETS = (
    Sheet(
        "アクション",
        "actions",
        rows.ActionRow,
        ("code",),
        (
            Column("アクションコード", "code", Code(), width=18),
            Column("施策番号", "measure", Code(), about="戦略番号-施策番号（例: 1-2）", width=10),
            Column("主体", "actor", choice(Actor), width=16),
            Column("名称", "name", Text(200), width=40),
            long_text("内容", "content"),
            Column("重点", "is_priority", Mark(), False, width=8),
            Column("指標コード", "indicators", Codes(), (), "「、」で区切る", 14),
            long_text("KPI設定なしの理由", "no_indicator_reason"),
            words("所管課", "section", 100),
            long_text("重点の理由", "priority_reason"),
            words("連携先", "partners", 300, width=30),
            Column("例示", "is_example", Mark(), False, width=8),
        ),
        about="施策のための取組み。1つに1行で、主体（だれが行うか）ごとに分けて書きます。",
    ),
    Sheet(
        "アクション年度",
        "action_years",
        rows.ActionYearRow,
        ("action", "fiscal_year"),
        (
            Column("アクションコード", "action", Code(), width=18),
            Column("年度", "fiscal_year", FiscalYear()),
            Column("段階", "stage", choice(Stage), None, width=10),
            long_text("計画", "plan"),
            long_text("実施内容", "done"),
            long_text("成果・課題", "results"),
            Column("評価", "evaluation", choice(Evaluation), None, width=12),
            Column("見直し", "revision", choice(Revision), None, width=10),
            long_text("上半期の実施内容", "done_first_half"),
            long_text("見直しの内容", "revision_note"),
        ),
        about=(
            "アクションの年度ごとの計画・実施内容・評価・見直し。アクション1つの1年度に1行です。"
        ),
    ),
    Sheet(
        "判定基準",
        "bands",
        rows.BandRow,
        ("indicator", "term", "label"),
        (
            Column("期間", "term", _TERM, width=10),
            Column(
                "下限",
                "lower",
                bounded(5, 2, "%"),
                None,
                "この値（%）以上。最も低い区分は空欄",
                10,
            ),
            Column("記号", "sign", Text(4), width=8),
            Column("判定", "label", Text(20), width=16),
            Column("配色", "tone", choice(Tone), Tone.NEUTRAL, width=22),
            Column("指標コード", "indicator", Code(), "", "この指標だけの区分。空欄は計画全体", 12),
        ),
        about="参考判定の区分。区分1つに1行です。シートが空のときは、標準の4段階を使います。",
    ),
    Sheet(
        "普及・周知",
        "publicity",
        rows.PublicityRow,
        ("day", "kind", "content"),
        (
            Column("日付", "day", Day(), None, width=14),
            Column("種別", "kind", Text(50), width=14),
            Column("内容", "content", Text(500), width=50),
            Column("数量", "quantity", bounded(11, 4), None, width=12),
            words("単位", "unit", 20, width=10),
            long_text("備考", "note"),
            words("対象", "item", 50, "何の数量か（例: 本編）", 14),
        ),
        about="計画を知ってもらうための活動の記録。1件に1行です。",
    ),
)
