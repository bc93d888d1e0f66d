"""The workbook that sections fill in, read back as Excel reads it."""

import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from actions.fiscal import Period, Term
from kpis.entry import FIELDS, LABELS, LONGEST_TEXT, Entry
from kpis.models import ReportingPeriod
from kpis.selectors.entry import entry_rows
from kpis.services import open_round
from kpis.vocabulary import ActualReason, TargetStatus
from kpis.workbooks import EntrySheet, entry_workbook
from kpis.workbooks.cells import line_count, text_width
from tests.factories import make_plan

R7 = Period(2025, Term.FY)
FACTS = ["指標コード", "指標名", "単位", "種別", "所管課"]
HEADING_ROW, FIRST = 5, 6
pytestmark = pytest.mark.django_db


def sheet_of(period, section="", **others):
    plan = period.plan
    rows = tuple(one for one in entry_rows(period) if section in ("", one.section))
    sheet = EntrySheet(plan.slug, plan.name, period.period, period.due, section, rows)
    return replace(sheet, **others)


def opened(sheet):
    """Return the workbook as its reader gets it."""
    return load_workbook(io.BytesIO(entry_workbook(sheet)))


def page_of(period, section="", **others):
    return opened(sheet_of(period, section, **others))["実績入力"]


def with_row(period, place=0, **others):
    """Return the page with one row changed."""
    rows = list(entry_rows(period))
    rows[place] = replace(rows[place], **others)
    return page_of(period, rows=tuple(rows))


def headings(page):
    return [cell.value for cell in page[HEADING_ROW]]


def at(page, code, heading):
    """Return the cell of an indicator under a heading."""
    column = headings(page).index(heading) + 1
    for row in range(FIRST, page.max_row + 1):
        if page.cell(row, 1).value == code:
            return page.cell(row, column)
    raise LookupError(code)


@pytest.fixture
def entering(kadoma, publisher):
    """R7 年度, 入力中, without the publications before it, which cost time and matter not here."""
    return open_round(plan=kadoma, period=R7, due=dt.date(2026, 4, 20), by=publisher)


@pytest.fixture
def half_year(kadoma):
    """R7 上半期 as the city entered it."""
    return ReportingPeriod.objects.select_related("plan").get(plan=kadoma, term="H1")


def test_the_head_says_what_it_is_until_when_and_for_whom(entering):
    page = page_of(entering, "産業振興課")
    assert page["A1"].value == "門真市ものづくり産業振興計画　令和7年度（年度）実績入力"
    assert page["A2"].value == "入力期限: 令和8年4月20日　　所管課: 産業振興課"
    assert "色の付いたセル" in page["A3"].value
    told = [cell.value for cell in page[4] if cell.value is not None]
    assert told == ["計画ID", "kadoma-monozukuri", "期間", "2025-FY", "所管課", "産業振興課"]


def test_the_head_without_a_due_date_and_of_every_section(half_year):
    page = page_of(half_year)
    assert page["A1"].value.endswith("令和7年度（上半期）実績入力")
    assert page["A2"].value == "入力期限: 未定　　所管課: すべて"


FIGURE, WORDS = (
    ["実績値", "「—」の理由", "速報"],
    ["要因", "今後の対応", "対応の担当", "対応の期限", "確認した内容", "調査年度"],
)
INPUTS = {"FY": [*FIGURE, *WORDS], "H1": [*FIGURE, "年度末見込", *WORDS]}


@pytest.mark.parametrize(
    ("term", "half"), [("FY", "R7上半期実績"), ("H1", "R6上半期実績")], ids=["year", "half-year"]
)
def test_the_headings_name_the_years_and_end_with_the_hidden_version(entering, term, half):
    period = ReportingPeriod.objects.select_related("plan").get(fiscal_year=2025, term=term)
    page = page_of(period)
    assert headings(page) == [*FACTS, "R7目標", "R6実績", half, *INPUTS[term], "版"]
    last = len(FACTS) + 3 + len(INPUTS[term]) + 1
    assert page.column_dimensions[get_column_letter(last)].hidden
    assert page.max_column == last


