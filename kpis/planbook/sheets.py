"""The sheets of the plan book and their columns, each declared once for reading and writing. Pure."""

from decimal import Decimal

from actions.fiscal import Term
from kpis.planbook import rows
from kpis.planbook.actionsheets import ACTION_SHEETS
from kpis.planbook.columns import Column, Sheet, long_text, words
from kpis.planbook.kgisheets import KGI_MORE_SHEETS, KGI_SHEETS
from kpis.planbook.values import (
    Choice,
    Code,
    Codes,
    Day,
    Due,
    Figure,
    FiscalYear,
    Mark,
    Measured,
    Slug,
    Text,
    Whole,
    choice,
)
from kpis.vocabulary import (
    ActualReason,
    Direction,
    FollowUp,
    Formula,
    Kind,
    Rounding,
    TargetStatus,
)

_YEAR = Whole(1900, 2099)
_TERM = choice(Term)
_RATED = Choice({"算定する": True, "算定しない": False})
_ZEROS = Choice({"残す": True, "省く": False})

_PLAN_SHEETS = (
    Sheet(
        "計画",
        "plan",
        rows.PlanRow,
        ("slug",),
        (
            Column(
                "スラッグ",
                "slug",
                Slug(),
                about="ページのアドレスになる英数字とハイフン",
                width=24,
            ),
            Column("計画名", "name", Text(200), width=40),
            words("基本理念", "principle", 300, width=40),
            Column("開始年度", "start_year", FiscalYear()),
            Column("終了年度", "end_year", FiscalYear()),
            Column("基準年度", "baseline_year", FiscalYear(), about="表の最初に実績を載せる年度"),
            words("所管課", "section", 100),
            words("上位計画", "parent_plan", 200, width=30),
            words("会議体", "council", 200, "進捗を検討する会議の名前", 30),
            long_text("進捗管理", "management"),
        ),
        required=True,
        about="計画そのもの。1行だけ書きます。",
    ),
    Sheet(
        "体系",
        "measures",
        rows.MeasureRow,
        ("strategy", "number"),
        (
            Column("戦略番号", "strategy", Whole(1), width=10),
            Column("戦略名", "strategy_name", Text(200), width=30),
            words("英語表記", "tag", 200, width=30),
            Column("施策番号", "number", Whole(1), None, "戦略の中での番号", 10),
            words("施策名", "name", 200, width=44),
            Column("計画頁", "page", Whole(1), None, "計画本編のページ番号", 10),
            long_text("戦略の備考", "strategy_note"),
            long_text("施策の備考", "note"),
            long_text("施策の内容", "description"),
        ),
        required=True,
        about=(
            "基本戦略と具体的施策。施策1つに1行で、同じ戦略の行には同じ戦略名を書きます。"
            "施策のない戦略は、戦略番号と戦略名だけを書きます。"
        ),
    ),
    Sheet(
        "指標",
        "indicators",
        rows.IndicatorRow,
        ("code",),
        (
            Column("指標コード", "code", Code(), about="例: 1-1。後から変えません", width=12),
            Column("戦略番号", "strategy", Whole(1), width=10),
            Column("指標名", "name", Text(200), width=44),
            Column("単位", "unit", Text(20), width=10),
            Column("小数桁", "decimals", Whole(0, 4), 0, "実績と目標を記録する小数の桁数", 9),
            Column("種別", "kind", choice(Kind), Kind.CUMULATIVE, width=9),
            Column("方向", "direction", choice(Direction), Direction.UP, width=9),
            Column("算式", "formula", choice(Formula), Formula.RATIO, width=14),
            Column("基準年度", "baseline_year", FiscalYear(), None),
            Column("基準値", "baseline_value", Measured(), None),
            Column("上半期の達成率", "rated_at_half_year", _RATED, True, width=16),
            Column(
                "見込割合",
                "expected_share",
                Figure(4, Decimal(0), Decimal(1)),
                Decimal("0.5"),
                "9月30日までに見込まれる年度目標の割合（0～1）",
                10,
            ),
            Column("達成率の小数桁", "rate_decimals", Whole(0, 2), 1, width=16),
            Column("端数処理", "rounding", choice(Rounding), Rounding.HALF_UP, width=12),
            Column("末尾の0", "keep_zeros", _ZEROS, False, width=10),
            long_text("定義・注記", "definition"),
            words("目標の根拠", "target_source", 300, width=30),
            words("所管課", "section", 100),
            Column(
                "関連する施策",
                "measures",
                Codes(),
                (),
                "施策コードを「、」で区切る（例: 1-1、1-2）",
                16,
            ),
            long_text("備考", "note"),
            Column("開始年度", "start_year", FiscalYear(), None, "計画の途中から測る指標だけ"),
            Column("終了年度", "end_year", FiscalYear(), None, "測るのをやめた最後の年度"),
            words("旧指標名", "former_name", 200, width=30),
            Column("改称年度", "renamed_year", FiscalYear(), None, "今の指標名になった年度"),
            Column("後継の指標", "successor", Code(), "", "代わりの指標の指標コード", 12),
            long_text("見直しの理由", "review_reason", "開始・終了・改称・置換えの理由"),
        ),
        required=True,
        about=(
            "KPI（成果指標）と、その達成率の計算のしかた。指標1つに1行で、書いた順に表に並びます。"
        ),
    ),
    Sheet(
        "目標",
        "targets",
        rows.TargetRow,
        ("indicator", "fiscal_year"),
        (
            Column("指標コード", "indicator", Code(), width=12),
            Column("年度", "fiscal_year", FiscalYear()),
            Column("目標値", "value", Measured(), None),
            Column(
                "状態",
                "status",
                choice(TargetStatus),
                None,
                "空欄は、目標値があれば設定、なければ未設定",
                10,
            ),
            words("根拠", "source", 300, "連動のときは、目標を定める計画の名前", 40),
            long_text("備考", "note"),
            Column("決定日", "decided_on", Day(), None, "目標が決まった日"),
            words("目標の言葉", "words", 50, "達成有無の指標で、何をしたら達成か（例: 設置）", 14),
        ),
        about=(
            "指標の年度ごとの目標。指標1つの1年度に1行です。"
            "ほかの計画で後から定まる目標は、目標値を空欄にして「連動」とし、"
            "根拠にその計画の名前を書きます。"
        ),
    ),
    Sheet(
        "実績",
        "actuals",
        rows.ActualRow,
        ("indicator", "fiscal_year", "term"),
        (
            Column("指標コード", "indicator", Code(), width=12),
            Column("年度", "fiscal_year", FiscalYear()),
            Column("期間", "term", _TERM, width=10),
            Column("実績値", "value", Measured(), None),
            Column("理由", "reason", choice(ActualReason), None, "実績値がないときの理由", 20),
            Column("速報", "provisional", Mark(), False, width=8),
            words("公表達成率", "printed_rate", 20, "公表済みの資料に印刷された達成率", 12),
            long_text("要因", "cause"),
            long_text("今後の対応", "next_step"),
            long_text("備考", "note"),
            long_text("確認した内容", "confirmation", "公表されません"),
            words("判定の変更", "override", 20, "計算に代えて示す判定の名前", 14),
            long_text("変更の理由", "override_reason"),
            Column("年度末見込", "forecast", Measured(), None, "上半期に見込む年度末の値"),
            Column(
                "調査年度", "carried_from", FiscalYear(), None, "前の調査の値を載せるとき、その年度"
            ),
            words("対応の担当", "next_step_owner", 100, "今後の対応を、誰が行うか"),
            Column("対応の期限", "next_step_due", Due(), None, "いつまでに行うか"),
            Column(
                "前回の対応の結果",
                "follow_up",
                choice(FollowUp),
                None,
                "前回の期間に書いた「今後の対応」を行ったか",
                16,
            ),
            long_text("前回の対応の説明", "follow_up_note"),
        ),
        about=(
            "指標の期間ごとの実績。指標1つの1期間に1行です。上半期は4月から9月まで、"
            "年度は4月から3月までの値（累計・その日の値・割合）です。"
            "達成有無の指標には「達成」か「未達成」を書きます。"
        ),
    ),
)
_REVISION_SHEETS = (
    Sheet(
        "目標改定",
        "target_revisions",
        rows.TargetRevisionRow,
        ("indicator", "fiscal_year", "revised_on"),
        (
            Column("指標コード", "indicator", Code(), width=12),
            Column("年度", "fiscal_year", FiscalYear()),
            Column("改定日", "revised_on", Day()),
            Column("改定前の目標値", "value", Measured(), None, width=16),
            Column(
                "改定前の状態",
                "status",
                choice(TargetStatus),
                None,
                "空欄は、値があれば設定、なければ未設定",
                14,
            ),
            words("改定前の根拠", "source", 300, width=40),
            Column("改定の理由", "reason", Text(one_line=False), width=40),
        ),
        about="目標を見直したときの、見直す前の目標。今の目標は「目標」に書きます。",
    ),
)

# The contract's sheets in its order, then those beyond it.
SHEETS = (
    *_PLAN_SHEETS,
    *KGI_SHEETS,
    *ACTION_SHEETS,
    *_REVISION_SHEETS,
    *KGI_MORE_SHEETS,
)
