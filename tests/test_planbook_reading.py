"""Reading a plan book: what staff type, what is wrong with it, and at which cell."""

import datetime as dt
import io
import zipfile
from decimal import Decimal

import pytest

from actions.fiscal import Term
from actions.vocabulary import RESERVED_SLUGS, Actor
from kpis.imports.archive import UploadError
from kpis.imports.planbook import read_planbook
from kpis.imports.sheet import Size
from kpis.planbook import SHEETS
from kpis.planbook.reading import read_book
from kpis.planbook.typed import letters
from kpis.vocabulary import ActualReason, Formula, Kind, Rounding, TargetStatus, Tone
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
    read,
    sheets,
    workbook,
    xlsx,
)

TARGET = {"指標コード": "1-1", "年度": "R6", "目標値": 10}
ACTUAL = {"指標コード": "1-1", "年度": "R6", "期間": "年度", "実績値": 5}


def only(tables, field):
    """Return the single row of the sheet, in a book without faults."""
    reading = read(tables)
    assert reading.faults == ()
    (row,) = getattr(reading.book, field)
    return row


# --- what is read ---------------------------------------------------------------------------------


def test_the_smallest_book_is_read_with_what_empty_cells_mean():
    reading = read(sheets())
    assert reading.faults == ()
    assert (reading.book.plan.start_year, reading.book.plan.end_year) == (2024, 2028)
    (indicator,) = reading.book.indicators
    assert (indicator.kind, indicator.formula) == (Kind.CUMULATIVE, Formula.RATIO)
    assert (indicator.expected_share, indicator.rate_decimals) == (Decimal("0.5"), 1)
    assert reading.book.targets == reading.book.bands == ()


@pytest.mark.parametrize(
    ("typed", "figure"),
    [
        (1200, "1200"),
        (0.1 + 0.2, "0.3"),
        ("１，２００", "1200"),
        ("1,200人", "1200"),
        ("1,200 人", "1200"),
        ("▲5", "-5"),
        ("△５．５人", "-5.5"),
        (-7.25, "-7.25"),
        (0, "0"),
        (None, None),
        (" ", None),
    ],
)
@pytest.mark.parametrize("sheet", ["目標", "実績"])
def test_figures_are_read_as_staff_type_them(sheet, typed, figure):
    row = {"指標コード": "1-1", "年度": "R6", "期間": "年度", f"{sheet}値": typed}
    row |= {"備考": "行"}
    if sheet == "目標":
        del row["期間"]
    tables = sheets(指標=[INDICATOR | {"小数桁": 2}], **{sheet: [row]})
    value = only(tables, {"目標": "targets", "実績": "actuals"}[sheet]).value
    assert value == (None if figure is None else Decimal(figure))


def test_another_unit_than_the_indicators_is_no_figure():
    ((*place, said),) = faults(sheets(目標=[TARGET | {"目標値": "10件"}]))
    assert place == ["目標", "C2"]
    assert "「10件」は数値として読み取れません" in said


@pytest.mark.parametrize(
    "typed", ["R6", "令和6年度", "2024 年度", 2024, "ＦＹ２０２４", "令和６年"]
)
def test_years_are_read_in_any_spelling(typed):
    assert only(sheets(目標=[TARGET | {"年度": typed}]), "targets").fiscal_year == 2024


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (dt.date(2024, 7, 25), dt.date(2024, 7, 25)),
        (dt.datetime(2024, 7, 25, 9, 30), dt.date(2024, 7, 25)),
        ("2024/7/25", dt.date(2024, 7, 25)),
        ("令和６年７月２５日", dt.date(2024, 7, 25)),
        ("R6.7.25", dt.date(2024, 7, 25)),
        (None, None),
    ],
)
def test_days_are_read_from_dates_and_texts(typed, day):
    assert only(sheets(**{"普及・周知": [NEWS | {"日付": typed}]}), "publicity").day == day


@pytest.mark.parametrize(
    ("typed", "marked"), [("○", True), ("〇", True), (True, True), (False, False), (None, False)]
)
def test_marks_are_read(typed, marked):
    row = ACTION | {"重点": typed}
    assert only(sheets(アクション=[row]), "actions").is_priority is marked


def test_percentages_are_read_with_or_without_their_sign():
    rows = [BAND | {"下限": "80%"}, BAND | {"判定": "わるい", "下限": 0}]
    reading = read(sheets(判定基準=rows))
    assert [one.lower for one in reading.book.bands] == [Decimal(80), Decimal(0)]


def test_words_are_read_as_what_they_mean():
    row = INDICATOR | {"種別": "割合", "算式": "基準値比", "基準年度": "R5", "基準値": "▲3"}
    row |= {"端数処理": "切り捨て", "末尾の0": "残す", "上半期の達成率": "算定しない"}
    row |= {"関連する施策": "１－１、1-1"}
    read_row = only(sheets(指標=[row]), "indicators")
    assert (read_row.kind, read_row.formula) == (Kind.RATIO, Formula.FROM_BASELINE)
    assert (read_row.rounding, read_row.keep_zeros) == (Rounding.TRUNCATE, True)
    assert (read_row.rated_at_half_year, read_row.measures) == (False, ("1-1",))
    assert read_row.baseline_value == -3


