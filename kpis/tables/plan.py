"""The table about the plan as a whole: its counts."""

import django_tables2 as tables

from kpis.progress import PlanProgress
from kpis.summary import classes, counts
from kpis.tables.base import NUMBER, Table, number_column, text_column


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
