"""What two read models say differently of one indicator."""

from collections.abc import Iterator

from kpis.differences import words
from kpis.differences.groups import group_rows, lone_row
from kpis.differences.pairs import pairs
from kpis.differences.rows import Difference, State, record_rows
from kpis.progress import IndicatorProgress, Result, YearProgress


def _indicator_name(one: IndicatorProgress) -> str:
    return f"{one.code} {one.name}"


def lone_indicator(one: IndicatorProgress) -> tuple[str, str, str]:
    """Return the row of an indicator that came or went."""
    return _indicator_name(one), "指標", f"{one.name}（{one.unit}）"


def indicator_rows(
    old: IndicatorProgress, new: IndicatorProgress, explained: bool
) -> Iterator[Difference]:
    """Yield the rows of one indicator: what it is, its rule, then year by year.

    Where the plan's bands, the rule, the baseline or the year's target changed, their own rows have
    ``explained`` new reckonings that lead to the same printed figures.
    """
    place = _indicator_name(new)
    yield from record_rows(place, "", [(old, new), (old.rule, new.rule)])
    explained |= (old.rule, old.baseline_value) != (new.rule, new.baseline_value)
    for pair in pairs(old.years, new.years, lambda year: year.fiscal_year):
        yield from _year(place, *pair, explained)


def _year(
    place: str, old: YearProgress | None, new: YearProgress | None, explained: bool
) -> Iterator[Difference]:
    if old is not None and new is not None:
        label = new.label
        targets = record_rows(place, f"{label} ", [(old.target, new.target)])
    else:
        targets = list(lone_row(old, new, lambda one: _lone_target(place, one)))
    yield from targets
    yield from group_rows(
        () if old is None else old.results,
        () if new is None else new.results,
        lambda result: result.period,
        lambda result: (place, result.period.label, words.result(result)),
        lambda one, other: _result(place, one, other, explained or bool(targets)),
    )


def _lone_target(place: str, one: YearProgress) -> tuple[str, str, str]:
    return place, f"{one.label} 目標", words.target(one.target)


def _result(place: str, old: Result, new: Result, explained: bool) -> list[Difference]:
    states: list[State] = [
        (old.actual, new.actual),
        (old.attainment, new.attainment),
        (old.judgement, new.judgement),
        (old.attainment.trace, new.attainment.trace),
        (old.judgement.computed, new.judgement.computed),
    ]
    if old.judgement.override is not None and new.judgement.override is not None:
        states.append((old.judgement.override, new.judgement.override))
    return record_rows(place, f"{new.period.label} ", states, explained)
