"""Workbooks that come back: two people, the pages, and what is kept."""

import os
import re
import shutil
import subprocess

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kpis import imports
from kpis.models import Actual, Upload
from kpis.rounds import Move
from kpis.services import keep_upload, move, submit
from tests.entry_files import (  # noqa: F401 (fixtures)
    FIRST,
    SHEET,
    actual,
    address,
    cell,
    clerk,
    confirm,
    content,
    downloaded,
    entering,
    fill,
    filled,
    preview_of,
    send,
    taken,
)
from tests.factories import make_plan

pytestmark = pytest.mark.django_db

# --- two people -----------------------------------------------------------------------------------


def test_a_row_that_both_changed_is_decided_by_the_person(clerk, publisher, entering, enter):
    data = filled(entering, value=1300, next_step="ファイルの対応")
    enter(entering, publisher, {"1-1": "1250"}, next_step="")
    page = send(clerk, entering, data)
    (conflict,) = page.context["preview"].conflicts
    assert conflict.row.code == "1-1"
    assert [(c.label, c.old, c.new) for c in conflict.fields] == [("実績値", "1,250", "1,300")]
    text = page.content.decode()
    for words in ("現在の値を残す", "ファイルの値にする", "kohyoさん", "1,250", "1,300"):
        assert words in text
    assert re.search(r'value="current" checked', text)
    assert not re.search(r'value="file" checked', text)


def test_the_current_value_stays_unless_the_file_is_chosen(clerk, publisher, entering, enter):
    data = filled(entering, value=1300)
    enter(entering, publisher, {"1-1": "1250"})
    said, _ = taken(clerk, entering, data)
    assert said == ["変更はありませんでした。"]
    assert actual(entering, "1-1").value == 1250


def test_the_file_is_taken_where_it_is_chosen_and_their_other_fields_stay(
    clerk, publisher, entering, enter
):
    data = filled(entering, value=1300, next_step="ファイルの対応")
    enter(entering, publisher, {"1-1": "1250"}, cause="公表担当の要因", next_step="")
    said, _ = taken(clerk, entering, data, c1_1="file")
    assert said == ["1件の指標を取り込みました。"]
    stands = actual(entering, "1-1")
    assert (stands.value, stands.cause, stands.next_step, stands.version) == (
        *(1300, "公表担当の要因", "ファイルの対応", 2),
    )


def test_rows_that_the_section_left_alone_are_no_conflict(clerk, publisher, entering, enter):
    data = filled(entering, "1-2", value=5)
    enter(entering, publisher, {"1-1": "1250"})
    preview = preview_of(clerk, entering, data)
    assert preview.conflicts == ()
    assert [one.row.code for one in preview.changes] == ["1-2"]
    confirm(clerk, entering)
    assert actual(entering, "1-1").value == 1250


def test_the_same_change_by_both_is_no_change(clerk, publisher, entering, enter):
    data = filled(entering, value=1250, cause="要因", next_step="対応", confirmation="確認済み")
    enter(entering, publisher, {"1-1": "1250"})
    assert preview_of(clerk, entering, data).unchanged == 15


def test_a_version_that_never_was_makes_every_difference_a_question(
    clerk, publisher, entering, enter
):
    enter(entering, publisher, {"1-1": "1250"})
    preview = preview_of(clerk, entering, filled(entering, value=1300, version=99))
    assert [one.row.code for one in preview.conflicts] == ["1-1"]


def test_a_change_after_the_preview_is_not_overwritten(clerk, publisher, entering, enter):
    page = send(clerk, entering, filled(entering, value=1300))
    enter(entering, publisher, {"1-1": "1250"})
    answer = confirm(clerk, entering, page)
    assert answer["Location"] == address(entering, "import_preview", Upload.objects.get().pk)
    (said,) = (str(one) for one in get_messages(answer.wsgi_request))
    assert "ほかの人が値を変更しました。まだ何も取り込んでいません" in said
    assert actual(entering, "1-1").value == 1250
    again = clerk.get(answer["Location"])
    assert [one.row.code for one in again.context["preview"].conflicts] == ["1-1"]
    confirm(clerk, entering, again, c1_1="file")
    assert actual(entering, "1-1").value == 1300


