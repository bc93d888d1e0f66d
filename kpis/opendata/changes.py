"""What has changed in the plan itself: its targets' revisions, and what became of indicators.

The data's own rows tell the targets and indicators that hold; these files tell what was before.
"""

from collections.abc import Iterator

from kpis.lives import revisions
from kpis.opendata.columns import COLUMNS, Column
from kpis.opendata.rows import Value
from kpis.progress import PlanProgress

REVISIONS, CHANGES = "revisions.csv", "changes.csv"
_SHARED = {column.key: column for column in COLUMNS}
_SAME_CODES = "（コードは「目標の状態」と同じ）"

REVISION_COLUMNS = (
    *(_SHARED[key] for key in ("plan", "code", "indicator", "unit")),
    *(_SHARED[key] for key in ("fiscal_year", "fiscal_year_label")),
    Column("改定日", "revised_on", "日付", "目標を改定した日（YYYY-MM-DD）"),
    Column(
        "改定前の目標値",
        "target_before",
        "数値",
        "その改定の前の目標",
        "目標値がなかった",
        "「単位」の列による",
    ),
    Column(
        "改定前の目標の状態",
        "target_status_before",
        "コード",
        f"改定前の目標値の有無とその理由{_SAME_CODES}",
    ),
    Column("改定前の根拠", "source_before", "文字列", "改定前の目標を定めた計画など", "記録なし"),
    Column(
        "改定後の目標値",
        "target_after",
        "数値",
        "その改定の後の目標",
        "目標値がない",
        "「単位」の列による",
    ),
    Column(
        "改定後の目標の状態",
        "target_status_after",
        "コード",
        f"改定後の目標値の有無とその理由{_SAME_CODES}",
    ),
    Column("改定後の根拠", "source_after", "文字列", "改定後の目標を定めた計画など", "記録なし"),
    Column("改定の理由", "reason", "文字列", "目標を改定した理由"),
    _SHARED["version"],
)
CHANGE_COLUMNS = (
    *(_SHARED[key] for key in ("plan", "code", "indicator")),
    Column(
        "開始年度",
        "start_year",
        "整数",
        "測定を始めた年度（始まる年の西暦）",
        "計画の始めから測定",
        "年（西暦）",
    ),
    Column(
        "終了年度",
        "end_year",
        "整数",
        "測定した最後の年度（始まる年の西暦）",
        "計画の終わりまで測定",
        "年（西暦）",
    ),
    Column("旧指標名", "former_name", "文字列", "改称する前の名称", "改称なし"),
    Column(
        "改称年度",
        "renamed_year",
        "整数",
        "今の名称になった年度（始まる年の西暦）",
        "改称なし",
        "年（西暦）",
    ),
    Column("後継の指標コード", "successor", "文字列", "終了した指標に代わる指標", "後継なし"),
    Column("見直しの理由", "reason", "文字列", "開始・終了・改称・置換えの理由", "記録なし"),
    _SHARED["version"],
)
OTHERS = {REVISIONS: REVISION_COLUMNS, CHANGES: CHANGE_COLUMNS}


def revision_rows(progress: PlanProgress) -> Iterator[tuple[Value, ...]]:
    """Yield a row for every revision of a target, in the columns' order."""
    version = None if progress.edition is None else progress.edition.version
    for one in progress.indicators:
        for revised in revisions(one):
            before, after = revised.before, revised.after
            yield (
                *(progress.plan.slug, one.code, one.name, one.unit),
                *(revised.year.fiscal_year, revised.year.label),
                before.revised_on.isoformat(),
                *(before.value, before.status.value, before.source),
                *(after.value, after.status.value, after.source),
                before.reason,
                version,
            )


def change_rows(progress: PlanProgress) -> Iterator[tuple[Value, ...]]:
    """Yield a row for every indicator that started, ended, was renamed or replaced mid-plan."""
    version = None if progress.edition is None else progress.edition.version
    for one in progress.indicators:
        told = (one.start_year, one.end_year, one.former_name, one.renamed_year, one.successor)
        if any(told):
            name = (progress.plan.slug, one.code, one.name)
            yield (*name, *told, one.review_reason, version)
