"""Workbooks that come back: the wrong sheet, and files that are not opened."""

import hashlib
import io
import re
import struct
import zipfile

import pytest
from openpyxl.chart import BarChart, Reference

from kpis import imports
from kpis.imports import UploadError, read_workbook
from tests.entry_files import (  # noqa: F401 (fixtures)
    SHEET,
    address,
    clerk,
    content,
    downloaded,
    entering,
    faults_of,
    fill,
    filled,
    preview_of,
    refusal_of,
    rezipped,
)
from tests.factories import make_plan

pytestmark = pytest.mark.django_db

# --- the wrong sheet ------------------------------------------------------------------------------


def test_a_file_of_another_plan_is_refused(clerk, entering, administrator):
    other = make_plan(slug="other", periods=[entering.period]).periods.get()
    ((place, said),) = faults_of(clerk, entering, content(downloaded(other)))
    assert place == "実績入力 B4"
    assert "このファイルの計画は「other」です" in said
    assert "取り込み先の計画は「kadoma-monozukuri」です" in said


def test_a_file_of_another_period_is_refused_and_both_are_named(clerk, entering):
    half_year = entering.plan.periods.select_related("plan").get(term="H1")
    ((place, said),) = faults_of(clerk, entering, content(downloaded(half_year)))
    assert place == "実績入力 E4"
    assert "「令和7年度上半期」です。取り込み先の期間は「令和7年度」です" in said


def test_another_plan_and_another_period_are_told_together(clerk, entering):
    other = make_plan(slug="other").periods.get(term="H1")
    assert len(faults_of(clerk, entering, content(downloaded(other)))) == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"A4": "計画"}, "「計画ID」の行（見出しの上）がありません"),
        ({"B4": None}, "このファイルの計画は「空欄」です"),
        ({"D4": None}, "このファイルの期間は「空欄」です"),
        ({"E4": "来年"}, "このファイルの期間は「来年」です"),
        ({"A5": "番号"}, "見出しの行（「指標コード」のある行）がありません"),
        ({"I5": "実績"}, "5行目に見出し「実績値」がありません"),
        ({"R5": None}, "5行目に見出し「版」（画面に出ない列）がありません"),
        ({"L5": "実績値"}, "5行目に見出し「要因」がありません"),
        ({"R5": "実績値"}, "見出し「実績値」が2つ以上あります"),
        ({"I5": "=1"}, "見出し「実績値」がありません"),
    ],
    ids=lambda one: "-".join(map(str, (*one, *one.values()))) if isinstance(one, dict) else "",
)
def test_a_changed_head_is_refused(clerk, entering, change, words):
    book = downloaded(entering)
    for place, value in change.items():
        book[SHEET][place] = value
    assert any(words in said for _, said in faults_of(clerk, entering, content(book)))


def test_headings_may_be_spaced(clerk, entering):
    book = fill(downloaded(entering), "1-1", value=5)
    book[SHEET]["I5"] = "実 績\n値"
    assert len(preview_of(clerk, entering, content(book)).entries) == 1


def test_a_renamed_sheet_is_refused_and_the_sheets_are_named(clerk, entering):
    book = downloaded(entering)
    book[SHEET].title = "Sheet1"
    ((place, said),) = faults_of(clerk, entering, content(book))
    assert place == ""
    assert "シート「実績入力」がありません（このファイルのシート: Sheet1、記入のしかた）" in said


def test_charts_and_sheets_of_their_own_do_no_harm(clerk, entering):
    book = fill(downloaded(entering), "1-1", value=5)
    chart = BarChart()
    chart.add_data(Reference(book[SHEET], range_string="実績入力!I6:I9"))
    book.create_chartsheet("グラフ").add_chart(chart)
    book.create_sheet("自分用")["A1"] = "=1+1"
    assert len(preview_of(clerk, entering, content(book)).entries) == 1


def test_too_many_rows_are_refused(clerk, entering):
    book = downloaded(entering)
    for row in range(21, 2100):
        book[SHEET].cell(row, 9).value = 1
    ((_, said),) = faults_of(clerk, entering, content(book))
    assert "行が多すぎます（2,000行まで）" in said


@pytest.mark.parametrize("place", ["DA8", "XFD8", "CW1"])
def test_too_many_columns_are_refused(clerk, entering, place):
    book = downloaded(entering)
    book[SHEET][place] = "遠い"
    ((_, said),) = faults_of(clerk, entering, content(book))
    assert "列が多すぎます（100列まで）" in said


def test_colours_and_formats_far_away_are_no_content(clerk, entering):
    book = fill(downloaded(entering), "1-1", value=5)
    for place in ("XFD8", "A1048576", "B900"):
        book[SHEET][place].number_format = "0.00"
    assert len(preview_of(clerk, entering, content(book)).entries) == 1


