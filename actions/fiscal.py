"""Fiscal years (年度) and reporting periods (上半期・年度), without a database.

A fiscal year runs from 1 April to 31 March and is an ``int``: the year in which it starts
(2025 = 令和7年度). Pure: standard library only.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

FIRST_YEAR, LAST_YEAR = 1989, 2099
_REIWA, _HEISEI = 2019, 1989
_HEISEI_LAST = 31
_REIWA_BEGAN = dt.date(2019, 5, 1)
_ERAS = {"令和": _REIWA, "R": _REIWA, "平成": _HEISEI, "H": _HEISEI}

_YEAR = re.compile(r"(?:FY)?(?P<western>\d{4})(?:年度?)?")
_ERA_YEAR = re.compile(r"(?P<era>令和|平成|R|H)(?P<number>元|\d{1,2})(?:年度?)?")
_PERIOD = re.compile(r"(?P<year>.+?)[-‐－/_]?(?P<term>H1|FY|上半期|上期|通年|通期|(?<=年)度)")


class FiscalYearError(ValueError):
    """A text that names no fiscal year or reporting period; its message is Japanese, for users."""


class Term(StrEnum):
    """What a figure covers: 上半期 as at 30 September, or 年度 as at 31 March."""

    H1 = "H1"
    FY = "FY"

    @property
    def label(self) -> str:
        """Return 上半期 or 年度."""
        return "上半期" if self is Term.H1 else "年度"


def _squeeze(value: object) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(value))).upper()


def parse_fiscal_year(value: object) -> int:
    """Return the starting year for any spelling of a fiscal year.

    Takes 2025, 2025年度, FY2025, R7, 令和7年度, 令和元年度, H31, 平成31年度, full-width or with
    spaces. Raises FiscalYearError for anything else and for years outside 1989-2099.
    """
    text = _squeeze(value)
    year = _western_year(text)
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise FiscalYearError(
            f"「{value}」は年度として読み取れません。2025、令和7年度、R7、FY2025 のように入力してください。"
        )
    return year


def _western_year(text: str) -> int | None:
    if match := _YEAR.fullmatch(text):
        return int(match["western"])
    match = _ERA_YEAR.fullmatch(text)
    if match is None:
        return None
    number = 1 if match["number"] == "元" else int(match["number"])
    start = _ERAS[match["era"]]
    if number == 0 or (start == _HEISEI and number > _HEISEI_LAST):
        return None
    return start + number - 1


def era_year(year: int) -> tuple[str, str, int]:
    """Return era, era's letter and number within the era: 2025 gives ("令和", "R", 7)."""
    if year >= _REIWA:
        return "令和", "R", year - _REIWA + 1
    return "平成", "H", year - _HEISEI + 1


def _era_text(year: int) -> str:
    era, _, number = era_year(year)
    return f"{era}{'元' if number == 1 else number}"


def fiscal_year_label(year: int) -> str:
    """Return the printed form of a fiscal year: 2025 gives 令和7年度, 2019 gives 令和元年度."""
    return f"{_era_text(year)}年度"


def fiscal_year_of(day: dt.date) -> int:
    """Return the starting year of the fiscal year that the day lies in."""
    return day.year if day.month >= 4 else day.year - 1


def short_label(year: int) -> str:
    """Return the form used in narrow headings: 2025 gives R7."""
    _, letter, number = era_year(year)
    return f"{letter}{number}"


def calendar_year_label(year: int) -> str:
    """Return a calendar year as the KGI table prints it: 2023 gives 令和5(2023)年."""
    return f"{_era_text(year)}({year})年"


def date_label(day: dt.date) -> str:
    """Return a date in era years: 令和7年9月30日."""
    in_heisei_31 = day.year == _REIWA and day < _REIWA_BEGAN
    year = "平成31" if in_heisei_31 else _era_text(day.year)
    return f"{year}年{day.month}月{day.day}日"


@dataclass(frozen=True, slots=True)
class Period:
    """A reporting period: a fiscal year and a term. Sorts in the order of time."""

    fiscal_year: int
    term: Term

    @property
    def code(self) -> str:
        """Return the form used in addresses and commands: 2025-H1."""
        return f"{self.fiscal_year}-{self.term}"

    @property
    def label(self) -> str:
        """Return the printed form: 令和7年度上半期, 令和6年度."""
        half = self.term.label if self.term is Term.H1 else ""
        return fiscal_year_label(self.fiscal_year) + half

    @property
    def span(self) -> str:
        """Return the months covered, as the paper writes them: 4～9月, 4～3月."""
        return "4～9月" if self.term is Term.H1 else "4～3月"

    @property
    def as_of(self) -> dt.date:
        """Return the day at which the figures stand (基準日): 30 September or 31 March."""
        if self.term is Term.H1:
            return dt.date(self.fiscal_year, 9, 30)
        return dt.date(self.fiscal_year + 1, 3, 31)

    @property
    def previous_year(self) -> "Period":
        """Return the whole fiscal year before this period's: the base of 前年度比増分."""
        return Period(self.fiscal_year - 1, Term.FY)

    def __lt__(self, other: "Period") -> bool:
        return self.as_of < other.as_of

    def __le__(self, other: "Period") -> bool:
        return self.as_of <= other.as_of


def parse_period(value: object) -> Period:
    """Return the period for 2025-H1, R7-H1, 2024-FY, 令和7年度上半期 or 令和6年度.

    Raises FiscalYearError for anything else; a bare year (2025, R7) names no period.
    """
    match = _PERIOD.fullmatch(_squeeze(value))
    try:
        if match is None:
            raise FiscalYearError
        term = Term.H1 if match["term"] in ("H1", "上半期", "上期") else Term.FY
        return Period(parse_fiscal_year(match["year"]), term)
    except FiscalYearError:
        raise FiscalYearError(
            f"「{value}」は期間として読み取れません。2025-H1、R7-H1、2024-FY のように指定してください。"
        ) from None


def is_within(year: int, first: int | None, last: int | None) -> bool:
    """Return whether the year lies between the two, both included; None bounds nothing."""
    return (first is None or first <= year) and (last is None or year <= last)
