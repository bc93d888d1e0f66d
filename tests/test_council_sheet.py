"""What the sheets of the council's workbook are built with: pages, merged cells, figures, cover."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from openpyxl import Workbook

from kpis.papers import CouncilPapers, MeetingFacts
from kpis.workbooks.council import council_workbook, cover
from kpis.workbooks.council.items import Item, figure
from kpis.workbooks.council.sheet import Sheet
from kpis.workbooks.council.styles import BODY, TEXT, add_styles
from tests.builders import rich_progress
from tests.printed import opened, seen

PAPERS = CouncilPapers(rich_progress(), None, (), None)
MEETING = MeetingFacts(
    "令和7年度第2回門真市ものづくり産業振興懇話会",
    dt.date(2025, 12, 2),
    "門真市役所 本館2階 大会議室",
    "資料1",
    "1 計画の進捗状況について\n2 その他",
)
PRINTED_HEIGHT = 595.2 - (0.7 + 0.6) * 72  # A4 landscape within our margins


@pytest.fixture
def book():
    made = Workbook()
    made.remove(made.worksheets[0])
    add_styles(made)
    return made


@pytest.fixture
def sheet(book):
    return Sheet(book, "試し", (10, 20, 30), PAPERS)


def ends(sheet):
    sheet.finish()
    return [one.id for one in sheet.page.row_breaks.brk]


# --- pages ----------------------------------------------------------------------------------------


def test_pages_are_cut_where_the_paper_ends(sheet):
    for _ in range(10):
        sheet.rows([100])
    assert ends(sheet) == [4, 8]


def test_repeated_rows_take_their_room_on_every_page(sheet):
    sheet.rows([80])
    sheet.repeat(1, 1)
    for _ in range(9):
        sheet.rows([110])
    assert ends(sheet) == [4, 7]


def test_a_gap_at_the_foot_of_a_page_is_left_out(sheet):
    sheet.rows([400, 80])
    sheet.gap(10)
    assert (sheet.row, ends(sheet)) == (3, [])


def test_an_empty_page_is_not_broken_again(sheet):
    sheet.break_page()
    sheet.rows([20])
    sheet.break_page()
    sheet.break_page()
    assert ends(sheet) == [1]


def test_a_row_is_as_high_as_it_was_laid(sheet):
    items = [Item("あ" * 40), Item("い"), Item("う" * 400)]
    laid = sheet.laid(items)
    assert sheet.row == 1
    sheet.write(items)
    written = [sheet.page.row_dimensions[row].height for row in range(1, sheet.row)]
    assert written == [one.height for one in laid]


def test_a_text_longer_than_a_row_leaves_room_for_headings_on_its_page(sheet):
    laid = sheet.laid([Item("あ" * 3000)])
    assert len(laid) > 5
    assert max(one.height for one in laid) <= 415
    assert "".join(one.items[0].value for one in laid) == "あ" * 3000


# --- cells ----------------------------------------------------------------------------------------


def test_merged_cells_have_their_border_all_round(sheet):
    sheet.rows([20, 20, 20])
    sheet.put(1, 1, Item("題", TEXT, span=3), rows=3)
    edges = {"top": (1, 2), "bottom": (3, 2), "left": (2, 1), "right": (2, 3)}
    for side, place in edges.items():
        assert getattr(sheet.page.cell(*place).border, side).style == "thin", side
    assert [str(one) for one in sheet.page.merged_cells.ranges] == ["A1:C3"]


def test_merged_cells_without_borders_need_no_cells_below(sheet):
    sheet.line("本文", BODY)
    assert [cell.value for cell in sheet.page[1]] == ["本文"]


def test_a_figure_shrinks_instead_of_being_shown_as_hashes(sheet):
    sheet.write([figure(Decimal("999999999999999")), Item("文字")])
    number, text, *_ = sheet.page[1]
    assert (number.alignment.shrink_to_fit, bool(number.alignment.wrap_text)) == (True, False)
    assert (bool(text.alignment.shrink_to_fit), text.alignment.wrap_text) == (False, True)
    assert number.style == "表 数値"


def test_a_figure_is_not_said_again_where_a_text_beside_it_goes_on(sheet):
    sheet.write([Item(7), Item("い" * 2000)])
    assert sheet.row > 3
    assert [sheet.page.cell(row, 1).value for row in range(1, sheet.row)] == [
        7,
        *[None] * (sheet.row - 2),
    ]


# --- cover and KPI一覧 ----------------------------------------------------------------------------


def test_the_cover_holds_a_meeting_and_seven_sheets_on_one_page(book):
    contents = [(f"シート{n}", "内容") for n in range(7)]
    cover.add(book, replace(PAPERS, meeting=MEETING), contents)
    page = book["表紙"]
    assert not page.row_breaks.brk
    heights = [page.row_dimensions[row].height for row in range(1, page.max_row + 1)]
    assert sum(heights) < PRINTED_HEIGHT


def test_the_cover_leaves_out_what_is_not_known(book):
    unknown = MeetingFacts("第2回懇話会", None, "", "", "")
    cover.add(book, replace(PAPERS, meeting=unknown), [])
    found = [seen(cell) for row in book["表紙"].rows for cell in row if seen(cell)]
    assert "会議" in found
    assert not {"開催日", "場所", "次第", "会議体"} & set(found)


def test_a_place_without_a_day_takes_the_whole_line(book):
    cover.add(book, replace(PAPERS, meeting=replace(MEETING, day=None)), [])
    place = next(cell for row in book["表紙"].rows for cell in row if seen(cell) == "場所")
    assert (place.column, seen(place.offset(0, 1))) == (2, MEETING.place)


def test_a_definition_that_would_swell_the_table_stands_with_the_rules_alone():
    progress = rich_progress()
    long = "とても長い定義。" * 60
    one = replace(progress.strategies[1].indicators[0], definition=long)
    strategies = (replace(progress.strategies[1], indicators=(one,)),)
    made = CouncilPapers(replace(progress, strategies=strategies), None, (), None)
    book = opened(council_workbook(made))
    names = [seen(cell) for cell in book["KPI一覧"]["A"]]
    assert "オープンファクトリー参加者数（人）\n※定義は「算定ルール・注記」に記載" in names
    rules = [seen(cell) for cell in book["算定ルール・注記"]["D"]]
    assert long in "".join(one for one in rules if one != "定義")
