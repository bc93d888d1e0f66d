"""Tables about the plan as a whole: counts, KGIs and publicity."""

from dataclasses import dataclass
from decimal import Decimal

import django_tables2 as tables

from actions.fiscal import calendar_year_label, date_label
from kpis.numerals import DASH, format_number, round_decimal
from kpis.progress import KgiProgress, KgiYear, PlanProgress
from kpis.summary import classes, counts
from kpis.tables.base import NUMBER, Table, number_column, text_column, word_column


def counts_table(progress: PlanProgress) -> Table:
    """Return the number of indicators by strategy and judgement at the shown period."""
    found = classes(progress)
    columns: list[tuple[str, tables.Column]] = [("name", text_column("基本戦略"))]
    for place, one in enumerate(found):
        columns.append((f"c{place}", tables.Column(verbose_name=one.words, attrs=NUMBER)))
    columns.append(("total", number_column("計")))
    rows = []
    for strategy in progress.strategies:
        numbers = [one.number for one in counts(progress, strategy.indicators)]
        rows.append(
            {"name": f"{strategy.number} {strategy.name}", "total": sum(numbers)}
            | {f"c{place}": number for place, number in enumerate(numbers)}
        )
    caption = f"基本戦略別の参考判定の件数（{progress.period.label}）"
    table = Table("counts", rows, caption, extra_columns=columns)
    table.heading = "name"
    return table


@dataclass(frozen=True, slots=True)
class _KgiRow:
    year: str
    value: str
    growth: str
    comparator: str
    difference: str
    index: str
    comparator_index: str
    note: str


class KgiTable(Table):
    """A KGI, a calendar year a row."""

    heading = "year"
    year = word_column("年")
    value = number_column("値")
    growth = number_column("伸び率")
    comparator = number_column("比較対象の伸び率")
    difference = number_column("差")
    index = number_column("指数")
    comparator_index = number_column("比較対象の指数")
    note = text_column("備考")


def kgi_table(kgi: KgiProgress) -> KgiTable:
    """Return the KGI's values, growth since the base year, and the lead over the comparator."""
    rows = [_kgi_row(kgi, year) for year in kgi.years]
    base = calendar_year_label(kgi.base_year)
    caption = f"{kgi.name}（単位: {kgi.unit}、伸び率と指数の起点は{base}）"
    return KgiTable(kgi.code, rows, caption)


def _kgi_row(kgi: KgiProgress, year: KgiYear) -> _KgiRow:
    return _KgiRow(
        year=calendar_year_label(year.year),
        value=year.display,
        growth=_or_dash(year.growth, "%"),
        comparator=_or_dash(year.comparator_growth, "%"),
        difference=points(year.difference),
        index=_or_dash(year.index),
        comparator_index=_or_dash(year.comparator_index),
        note="起点" if year.year == kgi.base_year and not year.note else year.note,
    )


def _or_dash(value: Decimal | None, unit: str = "") -> str:
    return DASH if value is None else format_number(value, 1) + unit


def points(value: Decimal | None) -> str:
    """Return a difference with its sign in points: +3.3ポイント; 「—」 for none."""
    if value is None:
        return DASH
    sign = "+" if round_decimal(value, 1) > 0 else ""
    return f"{sign}{format_number(value, 1)}ポイント"


@dataclass(frozen=True, slots=True)
class _PublicityRow:
    day: str
    kind: str
    content: str
    quantity: str
    note: str


class PublicityTable(Table):
    """The record of publicity."""

    heading = "content"
    day = word_column("日付")
    kind = word_column("種別")
    content = text_column("内容")
    quantity = number_column("数量")
    note = text_column("備考")


def publicity_table(progress: PlanProgress) -> PublicityTable | None:
    """Return the record of publicity, None without any; a record without a day has 「—」 there."""
    rows = [
        _PublicityRow(
            day=DASH if one.day is None else date_label(one.day),
            kind=one.kind,
            content=one.content,
            quantity="" if one.quantity is None else f"{format_number(one.quantity, 0)}{one.unit}",
            note=one.note,
        )
        for one in progress.publicity
    ]
    return PublicityTable("publicity", rows, "計画の普及・周知の取組み") if rows else None
