"""Tables about the plan as a whole: counts and publicity."""

from dataclasses import dataclass

import django_tables2 as tables

from actions.fiscal import date_label
from kpis.numerals import DASH, format_number
from kpis.progress import PlanProgress
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
