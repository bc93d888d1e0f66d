"""The published files against the rules for statistics that machines read.

The rules are 総務省「統計表における機械判読可能なデータの表記方法の統一ルール」 of 令和2年12月18日;
each test names the check item that it holds true, on the bytes that a reader downloads.
"""

import csv
import datetime as dt
import io
import re
import zipfile
from collections import Counter
from types import SimpleNamespace

import pytest
from django.test import Client
from openpyxl import load_workbook

from tests.test_opendata import HEADINGS, KEYS, NUMBERS

pytestmark = pytest.mark.django_db
DATA = "/kadoma-monozukuri/data"
MEASURES = ("目標値", "実績値", "達成率")


def read_lines(content):
    """Return the CSV's lines as cells; strict about quotes, with the byte order mark taken off."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


@pytest.fixture(scope="module")
def files(in_passing):
    """The CSV as cells, the workbook as cells and as parts, and what explains them."""
    with in_passing():
        client = Client()
        csv_file, codes, dictionary = (
            read_lines(client.get(f"{DATA}/{name}.csv").content)
            for name in ("kpis", "codes", "dictionary")
        )
        content = client.get(f"{DATA}/kpis.xlsx").content
        metadata = client.get(f"{DATA}/metadata.json").json()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    return SimpleNamespace(
        csv=csv_file,
        rows=[dict(zip(HEADINGS, line, strict=True)) for line in csv_file[1:]],
        codes=[dict(zip(codes[0], line, strict=True)) for line in codes[1:]],
        dictionary=[
            dict(zip(dictionary[0], line, strict=True))
            for line in dictionary[1:]
            if line[-1] == "kpis.csv"
        ],
        book=load_workbook(io.BytesIO(content)),
        parts=parts,
        metadata=metadata,
    )


@pytest.fixture
def sheet(files):
    """The workbook's only sheet."""
    (only,) = files.book.worksheets
    return only


def column(files, heading):
    return [row[heading] for row in files.rows]


def test_1_1_the_format_is_excel_or_csv(client, published):
    heads = {kind: client.get(f"{DATA}/kpis.{kind}") for kind in ("csv", "xlsx")}
    assert heads["csv"]["Content-Type"] == "text/csv; charset=utf-8"
    assert heads["csv"].content.startswith(b"\xef\xbb\xbf")
    assert heads["xlsx"]["Content-Type"].endswith("spreadsheetml.sheet")
    assert heads["xlsx"].content.startswith(b"PK")


FIGURE = r"-?\d+(\.\d+)?"
WORDS = r"[^\s、，,;／/|]+"  # no list of several
ONE_DATUM = {
    "計画ID": r"[a-z0-9-]+",
    "指標コード": r"\d+-\d+",
    "基本戦略番号": r"\d+",
    "基本戦略": r"\S+",
    "指標名": r"\S+( \S+)*",
    "単位": WORDS,
    "年度": r"\d{4}",
    "年度表記": r"(令和|平成)(元|\d+)年度",
    "期間": r"H1|FY",
    "目標値": rf"({FIGURE})?",
    "目標の状態": r"[a-z_]+",
    "実績値": rf"({FIGURE})?",
    "実績の状態": r"[a-z_]+",
    "達成率": rf"({FIGURE})?",
    "達成率表示": r"(▲?[\d,]+(\.\d+)?%|—)?",
    "算式": r"[a-z_]+",
    "達成": r"(true|false)?",
    "参考判定": rf"({WORDS})?",
    "公表版": r"\d+",
    "基準日": r"(\d{4}-\d{2}-\d{2})?",
}


@pytest.mark.parametrize("heading", HEADINGS)
def test_1_2_a_cell_holds_one_datum(files, heading):
    odd = [cell for cell in column(files, heading) if not re.fullmatch(ONE_DATUM[heading], cell)]
    assert odd == []


def test_1_3_figures_are_numbers_without_any_text(sheet):
    for line in sheet.iter_rows(min_row=2):
        for cell, key in zip(line, KEYS, strict=True):
            if cell.value is not None:
                assert cell.data_type == ("n" if key in NUMBERS else "s"), cell
                assert cell.number_format == "General", cell


def test_1_3_csv_and_excel_hold_the_same_figures(files, sheet):
    for line, cells in zip(
        files.csv[1:], sheet.iter_rows(min_row=2, values_only=True), strict=True
    ):
        for text, value, key in zip(line, cells, KEYS, strict=True):
            expected = float(text) if key in NUMBERS and text else text or None
            assert value == expected


def test_1_4_no_cells_are_merged(files, sheet):
    assert sheet.merged_cells.ranges == set()
    assert not any("mergeCell" in part for part in files.parts.values())
    assert {len(line) for line in files.csv} == {len(HEADINGS)}


def test_1_5_neither_spaces_nor_line_breaks_shape_the_text(files, sheet):
    cells = [cell for line in files.csv for cell in line]
    cells += [cell for line in sheet.iter_rows(values_only=True) for cell in line]
    for text in (cell for cell in cells if isinstance(cell, str)):
        assert text == text.strip(), repr(text)
        assert not re.search(r"[\n\r\t\u3000]|  ", text), repr(text)


