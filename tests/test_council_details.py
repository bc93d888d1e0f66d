"""指標別: a block for each KPI, its table, its chart and its words."""

from dataclasses import replace
from decimal import Decimal

import pytest

from actions.fiscal import Period, Term
from kpis.papers import CouncilPapers
from kpis.progress import Target
from kpis.selectors import shown
from kpis.vocabulary import TargetStatus
from kpis.workbooks.council import council_workbook
from tests.builders import rich_progress
from tests.charts import A, C, cells, charts
from tests.printed import opened, picture, seen
from tests.test_council_tables import papers_of

YEARS = ["年度", "R5年度", "R6年度", "R7年度", "R8年度", "R9年度", "R10年度"]
# The blocks' tables, from the paper, with the judgements worked out by hand (see test_changes.py).
CONSULTATIONS = [
    YEARS,
    ["目標", "", "1,200", "1,200", "連動", "連動", "連動"],
    ["年度実績", "1,078", "1,124", "", "", "", ""],
    ["上半期実績", "", "", "704", "", "", ""],
    ["達成率", "", "93.6%", "58.6%", "", "", ""],
    ["参考判定", "", "○概ね達成", "◎順調", "", "", ""],
]
START_UPS = [  # no figure in the half-year, and no target after R8
    YEARS,
    ["目標", "", "37", "37", "37", "", ""],
    ["年度実績", "41", "44", "", "", "", ""],
    ["上半期実績", "", "", "—", "", "", ""],
    ["達成率", "", "118.9%", "—", "", "", ""],
    ["参考判定", "", "◎達成", "－判定なし", "", "", ""],
]
AREA_LAW = [  # zeros are figures
    YEARS,
    ["目標", "", "1", "1", "1", "1", "1"],
    ["年度実績", "0", "0", "", "", "", ""],
    ["上半期実績", "", "", "1", "", "", ""],
    ["達成率", "", "0%", "100%", "", "", ""],
    ["参考判定", "", "×遅れ", "◎順調", "", "", ""],
]
LISTED = [
    YEARS,
    ["目標", "", "140", "150", "160", "170", "180"],
    ["年度実績", "122", "136", "", "", "", ""],
    ["上半期実績", "", "", "137", "", "", ""],
    ["達成率", "", "77.8%", "7.1%", "", "", ""],
    ["参考判定", "", "△やや遅れ", "×遅れ", "", "", ""],
]
CODES = [f"1-{n}" for n in range(1, 6)] + [f"2-{n}" for n in range(1, 5)]
CODES += [f"3-{n}" for n in range(1, 7)]
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def content(in_passing):
    with in_passing() as plan:
        return council_workbook(papers_of(plan))


@pytest.fixture(scope="module")
def page(content):
    return opened(content)["指標別"]


def top(page, code):
    """Return the row of a block's heading."""
    return next(row[0].row for row in page.rows if seen(row[0]).startswith(f"{code}　"))


def table(page, code, last="G"):
    row = top(page, code)
    return picture(page, f"A{row + 1}:{last}{row + 6}")


def words(page, code):
    """Return the rows of words of a block, from 算式 on, by their label."""
    found, row = {}, top(page, code) + 7
    while seen(page.cell(row, 1)):
        found[seen(page.cell(row, 1))] = seen(page.cell(row, 2))
        row += 1
    return found


def rich_content(**actuals):
    """Return the file for the rich plan; keywords are fields of 1-1's actual in R7 上半期."""
    return council_workbook(CouncilPapers(changed(rich_progress(), **actuals), None, (), None))


def changed(progress, name=None, **actuals):
    strategy = progress.strategies[0]
    one = strategy.indicators[0]
    years = list(one.years)
    (result,) = years[1].results
    told = replace(result, actual=replace(result.actual, **actuals))
    years[1] = replace(years[1], results=(told,))
    one = replace(one, years=tuple(years), name=name or one.name)
    first = replace(strategy, indicators=(one,))
    return replace(progress, strategies=(first, *progress.strategies[1:]))


def of_indicator(**fields):
    """Return the file for a plan of the rich plan's 1-1 alone, with these fields."""
    progress = rich_progress()
    strategy = progress.strategies[0]
    one = replace(strategy.indicators[0], **fields)
    alone = replace(progress, strategies=(replace(strategy, indicators=(one,)),))
    return council_workbook(CouncilPapers(alone, None, (), None))


