"""総括: counts by judgement, changes, KGIs in a line each and the points for discussion."""

from dataclasses import replace

import pytest

from actions.fiscal import Period, Term
from kpis.papers import CouncilPapers
from kpis.selectors import shown
from kpis.workbooks.council import council_workbook
from tests.builders import rich_progress
from tests.charts import A, C, cells, charts
from tests.printed import opened, seen
from tests.test_council_tables import papers_of

R6 = Period(2024, Term.FY)
# Worked out by hand from the paper's figures and the shipped bands: see test_changes.py.
COUNTS = [
    ["基本戦略", "◎順調", "○概ね順調", "△やや遅れ", "×遅れ", "✓目標に到達", "－判定なし", "計"],
    ["1 イノベーション", "2", "0", "0", "1", "0", "2", "5"],
    ["2 ネットワーク・連携", "1", "0", "0", "1", "1", "1", "4"],
    ["3 基盤・集積強化", "1", "1", "0", "2", "0", "2", "6"],
    ["合計", "4", "1", "0", "4", "1", "5", "15"],
]
KGIS = [
    ["指標", "年", "値", "伸び率", "大阪府全体の伸び率", "差（ポイント）", "目標"],
    [
        "市内製造業粗付加価値額（万円）", "令和5(2023)年", "27,570,624", "5.2%", "1.9%", "+3.3",
        "令和4(2022)年～令和10(2028)年の大阪府全体の伸びを上回る",
    ],
    [
        "市内製造業従事者一人当たりの付加価値生産性（万円）", "令和5(2023)年", "2,101", "10.3%", "2.5%",
        "+7.8", "令和4(2022)年～令和10(2028)年の大阪府全体の伸びを上回る",
    ],
]  # fmt: skip
CHANGES = [
    ["変化", "指標数", "指標（令和6年度の参考判定 → 令和7年度上半期の参考判定）"],
    [
        "改善", "2",
        "1-1 門真市中小企業サポートセンター相談件数（○概ね達成 → ◎順調）\n"
        "1-5 地域未来法による地域経済牽引事業計画新規認定件数（×遅れ → ◎順調）",
    ],
    ["横ばい", "3", "2-1、2-3、3-2"],
    [
        "悪化", "5",
        "1-3 先端設備等導入計画認定件数（△やや遅れ → ×遅れ）\n"
        "2-4 「ものづくりタウンかどま」掲載企業数（△やや遅れ → ×遅れ）\n"
        "3-1 産業誘導区域への移転等件数（△やや遅れ → ×遅れ）\n"
        "3-4 カドマイスター認定企業数（◎達成 → ×遅れ）\n"
        "3-6 門真市中小企業サポートセンターによる事業承継相談・支援数（◎達成 → ○概ね順調）",
    ],
    ["比較できない", "5", "1-2、1-4、2-2、3-3、3-5"],
]  # fmt: skip
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def content(in_passing):
    with in_passing() as plan:
        before = shown(plan.slug, R6).progress
        return council_workbook(papers_of(plan, before=before))


@pytest.fixture(scope="module")
def page(content):
    return opened(content)["総括"]


def rich(**fields):
    progress = replace(rich_progress(), **fields)
    return council_workbook(CouncilPapers(progress, None, (), None))


def rows_of(page):
    """Return each row's texts and numbers as seen, without the empty cells."""
    found = [[seen(cell) for cell in row if cell.value is not None] for row in page.rows]
    return [row for row in found if row]


def below(page, first, number):
    """Return so many rows from the one that begins with the text."""
    rows = rows_of(page)
    start = next(place for place, row in enumerate(rows) if row[0] == first)
    return rows[start : start + number]


def test_judgements_are_counted_by_strategy_and_in_total(page):
    assert below(page, "基本戦略", 5) == COUNTS


def test_the_judgement_is_called_a_reference_and_says_where_its_rules_are(page):
    assert rows_of(page)[0] == ["参考判定の集計（令和7年度上半期）"]
    note = (
        "参考判定は、目標と実績から計算した参考の区分です。市が公表した判定ではありません。"
        "判定の基準は、シート「算定ルール・注記」にあります。"
    )
    assert [note] in rows_of(page)


def test_counts_are_numbers(page):
    row = next(row for row in page.rows if row[0].value == "合計")
    found = [cell for cell in row[1:] if cell.value is not None]
    assert [cell.value for cell in found] == [4, 1, 0, 4, 1, 5, 15]
    assert {cell.data_type for cell in found} == {"n"}


def test_the_chart_stacks_the_tables_own_cells(content, page):
    (chart,) = charts(content, "総括")
    assert [cells(page, one.name)[0] for one in chart.series] == COUNTS[0][1:-1]
    for place, one in enumerate(chart.series, start=1):
        assert one.kind == "barChart"
        assert cells(page, one.labels) == [row[0] for row in COUNTS[1:4]]
        assert cells(page, one.values) == [int(row[place]) for row in COUNTS[1:4]]
    assert chart.value("chart/plotArea/barChart/grouping") == "stacked"
    assert chart.value("chart/plotArea/barChart/barDir") == "bar"
    assert chart.value("chart/plotArea/barChart/overlap") == "100"
    assert chart.value("chart/plotArea/catAx/scaling/orientation") == "maxMin"
    assert chart.value("chart/plotArea/valAx/scaling/min") == "0"
    assert chart.value("chart/plotArea/valAx/scaling/max") == "6"
    assert [one for one in chart.words if one] == ["指標数"]


