"""The council's workbook of a plan that was changed mid-plan: marks, dashes and their notes."""

import pytest

from kpis.services import publish_outright
from kpis.workbooks.council import council_workbook
from tests.charts import cells, charts
from tests.conftest import R7_H1
from tests.printed import opened, picture, seen
from tests.revised import OLD_NAME, RENAMED, REPLACED, REVISED, revise
from tests.snapshots import load_plan
from tests.test_council_details import table, words
from tests.test_council_rules import table as notes
from tests.test_council_tables import papers_of, row_number, rows_of

pytestmark = pytest.mark.django_db
SUCCESSOR = "支援機関の連携による支援件数"
ENDED_NAME = "もりかど産業支援機関ネットワーク活動回数"
ENDED = f"令和6年度で終了（後継: 2-5 {SUCCESSOR}）"
BEGUN = f"令和7年度から測定（前身: 2-3 {ENDED_NAME}）"
RENAMING = f"旧称: {OLD_NAME}、令和7年度に改称"
TARGET = "R8年度の目標: 改定前 150 → 改定後 160"


@pytest.fixture(scope="module")
def content(undone):
    with undone() as administrator:
        plan = revise(load_plan())
        publish_outright(plan=plan, period=R7_H1, by=administrator, reason="公表資料による")
        return council_workbook(papers_of(plan))


@pytest.fixture(scope="module")
def book(content):
    return opened(content)


def block(page, name):
    first = row_number(page, name)
    return picture(page, f"A{first}:G{first + 2}")


def test_the_papers_table_has_dashes_outside_a_life_and_marks_what_changed(book):
    page = book["KPI一覧"]
    assert block(page, ENDED_NAME) == [
        [f"{ENDED_NAME}（回）（終了）", "2", "2", "—", "—", "—", "—"],
        ["^", "^", "2", "^", "^", "^", "^"],
        ["^", "^", "^", "^", "^", "^", "^"],
    ]
    assert block(page, SUCCESSOR) == [
        [f"{SUCCESSOR}（件）", "—", "—", "20", "20", "20", "20"],
        ["^", "^", "^", "12", "^", "^", "^"],
        ["^", "^", "^", "(60%)", "^", "^", "^"],
    ]
    listed = block(page, "「ものづくりタウンかどま」掲載企業数")
    assert listed[0][1:] == ["122", "140", "150", "160※", "170", "180"]
    renamed = block(page, "門真市中小企業サポートセンター相談件数")
    assert renamed[0][0] == f"門真市中小企業サポートセンター相談件数（件）\n（旧称: {OLD_NAME}）"
    assert (
        page.cell(row_number(page, "「ものづくりタウンかどま」"), 5).value == 160
    )  # a number still


def test_footnotes_below_the_table_tell_both_values_and_the_reasons(book):
    found = [one[0] for one in rows_of(book["KPI一覧"]) if one[0].startswith("※")]
    assert found == [
        f"※見直し　1-1 門真市中小企業サポートセンター相談件数　{RENAMING}（理由: {RENAMED}）",
        f"※見直し　2-3 {ENDED_NAME}　{ENDED}（理由: {REPLACED}）",
        f"※改定　2-4 「ものづくりタウンかどま」掲載企業数　{TARGET}（令和7年3月25日改定、理由: {REVISED}）",
        f"※見直し　2-5 {SUCCESSOR}　令和7年度から測定（理由: {REPLACED}）",
    ]


def test_each_block_tells_what_changed(book):
    page = book["指標別"]
    assert table(page, "2-3") == [
        ["年度", "R5年度", "R6年度", "R7年度", "R8年度", "R9年度", "R10年度"],
        ["目標", "", "2", "—", "—", "—", "—"],
        ["年度実績", "2", "2", "—", "—", "—", "—"],
        ["上半期実績", "", "", "—", "—", "—", "—"],
        ["達成率", "", "100%", "—", "—", "—", "—"],
        ["参考判定", "", "◎達成", "—", "—", "—", "—"],
    ]
    assert [one[1:3] for one in table(page, "2-5")[1:]] == [["", ""], *[["—", "—"]] * 4]
    assert table(page, "2-4")[1][4] == "160※"
    texts = {code: words(page, code)["備考・定義"] for code in ("1-1", "2-3", "2-4", "2-5")}
    assert f"{ENDED}（理由: {REPLACED}）" in texts["2-3"]
    assert f"{BEGUN}（理由: {REPLACED}）" in texts["2-5"]
    assert f"{RENAMING}（理由: {RENAMED}）" in texts["1-1"]
    assert f"{TARGET}（令和7年3月25日改定、理由: {REVISED}）" in texts["2-4"]
    assert seen(page.cell(row_number(page, "2-3　"), 1)) == f"2-3　{ENDED_NAME}（回）（終了）"


def test_no_chart_draws_a_target_outside_a_life(content, book):
    page = book["指標別"]
    found = charts(content, "指標別")[7:10]
    lines = [cells(page, one.series[-1].values) for one in found]
    assert lines == [
        [None, 2],  # 2-3 ended with R6: the line ends before the dashes
        [None, 140, 150, 160, 170, 180],
        [None, None, 20, 20, 20, 20],  # 2-5 began in R7: blank cells before it, no dash
    ]


def test_the_notes_list_revisions_and_changes(book):
    assert notes(book["算定ルール・注記"], "7　目標の改定と指標の見直し") == [
        "コード|指標名|内容|理由",
        f"1-1|門真市中小企業サポートセンター相談件数|{RENAMING}|{RENAMED}",
        f"2-3|{ENDED_NAME}|{ENDED}|{REPLACED}",
        f"2-4|「ものづくりタウンかどま」掲載企業数|{TARGET}（令和7年3月25日改定）|{REVISED}",
        f"2-5|{SUCCESSOR}|{BEGUN}|{REPLACED}",
    ]


def test_what_ended_is_in_no_count(book):
    page = book["総括"]
    first = row_number(page, "基本戦略")
    found = picture(page, f"A{first}:Y{first + 4}")
    assert [[one for one in row if one not in ("<", "^")][-1] for row in found] == [
        *("計", "5", "4", "6", "15"),
    ]


def test_without_changes_the_notes_say_so(published):
    page = opened(council_workbook(papers_of(published)))["算定ルール・注記"]
    assert notes(page, "7　目標の改定と指標の見直し") == ["目標の改定と指標の見直しはありません。"]
