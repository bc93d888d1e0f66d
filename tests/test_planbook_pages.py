"""A plan book taken in through the staff pages: the upload, its preview, and what is confirmed."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from actions.models import Plan
from kpis.imports.forms import PlanBookForm
from kpis.models import Actual, Indicator, Publication, ReportingPeriod, Target
from kpis.models import PlanBookUpload as Book
from tests.factories import make_plan
from tests.planbook_office import (  # noqa: F401 (fixtures)
    DONE,
    FULL,
    IMPORT,
    YEARS,
    chief,
    confirm,
    counts,
    hoshi,
    said,
    text,
    told,
    upload,
)
from tests.planbook_sheets import book_of
from tests.planbooks import BASE, INDICATOR, MEASURE, PLAN, content, sheets, xlsx

pytestmark = pytest.mark.django_db


# --- a new plan -----------------------------------------------------------------------------------


def test_the_list_of_plans_and_a_plan_lead_to_the_import(chief, kadoma):
    for address in ("/admin/actions/plan/", f"/admin/actions/plan/{kadoma.pk}/change/"):
        page = chief.get(address).content.decode()
        assert f'<a href="{IMPORT}">計画ブックを取り込む</a>' in page
    page = chief.get(IMPORT).content.decode()
    for name in ("template", "example"):
        assert f'href="/admin/actions/plan/book/{name}/"' in page
    assert "ブックにない行を削除する" in page
    assert "checked" not in page


def test_a_new_plan_is_previewed_and_nothing_is_written(chief):
    page = upload(chief, FULL)
    assert "新しい計画を登録します: 星野市観光計画（hoshi）" in text(page)
    assert "新しくできる報告期間: 令和6年度" in text(page)
    assert "公表済みの内容は変わりません。" in text(page)
    assert counts(page) == {
        "計画": (1, 0, 0), "戦略": (1, 0, 0), "体系": (1, 0, 0), "指標": (1, 0, 0),
        "目標": (1, 0, 0), "実績": (1, 0, 0),
    }  # fmt: skip
    assert (
        "指標",
        "1-1",
        "行全体",
        "（なし）",
        "（追加）戦略番号 1、指標名 訪問者、単位 人",
    ) in told(page)
    assert not Plan.objects.exists()
    kept = Book.objects.get()
    assert (kept.name, kept.applied_at, kept.plan, kept.delete_missing) == (
        *("計画.xlsx", None, None, False),
    )


def test_a_new_plan_needs_no_reason_and_leads_on(chief):
    page = confirm(chief, upload(chief, FULL), reason="")
    assert said(page) == ["「星野市観光計画」を新しく登録しました。"]
    plan, period = Plan.objects.get(slug="hoshi"), ReportingPeriod.objects.get()
    html = page.content.decode()
    for address in (
        f"/admin/actions/plan/{plan.pk}/change/",
        f"/admin/kpis/indicator/?plan__id__exact={plan.pk}",
        f"/admin/kpis/reportingperiod/begin/?plan={plan.pk}",
        f"/admin/preview/{period.pk}/",
    ):
        assert f'href="{address}"' in html
        assert chief.get(address).status_code == 200
    kept = Book.objects.get()
    assert (kept.plan, kept.reason, kept.applied_by.username) == (plan, "", "shisukan")
    assert "取り込みました（変わったところ 6か所）" in text(page)


def test_the_history_names_the_file_and_the_reason(chief):
    confirm(chief, upload(chief, FULL), reason="議会の議決による")
    (history,) = Indicator.history.all()
    number = Book.objects.get().pk
    assert history.history_change_reason == (
        f"計画ブック取込: 計画.xlsx（取込番号{number}） 議会の議決による"
    )
    assert history.history_user.username == "shisukan"


def test_a_plan_without_actuals_has_no_period_to_look_at(chief):
    page = confirm(chief, upload(chief, BASE))
    assert "実績の入力を始める" in text(page)
    assert "公開ページのプレビュー" not in text(page)


def test_what_was_taken_in_is_taken_in_once(chief, hoshi):
    kept = Book.objects.get()
    address = f"{IMPORT}{kept.pk}/"
    assert "この内容で取り込む" not in text(chief.get(address))
    page = chief.post(address, {"fingerprint": "x", "reason": "理由"}, follow=True)
    assert said(page) == ["取り込めませんでした。このファイルは既に取り込まれています。"]
    assert Indicator.history.count() == 1


# --- a plan that stands ---------------------------------------------------------------------------


def test_every_difference_is_shown_old_to_new(chief, hoshi):
    changed = FULL | {"目標": [YEARS[0] | {"目標値": 12, "根拠": None}]}
    changed["指標"] = [INDICATOR, INDICATOR | {"指標コード": "1-2", "指標名": "宿泊者"}]
    page = upload(chief, changed)
    assert "登録済みの計画を変更します: 星野市観光計画（hoshi）" in text(page)
    assert counts(page) == {"指標": (1, 0, 0), "目標": (0, 1, 0)}
    assert told(page) == [
        ("指標", "1-2", "行全体", "（なし）", "（追加）戦略番号 1、指標名 宿泊者、単位 人"),
        ("目標", "1-1 令和6年度", "目標値", "10", "12"),
        ("目標", "1-1 令和6年度", "根拠", "総合計画", "（空欄）"),
    ]
    confirm(chief, page)
    assert Target.objects.get().value == 12
    assert Indicator.objects.count() == 2


def test_a_plan_that_stands_is_changed_for_a_reason_only(chief, hoshi):
    page = upload(chief, FULL | {"目標": [YEARS[0] | {"目標値": 12}]})
    again = confirm(chief, page, reason=" 　\n")
    assert again.status_code == 200
    html = again.content.decode()
    assert "登録済みの計画を変えるときは、変更の理由を入力してください。" in html
    assert re.search(r'<textarea[^>]*aria-invalid="true"[^>]*', html)
    assert 'id="id_reason_error"' in html
    assert Target.objects.get().value == 10
    assert told(again) == told(page)
    confirm(chief, again, reason="改定")
    assert Target.objects.get().value == 12


def test_too_long_a_reason_is_kept_on_the_screen(chief, hoshi):
    page = upload(chief, FULL | {"目標": [YEARS[0] | {"目標値": 12}]})
    again = confirm(chief, page, reason="あ" * 1001)
    assert "1,000字以内で入力してください。" in text(again)
    assert "あ" * 1001 in text(again)
    assert Target.objects.get().value == 10


def test_the_same_book_again_says_that_nothing_changes(chief, hoshi):
    page = upload(chief, FULL)
    assert "変わるところはありません。" in text(page)
    assert "この内容で取り込む" not in text(page)
    confirm(chief, page)
    assert Book.objects.filter(applied_at=None).count() == 1


@pytest.mark.parametrize(("options", "left"), [({}, 1), ({"delete_missing": "on"}, 0)])
def test_rows_that_the_book_lacks_go_only_where_that_was_chosen(chief, hoshi, options, left):
    changed = FULL | {"目標": [], "体系": [MEASURE | {"施策名": "改めた"}]}
    changed["目標"] = [YEARS[0] | {"年度": "R7"}]
    page = upload(chief, changed, **options)
    assert counts(page)["目標"] == (1, 0, 1 - left)
    assert ("削除する" if options else "残す") in text(page).split("ブックにない行:")[1][:10]
    confirm(chief, page)
    assert Target.objects.filter(fiscal_year=2024).count() == left


def test_a_change_after_the_preview_is_shown_before_anything_is_written(chief, hoshi):
    page = upload(chief, FULL | {"目標": [YEARS[0] | {"目標値": 12}]})
    Target.objects.update(value=11)
    again = confirm(chief, page, reason="改定")
    assert "内容を確認している間に、登録されている内容が変わりました。" in said(again)[0]
    assert told(again) == [("目標", "1-1 令和6年度", "目標値", "11", "12")]
    assert "改定" in again.content.decode()  # what was typed stays
    assert Target.objects.get().value == 11
    assert Book.objects.filter(applied_at=None).count() == 1
    confirm(chief, again)
    assert Target.objects.get().value == 12


def test_a_new_plan_that_another_made_meanwhile_is_shown_as_a_change(chief):
    first, second = upload(chief, FULL), upload(chief, FULL | {"計画": [PLAN | {"計画名": "別"}]})
    confirm(chief, first)
    page = confirm(chief, second)
    assert told(page) == [("計画", "hoshi", "計画名", "星野市観光計画", "別")]
    assert Plan.objects.get().name == "星野市観光計画"


@pytest.mark.parametrize("fingerprint", ["", "0" * 64, "あ"])
def test_nothing_is_taken_in_without_the_preview_that_was_seen(chief, fingerprint):
    confirm(chief, upload(chief, FULL), fingerprint=fingerprint)
    assert not Plan.objects.exists()


def test_publications_stay_as_they_are(chief, published):
    before = list(Publication.objects.values_list("sha256", flat=True))
    book = book_of(published)
    page = book["指標"]
    at = {one.value: one.column for one in page[1]}
    page.cell(2, at["指標名"]).value = "改めた名前"
    confirm(chief, upload(chief, content(book)))
    assert Indicator.objects.get(plan=published, code="1-1").name == "改めた名前"
    assert list(Publication.objects.values_list("sha256", flat=True)) == before
    assert "改めた名前" not in Client().get("/kadoma-monozukuri/kpis/1-1/").content.decode()


def test_published_figures_are_told_at_their_cells(chief, published):
    book = book_of(published)
    page = book["実績"]
    at = {one.value: one.column_letter for one in page[1]}
    page[f"{at['実績値']}2"] = 1
    answer = upload(chief, content(book))
    ((sheet, cell, reason),) = [(o.sheet, o.cell, o.reason) for o in answer.context["faults"]]
    assert (sheet, cell) == ("実績", f"{at['実績値']}2")
    assert reason.startswith("この報告期間は公表済みです。")


# --- faults ---------------------------------------------------------------------------------------


def test_all_faults_stand_in_one_table_and_nothing_is_written(chief):
    wrong = FULL | {"目標": [YEARS[0] | {"目標値": "千"}, YEARS[0] | {"年度": "R99"}]}
    wrong["実績"] = [DONE[0] | {"指標コード": "9-9"}]
    page = upload(chief, wrong)
    assert "直すところ（3か所）" in text(page)
    assert [(o.sheet, o.cell) for o in page.context["faults"]] == [
        ("目標", "C2"), ("目標", "B3"), ("実績", "A2"),
    ]  # fmt: skip
    assert "目標 2か所、実績 1か所" in text(page)
    assert "まだ何も取り込んでいません。" in text(page)
    assert "この内容で取り込む" not in text(page)
    confirm(chief, page)
    assert not Plan.objects.exists()


def test_a_page_holds_300_faults_and_says_how_many_more_there_are(chief, monkeypatch):
    many = [{"指標コード": "1-1", "年度": "R6", "目標値": f"千{one}"} for one in range(300)]
    page = upload(chief, FULL | {"目標": many})
    assert "直すところ（301か所）" in text(page)  # the rows share one key as well
    assert page.content.decode().count("<tr>") == 302
    monkeypatch.setattr("kpis.admin.planbook_import.MOST_FAULTS", 100)
    page = chief.get(page.wsgi_request.path)
    assert "はじめの100か所を示しています。ほかに201か所あります。" in text(page)


def test_a_fault_that_came_after_the_preview_is_told(chief, hoshi):
    page = upload(chief, FULL | {"実績": [DONE[0] | {"実績値": 6}]})
    ReportingPeriod.objects.update(state="published")
    again = confirm(chief, page)
    assert "直すところ（1か所）" in text(again)
    assert Actual.objects.get().value == 5


OLE = bytes.fromhex("d0cf11e0a1b11ae1")
FOREIGN = [
    (b"", "ファイルが空です。"),
    (b"a,b\n1,2\n", "CSVなどのテキストファイルは取り込めません。"),
    (OLE, "古い形式のExcelファイル（.xls）は取り込めません。"),
    (
        OLE + "EncryptedPackage".encode("utf-16-le"),
        "パスワードの付いたExcelファイルは取り込めません。",
    ),
    (b"PK\x03\x04", "ファイルが壊れていて開けません。"),
]


@pytest.mark.parametrize(("wrong", "words"), FOREIGN)
def test_what_is_no_workbook_is_refused_at_its_field_and_not_kept(chief, wrong, words):
    page = upload(chief, wrong, delete_missing="on")
    assert page.redirect_chain == []
    html = page.content.decode()
    assert re.search(rf'id="id_file_error">{re.escape(words)}', html)
    assert 'aria-describedby="id_file_helptext id_file_error"' in html
    assert "計画ブックのひな形" in html or "Excelで開き" in html
    assert re.search(r'name="delete_missing"[^>]*checked', html)  # what was chosen stays
    assert not Book.objects.exists()


def test_the_bounds_are_the_commands(chief):
    assert "30MBまで。" in text(chief.get(IMPORT))
    bounds = PlanBookForm.base_fields["file"].bounds
    assert (bounds.file, bounds.unpacked) == (30 * 1024**2, 160 * 1024**2)
    bomb = xlsx(sheets(**{f"余り{one}": [] for one in range(300)}))
    assert "展開すると大きすぎるため、取り込めません。" in text(upload(chief, bomb))
    large = upload(chief, b"PK" + b"0" * (30 * 1024**2))
    assert "ファイルが大きすぎます（30.0MB）。取り込めるのは30MBまでです。" in text(large)
    assert not Book.objects.exists()


def test_no_file_is_told_at_the_field(chief):
    page = chief.post(IMPORT, {})
    assert "ファイルを選んでください。" in text(page)


def test_texts_of_the_file_are_shown_and_never_run(chief):
    wild = FULL | {"計画": [PLAN | {"計画名": "<img src=x>"}]}
    page = upload(chief, wild, name="<script>alert(1)</script>.xlsx").content.decode()
    assert "<img src=x>" not in page
    assert "<script>alert" not in page
    assert "&lt;img src=x&gt;" in page


# --- many differences -----------------------------------------------------------------------------


def test_the_page_shows_200_differences_and_the_file_all(chief):
    rows = [INDICATOR | {"指標コード": f"1-{one}"} for one in range(1, 301)]
    page = upload(chief, sheets(指標=rows))
    assert "変わるところ（303か所）" in text(page)
    assert "はじめの200か所を示しています（ほかに103か所）。" in text(page)
    assert len(told(page)) == 200
    answer = chief.get(f"{page.wsgi_request.path}differences.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''hoshi_")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "シート,行,項目,いまの内容,取り込む内容"
    assert len(lines) == 304
    assert lines[-1] == "指標,1-300,行全体,（なし）,（追加）戦略番号 1、指標名 訪問者、単位 人"
    assert not Plan.objects.exists()


def test_the_file_of_differences_leads_back_where_there_are_none(chief, hoshi):
    wrong = upload(chief, FULL | {"目標": [YEARS[0] | {"目標値": "千"}]})
    done = f"{IMPORT}{Book.objects.exclude(applied_at=None).get().pk}/"
    for address in (wrong.wsgi_request.path, done):
        assert chief.get(f"{address}differences.csv")["Location"] == address


def test_the_preview_costs_as_many_queries_for_60_indicators_as_for_15(chief):
    costs = []
    for number in (15, 60):
        plan = make_plan(slug=f"p{number}", indicators=number)
        book = book_of(plan)
        book["計画"].cell(2, 2).value = "改めた名前"
        with CaptureQueriesContext(connection) as captured:
            page = upload(chief, content(book))
        costs.append([len(captured)])
        assert [one[2:] for one in told(page)] == [("計画名", f"計画p{number}", "改めた名前")]
        with CaptureQueriesContext(connection) as captured:
            confirm(chief, page)
        costs[-1].append(len(captured))
    assert costs[0] == costs[1]
    assert max(costs[0]) < 70