# --- tables ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "wanted"),
    [("1-1", CONSULTATIONS), ("1-4", START_UPS), ("1-5", AREA_LAW), ("2-4", LISTED)],
)
def test_the_papers_figures_by_year(page, code, wanted):
    assert table(page, code) == wanted


def test_every_kpi_has_its_block_in_the_papers_order(page):
    headings = [cell.value for cell in page["A"] if cell.style == "表 指標見出し"]
    assert [one.partition("　")[0] for one in headings] == CODES
    row = top(page, "2-2")
    assert seen(page.cell(row, 1)) == (
        "2-2　門真市ものづくり企業ネットワーク会員大会・定例会参加率（%）"
    )
    assert seen(page.cell(row, 8)) == "基本戦略2　ネットワーク・連携"


def test_figures_and_rates_are_numbers_and_nothing_is_an_empty_cell(page):
    row = top(page, "1-1")
    assert page.cell(row + 4, 4).value == 704
    assert page.cell(row + 5, 4).value == 0.586
    assert page.cell(row + 5, 4).number_format == '0.0%;"▲"0.0%'
    assert page.cell(row + 2, 2).value is None
    assert page.cell(row + 3, 4).value is None


def test_judgements_are_tinted_by_their_tone(page):
    row = top(page, "1-1") + 6
    assert [page.cell(row, n).style for n in (3, 4, 5)] == [
        "判定 おおむね良い（縮小）",
        "判定 良い（縮小）",
        "表 数値（中央）",
    ]


def test_the_half_year_is_told_on_top_of_every_page(page, published):
    assert page.print_title_rows == "$1:$1"
    told = "R7の達成率と参考判定は上半期（4～9月）の実績による"
    assert told in [cell.value for cell in page[1]]
    whole = opened(council_workbook(papers_of(published, Period(2024, Term.FY))))["指標別"]
    assert [cell.value for cell in whole[1] if cell.value] == ["指標別の状況"]


def test_a_provisional_a_negative_and_a_rate_over_hundred(published):
    page = opened(rich_content())["指標別"]
    assert table(page, "1-1")[2][2] == "1,124（速報）"
    assert [row[3] for row in table(page, "3-5")] == [
        "R7年度", "405.5", "▲0.5", "—", "▲8922.22%", "×遅れ",
    ]  # fmt: skip
    page = opened(council_workbook(papers_of(published)))["指標別"]
    assert page.cell(top(page, "1-4") + 5, 3).value == 1.189


def test_years_that_an_indicator_does_not_know_are_empty():
    page = opened(rich_content())["指標別"]
    assert [row[1:3] for row in table(page, "3-5")[1:]] == [["", ""]] * 5


# --- words ----------------------------------------------------------------------------------------


def test_the_formula_its_calculation_and_the_notes(page):
    told = words(page, "2-4")
    assert told["算式"] == (
        "（実績 − 前年度実績）÷（目標 − 前年度実績）　小数第1位まで（四捨五入、末尾の0は省く）\n"
        "R7上半期: （137 − 136）÷（150 − 136） × 100 = 7.142857… → 7.1%"
    )
    told = words(page, "1-1")
    assert told["算式"].endswith("R7上半期: 704 ÷ 1,200 × 100 = 58.666666… → 58.6%")
    assert "R8～R10年度の目標: 毎年度策定（前年度の3月策定）を行う" in told["備考・定義"]
    assert "※特定創業支援事業による支援件数" in words(page, "1-2")["備考・定義"].split("\n")


def test_no_rate_and_no_figure_say_why(page):
    assert words(page, "2-2")["算式"].endswith("R7上半期: —（上半期は達成率を算定しない）")
    assert "R7上半期の実績—: 公表資料に記載なし" in words(page, "3-5")["備考・定義"]


def test_what_nobody_wrote_stays_empty(page):
    told = words(page, "1-1")
    assert (told["要因"], told["今後の対応"]) == ("", "")