def test_the_charts_colours_and_its_labels_signs(content):
    (chart,) = charts(content, "総括")
    fills = [one.xml.find(f"{C}spPr/{A}solidFill/{A}srgbClr").get("val") for one in chart.series]
    assert fills == ["0017C1", "3460FB", "C74700", "A90000", "0017C1", "666666"]
    labels = [one.xml.find(f"{C}dLbls/{C}numFmt") for one in chart.series]
    assert [one.get("formatCode") for one in labels] == [
        '"◎"0;;', '"○"0;;', '"△"0;;', '"×"0;;', '"✓"0;;', '"－"0;;',
    ]  # fmt: skip
    assert {one.get("sourceLinked") for one in labels} == {"0"}


def test_the_chart_stands_on_cells_of_its_own(content, page):
    (chart,) = charts(content, "総括")
    rows = range(chart.first[0], chart.last[0] + 1)
    assert all(cell.value is None for row in rows for cell in page[row])
    assert sum(page.row_dimensions[row].height for row in rows) > 100


def test_each_kgi_stands_in_one_line(page):
    assert below(page, "指標", 3) == KGIS


def test_changes_are_counted_and_the_moved_ones_named(page):
    assert ["前回（令和6年度）からの変化"] in rows_of(page)
    assert below(page, "変化", 5) == CHANGES


def test_without_an_earlier_publication_there_is_nothing_to_compare(published):
    page = opened(council_workbook(papers_of(published, before=None)))["総括"]
    assert ["前回からの変化"] in rows_of(page)
    assert ["これより前の期間の公表がないため、比べるものがありません。"] in rows_of(page)
    assert not [row for row in rows_of(page) if row[0] == "変化"]


def test_the_three_points_are_numbered(page):
    first, second, third = below(page, "1", 3)
    assert first[:2] == ["1", "目標との開きが大きい指標"]
    assert first[2].startswith("目標に向けて遅れがみられる指標は4指標です。")
    assert second == [
        "2",
        "遅れているアクション（令和7年度）",
        "この計画には、アクションの記録がありません。",
    ]
    assert third[:2] == ["3", "説明が足りない数値"]


def test_the_papers_own_plan_takes_two_pages(page):
    (only,) = page.row_breaks.brk
    assert seen(page.cell(only.id + 1, 1)) == "議論いただきたい点"


def test_many_moved_indicators_are_cut_short():
    progress = rich_progress()
    strategy = progress.strategies[0]
    one = strategy.indicators[0]
    many = tuple(replace(one, code=f"1-{n}") for n in range(1, 13))
    after = replace(progress, strategies=(replace(strategy, indicators=many),))
    better = tuple(
        replace(
            each,
            years=tuple(
                replace(
                    year,
                    results=tuple(
                        replace(r, judgement=replace(r.judgement, override=None))
                        for r in year.results
                    ),
                )
                for year in each.years
            ),
        )
        for each in many
    )
    before = replace(progress, strategies=(replace(strategy, indicators=better),))
    page = opened(council_workbook(CouncilPapers(after, before, (), None)))["総括"]
    (row,) = [row for row in rows_of(page) if row[0] == "悪化"]
    lines = row[2].split("\n")
    assert row[1] == "12"
    assert [line.split()[0] for line in lines[:8]] == [f"1-{n}" for n in range(1, 9)]
    assert lines[8:] == ["ほか4指標（1-9、1-10、1-11、1-12）"]


def test_a_plan_without_bands_counts_what_there_is():
    content = rich(bands=())
    found = below(opened(content)["総括"], "基本戦略", 1)
    assert found == [["基本戦略", "○概ね順調", "－判定なし", "計"]]
    assert len(charts(content, "総括")) == 1


def test_a_plan_without_kgis_says_so():
    page = opened(rich(kgis=()))["総括"]
    assert ["この計画には、KGI（重要目標達成指標）が設定されていません。"] in rows_of(page)


def test_a_strategy_without_indicators_counts_zero():
    progress = rich_progress()
    first, second = progress.strategies
    page = opened(rich(strategies=(replace(first, indicators=()), second)))["総括"]
    assert below(page, "1 イノベーション", 1) == [
        ["1 イノベーション", "0", "0", "0", "0", "0", "0"]
    ]


def test_a_plan_without_strategies_has_no_chart():
    content = rich(strategies=())
    assert charts(content, "総括") == []
    assert below(opened(content)["総括"], "合計", 1) == [["合計", "0", "0", "0", "0", "0"]]


def test_kgis_with_different_comparators_are_not_named_after_one():
    one = rich_progress().kgis[0]
    page = opened(rich(kgis=(one, replace(one, comparator="全国"))))["総括"]
    assert "比較対象の伸び率" in below(page, "指標", 1)[0]


def test_a_kgi_without_growth_shows_its_newest_value():
    one = rich_progress().kgis[0]
    year = replace(one.years[1], growth=None, comparator_growth=None, difference=None)
    page = opened(rich(kgis=(replace(one, years=(one.years[0], year)),)))["総括"]
    assert below(page, "市内製造業粗付加価値額（万円）", 1) == [
        [
            "市内製造業粗付加価値額（万円）",
            "令和5(2023)年",
            "27,570,624",
            "大阪府全体の伸びを上回る",
        ]
    ]
