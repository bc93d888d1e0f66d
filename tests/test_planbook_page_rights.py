"""Who may take a plan book in through the staff pages, and what is kept of it."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.models import Plan
from kpis.models import Actual, Target
from kpis.models import PlanBookUpload as Book
from kpis.services import keep_plan_book
from tests.planbook_office import (  # noqa: F401 (fixtures)
    DONE,
    FULL,
    IMPORT,
    YEARS,
    chief,
    confirm,
    hoshi,
    publishing,
    text,
    upload,
)
from tests.planbooks import MEASURE, xlsx

pytestmark = pytest.mark.django_db


# --- who may --------------------------------------------------------------------------------------


def test_the_publisher_changes_figures_of_a_plan_that_stands(hoshi, publishing):
    assert "計画ブックを取り込む" in text(publishing.get("/admin/actions/plan/"))
    confirm(publishing, upload(publishing, FULL | {"目標": [YEARS[0] | {"目標値": 12}]}))
    assert Target.objects.get().value == 12


def test_the_publisher_makes_no_plan(publishing):
    page = upload(publishing, FULL)
    assert "取り込む権限がありません" in text(page)
    assert "計画の追加、戦略の追加、体系の追加の権限が必要です" in text(page)
    assert "この内容で取り込む" not in text(page)
    confirm(publishing, page)
    assert not Plan.objects.exists()


def test_each_kind_of_change_needs_its_own_right(hoshi, publishing, publisher):
    changed = FULL | {"体系": [MEASURE | {"施策名": "改めた"}]}
    changed["実績"] = [DONE[0] | {"年度": "R7"}]
    page = upload(publishing, changed, delete_missing="on")
    assert page.context["preview"].lacking == ("体系の変更", "実績の削除")
    for codename in ("change_measure", "delete_actual"):
        confirm(publishing, page)
        assert Actual.objects.get().period.fiscal_year == 2024
        publisher.user_permissions.add(Permission.objects.get(codename=codename))
    page = publishing.get(page.wsgi_request.path)
    confirm(publishing, page)
    assert Actual.objects.get().period.fiscal_year == 2025


def test_a_colleague_finds_what_waits_and_may_take_it_in(publishing, with_role):
    upload(publishing, FULL, name="新しい計画.xlsx")
    publishing.force_login(with_role("shisukan", "システム管理者", is_staff=True))
    page = publishing.get(IMPORT)
    kept = Book.objects.get()
    assert "新しい計画.xlsx（取込番号" in text(page)
    assert "kohyoさん" in text(page)
    confirm(publishing, publishing.get(f"{IMPORT}{kept.pk}/"))
    kept.refresh_from_db()
    assert (kept.uploaded_by.username, kept.applied_by.username) == ("kohyo", "shisukan")
    assert "新しい計画.xlsx" not in text(publishing.get(IMPORT))


def test_the_entry_clerk_and_strangers_are_refused(clerk, administrator):
    kept = keep_plan_book(name="x.xlsx", content=xlsx(FULL), by=administrator)
    assert "計画ブックを取り込む" not in text(clerk.get("/admin/actions/plan/"))
    preview = f"{IMPORT}{kept.pk}/"
    for address in (IMPORT, preview, f"{preview}differences.csv"):
        assert clerk.get(address).status_code == 403
    assert clerk.post(IMPORT, {}).status_code == clerk.post(preview, {}).status_code == 403
    assert Client().get(preview)["Location"].startswith("/admin/login/")


def test_pages_know_their_uploads_and_their_methods(chief):
    assert chief.get(f"{IMPORT}999999/").status_code == 404
    assert chief.get(f"{IMPORT}999999/differences.csv").status_code == 404
    for method in ("put", "delete", "patch"):
        assert getattr(chief, method)(IMPORT).status_code == 405
    assert chief.post(f"{IMPORT}1/differences.csv").status_code == 405


# --- what is kept ---------------------------------------------------------------------------------


def test_books_are_listed_and_kept_as_they_came(chief, hoshi):
    kept = Book.objects.get()
    page = chief.get(reverse("admin:kpis_planbookupload_changelist"))
    assert "計画.xlsx" in text(page)
    with CaptureQueriesContext(connection) as captured:
        chief.get(reverse("admin:kpis_planbookupload_changelist"))
    assert not any('"kpis_planbookupload"."content"' in one["sql"] for one in captured)
    file = chief.get(f"/admin/kpis/planbookupload/{kept.pk}/file/")
    assert file.content == bytes(kept.content)
    assert kept.sha256 in text(chief.get(f"/admin/kpis/planbookupload/{kept.pk}/change/"))


def test_a_week_later_what_nobody_took_in_goes(chief, hoshi, administrator):
    Book.objects.update(uploaded_at="2020-01-01T00:00:00Z")
    old = keep_plan_book(name="x.xlsx", content=b"x", by=administrator)
    Book.objects.filter(pk=old.pk).update(uploaded_at="2020-01-01T00:00:00Z")
    upload(chief, FULL)
    assert not Book.objects.filter(pk=old.pk).exists()
    assert Book.objects.filter(plan=hoshi).count() == 1
