"""KPI一覧, cell for cell beside the tables of the city's paper of 令和7年12月2日."""

import datetime as dt
from dataclasses import replace

import pytest

from actions.fiscal import Period, Term
from kpis.papers import CouncilPapers, MeetingFacts
from kpis.selectors import shown
from kpis.workbooks.council import council_workbook
from tests.builders import rich_progress
from tests.printed import opened, picture, seen

# The paper's three tables, typed in again from the paper; an indicator takes three lines.
# < and ^ are merged with the cell to the left and above; 第6次 and 導入 are the two long texts.
YEARS = """
指標名|R5年度|R6年度|R7年度|R8年度|R9年度|R10年度
^|実績|目標|目標|目標|目標|目標
^|^|実績|実績|^|^|^
"""
TABLES = {
    "○(1) イノベーション（Change・Chance・Challenge）": """
門真市中小企業サポートセンター相談件数（件）|1,078|1,200|1,200|第6次|<|<
^|^|1,124|704|^|<|<
^|^|^|(58.6%)|^|<|<
創業支援件数（件）/※特定創業支援事業による支援件数|64|136|136|^|<|<
^|^|78|—|^|<|<
^|^|^|^|^|<|<
先端設備等導入計画認定件数（件）/※新規申請・変更申請の合計|17|20|20|20|導入|<
^|^|13|3|^|^|<
^|^|^|(15%)|^|^|<
特定創業支援を受けた市内創業数（件）|41|37|37|37||
^|^|44|—|^|^|^
^|^|^|^|^|^|^
地域未来法による地域経済牽引事業計画新規認定件数（件）/※門真市基本計画で定める目標値|0|1|1|1|1|1
^|^|0|1|^|^|^
^|^|^|(100%)|^|^|^
""",
    "○(2) ネットワーク・連携（Combination・Chain・Cross）": """
門真市ものづくり企業ネットワーク参加社数（件）|99|101|103|第6次|<|<
^|^|101|103|^|<|<
^|^|^|(100%)|^|<|<
門真市ものづくり企業ネットワーク会員大会・定例会参加率（%）|13.2|9.7|14|16|18|20
^|^|9.7|7.2|^|^|^
^|^|^|(—)|^|^|^
もりかど産業支援機関ネットワーク活動回数（回）|2|2|3|3|3|3
^|^|2|2|^|^|^
^|^|^|(67%)|^|^|^
「ものづくりタウンかどま」掲載企業数（社）|122|140|150|160|170|180
^|^|136|137|^|^|^
^|^|^|(7.1%)|^|^|^
""",
    "○(3) 基盤・集積強化（Conditioning・Cluster・Convene）": """
産業誘導区域への移転等件数（件）|0|2|2|第6次|<|<
^|^|1|0|^|<|<
^|^|^|(0%)|^|<|<
学校等教育機関、職業訓練機関等との連携数（件）/※連携して実施した「取組み」ごとに計上|6|8|10|12|14|16
^|^|8|9|^|^|^
^|^|^|(90%)|^|^|^
「合同企業就職説明会・面接会」マッチング数（人）|2|8|10|10|10|10
^|^|8|—|^|^|^
^|^|^|^|^|^|^
カドマイスター認定企業数（社）|2|4|4|4|4|4
^|^|4|0|^|^|^
^|^|^|(0%)|^|^|^
オープンファクトリー参加者数（人）|392|401|405|415|430|450
^|^|401|—|^|^|^
^|^|^|^|^|^|^
門真市中小企業サポートセンターによる事業承継相談・支援数（件）/※大阪府事業承継ネットワーク報告「事業承継診断」件数|4|17|30|40|50|60
^|^|18|12|^|^|^
^|^|^|(40%)|^|^|^
""",
}
LONG = {
    "第6次": "毎年度策定（前年度の3月策定）を行う「門真市第6次総合計画 実施計画」で定める目標値と連動",
    "導入": "門真市導入促進基本計画で定める目標値と連動",
}
MEETING = MeetingFacts(
    "令和7年度第2回門真市ものづくり産業振興懇話会", dt.date(2025, 12, 2), "市役所", "資料1", ""
)
pytestmark = pytest.mark.django_db


def typed(table):
    """Return the typed table's cells."""
    lines = [line.split("|") for line in table.strip("\n").splitlines()]
    return [[LONG.get(one, one).replace("/", "\n") for one in line] for line in lines]


def papers_of(plan, period=None, **others):
    found = shown(plan.slug, period).progress
    return replace(CouncilPapers(found, None, (), MEETING), **others)


def page_of(papers):
    return opened(council_workbook(papers))["KPI一覧"]


def rows_of(page):
    """Return the sheet's rows as seen."""
    return picture(page, page.dimensions)


def row_number(page, text):
    """Return the row whose first cell begins with the text."""
    return next(row[0].row for row in page.rows if seen(row[0]).startswith(text))


