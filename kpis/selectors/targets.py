"""Targets of a plan: those that are still open, and where an earlier one was published."""

from collections.abc import Iterator

from actions.fiscal import Period
from actions.models import Plan
from kpis import progress
from kpis.models import Indicator, Publication, Target
from kpis.selectors.entry import section_of
from kpis.selectors.published import verified_progress
from kpis.targets import Content, OpenTarget
from kpis.vocabulary import Kind, TargetStatus


def content_of(row: Target) -> Content:
    """Return what the record says."""
    status = TargetStatus(row.status)
    return Content(status, row.value, row.source, row.decided_on, row.words)


def open_targets(plan: Plan) -> tuple[OpenTarget, ...]:
    """Return every year without a target of every indicator measured in it, year by year.

    Takes two queries whatever the number of rows.
    """
    indicators = list(Indicator.objects.filter(plan=plan).select_related("plan", "strategy"))
    rows = Target.objects.filter(indicator__plan=plan)
    targets = {(one.indicator_id, one.fiscal_year): one for one in rows}
    found = [one for indicator in indicators for one in _open_years(indicator, targets)]
    return tuple(sorted(found, key=lambda one: one.fiscal_year))  # stable: the paper's order


def _open_years(
    indicator: Indicator, targets: dict[tuple[int, int], Target]
) -> Iterator[OpenTarget]:
    plan = indicator.plan
    for year in range(plan.start_year, plan.end_year + 1):
        row = targets.get((indicator.pk, year))
        is_set = row is not None and row.status == TargetStatus.SET.value
        if not is_set and indicator.is_measured_in(year):
            yield _open(indicator, year, row, targets.get((indicator.pk, year - 1)))


def _open(indicator: Indicator, year: int, row: Target | None, before: Target | None) -> OpenTarget:
    kind = Kind(indicator.kind)
    return OpenTarget(
        indicator=indicator.pk,
        code=indicator.code,
        name=indicator.name,
        unit=indicator.unit,
        kind=kind,
        decimals=indicator.decimals,
        section=section_of(indicator),
        fiscal_year=year,
        target=None if row is None else row.pk,
        status=None if row is None else TargetStatus(row.status),
        source="" if row is None else row.source,
        note="" if row is None else row.note,
        previous="" if before is None else _previous(content_of(before), indicator),
    )


def _previous(stands: Content, indicator: Indicator) -> str:
    if stands.status is not TargetStatus.SET:
        return stands.status.label
    return stands.shown(Kind(indicator.kind), indicator.unit)


def periods_showing(target: Target) -> tuple[Period, ...]:
    """Return the published periods whose newest version shows the target as it stands now.

    Takes at most two queries. Raises PayloadError where a publication cannot be read.
    """
    plan, stands = target.indicator.plan, content_of(target)
    newest: dict[Period, Publication] = {}
    for row in Publication.objects.newest_first().filter(period__plan=plan):
        newest.setdefault(row.period.period, row)
    shown: list[Period] = []
    for one in verified_progress(list(newest.values())):
        told = _published(one, target)
        if told is not None and (told.status, told.value) == (stands.status, stands.value):
            shown.append(one.period)
    return tuple(sorted(shown))


def _published(plan: progress.PlanProgress, target: Target) -> progress.Target | None:
    indicator = plan.indicator(target.indicator.code)
    year = None if indicator is None else indicator.year(target.fiscal_year)
    return None if year is None else year.target
