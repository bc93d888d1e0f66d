"""From the empty plan book to a plan: downloaded, filled in, uploaded, previewed, and taken in."""

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.planbooks import INDICATOR, KGI, MEASURE, PLAN, content
from tests.served import axe, leave_by

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LIST = "/admin/actions/plan/"
TARGETS = [
    {"指標コード": "1-1", "年度": f"令和{year}年度", "目標値": year * 10} for year in range(6, 11)
]
ACTUAL = {"指標コード": "1-1", "年度": "令和6年度", "期間": "年度", "実績値": 55}
SHEETS = {"計画": [PLAN], "体系": [MEASURE], "指標": [INDICATOR], "目標": TARGETS, "KGI": [KGI]}


def downloaded(page, link):
    with page.expect_download() as waiting:
        page.click(link)
    return load_workbook(io.BytesIO(Path(waiting.value.path()).read_bytes()))


def fill(book, sheets):
    """Type the rows below the headings, and return the file."""
    for title, rows in sheets.items():
        places = {cell.value: cell.column for cell in book[title][1]}
        for number, row in enumerate(rows, start=2):
            for heading, value in row.items():
                book[title].cell(number, places[heading]).value = value
    return content(book)


def upload(page, file):
    page.goto(LIST)
    leave_by(page, ".object-tools >> text=計画ブックを取り込む")
    clean(page)
    named = {"name": "星野市.xlsx", "mimeType": "application/octet-stream", "buffer": file}
    page.set_input_files("#id_file", named)
    leave_by(page, "button:has-text('内容を確認する')")


def clean(page):
    """Find nothing that a reader who cannot see or point would stumble over, nor a page too wide."""
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


@pytest.mark.parametrize(("width", "slug"), [(1280, "hoshi-wide"), (390, "hoshi-narrow")])
def test_from_the_empty_book_to_a_plan(sign_in, width, slug):
    page = sign_in(LIST, width=width)
    own = SHEETS | {"計画": [PLAN | {"スラッグ": slug}]}
    empty = downloaded(page, "text=空の計画ブック")
    _refused(page, fill(empty, own | {"目標": [TARGETS[0] | {"目標値": "千人"}]}))
    _taken_in(page, fill(empty, own), slug)
    _changed(page, slug)
    assert page.complaints == []
    assert page.outside == []


def _refused(page, file):
    page.goto(f"{LIST}book/import/")
    named = {"name": "星野市.csv", "mimeType": "text/csv", "buffer": b"1,2\n"}
    page.set_input_files("#id_file", named)
    leave_by(page, "button:has-text('内容を確認する')")
    assert "CSVなどのテキストファイルは取り込めません。" in page.inner_text("#id_file_error")
    clean(page)
    upload(page, file)
    assert "直すところ（1か所）" in page.inner_text(".fault-list")
    assert "目標" in page.inner_text(".import-frame table")
    assert "「千人」は数値として読み取れません" in page.inner_text(".import-frame table")
    clean(page)


def _taken_in(page, file, slug):
    upload(page, file)
    assert f"新しい計画を登録します: 星野市観光計画（{slug}）" in page.inner_text("#h-plan")
    counted = [row.split() for row in page.inner_text(".import-counts tbody").splitlines()]
    assert ["目標", "5", "0", "0"] in counted
    clean(page)
    leave_by(page, "button:has-text('この内容で取り込む')")
    assert "「星野市観光計画」を新しく登録しました。" in page.inner_text(".messagelist")
    clean(page)
    leave_by(page, "text=指標の一覧を見る")
    assert "訪問者" in page.inner_text("#result_list")


def _changed(page, slug):
    page.goto(f"{LIST}?q={slug}")
    book = downloaded(page, "#result_list >> text=計画ブック（Excel）")
    upload(page, fill(book, {"目標": [{"目標値": 61}], "実績": [ACTUAL]}))
    assert "登録済みの計画を変更します" in page.inner_text("#h-plan")
    assert "新しくできる報告期間: 令和6年度" in page.inner_text("#content-main")
    row = page.locator(".import-differences tbody tr").filter(has_text="目標値")
    assert row.inner_text().split() == ["目標", "1-1", "令和6年度", "目標値", "60", "61"]
    clean(page)
    page.click("button:has-text('この内容で取り込む')")  # the browser asks for the reason
    assert page.evaluate("document.activeElement.id") == "id_reason"
    page.fill("#id_reason", "目標の改定")
    leave_by(page, "button:has-text('この内容で取り込む')")
    assert "「星野市観光計画」を変更しました。" in page.inner_text(".messagelist")
    leave_by(page, "text=公開ページのプレビューを見る")
    assert "公表前のプレビュー" in page.inner_text("body")
    assert "訪問者" in page.inner_text("main")