def test_cause_and_next_step_of_the_reported_period():
    page = opened(rich_content(cause="相談増", next_step="続ける", note="注"))["指標別"]
    told = words(page, "1-1")
    assert (told["要因"], told["今後の対応"]) == ("相談増", "続ける")
    assert "注" in told["備考・定義"].split("\n")


def test_an_overridden_judgement_shows_the_computed_one_and_the_reason():
    page = opened(rich_content())["指標別"]
    assert words(page, "1-1")["判定の変更"] == (
        "計算による参考判定「◎順調」を「○概ね順調」に変更（理由: 下期に減る見込みのため）"
    )
    assert table(page, "1-1")[5][3] == "○概ね順調"
    assert "判定の変更" not in words(page, "3-5")


def test_a_cause_of_2000_characters_arrives_whole_and_flows():
    text = "".join(f"{n:03d}、" for n in range(500))
    page = opened(rich_content(cause=text))["指標別"]
    row, pieces = top(page, "1-1") + 8, []
    assert seen(page.cell(row, 1)) == "要因"
    while seen(page.cell(row, 1)) in ("要因", ""):
        pieces.append(seen(page.cell(row, 2)))
        assert page.row_dimensions[row].height < 200
        row += 1
    assert "".join(pieces) == text
    assert len(pieces) > 2


def test_a_long_name_makes_its_heading_higher():
    name = "長い指標名" * 60
    page = opened(council_workbook(CouncilPapers(changed(rich_progress(), name), None, (), None)))
    page = page["指標別"]
    assert page.row_dimensions[top(page, "1-1")].height > 80


def test_a_plan_without_indicators_says_so():
    content = council_workbook(
        CouncilPapers(replace(rich_progress(), strategies=()), None, (), None)
    )
    page = opened(content)["指標別"]
    assert "この計画に指標はありません。" in [cell.value for cell in page["A"]]
    assert charts(content, "指標別") == []


# --- charts ---------------------------------------------------------------------------------------


def test_each_chart_draws_its_own_blocks_cells(content, page):
    found = charts(content, "指標別")
    assert len(found) == 15
    for chart, code in zip(found, CODES, strict=True):
        row = top(page, code)
        for one in chart.series:
            assert one.labels == f"'指標別'!$B${row + 1}:$G${row + 1}"
        assert chart.first == (row + 1, 8)
        assert chart.last == (row + 7, 8)


def test_columns_for_actuals_and_a_line_for_targets(content, page):
    chart = charts(content, "指標別")[0]
    assert [(one.kind, cells(page, one.name)[0]) for one in chart.series] == [
        ("barChart", "年度実績"),
        ("barChart", "上半期実績"),
        ("lineChart", "目標"),
    ]
    assert [cells(page, one.values) for one in chart.series] == [
        [1078, 1124, None, None, None, None],
        [None, None, 704, None, None, None],
        [None, 1200, 1200],  # the words of linked years would be drawn as zero
    ]
    assert chart.value("chart/dispBlanksAs") == "gap"


def test_whole_and_half_years_are_told_apart_in_grey_print(content):
    whole, half, target = (one.xml for one in charts(content, "指標別")[0].series)
    assert whole.find(f"{C}spPr/{A}solidFill/{A}srgbClr").get("val") == "0017C1"
    assert half.find(f"{C}spPr/{A}pattFill").get("prst") == "wdUpDiag"
    assert target.find(f"{C}spPr/{A}ln/{A}prstDash").get("val") == "sysDash"
    assert target.find(f"{C}marker/{C}symbol").get("val") == "diamond"


def test_what_has_no_figure_at_all_is_not_in_the_legend(content, page):
    chart = charts(content, "指標別")[CODES.index("1-2")]  # no figure in the half-year
    assert [cells(page, one.name)[0] for one in chart.series] == ["年度実績", "目標"]


def test_axes_begin_at_zero_and_name_the_unit(content):
    chart = charts(content, "指標別")[0]
    assert chart.value("chart/plotArea/valAx/scaling/min") == "0"
    assert chart.value("chart/plotArea/valAx/delete") == "0"
    assert chart.value("chart/plotArea/catAx/delete") == "0"
    assert chart.value("chart/plotArea/valAx/majorUnit") == "500"
    code = chart.xml.find(f".//{C}valAx/{C}numFmt")
    assert (code.get("formatCode"), code.get("sourceLinked")) == ('#,##0;"▲"#,##0', "0")
    assert chart.value("chart/legend/legendPos") == "b"
    assert chart.value("roundedCorners") == "0"
    assert [one for one in chart.words if one] == ["件"]


