"""Days as staff type them: 2026/3/31, R8.3.31, 令和8年3月31日, and of a due date its month alone. Pure."""

import calendar
import datetime as dt
import re

from actions.fiscal import FIRST_YEAR, LAST_YEAR, short_label
from kpis.numerals import squeezed

_ERAS = {None: 0, "令和": 2018, "R": 2018, "平成": 1988, "H": 1988}
_YEAR = r"(?P<era>令和|平成|R|H)?(?P<year>元|\d{1,4})[-/.年]"
_DAY = re.compile(_YEAR + r"(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?")
_MONTH = re.compile(_YEAR + r"(?P<month>\d{1,2})月?末?日?")
_MONTH_ALONE = re.compile(r"(?P<month>\d{1,2})月末?日?")


def parse_day(text: str) -> dt.date:
    """Return the day, full-width and with spaces too. Raises ValueError, in Japanese."""
    match = _DAY.fullmatch(squeezed(text).upper())
    if match is None:
        raise ValueError(
            f"「{text}」は日付として読み取れません。2024/7/25 か 令和6年7月25日 のように入力してください。"
        )
    return _day(text, match, int(match["day"]))


def parse_due(text: str, after: dt.date | None = None) -> dt.date:
    """Return until when something is to be done: a day, or the last day of a month (令和8年3月末).

    A month without its year (3月末) is the next one that ends after the given day. Raises
    ValueError, in Japanese.
    """
    typed = squeezed(text).upper()
    if match := _MONTH.fullmatch(typed):
        return _day(text, match, None)
    if after is not None and (match := _MONTH_ALONE.fullmatch(typed)):
        ends = [_month_end(text, after.year + more, int(match["month"])) for more in (0, 1)]
        return next(one for one in ends if one > after)
    if _DAY.fullmatch(typed):
        return parse_day(text)
    raise ValueError(
        f"「{text}」は日付として読み取れません。"
        "2026/3/31、R8.3.31、令和8年3月末 のように入力してください。"
    )


def short_day(day: dt.date | None) -> str:
    """Return the day as it is typed into a narrow cell, R8.3.31; blank for none."""
    return "" if day is None else f"{short_label(day.year)}.{day.month}.{day.day}"


def _day(text: str, match: re.Match[str], day: int | None) -> dt.date:
    """Return the matched day; the month's last one for None."""
    number = 1 if match["year"] == "元" else int(match["year"])
    year = _ERAS[match["era"]] + number
    if not FIRST_YEAR <= year <= LAST_YEAR + 1:
        raise ValueError(
            f"「{text}」の年が読み取れません。2026/3/31 か R8.3.31 のように、西暦の4桁か元号で入力してください。"
        )
    month = int(match["month"])
    if day is None:
        return _month_end(text, year, month)
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise _no_such_day(text) from None


def _month_end(text: str, year: int, month: int) -> dt.date:
    if not 1 <= month <= 12:
        raise _no_such_day(text)
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _no_such_day(text: str) -> ValueError:
    return ValueError(f"「{text}」という日付はありません。")
