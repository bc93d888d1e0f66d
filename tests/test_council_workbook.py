"""The council's workbook as a file: what every sheet shares, what is frozen, what is hostile."""

import io
import re
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest
from defusedxml.ElementTree import fromstring

from actions.fiscal import Period, Term
from kpis.models import Actual, Indicator, JudgementBand, Target
from kpis.papers import CouncilPapers
from kpis.progress import PlanProgress
from kpis.selectors import shown
from kpis.workbooks.council import council_steps, council_workbook
from tests.builders import rich_progress
from tests.printed import opened, printed, seen
from tests.test_council_tables import MEETING, papers_of

ALWAYS = ["表紙", "総括", "KPI一覧", "KGI", "指標別", "算定ルール・注記", "普及・周知"]
WINDOWS_FONTS = {"BIZ UDPゴシック", "游ゴシック"}
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def content(in_passing):
    """The workbook of R7 上半期 for the meeting of December, as bytes."""
    with in_passing() as plan:
        before = shown(plan.slug, Period(2024, Term.FY)).progress
        return council_workbook(papers_of(plan, before=before))


@pytest.fixture(scope="module")
def book(content):
    """The same, opened."""
    return opened(content)


def rich(**others):
    return CouncilPapers(replace(rich_progress(), **others), None, (), MEETING)


def texts(book):
    """Return every text of the book."""
    cells = (cell for page in book for row in page.rows for cell in row)
    return [cell.value for cell in cells if isinstance(cell.value, str)]


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# --- sheets, cover, printing ----------------------------------------------------------------------


def test_the_sheets_stand_in_the_order_of_the_meeting(book):
    assert book.sheetnames == ALWAYS  # the city's paper holds no actions and no opinions


def test_all_sheets_stand_where_actions_and_opinions_exist():
    wanted = ["アクション", "意見と対応"]
    assert opened(council_workbook(rich())).sheetnames == [*ALWAYS[:5], *wanted, *ALWAYS[5:]]


def test_the_cover_says_what_for_whom_and_as_of_when(book):
    found = [seen(cell) for row in book["表紙"].rows for cell in row if cell.value is not None]
    for words in (
        "門真市ものづくり産業振興計画",
        "進捗状況報告（令和7年度上半期）",
        "資料1",
        "令和7年度第2回門真市ものづくり産業振興懇話会",
        "令和7年12月2日",
        "令和7年度上半期（4～9月）",
        "令和7年9月30日",
        "産業振興課",
    ):
        assert words in found


def test_the_table_of_contents_leads_to_every_sheet(book):
    links = [cell for row in book["表紙"].rows for cell in row if cell.hyperlink]
    assert [cell.value for cell in links] == ALWAYS[1:]
    assert [cell.hyperlink.location for cell in links] == [f"'{one}'!A1" for one in ALWAYS[1:]]
    assert {cell.hyperlink.target for cell in links} == {None}


def test_every_sheet_prints_on_a4_landscape_at_one_pages_width(book):
    for page in book:
        assert page.page_setup.orientation == "landscape", page.title
        assert page.page_setup.paperSize == 9  # A4
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == (1, 0)
        last = page.print_area.replace("$", "").rpartition(":")[2]
        assert page[last].row >= page.max_row
        assert page[last].column >= page.max_column


def test_every_page_is_headed_by_the_documents_number_and_footed_by_version_and_pages(book):
    for page in book:
        header, footer = page.HeaderFooter.oddHeader, page.HeaderFooter.oddFooter
        assert header.left.text == "門真市ものづくり産業振興計画"
        assert header.right.text == "資料1"
        assert footer.center.text == "&P / &N ページ"
        assert re.fullmatch(r"令和7年度上半期 第1版（令和\d+年\d+月\d+日公表）", footer.left.text)


def test_the_files_properties_are_told(book):
    told = book.properties
    assert told.title == "門真市ものづくり産業振興計画 進捗状況（令和7年度上半期）"
    assert told.subject == "令和7年度第2回門真市ものづくり産業振興懇話会"
    assert (told.creator, told.language) == ("産業振興課", "ja-JP")


# --- what the cells are ---------------------------------------------------------------------------


def test_every_cell_has_a_named_style_in_a_font_that_windows_has(book):
    for page in book:
        for row in page.rows:
            for cell in row:
                if cell.value is not None:
                    assert cell.style != "Normal", f"{page.title}!{cell.coordinate}"
                    assert cell.font.name in WINDOWS_FONTS
    assert book._named_styles["Normal"].font.name == "游ゴシック"


def test_the_charts_letters_are_in_the_same_font(content):
    charts = [text for name, text in parts(content).items() if name.startswith("xl/charts/chart")]
    assert len(charts) == 1 + 2 + 15  # 総括, KGI, 指標別
    for text in charts:
        fonts = set(re.findall(r'typeface="([^"]+)"', text.decode()))
        assert fonts
        assert fonts <= WINDOWS_FONTS


def test_there_is_no_formula_no_macro_no_external_link_and_no_error(content, book):
    assert not [name for name in parts(content) if re.search("vba|externalLink|activeX", name)]
    for name, text in parts(content).items():
        if name.endswith(".rels"):
            assert b'TargetMode="External"' not in text
    for page in book:
        for row in page.rows:
            for cell in row:
                assert cell.data_type in ("s", "n"), f"{page.title}!{cell.coordinate}"
    assert not [one for one in texts(book) if "None" in one or one.startswith("#")]


def test_every_part_is_sound_xml(content):
    for name, text in parts(content).items():
        if name.endswith((".xml", ".rels")):
            fromstring(text)


