"""What became of an indicator and of its targets, in words that pages and papers share. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from actions.fiscal import date_label, fiscal_year_label, short_label
from kpis.progress import IndicatorProgress, PlanProgress, Target, TargetRevision, YearProgress
from kpis.vocabulary import TargetStatus

ENDED = "（終了）"


@dataclass(frozen=True, slots=True)
class Revised:
    """One revision of a year's target: what it was before, and the target that took its place."""

    year: YearProgress
    before: TargetRevision
    after: Target | TargetRevision

    @property
    def _values(self) -> str:
        before, after = target_words(self.before), target_words(self.after)
        return f"{self.year.short_label}年度の目標: 改定前 {before} → 改定後 {after}"

    @property
    def _day(self) -> str:
        return f"{date_label(self.before.revised_on)}改定"

    @property
    def brief(self) -> str:
        """Return year, both values and the day in a line."""
        return f"{self._values}（{self._day}）"

    @property
    def words(self) -> str:
        """Return year, both values, day and reason in a line."""
        return f"{self._values}（{self._day}、理由: {self.before.reason}）"


def revisions(indicator: IndicatorProgress) -> Iterator[Revised]:
    """Yield every revision of the indicator's targets, year by year in the order of time."""
    for year in indicator.years:
        befores = year.target.revisions
        for place, before in enumerate(befores, start=1):
            yield Revised(year, before, befores[place] if place < len(befores) else year.target)


def target_words(one: Target | TargetRevision) -> str:
    """Return a target as printed, a linked one with the plan that will set it, or 未設定."""
    return one.display or one.status.label


def revised_words(target: Target) -> str:
    """Return 改定、改定前 150, with what stood last before; blank for a target never revised."""
    if not target.is_revised:
        return ""
    last = target.revisions[-1]
    before = last.display if last.status is TargetStatus.SET else last.status.label
    return f"改定、改定前 {before}"


def is_outside(indicator: IndicatorProgress, year: YearProgress) -> bool:
    """Return whether the year lies outside the indicator's life and nothing is recorded in it."""
    return not year.results and not indicator.is_measured_in(year.fiscal_year)


def has_ended(indicator: IndicatorProgress, fiscal_year: int) -> bool:
    """Return whether the indicator ended before the year."""
    return indicator.end_year is not None and indicator.end_year < fiscal_year


def span_words(start_year: int | None, end_year: int | None) -> str:
    """Return 令和7年度から測定、令和9年度で終了, or the one of them; blank for a whole plan."""
    started = "" if start_year is None else f"{fiscal_year_label(start_year)}から測定"
    ended = "" if end_year is None else f"{fiscal_year_label(end_year)}で終了"
    return "、".join(one for one in (started, ended) if one)


def former_words(indicator: IndicatorProgress) -> str:
    """Return 旧称: 〇〇, with the year of the new name; blank for a name never changed."""
    if not indicator.former_name:
        return ""
    year = indicator.renamed_year
    when = "" if year is None else f"、{fiscal_year_label(year)}に改称"
    return f"旧称: {indicator.former_name}{when}"


def name_of(progress: PlanProgress, code: str) -> str:
    """Return code and name of an indicator, the code alone where it is not in the plan."""
    found = progress.indicator(code)
    return code if found is None else f"{code} {found.name}"


def predecessors(progress: PlanProgress, code: str) -> list[IndicatorProgress]:
    """Return the indicators whose place this one took, in the paper's order."""
    return [one for one in progress.indicators if one.successor == code]


def span_with_successor(progress: PlanProgress, indicator: IndicatorProgress) -> str:
    """Return start, end and what took the indicator's place; blank for a whole plan."""
    span = span_words(indicator.start_year, indicator.end_year)
    after = indicator.successor
    return f"{span}（後継: {name_of(progress, after)}）" if after else span


def life_words(progress: PlanProgress, indicator: IndicatorProgress) -> str:
    """Return the same with the indicators whose place it took."""
    found = span_with_successor(progress, indicator)
    before = "、".join(f"{one.code} {one.name}" for one in predecessors(progress, indicator.code))
    return f"{found}（前身: {before}）" if before else found


def changes(progress: PlanProgress, indicator: IndicatorProgress) -> Iterator[str]:
    """Yield what became of the indicator, a line each: its life, and its former name."""
    yield from filter(None, (life_words(progress, indicator), former_words(indicator)))


def with_reason(words: str, indicator: IndicatorProgress) -> str:
    """Return the words with the reason that is recorded for the indicator's change."""
    return f"{words}（理由: {indicator.review_reason}）" if indicator.review_reason else words


def years_words(years: Sequence[int]) -> str:
    """Return years beside each other together: R8～R10年度、R12年度."""
    runs = groupby(enumerate(years), key=lambda one: one[1] - one[0])
    return "、".join(_run([year for _, year in run]) for _, run in runs)


def _run(years: Sequence[int]) -> str:
    last = f"～{short_label(years[-1])}" if len(years) > 1 else ""
    return f"{short_label(years[0])}{last}年度"


@dataclass(frozen=True, slots=True)
class OpenTarget:
    """Years of an indicator that have no target yet; ``source`` is the plan that will set it."""

    indicator: IndicatorProgress
    years: tuple[int, ...]
    status: TargetStatus
    source: str


def open_targets(progress: PlanProgress) -> Iterator[OpenTarget]:
    """Yield what has no target yet, for each indicator what waits for the same plan together.

    Years before the plan and outside an indicator's life never get one.
    """
    for indicator in progress.indicators:
        found: dict[tuple[TargetStatus, str], list[int]] = {}
        for year in indicator.years:
            status, source = year.target.status, year.target.source
            due = year.fiscal_year >= progress.plan.start_year
            if (
                due
                and status is not TargetStatus.SET
                and indicator.is_measured_in(year.fiscal_year)
            ):
                named = source if status is TargetStatus.LINKED else ""
                found.setdefault((status, named), []).append(year.fiscal_year)
        for (status, source), years in found.items():
            yield OpenTarget(indicator, tuple(years), status, source)
