"""The empty plan book and the example, and where staff take the books."""

import datetime as dt
from urllib.parse import unquote

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from kpis.planbook import SHEETS
from kpis.planbook.example import EXAMPLE
from kpis.selectors import plan_book
from kpis.workbooks import plan_book_template, plan_book_workbook
from tests.office import no_role  # noqa: F401 (fixture)
from tests.planbook_sheets import CONTRACT, MORE_SHEETS, offered, opened, table

SLUG = "kadoma-monozukuri"
pytestmark = pytest.mark.django_db


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
