"""Reading a plan book: what is wrong, and at which cell."""

import datetime as dt

import pytest

from actions.vocabulary import RESERVED_SLUGS
from kpis.imports.planbook import read_planbook
from kpis.planbook import SHEETS
from kpis.planbook.reading import read_book
from kpis.planbook.typed import letters
from tests.planbooks import (
    ACTION,
    BAND,
    INDICATOR,
    KGI,
    MEASURE,
    NEWS,
    PLAN,
    content,
    faults,
    sheets,
    workbook,
)

TARGET = {"指標コード": "1-1", "年度": "R6", "目標値": 10}
ACTUAL = {"指標コード": "1-1", "年度": "R6", "期間": "年度", "実績値": 5}
FROM_BASE = INDICATOR | {"算式": "基準値比", "基準年度": "R5", "基準値": None}
WHOLE = INDICATOR | {"小数桁": 0}
OVER = ACTUAL | {"判定の変更": "よい", "変更の理由": "事情"}
WRONG = {
    "slug of ours": ({"計画": [PLAN | {"スラッグ": "admin"}]}, "計画", "A2", "「admin」は"),
    "slug with spaces": ({"計画": [PLAN | {"スラッグ": "a b/c"}]}, "計画", "A2", "スラッグにできません"),
    "end before start": ({"計画": [PLAN | {"終了年度": "R5"}]}, "計画", "D2", "開始年度以後"),
    "base after start": ({"計画": [PLAN | {"基準年度": "R7"}]}, "計画", "E2", "開始年度以前"),
    "no name": ({"計画": [PLAN | {"計画名": None}]}, "計画", "B2", "計画名: 入力してください"),
    "long name": ({"計画": [PLAN | {"計画名": "長" * 201}]}, "計画", "B2", "200字まで"),
    "year of no era": ({"計画": [PLAN | {"開始年度": "昭和60"}]}, "計画", "C2", "年度として読み取れません"),
    "two plans": ({"計画": [PLAN, PLAN | {"スラッグ": "tsuki"}]}, "計画", "A2・A3", "1行だけ"),
    "strategy of two names": (
        {"体系": [MEASURE, MEASURE | {"施策番号": 2, "戦略名": "もの"}]},
        "体系", "B3", "戦略1の戦略名が、ほかの行（「ひと」）と違います",
    ),
    "measure without number": ({"体系": [MEASURE | {"施策番号": None}]}, "体系", "C2", "施策番号を入力"),
    "measure without name": ({"体系": [MEASURE | {"施策名": None}]}, "体系", "D2", "施策名を入力"),
    "measure twice": ({"体系": [MEASURE, MEASURE]}, "体系", "A2・A3", "「1 1」の行が2つ"),
    "strategy number in words": (
        {"体系": [MEASURE, MEASURE | {"戦略番号": "二"}]}, "体系", "A3", "読み取れません"
    ),
    "number zero": ({"体系": [MEASURE, MEASURE | {"施策番号": 0}]}, "体系", "C3", "1から32,767まで"),
    "unknown strategy": ({"指標": [INDICATOR | {"戦略番号": 9}]}, "指標", "B2", "戦略番号「9」"),
    "unknown measure": ({"指標": [INDICATOR | {"関連する施策": "1-1、1-7"}]}, "指標", "E2", "施策「1-7」"),
    "indicator twice": (
        {"指標": [INDICATOR, INDICATOR | {"指標コード": "1-2"}, INDICATOR]},
        "指標", "A2・A4", "指標コード「1-1」の行が2つ",
    ),
    "code with a dot": (
        {"指標": [INDICATOR, INDICATOR | {"指標コード": "1.2"}]}, "指標", "A3", "コードにできません"
    ),
    "base value without year": ({"指標": [INDICATOR | {"基準年度": None, "基準値": 3}]}, "指標", "E2", "基準年度も入力"),
    "from base without base": ({"指標": [FROM_BASE]}, "指標", "G2", "基準値を入力"),
    "base value too fine": (
        {"指標": [INDICATOR | {"基準年度": "R5", "基準値": 1.5}]}, "指標", "F2", "小数は0桁まで"
    ),
    "decimals": ({"指標": [INDICATOR | {"小数桁": 5}]}, "指標", "E2", "0から4まで"),
    "rate decimals": ({"指標": [INDICATOR | {"達成率の小数桁": 3}]}, "指標", "E2", "0から2まで"),
    "share": ({"指標": [INDICATOR | {"見込割合": 1.5}]}, "指標", "E2", "1以下"),
    "unknown word": ({"指標": [INDICATOR | {"種別": "合計"}]}, "指標", "E2", "累計、時点、割合"),
    "target of nothing": ({"目標": [TARGET | {"指標コード": "9-9"}]}, "目標", "A2", "指標コード「9-9」"),
    "target after the plan": ({"目標": [TARGET | {"年度": "R11"}]}, "目標", "B2", "R5～R10"),
    "target too fine": ({"指標": [WHOLE], "目標": [TARGET | {"目標値": 1.5}]}, "目標", "C2", "小数は0桁まで"),
    "set without value": ({"目標": [TARGET | {"目標値": None, "状態": "設定"}]}, "目標", "C2", "目標値を入力"),
    "unset with value": ({"目標": [TARGET | {"状態": "未設定"}]}, "目標", "C2", "「未設定」のときは"),
    "linked without plan": (
        {"目標": [TARGET | {"目標値": None, "状態": "連動", "根拠": None}]}, "目標", "E2", "計画の名前"
    ),
    "target twice": ({"目標": [TARGET, TARGET | {"年度": 2024}]}, "目標", "A2・A3", "1-1 令和6年度"),
    "actual of nothing": ({"実績": [ACTUAL | {"指標コード": "2-1"}]}, "実績", "A2", "指標コード「2-1」"),
    "actual before the plan": ({"実績": [ACTUAL | {"年度": "R4"}]}, "実績", "B2", "R5～R10"),
    "actual too fine": ({"指標": [WHOLE], "実績": [ACTUAL | {"実績値": "5.5人"}]}, "実績", "D2", "小数は0桁まで"),
    "value and reason": ({"実績": [ACTUAL | {"理由": "未実施"}]}, "実績", "E2", "どちらか一方"),
    "provisional nothing": ({"実績": [ACTUAL | {"実績値": None, "速報": "○"}]}, "実績", "E2", "速報の印"),
    "actual of a dash": ({"実績": [ACTUAL | {"実績値": "—"}]}, "実績", "D2", "数値として読み取れません"),
    "actual too long": ({"実績": [ACTUAL | {"実績値": "1234567890123456"}]}, "実績", "D2", "15桁まで"),
    "override alone": ({"実績": [OVER | {"変更の理由": None}]}, "実績", "F2", "判定と理由の両方"),
    "override of no band": (
        {"実績": [OVER], "判定基準": [BAND | {"判定": "わるい"}]}, "実績", "E2", "「よい」という判定は、年度の"
    ),
    "override of the other term": (
        {"実績": [OVER], "判定基準": [BAND | {"期間": "上半期"}]}, "実績", "E2", "「よい」という判定は、年度の"
    ),
    "KGI years": ({"KGI": [KGI | {"目標年": 2022}]}, "KGI", "F2", "起点年より後"),
    "KGI of nothing": ({"KGI実績": [{"KGIコード": "x", "年": 2023}]}, "KGI実績", "A2", "KGIコード「x」"),
    "KGI too fine": (
        {"KGI": [KGI | {"小数桁": 0}], "KGI実績": [{"KGIコード": "kgi-1", "年": 2023, "値": "1.5億円"}]},
        "KGI実績", "C2", "小数は0桁まで",
    ),
    "KGI growth": (
        {"KGI": [KGI], "KGI実績": [{"KGIコード": "kgi-1", "年": 2023, "比較対象の伸び率": 100000}]},
        "KGI実績", "C2", "99,999.9999以下",
    ),
    "KGI year": (
        {"KGI": [KGI], "KGI実績": [{"KGIコード": "kgi-1", "年": 23}]}, "KGI実績", "B2", "1,900から"
    ),
    "action of no measure": ({"アクション": [ACTION | {"施策番号": "1-9"}]}, "アクション", "B2", "施策「1-9」"),
    "action of no KPI": ({"アクション": [ACTION | {"指標コード": "7-7"}]}, "アクション", "E2", "指標コード「7-7」"),
    "reason without mark": (
        {"アクション": [ACTION | {"重点": None, "重点の理由": "急ぐ"}]}, "アクション", "E2", "○ を付けて"
    ),
    "year of no action": (
        {"アクション年度": [{"アクションコード": "1-1-2", "年度": "R6"}]}, "アクション年度", "A2", "「1-1-2」"
    ),
    "band without sign": ({"判定基準": [BAND | {"記号": None}]}, "判定基準", "B2", "入力してください"),
    "band twice": ({"判定基準": [BAND, BAND | {"下限": 5}]}, "判定基準", "A2・A3", "年度 よい"),
    "band bound": ({"判定基準": [BAND | {"下限": 1.555}]}, "判定基準", "D2", "小数は2桁まで"),
    "no such day": ({"普及・周知": [NEWS | {"日付": "2024/2/30"}]}, "普及・周知", "C2", "日付はありません"),
    "date for a code": (
        {"指標": [INDICATOR, INDICATOR | {"指標コード": dt.date(2025, 1, 2)}]},
        "指標", "A3", "日付になっています",
    ),
    "formula": ({"実績": [ACTUAL | {"実績値": "=1+1"}]}, "実績", "D2", "数式が入っています"),
    "error value": ({"実績": [ACTUAL | {"実績値": "#DIV/0!"}]}, "実績", "D2", "エラー値（#DIV/0!）"),
    "truth": ({"実績": [ACTUAL | {"実績値": True}]}, "実績", "D2", "TRUE（真偽値）"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_each_fault_is_told_alone_at_its_cell(case):
    own, sheet, cell, words = WRONG[case]
    found = faults(sheets(**own))
    assert [one[:2] for one in found] == [(sheet, cell)], found
    assert words in found[0][2]


@pytest.mark.parametrize("lower", [None, 80])
def test_two_bands_with_one_bound_are_both_told(lower):
    rows = [BAND | {"下限": lower}, BAND | {"判定": "わるい"} | {"下限": lower}]
    rows.append(BAND | {"期間": "上半期", "下限": lower})
    assert [one[:2] for one in faults(sheets(判定基準=rows))] == [
        ("判定基準", "D2"),
        ("判定基準", "D3"),
    ]


def test_all_faults_are_told_at_once_in_reading_order():
    tables = {
        "計画": [PLAN | {"計画名": None}],
        "体系": [MEASURE, MEASURE | {"施策番号": "イ"}],
        "指標": [
            INDICATOR,
            INDICATOR | {"単位": None},
            INDICATOR | {"指標コード": "1-2", "小数桁": 9},
        ],
        "目標": [TARGET | {"年度": "いつか"}, TARGET | {"指標コード": "1-2"}],
        "実績": [ACTUAL | {"指標コード": "9-1", "実績値": "多い"}, ACTUAL | {"指標コード": "9-2"}],
    }
    assert [one[:2] for one in faults(tables)] == [
        ("計画", "B2"),
        ("体系", "C3"),
        ("指標", "A2・A3"),  # the same code, though one of the rows has another fault
        ("指標", "D3"),
        ("指標", "E4"),
        ("目標", "B2"),  # nothing about 1-2: its row is there, if faulty
        ("実績", "D2"),
        ("実績", "A3"),
    ]


@pytest.mark.parametrize("title", ["計画", "体系", "指標"])
@pytest.mark.parametrize(("rows", "words"), [(None, "シートがありません"), ([], "行がありません")])
def test_three_sheets_are_required(title, rows, words):
    tables = {name: list(rows_) for name, rows_ in sheets().items() if name != title}
    if rows is not None:
        tables[title] = rows
    found = [one for one in faults(tables) if one[0] == title]
    assert [(cell, words in said) for _, cell, said in found] == [("", True)]


@pytest.mark.parametrize("title", ["目標", "実績", "KGI", "判定基準", "普及・周知"])
def test_the_other_sheets_may_be_empty(title):
    assert faults(sheets(**{title: []})) == []


@pytest.mark.parametrize(
    ("change", "cell", "words"),
    [
        ({"C1": "単 価"}, "C1", "見出し「単 価」は「目標」にありません"),
        ({"D1": "目標値"}, "D1", "見出し「目標値」が2つ以上あります"),
        ({"E2": "メモ", "E3": "メモ"}, "E2", "見出しのない列"),
        ({"B1": None}, "", "見出し「年度」の列がありません"),
        ({"A1": "コ", "B1": "年", "C1": "値"}, "", "見出しの行がありません"),
        ({"D1": "=1+1"}, "D1", "は「目標」にありません"),
    ],
)
def test_headings_are_checked(change, cell, words):
    book = workbook(sheets(目標=[TARGET]))
    for place, value in change.items():
        book["目標"][place] = value
    found = read_planbook(content(book)).faults
    assert (cell, True) in [(one.cell, words in one.reason) for one in found]
    assert {one.sheet for one in found} == {"目標"}


def test_headings_may_be_spaced_and_full_width():
    book = workbook(sheets(KGI=[KGI]))
    book["KGI"]["A1"] = "ＫＧＩ\nコード"
    book["KGI"].title = "ＫＧＩ"
    assert len(read_planbook(content(book)).book.kgis) == 1


def test_an_unknown_sheet_is_a_fault():
    ((sheet, cell, said),) = faults(sheets(目標2=[TARGET]))
    assert (sheet, cell) == ("目標2", "")
    assert "計画ブックにありません" in said


def test_every_column_is_read_at_its_place():
    # The control for the table above: a sheet with all headings knows the cell of each.
    for sheet in SHEETS:
        book = workbook(sheets())
        if sheet.title in book.sheetnames:
            del book[sheet.title]
        page = book.create_sheet(sheet.title)
        page.append([one.heading for one in sheet.columns])
        places = read_planbook(content(book)).places.columns[sheet.field]
        assert list(places.values()) == [letters(at) for at in range(len(sheet.columns))]
        assert list(places) == [one.field for one in sheet.columns]


def test_no_sheets_at_all_are_three_faults():
    reading = read_book([])
    assert reading.book is None
    assert [one.sheet for one in reading.faults] == ["計画", "体系", "指標"]


def test_the_slugs_of_the_site_are_reserved():
    assert {"admin", "healthz", "static", "plans"} <= RESERVED_SLUGS