def test_another_field_changed_after_the_preview_is_shown_first(
    clerk, entry_clerk, publisher, entering, enter
):
    enter(entering, entry_clerk, {"1-1": "1250"})
    page = send(clerk, entering, filled(entering, value=1300))
    enter(entering, publisher, {"1-1": "1250"}, cause="別の要因")
    confirm(clerk, entering, page)
    assert (actual(entering, "1-1").value, actual(entering, "1-1").cause) == (1250, "別の要因")


def test_a_row_outside_the_preview_may_change_meanwhile(clerk, publisher, entering, enter):
    page = send(clerk, entering, filled(entering, value=1300))
    enter(entering, publisher, {"1-2": "5"})
    confirm(clerk, entering, page)
    assert (actual(entering, "1-1").value, actual(entering, "1-2").value) == (1300, 5)


def test_a_change_within_the_very_moment_of_confirming_is_seen_under_the_lock(
    clerk, publisher, entering, enter, monkeypatch
):
    from kpis.imports import figures

    page = send(clerk, entering, filled(entering, value=1300))
    real = figures.apply_upload

    def late(**order):
        enter(entering, publisher, {"1-1": "1250"})
        return real(**order)

    monkeypatch.setattr(figures, "apply_upload", late)
    confirm(clerk, entering, page)
    assert actual(entering, "1-1").value == 1250
    assert Upload.objects.get().applied_at is None


@pytest.mark.parametrize("fingerprint", ["", "0" * 64, "あ"])
def test_nothing_is_taken_in_without_the_preview_that_was_seen(clerk, entering, fingerprint):
    send(clerk, entering, filled(entering, value=1300))
    look = address(entering, "import_preview", Upload.objects.get().pk)
    assert clerk.post(look, {"fingerprint": fingerprint}).status_code == 302
    assert not Actual.objects.filter(period=entering).exists()


def test_a_file_with_faults_cannot_be_confirmed(clerk, entering):
    book = fill(downloaded(entering), "1-1", value="千")
    page = send(clerk, entering, content(fill(book, "1-2", value=5)))
    confirm(clerk, entering, page)
    assert not Actual.objects.filter(period=entering).exists()
    assert Upload.objects.get().applied_at is None


@pytest.mark.parametrize("choice", ["choice-x", "choice-", f"choice-{'9' * 30}", "choice-１"])
def test_choices_for_nothing_are_passed_over(clerk, entering, choice):
    page = send(clerk, entering, filled(entering, value=1300))
    look = address(entering, "import_preview", Upload.objects.get().pk)
    sent = {"fingerprint": page.context["preview"].fingerprint, choice: "file"}
    clerk.post(look, sent)
    assert actual(entering, "1-1").value == 1300


# --- the pages ------------------------------------------------------------------------------------


def test_a_file_is_taken_in_once_and_then_says_so(clerk, entering):
    page = send(clerk, entering, filled(entering, value=1300))
    confirm(clerk, entering, page)
    look = address(entering, "import_preview", Upload.objects.get().pk)
    text = clerk.get(look).content.decode()
    assert "に取り込まれました（1件の指標を変更）" in text
    assert "この内容で取り込む" not in text
    answer = clerk.post(look, {"fingerprint": page.context["preview"].fingerprint})
    (said,) = list(get_messages(answer.wsgi_request))[-1:]
    assert str(said) == "取り込めませんでした。このファイルは既に取り込まれています。"
    assert actual(entering, "1-1").version == 1


def test_an_upload_belongs_to_its_period(clerk, entering):
    send(clerk, entering, filled(entering, value=1300))
    other = entering.plan.periods.get(term="H1")
    upload = Upload.objects.get()
    assert clerk.get(address(other, "import_preview", upload.pk)).status_code == 404
    assert clerk.get(address(entering, "import_preview", 999_999)).status_code == 404