@pytest.fixture(scope="module")
def page(in_passing):
    """KPI一覧 of R7 上半期."""
    with in_passing() as plan:
        return page_of(papers_of(plan))


@pytest.mark.parametrize("title", TABLES)
def test_every_cell_of_the_papers_table_stands_in_its_place(page, title):
    wanted = typed(YEARS) + typed(TABLES[title])
    first = row_number(page, title) + 1
    assert picture(page, f"A{first}:G{first + len(wanted) - 1}") == wanted


def test_the_tables_hold_nothing_else_than_their_notes(page):
    found = {row[0] for row in rows_of(page) if row[1] == "<"}
    assert found == {
        "①KPI（成果指標）",
        *TABLES,
        "令和7年度は上半期（4～9月）の実績",
        "—: 公表資料に記載なし（指標 1-2、1-4）",
        "—: 公表資料に記載なし（指標 3-3、3-5）",
        "(—): 上半期は達成率を算定しない（指標 2-2）",
    }


def test_the_half_year_is_told_below_each_table(page):
    found = [row[0] for row in rows_of(page)]
    assert found.count("令和7年度は上半期（4～9月）の実績") == 3


@pytest.mark.parametrize(
    ("shown_as", "value"),
    [("(58.6%)", 0.586), ("(7.1%)", 0.071), ("(67%)", 0.67), ("(0%)", 0), ("1,124", 1124)],
)
def test_figures_and_rates_are_numbers_not_texts(page, shown_as, value):
    cells = [cell for row in page.rows for cell in row if seen(cell) == shown_as]
    assert cells
    assert {(cell.value, cell.data_type) for cell in cells} == {(value, "n")}


def test_each_strategy_begins_on_its_own_page(page):
    breaks = [one.id for one in page.row_breaks.brk]
    assert breaks == [row_number(page, title) - 1 for title in list(TABLES)[1:]]


def test_a_rate_stands_in_one_box_with_its_actual(page):
    first = row_number(page, "門真市中小企業サポートセンター相談件数")
    above, below = page.cell(first + 1, 4), page.cell(first + 2, 4)
    assert (above.value, below.value) == (704, 0.586)
    assert (above.border.top.style, above.border.bottom.style) == ("thin", None)
    assert (below.border.top.style, below.border.bottom.style) == (None, "thin")


def test_merged_cells_have_their_border_all_round(page):
    first = row_number(page, "門真市中小企業サポートセンター相談件数")
    assert page.cell(first, 5).border.left.style == "thin"
    assert page.cell(first, 7).border.right.style == "thin"
    assert page.cell(first + 5, 6).border.bottom.style == "thin"


def test_a_whole_year_shows_its_rates_and_has_no_half_year_line(published):
    page = page_of(papers_of(published, Period(2024, Term.FY)))
    first = row_number(page, "門真市中小企業サポートセンター相談件数")
    assert picture(page, f"B{first}:D{first + 2}") == [
        ["1,078", "1,200", "1,200"],
        ["^", "1,124", "^"],
        ["^", "(93.6%)", "^"],
    ]
    assert picture(page, f"C{first - 3}:D{first - 1}") == [
        ["R6年度", "R7年度"],
        ["目標", "目標"],
        ["実績", "^"],
    ]
    assert not any("上半期" in row[0] for row in rows_of(page))


@pytest.mark.parametrize(("period", "shown_as"), [("H1", "1,124（速報）"), ("FY", "▲0.5")])
def test_a_provisional_actual_and_a_negative_one_are_marked(period, shown_as):
    progress = replace(rich_progress(), period=Period(2025, Term(period)))
    found = rows_of(page_of(CouncilPapers(progress, None, (), None)))
    assert shown_as in [one for row in found for one in row]


def test_a_table_longer_than_a_page_repeats_its_headings(published):
    progress = shown(published.slug).progress
    strategy = progress.strategies[2]
    many = tuple(replace(one, code=f"3-{n}") for n, one in enumerate(strategy.indicators * 3, 1))
    longer = replace(progress, strategies=(replace(strategy, indicators=many),))
    page = page_of(papers_of(published, progress=longer))
    title = "○(3) 基盤・集積強化（Conditioning・Cluster・Convene）"
    tops = [one.id + 1 for one in page.row_breaks.brk]
    assert len(tops) in (2, 3)
    for top in tops:
        assert seen(page.cell(top, 1)) == f"{title}（続き）"
        assert picture(page, f"A{top + 1}:G{top + 3}") == typed(YEARS)


def test_a_strategy_without_indicators_says_so():
    progress = rich_progress()
    empty = replace(progress.strategies[0], indicators=())
    page = page_of(CouncilPapers(replace(progress, strategies=(empty,)), None, (), None))
    assert "この基本戦略の指標はありません。" in [row[0] for row in rows_of(page)]
