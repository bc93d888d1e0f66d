"""A round's actions go out to the sections as a workbook and come back as one change."""

import pytest

from actions.models import ActionYear
from kpis.models import ActionUpload
from tests.action_files import (  # noqa: F401 (fixtures)
    HEADINGS,
    SHEET,
    ActionEditor,
    address,
    confirm,
    downloaded,
    half_year,
    place,
    send,
    three,
    whole_year,
    year_of,
)
from tests.entry_files import rezipped

pytestmark = pytest.mark.django_db


def headings(book):
    return [one.value for one in book[SHEET][HEADINGS]]


def shown(page, what):
    """Return what the preview tells of each change or conflict: code, field, old and new."""
    found = getattr(page.context["preview"], what)
    if what == "conflicts":
        found = [change for one in found for change in one.fields]
    return [(one.row.code, one.label, one.old, one.new) for one in found]


def faults(page):
    return [(one.place, one.message) for one in page.context["preview"].faults]


# --- what goes out ----------------------------------------------------------------------------------


def test_the_workbook_has_the_grid_s_columns_lists_and_a_guide(clerk, half_year):
    book = downloaded(clerk, half_year)
    page = book[SHEET]
    assert headings(book) == [
        *(
            "アクションコード",
            "アクション名",
            "施策",
            "主体",
            "所管課",
            "R7計画",
            "R6の評価・見直し",
        ),
        *("段階", "上半期の実施内容", "成果・課題", "評価", "版"),
    ]
    assert page["A1"].value.endswith("令和7年度（上半期）アクションの記入")
    assert [page.cell(one, 1).value for one in (6, 7, 8)] == ["1-1-1", "1-1-2", "2-1-1"]
    assert place(book, "1-1-1", "アクション名").value == "取組1-1-1"
    assert place(book, "1-1-1", "主体").value == "行政\n★重点"
    assert place(book, "1-1-1", "段階").value == "実施"
    assert [place(book, code, "版").value for code in ("1-1-1", "2-1-1")] == [1, 0]
    assert page.column_dimensions["L"].hidden
    lists = {str(one.sqref): one.formula1 for one in page.data_validations.dataValidation}
    assert lists == {
        "H6:H8": '"検討,準備,実施,拡充,完了,休止"',
        "K6:K8": '"計画以上,計画どおり,やや遅れ,遅れ,未着手"',
    }
    assert page.protection.sheet
    assert not place(book, "1-1-1", "成果・課題").protection.locked
    assert place(book, "1-1-1", "R7計画").protection.locked
    guide = [row[0].value for row in book["記入のしかた"].iter_rows(min_row=3)]
    assert guide[:3] == ["入力するところ", "段階", "上半期の実施内容"]


def test_the_year_s_workbook_asks_for_the_revision(clerk, whole_year):
    book = downloaded(clerk, whole_year)
    assert headings(book)[7:] == [
        *("上半期の実施内容", "段階", "年度の実施内容", "成果・課題", "評価"),
        *("見直し", "見直しの内容", "版"),
    ]


def test_a_section_gets_its_own_rows(clerk, half_year):
    page = downloaded(clerk, half_year, "商工課")[SHEET]
    assert [page.cell(row, 1).value for row in range(6, page.max_row + 1)] == ["2-1-1"]
    assert clerk.get(address(half_year, "workbook"), {"section": "無い課"}).status_code == 404
    asked = clerk.get(address(half_year, "import")).content.decode()
    assert "産業振興課</a>" in asked
    assert "商工課</a>" in asked


def test_texts_that_start_like_formulas_go_out_and_come_back_as_they_are(clerk, half_year):
    texts = {"results": "=1+1", "done_first_half": "+81-6 へ電話\n-3社", "plan": "@全社"}
    ActionYear.objects.filter(action__code="1-1-1", fiscal_year=2025).update(**texts)
    book = downloaded(clerk, half_year)
    for heading, text in (("成果・課題", "=1+1"), ("R7計画", "@全社")):
        cell = place(book, "1-1-1", heading)
        assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    page = send(clerk, half_year, book)
    assert "変わるところはありません。" in page.content.decode()
    assert page.context["preview"].unchanged == 3


