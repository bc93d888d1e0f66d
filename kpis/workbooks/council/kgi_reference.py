"""What stands beside a KGI: its comparator's own values, and further statistics for reference."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from actions.fiscal import calendar_year_label
from kpis.kgiwords import REFERENCE, comparison_names, gives_values
from kpis.numerals import round_decimal
from kpis.progress import KgiComparison, KgiProgress, KgiYear
from kpis.workbooks.council.items import Item, figure, growth
from kpis.workbooks.council.sheet import Sheet
from kpis.workbooks.council.styles import HEAD, LABEL, NUMBER
from kpis.workbooks.formats import number_format

INDEX_FORMAT = number_format(1)
NAME, INDEX = 1, 6  # the columns of each statistic's name and indexes
_HEADINGS = ("比較対象", "年", "値", "伸び率", "指数")
_SPANS = (1, 1, 2, 1, 2)
_ROW = 18.0


Rows = tuple[tuple[KgiYear, KgiComparison | None], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """One statistic with the KGI's years up to its last; ``is_further`` where it is for reference."""

    title: str
    is_further: bool
    rows: Rows


def groups(kgi: KgiProgress) -> list[Group]:
    """Return the comparator where its values are known, then the further statistics."""
    found = []
    if gives_values(kgi):
        own = tuple((one, _own(kgi, one)) for one in kgi.years)
        found.append(Group(kgi.comparator, False, _without_end(own)))
    for name in comparison_names(kgi):
        rows = tuple(
            (year, next((one for one in year.comparisons if one.name == name), None))
            for year in kgi.years
        )
        found.append(Group(f"{name}{REFERENCE}", True, _without_end(rows)))
    return found


def _without_end(rows: Rows) -> Rows:
    """Return the rows up to the last figure; a chart needs those between and before."""
    known = [place for place, (_, one) in enumerate(rows, start=1) if one is not None]
    return rows[: known[-1]]


def _own(kgi: KgiProgress, year: KgiYear) -> KgiComparison | None:
    if year.comparator_value is None:
        return None
    value, lead = year.comparator_value, year.comparator_growth
    return KgiComparison(kgi.comparator, value, lead, year.comparator_index)


def heights(sheet: Sheet, listed: Sequence[Group]) -> list[float]:
    """Return the points of the table's rows, its head first; none without a statistic."""
    if not listed:
        return []
    found = [sheet.measure(_head())]
    for one in listed:
        # A long name stands over all rows of its statistic.
        least = sheet.measure([Item(one.title, LABEL)]) / max(len(one.rows), 1)
        found += [max(_ROW, least)] * len(one.rows)
    return found


def put(sheet: Sheet, first: int, listed: Sequence[Group]) -> list[int]:
    """Write the table into its rows; return each statistic's first row."""
    if not listed:
        return []
    _put_row(sheet, first, 1, _head())
    row, starts = first + 1, []
    for one in listed:
        starts.append(row)
        sheet.put(row, NAME, Item(one.title, LABEL), rows=len(one.rows))
        for place, (year, shown) in enumerate(one.rows, start=row):
            _put_row(sheet, place, NAME + 1, _items(year, shown))
        row += len(one.rows)
    return starts


def _head() -> list[Item]:
    return [Item(text, HEAD, span=span) for text, span in zip(_HEADINGS, _SPANS, strict=True)]


def _items(year: KgiYear, shown: KgiComparison | None) -> list[Item]:
    value, lead, index_value = (
        (None, None, None) if shown is None else (shown.value, shown.growth, shown.index)
    )
    items = [
        Item(calendar_year_label(year.year), LABEL),
        figure(value),
        growth(lead),
        index(index_value),
    ]
    return [
        Item(one.value, one.style, one.format, span)
        for one, span in zip(items, _SPANS[1:], strict=True)
    ]


def _put_row(sheet: Sheet, row: int, column: int, items: Sequence[Item]) -> None:
    for one in items:
        sheet.put(row, column, one)
        column += one.span


def index(value: Decimal | None) -> Item:
    """Return an index with one decimal; None stays blank."""
    if value is None:
        return Item("", NUMBER)
    return Item(round_decimal(value, 1), NUMBER, INDEX_FORMAT)
