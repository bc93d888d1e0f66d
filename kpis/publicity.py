"""The record of 普及・周知 added up in the order of time. Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from kpis.progress import Publicity


@dataclass(frozen=True, slots=True)
class Counted:
    """A record with the sum up to it, None where nothing is counted."""

    record: Publicity
    total: Decimal | None


@dataclass(frozen=True, slots=True)
class Total:
    """All that was counted of one kind, item and unit; ``day`` is its last one, None without any."""

    kind: str
    item: str
    unit: str
    quantity: Decimal
    day: dt.date | None

    @property
    def name(self) -> str:
        """Return what was counted: 配付（本編）."""
        return f"{self.kind}（{self.item}）" if self.item else self.kind


def running_totals(records: Iterable[Publicity]) -> tuple[Counted, ...]:
    """Return the records in the order of time, undated ones first, each with the sum up to it.

    What is added up has the same kind, item and unit. A record without a quantity adds nothing.
    """
    sums: dict[tuple[str, str, str], Decimal] = {}
    counted: list[Counted] = []
    for one in sorted(records, key=lambda one: one.day or dt.date.min):
        if one.quantity is None:
            counted.append(Counted(one, None))
            continue
        what = (one.kind, one.item, one.unit)
        sums[what] = sums.get(what, Decimal(0)) + one.quantity
        counted.append(Counted(one, sums[what]))
    return tuple(counted)


def totals(records: Iterable[Publicity]) -> tuple[Total, ...]:
    """Return the sum of each kind, item and unit, in the order in which they first appear."""
    found: dict[tuple[str, str, str], Total] = {}
    for one in running_totals(records):
        if one.total is not None:
            record = one.record
            what = (record.kind, record.item, record.unit)
            found[what] = Total(*what, one.total, record.day)
    return tuple(found.values())