def test_a_row_stands_for_every_indicator_in_the_papers_order(entering):
    page = page_of(entering)
    codes = [page.cell(row, 1).value for row in range(FIRST, page.max_row + 1)]
    assert codes == [one.code for one in entry_rows(entering)]
    assert len(codes) == 15
    assert [cell.value for cell in page[FIRST]][:8] == [
        *("1-1", "門真市中小企業サポートセンター相談件数", "件", "累計", "産業振興課"),
        *(1200, 1124, 704),
    ]


def test_zero_a_reason_and_nothing_differ(half_year):
    page = page_of(half_year)
    value, reason = LABELS["value"], LABELS["reason"]
    assert (at(page, "3-1", value).value, at(page, "3-1", reason).value) == (0, None)
    assert (at(page, "1-2", value).value, at(page, "1-2", reason).value) == (
        None,
        "公表資料に記載なし",
    )
    page = page_of(ReportingPeriod.objects.create(plan=half_year.plan, fiscal_year=2026, term="FY"))
    for heading in INPUTS["FY"]:
        assert at(page, "1-1", heading).value is None
    assert at(page, "1-1", "版").value == 0


def test_beside_stand_last_year_and_the_half_year_with_their_reasons(entering):
    page = page_of(entering)
    assert at(page, "2-2", "R6実績").value == 9.7
    assert at(page, "1-2", "R7上半期実績").value == "—（公表資料に記載なし）"


def test_numbers_are_native_and_shown_with_separators_and_their_decimals(half_year):
    page = page_of(half_year)
    for code, heading, value, shape in (
        ("1-1", "R7目標", 1200, '#,##0;"▲"#,##0'),
        ("1-1", "実績値", 704, '#,##0;"▲"#,##0'),
        ("2-2", "R6実績", 9.7, '#,##0.0;"▲"#,##0.0'),
    ):
        cell = at(page, code, heading)
        assert (cell.data_type, cell.value, cell.number_format) == ("n", value, shape)


def test_a_percentage_is_typed_into_a_cell_that_keeps_its_sign(half_year):
    # In a cell with a number format of its own, 7.2% typed would be stored as 0.072.
    cell = at(page_of(half_year), "2-2", "実績値")
    assert (cell.value, cell.number_format) == (7.2, "General")


def test_a_provisional_figure_is_marked_and_stays_a_number_beside_the_next(entering, half_year):
    half_year.actuals.filter(indicator__code="1-1").update(provisional=True)
    page = page_of(half_year)
    assert at(page, "1-1", LABELS["provisional"]).value == "○"
    assert at(page, "1-3", LABELS["provisional"]).value is None
    beside = at(page_of(entering), "1-1", "R7上半期実績")
    assert (beside.value, beside.data_type) == (704, "n")
    assert beside.number_format == '#,##0"（速報）";"▲"#,##0"（速報）"'


def test_a_target_that_another_plan_will_set_is_told_in_words(entering):
    row = entry_rows(entering)[0]
    target = replace(
        row.record.targets[2025], status=TargetStatus.LINKED, value=None, source="実施計画"
    )
    record = replace(row.record, targets={2025: target})
    page = with_row(entering, record=record)
    assert page["F6"].value == "実施計画で定める目標値と連動"


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "#N/A", "1-1", "TRUE"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_stays_the_text_that_it_is(entering, text):
    page = with_row(entering, name=text, entry=Entry(cause=text, next_step=text))
    for heading in ("指標名", LABELS["cause"], LABELS["next_step"]):
        cell = at(page, "1-1", heading)
        assert (cell.value, cell.data_type) == (text, "s")
        assert bool(cell.quotePrefix) == text.startswith(("=", "+", "-", "@"))


def test_texts_are_typed_into_cells_that_keep_them_as_texts(entering):
    page = page_of(entering)
    for heading in ("指標コード", *INPUTS["FY"][1:]):
        assert at(page, "1-1", heading).number_format == "@"


def test_what_a_workbook_cannot_hold_is_left_out(entering):
    page = with_row(entering, name="前\x00\ufffe後", definition="定\x0b義", unit="\x1f件")
    assert (page["B6"].value, page["C6"].value) == ("前後", "件")
    assert page["B6"].comment.text == "定義"


