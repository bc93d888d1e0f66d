"""The columns of the open data, each declared once; they are the data dictionary as well."""

from dataclasses import dataclass

_NEVER = "空欄にならない"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: Japanese heading, key in JSON, what it means, and what a blank means in it."""

    heading: str
    key: str
    kind: str
    meaning: str
    blank: str = _NEVER
    unit: str = ""
    width: int = 12  # in the workbook, in characters

    @property
    def coded(self) -> bool:
        """Return whether the column's values stand in the code list."""
        return self.kind in ("コード", "真偽")


COLUMNS = (
    Column("計画ID", "plan", "文字列", "計画を表す半角英数字", width=20),
    Column("指標コード", "code", "文字列", "戦略番号と表の中の順番（例: 1-1）"),
    Column("基本戦略番号", "strategy_number", "整数", "基本戦略の番号"),
    Column("基本戦略", "strategy", "文字列", "基本戦略の名称", width=22),
    Column("指標名", "indicator", "文字列", "成果指標（KPI）の今の名称", width=58),
    Column("単位", "unit", "文字列", "目標値と実績値の単位"),
    Column(
        "年度",
        "fiscal_year",
        "整数",
        "年度が始まる年の西暦（令和7年度は2025）",
        unit="年（西暦）",
    ),
    Column("年度表記", "fiscal_year_label", "文字列", "元号による年度"),
    Column("期間", "term", "コード", "実績が対象とする期間"),
    Column(
        "目標値",
        "target",
        "数値",
        "その年度の目標（改定した目標は改定後の値。改定前の値は revisions.csv）。達成有無の指標は、1が達成",
        "目標値がない（理由は「目標の状態」）",
        "「単位」の列による",
    ),
    Column("目標の状態", "target_status", "コード", "目標値の有無とその理由"),
    Column(
        "実績値",
        "actual",
        "数値",
        "その期間の実績（累計、時点の値、割合のいずれかは指標による）。達成有無の指標は、1が達成、0が未達成。"
        "前の調査の値を載せたものと年度末の見込みは、notes.csv に示す（見込みは実績値に含まない）",
        "実績値がない（理由は「実績の状態」）",
        "「単位」の列による",
    ),
    Column(
        "実績の状態",
        "actual_status",
        "コード",
        "実績値の確からしさ、または実績値がない理由（指標を測定しない年度は changes.csv で分かる）",
    ),
    Column("達成率", "rate", "数値", "小数第6位までの達成率", "達成率を算定していない", "%"),
    Column(
        "達成率表示",
        "rate_display",
        "文字列",
        "公表した達成率の表示（例: 58.6%）。「—」は算定なし",
        "実績が未入力、または期間未到来",
    ),
    Column("算式", "formula", "コード", "達成率の計算のしかた"),
    Column(
        "達成",
        "met",
        "真偽",
        "目標に達したかどうか（率ではなく目標値と実績値の比較による）",
        "判定する時期でない、または判定できない",
    ),
    Column(
        "参考判定",
        "judgement",
        "コード",
        "計画の判定基準による参考判定（市の公表資料にはない）",
        "期間未到来",
        width=15,
    ),
    Column("公表版", "version", "整数", "このデータを作成した公表の版", "公表前のデータ"),
    Column("基準日", "as_of", "日付", "実績の基準日（YYYY-MM-DD）", "期間未到来"),
)
