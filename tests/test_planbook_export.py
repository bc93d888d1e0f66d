"""The plan book as it leaves: Kadoma's sheets against the paper, hostile texts, and who may have it."""

import datetime as dt
import io
import sys
import zipfile
from decimal import Decimal
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from actions.fiscal import Period
from kpis.models import Actual, Indicator, JudgementBand
from kpis.planbook import REQUIRED, SHEETS
from kpis.planbook.example import EXAMPLE
from kpis.selectors import plan_book
from kpis.workbooks import plan_book_template, plan_book_workbook
from tests.factories import make_indicators, make_plan
from tests.office import no_role  # noqa: F401 (fixture)

SLUG = "kadoma-monozukuri"
pytestmark = pytest.mark.django_db

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
# And what our own book says besides, so that a plan comes back whole.
MORE_SHEETS = ("目標改定", "KGI比較", "KGI改定")
BEYOND = {
    "計画": "会議体, 進捗管理",
    "体系": "戦略の備考, 施策の備考",
    "指標": "関連する施策, 備考, 開始年度, 終了年度, 旧指標名, 改称年度, 後継の指標, 見直しの理由",
    "目標": "決定日, 目標の言葉",
    "実績": "確認した内容, 判定の変更, 変更の理由, 年度末見込, 調査年度",
    "KGI": "小数桁, 出所, 備考",
    "KGI実績": "備考, 比較対象の値, 公表予定",
    "アクション": "重点の理由, 連携先, 例示",
    "アクション年度": "上半期の実施内容, 見直しの内容",
    "判定基準": "指標コード",
}


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


# --- the city's book against its paper ------------------------------------------------------------


@pytest.fixture
def kadomas(kadoma):
    return book_of(kadoma)


def test_sheets_and_headings_are_those_of_the_contract(kadomas):
    assert kadomas.sheetnames == [*CONTRACT, *MORE_SHEETS]
    for title, headings in CONTRACT.items():
        first = [cell.value for cell in kadomas[title][1]]
        beyond = BEYOND[title].split(", ") if title in BEYOND else []
        assert first == headings.split(", ") + beyond, title


def test_the_plan_stands_in_one_row(kadomas):
    (row,) = table(kadomas, "計画")
    assert row.pop("進捗管理").startswith(
        "アクションプランは、１．PLAN（具体的な取組の設定）、２．DO"
    )
    assert row == {
        "スラッグ": SLUG,
        "計画名": "門真市ものづくり産業振興計画",
        "基本理念": "―門真全域―ものづくりのテーマパーク",
        "開始年度": "令和6年度",
        "終了年度": "令和10年度",
        "基準年度": "令和5年度",
        "所管課": "産業振興課",
        "上位計画": "門真市第6次総合計画",
        "会議体": "門真市ものづくり産業振興懇話会",
    }


PAGES = [[48, 50, 54, 55], [56, 57, 58, 59, 60], [61, 62, 64, 65, 66, 66]]


def test_measures_stand_in_the_papers_order_with_its_pages(kadomas):
    rows = table(kadomas, "体系")
    assert [(one["戦略番号"], one["施策番号"], one["計画頁"]) for one in rows] == [
        (strategy, number, page)
        for strategy, pages in enumerate(PAGES, start=1)
        for number, page in enumerate(pages, start=1)
    ]
    assert rows[4] == {
        "戦略番号": 2,
        "戦略名": "ネットワーク・連携",
        "英語表記": "Combination Chain Cross",
        "施策番号": 1,
        "施策名": "企業（支援機関）ネットワーク活動の拡大、推進",
        "計画頁": 56,
    }