def test_only_the_cells_to_fill_in_can_be_changed_and_they_are_tinted(entering):
    page = page_of(entering)
    assert page.protection.sheet
    assert page.protection.password is None
    inputs = {LABELS[name] for name in FIELDS}
    for row in page.iter_rows(min_row=1, max_row=page.max_row):
        for cell in row:
            is_input = cell.row >= FIRST and headings(page)[cell.column - 1] in inputs
            assert cell.protection.locked is not is_input, cell.coordinate
            assert (cell.fill.start_color.rgb == "00FFF9DB") is is_input, cell.coordinate


def test_head_and_names_stay_in_sight(entering):
    assert page_of(entering).freeze_panes == "C6"


def rule_at(page, cell):
    (rule,) = (one for one in page.data_validations.dataValidation if cell.coordinate in one.sqref)
    return rule


def test_reasons_are_chosen_from_a_list(entering):
    page = page_of(entering)
    for code in ("1-1", "3-6"):
        rule = rule_at(page, at(page, code, LABELS["reason"]))
        assert rule.type == "list"
        assert rule.formula1 == '"' + ",".join(one.label for one in ActualReason) + '"'
    mark = rule_at(page, at(page, "1-1", LABELS["provisional"]))
    assert (mark.type, mark.formula1, mark.showErrorMessage) == ("list", '"○"', False)


def test_no_spelling_of_a_figure_is_refused_and_the_cell_says_what_is_asked_for(entering):
    page = page_of(entering)
    for code, words in (
        ("1-1", "4～3月の合計を「件」で入力します（整数）。"),
        ("2-1", "令和8年3月31日時点の値を「件」で入力します（整数）。"),
        ("2-2", "4～3月の割合を「%」で入力します（小数第1位まで）。"),
    ):
        rule = rule_at(page, at(page, code, LABELS["value"]))
        assert (rule.type, rule.showErrorMessage) == ("decimal", False)
        assert rule.prompt.startswith(words)
        assert len(rule.prompt) <= 255


def test_definitions_and_headings_carry_comments(entering):
    page = page_of(entering)
    assert at(page, "1-2", "指標名").comment.text == "※特定創業支援事業による支援件数"
    assert at(page, "1-1", "指標名").comment is None
    explained = {cell.value: cell.comment for cell in page[HEADING_ROW]}
    for heading in INPUTS["FY"]:
        assert explained[heading] is not None
    assert "0 は実績が0のとき" in explained[LABELS["value"]].text
    assert "令和8年3月31日時点の値" in explained[LABELS["value"]].text


def test_it_prints_on_a4_with_its_headings_on_every_page(entering):
    sheet = sheet_of(entering, plan="甲&乙計画")
    page = opened(sheet)["実績入力"]
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == (1, 0)
    assert page.print_title_rows == "$5:$5"
    assert page.print_area == "'実績入力'!$A$1:$Q$20"
    assert page.oddHeader.left.text == "甲&&乙計画"
    assert page.oddHeader.right.text == "令和7年度（年度）実績入力"
    assert page.oddFooter.center.text == "&P / &N ページ"


def test_every_text_is_in_our_letters(entering):
    for page in opened(sheet_of(entering)):
        fonts = {c.font.name for row in page.iter_rows() for c in row if c.value is not None}
        assert fonts == {"BIZ UDPゴシック"}


def test_the_document_has_a_title(entering):
    book = opened(sheet_of(entering))
    assert book.properties.title == "門真市ものづくり産業振興計画 令和7年度（年度）実績入力"
    assert book.sheetnames == ["実績入力", "記入のしかた"]


def test_the_second_sheet_tells_how(entering):
    page = opened(sheet_of(entering))["記入のしかた"]
    text = "\n".join(str(c.value) for row in page.iter_rows() for c in row if c.value)
    for words in ("0 と「—」と空欄", "種別が「累計」", "種別が「時点」", "種別が「割合」", "速報"):
        assert words in text
    assert "令和8年3月31日時点の値" in text
    assert page.protection.sheet


LONG = "エネルギー価格の高騰により、市内事業者の設備投資が慎重になったため。\n"


