"""A revision of a KGI's statistic (遡及改定、基準改定): what was typed, its faults, its effect. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from actions.fiscal import date_label
from kpis.growth import RecordedKgiYear, kgi_years
from kpis.kgiwords import GROWTH_DECIMALS, differ, recorded
from kpis.numerals import FigureError, check_digits, format_exact, parse_figure
from kpis.progress import KgiProgress, KgiYear

VALUE, COMPARATOR = "value", "comparator"
FIELDS = (VALUE, COMPARATOR)
REVISED_ON = "revised_on"
WHOLE = ""  # what is wrong with the revision as a whole
_GROWTH_LIMIT = Decimal(100_000)  # percent, as growths are recorded

Faults = dict[str, list[str]]

NOTHING = "改定後の値がどの年にも入力されていません。変わる年にだけ入力してください。"
UNCHANGED = "今の値と同じです。変わらない年は空欄にしてください。"
MOVED = "ほかの人が先に変更しました（今の値: {now}）。今の値を確かめて、入力し直してください。"


@dataclass(frozen=True, slots=True)
class NewFigure:
    """What a figure of one year becomes, and what the person saw in its place."""

    year: int
    field: str  # VALUE, or COMPARATOR: its value or its growth, whichever is recorded
    figure: Decimal
    seen: Decimal | None

    @property
    def name(self) -> str:
        """Return the name of its input."""
        return name(self.year, self.field)


def name(year: int, field: str) -> str:
    """Return what the input of a year's figure is called: y2023-value."""
    return f"y{year}-{field}"


def old_growth(year: KgiYear) -> Decimal | None:
    """Return the comparator's growth to keep of a year; None for none, or for more than fits."""
    growth = recorded(year.comparator_growth)
    return None if growth is None or abs(growth) >= _GROWTH_LIMIT else growth


def standing(year: KgiYear, field: str) -> Decimal | None:
    """Return the figure as it is now; of the comparator the value, or else the growth."""
    if field == VALUE:
        return year.value
    return year.comparator_growth if year.comparator_value is None else year.comparator_value


def read(kgi: KgiProgress, data: Mapping[str, str]) -> tuple[list[NewFigure], Faults]:
    """Return every figure that was typed, and each fault at its input."""
    found: list[NewFigure] = []
    faults: Faults = {}
    for year in kgi.years:
        for field in FIELDS:
            key = name(year.year, field)
            try:
                figure = _parsed(kgi, year, field, data.get(key, ""))
            except FigureError as error:
                faults[key] = [str(error)]
            else:
                if figure is not None:
                    seen = _seen(data.get(f"{key}-seen", ""))
                    found.append(NewFigure(year.year, field, figure, seen))
    return found, faults


def _parsed(kgi: KgiProgress, year: KgiYear, field: str, text: str) -> Decimal | None:
    growth = field == COMPARATOR and year.comparator_value is None
    unit = "%" if growth else kgi.unit if field == VALUE else ""
    figure = parse_figure(text, unit)
    if figure is None:
        return None
    if field == VALUE:
        check_digits(figure, kgi.decimals)
    else:
        check_digits(figure, GROWTH_DECIMALS)
    if growth and abs(figure) >= _GROWTH_LIMIT:
        raise FigureError("伸び率は整数部分5桁までで入力してください。")
    return figure


def _seen(text: str) -> Decimal | None:
    try:
        return parse_figure(text)
    except FigureError:
        return None


def check(
    kgi: KgiProgress, figures: Sequence[NewFigure], revised_on: dt.date | None, today: dt.date
) -> Faults:
    """Return what is wrong with the new figures as a revision of that day; None: no day yet."""
    faults: Faults = {}
    years = {one.year: one for one in kgi.years}
    if not figures:
        faults[WHOLE] = [NOTHING]
    for one in figures:
        now = standing(years[one.year], one.field) if one.year in years else None
        if now != one.seen:
            shown = "（なし）" if now is None else format_exact(now)
            faults[one.name] = [MOVED.format(now=shown)]
        elif now == one.figure:
            faults[one.name] = [UNCHANGED]
    if revised_on is not None and (said := _day_fault(kgi, figures, revised_on, today)):
        faults[REVISED_ON] = [said]
    return faults


def _day_fault(
    kgi: KgiProgress, figures: Sequence[NewFigure], revised_on: dt.date, today: dt.date
) -> str:
    if revised_on > today:
        return "改定日は、今日までの日にしてください。"
    changed = {one.year for one, _ in changes(kgi, figures)}
    days = [two.revised_on for one in kgi.years if one.year in changed for two in one.revisions]
    newest = max(days, default=None)
    if newest is not None and revised_on <= newest:
        return f"{date_label(newest)}の改定が既に記録されています。それより後の日にしてください。"
    return ""


def changes(kgi: KgiProgress, figures: Iterable[NewFigure]) -> list[tuple[KgiYear, KgiYear]]:
    """Return each year that says something else afterwards, as it is now and as it will be.

    A year says its value and the comparator's growth: that changes with the base year's value, too.
    """
    pairs = zip(kgi.years, _after(kgi, figures), strict=True)
    return [
        (now, then)
        for now, then in pairs
        if now.value != then.value or differ(now.comparator_growth, then.comparator_growth)
    ]


def _after(kgi: KgiProgress, figures: Iterable[NewFigure]) -> tuple[KgiYear, ...]:
    new = {(one.year, one.field): one.figure for one in figures}
    rows = [_revised(_row(one), new) for one in kgi.years]
    return kgi_years(rows, kgi.base_year, kgi.decimals)


def _row(year: KgiYear) -> RecordedKgiYear:
    by_value = year.comparator_value is not None
    return RecordedKgiYear(
        year=year.year,
        value=year.value,
        comparator_growth=None if by_value else year.comparator_growth,
        comparator_value=year.comparator_value,
    )


def _revised(row: RecordedKgiYear, new: Mapping[tuple[int, str], Decimal]) -> RecordedKgiYear:
    row = replace(row, value=new.get((row.year, VALUE), row.value))
    comparator = new.get((row.year, COMPARATOR))
    if comparator is None:
        return row
    if row.comparator_value is None:
        return replace(row, comparator_growth=comparator)
    return replace(row, comparator_value=comparator)