# --- what comes back --------------------------------------------------------------------------------


def test_a_file_is_previewed_then_taken_in_as_one_change_with_its_history(
    clerk, half_year, entry_clerk
):
    book = downloaded(clerk, half_year)
    place(book, "1-1-1", "成果・課題").value = "満員\n課題は会場"
    place(book, "1-1-1", "評価").value = "計画以上"
    place(book, "2-1-1", "段階").value = "検討"
    page = send(clerk, half_year, book)
    assert shown(page, "changes") == [
        ("1-1-1", "成果・課題", "（空欄）", "満員\n課題は会場"),
        ("1-1-1", "評価", "（空欄）", "計画以上"),
        ("2-1-1", "段階", "（空欄）", "検討"),
    ]
    assert "2件のアクションが変わります。" in page.content.decode()
    assert year_of("1-1-1").results == ""
    assert confirm(clerk, half_year, page) == ["2件のアクションを取り込みました。"]
    upload = ActionUpload.objects.get()
    assert (year_of("1-1-1").results, year_of("1-1-1").evaluation) == ("満員\n課題は会場", "ahead")
    assert (year_of("2-1-1").stage, year_of("1-1-2").version) == ("study", 1)
    newest = year_of("1-1-1").history.first()
    reason = f"Excel取込: アクション.xlsx（取込番号{upload.pk}）"
    assert (newest.history_user, newest.history_change_reason) == (entry_clerk, reason)
    assert (upload.changes, upload.uploaded_by) == (2, entry_clerk)
    again = clerk.get(address(half_year, "import_preview", upload.pk)).content.decode()
    assert "に取り込まれました（2件のアクションを変更）" in again


def test_every_fault_is_told_with_its_cell_and_nothing_is_taken_in(clerk, half_year):
    book = downloaded(clerk, half_year)
    place(book, "1-1-1", "評価").value = "すごい"
    place(book, "1-1-2", "成果・課題").value = "=SUM(A1)"
    place(book, "2-1-1", "上半期の実施内容").value = "長" * 2001
    place(book, "2-1-1", "アクションコード").value = "9-9-9"
    page = send(clerk, half_year, book)
    assert faults(page) == [
        (
            "アクション記入 K6",
            "評価: 「すごい」は選べません。次から選んでください: "
            "計画以上、計画どおり、やや遅れ、遅れ、未着手",
        ),
        (
            "アクション記入 J7",
            "成果・課題: 数式が入っています。数式ではなく、値を貼り付けてください（「値の貼り付け」）。",
        ),
        ("アクション記入 A8", "アクションコード「9-9-9」はこの計画にありません。"),
    ]
    assert "この内容で取り込む" not in page.content.decode()
    assert not ActionYear.objects.exclude(version=1).exists()


def test_a_text_too_long_is_a_fault_of_its_cell(clerk, half_year):
    book = downloaded(clerk, half_year)
    place(book, "2-1-1", "上半期の実施内容").value = "長" * 2001
    said = "上半期の実施内容: 2,000字までで入力してください（現在2,001字）。"
    assert faults(send(clerk, half_year, book)) == [("アクション記入 I8", said)]


def test_a_file_of_another_period_or_kind_is_refused(clerk, half_year, whole_year):
    (told,) = faults(send(clerk, whole_year, downloaded(clerk, half_year)))[:1]
    assert told[0] == "アクション記入 E4"
    assert told[1].startswith("このファイルの期間は「令和7年度上半期」です。")
    figures = clerk.get(f"/admin/kpis/reportingperiod/{half_year.pk}/workbook/").content
    ((place_of, said),) = faults(send(clerk, half_year, figures))
    assert place_of == ""
    assert said.startswith("シート「アクション記入」がありません（このファイルのシート: 実績入力")


