"""Tables of actions: where each stands in the period's year, and its stages year by year."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from actions.fiscal import short_label
from kpis.actionwords import NOW, PRIORITY, Standing, shown_name, standing
from kpis.links import Links
from kpis.progress import ActionProgress, PlanProgress
from kpis.tables.base import WORD, Table, badge, text_column, word_column

_NO_INDICATOR = format_html('<span class="word">{}</span>', "設定なし")


@dataclass(frozen=True, slots=True)
class _ActionRow:
    code: str
    name: SafeString
    actor: str
    priority: str
    section: str
    stage: str
    evaluation: SafeString
    indicators: SafeString


class ActionTable(Table):
    """Actions as they stand in the period's fiscal year, one a row."""

    heading = "name"
    look = "actions"
    code = word_column("コード")
    name = text_column("アクション")
    actor = text_column("主体")
    priority = word_column("重点")
    section = text_column("所管課")
    stage = word_column("段階")
    evaluation = word_column("評価")
    indicators = text_column("KPI")


def action_table(
    progress: PlanProgress, actions: Sequence[ActionProgress], caption: str, links: Links
) -> ActionTable:
    """Return the actions in the given order, each leading to its page and its KPIs."""
    rows = [_action_row(standing(one, progress.period.fiscal_year), links) for one in actions]
    return ActionTable("actions", rows, caption)


def _action_row(one: Standing, links: Links) -> _ActionRow:
    action = one.action
    return _ActionRow(
        code=action.code,
        name=_link(action, shown_name(action), links),
        actor=action.actor.label,
        priority=PRIORITY if action.is_priority else "",
        section=action.section,
        stage="" if one.stage is None else one.stage.label,
        evaluation=badge(one.shown),
        indicators=_indicators(action, links),
    )


def _link(action: ActionProgress, words: str, links: Links) -> SafeString:
    return format_html('<a href="{}">{}</a>', links.action(action.code), words)


def _indicators(action: ActionProgress, links: Links) -> SafeString:
    """Return the linked KPIs' codes, or that there is none."""
    if not action.indicator_codes:
        return _NO_INDICATOR
    found = ((links.indicator(code), code) for code in action.indicator_codes)
    return format_html_join("、", '<a class="word" href="{}">{}</a>', found)


def schedule_table(
    progress: PlanProgress,
    actions: Sequence[ActionProgress],
    caption: str,
    links: Links,
) -> Table:
    """Return the actions' stages in each year of the plan; blank where none is written.

    The period's year is marked; the last column tells in words what is late in it.
    """
    plan, period = progress.plan, progress.period
    years = range(plan.start_year, plan.end_year + 1)
    late = f"{short_label(period.fiscal_year)}の遅れ"
    columns: list[tuple[str, tables.Column]] = [
        ("name", text_column("アクション")),
        ("measure", word_column("施策")),
    ]
    for year in years:
        label = f"{NOW if year == period.fiscal_year else ''}{short_label(year)}"
        columns.append((f"y{year}", tables.Column(verbose_name=label, attrs=WORD, default="")))
    columns.append(("late", word_column(late)))
    rows = [_schedule_row(standing(one, period.fiscal_year), years, links) for one in actions]
    table = Table("schedule", rows, caption, extra_columns=columns)
    table.heading, table.look = "name", "schedule"
    return table


def _schedule_row(one: Standing, years: range, links: Links) -> dict[str, Any]:
    action = one.action
    stages = {
        f"y{year.fiscal_year}": year.stage.label
        for year in action.years
        if year.stage is not None and year.fiscal_year in years
    }
    return {
        "name": _link(action, f"{action.code} {shown_name(action)}", links),
        "measure": action.measure_code,
        "late": format_html('<span class="behind">{}</span>', one.late_words)
        if one.is_late
        else "",
        **stages,
    }
