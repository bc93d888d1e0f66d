"""KGI: the paper's table ②, beside the comparator and as a chart."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kpis.growth import kgi_years
from kpis.papers import CouncilPapers
from kpis.workbooks.council import council_workbook
from tests.builders import rich_progress
from tests.charts import A, C, cells, charts
from tests.printed import opened, picture, seen
from tests.test_council_tables import papers_of
from tests.test_kgi_pages import FURTHER, YEARS

# Typed in from the paper; indexes by hand: 23,139,459 / 26,214,886 = 88.27% and so on.
HEADINGS = [
    "年", "値（万円）", "伸び率", "大阪府全体の伸び率", "差\n（ポイント）", "指数（市）", "指数（大阪府全体）",
]  # fmt: skip
VALUE_ADDED = [
    ["令和3(2021)年", "23,139,459", "", "", "", "88.3", ""],
    ["令和4(2022)年", "26,214,886", "起点", "", "", "100.0", "100.0"],
    ["令和5(2023)年", "27,570,624", "5.2%", "1.9%", "+3.3", "105.2", "101.9"],
]
PER_HEAD = [
    ["令和3(2021)年", "1,756", "", "", "", "92.2", ""],
    ["令和4(2022)年", "1,904", "起点", "", "", "100.0", "100.0"],
    ["令和5(2023)年", "2,101", "10.3%", "2.5%", "+7.8", "110.3", "102.5"],
]
TARGET = "令和4(2022)年～令和10(2028)年の大阪府全体の伸びを上回る"
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def content(in_passing):
    with in_passing() as plan:
        return council_workbook(papers_of(plan))


@pytest.fixture(scope="module")
def page(content):
    return opened(content)["KGI"]


def of(**fields):
    """Return the file for the rich plan whose one KGI has these fields."""
    progress = rich_progress()
    kgi = replace(progress.kgis[0], **fields)
    return council_workbook(CouncilPapers(replace(progress, kgis=(kgi,)), None, (), None))


def full():
    """Return the file for a KGI with a late year, a revision and two further comparators."""
    progress = rich_progress()
    kgi = replace(progress.kgis[0], years=kgi_years(YEARS, 2022, 0, FURTHER))
    return council_workbook(CouncilPapers(replace(progress, kgis=(kgi,)), None, (), None))


def row_of(page, text):
    return next(row[0].row for row in page.rows if seen(row[0]) == text)


def texts(page):
    return [seen(cell) for row in page.rows for cell in row if cell.value is not None]


@pytest.mark.parametrize(
    ("heading", "wanted", "sentence"),
    [
        (
            "市内製造業粗付加価値額（万円）",
            VALUE_ADDED,
            "令和5(2023)年は令和4(2022)年から5.2%の伸びで、大阪府全体（1.9%）を3.3ポイント上回っています。",
        ),
        (
            "市内製造業従事者一人当たりの付加価値生産性（万円）",
            PER_HEAD,
            "令和5(2023)年は令和4(2022)年から10.3%の伸びで、大阪府全体（2.5%）を7.8ポイント上回っています。",
        ),
    ],
)
def test_the_papers_figures(page, heading, wanted, sentence):
    top = row_of(page, heading)
    assert seen(page.cell(top + 1, 1)) == sentence
    assert picture(page, f"A{top + 2}:G{top + 5}") == [HEADINGS, *wanted]
    below = picture(page, f"A{top + 6}:B{top + 8}")
    assert below == [
        ["目標（2028年）", TARGET],
        ["出所", "経済産業省「経済構造実態調査」"],
        ["備考", "計画 P68"],
    ]


def test_figures_are_numbers(page):
    top = row_of(page, "市内製造業粗付加価値額（万円）")
    found = [cell.value for cell in page[top + 5][1:7]]
    assert found == [27570624, 0.052, 0.019, 3.3, 105.2, 101.9]
    assert {cell.data_type for cell in page[top + 5][1:7]} == {"n"}


def test_what_is_not_known_is_an_empty_cell(page):
    top = row_of(page, "市内製造業粗付加価値額（万円）")
    assert [page.cell(top + 3, column).value for column in (3, 4, 5, 7)] == [None] * 4


def test_each_chart_draws_both_indexes_of_its_own_table(content, page):
    found = charts(content, "KGI")
    tops = [row_of(page, one) for one in ("市内製造業粗付加価値額（万円）",)]
    tops.append(row_of(page, "市内製造業従事者一人当たりの付加価値生産性（万円）"))
    assert len(found) == 2
    for chart, top, table in zip(found, tops, (VALUE_ADDED, PER_HEAD), strict=True):
        city, others = chart.series
        assert [one.kind for one in chart.series] == ["lineChart", "lineChart"]
        assert cells(page, city.labels) == [row[0] for row in table]
        assert cells(page, city.name) == ["指数（市）"]
        assert cells(page, city.values) == [float(row[5]) for row in table]
        assert cells(page, others.name) == ["指数（大阪府全体）"]
        assert cells(page, others.values) == [None, 100, float(table[2][6])]
        assert (chart.first, chart.last[1]) == ((top + 2, 8), 8)  # beside the table
        assert top + 8 <= chart.last[0] <= top + 9


def test_the_lines_are_told_apart_in_grey_print(content):
    for chart in charts(content, "KGI"):
        city, others = (one.xml for one in chart.series)
        assert [one.find(f".//{A}prstDash").get("val") for one in (city, others)] == [
            "solid",
            "sysDash",
        ]
        marks = [one.find(f"{C}marker/{C}symbol").get("val") for one in (city, others)]
        assert marks == ["circle", "square"]
        for one in (city, others):
            assert one.find(f"{C}dLbls/{C}showVal").get("val") == "1"


def test_axes_are_shown_and_blanks_leave_gaps(content):
    for chart in charts(content, "KGI"):
        assert chart.value("chart/plotArea/catAx/delete") == "0"
        assert chart.value("chart/plotArea/valAx/delete") == "0"
        assert chart.value("chart/dispBlanksAs") == "gap"
        assert chart.value("chart/legend/legendPos") == "b"
        assert chart.value("roundedCorners") == "0"
        least = float(chart.value("chart/plotArea/valAx/scaling/min"))
        assert 80 <= least < 95  # near the lowest index, not at zero
        assert [one for one in chart.words if one] == ["2022年＝100"]


def test_a_plan_without_kgis_says_so():
    content = council_workbook(CouncilPapers(replace(rich_progress(), kgis=()), None, (), None))
    assert "この計画には、KGI（重要目標達成指標）が設定されていません。" in texts(
        opened(content)["KGI"]
    )
    assert charts(content, "KGI") == []


def test_a_year_without_a_value_stays_empty_and_its_note_is_told():
    page = opened(of())["KGI"]
    row = row_of(page, "令和3(2021)年")
    assert [cell.value for cell in page[row][1:7]] == [None] * 6
    assert "令和3(2021)年: 未公表" in texts(page)


@pytest.mark.parametrize(
    ("growth", "difference", "words", "sign"),
    [
        ("-2.0", "-3.9", "を3.9ポイント下回っています", "▲3.9"),
        ("1.9", "0", "と同じです", "0.0"),
        ("1.94", "0.04", "と同じです", "0.0"),  # not 0.0 points above
    ],
)
def test_a_growth_below_the_comparators(growth, difference, words, sign):
    year = replace(
        rich_progress().kgis[0].years[1], growth=Decimal(growth), difference=Decimal(difference)
    )
    page = opened(of(years=(year,)))["KGI"]
    assert any(words in one for one in texts(page))
    row = row_of(page, "令和5(2023)年")
    assert seen(page.cell(row, 5)) == sign


def test_without_a_comparable_year_the_sentence_says_so():
    page = opened(of(years=(rich_progress().kgis[0].years[0],)))["KGI"]
    assert "伸び率を比較できる年の数値が、まだありません。" in texts(page)


def test_the_papers_two_kgis_stand_on_one_page(page):
    assert page.row_breaks.brk == []


def test_a_kgi_is_never_split_over_pages():
    progress = rich_progress()
    kgis = tuple(replace(progress.kgis[0], name=f"指標{n}") for n in range(5))
    content = council_workbook(CouncilPapers(replace(progress, kgis=kgis), None, (), None))
    page = opened(content)["KGI"]
    breaks = [one.id for one in page.row_breaks.brk]
    assert len(breaks) == 2  # two to a page
    for chart in charts(content, "KGI"):
        block = range(chart.first[0] - 2, chart.last[0])  # with its heading and its sentence
        assert not [one for one in breaks if one in block]


def test_a_long_comparator_makes_the_headings_higher():
    rows = [
        page.row_dimensions[row_of(page, "年")].height
        for page in (opened(of())["KGI"], opened(of(comparator="長い比較対象" * 10))["KGI"])
    ]
    assert rows[0] < 60 < 150 < rows[1]


def test_a_long_name_makes_its_row_higher():
    page = opened(of(name="長い名前" * 50))["KGI"]
    row = row_of(page, f"{'長い名前' * 50}（万円）")
    assert page.row_dimensions[row].height > 40


def test_late_and_revised_years_say_so_and_figures_stay_numbers():
    page = opened(full())["KGI"]
    top = row_of(page, "年")
    assert picture(page, f"A{top + 1}:G{top + 4}") == [
        ["令和4(2022)年", "26,300,000", "起点", "", "", "100.0", "100.0"],
        ["令和5(2023)年", "27,600,000（改定）", "4.9%", "2.0%（改定）", "+2.9", "104.9", "102.0"],
        ["令和6(2024)年", "28,010,000", "6.5%", "2.6%", "+3.9", "106.5", "102.6"],
        ["令和7(2025)年", "未公表（令和9年3月公表予定）", "<", "", "", "", ""],  # over two columns
    ]
    assert page.cell(top + 2, 2).value == 27600000
    assert page.cell(top + 2, 4).value == 0.02
    (told,) = [one for one in texts(page) if "改定前" in one]
    assert told.splitlines() == [
        "令和8年4月1日改定: 令和2年基準への改定",
        "　令和5(2023)年 値　改定前 27,570,624、改定後 27,600,000",
        "　令和5(2023)年 大阪府全体の伸び率　改定前 1.9%、改定後 2.0%",
        "伸び率、差、指数は、改定後の値で計算しています。",
    ]


def test_further_comparators_stand_below_and_as_thin_lines():
    content = full()
    page = opened(content)["KGI"]
    top = row_of(page, "全国（参考）")
    years = [f"令和{one}({one + 2018})年" for one in (4, 5, 6)]
    found = [
        [seen(page.cell(row, column)) for column in (2, 3, 5, 6)] for row in range(top, top + 6)
    ]
    assert found == [
        [years[0], "36,000", "", "100.0"],
        [years[1], "", "", ""],
        [years[2], "37,300", "3.6%", "103.6"],
        [years[0], "", "", ""],
        [years[1], "", "1.2%", "101.2"],
        [years[2], "", "1.5%", "101.5"],
    ]
    (chart,) = charts(content, "KGI")
    assert [cells(page, one.name) for one in chart.series] == [
        ["指数（市）"], ["指数（大阪府全体）"], ["全国（参考）"], ["近畿（参考）"],
    ]  # fmt: skip
    assert cells(page, chart.series[2].values) == [100, None, 103.6]
    assert cells(page, chart.series[3].values) == [None, 101.2, 101.5]


def test_a_comparator_given_as_values_stands_below():
    years = [
        replace(YEARS[0], comparator_value=Decimal(1000)),
        replace(YEARS[2], comparator_growth=None, comparator_value=Decimal(1026)),
    ]
    page = opened(of(years=kgi_years(years, 2022, 0)))["KGI"]
    top = row_of(page, "比較対象") + 1
    assert [seen(page.cell(top + 1, column)) for column in (1, 2, 3, 5, 6)] == [
        "", "令和6(2024)年", "1,026", "2.6%", "102.6",
    ]  # fmt: skip
    assert seen(page.cell(top, 1)) == "大阪府全体"


def test_a_long_list_of_comparators_leaves_no_empty_page():
    progress = rich_progress()
    further = [replace(one, name=f"{one.name}{turn}") for turn in range(5) for one in FURTHER]
    kgi = replace(progress.kgis[0], years=kgi_years(YEARS, 2022, 0, further))
    papers = CouncilPapers(replace(progress, kgis=(kgi,)), None, (), None)
    page = opened(council_workbook(papers))["KGI"]
    first, *_ = [one.id for one in page.row_breaks.brk]
    assert first > row_of(page, "目標（2028年）")
    assert "市内製造業粗付加価値額の比較対象" in texts(page)


def test_the_summary_tells_what_is_awaited():
    page = opened(full())["総括"]
    assert "市内製造業粗付加価値額: 令和7(2025)年は未公表（令和9年3月公表予定）" in texts(page)
