"""The strategies' years as a heat table: a picture and its numbers in one, made on the server."""

from collections.abc import Iterable
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString

from actions.fiscal import Period, short_label
from kpis.links import Links
from kpis.progress import IndicatorProgress, PlanProgress
from kpis.tables.base import Table, text_column, word_column
from kpis.yearly import Share, period_heading, periods, share, years_to_come


def attainment_table(progress: PlanProgress, links: Links) -> Table:
    """Return for each strategy and period how many of the judged indicators had a good judgement.

    Years that no period has reached are blank. The last row is the whole plan.
    """
    found = periods(progress)
    columns: list[tuple[str, tables.Column]] = [("name", text_column("基本戦略"))]
    columns += [(one.code, word_column(period_heading(one))) for one in found]
    columns += [
        (f"y{one}", word_column(f"{short_label(one)}年度")) for one in years_to_come(progress)
    ]
    rows = [
        _row(
            format_html('<a href="{}">{} {}</a>', links.strategy(one.number), one.number, one.name),
            one.indicators,
            found,
        )
        for one in progress.strategies
    ]
    rows.append(_row("計画全体", tuple(progress.indicators), found))
    caption = "基本戦略・年度別の状況（良い判定の指標の数／判定した指標の数）"
    table = Table("attainment-years", rows, caption, extra_columns=columns)
    table.heading = "name"
    table.look = "heat-years"
    return table


def _row(
    name: str | SafeString, indicators: Iterable[IndicatorProgress], found: Iterable[Period]
) -> dict[str, Any]:
    some = tuple(indicators)
    return {"name": name} | {one.code: _cell(share(some, one)) for one in found}


def _cell(found: Share) -> SafeString:
    """Return the counts on a ground that is the darker the more of them are good."""
    if found.step is None:
        return format_html('<span class="heat heat-none">{}</span>', "判定なし")
    return format_html(
        '<span class="heat heat-{}">{}／{}</span>', found.step, found.good, found.judged
    )
