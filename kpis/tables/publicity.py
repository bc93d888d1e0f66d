"""The table of 普及・周知 with its running totals."""

from dataclasses import dataclass
from decimal import Decimal

from actions.fiscal import date_label
from kpis.numerals import DASH, format_exact
from kpis.progress import PlanProgress
from kpis.publicity import Counted, running_totals
from kpis.tables.base import Table, number_column, text_column, word_column


@dataclass(frozen=True, slots=True)
class _PublicityRow:
    day: str
    kind: str
    item: str
    content: str
    quantity: str
    total: str
    note: str


class PublicityTable(Table):
    """The record of publicity."""

    heading = "content"
    day = word_column("日付")
    kind = word_column("種別")
    item = word_column("対象")
    content = text_column("内容")
    quantity = number_column("数量")
    total = number_column("累計")
    note = text_column("備考")


def publicity_table(progress: PlanProgress) -> PublicityTable | None:
    """Return the record of publicity, None without any; a record without a day has 「—」 there."""
    rows = [_row(one) for one in running_totals(progress.publicity)]
    return PublicityTable("publicity", rows, "計画の普及・周知の取組み") if rows else None


def _row(counted: Counted) -> _PublicityRow:
    one = counted.record
    return _PublicityRow(
        day=DASH if one.day is None else date_label(one.day),
        kind=one.kind,
        item=one.item,
        content=one.content,
        quantity=_figure(one.quantity, one.unit),
        total=_figure(counted.total, one.unit),
        note=one.note,
    )


def _figure(value: Decimal | None, unit: str) -> str:
    return "" if value is None else f"{format_exact(value)}{unit}"