# code, unit, base of R5, and what is unusual in its rule
INDICATORS = [
    ("1-1", "件", 1078), ("1-2", "件", 64), ("1-3", "件", 17), ("1-4", "件", 41), ("1-5", "件", 0),
    ("2-1", "件", 99), ("2-2", "%", 13.2), ("2-3", "回", 2), ("2-4", "社", 122),
    ("3-1", "件", 0), ("3-2", "件", 6), ("3-3", "人", 2), ("3-4", "社", 2), ("3-5", "人", 392),
    ("3-6", "件", 4),
]  # fmt: skip
USUAL = {
    "小数桁": 0,
    "種別": "累計",
    "方向": "増加",
    "算式": "単純比",
    "基準年度": "令和5年度",
    "上半期の達成率": "算定する",
    "見込割合": 0.5,
    "達成率の小数桁": 1,
    "端数処理": "四捨五入",
    "末尾の0": "省く",
}
UNUSUAL = {
    "1-1": {"端数処理": "切り捨て"},  # 704/1,200 is printed as 58.6%
    "2-1": {"種別": "時点"},
    "2-2": {"小数桁": 1, "種別": "割合", "上半期の達成率": "算定しない"},
    "2-3": {"達成率の小数桁": 0},  # 2/3 is printed as 67%
    "2-4": {"種別": "時点", "算式": "前年度比増分"},  # 137 of 150 after 136 is printed as 7.1%
}


def test_indicators_stand_in_the_papers_order_with_the_rules_that_reproduce_it(kadomas):
    rows = table(kadomas, "指標")
    assert [(one["指標コード"], one["単位"], one["基準値"]) for one in rows] == INDICATORS
    for row in rows:
        wanted = USUAL | UNUSUAL.get(row["指標コード"], {})
        assert {name: row[name] for name in USUAL} == wanted, row["指標コード"]
    assert rows[7]["指標名"] == "もりかど産業支援機関ネットワーク活動回数"
    assert rows[5]["関連する施策"] == "2-1"


# R6 to R10 as the paper prints them: L 連動, U blank.
TARGETS = {
    "1-1": "1200 1200 L L L", "1-2": "136 136 L L L", "1-3": "20 20 20 L L",
    "1-4": "37 37 37 U U", "1-5": "1 1 1 1 1", "2-1": "101 103 L L L",
    "2-2": "9.7 14 16 18 20", "2-3": "2 3 3 3 3", "2-4": "140 150 160 170 180",
    "3-1": "2 2 L L L", "3-2": "8 10 12 14 16", "3-3": "8 10 10 10 10", "3-4": "4 4 4 4 4",
    "3-5": "401 405 415 430 450", "3-6": "17 30 40 50 60",
}  # fmt: skip
YEARS = ("令和6年度", "令和7年度", "令和8年度", "令和9年度", "令和10年度")


def test_targets_are_the_papers(kadomas):
    wanted = []
    for code, printed in TARGETS.items():
        for year, one in zip(YEARS, printed.split(), strict=True):
            status = {"L": "連動", "U": "未設定"}.get(one, "設定")
            wanted.append((code, year, float(one) if status == "設定" else None, status))
    rows = table(kadomas, "目標")
    names = ("指標コード", "年度", "目標値", "状態")
    assert [tuple(one.get(name) for name in names) for one in rows] == wanted
    assert rows[2]["根拠"] == "毎年度策定（前年度の3月策定）を行う「門真市第6次総合計画 実施計画」"
    assert rows[13]["根拠"] == "門真市導入促進基本計画"


# R6, then R7 上半期 with the rate that the paper prints; — for none.
ACTUALS = {
    "1-1": (1124, 704, "58.6%"), "1-2": (78, "—", None), "1-3": (13, 3, "15%"),
    "1-4": (44, "—", None), "1-5": (0, 1, "100%"), "2-1": (101, 103, "100%"),
    "2-2": (9.7, 7.2, "—"), "2-3": (2, 2, "67%"), "2-4": (136, 137, "7.1%"),
    "3-1": (1, 0, "0%"), "3-2": (8, 9, "90%"), "3-3": (8, "—", None), "3-4": (4, 0, "0%"),
    "3-5": (401, "—", None), "3-6": (18, 12, "40%"),
}  # fmt: skip


def test_actuals_are_the_papers(kadomas):
    wanted = []
    for code, (r6, r7, rate) in ACTUALS.items():
        wanted.append({"指標コード": code, "年度": "令和6年度", "期間": "年度", "実績値": r6})
        half = {"指標コード": code, "年度": "令和7年度", "期間": "上半期"}
        half |= {"理由": "公表資料に記載なし"} if r7 == "—" else {"実績値": r7}
        wanted.append(half | ({"公表達成率": rate} if rate else {}))
    assert table(kadomas, "実績") == wanted


