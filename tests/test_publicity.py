"""普及・周知: the record with its running totals, on its page, as CSV and in the council's workbook."""

import csv
import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal

import pytest

from actions.fiscal import Period, Term
from actions.models import PublicityRecord
from kpis.papers import CouncilPapers
from kpis.progress import Publicity
from kpis.publicity import running_totals, totals
from kpis.services import publish_outright
from kpis.workbooks.council import council_workbook
from tests.builders import rich_progress
from tests.factories import make_plan
from tests.printed import opened, picture, printed

SLUG = "kadoma-monozukuri"
JULY, NOVEMBER = dt.date(2024, 7, 25), dt.date(2024, 11, 25)


def record(quantity, day=None, item="本編", kind="配付", unit="部"):
    number = None if quantity is None else Decimal(quantity)
    return Publicity(day, kind, "内容", number, unit, "", item)


def sums(*records):
    return [None if one.total is None else str(one.total) for one in running_totals(records)]


# --- adding up --------------------------------------------------------------------------------------


def test_quantities_add_up_record_by_record():
    assert sums(record("300", JULY), record("74", NOVEMBER), record("0.5", NOVEMBER)) == [
        "300",
        "374",
        "374.5",
    ]


@pytest.mark.parametrize("other", [{"item": "概要版"}, {"kind": "製作"}, {"unit": "人"}])
def test_another_kind_item_or_unit_adds_up_by_itself(other):
    found = sums(record("300", JULY), record("1000", JULY, **other), record("74", NOVEMBER))
    assert found == ["300", "1000", "374"]


def test_a_record_without_a_quantity_has_no_total_and_zero_is_a_quantity():
    assert sums(record("300", JULY), record(None, JULY), record("0", NOVEMBER)) == [
        "300",
        None,
        "300",
    ]


def test_undated_records_come_first_and_the_others_in_order_of_time():
    given = [record("4", NOVEMBER), record("2", JULY), record("1"), record("3", JULY)]
    found = running_totals(given)
    assert [(one.record.day, int(one.total)) for one in found] == [
        (None, 1),
        (JULY, 3),
        (JULY, 6),
        (NOVEMBER, 10),
    ]


def test_the_totals_name_what_was_counted_and_until_when():
    given = [record("300", JULY), record(None), record("74", NOVEMBER), record("9", item="")]
    assert [(one.name, str(one.quantity), one.day) for one in totals(given)] == [
        ("配付", "9", None),
        ("配付（本編）", "374", NOVEMBER),
    ]
    assert totals([]) == totals([record(None)]) == ()


# --- the page and its CSV ---------------------------------------------------------------------------

PRINTED = [
    ["日付", "種別", "対象", "内容", "数量", "累計", "備考"],
    ["—", "ホームページ", "", "計画の門真市ホームページへの掲載", "", "", ""],
    ["—", "製作", "本編", "計画製本版（本編）の製作", "500部", "500部", ""],
    ["—", "製作", "概要版", "計画製本版（概要版）の製作", "1,000部", "1,000部", ""],
    ["令和6年7月25日", "新聞", "", "日刊工業新聞で紹介（第19面）", "", "", ""],
    [
        *("令和6年11月25日", "配付", "本編"),
        "計画製本版（本編）を企業、域内外の支援機関、学生、会議等に配付、説明",
        *("374部", "374部", "令和6年11月25日現在の累計。"),
    ],
    ["令和7年11月10日", "視察", "", "神奈川県綾瀬市議会視察で本計画について説明", "", "", ""],
]


def csv_rows(client, address):
    content = b"".join(client.get(address)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content)))


def test_the_table_is_the_papers_record_with_its_totals(client, published):
    assert csv_rows(client, f"/{SLUG}/publicity/?table=publicity") == PRINTED


def test_the_page_begins_with_what_was_made_and_handed_out(client, published):
    response = client.get(f"/{SLUG}/publicity/")
    found = [(one.name, one.quantity, one.unit) for one in response.context["totals"]]
    assert found == [
        ("製作（本編）", 500, "部"),
        ("製作（概要版）", 1000, "部"),
        ("配付（本編）", 374, "部"),
    ]
    page = response.content.decode()
    assert "令和6年11月25日まで" in page
    assert "取組みの記録（6件）" in page


