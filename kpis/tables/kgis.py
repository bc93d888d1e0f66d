"""Tables about KGIs: a calendar year a row, and what revisions of the statistic changed."""

from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString

from actions.fiscal import calendar_year_label, date_label
from kpis.kgiwords import (
    REFERENCE,
    REVISED,
    comparison_names,
    expected_words,
    gives_values,
    is_growth_revised,
    is_value_revised,
    revised_figures,
    year_faults,
)
from kpis.numerals import DASH, format_exact, format_number, round_decimal
from kpis.progress import KgiProgress, KgiYear
from kpis.tables.base import Table, number_column, text_column, word_column


def kgi_table(kgi: KgiProgress) -> Table:
    """Return the KGI's values, growth since the base year, and the lead over the comparator.

    A comparator that is given as values, and further ones, have columns of their own.
    """
    base = calendar_year_label(kgi.base_year)
    caption = f"{kgi.name}（単位: {kgi.unit}、伸び率と指数の起点は{base}）"
    rows = [_row(kgi, year) for year in kgi.years]
    table = _table(kgi.code, rows, caption, _columns(kgi))
    table.look = "kgi-years"
    return table


def _table(
    key: str, rows: list[dict[str, Any]], caption: str, columns: list[tuple[str, tables.Column]]
) -> Table:
    table = Table(key, rows, caption, extra_columns=columns)
    table.heading = "year"
    return table


def _columns(kgi: KgiProgress) -> list[tuple[str, tables.Column]]:
    own = [("comparator_value", number_column("比較対象の値"))] if gives_values(kgi) else []
    return [
        ("year", word_column("年")),
        ("value", number_column("値")),
        ("growth", number_column("伸び率")),
        *own,
        ("comparator", number_column("比較対象の伸び率")),
        ("difference", number_column("差")),
        ("index", number_column("指数")),
        ("comparator_index", number_column("比較対象の指数")),
        *(
            (f"c{place}", number_column(f"{name}の伸び率{REFERENCE}"))
            for place, name in enumerate(comparison_names(kgi))
        ),
        ("note", text_column("備考")),
    ]


def _row(kgi: KgiProgress, year: KgiYear) -> dict[str, Any]:
    note = "起点" if year.year == kgi.base_year and not year.note else year.note
    theirs = _or_dash(year.comparator_growth, "%")
    others = {one.name: one for one in year.comparisons}
    return {
        "year": calendar_year_label(year.year),
        "value": value_cell(year),
        "growth": _or_dash(year.growth, "%"),
        "comparator_value": _exact(year.comparator_value),
        "comparator": _marked(theirs) if is_growth_revised(year) else theirs,
        "difference": points(year.difference),
        "index": _or_dash(year.index),
        "comparator_index": _or_dash(year.comparator_index),
        "note": "\n".join([*([note] if note else []), *year_faults(kgi, year)]),
    } | {
        f"c{place}": _with_value(others[name].growth, others[name].value) if name in others else ""
        for place, name in enumerate(comparison_names(kgi))
    }


def value_cell(year: KgiYear) -> str | SafeString:
    """Return the value, marked where it was revised; 未公表 with the expected day; or blank."""
    if year.value is None and year.expected:
        return format_html(
            '<span class="missing">未公表</span><span class="remark">{}</span>',
            expected_words(year.expected),
        )
    return _marked(year.display) if is_value_revised(year) else year.display


def _marked(text: str) -> SafeString:
    return format_html('{}<span class="revised">{}</span>', text, REVISED)


def _with_value(growth: Decimal | None, value: Decimal | None) -> str | SafeString:
    shown = _or_dash(growth, "%")
    if value is None:
        return shown
    return format_html('{}<span class="remark">値 {}</span>', shown, format_exact(value))


def _exact(value: Decimal | None) -> str:
    return "" if value is None else format_exact(value)


def _or_dash(value: Decimal | None, unit: str = "") -> str:
    return DASH if value is None else format_number(value, 1) + unit


def points(value: Decimal | None) -> str:
    """Return a difference with its sign in points: +3.3ポイント; 「—」 for none."""
    if value is None:
        return DASH
    sign = "+" if round_decimal(value, 1) > 0 else ""
    return f"{sign}{format_number(value, 1)}ポイント"


def kgi_revisions_table(kgi: KgiProgress) -> Table | None:
    """Return what revisions of the statistic changed, a figure a row; None where there are none."""
    found = revised_figures(kgi)
    rows = [
        {
            "year": calendar_year_label(one.year),
            "revised_on": date_label(one.revised_on),
            "item": one.item(kgi),
            "before": one.before,
            "after": one.after,
            "reason": one.reason,
        }
        for one in found
    ]
    items = [] if all(one.is_value for one in found) else [("item", text_column("項目"))]
    columns = [
        ("year", word_column("年")),
        ("revised_on", word_column("改定日")),
        *items,
        ("before", number_column("改定前")),
        ("after", number_column("改定後")),
        ("reason", text_column("理由")),
    ]
    caption = f"{kgi.name}の値の改定（単位: {kgi.unit}）"
    return _table(f"{kgi.code}-revisions", rows, caption, columns) if rows else None
