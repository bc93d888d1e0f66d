"""The whole half-year round, as the office works it: real sign-ins, real keys, a real clipboard."""

import json
import re
import subprocess
import sys
import urllib.request

import pytest

from tests.conftest import R7_FIGURES
from tests.served import ROOT, SLUG, axe, leave_by, sign_in_here

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORD = "kadoma-round-1"
PEOPLE = """
import django; django.setup()
from django.contrib.auth.models import Group, User
for name, role in (("nyuryoku", "入力担当"), ("kohyo", "公表担当")):
    user = User.objects.create_user(name, password="kadoma-round-1", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
"""
# The first five are typed, the others pasted; two of them wrong at first.
TYPED = ["１，２１０", "140件", "15", "４０", "1"]
PASTED = ["112", "9.45", "4", "149", "1", "21", "十二", "3", "420", "9"]
FAULTS = {"2-2": "小数は1桁までで入力してください。", "3-3": "「十二」は数値として読み取れません。"}


@pytest.fixture(scope="module")
def people(site):
    """Two people of the office with the roles that quickstart made."""
    environment = site.environment | {"DJANGO_SETTINGS_MODULE": "kadoma_plan.settings"}
    subprocess.run([sys.executable, "-c", PEOPLE], cwd=ROOT, env=environment, check=True)


@pytest.fixture
def sign_in(as_person, people):
    """Return a function that opens the staff pages as a person, in a browser of their own."""

    def opened(name, address="/admin/", **options):
        return as_person(name, address, WORD, **options)

    return opened


def public(address, path):
    with urllib.request.urlopen(f"{address}/{SLUG}/{path}") as answer:
        return answer.read()


def rates(address, query=""):
    rows = json.loads(public(address, f"data/kpis.json{query}"))
    return {
        one["code"]: one["rate_display"]
        for one in rows
        if (one["fiscal_year"], one["term"]) == (2025, "FY") and one["actual_status"] != "missing"
    }


def cell(page, code, name="value"):
    row = page.locator("[data-row]").filter(has=page.locator(f".code:text-is('{code}')"))
    return page.locator(f"[name='{row.get_attribute('data-row')}-{name}']")


def answered(page):
    """Wait until the screen shows what the typed rows give."""
    page.wait_for_selector("[data-answer][aria-busy]", state="detached")


def test_a_round_from_its_beginning_to_its_correction(served, sign_in):
    _begin(sign_in)
    _enter(served, sign_in)
    _publish(served, sign_in)
    _correct(served, sign_in)


def _begin(sign_in):
    page = sign_in("kohyo")
    leave_by(page, "text=令和7年度（年度）の入力を始める")
    page.fill("#id_due", "2026-12-25")
    leave_by(page, "button:has-text('入力を始める')")
    assert "令和7年度の入力を始めました。" in page.inner_text(".messagelist")
    assert page.complaints == []


def _enter(served, sign_in):
    page = sign_in("nyuryoku", permissions=["clipboard-read", "clipboard-write"])
    leave_by(page, "text=入力画面")
    cell(page, "1-1").focus()
    for figure in TYPED:
        page.keyboard.insert_text(figure)
        page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("2-1 ")
    page.evaluate("text => navigator.clipboard.writeText(text)", "\r\n".join(PASTED) + "\r\n")
    page.keyboard.press("Control+V")
    answered(page)
    assert "100.8%" in page.inner_text("[data-row]:has(.code:text-is('1-1')) [data-answer]")
    assert axe(page) == []
    leave_by(page, "button[value=save]")
    _mend(page)
    leave_by(page, "button[value=save]")
    assert "15件の指標を保存しました。" in page.inner_text(".messagelist")
    _explain_and_hand_in(page)
    assert page.complaints == []
    assert rates(served) == {}


def _mend(page):
    told = page.inner_text(".fault-list")
    for code, words in FAULTS.items():
        assert code in told
        row = cell(page, code)
        assert row.get_attribute("aria-invalid") == "true"
        assert words in page.inner_text(f"[id='{row.get_attribute('name')}-fault']")
    assert page.locator("[aria-invalid]").count() == 2
    assert cell(page, "1-1").input_value() == "１，２１０"
    assert axe(page) == []
    cell(page, "2-2").fill("9.4")
    cell(page, "3-3").fill("12")


def _explain_and_hand_in(page):
    leave_by(page, "button[value=submit]")
    assert "確認した内容が書かれていません" in page.inner_text(".messagelist")
    page.reload()
    for box in page.locator("[data-caution]:visible input").all():
        box.fill("所管課に確認済み")
    for code in ("1-3", "2-2", "2-4", "3-1", "3-4", "3-6"):
        cell(page, code, "cause").fill("申請が年度後半に伸びなかったため")
        cell(page, code, "next_step").fill("周知を強める")
        cell(page, code, "next_step_owner").fill("産業振興課")
        cell(page, code, "next_step_due").fill("令和9年3月末")
    leave_by(page, "button[value=submit]")
    assert "提出しました。公表担当が確認します。" in page.inner_text(".messagelist")
    assert page.locator("input.figure").count() == 0