def test_a_code_written_over_with_another_action_s_is_refused(clerk, half_year):
    book = downloaded(clerk, half_year)
    place(book, "1-1-2", "アクション名").value = "取組2-1-1"
    ((cell, said),) = faults(send(clerk, half_year, book))
    assert cell == "アクション記入 A7"
    assert "アクション名は「2-1-1」のものです。" in said


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "ファイルが空です。"),
        (b"a,b\r\n1,2\r\n", "CSVなどのテキストファイルは取り込めません。"),
        (b"PK\x03\x04broken", "ファイルが壊れていて開けません。"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1xls",
            "古い形式のExcelファイル（.xls）は取り込めません。",
        ),
        (b"x" * (5 * 1024 * 1024 + 1), "ファイルが大きすぎます（5.0MB）。"),
    ],
)
def test_what_is_no_plain_workbook_is_refused_and_not_kept(clerk, half_year, data, said):
    page = send(clerk, half_year, data)
    assert page.context["form"].errors["file"][0].startswith(said)
    assert not ActionUpload.objects.exists()


def test_a_file_that_swells_or_declares_entities_is_refused(clerk, half_year):
    plain = clerk.get(address(half_year, "workbook")).content
    swollen = rezipped(plain, more=[("xl/media/a.bin", b"\0" * 31 * 1024 * 1024)])
    declared = rezipped(plain, sheet=lambda part: part.replace(b"<worksheet", b"<!DOCTYPE x><w", 1))
    for data, said in (
        (swollen, "展開すると大きすぎるため"),
        (declared, "通常のExcelファイルにはない"),
    ):
        assert said in send(clerk, half_year, data).context["form"].errors["file"][0]
    assert not ActionUpload.objects.exists()


# --- the file and the grid --------------------------------------------------------------------------


def test_changes_of_different_cells_since_the_download_both_stand(clerk, half_year, entry_clerk):
    book = downloaded(clerk, half_year)
    ActionEditor(half_year, entry_clerk).opens().types("1-1-1", results="満員").sends()
    place(book, "1-1-1", "上半期の実施内容").value = "2回開いた"
    page = send(clerk, half_year, book)
    assert shown(page, "changes") == [("1-1-1", "上半期の実施内容", "（空欄）", "2回開いた")]
    confirm(clerk, half_year, page)
    assert (year_of("1-1-1").results, year_of("1-1-1").done_first_half) == ("満員", "2回開いた")


@pytest.mark.parametrize(("choice", "stands"), [("file", "盛況"), ("current", "満員")])
def test_the_same_cell_is_asked_about(clerk, half_year, entry_clerk, choice, stands):
    book = downloaded(clerk, half_year)
    ActionEditor(half_year, entry_clerk).opens().types("1-1-1", results="満員").sends()
    place(book, "1-1-1", "成果・課題").value = "盛況"
    page = send(clerk, half_year, book)
    assert shown(page, "conflicts") == [("1-1-1", "成果・課題", "満員", "盛況")]
    confirm(clerk, half_year, page, c1_1_1=choice)
    assert year_of("1-1-1").results == stands


def test_what_changes_after_the_preview_is_previewed_again(clerk, half_year, entry_clerk):
    book = downloaded(clerk, half_year)
    place(book, "1-1-1", "成果・課題").value = "盛況"
    page = send(clerk, half_year, book)
    ActionEditor(half_year, entry_clerk).opens().types("1-1-1", evaluation="late").sends()
    (told,) = confirm(clerk, half_year, page)
    assert "まだ何も取り込んでいません。" in told
    assert year_of("1-1-1").results == ""


def test_a_closed_period_takes_nothing_in(clerk, half_year):
    book = downloaded(clerk, half_year)
    place(book, "1-1-1", "成果・課題").value = "盛況"
    page = send(clerk, half_year, book)
    type(half_year).objects.filter(pk=half_year.pk).update(state="published")
    (told,) = confirm(clerk, half_year, page)
    assert told.startswith("取り込めませんでした。この報告期間は公表済みです。")
    assert year_of("1-1-1").results == ""
