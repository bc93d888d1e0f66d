"""Live records as a plan book (計画ブック): what staff take away, change in Excel and bring back."""

from collections.abc import Iterator, Mapping
from typing import Any

from actions.fiscal import Term
from actions.models import Plan
from kpis.planbook import PlanBook
from kpis.planbook.parts import Key
from kpis.planbook.rows import ActualRow, MeasureRow, TargetRow
from kpis.selectors.standing import standing


def plan_book(plan: Plan) -> PlanBook:
    """Return the plan with all that is recorded of it, drafts included, in the paper's order.

    Takes the same number of queries whatever the number of rows.
    """
    found = {name: tuple(rows.values()) for name, rows in standing(plan).rows.items()}
    (told,) = found.pop("plan")
    strategies = found.pop("strategies", ())
    places = {one.code: place for place, one in enumerate(found.get("indicators", ()))}
    own: dict[str, Any] = {
        "measures": tuple(_measures(strategies, found.get("measures", ()))),
        "targets": _sorted(found.get("targets", ()), places),
        "target_revisions": _sorted(found.get("target_revisions", ()), places),
        "actuals": _sorted(found.get("actuals", ()), places),
    }
    return PlanBook(told, **found | own)


def _measures(
    strategies: tuple[MeasureRow, ...], measures: tuple[MeasureRow, ...]
) -> Iterator[MeasureRow]:
    """Yield every measure with its strategy, and a strategy without measures by itself."""
    for strategy in strategies:
        yield from [one for one in measures if one.strategy == strategy.strategy] or [strategy]


def _sorted(rows: tuple[Any, ...], places: Mapping[str, int]) -> tuple[Any, ...]:
    """Return targets or actuals by indicator and time, 上半期 before the whole year."""

    def key(row: TargetRow | ActualRow) -> Key:
        whole = isinstance(row, ActualRow) and row.term is Term.FY
        return places[row.indicator], row.fiscal_year, whole

    return tuple(sorted(rows, key=key))
