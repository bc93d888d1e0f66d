"""The sheets of the plan book and their columns, each declared once for reading and writing. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from actions.fiscal import Term
from actions.vocabulary import Actor, Evaluation, Revision, Stage
from kpis.planbook import rows
from kpis.planbook.values import (
    Choice,
    Code,
    Codes,
    Day,
    Figure,
    FiscalYear,
    Mark,
    Slug,
    Text,
    Value,
    Whole,
    choice,
)
from kpis.vocabulary import (
    ActualReason,
    Direction,
    Formula,
    Kind,
    Rounding,
    TargetStatus,
    Tone,
)

REQUIRED = object()  # stands for a default where an empty cell is a fault


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, the row's field, its kind, what an empty cell means, and its help."""

    heading: str
    field: str
    value: Value
    empty: Any = REQUIRED
    about: str = ""
    width: int = 14


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: ``field`` names its rows in the book, ``key`` what no two rows may share.

    ``about`` says what a row is, in the words of those who fill it in.
    """

    title: str
    field: str
    row: type
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    required: bool = False
    about: str = ""


def _text(heading: str, field: str, longest: int, about: str = "", width: int = 20) -> Column:
    return Column(heading, field, Text(longest), "", about, width)


def _long(heading: str, field: str, about: str = "") -> Column:
    return Column(heading, field, Text(one_line=False), "", about, 40)


def _figure(whole: int, decimals: int, unit: str = "") -> Figure:
    """Return a figure of so many digits before the point, to either side of zero."""
    most = Decimal(10) ** whole - Decimal(1).scaleb(-decimals)
    return Figure(decimals, -most, most, unit)


_YEAR = Whole(1900, 2099)
_TERM = choice(Term)
_RATED = Choice({"算定する": True, "算定しない": False})
_ZEROS = Choice({"残す": True, "省く": False})

SHEETS = (
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
            _text("基本理念", "principle", 300, width=40),
            Column("開始年度", "start_year", FiscalYear()),
            Column("終了年度", "end_year", FiscalYear()),
            Column("基準年度", "baseline_year", FiscalYear(), about="表の最初に実績を載せる年度"),
            _text("所管課", "section", 100),
            _text("上位計画", "parent_plan", 200, width=30),
            _text("会議体", "council", 200, "進捗を検討する会議の名前", 30),
            _long("進捗管理", "management"),
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
            _text("英語表記", "tag", 200, width=30),
            Column("施策番号", "number", Whole(1), None, "戦略の中での番号", 10),
            _text("施策名", "name", 200, width=44),
            Column("計画頁", "page", Whole(1), None, "計画本編のページ番号", 10),
            _long("戦略の備考", "strategy_note"),
            _long("施策の備考", "note"),
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
            Column("基準値", "baseline_value", Figure(), None),
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
            _long("定義・注記", "definition"),
            _text("目標の根拠", "target_source", 300, width=30),
            _text("所管課", "section", 100),
            Column(
                "関連する施策",
                "measures",
                Codes(),
                (),
                "施策コードを「、」で区切る（例: 1-1、1-2）",
                16,
            ),
            _long("備考", "note"),
            Column("開始年度", "start_year", FiscalYear(), None, "計画の途中から測る指標だけ"),
            Column("終了年度", "end_year", FiscalYear(), None, "測るのをやめた最後の年度"),
            _text("旧指標名", "former_name", 200, width=30),
            Column("改称年度", "renamed_year", FiscalYear(), None, "今の指標名になった年度"),
            Column("後継の指標", "successor", Code(), "", "代わりの指標の指標コード", 12),
            _long("見直しの理由", "change_reason", "開始・終了・改称・置換えの理由"),
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
            Column("目標値", "value", Figure(), None),
            Column(
                "状態",
                "status",
                choice(TargetStatus),
                None,
                "空欄は、目標値があれば設定、なければ未設定",
                10,
            ),
            _text("根拠", "source", 300, "連動のときは、目標を定める計画の名前", 40),
            _long("備考", "note"),
            Column("決定日", "decided_on", Day(), None, "目標が決まった日"),
            _text("目標の言葉", "words", 50, "達成有無の指標で、何をしたら達成か（例: 設置）", 14),
        ),
        about=(
            "指標の年度ごとの目標。指標1つの1年度に1行です。"
            "ほかの計画で後から定まる目標は、目標値を空欄にして「連動」とし、"
            "根拠にその計画の名前を書きます。"
        ),
    ),
    Sheet(
        "目標改定",
        "target_revisions",
        rows.TargetRevisionRow,
        ("indicator", "fiscal_year", "revised_on"),
        (
            Column("指標コード", "indicator", Code(), width=12),
            Column("年度", "fiscal_year", FiscalYear()),
            Column("改定日", "revised_on", Day()),
            Column("改定前の目標値", "value", Figure(), None, width=16),
            Column(
                "改定前の状態",
                "status",
                choice(TargetStatus),
                None,
                "空欄は、値があれば設定、なければ未設定",
                14,
            ),
            _text("改定前の根拠", "source", 300, width=40),
            Column("改定の理由", "reason", Text(one_line=False), width=40),
        ),
        about="目標を見直したときの、見直す前の目標。今の目標は「目標」に書きます。",
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
            Column("実績値", "value", Figure(), None),
            Column("理由", "reason", choice(ActualReason), None, "実績値がないときの理由", 20),
            Column("速報", "provisional", Mark(), False, width=8),
            _text("公表達成率", "printed_rate", 20, "公表済みの資料に印刷された達成率", 12),
            _long("要因", "cause"),
            _long("今後の対応", "next_step"),
            _long("備考", "note"),
            _long("確認した内容", "confirmation", "公表されません"),
            _text("判定の変更", "override", 20, "計算に代えて示す判定の名前", 14),
            _long("変更の理由", "override_reason"),
            Column("年度末見込", "forecast", Figure(), None, "上半期に見込む年度末の値"),
            Column(
                "調査年度", "carried_from", FiscalYear(), None, "前の調査の値を載せるとき、その年度"
            ),
        ),
        about=(
            "指標の期間ごとの実績。指標1つの1期間に1行です。上半期は4月から9月まで、"
            "年度は4月から3月までの値（累計・その日の値・割合）です。"
        ),
    ),
    Sheet(
        "KGI",
        "kgis",
        rows.KgiRow,
        ("code",),
        (
            Column("KGIコード", "code", Code(), width=12),
            Column("指標名", "name", Text(200), width=40),
            Column("単位", "unit", Text(20), width=10),
            Column("比較対象", "comparator", Text(100), width=20),
            Column("起点年", "base_year", _YEAR, about="西暦の暦年", width=10),
            Column("目標年", "target_year", _YEAR, about="西暦の暦年", width=10),
            Column("目標", "target", Text(300), width=40),
            Column("小数桁", "decimals", Whole(0, 4), 0, width=9),
            _text("出所", "source", 300, width=40),
            _long("備考", "note"),
        ),
        about="KGI（重要目標達成指標）。1つに1行です。",
    ),
    Sheet(
        "KGI実績",
        "kgi_values",
        rows.KgiValueRow,
        ("kgi", "year"),
        (
            Column("KGIコード", "kgi", Code(), width=12),
            Column("年", "year", _YEAR, about="西暦の暦年", width=10),
            Column("値", "value", Figure(), None, width=18),
            Column(
                "比較対象の伸び率",
                "comparator_growth",
                _figure(5, 4, "%"),
                None,
                "起点年からの伸び率（%）",
                18,
            ),
            _long("備考", "note"),
            Column("比較対象の値", "comparator_value", Figure(), None, "伸び率の代わりの値", 18),
            _text("公表予定", "expected", 100, "まだ値がない年の、統計の公表予定"),
        ),
        about="KGIの年ごとの値。KGI1つの1年に1行です。",
    ),
    Sheet(
        "KGI比較",
        "kgi_comparisons",
        rows.KgiComparisonRow,
        ("kgi", "name", "year"),
        (
            Column("KGIコード", "kgi", Code(), width=12),
            Column("参考の比較対象", "name", Text(100), width=20),
            Column("年", "year", _YEAR, about="西暦の暦年", width=10),
            Column("値", "value", Figure(), None, width=18),
            Column("伸び率", "growth", _figure(5, 4, "%"), None, "起点年からの伸び率（%）", 14),
        ),
        about="KGIと並べて参考に示す、ほかの統計。値か伸び率のどちらかを書きます。",
    ),
    Sheet(
        "KGI改定",
        "kgi_revisions",
        rows.KgiRevisionRow,
        ("kgi", "year", "revised_on"),
        (
            Column("KGIコード", "kgi", Code(), width=12),
            Column("年", "year", _YEAR, about="西暦の暦年", width=10),
            Column("改定日", "revised_on", Day()),
            Column("改定前の値", "value", Figure(), None, width=18),
            Column(
                "改定前の比較対象の伸び率", "comparator_growth", _figure(5, 4, "%"), None, width=26
            ),
            Column("改定の理由", "reason", Text(one_line=False), width=40),
        ),
        about="統計が遡って改定されたときの、改定前の値。今の値は「KGI実績」に書きます。",
    ),
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
            _long("内容", "content"),
            Column("重点", "is_priority", Mark(), False, width=8),
            Column("指標コード", "indicators", Codes(), (), "「、」で区切る", 14),
            _long("KPI設定なしの理由", "no_indicator_reason"),
            _text("所管課", "section", 100),
            _long("重点の理由", "priority_reason"),
            _text("連携先", "partners", 300, width=30),
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
            _long("計画", "plan"),
            _long("実施内容", "done"),
            _long("成果・課題", "results"),
            Column("評価", "evaluation", choice(Evaluation), None, width=12),
            Column("見直し", "revision", choice(Revision), None, width=10),
            _long("上半期の実施内容", "done_first_half"),
            _long("見直しの内容", "revision_note"),
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
                _figure(5, 2, "%"),
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
            Column("数量", "quantity", _figure(11, 4), None, width=12),
            _text("単位", "unit", 20, width=10),
            _long("備考", "note"),
        ),
        about="計画を知ってもらうための活動の記録。1件に1行です。",
    ),
)