@pytest.mark.parametrize(
    ("value", "status", "meant"),
    [
        (10, None, TargetStatus.SET),
        (None, None, TargetStatus.UNSET),
        (10, "設定", TargetStatus.SET),
        (None, "未設定", TargetStatus.UNSET),
        (None, "連動", TargetStatus.LINKED),
    ],
)
def test_an_empty_status_is_told_by_the_value(value, status, meant):
    row = {"指標コード": "1-1", "年度": "R6", "目標値": value, "状態": status, "根拠": "実施計画"}
    assert only(sheets(目標=[row]), "targets").status is meant


def test_every_sheet_is_read():
    tables = sheets(
        目標=[TARGET],
        実績=[{"指標コード": "1-1", "年度": "R6", "期間": "上半期", "理由": "未実施"}],
        KGI=[KGI],
        KGI実績=[{"KGIコード": "kgi-1", "年": 2023, "値": 5, "比較対象の伸び率": "1.5%"}],
        アクション=[ACTION | {"指標コード": "1-1"}],
        アクション年度=[{"アクションコード": "1-1-1", "年度": "R6", "評価": "計画どおり"}],
        判定基準=[BAND | {"配色": "良い（濃い青）"}],
        **{"普及・周知": [NEWS | {"数量": "1,000部", "単位": "部"}]},
    )
    reading = read(tables)
    assert reading.faults == ()
    book = reading.book
    assert (book.actuals[0].term, book.actuals[0].reason) == (Term.H1, ActualReason.NOT_CONDUCTED)
    assert book.kgi_values[0].comparator_growth == Decimal("1.5")
    assert (book.actions[0].actor, book.actions[0].indicators) == (Actor.CITY, ("1-1",))
    assert book.action_years[0].evaluation == "on_plan"
    assert book.bands[0].tone is Tone.GOOD
    assert book.publicity[0].quantity == 1000


def test_columns_may_stand_in_any_order_below_a_title_with_blank_rows_between():
    tables = sheets(目標=[dict(reversed(TARGET.items()))])
    book = workbook(tables)
    page = book["目標"]
    page.insert_rows(1, 2)
    page["A1"] = "目標の一覧"
    page.insert_rows(4, 3)
    page["B10"] = " "
    reading = read_planbook(content(book))
    assert reading.faults == ()
    assert reading.places.cell("targets", 0, "value") == "A7"
    assert reading.book.targets[0].value == 10


def test_the_guide_is_passed_over_and_an_empty_sheet_too():
    book = workbook(sheets())
    book.create_sheet("はじめに", 0)["A1"] = "使い方"
    book.create_sheet("Sheet1")
    assert read_planbook(content(book)).faults == ()


# --- what is wrong, and where ---------------------------------------------------------------------

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


# --- files that are not opened --------------------------------------------------------------------


def with_part(name, data):
    """Return the smallest book with one part of the file replaced."""
    made = io.BytesIO()
    old = zipfile.ZipFile(io.BytesIO(xlsx(sheets())))
    with old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, data if part == name else old.read(part))
        if name not in old.namelist():
            new.writestr(name, data)
    return made.getvalue()


SHEET1 = "xl/worksheets/sheet1.xml"
ENTITY = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda: b"", "ファイルが空です"),
        (lambda: "スラッグ,計画名".encode("cp932"), "CSVなどのテキストファイル"),
        (lambda: xlsx(sheets())[:-200], "壊れていて開けません"),
        (lambda: with_part(SHEET1, ENTITY), "DTD"),
        (lambda: with_part("xl/media/a.xml", b"<a>" + b"0" * (165 * 1024 * 1024)), "展開すると"),
        (lambda: with_part(SHEET1, b"<a/>" * 5_000_001), "展開すると"),
        (lambda: with_part("xl/vbaProject.bin", b"x"), "マクロの付いた"),
    ],
    ids=["empty", "csv", "cut", "dtd", "bomb", "tags", "macro"],
)
def test_hostile_and_foreign_files_are_not_opened(made, words):
    with pytest.raises(UploadError, match=words):
        read_planbook(made())


@pytest.mark.parametrize(("place", "words"), [("CW2", "100列まで"), ("XFD9", "100列まで")])
def test_too_many_columns_are_refused(place, words):
    book = workbook(sheets())
    book["指標"][place] = "遠い"
    with pytest.raises(UploadError, match=words):
        read_planbook(content(book))


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr("kpis.imports.planbook.SIZE", Size(rows=3, columns=100))
    with pytest.raises(UploadError, match="行が多すぎます"):
        read_planbook(xlsx(sheets(目標=[TARGET] * 40)))