def test_kgis_are_the_papers(kadomas):
    first, second = table(kadomas, "KGI")
    assert (first["指標名"], first["起点年"], first["目標年"]) == (
        "市内製造業粗付加価値額",
        2022,
        2028,
    )
    assert second["目標"] == "令和4(2022)年～令和10(2028)年の大阪府全体の伸びを上回る"
    assert [tuple(one.values()) for one in table(kadomas, "KGI実績")] == [
        ("kgi-1", 2021, 23139459),
        ("kgi-1", 2022, 26214886),
        ("kgi-1", 2023, 27570624, 1.9),
        ("kgi-2", 2021, 1756),
        ("kgi-2", 2022, 1904),
        ("kgi-2", 2023, 2101, 2.5),
    ]


def test_bands_and_publicity(kadomas):
    bands = [tuple(one.values()) for one in table(kadomas, "判定基準")]
    assert bands[0] == ("上半期", 100, "◎", "順調", "良い（濃い青）")
    assert bands[7] == ("年度", "×", "遅れ", "悪い（赤）")
    rows = table(kadomas, "普及・周知")
    assert rows[1] == {
        "種別": "製本版",
        "内容": "計画製本版（本編）の製作",
        "数量": 500,
        "単位": "部",
    }
    assert [one.get("日付") for one in rows] == [
        *[None] * 3,
        dt.datetime(2024, 7, 25),
        dt.datetime(2024, 11, 25),
        dt.datetime(2025, 11, 10),
    ]
    assert table(kadomas, "アクション") == table(kadomas, "アクション年度") == []


# --- cells ----------------------------------------------------------------------------------------


def test_figures_are_numbers_with_the_decimals_they_have_and_dates_are_dates(kadomas):
    targets = [at(kadomas, "目標", "目標値", row) for row in (2, 32)]
    assert [(one.value, one.data_type) for one in targets] == [(1200, "n"), (9.7, "n")]
    assert [one.number_format for one in targets] == ['#,##0;"▲"#,##0', '#,##0.0;"▲"#,##0.0']
    year = at(kadomas, "KGI", "起点年")
    assert (year.value, year.number_format) == (2022, "0")
    day = at(kadomas, "普及・周知", "日付", 5)
    assert (day.is_date, day.number_format) == (True, "yyyy/m/d")
    rate = at(kadomas, "実績", "公表達成率", 3)
    assert (rate.value, rate.data_type, rate.number_format) == ("58.6%", "s", "@")


def test_zero_a_reason_and_nothing_yet_are_three_things(kadoma):
    rows = Actual.objects.filter(period__term="H1")
    rows.filter(indicator__code="1-3").update(value=None, printed_rate="")
    found = {
        one["指標コード"]: one for one in table(book_of(kadoma), "実績") if one["期間"] == "上半期"
    }
    assert found["3-1"]["実績値"] == 0
    assert "実績値" not in found["1-2"]
    assert found["1-2"]["理由"] == "公表資料に記載なし"
    assert found["1-3"] == {"指標コード": "1-3", "年度": "令和7年度", "期間": "上半期"}


HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "'引用", '=HYPERLINK("http://evil.example")', "1-1"]


def test_hostile_texts_stay_texts(kadoma):
    for text, one in zip(HOSTILE, kadoma.indicators.all(), strict=False):
        Indicator.objects.filter(pk=one.pk).update(
            name=text, unit=text[:20], note=f"{text}\x0b\ufffe"
        )
    book = book_of(kadoma)
    for row, text in enumerate(HOSTILE, start=2):
        cell = at(book, "指標", "指標名", row)
        assert (cell.value, cell.data_type, cell.number_format) == (text, "s", "@")
        assert cell.quotePrefix == (text[0] in "=+-@'")
        assert at(book, "指標", "備考", row).value == text
    assert {cell.data_type for page in book for row in page for cell in row} == {"s", "n", "d"}