def _publish(served, sign_in):
    page = sign_in("kohyo")
    leave_by(page, "text=公表前の確認")
    assert "確かめることはありません。" in page.inner_text("#content-main")
    assert "所管課に確認済み" in page.inner_text("#content-main")
    assert axe(page) == []
    leave_by(page, "text=公開ページのプレビューを見る")
    preview = page.inner_text("body")
    assert "公表前のプレビュー（第1版の予定）" in preview
    assert "1,210" in preview
    page.go_back()
    assert rates(served) == {}
    leave_by(page, ".move button:has-text('公表する')")
    assert "令和7年度 第1版を公表しました。" in page.inner_text(".messagelist")
    expected = {"1-1": "100.8%", "2-2": "67.1%", "2-3": "133%", "2-4": "92.9%", "3-3": "120%"}
    shown = rates(served)
    assert len(shown) == len(R7_FIGURES) == 15
    assert {code: shown[code] for code in expected} == expected
    assert page.complaints == []


def _correct(served, sign_in):
    first = {name: public(served, f"{name}?period=2025-FY&version=1") for name in FROZEN}
    page = sign_in("kohyo", "/admin/kpis/reportingperiod/")
    row = page.locator("#result_list tr", has=page.locator("th a:text-is('令和7年度')"))
    leave_by(page, row.get_by_text("確認と公表"))
    page.fill("#reason-reopen", "1-1の集計に誤りがあったため")
    leave_by(page, "button:has-text('訂正を始める')")
    leave_by(page, ".round-links >> text=入力画面")
    cell(page, "1-1").fill("1,198")
    leave_by(page, "button[value=save]")
    leave_by(page, ".round-links >> text=確認と公表")
    assert "1,210" in page.inner_text("section:has(#h-changes)")
    page.fill("#reason-publish", "1-1の相談件数を訂正")
    leave_by(page, ".move button:has-text('公表する')")
    assert "第2版を公表しました" in page.inner_text(".messagelist")
    _see_the_correction(served, page, first)


# What a reader takes away of version 1; a page of it says besides that a correction followed.
FROZEN = ("data/kpis.csv", "data/kpis.json", "data/kpis.xlsx")


def _see_the_correction(served, page, first):
    page.goto(f"/{SLUG}/")
    assert "1,198" in page.inner_text("main")
    leave_by(page, ".edition >> text=訂正表")
    table = page.inner_text("main table")
    for words in (
        "1-1 門真市中小企業サポートセンター相談件数",
        "1,210",
        "1,198",
        "100.8%",
        "99.8%",
    ):
        assert words in table
    assert "1-1の相談件数を訂正" in page.inner_text("main")
    assert axe(page) == []
    for name, content in first.items():
        assert public(served, f"{name}?period=2025-FY&version=1") == content
    page.goto(f"/{SLUG}/kpis/1-1/?period=2025-FY&version=1")
    assert "1,210" in page.inner_text("main")
    assert "訂正前の公表です" in page.inner_text("main")
    assert page.complaints == []


def test_the_screen_is_a_plain_form_without_scripts(served, sign_in):
    page = sign_in("kohyo", "/admin/kpis/reportingperiod/begin/", java_script_enabled=False)
    page.fill("#id_fiscal_year", "Ｒ８")
    page.select_option("#id_term", "H1")
    page.fill("#id_due", "2026-12-25")
    leave_by(page, "button:has-text('入力を始める')")
    cell(page, "1-1").fill("７００件")
    cell(page, "1-3").fill("abc")
    leave_by(page, "button[value=check]")
    assert "まだ何も保存していません。" in page.inner_text(".messagelist")
    assert cell(page, "1-1").input_value() == "７００件"
    cell(page, "1-3").fill("▲1")
    leave_by(page, "button[value=check]")
    assert "計算しました。" in page.inner_text(".messagelist")
    leave_by(page, "button[value=save]")
    assert "2件の指標を保存しました。" in page.inner_text(".messagelist")
    assert cell(page, "1-1").input_value() == "700"
    assert cell(page, "1-3").input_value() == "▲1"


def test_what_was_typed_survives_a_sign_in_that_ran_out(served, sign_in):
    page = sign_in("nyuryoku", "/admin/kpis/reportingperiod/?state__exact=entering")
    leave_by(page, "#result_list >> text=入力画面")
    cell(page, "2-1").fill("105")
    cell(page, "2-1").press("Tab")
    answered(page)
    page.context.clear_cookies()
    leave_by(page, "button[value=save]")
    assert (
        "/login/" in page.url
        or page.locator("#id_username").count()
        or page.title() == "もう一度お試しください"
    )
    page.goto("/admin/login/?next=/admin/kpis/reportingperiod/?state__exact=entering")
    sign_in_here(page, "nyuryoku", WORD)
    leave_by(page, "#result_list >> text=入力画面")
    assert cell(page, "2-1").input_value() == ""
    page.click("button:has-text('復元する')")
    assert cell(page, "2-1").input_value() == "105"
    leave_by(page, "button[value=save]")
    assert re.search("1件の指標を保存しました。", page.inner_text(".messagelist"))


@pytest.mark.parametrize("width", [1280, 820])
def test_the_staff_pages_of_a_round_pass_axe_and_say_nothing(served, sign_in, width):
    page = sign_in("kohyo", width=width)
    assert axe(page) == []
    page.goto("/admin/kpis/reportingperiod/?state__exact=entering")
    leave_by(page, "#result_list >> text=入力画面")
    base = page.url.removesuffix("entry/")
    for name in ("entry/", "readiness/", "import/", "reminders/"):
        page.goto(base + name)
        page.wait_for_load_state("networkidle")
        assert axe(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    page.goto("/admin/kpis/reportingperiod/begin/")
    assert axe(page) == []
    assert page.complaints == []
    assert page.outside == []
