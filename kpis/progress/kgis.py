"""What the read model says of KGIs. Pure."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class KgiRevision:
    """What a KGI's year said until the statistic was revised (遡及改定、基準改定), and why."""

    revised_on: dt.date
    value: Decimal | None
    display: str
    comparator_growth: Decimal | None
    reason: str


@dataclass(frozen=True, slots=True)
class KgiComparison:
    """One year of a further statistic, shown for reference; growth is percent since the base year.

    ``value`` is None where only its growth is known, ``growth`` and ``index`` where they cannot be.
    """

    name: str
    value: Decimal | None
    growth: Decimal | None
    index: Decimal | None


@dataclass(frozen=True, slots=True)
class KgiYear:
    """One calendar year of a KGI.

    ``growth`` and ``comparator_growth`` are percent since the base year, ``difference`` is in
    points, indexes have the base year at 100; each is None where it cannot be known.
    ``expected`` says when the statistic of a year without value comes out, or is blank.
    """

    year: int
    value: Decimal | None
    display: str
    growth: Decimal | None
    comparator_growth: Decimal | None
    difference: Decimal | None
    index: Decimal | None
    comparator_index: Decimal | None
    note: str
    expected: str = ""
    comparator_value: Decimal | None = None
    comparisons: tuple[KgiComparison, ...] = ()
    revisions: tuple[KgiRevision, ...] = ()


@dataclass(frozen=True, slots=True)
class KgiProgress:
    """A KGI: a statistic whose growth is compared with a comparator's."""

    code: str
    name: str
    unit: str
    decimals: int
    comparator: str
    base_year: int
    target_year: int
    target: str
    source: str
    note: str
    years: tuple[KgiYear, ...]

    @property
    def latest(self) -> KgiYear | None:
        """Return the newest year that has a growth to show, or None."""
        return next((year for year in reversed(self.years) if year.difference is not None), None)