def test_content_far_below_is_seen(clerk, entering):
    book = downloaded(entering)
    book[SHEET]["A1048576"] = "9-9"
    places = [place for place, _ in faults_of(clerk, entering, content(book))]
    assert "実績入力 A1048576" in places


def test_what_the_file_says_of_its_size_is_not_believed(clerk, entering):
    data = rezipped(
        filled(entering, "3-6", value=5),
        sheet=lambda body: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:B2"', body),
    )
    assert len(preview_of(clerk, entering, data).entries) == 1


# --- files that are not opened --------------------------------------------------------------------

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512)


def zipped(*parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts:
            archive.writestr(name, body)
    return stream.getvalue()


FOREIGN = [
    ("empty", b"", "ファイルが空です"),
    ("garbage", b"\x00\x01\x02" * 100, "Excelブック（.xlsx）ではありません"),
    ("picture", b"\x89PNG\r\n\x1a\n\x00\x00", "Excelブック（.xlsx）ではありません"),
    ("xls", OLE, "古い形式のExcelファイル（.xls）は取り込めません"),
    ("password", OLE + "EncryptedPackage".encode("utf-16-le"), "パスワードの付いたExcelファイル"),
    ("csv", "指標コード,実績値\r\n1-1,704\r\n".encode("cp932"), "CSVなどのテキストファイル"),
    ("csv-bom", b"\xef\xbb\xbf1-1,704", "CSVなどのテキストファイル"),
    ("web-page", b"\r\n<html><table>", "WebページやXMLのファイル"),
    ("other-zip", zipped(("readme.txt", "x")), "Excelブック（.xlsx）ではありません"),
    ("empty-zip", zipped(), "Excelブック（.xlsx）ではありません"),
    ("word", zipped(("[Content_Types].xml", "x"), ("word/document.xml", "x")), "ではありません"),
    ("xlsb", zipped(("xl/workbook.bin", "x")), "バイナリ形式のExcelファイル（.xlsb）"),
    ("half-a-header", b"PK\x03\x04", "ファイルが壊れていて開けません"),
]


@pytest.mark.parametrize(("data", "words"), [pytest.param(*one[1:], id=one[0]) for one in FOREIGN])
def test_another_kind_of_file_is_named_and_not_kept(clerk, entering, data, words):
    assert words in refusal_of(clerk, entering, data)


def test_no_file_at_all_is_told(clerk, entering):
    page = clerk.post(address(entering), {})
    assert page.context["form"].errors["file"] == ["ファイルを選んでください。"]


def test_a_file_of_50_megabytes_is_refused_without_reading_it(clerk, entering, monkeypatch):
    def never(data):
        raise AssertionError("read")

    monkeypatch.setattr("kpis.imports.forms.check_archive", never)
    said = refusal_of(clerk, entering, bytes(50 * 1024 * 1024))
    assert "ファイルが大きすぎます（50.0MB）。取り込めるのは5MBまでです" in said


def test_five_megabytes_are_the_limit():
    assert imports.too_large(imports.LARGEST_FILE) == ""
    assert imports.too_large(imports.LARGEST_FILE + 1) != ""


def test_a_file_with_macros_is_refused(clerk, entering):
    data = rezipped(content(downloaded(entering)), [("xl/vbaProject.bin", b"x")])
    said = refusal_of(clerk, entering, data, "実績入力.xlsm")
    assert "マクロの付いたExcelファイル（.xlsm）は取り込めません" in said


@pytest.mark.parametrize("share", [0.2, 0.5, 0.95])
def test_a_file_that_broke_off_is_refused(clerk, entering, share):
    data = content(downloaded(entering))
    assert "壊れていて開けません" in refusal_of(clerk, entering, data[: int(len(data) * share)])


def test_a_file_with_a_damaged_part_is_refused(clerk, entering):
    data = bytearray(content(downloaded(entering)))
    middle = len(data) // 2
    data[middle : middle + 40] = bytes(40)
    said = refusal_of(clerk, entering, bytes(data))
    assert "壊れていて開けません" in said


def test_a_zip_that_unpacks_to_too_much_is_refused(clerk, entering):
    data = rezipped(content(downloaded(entering)), [("xl/media/x.xml", bytes(31 * 1024 * 1024))])
    assert len(data) < 1024 * 1024
    assert "展開すると大きすぎる" in refusal_of(clerk, entering, data)


def test_a_zip_of_too_many_parts_is_refused(clerk, entering):
    parts = [(f"xl/{one}.xml", b"") for one in range(201)]
    data = rezipped(content(downloaded(entering)), parts)
    assert "展開すると大きすぎる" in refusal_of(clerk, entering, data)


def test_a_zip_that_lies_about_its_size_is_refused(clerk, entering):
    size = 31 * 1024 * 1024
    data = rezipped(content(downloaded(entering)), [("xl/media/x.xml", bytes(size))])
    lie = data.replace(struct.pack("<L", size), struct.pack("<L", 100))
    assert lie != data
    assert "壊れていて開けません" in refusal_of(clerk, entering, lie)


def test_a_sheet_of_tags_alone_is_refused(clerk, entering):
    many = b"<row>" + b"<c/>" * 600_000 + b"</row></sheetData>"
    data = rezipped(
        content(downloaded(entering)), sheet=lambda body: body.replace(b"</sheetData>", many)
    )
    assert "展開すると大きすぎる" in refusal_of(clerk, entering, data)


def with_declaration(declaration, encoding="utf-8"):
    def changed(body):
        text = re.sub(r"^<\?xml[^>]*\?>", "", body.decode())
        head = f'<?xml version="1.0" encoding="{encoding}"?>'
        return (head + declaration + text).encode(encoding)

    return changed


DECLARATIONS = [
    ("entity", '<!DOCTYPE x [<!ENTITY e "lol">]>'),
    ("outside-entity", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
    ("outside-dtd", '<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd">'),
    ("laughs", '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]>'),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", ["sheet", "book"])
@pytest.mark.parametrize("declaration", [pytest.param(one[1], id=one[0]) for one in DECLARATIONS])
def test_entities_and_declarations_are_refused(clerk, entering, part, declaration, encoding):
    change = with_declaration(declaration, encoding)
    data = rezipped(content(downloaded(entering)), **{part: change})
    assert "DTD・外部参照" in refusal_of(clerk, entering, data)


def test_the_parser_itself_refuses_entities(entering, monkeypatch):
    # The control: without our own look at the parts, defusedxml still stops it.
    monkeypatch.setattr("kpis.imports.archive._check_parts", lambda parts, bounds: None)
    change = with_declaration(DECLARATIONS[3][1])
    data = rezipped(content(downloaded(entering)), sheet=change)
    with pytest.raises(UploadError, match="読み取れません"):
        read_workbook(data, "kadoma-monozukuri", entering.period)


SPOILED = [
    ("row-number", b'<row r="6"', b'<row r="x"'),
    ("column", b'r="A6"', b'r="ZZZZ6"'),
    ("style", rb'r="G6" s="\d+"', b'r="G6" s="99999"'),
    ("number", rb'(r="G6"[^>]*><v>)1124', rb"\1nan"),
    ("endless-number", rb'(r="G6"[^>]*><v>)1124', rb"\g<1>" + b"9" * 5000),
    ("string", rb'r="A6"([^>]*) t="inlineStr"><is><t>1-1</t></is>', rb'r="A6"\1 t="s"><v>7</v>'),
    ("not-xml", b"<sheetData>", b"<sheetData><"),
]


@pytest.mark.parametrize(
    ("before", "after"), [pytest.param(*one[1:], id=one[0]) for one in SPOILED]
)
def test_a_spoiled_sheet_is_told_and_breaks_nothing(clerk, entering, before, after):
    whole = content(downloaded(entering))
    data = rezipped(whole, sheet=lambda body: re.sub(before, after, body, count=1))
    assert data != whole
    ((place, said),) = faults_of(clerk, entering, data)
    assert place == ""
    assert "ファイルの中身を読み取れません" in said


DRAWN_OUT = [
    ("far-row", b'<row r="99999999999999"><c><v>1</v></c></row>', None),
    ("nested", b"<a>" * 50_000 + b"</a>" * 50_000, None),
    ("wide-rows", b'<row r="30"><c r="XFD30" s="1"/></row>' * 1_000, None),
    ("one-tag", b'<row a="' + b"x" * 8_000_000 + b'"/>', "DTD・外部参照など"),
    ("one-text", b"<row>" + b"x" * 8_000_000 + b"</row>", "DTD・外部参照など"),
    ("one-remark", b"<!--" + b"<" * 20_000 + b"-->", "DTD・外部参照など"),
    ("open-remark", b"<!-- ", "DTD・外部参照など"),
]


@pytest.mark.parametrize(
    ("more", "words"), [pytest.param(*one[1:], id=one[0]) for one in DRAWN_OUT]
)
def test_what_only_costs_time_is_refused_or_passed_over(clerk, entering, more, words):
    data = rezipped(
        content(downloaded(entering)),
        sheet=lambda body: body.replace(b"</sheetData>", more + b"</sheetData>"),
    )
    if words is None:
        assert preview_of(clerk, entering, data).unchanged == 15
    else:
        assert words in refusal_of(clerk, entering, data)


def test_a_picture_in_the_file_does_no_harm(clerk, entering):
    noise = hashlib.shake_256(b"picture").digest(2_000_000)
    data = rezipped(filled(entering, value=5), [("xl/media/image1.png", b"\x89PNG" + noise)])
    assert len(preview_of(clerk, entering, data).entries) == 1