@pytest.mark.parametrize("page", ["import", "import_preview"])
def test_pages_know_their_periods_and_their_methods(clerk, entering, page):
    keys = [1] if page == "import_preview" else []
    found = reverse(f"admin:kpis_reportingperiod_{page}", args=[999_999, *keys])
    assert clerk.get(found).status_code == 404
    for method in ("put", "delete", "patch"):
        assert getattr(clerk, method)(found).status_code == 405


@pytest.fixture
def kept(entering, publisher):
    data = filled(entering, value=1300)
    return keep_upload(period=entering, name="x.xlsx", content=data, by=publisher)


def pages(entering, kept):
    return [address(entering), address(entering, "import_preview", kept.pk)]


def test_anyone_else_must_sign_in(client, council_member, entering, kept):
    for _ in range(2):
        for one in pages(entering, kept):
            for answer in (client.get(one), client.post(one, {})):
                assert answer.status_code == 302
                assert answer["Location"].startswith("/admin/login/")
        client.force_login(council_member)


def test_staff_without_the_permission_are_refused(client, django_user_model, entering, kept):
    client.force_login(django_user_model.objects.create_user("hoka", is_staff=True))
    for one in pages(entering, kept):
        assert client.get(one).status_code == client.post(one, {}).status_code == 403


def test_in_the_checking_state_only_the_publisher_may(
    client, entry_clerk, publisher, entering, kept
):
    submit(period=entering, by=publisher, reason="途中まで")
    client.force_login(entry_clerk)
    for one in pages(entering, kept):
        assert client.get(one).status_code == client.post(one, {}).status_code == 403
    client.force_login(publisher)
    for one in pages(entering, kept):
        assert client.get(one).status_code == 200


def test_where_nobody_may_the_page_says_why(client, publisher, entering, kept):
    data = filled(entering, value=1300)
    move(period=entering, move=Move.CLOSE, by=publisher, reason="やり直す")
    client.force_login(publisher)
    for one in pages(entering, kept):
        text = client.get(one).content.decode()
        assert "この報告期間は準備中です" in text
        assert 'type="file"' not in text
        assert "この内容で取り込む" not in text
    send(client, entering, data)
    assert Upload.objects.count() == 1
    look = address(entering, "import_preview", kept.pk)
    answer = client.post(look, {"fingerprint": imports.preview(kept).fingerprint})
    (said,) = (str(one) for one in get_messages(answer.wsgi_request))
    assert said.startswith("取り込めませんでした。この報告期間は準備中です")
    assert not Actual.objects.filter(period=entering).exists()


def test_forms_need_their_token(entry_clerk, entering, kept):
    client = Client(enforce_csrf_checks=True)
    client.force_login(entry_clerk)
    for one in pages(entering, kept):
        assert client.post(one, {}).status_code == 403


def test_file_names_are_shown_and_never_run(clerk, entering):
    name = "<script>alert(1)</script>.xlsx"
    text = send(clerk, entering, filled(entering, cause="<img src=x>"), name).content.decode()
    assert "<script>alert" not in text
    assert "<img src=x>" not in text
    assert "&lt;img src=x&gt;" in text


def test_the_page_offers_the_workbook_of_each_section(clerk, entering):
    entering.plan.indicators.filter(code="2-1").update(section="商工 & 観光課")
    text = clerk.get(address(entering)).content.decode()
    assert "?section=%E5%95%86%E5%B7%A5%20%26%20%E8%A6%B3%E5%85%89%E8%AA%B2" in text


