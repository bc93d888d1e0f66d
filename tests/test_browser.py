"""The served product in a real Chromium, as quickstart leaves it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.served import PASSWORD, SLUG, chromium, served, site, visit  # noqa: F401 (fixtures)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = {
    "overview": "/",
    "older": f"/{SLUG}/?period=2024-FY",
    "strategy": f"/{SLUG}/strategies/2/",
    "measure": f"/{SLUG}/measures/3-1/",
    "indicator": f"/{SLUG}/kpis/1-1/",
    "indicator-without-rate": f"/{SLUG}/kpis/2-2/",
    "indicator-with-dash": f"/{SLUG}/kpis/3-3/",
    "kgi": f"/{SLUG}/kgi/",
    "actions": f"/{SLUG}/actions/",
    "meetings": f"/{SLUG}/meetings/",
    "corrections": f"/{SLUG}/corrections/",
    "rules": f"/{SLUG}/rules/",
    "data": f"/{SLUG}/data/",
}
CHARTS = {"overview": 1, "older": 1, "indicator": 2, "indicator-without-rate": 2, "kgi": 2}
WIDTHS = (1280, 820, 390)


def draw_all(page):
    """Scroll to every chart, also those below the screen, and wait until each is drawn."""
    for chart in page.locator("[data-chart]").all():
        chart.scroll_into_view_if_needed()
        page.wait_for_selector(f"[data-chart='{chart.get_attribute('data-chart')}'][data-ready]")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_quiet_fits_its_screen_and_asks_nobody_else(visit, name, width):
    page = visit(PAGES[name], width)
    page.wait_for_load_state("networkidle")
    draw_all(page)
    assert page.complaints == []
    assert page.outside == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("[data-chart] svg.main-svg").count() >= CHARTS.get(name, 0)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", [*PAGES, "not-found"])
def test_axe_finds_nothing(visit, name, width):
    page = visit(PAGES.get(name, "/nai/"), width)
    draw_all(page)
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_complete_without_scripts(visit, name):
    page = visit(PAGES[name], java_script_enabled=False)
    assert page.locator("h1").count() == 1
    nothing = "この公表に訂正はありません。" in page.inner_text("main")
    assert nothing or page.locator("main table, main ul").count() > 0


def test_the_figures_can_be_read_without_scripts(visit):
    text = visit(PAGES["indicator"], java_script_enabled=False).inner_text("main")
    for figure in ("704", "1,200", "58.6%", "1,124", "93.6%"):
        assert figure in text


def test_a_chart_leaves_no_jump_when_it_is_drawn(visit):
    page = visit(PAGES["indicator"])
    place = "document.querySelector('#h-rule').offsetTop"
    before = page.evaluate(place)
    draw_all(page)
    assert page.evaluate(place) == before


def test_the_keyboard_reaches_the_text_and_the_period_switch(visit):
    page = visit("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "本文へ移動"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.focus("#period")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?period=2024-FY*")
    assert "過去の公表を表示しています" in page.inner_text("main")


def test_a_member_reaches_any_kpi_within_two_clicks(visit):
    page = visit("/")
    page.click("text=ものづくりタウンかどま")
    page.wait_for_url(f"**/{SLUG}/kpis/2-4/")
    assert "7.1%" in page.inner_text("main")


def test_a_chart_can_be_saved_as_a_picture(visit):
    page = visit(PAGES["indicator"], accept_downloads=True)
    draw_all(page)
    with page.expect_download() as saved:
        page.locator(".modebar-btn").first.click()
    assert saved.value.suggested_filename.endswith(".png")
    assert Path(saved.value.path()).read_bytes().startswith(b"\x89PNG")
    assert page.complaints == []


def sign_in(visit, address):
    page = visit(address)
    page.fill("#id_username", "admin")
    page.fill("#id_password", PASSWORD)
    page.click("input[type=submit]")
    return page


def test_staff_are_told_at_the_field_and_nothing_typed_is_lost(visit):
    page = sign_in(visit, "/admin/kpis/indicator/")
    page.click("text=門真市中小企業サポートセンター相談件数")
    page.fill("#id_expected_share", "1.5")
    page.fill("#id_baseline_year", "令和ゼロ年")
    page.fill("#id_targets-0-value", "１，２x")
    page.click("input[name=_save]")
    told = page.inner_text("#content")
    assert "見込割合は0から1までにしてください。" in page.inner_text(".field-expected_share")
    assert "「令和ゼロ年」は年度として読み取れません。" in page.inner_text(".field-baseline_year")
    assert "「１，２x」は数値として読み取れません。" in told
    assert page.input_value("#id_targets-0-value") == "１，２x"
    assert page.complaints == []


def test_a_change_is_kept_with_who_when_and_why(visit):
    page = sign_in(visit, "/admin/kpis/target/")
    page.click("#result_list tbody tr:first-child th a")
    page.fill("#id_value", "１，２０１件".removesuffix("件"))
    page.fill("#id_change_reason", "実施計画の改定")
    page.click("input[name=_save]")
    page.click("#result_list tbody tr:first-child th a")
    page.click(".historylink")
    told = page.inner_text("#change-history")
    assert "1,200 → 1,201" in told
    assert "実施計画の改定" in told
    assert "admin" in told
    assert page.complaints == []


def test_paper_shows_the_figures_and_none_of_the_controls(visit, tmp_path):
    pdftotext = shutil.which("pdftotext")
    if pdftotext is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs pdftotext")
        pytest.skip("pdftotext is not installed")
    page = visit("/")
    draw_all(page)
    printed = tmp_path / "overview.pdf"
    page.pdf(path=printed, format="A4")
    text = subprocess.run([pdftotext, "-layout", printed, "-"], capture_output=True, check=True)
    paper = text.stdout.decode()
    assert "58.6%" in paper
    assert "7.1%" in paper
    assert "切替" not in paper
