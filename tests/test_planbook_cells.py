"""The plan book as it leaves: its cells, hostile texts, and everything that a plan may hold."""

import io
import zipfile
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.fiscal import Period
from kpis.models import Actual, Indicator, JudgementBand
from kpis.planbook import REQUIRED, SHEETS
from kpis.selectors import plan_book
from kpis.workbooks import plan_book_template, plan_book_workbook
from tests.factories import make_indicators, make_plan
from tests.planbook_sheets import at, book_of, kadomas, offered, opened, table  # noqa: F401 (fixture)
from tests.test_planbook_export import INDICATORS

pytestmark = pytest.mark.django_db


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