def test_rows_are_high_enough_for_their_texts(book):
    """No text stands in a row that is lower than half-width letters of 5 points would need."""
    for page in book:
        merged = {
            (one.min_row, one.min_col): (one.max_row, one.max_col)
            for one in page.merged_cells.ranges
        }
        for row in page.rows:
            for cell in row:
                if not isinstance(cell.value, str):
                    continue
                bottom, right = merged.get((cell.row, cell.column), (cell.row, cell.column))
                letters = range(cell.column, right + 1)
                columns = [page.column_dimensions[chr(64 + one)].width for one in letters]
                size = cell.font.size
                width = sum(columns) * 6 - 6
                needed = sum(
                    -(-sum(size if ord(c) > 255 else size / 2 for c in line) // width) or 1
                    for line in cell.value.split("\n")
                ) * (size * 1.2)
                heights = range(cell.row, bottom + 1)
                given = sum(page.row_dimensions[one].height or 15 for one in heights)
                assert given >= needed, f"{page.title}!{cell.coordinate}: {cell.value[:40]}"


# --- frozen ---------------------------------------------------------------------------------------


def test_two_runs_give_the_same_bytes(published, content):
    before = shown(published.slug, Period(2024, Term.FY)).progress
    assert council_workbook(papers_of(published, before=before)) == content


def test_an_old_versions_workbook_stays_the_same_after_everything_has_changed(published, content):
    for one in Indicator.objects.filter(plan=published):
        one.name, one.rounding, one.rate_decimals = f"新{one.name}", "half_up", 2
        one.save()
    Target.objects.filter(value__isnull=False).update(value=Decimal(7))
    Actual.objects.filter(value__isnull=False).update(value=Decimal(3), cause="新しい要因")
    JudgementBand.objects.filter(plan=published, lower=100).update(label="満点", sign="☆")
    published.name = "新しい計画"
    published.save()
    before = shown(published.slug, Period(2024, Term.FY)).progress
    assert council_workbook(papers_of(published, before=before)) == content


def test_the_steps_name_every_sheet_and_then_the_file(published):
    steps = list(council_steps(papers_of(published)))
    assert [one.name for one in steps] == [*ALWAYS, "ファイル"]
    assert [(one.number, one.total) for one in steps] == [(n, 8) for n in range(1, 9)]


# --- hostile texts --------------------------------------------------------------------------------

HOSTILE = [
    '=HYPERLINK("http://example.com","押す")',
    "+1",
    "-1+2",
    "@SUM(A1)",
    "髙﨑 𠮷野家 👍",
    "'引用符",
    "<b>&amp;</b>",
]


def spoilt(text) -> PlanProgress:
    """Return a plan whose names and comments are the text."""
    progress = rich_progress()
    strategies = []
    for strategy in progress.strategies:
        indicators = []
        for one in strategy.indicators:
            years = [
                replace(
                    year,
                    results=tuple(
                        replace(each, actual=replace(each.actual, cause=text, next_step=text))
                        for each in year.results
                    ),
                )
                for year in one.years
            ]
            indicators.append(replace(one, name=text[:200], definition=text, years=tuple(years)))
        strategies.append(replace(strategy, name=text[:200], indicators=tuple(indicators)))
    plan = replace(progress.plan, name=text[:200])
    return replace(progress, plan=plan, strategies=tuple(strategies))


def spoilt_book(text):
    meeting = replace(MEETING, name=text[:200], place=text[:200], document_number=text[:40])
    content = council_workbook(CouncilPapers(spoilt(text), None, (), meeting))
    for name, part in parts(content).items():
        if name.endswith((".xml", ".rels")):
            fromstring(part)
    return opened(content)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_arrives_as_text(text):
    book = spoilt_book(text)
    assert any(one == text for one in texts(book))
    assert not [c for page in book for row in page.rows for c in row if c.data_type == "f"]


@pytest.mark.parametrize("text", [one for one in HOSTILE if one[0] in "=+-@"])
def test_a_text_like_a_formula_stays_text_when_its_cell_is_edited(text):
    cells = (cell for page in spoilt_book(text) for row in page.rows for cell in row)
    found = [cell for cell in cells if cell.value == text]
    assert found
    assert all(cell.quotePrefix for cell in found)


def test_control_characters_are_left_out():
    book = spoilt_book("前\x00\x0b\x1f後\ufffe")
    assert any(one == "前後" for one in texts(book))


def test_a_text_of_32768_characters_arrives_whole():
    text = "".join(f"{n:07d}。" for n in range(4096))  # each piece once
    assert len(text) == 32_768
    book = spoilt_book(text)
    details = [one for one in texts(book) if re.fullmatch(r"[\d。]+", one)]
    joined = "".join(details)
    assert f"{0:07d}。" in joined
    assert text in joined
    for page in book:
        for number, row in page.row_dimensions.items():
            assert (row.height or 0) <= 409, f"{page.title} {number}"


# --- on paper -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_libreoffice_prints_every_sheet_whole(content, tmp_path):
    pages = printed(content, tmp_path)
    squeezed = [re.sub(r"\s", "", page) for page in pages]
    whole = "".join(squeezed)
    assert not [one for one in ("###", "Err:", "None") if one in whole]
    for number, page in enumerate(squeezed, start=1):
        assert f"{number}/{len(pages)}ページ" in page
        assert not [one for one in ("資料1", "第1版") if one not in page]
    tables = [page for page in squeezed if "KPI一覧" in page and "R10年度" in page]
    assert len(tables) == 3
    for page, rates in zip(
        tables, (["58.6%", "15%", "100%"], ["67%", "7.1%", "—"], ["90%", "40%", "0%"]), strict=True
    ):
        assert all(f"({rate})" in page for rate in rates)
