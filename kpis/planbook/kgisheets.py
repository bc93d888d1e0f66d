"""The sheets of the KGIs. Pure."""

from kpis.planbook import rows
from kpis.planbook.columns import Column, Sheet, bounded, long_text, words
from kpis.planbook.values import Code, Day, Figure, Text, Whole

_YEAR = Whole(1900, 2099)

KGI_SHEETS = (
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
            words("出所", "source", 300, width=40),
            long_text("備考", "note"),
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
                bounded(5, 4, "%"),
                None,
                "起点年からの伸び率（%）",
                18,
            ),
            long_text("備考", "note"),
            Column("比較対象の値", "comparator_value", Figure(), None, "伸び率の代わりの値", 18),
            words("公表予定", "expected", 100, "まだ値がない年の、統計の公表予定"),
        ),
        about="KGIの年ごとの値。KGI1つの1年に1行です。",
    ),
)
KGI_MORE_SHEETS = (
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
            Column("伸び率", "growth", bounded(5, 4, "%"), None, "起点年からの伸び率（%）", 14),
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
                "改定前の比較対象の伸び率", "comparator_growth", bounded(5, 4, "%"), None, width=26
            ),
            Column("改定の理由", "reason", Text(one_line=False), width=40),
        ),
        about="統計が遡って改定されたときの、改定前の値。今の値は「KGI実績」に書きます。",
    ),
)
