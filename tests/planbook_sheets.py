"""A plan book's sheets as the tests read them."""

import io

import pytest
from openpyxl import load_workbook

from kpis.selectors import plan_book
from kpis.workbooks import plan_book_workbook

# The contract, as design.md has it; what a sheet holds beyond it may stand behind or between.
CONTRACT = {
    "計画": "スラッグ, 計画名, 基本理念, 開始年度, 終了年度, 基準年度, 所管課, 上位計画",
    "体系": "戦略番号, 戦略名, 英語表記, 施策番号, 施策名, 計画頁",
    "指標": "指標コード, 戦略番号, 指標名, 単位, 小数桁, 種別, 方向, 算式, 基準年度, 基準値, "
    "上半期の達成率, 見込割合, 達成率の小数桁, 端数処理, 末尾の0, 定義・注記, 目標の根拠, 所管課",
    "目標": "指標コード, 年度, 目標値, 状態, 根拠, 備考",
    "実績": "指標コード, 年度, 期間, 実績値, 理由, 速報, 公表達成率, 要因, 今後の対応, 備考",
    "KGI": "KGIコード, 指標名, 単位, 比較対象, 起点年, 目標年, 目標",
    "KGI実績": "KGIコード, 年, 値, 比較対象の伸び率",
    "アクション": "アクションコード, 施策番号, 主体, 名称, 内容, 重点, 指標コード, "
    "KPI設定なしの理由, 所管課",
    "アクション年度": "アクションコード, 年度, 段階, 計画, 実施内容, 成果・課題, 評価, 見直し",
    "判定基準": "期間, 下限, 記号, 判定, 配色",
    "普及・周知": "日付, 種別, 内容, 数量, 単位, 備考",
}
# And the sheets that our own book has besides, so that a plan comes back whole.
MORE_SHEETS = ("目標改定", "KGI比較", "KGI改定")


def opened(content):
    return load_workbook(io.BytesIO(content))


def book_of(plan):
    return opened(plan_book_workbook(plan_book(plan)))


def table(book, title):
    """Return the sheet's rows as dictionaries, empty cells left out."""
    heads, *rows = book[title].iter_rows(values_only=True)
    return [
        {head: value for head, value in zip(heads, row, strict=True) if value is not None}
        for row in rows
    ]


def at(book, title, heading, row=2):
    """Return the cell under the heading."""
    (found,) = [one for one in book[title][1] if one.value == heading]
    return book[title].cell(row, found.column)


def offered(book, title):
    """Return the words offered under each heading, and whether others are refused."""
    heads = {cell.column_letter: cell.value for cell in book[title][1]}
    found = {}
    for rule in book[title].data_validations.dataValidation:
        (place,) = str(rule.sqref).split()
        letter = place.split("2:")[0]
        assert place == f"{letter}2:{letter}1048576"
        found[heads[letter]] = (rule.formula1.strip('"').split(","), rule.showErrorMessage)
    return found


@pytest.fixture
def kadomas(kadoma):
    return book_of(kadoma)
