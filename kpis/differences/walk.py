"""Two read models side by side, from the plan's own words to the last record of publicity."""

from collections.abc import Iterator, Sequence

from actions.fiscal import calendar_year_label
from kpis.differences import words
from kpis.differences.actions import action_rows
from kpis.differences.groups import group_rows, lone_row, order_row
from kpis.differences.indicators import indicator_rows, lone_indicator
from kpis.differences.pairs import pairs
from kpis.differences.rows import Difference, record_rows
from kpis.judgement import Band
from kpis.progress import (
    IndicatorProgress,
    KgiProgress,
    KgiYear,
    MeasureFacts,
    PlanProgress,
    Publicity,
    StrategyProgress,
)


def differences(before: PlanProgress, after: PlanProgress) -> tuple[Difference, ...]:
    """Return all that the newer read model says differently, in the order of the paper.

    Which publication each of them is (``edition``) makes no row. Equal contents give no row.
    """
    return tuple(_plan(before, after))


def _plan(before: PlanProgress, after: PlanProgress) -> Iterator[Difference]:
    yield from record_rows("計画", "", [(before.plan, after.plan), (before, after)])
    yield from _strategies(before, after)
    new_bands = before.bands != after.bands
    yield from group_rows(
        list(before.indicators),
        list(after.indicators),
        _code,
        lone_indicator,
        lambda old, new: indicator_rows(old, new, explained=new_bands),
    )
    yield from group_rows(before.kgis, after.kgis, _code, _lone_kgi, _kgi)
    yield from order_row("KGI", "並び", map(_code, before.kgis), map(_code, after.kgis))
    yield from _bands(before.bands, after.bands)
    yield from _publicity(before.publicity, after.publicity)
    yield from action_rows(before.actions, after.actions)


def _code(one: IndicatorProgress | KgiProgress | MeasureFacts) -> str:
    return one.code


# --- strategies and measures ----------------------------------------------------------------------


def _strategies(before: PlanProgress, after: PlanProgress) -> Iterator[Difference]:
    number = _strategy_name
    yield from group_rows(before.strategies, after.strategies, number, _lone_strategy, _strategy)
    yield from order_row(
        "計画", "基本戦略の並び", map(number, before.strategies), map(number, after.strategies)
    )
    yield from group_rows(
        list(before.measures), list(after.measures), _measure_code, _lone_measure, _measure
    )
    yield from _orders_in_strategies(before, after)


def _strategy_name(one: StrategyProgress) -> str:
    return f"基本戦略{one.number}"


def _lone_strategy(one: StrategyProgress) -> tuple[str, str, str]:
    return _strategy_name(one), "基本戦略", one.name or words.BLANK


def _strategy(old: StrategyProgress, new: StrategyProgress) -> list[Difference]:
    return record_rows(_strategy_name(new), "", [(old, new)])


MeasureInStrategy = tuple[StrategyProgress, MeasureFacts]


def _measure_code(one: MeasureInStrategy) -> str:
    return one[1].code


def _lone_measure(one: MeasureInStrategy) -> tuple[str, str, str]:
    strategy, measure = one
    return _strategy_name(strategy), f"施策{measure.code}", measure.name or words.BLANK


def _measure(old: MeasureInStrategy, new: MeasureInStrategy) -> list[Difference]:
    strategy, measure = new
    return record_rows(_strategy_name(strategy), f"施策{measure.code} ", [(old[1], measure)])


def _orders_in_strategies(before: PlanProgress, after: PlanProgress) -> Iterator[Difference]:
    """Yield a row for each strategy whose measures or indicators stand in another order.

    What came, went or moved to another strategy has its own row and does not count.
    """
    measures = set(map(_measure_code, before.measures)) & set(map(_measure_code, after.measures))
    homes = [
        {(one.code, one.strategy_number) for one in both.indicators} for both in (before, after)
    ]
    indicators = {code for code, _ in homes[0] & homes[1]}
    for old, new in pairs(before.strategies, after.strategies, _strategy_name):
        if old is None or new is None:
            continue
        place = _strategy_name(new)
        lists = (map(_code, old.measures), map(_code, new.measures))
        yield from order_row(place, "施策の並び", *lists, measures)
        lists = (map(_code, old.indicators), map(_code, new.indicators))
        yield from order_row(place, "指標の並び", *lists, indicators)


# --- KGIs, bands, publicity -----------------------------------------------------------------------


def _lone_kgi(one: KgiProgress) -> tuple[str, str, str]:
    return f"KGI {one.name}", "KGI", f"{one.name}（{one.unit}）"


def _kgi(old: KgiProgress, new: KgiProgress) -> Iterator[Difference]:
    place = f"KGI {new.name}"
    yield from record_rows(place, "", [(old, new)])
    yield from group_rows(
        old.years,
        new.years,
        lambda year: year.year,
        lambda year: (place, calendar_year_label(year.year), words.kgi_year(year)),
        lambda one, other: _kgi_year(place, one, other),
    )


def _kgi_year(place: str, old: KgiYear, new: KgiYear) -> list[Difference]:
    return record_rows(place, f"{calendar_year_label(new.year)} ", [(old, new)])


def _bands(before: Sequence[Band], after: Sequence[Band]) -> Iterator[Difference]:
    """Yield the rows of the bands: a band stays itself under its name, or else at its bound."""
    keys = (lambda one: (one.term, one.label), lambda one: (one.term, one.lower))
    rows: list[Difference] = []
    for old, new in pairs(before, after, *keys):
        if old is not None and new is not None:
            rows += record_rows(
                "判定基準", f"{new.term.label} {new.sign}{new.label} ", [(old, new)]
            )
        else:
            rows += lone_row(old, new, _lone_band)
    # The bounds make the order: a row for it would say the same again.
    yield from rows or order_row(
        "判定基準", "並び", map(words.band, before), map(words.band, after)
    )


def _lone_band(one: Band) -> tuple[str, str, str]:
    return "判定基準", f"{one.term.label}の区分", words.band(one)


def _publicity(before: Sequence[Publicity], after: Sequence[Publicity]) -> Iterator[Difference]:
    """Yield the rows of the records of publicity, which have no number to be known by."""
    keys = (lambda one: one, lambda one: one.content, lambda one: (one.day, one.kind))
    place = "普及・周知"
    rows: list[Difference] = []
    for old, new in pairs(before, after, *keys):
        if old is not None and new is not None:
            rows += record_rows(place, f"「{new.content}」の", [(old, new)])
        else:
            rows += lone_row(old, new, lambda one: (place, "記録", words.record(one)))
    # The days make the order, as the bounds do above.
    yield from rows or order_row(place, "並び", map(words.record, before), map(words.record, after))