def test_1_6_no_heading_and_no_item_is_left_out(files):
    assert all(HEADINGS)
    assert len(set(HEADINGS)) == len(HEADINGS)
    for heading in ("計画ID", "指標コード", "基本戦略", "指標名", "年度", "期間", "公表版"):
        assert all(column(files, heading)), heading


def test_1_7_there_are_values_and_no_formulas(files, sheet):
    assert not re.search(r"<f[ >/]", files.parts["xl/worksheets/sheet1.xml"])
    assert not any(cell.data_type == "f" for line in sheet.iter_rows() for cell in line)
    begins = re.compile(r"[=+@]|-(?!\d)")
    assert not any(begins.match(cell) for line in files.csv for cell in line)


def test_1_8_no_objects_lie_on_the_sheet(files, sheet):
    extra = ("drawing", "chart", "media", "comment", "embed", "vba", "ctrl", "pivot", "external")
    assert [name for name in files.parts if any(one in name.lower() for one in extra)] == []
    assert not sheet.data_validations.dataValidation
    assert not list(sheet.conditional_formatting)


def test_1_9_every_figure_has_a_unit(files):
    units = {one["項目名"]: one["単位"] for one in files.dictionary}
    assert {units[heading] for heading in MEASURES[:2]} == {"「単位」の列による"}
    assert all(column(files, "単位"))
    assert (units["達成率"], units["年度"]) == ("%", "年（西暦）")


# Signs of the read model's own that JIS X 0208 lacks, or that Python spells in another way there.
OWN_SIGNS = set("—－✓")


def test_1_10_no_character_depends_on_the_machine(files):
    found = {one for line in files.csv for cell in line for one in cell}
    odd = set()
    for one in found:
        try:
            one.encode("iso2022_jp")  # ASCII and JIS X 0208
        except UnicodeEncodeError:
            odd.add(one)
    assert odd == OWN_SIGNS


def test_1_11_time_is_written_in_years_of_the_western_calendar(files):
    assert {int(year) for year in column(files, "年度")} == set(range(2023, 2029))
    for row in files.rows:
        assert row["年度表記"] == f"令和{int(row['年度']) - 2018}年度"
        if row["基準日"]:
            day = dt.date.fromisoformat(row["基準日"])
            assert day.year == int(row["年度"]) + (row["期間"] == "FY")


def test_1_12_the_region_is_named(files):
    # All rows are about one city, which the plan's name tells; its code is no column of the contract.
    assert files.metadata["plan"]["name"].startswith("門真市")


def test_1_13_blank_and_zero_are_told_apart_without_signs_among_the_figures(files):
    for row in files.rows:
        assert (row["目標値"] == "") == (row["目標の状態"] != "set")
        assert (row["実績値"] == "") == (row["実績の状態"] not in ("reported", "provisional"))
        assert (row["達成率"] == "") == (row["達成率表示"] in ("", "—"))
    cells = {row["実績値"] for row in files.rows}
    assert {"0", ""} < cells
    zeros = [row for row in files.rows if row["実績値"] == "0"]
    assert {row["実績の状態"] for row in zeros} == {"reported"}


def test_1_14_the_data_are_not_divided(files, sheet):
    assert sheet.dimensions == f"A1:T{len(files.csv)}"
    assert [cell.value for cell in sheet[1]] == HEADINGS
    assert not any(set(line) == {""} for line in files.csv)
    assert HEADINGS not in files.csv[1:]
    lines = (*sheet.row_dimensions.values(), *sheet.column_dimensions.values())
    assert not any(one.hidden for one in lines)
    assert sheet.auto_filter.ref is None


def test_1_15_a_sheet_holds_one_table_and_the_book_one_sheet(files):
    assert files.book.sheetnames == ["データ"]
    assert [name for name in files.parts if "worksheets/" in name] == ["xl/worksheets/sheet1.xml"]


# --- what the rules leave to us -------------------------------------------------------------------


def test_no_colour_and_no_letter_carries_a_meaning(sheet):
    for line in sheet.iter_rows():
        for cell in line:
            assert not cell.has_style, cell


def test_the_columns_keep_their_names(files):
    assert files.csv[0] == HEADINGS
    assert [one["項目名"] for one in files.dictionary] == HEADINGS
    assert [one["キー"] for one in files.dictionary] == KEYS


def test_the_table_is_long(files):
    keys = Counter((row["指標コード"], row["年度"], row["期間"]) for row in files.rows)
    assert set(keys.values()) == {1}
    assert not any(re.search(r"\d|令和|R\d", heading) for heading in HEADINGS)


def test_every_code_that_occurs_is_defined(files):
    defined = {(one["項目キー"], one["コード"]) for one in files.codes}
    coded = [one for one in files.dictionary if one["型"] in ("コード", "真偽")]
    assert [one["キー"] for one in coded] == [
        "term",
        "target_status",
        "actual_status",
        "formula",
        "met",
        "judgement",
    ]
    for one in coded:
        found = {(one["キー"], cell) for cell in column(files, one["項目名"]) if cell}
        assert found
        assert found <= defined


def test_every_blank_is_explained(files):
    for one in files.dictionary:
        blanks = "" in column(files, one["項目名"])
        assert not (blanks and one["空欄の意味"] == "空欄にならない"), one
        assert one["空欄の意味"]