@pytest.mark.parametrize("text", [LONG, LONG * 8, "あ" * LONGEST_TEXT, "a\n" * 20, "W" * 500])
def test_rows_are_as_high_as_their_texts(entering, text):
    page = with_row(entering, name=text[:200], entry=Entry(cause=text))
    for heading in ("指標名", LABELS["cause"]):
        cell = at(page, "1-1", heading)
        width = page.column_dimensions[get_column_letter(cell.column)].width
        needed = sum(-(-text_width(line) // int(width)) for line in cell.value.split("\n"))
        height = page.row_dimensions[cell.row].height
        assert needed * 12.5 <= height <= 409  # a line of 10-point letters


@pytest.mark.parametrize(
    "figure", ["0", "123456789012345", "-12345678901234.5", "99999999999.9999"]
)
def test_columns_are_wide_enough_for_every_number(entering, figure):
    page = with_row(entering, decimals=4, entry=Entry(value=Decimal(figure)))
    cell = at(page, "1-1", LABELS["value"])
    shown = f"▲{abs(Decimal(figure)):,}"
    assert page.column_dimensions["I"].width >= text_width(shown)
    assert cell.value == (float(figure) if "." in figure else int(figure))


def test_widths_count_full_width_letters_twice():
    assert text_width("abc") == 3
    assert text_width("件数①○…") == 10
    assert text_width("ｱｲｳ") == 3
    assert line_count("", 10) == 1
    assert line_count("一二三四五六七八九十", 12) == 2
    assert line_count("一\n二\n", 12) == 3


def test_a_plan_without_indicators_gives_a_sheet_without_rows(entering):
    page = page_of(entering, rows=())
    assert headings(page)[0] == "指標コード"
    assert page.max_row == HEADING_ROW


def address(period, section=""):
    found = reverse("admin:kpis_reportingperiod_workbook", args=[period.pk])
    return f"{found}?section={section}" if section else found


def test_staff_download_it_under_a_name_that_says_what_it_is(client, entry_clerk, entering):
    client.force_login(entry_clerk)
    answer = client.get(address(entering))
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    name = "kadoma-monozukuri_2025-FY_%E5%85%A5%E5%8A%9B.xlsx"
    assert answer["Content-Disposition"] == f"attachment; filename*=utf-8''{name}"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    page = load_workbook(io.BytesIO(answer.content))["実績入力"]
    assert page.max_row == HEADING_ROW + 15


def test_a_section_gets_its_own_rows_only(client, entry_clerk, entering):
    entering.plan.indicators.filter(code__in=["2-1", "3-4"]).update(section="観光/交流 課")
    client.force_login(entry_clerk)
    answer = client.get(address(entering, "観光/交流 課"))
    assert answer["Content-Disposition"].endswith(
        "_%E5%85%A5%E5%8A%9B_%E8%A6%B3%E5%85%89_%E4%BA%A4%E6%B5%81_%E8%AA%B2.xlsx"
    )
    page = load_workbook(io.BytesIO(answer.content))["実績入力"]
    assert [page.cell(row, 1).value for row in range(FIRST, page.max_row + 1)] == ["2-1", "3-4"]
    assert page["G4"].value == "観光/交流 課"
    assert client.get(address(entering, "ない課")).status_code == 404


def test_it_is_there_in_every_state(client, publisher, published):
    client.force_login(publisher)
    for period in published.periods.all():
        assert client.get(address(period)).status_code == 200


def test_only_staff_who_may_preview_get_it(client, council_member, django_user_model, entering):
    assert client.get(address(entering)).status_code == 302
    client.force_login(council_member)
    assert client.get(address(entering)).status_code == 302
    client.force_login(django_user_model.objects.create_user("hoka", is_staff=True))
    assert client.get(address(entering)).status_code == 403


def test_it_answers_get_and_head_and_knows_its_periods(client, publisher, entering):
    client.force_login(publisher)
    assert client.head(address(entering)).status_code == 200
    assert client.post(address(entering)).status_code == 405
    missing = reverse("admin:kpis_reportingperiod_workbook", args=[999_999])
    assert client.get(missing).status_code == 404


def test_it_costs_as_many_queries_for_300_indicators_as_for_15(client, administrator):
    client.force_login(administrator)
    counts = []
    for slug, number in (("small", 15), ("large", 300)):
        period = make_plan(slug=slug, indicators=number).periods.get(term="H1")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(period)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] < 20


def test_the_due_date_of_an_old_round_is_told_in_its_era(half_year):
    page = page_of(half_year, due=dt.date(2019, 5, 1))
    assert "入力期限: 令和元年5月1日" in page["A2"].value
