"""KGIs in words: years that come late, what revisions changed, what cannot be worked out. Pure."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from actions.fiscal import Period, calendar_year_label, fiscal_year_label
from kpis.numerals import DASH, format_exact, format_number, round_decimal
from kpis.progress import KgiProgress, KgiYear

REVISED = "（改定）"
GROWTH_DECIMALS = 4  # as growths are recorded
REFERENCE = "（参考）"
FOLLOWS = "伸び率、差、指数は、改定後の値で計算しています。"
_UNDECIDED = ("", "未定")


# --- years that come late -----------------------------------------------------------------------
def late_words(expected: str) -> str:
    """Return 未公表（令和9年3月公表予定） for what is recorded as expected; blank for nothing."""
    return f"未公表（{expected_words(expected)}）" if expected else ""


def expected_words(expected: str) -> str:
    """Return when a statistic comes out: 令和9年3月公表予定; blank for nothing recorded."""
    if not expected:
        return ""
    when = expected.strip().removesuffix("予定").removesuffix("公表").strip()
    return "公表時期は未定" if when in _UNDECIDED else f"{when}公表予定"


def newest(kgi: KgiProgress) -> KgiYear | None:
    """Return the newest year with a value, or None."""
    return next((year for year in reversed(kgi.years) if year.value is not None), None)


def shown_year(kgi: KgiProgress) -> KgiYear | None:
    """Return the newest year that can be compared, else the newest with a value, or None."""
    return kgi.latest or newest(kgi)


def recency(kgi: KgiProgress, period: Period) -> str:
    """Return how old the newest value is at the period, and which years are awaited.

    最新は令和5(2023)年の値（令和7年度の2年前）。 Blank where nothing is late.
    """
    told = [*_age(kgi, period), *late_years(kgi)]
    return "。".join(told) + "。" if told else ""


def _age(kgi: KgiProgress, period: Period) -> Iterator[str]:
    year, compared = newest(kgi), kgi.latest
    if year is None or year.year >= period.fiscal_year:
        return
    behind = period.fiscal_year - year.year
    label = fiscal_year_label(period.fiscal_year)
    yield f"最新は{calendar_year_label(year.year)}の値（{label}の{behind}年前）"
    if compared is not None and compared.year < year.year:
        yield f"{kgi.comparator}と比べられるのは{calendar_year_label(compared.year)}まで"


def late_years(kgi: KgiProgress) -> list[str]:
    """Return what is said of each year that is awaited."""
    return [
        f"{calendar_year_label(one.year)}は{late_words(one.expected)}"
        for one in kgi.years
        if one.expected
    ]


# --- what cannot be worked out ------------------------------------------------------------------
def year_faults(kgi: KgiProgress, year: KgiYear) -> list[str]:
    """Return why a comparator's value of the year gives no growth: its base year has no value."""
    if year.year <= kgi.base_year:
        return []
    base = next((one for one in kgi.years if one.year == kgi.base_year), None)
    found = []
    if year.comparator_value is not None and year.comparator_growth is None:
        found.append(_no_base("比較対象", None if base is None else base.comparator_value))
    values = {} if base is None else {one.name: one.value for one in base.comparisons}
    for one in year.comparisons:
        if one.value is not None and one.growth is None:
            found.append(_no_base(one.name, values.get(one.name)))
    return found


def _no_base(name: str, base: Decimal | None) -> str:
    why = "がない" if base is None else "が0の"
    return f"起点年の{name}の値{why}ため、伸び率を計算できません"


def kgi_faults(kgi: KgiProgress) -> list[str]:
    """Return each such sentence once."""
    return list(dict.fromkeys(one for year in kgi.years for one in year_faults(kgi, year)))


# --- further comparators ------------------------------------------------------------------------
def comparison_names(kgi: KgiProgress) -> list[str]:
    """Return the further comparators, each once."""
    return list(dict.fromkeys(one.name for year in kgi.years for one in year.comparisons))


def gives_values(kgi: KgiProgress) -> bool:
    """Return whether the comparator's own values are known of any year."""
    return any(one.comparator_value is not None for one in kgi.years)


# --- revisions of the statistic -----------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class RevisedFigure:
    """One figure that a revision changed: the KGI's value, or else the comparator's growth."""

    year: int
    revised_on: dt.date
    is_value: bool
    before: str
    after: str
    reason: str

    def item(self, kgi: KgiProgress) -> str:
        """Return which figure it is."""
        return "値" if self.is_value else f"{kgi.comparator}の伸び率"


def revised_figures(kgi: KgiProgress) -> list[RevisedFigure]:
    """Return every figure that revisions changed, in the order of years and days."""
    return [one for year in kgi.years for one in year_revised(year)]


def year_revised(year: KgiYear) -> list[RevisedFigure]:
    """Return the year's; a revision whose figures stand as before is told by its value."""
    found = []
    for place, one in enumerate(year.revisions):
        later = year.revisions[place + 1 :]
        value, shown = next(
            ((two.value, two.display) for two in later if two.value is not None),
            (year.value, year.display),
        )
        growths = (two.comparator_growth for two in later)
        growth = next((two for two in growths if two is not None), year.comparator_growth)
        grew = one.comparator_growth is not None and differ(one.comparator_growth, growth)
        if grew:
            before, after = _growths(one.comparator_growth, growth)
            found.append(RevisedFigure(year.year, one.revised_on, False, before, after, one.reason))
        if not grew or (one.value is not None and one.value != value):
            texts = (one.display or DASH, shown or DASH)
            found.append(RevisedFigure(year.year, one.revised_on, True, *texts, one.reason))
    return sorted(found, key=lambda two: (two.revised_on, not two.is_value))


def differ(before: Decimal | None, after: Decimal | None) -> bool:
    """Return whether two growths differ in the digits that are recorded."""
    return recorded(before) != recorded(after)


def recorded(growth: Decimal | None) -> Decimal | None:
    """Return a growth with the digits that are recorded."""
    return None if growth is None else round_decimal(growth, GROWTH_DECIMALS)


def _growths(before: Decimal | None, after: Decimal | None) -> tuple[str, str]:
    """Return both as printed, with more decimals where they would read the same."""
    pair = [DASH if one is None else f"{format_number(one, 1)}%" for one in (before, after)]
    if pair[0] == pair[1]:
        pair = [f"{format_exact(recorded(one) or Decimal(0))}%" for one in (before, after)]
    return pair[0], pair[1]


def is_value_revised(year: KgiYear) -> bool:
    """Return whether the year's value was another before."""
    return any(one.is_value for one in year_revised(year))


def is_growth_revised(year: KgiYear) -> bool:
    """Return whether the comparator's growth was another before."""
    return any(not one.is_value for one in year_revised(year))