def test_preview_and_confirm_cost_as_many_queries_for_100_indicators_as_for_15(
    client, administrator
):
    client.force_login(administrator)
    counts = []
    for slug, number in (("small", 15), ("large", 100)):
        period = make_plan(slug=slug, indicators=number).periods.get(term="H1")
        period.plan.periods.filter(pk=period.pk).update(state="entering")
        period.refresh_from_db()
        book = downloaded(period)
        for row in range(FIRST, FIRST + number):
            book[SHEET][f"I{row}"] = 1_000 + row
            book[SHEET][f"J{row}"] = None
        cost = []
        with CaptureQueriesContext(connection) as captured:
            page = send(client, period, content(book))
        cost.append(len(captured))
        assert len(page.context["preview"].entries) == number
        with CaptureQueriesContext(connection) as captured:
            confirm(client, period, page)
        cost.append(len(captured))
        assert Actual.objects.filter(period=period, version=2).count() == number
        counts.append(cost)
    assert counts[0] == counts[1]
    assert max(counts[0]) < 70


def test_conflicts_cost_no_queries_of_their_own(clerk, entry_clerk, publisher, entering, enter):
    counts = []
    for codes in (["1-1"], ["1-2", "1-3", "1-5", "2-1", "2-3"]):
        book = downloaded(entering)
        for code in codes:
            fill(book, code, value=7)
        enter(entering, publisher, dict.fromkeys(codes, "8"))
        with CaptureQueriesContext(connection) as captured:
            preview = preview_of(clerk, entering, content(book))
        assert len(preview.conflicts) == len(codes)
        counts.append(len(captured))
    assert counts[0] == counts[1]


# --- what is kept -------------------------------------------------------------------------------


def test_uploads_are_listed_and_kept_as_they_came(client, entry_clerk, entering, kept):
    client.force_login(entry_clerk)
    text = client.get(reverse("admin:kpis_upload_changelist")).content.decode()
    assert "x.xlsx" in text
    change = reverse("admin:kpis_upload_change", args=[kept.pk])
    assert kept.sha256 in client.get(change).content.decode()
    for one in (change, reverse("admin:kpis_upload_delete", args=[kept.pk])):
        assert client.post(one, {"name": "y", "post": "yes"}).status_code == 403
    assert client.get(reverse("admin:kpis_upload_add")).status_code == 403


def test_the_list_does_not_load_the_files(client, administrator, kept):
    client.force_login(administrator)
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("admin:kpis_upload_changelist"))
    assert not any('"kpis_upload"."content"' in one["sql"] for one in captured)


def test_the_file_can_be_fetched_as_it_came(client, entry_clerk, django_user_model, kept):
    file = reverse("admin:kpis_upload_file", args=[kept.pk])
    assert client.get(file).status_code == 302
    client.force_login(django_user_model.objects.create_user("hoka", is_staff=True))
    assert client.get(file).status_code == 403
    client.force_login(entry_clerk)
    answer = client.get(file)
    assert answer.content == bytes(kept.content)
    assert answer["Content-Disposition"] == 'attachment; filename="x.xlsx"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert client.post(file).status_code == 405
    assert client.get(reverse("admin:kpis_upload_file", args=[999_999])).status_code == 404


# --- with a real office program -------------------------------------------------------------------


@pytest.mark.slow
def test_a_file_saved_by_libreoffice_makes_the_round_trip(clerk, entering, tmp_path):
    if shutil.which("soffice") is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs LibreOffice")
        pytest.skip("LibreOffice is not installed")
    book = downloaded(entering)
    fill(book, "1-1", value="１，２１０件", cause="一行目\n二行目")
    fill(book, "2-2", value=0.094, provisional="○")
    cell(book, "2-2", "value").number_format = "0.0%"
    fill(book, "3-3", reason="未実施")
    source = tmp_path / "in" / "a.xlsx"
    source.parent.mkdir()
    source.write_bytes(content(book))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        tmp_path,
        source,
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    preview = preview_of(clerk, entering, (tmp_path / "a.xlsx").read_bytes())
    assert preview.faults == ()
    assert [(c.row.code, c.label, c.new) for c in preview.changes] == [
        ("1-1", "実績値", "1,210"),
        ("1-1", "要因", "一行目\n二行目"),
        ("2-2", "実績値", "9.4"),
        ("2-2", "速報", "速報"),
        ("3-3", "「—」の理由", "—（未実施）"),
    ]
    assert preview.unchanged == 12