def test_texts_come_back_from_their_cells_as_the_book_has_them(kadoma):
    text = "  一行目\r\n二行目\r三行目 \n"
    Indicator.objects.filter(code="1-1").update(definition=text)
    book = plan_book(kadoma)
    assert book.indicators[0].definition == "一行目\n二行目\n三行目"
    cell = at(opened(plan_book_workbook(book)), "指標", "定義・注記")
    assert cell.value == book.indicators[0].definition
    assert cell.alignment.wrap_text


def test_a_row_is_as_high_as_its_longest_text(kadoma):
    book = book_of(kadoma)
    heights = [book["実績"].row_dimensions[row].height for row in (2, 3)]
    assert heights == [None, None]  # one line each
    management = at(book, "計画", "進捗管理").value
    lines = 2 * len(management) / 40
    assert book["計画"].row_dimensions[2].height > lines * 12


def test_what_one_adds_below_is_kept_as_its_column_needs(kadomas):
    columns = kadomas["指標"].column_dimensions
    letters = {cell.value: cell.column_letter for cell in kadomas["指標"][1]}
    assert columns[letters["指標コード"]].number_format == "@"  # 1-1 is no date
    assert columns[letters["基準値"]].number_format == "General"
    assert columns[letters["指標名"]].width == 44
    assert columns[letters["備考"]].alignment.wrap_text
    assert kadomas["普及・周知"].column_dimensions["A"].number_format == "yyyy/m/d"


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


def test_allowed_words_are_offered_in_lists(kadomas):
    assert offered(kadomas, "指標") == {
        "種別": (["累計", "時点", "割合", "達成有無"], True),
        "方向": (["増加", "減少", "維持", "上限"], True),
        "算式": (["単純比", "逆比", "基準値比", "前年度比増分", "算定しない"], True),
        "上半期の達成率": (["算定する", "算定しない"], True),
        "端数処理": (["四捨五入", "切り捨て"], True),
        "末尾の0": (["残す", "省く"], True),
    }
    actuals = offered(kadomas, "実績")
    assert actuals["期間"] == (["上半期", "年度"], True)
    assert actuals["理由"][0][:3] == ["集計時期未到来", "上半期は算定しない", "未実施"]
    assert actuals["速報"] == (["○"], False)  # 〇 is read as well
    rules = [one for page in kadomas for one in page.data_validations.dataValidation]
    assert max(len(one.formula1) for one in rules) <= 255  # Excel refuses a longer list


def test_every_sheet_prints_on_a4_with_its_headings_on_each_page(kadomas):
    for page in kadomas:
        setup = (page.page_setup.orientation, int(page.page_setup.paperSize))
        assert setup == ("landscape", 9)
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert (page.page_setup.fitToHeight, page.print_title_rows) == (0, "$1:$1")
        assert page.freeze_panes == "B2"


def test_headings_that_must_be_filled_in_differ_and_each_is_explained(kadomas):
    filled = {}
    for sheet in SHEETS:
        for cell, column in zip(kadomas[sheet.title][1], sheet.columns, strict=True):
            filled.setdefault(column.empty is REQUIRED, set()).add(cell.fill.start_color.rgb)
            assert cell.comment is not None or not column.about, column.heading
            if column.empty is REQUIRED:
                assert cell.comment.text.startswith("※ 必ず入力します。"), column.heading
    assert {is_required: len(colours) for is_required, colours in filled.items()} == {
        True: 1,
        False: 1,
    }
    assert filled[True] != filled[False]
    assert at(kadomas, "指標", "見込割合", 1).comment.text == (
        "9月30日までに見込まれる年度目標の割合（0～1）。\n数値（小数第4位まで）。\n"
        "空欄のときは「0.5」とします。"
    )


# --- the whole of a plan --------------------------------------------------------------------------


