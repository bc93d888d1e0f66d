"""Tables of what has changed in a plan, and of what is still to be set: revisions, open targets."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from actions.fiscal import date_label
from kpis.links import Links
from kpis.lives import OpenTarget, Revised, open_targets, revisions, target_words, years_words
from kpis.numerals import DASH
from kpis.progress import IndicatorProgress, PlanProgress
from kpis.tables.base import Table, indicator_link, number_column, text_column, word_column


@dataclass(frozen=True, slots=True)
class _RevisionRow:
    year: str
    day: str
    before: str
    after: str
    reason: str


class RevisionTable(Table):
    """The revisions of one KPI's targets."""

    heading = "year"
    year = word_column("年度")
    day = word_column("改定日")
    before = number_column("改定前")
    after = number_column("改定後")
    reason = text_column("理由")


def revisions_table(indicator: IndicatorProgress) -> RevisionTable | None:
    """Return every revision of the indicator's targets, None without any."""
    rows = [_revision_row(one) for one in revisions(indicator)]
    caption = f"{indicator.name}の目標の改定（単位: {indicator.unit}）"
    return RevisionTable(f"kpi-{indicator.code}-revisions", rows, caption) if rows else None


def _revision_row(one: Revised) -> _RevisionRow:
    return _RevisionRow(
        year=one.year.label,
        day=date_label(one.before.revised_on),
        before=target_words(one.before),
        after=target_words(one.after),
        reason=one.before.reason,
    )


@dataclass(frozen=True, slots=True)
class _OpenRow:
    name: SafeString
    years: str
    status: str
    source: str


class OpenTargetTable(Table):
    """Targets that are not set yet."""

    heading = "name"
    name = text_column("指標")
    years = word_column("年度")
    status = word_column("目標の状態")
    source = text_column("待っている計画")


def open_targets_table(progress: PlanProgress, links: Links) -> OpenTargetTable | None:
    """Return which years of which indicators wait for which plan, None where all are set."""
    rows = [_open_row(one, links) for one in open_targets(progress)]
    return (
        OpenTargetTable("open-targets", rows, "目標がまだ定まっていない指標と年度")
        if rows
        else None
    )


def _open_row(one: OpenTarget, links: Links) -> _OpenRow:
    return _OpenRow(
        name=indicator_link(one.indicator, links),
        years=years_words(one.years),
        status=one.status.label,
        source=one.source or DASH,
    )
