"""Answering for what was promised, at the real grid: keys, clipboard, draft, and what axe says."""

import subprocess
import sys

import pytest

from tests.served import ROOT, SLUG, axe, leave_by
from tests.test_round_in_browser import answered, cell

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# R7 上半期 with two counter-measures, one of them overdue by 31 March; R7 年度 is entered.
PROMISES = """
import django; django.setup()
import datetime as dt
from django.contrib.auth.models import User
from actions.fiscal import Period, Term
from actions.models import Plan
from kpis.models import Actual
from kpis.services import open_round
step = {"next_step": "企業を訪ねる", "next_step_owner": "産業振興課"}
for code, due in (("1-3", dt.date(2026, 1, 31)), ("2-4", dt.date(2026, 6, 30))):
    Actual.objects.filter(period__term="H1", indicator__code=code).update(next_step_due=due, **step)
open_round(
    plan=Plan.objects.get(), period=Period(2025, Term.FY), due=dt.date(2026, 12, 25),
    by=User.objects.get(username="admin"),
)
"""
STEPS = ("next_step", "next_step_owner", "next_step_due", "follow_up", "follow_up_note")


@pytest.fixture(scope="module")
def promised(site):
    environment = site.environment | {"DJANGO_SETTINGS_MODULE": "kadoma_plan.settings"}
    subprocess.run([sys.executable, "-c", PROMISES], cwd=ROOT, env=environment, check=True)


@pytest.fixture
def grid(promised, sign_in):
    def opened(**options):
        page = sign_in("/admin/kpis/reportingperiod/?state__exact=entering", **options)
        leave_by(page, "#result_list >> text=入力画面")
        return page

    return opened


def focused(page):
    return page.evaluate("document.activeElement.getAttribute('aria-label')")


def test_keys_lead_through_the_cells_and_pass_over_rows_that_are_not_asked(grid):
    page = grid()
    cell(page, "1-3", "next_step_due").focus()
    page.keyboard.press("ArrowRight")
    assert focused(page) == "1-3 前回の対応の結果"
    page.keyboard.press("Enter")
    assert focused(page) == "2-4 前回の対応の結果"
    page.keyboard.press("ArrowLeft")
    assert focused(page) == "2-4 対応の期限"
    page.keyboard.press("Shift+Enter")
    assert focused(page) == "2-3 対応の期限"
    page.keyboard.press("ArrowRight")  # this row is not asked, and there is nothing further right
    assert focused(page) == "2-3 対応の期限"
    assert page.complaints == []


def test_a_block_of_excel_is_pasted_across_the_cells(grid):
    page = grid(permissions=["clipboard-read", "clipboard-write"])
    rows = ["もう1回\t産業振興課\tR8.9.30\t未実施\t", "続ける\t商工課\t9月末\t実施済\t済んだ"]
    cell(page, "1-3", "next_step").focus()
    page.evaluate("text => navigator.clipboard.writeText(text)", "\r\n".join(rows) + "\r\n")
    page.keyboard.press("Control+V")
    answered(page)
    assert [cell(page, "1-3", one).input_value() for one in STEPS] == [
        *("もう1回", "産業振興課", "R8.9.30", "not_done", "")
    ]
    assert cell(page, "1-4", "next_step_due").input_value() == "9月末"
    told = page.inner_text("[data-live]")
    assert "「実施済」" in told
    assert "「済んだ」" in told
    box = page.locator("[data-promise]").first
    assert "未実施（期限超過）" in box.inner_text()
    assert "その理由を入力してください" in box.inner_text()
    assert cell(page, "1-3", "follow_up_note").get_attribute("aria-invalid") == "true"
    assert axe(page) == []
    cell(page, "1-3", "follow_up_note").fill("会場がない")
    answered(page)
    assert "その理由を入力してください" not in box.inner_text()


def test_a_draft_keeps_the_answer_until_it_is_saved_and_then_it_is_shown(grid):
    page = grid()
    cell(page, "2-4", "follow_up").select_option("partly")
    cell(page, "2-4", "follow_up_note").fill("30社のうち12社")
    cell(page, "2-4", "next_step_due").fill("令和9年3月末")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    assert cell(page, "2-4", "follow_up").input_value() == ""
    page.click("button:has-text('復元する')")
    assert cell(page, "2-4", "follow_up_note").input_value() == "30社のうち12社"
    leave_by(page, "button[value=save]")
    assert "1件の指標を保存しました。" in page.inner_text(".messagelist")
    assert cell(page, "2-4", "follow_up").input_value() == "partly"
    assert cell(page, "2-4", "next_step_due").input_value() == "R9.3.31"
    page.goto(page.url.replace("entry/", "readiness/"))
    assert "一部実施" in page.inner_text("section:has(#h-asked)")
    assert axe(page) == []
    assert page.complaints == []


@pytest.mark.parametrize("width", [1280, 820, 390])
def test_the_page_does_not_scroll_sideways(grid, width):
    page = grid(width=width)
    for name in ("entry/", "readiness/"):
        page.goto(page.url.replace("entry/", name))
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        box = page.locator("[data-promise] .promise-box, .wide-frame").first.bounding_box()
        assert box["x"] + box["width"] <= width


def test_the_preview_tells_what_became_of_it(grid):
    page = grid()
    leave_by(page, "text=公開ページのプレビュー")
    page.goto(page.url + "kpis/1-3/")
    section = page.inner_text("section:has(#h-why)")
    assert "企業を訪ねる" in section
    assert "結果の記載なし（期限超過）" in section
    assert axe(page) == []
    page.goto(f"/{SLUG}/kpis/1-3/")
    assert page.locator("#h-why").count() == 0  # nothing of it is published