def test_actions_and_their_years(kadoma, seminar):
    book = book_of(kadoma)
    assert table(book, "アクション") == [
        {
            "アクションコード": "1-1-1",
            "施策番号": "1-1",
            "主体": "行政",
            "名称": "デジタル化セミナー",
            "重点": "○",
            "指標コード": "1-1",
            "所管課": "産業振興課",
            "重点の理由": "人手不足のため",
        }
    ]
    rows = table(book, "アクション年度")
    assert [one["年度"] for one in rows] == ["令和6年度", "令和7年度", "令和8年度"]
    assert rows[0] == {
        "アクションコード": "1-1-1",
        "年度": "令和6年度",
        "段階": "実施",
        "計画": "年4回",
        "実施内容": "4回",
        "成果・課題": "満員",
        "評価": "遅れ",
        "見直し": "改善",
        "上半期の実施内容": "2回",
        "見直しの内容": "会場を変える",
    }


def test_an_overridden_judgement_is_told_by_its_label(kadoma):
    band = JudgementBand.objects.get(plan=kadoma, term="H1", label="概ね順調")
    found = Actual.objects.filter(indicator__code="1-1", period__term="H1")
    texts = {"cause": "要因", "next_step": "対応", "note": "備考", "confirmation": "確認"}
    found.update(override=band, override_reason="相談が秋に集まるため", provisional=True, **texts)
    row = table(book_of(kadoma), "実績")[1]
    assert row == {
        "指標コード": "1-1",
        "年度": "令和7年度",
        "期間": "上半期",
        "実績値": 704,
        "速報": "○",
        "公表達成率": "58.6%",
        "要因": "要因",
        "今後の対応": "対応",
        "備考": "備考",
        "確認した内容": "確認",
        "判定の変更": "概ね順調",
        "変更の理由": "相談が秋に集まるため",
    }


def test_a_strategy_without_measures_and_another_plan_beside(kadoma):
    make_plan(slug="other", indicators=3)
    before = plan_book(kadoma)
    kadoma.strategies.create(number=4, name="新しい戦略", note="検討中")
    after = plan_book(kadoma)
    assert after.measures[:-1] == before.measures
    assert table(opened(plan_book_workbook(after)), "体系")[-1] == {
        "戦略番号": 4,
        "戦略名": "新しい戦略",
        "戦略の備考": "検討中",
    }
    assert {one.code for one in after.indicators} == {code for code, *_ in INDICATORS}
    assert len(after.actuals) == 30


def test_the_papers_order_is_kept_where_codes_and_keys_have_another(db):
    plan = make_plan(indicators=0, strategies=1, measures=1)
    (strategy,) = plan.strategies.all()
    for code, order in (("1-9", 1), ("1-10", 2), ("1-2", 3)):
        make_indicators(plan=plan, strategies=[strategy], number=1, code=code, order=order)
    for one in plan.indicators.order_by("code"):
        for period in plan.periods.order_by("-fiscal_year"):
            Actual.objects.create(indicator=one, period=period, value=Decimal(1))
    plan.periods.create(fiscal_year=2025, term="FY")
    Actual.objects.create(
        indicator=plan.indicators.get(code="1-2"), period=plan.periods.last(), value=Decimal(1)
    )
    book = plan_book(plan)
    assert [one.code for one in book.indicators] == ["1-9", "1-10", "1-2"]
    assert [(one.indicator, Period(one.fiscal_year, one.term).code) for one in book.actuals] == [
        *[(code, period) for code in ("1-9", "1-10") for period in ("2024-FY", "2025-H1")],
        *[("1-2", period) for period in ("2024-FY", "2025-H1", "2025-FY")],
    ]


def test_negative_and_long_figures(kadoma):
    figures = {"1-1": "-12.5", "1-2": "123456789012345", "1-3": "0.0001"}
    for code, figure in figures.items():
        Indicator.objects.filter(code=code).update(baseline_value=Decimal(figure))
    book = book_of(kadoma)
    cells = [at(book, "指標", "基準値", row) for row in (2, 3, 4)]
    assert [Decimal(str(one.value)) for one in cells] == [Decimal(one) for one in figures.values()]
    assert [one.number_format.split(";")[0] for one in cells] == ["#,##0.0", "#,##0", "#,##0.0000"]


