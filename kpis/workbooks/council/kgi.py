"""KGI: each one's values by year, its growth beside the comparator's, and both as a chart."""

from collections.abc import Sequence
from decimal import Decimal

from openpyxl import Workbook

from actions.fiscal import calendar_year_label
from kpis.numerals import format_number, round_decimal
from kpis.papers import CouncilPapers
from kpis.progress import KgiProgress, KgiYear
from kpis.workbooks.council.charts import (
    BLUE,
    GREY,
    Area,
    Line,
    Lines,
    drawn,
    finish,
    labelled,
    series,
)
from kpis.workbooks.council.items import Item, figure, growth, points
from kpis.workbooks.council.sheet import Sheet
from kpis.workbooks.council.styles import (
    BLOCK,
    HEAD,
    HEADING,
    LABEL,
    LARGE,
    MIDDLE,
    NUMBER,
    TEXT,
)
from kpis.workbooks.formats import number_format

TITLE = "KGI"
_WIDTHS = (15, 18, 9, 11, 13, 8, 10, 38)
_TABLE = len(_WIDTHS) - 1
_INDEX, _OTHERS = 6, 7  # the columns of both indexes
_ROW, _HEAD_ROW, _CHART, _GAP = 18.0, 34.0, 156.0, 12.0
NONE = "この計画には、KGI（重要目標達成指標）が設定されていません。"
_UNKNOWN = "伸び率を比較できる年の数値が、まだありません。"
_CITY_LINE = Line(BLUE, "solid", "circle", BLUE)
_OTHERS_LINE = Line(GREY, "sysDash", "square", "FFFFFF")
_INDEX_FORMAT = number_format(1)


def add(book: Workbook, papers: CouncilPapers) -> None:
    """Add the sheet, with one sentence where the plan has no KGI."""
    sheet = Sheet(book, TITLE, _WIDTHS, papers)
    sheet.line("KGI（重要目標達成指標）", HEADING)
    for one in papers.progress.kgis:
        _put(sheet, one)
    if not papers.progress.kgis:
        sheet.line(NONE)
    sheet.finish()


def sentence(kgi: KgiProgress) -> str:
    """Return how the newest growth stands beside the comparator's, or that it is not known yet."""
    year = kgi.latest
    if year is None or year.growth is None or year.comparator_growth is None:
        return _UNKNOWN
    since = f"{calendar_year_label(year.year)}は{calendar_year_label(kgi.base_year)}から"
    city, other = (f"{format_number(one, 1)}%" for one in (year.growth, year.comparator_growth))
    return f"{since}{city}の伸びで、{kgi.comparator}（{other}）{_compared(year)}。"


def _compared(year: KgiYear) -> str:
    difference = round_decimal(year.difference or Decimal(0), 1)
    if difference == 0:
        return "と同じです"
    over = "上回って" if difference > 0 else "下回って"
    return f"を{format_number(abs(difference), 1)}ポイント{over}います"


def _put(sheet: Sheet, kgi: KgiProgress) -> None:
    heading = [Item(f"{kgi.name}（{kgi.unit}）", BLOCK, span=len(_WIDTHS))]
    words = [_words(label, text) for label, text in _facts(kgi) if text]
    said = [Item(sentence(kgi), LARGE, span=len(_WIDTHS))]
    head = max(sheet.measure(_head(kgi)), _HEAD_ROW)
    heights = [head, *[_ROW] * len(kgi.years)]
    told = sum(heights) + sum(map(sheet.measure, words))
    filler = max(_CHART - told, 0)
    sheet.keep(sheet.measure(heading) + sheet.measure(said) + told + filler + _GAP)
    sheet.write(heading)
    sheet.write(said)
    first = sheet.rows(heights)
    _put_table(sheet, first, kgi)
    for one in words:
        sheet.write(one)
    if filler:
        sheet.gap(filler)
    last = (sheet.row - 1, len(_WIDTHS))
    sheet.put_chart(_chart(kgi, first), (first, len(_WIDTHS)), last)
    sheet.gap(_GAP)


def _words(label: str, text: str) -> list[Item]:
    return [Item(label, LABEL), Item(text, TEXT, span=_TABLE - 1)]


def _facts(kgi: KgiProgress) -> list[tuple[str, str]]:
    notes = [f"{calendar_year_label(one.year)}: {one.note}" for one in kgi.years if one.note]
    return [
        (f"目標（{kgi.target_year}年）", kgi.target),
        ("出所", kgi.source),
        ("備考", "\n".join([*notes, *([kgi.note] if kgi.note else [])])),
    ]


def _head(kgi: KgiProgress) -> list[Item]:
    headings = (
        "年",
        f"値（{kgi.unit}）",
        "伸び率",
        f"{kgi.comparator}の伸び率",
        "差\n（ポイント）",
        "指数（市）",
        f"指数（{kgi.comparator}）",
    )
    return [Item(one, HEAD) for one in headings]


def _put_table(sheet: Sheet, first: int, kgi: KgiProgress) -> None:
    for column, item in enumerate(_head(kgi), start=1):
        sheet.put(first, column, item)
    for row, year in enumerate(kgi.years, start=first + 1):
        for column, item in enumerate(_year_items(kgi, year), start=1):
            sheet.put(row, column, item)


def _year_items(kgi: KgiProgress, year: KgiYear) -> list[Item]:
    """Return the year's cells; what is not known stays empty, and the base year says so."""
    is_base = year.year == kgi.base_year
    return [
        Item(calendar_year_label(year.year), LABEL),
        figure(year.value),
        Item("起点", MIDDLE) if is_base else growth(year.growth),
        growth(year.comparator_growth),
        points(year.difference),
        _index(year.index),
        _index(year.comparator_index),
    ]


def _index(value: Decimal | None) -> Item:
    if value is None:
        return Item("", NUMBER)
    return Item(round_decimal(value, 1), NUMBER, _INDEX_FORMAT)


def _chart(kgi: KgiProgress, first: int) -> Lines:
    """Return both indexes as lines, from the table's cells."""
    chart = Lines()
    rows = (first + 1, first + len(kgi.years))
    labels = Area(TITLE, (rows[0], 1), (rows[1], 1))
    lines = ((_INDEX, _CITY_LINE, "t", BLUE), (_OTHERS, _OTHERS_LINE, "b", GREY))
    for place, (column, line, where, color) in enumerate(lines):
        name = Area(TITLE, (first, column), (first, column))
        values = Area(TITLE, (rows[0], column), (rows[1], column))
        one = drawn(series(place, name, labels, values), line)
        chart.append(labelled(one, _INDEX_FORMAT, where, color))
    finish(chart, _indexes(kgi.years), f"{kgi.base_year}年＝100", from_zero=False)
    return chart


def _indexes(years: Sequence[KgiYear]) -> list[Decimal]:
    both = (one for year in years for one in (year.index, year.comparator_index))
    return [round_decimal(one, 1) for one in both if one is not None]
