"""KGI: each one's values by year, its growth beside the comparator's, and both as a chart."""

from collections.abc import Sequence
from decimal import Decimal

from openpyxl import Workbook

from actions.fiscal import calendar_year_label, date_label
from kpis.kgiwords import (
    FOLLOWS,
    REVISED,
    is_growth_revised,
    is_value_revised,
    late_words,
    revised_figures,
    year_faults,
)
from kpis.numerals import format_number, round_decimal
from kpis.papers import CouncilPapers
from kpis.progress import KgiProgress, KgiYear
from kpis.workbooks.council import kgi_reference
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
from kpis.workbooks.council.items import Item, figure, growth, marked, points
from kpis.workbooks.council.kgi_reference import INDEX_FORMAT, Group, index
from kpis.workbooks.council.sheet import Sheet
from kpis.workbooks.council.styles import (
    BLOCK,
    HEAD,
    HEADING,
    LABEL,
    LARGE,
    MIDDLE,
    NAME,
    SUBHEADING,
    TEXT,
)

TITLE = "KGI"
_WIDTHS = (15, 18, 9, 11, 13, 8, 10, 38)
_TABLE = len(_WIDTHS) - 1
_INDEX, _OTHERS = 6, 7  # the columns of both indexes
_ROW, _HEAD_ROW, _CHART, _GAP = 18.0, 34.0, 156.0, 12.0
_TITLE_ROOM = 30.0  # points of the sheet's own heading on its first page
_HIGHEST_CHART = 260.0  # points, in a block of many rows
NONE = "この計画には、KGI（重要目標達成指標）が設定されていません。"
_UNKNOWN = "伸び率を比較できる年の数値が、まだありません。"
_CITY_LINE = Line(BLUE, "solid", "circle", BLUE)
_OTHERS_LINE = Line(GREY, "sysDash", "square", "FFFFFF")
# Told apart in a grey print too.
_THIN_LINES = (
    Line("6B4E9B", "sysDot", "triangle", "FFFFFF", 1.0),
    Line("7A5230", "dashDot", "diamond", "FFFFFF", 1.0),
    Line("00607A", "lgDash", "x", "FFFFFF", 1.0),
)


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
    beside = kgi_reference.groups(kgi)
    below = kgi_reference.heights(sheet, beside)
    years = [_year_items(kgi, one) for one in kgi.years]
    head = max(sheet.measure(_head(kgi)), _HEAD_ROW)
    heights = [head, *(_year_height(sheet, one) for one in years)]
    told = sum(heights) + sum(map(sheet.measure, words))
    above = sheet.measure(heading) + sheet.measure(said)
    one_page = above + told + sum(below) + _GAP <= sheet.whole_page - _TITLE_ROOM
    reference = sum(below) if one_page else 0
    filler = max(_CHART - told - reference, 0)
    sheet.keep(above + told + reference + filler + _GAP)
    sheet.write(heading)
    sheet.write(said)
    first = sheet.rows(heights)
    _put_rows(sheet, first, [_head(kgi), *years])
    for one in words:
        sheet.write(one)
    end = sheet.row
    if below and not one_page:
        sheet.keep(sum(below) + _TITLE_ROOM)
        sheet.line(f"{kgi.name}の比較対象", SUBHEADING)
    starts = kgi_reference.put(sheet, sheet.rows(below) if below else sheet.row, beside)
    if one_page:
        if filler:
            sheet.gap(filler)
        end = sheet.row
    last = (_chart_end(sheet, first, end), len(_WIDTHS))
    sheet.put_chart(_chart(kgi, first, beside, starts), (first, len(_WIDTHS)), last)
    sheet.gap(_GAP)


def _chart_end(sheet: Sheet, first: int, end: int) -> int:
    """Return the row where the chart ends: the last before ``end``, unless that is too high."""
    high = 0.0
    for row in range(first, end):
        high += sheet.page.row_dimensions[row].height or 0
        if high >= _HIGHEST_CHART:
            return row
    return end - 1


def _year_height(sheet: Sheet, items: Sequence[Item]) -> float:
    late = [one for one in items if one.span > 1]  # the only words that may need a second line
    return max(_ROW, sheet.measure([items[0], *late])) if late else _ROW