def test_the_same_plan_gives_the_same_bytes(kadoma, seminar):
    first = plan_book_workbook(plan_book(kadoma))
    assert plan_book_workbook(plan_book(kadoma)) == first
    kadoma.name = "別の名前"
    assert plan_book_workbook(plan_book(kadoma)) != first  # the control
    assert plan_book_template() == plan_book_template()
    for content in (first, plan_book_template()):  # a second run may fall into the same second
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            assert {one.date_time for one in package.infolist()} == {(2024, 4, 1, 0, 0, 0)}
            assert package.read("docProps/core.xml").count(b">2024-04-01T00:00:00Z<") == 2


def test_as_many_queries_for_150_indicators_as_for_15(db):
    costs = []
    for number in (15, 150):
        plan = make_plan(slug=f"p{number}", indicators=number, measures=number // 3, actions=number)
        with CaptureQueriesContext(connection) as captured:
            book = plan_book(plan)
        costs.append(len(captured))
        assert (len(book.indicators), len(book.targets)) == (number, number * 5)
        assert (len(book.actuals), len(book.actions)) == (number * 2, number)
    assert costs == [18, 18]


# --- the empty book and the example ---------------------------------------------------------------


def test_the_template_has_the_guide_first_then_every_sheet_without_rows(db):
    book = opened(plan_book_template())
    assert book.sheetnames == ["はじめに", *CONTRACT, *MORE_SHEETS]
    for sheet in SHEETS:
        page = book[sheet.title]
        assert page.max_row == 1, sheet.title
        assert [cell.value for cell in page[1]] == [one.heading for one in sheet.columns]
    assert offered(book, "実績")["期間"] == (["上半期", "年度"], True)


def test_the_guide_tells_the_steps_and_every_column(db):
    rows = list(opened(plan_book_template())["はじめに"].iter_rows(values_only=True))
    texts = [row[0] for row in rows if row[0]]
    steps = [text for text in texts if text[:2] in ("1.", "2.", "3.")]
    assert [text.split("に、")[0] for text in steps] == [
        "1. シート「計画」",
        "2. シート「体系」",
        "3. シート「指標」",
    ]
    start = rows.index(("シート", "見出し", "必須", "書き方")) + 1
    told = rows[start:]
    assert [(row[0], row[2]) for row in told if row[0]] == [
        (title, "※" if title in ("計画", "体系", "指標") else None)
        for title in (*CONTRACT, *MORE_SHEETS)
    ]
    assert all(row[3] for row in told if row[0])
    assert [row[1] for row in told if row[1]] == [
        column.heading for sheet in SHEETS for column in sheet.columns
    ]
    by_heading = {row[1]: row for row in told if row[1]}
    assert by_heading["スラッグ"][2] == "※"
    assert by_heading["基本理念"][2] is None
    assert by_heading["算式"][3] == (
        "一覧から選びます: 単純比、逆比、基準値比、前年度比増分、算定しない。\n"
        "空欄のときは「単純比」とします。"
    )


def test_the_example_fills_in_every_sheet_with_what_its_cells_can_be_read_as(db):
    book = opened(plan_book_workbook(EXAMPLE))
    for sheet in SHEETS:
        found, rows = table(book, sheet.title), EXAMPLE.rows(sheet.field)
        assert len(found) == len(rows) > 0, sheet.title
        keys = [tuple(getattr(row, one) for one in sheet.key) for row in rows]
        assert len(set(keys)) == len(keys), sheet.title
        for cells, row in zip(found, rows, strict=True):
            for column in sheet.columns:
                value, text = getattr(row, column.field), cells.get(column.heading)
                if text is None:
                    assert value is False or value in ("", None, ()), column.heading
                else:
                    text = text.date() if isinstance(text, dt.datetime) else text
                    assert column.value.read(str(text)) == value, column.heading


def test_the_example_shows_each_kind_of_nothing():
    assert {one.status.label for one in EXAMPLE.targets} == {"設定", "連動", "未設定"}
    assert any(one.reason for one in EXAMPLE.actuals)
    assert any(one.provisional for one in EXAMPLE.actuals)
    codes = {one.code for one in EXAMPLE.indicators}
    named = {one.indicator for one in (*EXAMPLE.targets, *EXAMPLE.actuals)}
    assert named | {code for one in EXAMPLE.actions for code in one.indicators} == codes
    measures = {f"{one.strategy}-{one.number}" for one in EXAMPLE.measures}
    assert {code for one in EXAMPLE.indicators for code in one.measures} <= measures


# --- the command ----------------------------------------------------------------------------------


def test_the_command_writes_the_book(kadoma, tmp_path):
    file = tmp_path / "計画.xlsx"
    call_command("export_plan", SLUG, "-o", str(file))
    assert file.read_bytes() == plan_book_workbook(plan_book(kadoma))


def test_a_dash_is_standard_output(kadoma, monkeypatch):
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=out))
    call_command("export_plan", SLUG, "-o", "-")
    assert out.getvalue() == plan_book_workbook(plan_book(kadoma))