@pytest.mark.parametrize(("code", "step"), [("1-5", "1"), ("2-2", "5"), ("2-4", "50")])
def test_grid_lines_stand_at_round_numbers(content, code, step):
    chart = charts(content, "指標別")[CODES.index(code)]
    assert chart.value("chart/plotArea/valAx/majorUnit") == step


def test_a_negative_figure_lowers_the_axis():
    chart = charts(rich_content(), "指標別")[1]  # 405.5 and ▲0.5
    assert chart.value("chart/plotArea/valAx/scaling/min") == "-100"
    assert chart.value("chart/plotArea/catAx/tickLblPos") == "low"


def test_columns_of_a_year_with_both_stand_beside_each_other():
    one = rich_progress().strategies[0].indicators[0]
    half = one.years[1].results[0]
    whole = replace(half, period=Period(2025, Term.FY))
    years = (replace(one.years[1], results=(half, whole)),)
    (both,) = charts(of_indicator(years=years), "指標別")
    (alone,) = charts(of_indicator(years=one.years), "指標別")
    assert both.value("chart/plotArea/barChart/overlap") == "0"
    assert alone.value("chart/plotArea/barChart/overlap") == "100"


def test_an_indicator_without_any_figure_still_has_its_chart():
    content = of_indicator(years=())
    (chart,) = charts(content, "指標別")
    page = opened(content)["指標別"]
    assert [cells(page, one.values) for one in chart.series] == [[None] * 6]
    assert table(page, "1-1")[1:] == [
        [label, *[""] * 6] for label in ("目標", "年度実績", "上半期実績", "達成率", "参考判定")
    ]


def test_a_linked_year_between_two_targets_leaves_a_gap_in_the_line():
    one = rich_progress().strategies[0].indicators[0]
    later = replace(
        one.years[2],
        fiscal_year=2027,
        target=Target(TargetStatus.SET, Decimal(1300), "1,300", "", ""),
    )
    content = of_indicator(years=(*one.years, later))
    page = opened(content)["指標別"]
    assert table(page, "1-1")[1] == ["目標", "", "1,200", "1,200", "", "1,300", ""]
    assert cells(page, charts(content, "指標別")[0].series[-1].values) == [
        None, 1200, 1200, None, 1300,
    ]  # fmt: skip
    assert "R8年度の目標: 実施計画で定める目標値と連動" in words(page, "1-1")["備考・定義"]


# --- pages ----------------------------------------------------------------------------------------


def blocks(page):
    """Return the rows of each block, its heading first."""
    tops = [cell.row for cell in page["A"] if cell.style == "表 指標見出し"]
    ends = [*(one - 1 for one in tops[1:]), page.max_row]
    return [range(first, last + 1) for first, last in zip(tops, ends, strict=True)]


def high(page, rows):
    return sum(page.row_dimensions[row].height or 15 for row in rows)


def test_no_block_is_split_and_two_go_on_a_page(page):
    breaks = [one.id for one in page.row_breaks.brk]
    tops = [block.start for block in blocks(page)]
    assert [one + 1 for one in breaks] == tops[2::2]
    for first, second in zip(blocks(page)[::2], blocks(page)[1::2], strict=False):
        assert high(page, [1, *first, *second]) <= 495  # of 501 that A4 landscape leaves


def test_a_block_with_much_to_say_has_a_page_of_its_own_and_a_larger_chart(published):
    progress = shown(published.slug).progress
    strategy = progress.strategies[0]
    said = [
        replace(one, note="備考の文章。" * 60) if one.code == "1-1" else one
        for one in strategy.indicators
    ]
    longer = replace(progress, strategies=(replace(strategy, indicators=tuple(said)),))
    page = opened(council_workbook(papers_of(published, progress=longer)))["指標別"]
    first, second = blocks(page)[:2]
    assert page.row_breaks.brk[0].id == second.start - 1
    assert page.row_dimensions[first.start + 2].height == 32
    assert page.row_dimensions[second.start + 2].height == 14.5