def _words(label: str, text: str) -> list[Item]:
    return [Item(label, LABEL), Item(text, TEXT, span=_TABLE - 1)]


def _facts(kgi: KgiProgress) -> list[tuple[str, str]]:
    notes = [
        f"{calendar_year_label(one.year)}: {said}"
        for one in kgi.years
        for said in (one.note, *year_faults(kgi, one))
        if said
    ]
    return [
        (f"目標（{kgi.target_year}年）", kgi.target),
        ("出所", kgi.source),
        ("備考", "\n".join([*notes, *([kgi.note] if kgi.note else [])])),
        ("値の改定", "\n".join(_revisions(kgi))),
    ]


def _revisions(kgi: KgiProgress) -> list[str]:
    """Return each revision of the statistic, and a line for each figure that it changed."""
    found: dict[str, list[str]] = {}
    for one in revised_figures(kgi):
        told = f"{date_label(one.revised_on)}改定: {one.reason}"
        year = calendar_year_label(one.year)
        line = f"　{year} {one.item(kgi)}　改定前 {one.before}、改定後 {one.after}"
        found.setdefault(told, []).append(line)
    lines = [one for told, figures in found.items() for one in (told, *figures)]
    return [*lines, FOLLOWS] if lines else []


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


def _put_rows(sheet: Sheet, first: int, rows: Sequence[Sequence[Item]]) -> None:
    for row, items in enumerate(rows, start=first):
        column = 1
        for one in items:
            sheet.put(row, column, one)
            column += one.span


def _year_items(kgi: KgiProgress, year: KgiYear) -> list[Item]:
    """Return the year's cells; what is not known stays empty, and the base year says so."""
    theirs = growth(year.comparator_growth)
    return [
        Item(calendar_year_label(year.year), LABEL),
        *_value_items(kgi, year),
        marked(theirs, REVISED) if is_growth_revised(year) else theirs,
        points(year.difference),
        index(year.index),
        index(year.comparator_index),
    ]


def _value_items(kgi: KgiProgress, year: KgiYear) -> list[Item]:
    """Return value and growth; of a year that is awaited, when it comes out."""
    if year.value is None and year.expected:
        return [Item(late_words(year.expected), NAME, span=2)]
    value = figure(year.value, mark=REVISED if is_value_revised(year) else "")
    return [value, Item("起点", MIDDLE) if year.year == kgi.base_year else growth(year.growth)]


def _chart(kgi: KgiProgress, first: int, beside: Sequence[Group], starts: Sequence[int]) -> Lines:
    """Return all indexes as lines, from the tables' cells; those for reference are thin."""
    chart = Lines()
    rows = (first + 1, first + len(kgi.years))
    labels = Area(TITLE, (rows[0], 1), (rows[1], 1))
    lines = ((_INDEX, _CITY_LINE, "t", BLUE), (_OTHERS, _OTHERS_LINE, "b", GREY))
    for place, (column, line, where, color) in enumerate(lines):
        name = Area(TITLE, (first, column), (first, column))
        values = Area(TITLE, (rows[0], column), (rows[1], column))
        one = drawn(series(place, name, labels, values), line)
        chart.append(labelled(one, INDEX_FORMAT, where, color))
    further = [pair for pair in zip(beside, starts, strict=True) if pair[0].is_further]
    for number, (group, start) in enumerate(further):
        name = Area(TITLE, (start, kgi_reference.NAME), (start, kgi_reference.NAME))
        column = kgi_reference.INDEX
        values = Area(TITLE, (start, column), (start + len(group.rows) - 1, column))
        line = _THIN_LINES[number % len(_THIN_LINES)]
        chart.append(drawn(series(len(lines) + number, name, labels, values), line))
    finish(chart, _indexes(kgi.years), f"{kgi.base_year}年＝100", from_zero=False)
    return chart


def _indexes(years: Sequence[KgiYear]) -> list[Decimal]:
    both = [one for year in years for one in (year.index, year.comparator_index)]
    further = [one.index for year in years for one in year.comparisons]
    return [round_decimal(one, 1) for one in (*both, *further) if one is not None]