def test_the_command_says_in_japanese_what_it_cannot_do(kadoma, tmp_path):
    file = tmp_path / "out.xlsx"
    with pytest.raises(CommandError) as caught:
        call_command("export_plan", "nai", "-o", str(file))
    assert str(caught.value) == f"計画「nai」がありません（登録されている計画: {SLUG}）。"
    assert not file.exists()
    with pytest.raises(CommandError, match="に書き込めません（"):
        call_command("export_plan", SLUG, "-o", str(tmp_path))


# --- the staff pages ------------------------------------------------------------------------------

LIST = "/admin/actions/plan/"
TEMPLATE, EXAMPLE_FILE = f"{LIST}book/template/", f"{LIST}book/example/"


def test_staff_take_the_books_from_the_list_and_from_the_plan(kadoma, clerk):
    book = f"{LIST}{kadoma.pk}/book/"
    assert book == reverse("admin:actions_plan_book", args=[kadoma.pk])
    listed = clerk.get(LIST).content.decode()
    for address, words in (
        (book, "計画ブック（Excel）"),
        (TEMPLATE, "空の計画ブック"),
        (EXAMPLE_FILE, "記入例"),
    ):
        assert f'<a href="{address}">{words}</a>' in listed
    page = clerk.get(f"{LIST}{kadoma.pk}/change/").content.decode()
    assert f'<a href="{book}">計画ブック（Excel）</a>' in page
    files = {
        book: (plan_book_workbook(plan_book(kadoma)), f"{SLUG}_計画ブック.xlsx"),
        TEMPLATE: (plan_book_template(), "計画ブック_空.xlsx"),
        EXAMPLE_FILE: (plan_book_workbook(EXAMPLE), "計画ブック_記入例.xlsx"),
    }
    for address, (content, name) in files.items():
        answer = clerk.get(address)
        assert answer.content == content
        assert name in unquote(answer["Content-Disposition"])
        assert answer["Content-Disposition"].startswith("attachment")
        assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("missing", ["actions.view_plan", "kpis.preview_reportingperiod"])
def test_both_rights_are_needed_and_nothing_is_offered_without(kadoma, client, no_role, missing):
    needed = {"actions.view_plan", "kpis.preview_reportingperiod"}
    own = [Permission.objects.get(codename=one.split(".")[1]) for one in needed - {missing}]
    no_role.user_permissions.set(own)
    client.force_login(no_role)
    addresses = (f"{LIST}{kadoma.pk}/book/", TEMPLATE, EXAMPLE_FILE)
    assert [client.get(one).status_code for one in addresses] == [403] * 3
    if missing != "actions.view_plan":
        for page in (LIST, f"{LIST}{kadoma.pk}/change/"):
            answer = client.get(page)
            assert answer.status_code == 200
            assert "計画ブック" not in answer.content.decode()
            assert "記入例" not in answer.content.decode()
    no_role.user_permissions.set(
        Permission.objects.filter(codename__in=[one.split(".")[1] for one in needed])
    )
    assert [client.get(one).status_code for one in addresses] == [200] * 3  # the control


def test_an_unknown_plan_is_not_found(kadoma, clerk):
    assert clerk.get(f"{LIST}{kadoma.pk + 1}/book/").status_code == 404