def test_a_correction_adds_the_next_hand_out_up(client, published, administrator):
    common = {"plan": published, "kind": "配付", "item": "本編", "unit": "部"}
    PublicityRecord.objects.create(
        **common, day=dt.date(2025, 8, 1), content="会議で配付", quantity=26
    )
    h1 = Period(2025, Term.H1)
    assert len(csv_rows(client, f"/{SLUG}/publicity/?table=publicity")) == 7
    publish_outright(plan=published, period=h1, by=administrator, reason="追加")
    rows = csv_rows(client, f"/{SLUG}/publicity/?table=publicity")
    assert [row[4:6] for row in rows if row[1] == "配付"] == [["374部", "374部"], ["26部", "400部"]]
    older = csv_rows(client, f"/{SLUG}/publicity/?period=2025-H1&version=1&table=publicity")
    assert older == PRINTED


def test_a_plan_without_records_says_so(client, administrator):
    plan = make_plan(slug="small", indicators=1)
    PublicityRecord.objects.all().delete()
    publish_outright(plan=plan, period=Period(2025, Term.H1), by=administrator, reason="試験")
    page = client.get("/small/publicity/").content.decode()
    assert "普及・周知の記録はまだありません。" in page
    assert "数量の合計" not in page


# --- the workbook -----------------------------------------------------------------------------------


def papers(*records):
    return CouncilPapers(replace(rich_progress(), publicity=records), None, (), None)


def sheet_of(*records):
    page = opened(council_workbook(papers(*records)))["普及・周知"]
    return page, picture(page, page.dimensions)


def test_the_sheet_stands_last_and_only_where_there_are_records():
    assert opened(council_workbook(papers(record("1")))).sheetnames[-2:] == [
        "算定ルール・注記",
        "普及・周知",
    ]
    without = opened(council_workbook(papers()))
    assert without.sheetnames[-1] == "算定ルール・注記"
    assert "普及・周知" not in [cell.value for cell in without["表紙"]["B"]]


def test_the_cover_lists_the_sheet():
    cover = opened(council_workbook(papers(record("1"))))["表紙"]
    (place,) = [cell for cell in cover["B"] if cell.value == "普及・周知"]
    assert cover.cell(place.row, 3).value == "計画を知らせる取組みと数量の累計"


def test_the_sheet_tells_the_records_with_numbers_that_are_numbers():
    page, rows = sheet_of(
        record("300", JULY), record(None, JULY, item="", kind="新聞"), record("74.5", NOVEMBER)
    )
    assert [row[0] for row in rows[:3]] == [
        "計画の普及・周知の取組み　3件",
        "数量の合計: 配付（本編） 374.5部",
        "累計は、種別・対象・単位が同じ記録の数量を、日付の順に足したものです。",
    ]
    assert rows[4:] == [
        PRINTED[0],
        ["令和6年7月25日", "配付", "本編", "内容", "300部", "300部", ""],
        ["令和6年7月25日", "新聞", "", "内容", "", "", ""],
        ["令和6年11月25日", "配付", "本編", "内容", "74.5部", "374.5部", ""],
    ]
    assert [(cell.value, cell.data_type) for cell in page["F"][5:]] == [
        (300, "n"),
        (None, "n"),
        (374.5, "n"),
    ]
    assert page.print_title_rows == "$5:$5"
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape")


def test_records_without_quantities_have_no_sums_above():
    _, rows = sheet_of(record(None, JULY))
    assert [row[0] for row in rows[:3]] == ["計画の普及・周知の取組み　1件", "", "日付"]


@pytest.mark.parametrize("text", ['=HYPERLINK("http://example.com")', "+1", "@SUM(A1)"])
def test_a_text_like_a_formula_stays_text_and_a_quote_does_not_break_the_figures(text):
    hostile = Publicity(None, text, text, Decimal(5), '"部', text, text)
    page, _ = sheet_of(hostile)
    cells = [cell for row in page.rows for cell in row]
    assert [cell.data_type for cell in cells if cell.value == text] == ["s"] * 4
    assert [cell.number_format for cell in cells if cell.value == 5] == [
        '#,##0"部";"▲"#,##0"部"'
    ] * 2


@pytest.mark.slow
def test_the_printed_sheet_has_its_headings_on_every_page(tmp_path):
    pages = printed(council_workbook(papers(*[record("10", JULY)] * 60)), tmp_path)
    mine = [page for page in pages if "10部" in page]
    assert len(mine) >= 2
    assert all("累計" in page.split("10部")[0] for page in mine)
    assert "600部" in mine[-1]
