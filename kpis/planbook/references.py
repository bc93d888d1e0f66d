"""Codes and numbers by which one sheet of the plan book names the rows of another. Pure."""

from collections.abc import Iterator
from typing import Any

from kpis.planbook.rowrules import Scene

# Per sheet: the field that names another row, and whose codes it may hold.
_NAMED = {
    "indicators": (
        ("strategy", "strategies"),
        ("measures", "measure_codes"),
        ("successor", "indicators"),
    ),
    "bands": (("indicator", "indicators"),),
    "targets": (("indicator", "indicators"),),
    "target_revisions": (("indicator", "indicators"),),
    "actuals": (("indicator", "indicators"),),
    "kgi_values": (("kgi", "kgis"),),
    "kgi_comparisons": (("kgi", "kgis"),),
    "kgi_revisions": (("kgi", "kgis"),),
    "actions": (("measure", "measure_codes"), ("indicators", "indicators")),
    "action_years": (("action", "actions"),),
}
_WORDS = {
    "strategies": "戦略番号「{}」は「体系」にありません。",
    "measure_codes": "施策「{}」は「体系」にありません。",
    "indicators": "指標コード「{}」は「指標」にありません。",
    "kgis": "KGIコード「{}」は「KGI」にありません。",
    "actions": "アクションコード「{}」は「アクション」にありません。",
}


def reference_faults(field: str, row: Any, scene: Scene) -> Iterator[tuple[str, str]]:
    """Yield the column and the reason for each code that names no row of its sheet.

    A blank one names nothing, where its column may be empty.
    """
    for column, kind in _NAMED.get(field, ()):
        value = getattr(row, column)
        known = scene.known[kind]
        for one in value if isinstance(value, tuple) else (value,):
            if one != "" and one not in known:
                yield column, _WORDS[kind].format(one)
