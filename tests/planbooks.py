"""Small plan books: made by headings, or written as text tables, always as real workbooks."""

import io

from openpyxl import Workbook

from kpis.imports.planbook import read_planbook

PLAN = {"スラッグ": "hoshi", "計画名": "星野市観光計画"}
PLAN |= {"開始年度": "令和6年度", "終了年度": "R10", "基準年度": 2023}
MEASURE = {"戦略番号": 1, "戦略名": "ひと", "施策番号": 1, "施策名": "育てる"}
INDICATOR = {"指標コード": "1-1", "戦略番号": 1, "指標名": "訪問者", "単位": "人"}
KGI = {"KGIコード": "kgi-1", "指標名": "売上", "単位": "億円", "比較対象": "県"}
KGI |= {"起点年": 2022, "目標年": 2028, "目標": "上回る"}
ACTION = {"アクションコード": "1-1-1", "施策番号": "1-1", "主体": "行政", "名称": "講座"}
BAND = {"期間": "年度", "記号": "○", "判定": "よい"}
NEWS = {"種別": "新聞", "内容": "記事"}
BASE = {"計画": [PLAN], "体系": [MEASURE], "指標": [INDICATOR]}


def sheets(**own):
    """Return the smallest book's sheets with the given ones in their place."""
    return BASE | own


def workbook(tables):
    """Return an openpyxl book: for each sheet its rows by heading, headings in row 1."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in tables.items():
        page = book.create_sheet(title)
        headings = list(dict.fromkeys(name for row in rows for name in row))
        if headings:
            page.append(headings)
        for row in rows:
            page.append([row.get(name) for name in headings])
    return book


def content(book):
    """Return the file's bytes."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def xlsx(tables):
    """Return the bytes of the workbook with these sheets."""
    return content(workbook(tables))


def read(tables):
    """Return what the product reads out of the workbook with these sheets."""
    return read_planbook(xlsx(tables))


def faults(tables):
    """Return every fault as (sheet, cell, reason)."""
    return [(one.sheet, one.cell, one.reason) for one in read(tables).faults]


def table(text):
    """Return the rows of a text table: a line of headings, then a line for each row, parted by |."""
    lines = [line.strip() for line in text.strip().splitlines()]
    headings, *rows = ([cell.strip() for cell in line.split("|")] for line in lines)
    return [dict(zip(headings, (cell or None for cell in row), strict=True)) for row in rows]
