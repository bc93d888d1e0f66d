"""The pages of actions in a real browser: on three screens, by keyboard, on paper, read by axe."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.served import ROOT, SLUG, wrong_on_screens
from tests.test_browser import CONTROLS, RIGHT_EDGE, draw_all, plain, read_pdf

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# 60 actions under three measures of each of the city's strategies, every fifth late, published.
ACTIONS = f"""
import django; django.setup()
from django.contrib.auth.models import User
from actions.fiscal import Period, Term
from actions.models import Action, Measure, Plan
from actions.vocabulary import Stage
from kpis.services import publish_outright
from tests.factories import make_actions
plan = Plan.objects.get(slug="{SLUG}")
Action.objects.filter(plan=plan).delete()
measures = list(Measure.objects.filter(strategy__plan=plan, number__lt=4))
stages = (Stage.STUDY, Stage.PREPARATION, Stage.RUNNING, Stage.RUNNING, Stage.EXPANSION)
make_actions(plan=plan, measures=measures, indicators=plan.indicators.all(), number=60, stages=stages)
Action.objects.filter(code="A-1").update(is_example=True)
Action.objects.filter(code="A-10").update(name="市内企業の域内受発注を進める商談会と見学会の開催" * 3)
admin = User.objects.get(is_superuser=True)
publish_outright(plan=plan, period=Period(2025, Term.H1), by=admin, reason="アクションの追加")
"""
LIST = f"/{SLUG}/actions/"
PAGES = {
    "list": LIST,
    "second": f"{LIST}?page=2",
    "narrowed": f"{LIST}?actor=city&late=1&stage=x",
    "nothing": f"{LIST}?stage=paused",
    "action": f"{LIST}A-1/",
    "late": f"{LIST}A-10/",
    "indicator": f"/{SLUG}/kpis/1-1/",
}
SHEETS = {
    "list": 9,
    "second": 3,
    "narrowed": 2,
    "nothing": 1,
    "action": 2,
    "late": 2,
    "indicator": 2,
}


@pytest.fixture(scope="module")
def acting(site):
    """The served plan with actions; its address."""
    environment = site.environment | {"DJANGO_SETTINGS_MODULE": "kadoma_plan.settings"}
    command = [sys.executable, "-c", ACTIONS]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return site.address


@pytest.fixture
def opened(acting, read):
    """Return a function that opens a page by its name, with every chart drawn."""

    def page_of(name, width=1280):
        page = read(PAGES[name], width)
        page.wait_for_load_state("networkidle")
        draw_all(page)
        return page

    return page_of


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_quiet_fits_and_passes_axe(opened, name):
    page = opened(name)
    for folded in page.locator("main details").all():
        folded.locator("summary").click()
    assert page.complaints == []
    assert page.outside == []
    assert wrong_on_screens(page) == {}


@pytest.mark.parametrize("width", [1280, 390])
def test_the_schedules_labels_stay_inside_and_its_place_does_not_move(acting, read, width):
    page = read(PAGES["list"], width)
    place = "document.querySelector('#h-list').offsetTop"
    before = page.evaluate(place)
    draw_all(page)
    assert page.evaluate(place) == before
    edges = page.evaluate(
        """Array.from(document.querySelectorAll("[data-chart]"), chart => {
           const frame = chart.querySelector(".main-svg").getBoundingClientRect();
           return Array.from(chart.querySelectorAll(".annotation text, .bartext"), text => {
             const box = text.getBoundingClientRect();
             return box.right <= frame.right + 1 && box.left >= frame.left - 1;
           });
        }).flat()"""
    )
    assert len(edges) > 100
    assert all(edges)


def test_the_schedule_scrolls_in_its_own_box_on_a_phone(opened):
    page = opened("list", 390)
    page.click("main details summary")
    frame = page.locator("details .table-frame")
    assert frame.evaluate("box => box.scrollWidth > box.clientWidth")
    frame.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)  # scrolling is smooth
    assert frame.evaluate("box => box.scrollLeft > 0")


def test_the_list_is_narrowed_by_keyboard_without_scripts(acting, visit):
    page = visit(f"{LIST}?period=2025-H1", java_script_enabled=False)
    page.focus("#f-actor")
    page.keyboard.press("ArrowDown")
    page.focus("#f-late")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**late=1*")
    assert "period=2025-H1" in page.url
    text = page.inner_text("main")
    assert "4件（主体: ものづくり事業者、遅れのみ（やや遅れ・遅れ・未着手））" in text
    assert page.locator("#h-list ~ .table-block tbody tr").count() == 4


def test_a_part_of_the_schedule_is_saved_as_a_picture_of_its_own_height(opened):
    page = opened("list")
    with page.expect_download() as saved:
        page.locator("[data-save]").first.click()
    assert saved.value.suggested_filename == f"{SLUG}_2025-H1_v2_schedule-1.png"
    picture = Path(saved.value.path()).read_bytes()
    wide, high = (int.from_bytes(picture[place : place + 4]) for place in (16, 20))
    drawn = page.locator("[data-chart-area]").first.bounding_box()["height"]
    assert wide == 2000
    assert 2 * drawn + 150 < high < 2 * drawn + 400
    assert page.complaints == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_on_paper(opened, name):
    page = opened(name)
    pdf = page.pdf(prefer_css_page_size=True)
    sheets = [plain(sheet) for sheet in read_pdf(pdf, "-raw").split("\f")[:-1]]
    assert len(sheets) <= SHEETS[name]
    assert [one for one in (*CONTROLS, "この条件で表示") if one in "".join(sheets)] == []
    tables = page.evaluate(
        """Array.from(document.querySelectorAll("table"), table => Array.from(table.rows,
           row => Array.from(row.cells, cell => cell.textContent)))"""
    )
    for headings, *rows in ([list(map(plain, row)) for row in table] for table in tables):
        for row in rows:
            assert any(all(one in sheet for one in headings + row) for sheet in sheets), row
    # Each part of the schedule stands on one sheet, from its title to its source.
    titles = [plain(one) for one in page.locator("figcaption strong").all_text_contents()]
    for title in titles:
        (sheet,) = [one for one in sheets if title in one]
        assert "出所:" in sheet[sheet.index(title) :]
    edges = [float(one.split('"')[0]) for one in read_pdf(pdf, "-bbox").split('xMax="')[1:]]
    assert max(edges) <= RIGHT_EDGE + 1
