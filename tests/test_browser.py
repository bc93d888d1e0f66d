"""The served product in a real Chromium, as quickstart leaves it."""

import os
import re
import shutil
import subprocess
import unicodedata
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import Request, urlopen

import pytest

from tests.served import (
    SLUG,
    WIDTHS,
    axe,
    fits,
    leave_by,
    scripts_have_run,
    sign_in_here,
    wrong_on_screens,
)

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
    "tree": f"/{SLUG}/tree/",
    "actions": f"/{SLUG}/actions/",
    "publicity": f"/{SLUG}/publicity/",
    "meetings": f"/{SLUG}/meetings/",
    "corrections": f"/{SLUG}/corrections/",
    "rules": f"/{SLUG}/rules/",
    "words": f"/{SLUG}/words/",
    "guides": "/guide/",
    "guide": "/guide/entry/",
    "data": f"/{SLUG}/data/",
}
CHARTS = {"overview": 1, "older": 1, "indicator": 1, "indicator-without-rate": 1, "kgi": 2}


def draw_all(page):
    """Scroll to every chart, also those below the screen, and wait until each is drawn."""
    for chart in page.locator("[data-chart]").all():
        chart.scroll_into_view_if_needed()
        page.wait_for_selector(f"[data-chart='{chart.get_attribute('data-chart')}'][data-ready]")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_quiet_asks_nobody_else_fits_each_screen_and_passes_axe(read, name):
    page = read(PAGES[name], WIDTHS[0])
    page.wait_for_load_state("networkidle")
    draw_all(page)
    assert page.complaints == []
    assert page.outside == []
    assert page.locator("[data-chart] svg.main-svg").count() >= CHARTS.get(name, 0)
    assert wrong_on_screens(page) == {}
    for width in (640, 320):  # what is left of 1280 at 200% and 400%
        assert fits(page, width), width


@pytest.mark.parametrize("name", ["overview", "indicator"])
def test_a_page_that_is_opened_on_a_phone_is_quiet_and_fits(read, name):
    page = read(PAGES[name], WIDTHS[-1])
    draw_all(page)
    assert page.complaints == []
    assert fits(page, WIDTHS[-1])


def test_axe_finds_nothing_where_there_is_no_page(visit):
    assert axe(visit("/nai/")) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_complete_without_scripts(visit, name):
    page = visit(PAGES[name], java_script_enabled=False)
    assert page.locator("h1").count() == 1
    text = page.inner_text("main")
    nothing = "この公表に訂正はありません。" in text or "アクションの登録がありません。" in text
    assert nothing or page.locator("main table, main ul").count() > 0


def test_the_figures_can_be_read_without_scripts(visit):
    text = visit(PAGES["indicator"], java_script_enabled=False).inner_text("main")
    for figure in ("704", "1,200", "58.6%", "1,124", "93.6%"):
        assert figure in text


SHIFT = """new Promise(tell => new PerformanceObserver(list => tell(
  list.getEntries().reduce((sum, one) => sum + one.value, 0)
)).observe({ type: "layout-shift", buffered: true }) || setTimeout(tell, 300, 0))"""


@pytest.mark.parametrize(("name", "width"), [("overview", 390), ("indicator", 1280)])
def test_nothing_jumps_when_a_chart_is_drawn(visit, name, width):
    page = visit(PAGES[name], width)
    draw_all(page)
    assert page.evaluate(SHIFT) < 0.02
    assert page.evaluate("document.querySelectorAll('style').length") == 0  # nor needs its own


def test_static_files_are_compressed_and_kept_for_ever(visit, served):
    page = visit(PAGES["indicator"])
    addresses = page.eval_on_selector_all(
        "link, script[src]", "all => all.map(one => one.src || one.href)"
    ) + [page.locator("[data-bundle]").get_attribute(f"data-{one}") for one in ("bundle", "locale")]
    assert len(addresses) > 6
    sizes = {}
    for address in addresses:
        assert re.search(r"/static/.*\.[0-9a-f]{12}\.(css|js|svg)$", address), address
        for encoding in ("br", "gzip"):
            asked = {"Accept-Encoding": encoding}
            with urlopen(Request(urljoin(served, address), headers=asked)) as answer:
                head = answer.headers
            assert head["Cache-Control"] == "max-age=315360000, public, immutable"
            if "plotly.min" in address or address.endswith(".css"):
                assert head["Content-Encoding"] == encoding
                sizes[address, encoding] = int(head["Content-Length"])
    assert all(size < sizes[one, "gzip"] for (one, kind), size in sizes.items() if kind == "br")


def test_the_keyboard_reaches_the_text_and_the_period_switch(read):
    page = read("/")
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


FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const box = Array.from(one.getClientRects()).find(each => each.width * each.height > 1);
  const x = Math.max(box.left, 0) + Math.min(box.width, innerWidth) / 2;
  const hit = document.elementFromPoint(x, (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2);
  return {
    words: one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.textContent.trim(),
    seen: one.contains(hit),
    outline: `${style.outlineStyle} ${style.outlineWidth}`,
  };
}"""


@pytest.mark.parametrize("width", [1280, 390])
def test_the_keyboard_passes_through_the_overview_and_is_always_seen(read, width):
    page = read("/", width)
    draw_all(page)
    page.evaluate("scrollTo(0, 0)")
    last = page.locator("a, button, select, summary, [tabindex='0']").all()[-1].inner_text()
    passed = []
    while not passed or passed[-1]["words"] != last:
        page.keyboard.press("Tab")
        passed.append(page.evaluate(FOCUSED))
        assert len(passed) < 200
    words = [one["words"] for one in passed]
    assert words[:3] == ["本文へ移動", "門真市ものづくり産業振興計画 進捗", "委員ログイン"]
    for each in (
        "表示する公表",
        "切替",
        "オープンデータ",
        "この表をCSVで保存（基本戦略1 イノベーション",
        "画像（PNG）で保存（",
        "ウェブアクセシビリティ",
    ):
        assert any(one.startswith(each) for one in words), each
    assert [one for one in passed if not one["seen"]] == []
    assert {one["outline"] for one in passed} == {"solid 4px"}


def test_a_member_reaches_any_kpi_within_two_clicks(visit):
    page = visit("/")
    leave_by(page, page.get_by_role("link", name="ものづくりタウンかどま").last)
    page.wait_for_url(f"**/{SLUG}/kpis/2-4/")
    assert "7.1%" in page.inner_text("main")


def test_a_newcomer_finds_the_worst_kpi_why_what_is_done_and_prints_it(visit):
    page = visit("/")
    worst = page.locator("#h-late ~ ol > li").first
    assert "産業誘導区域への移転等件数" in worst.inner_text()
    assert "遅れ" in worst.inner_text()
    assert "要因と今後の対応は、公表に記載がありません。" in worst.inner_text()
    worst.get_by_role("link").first.click()
    page.wait_for_url(f"**/{SLUG}/kpis/3-1/")
    assert "達成率 ÷ 見込割合0.5 が「下限なし」の区分" in page.inner_text(".tiles")
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="このページを印刷").click()
    assert page.evaluate("window.printed")
    assert page.complaints == []


@pytest.mark.parametrize("width", [1280, 390])
def test_the_list_is_narrowed_by_keyboard_without_scripts(visit, width):
    page = visit("/?period=2025-H1&judgement=nai", width, java_script_enabled=False)
    page.fill("#f-word", "企業")
    page.select_option("#f-order", "need")
    page.focus("#f-word")
    page.keyboard.press("Enter")
    page.wait_for_url("**order=need*")
    assert "period=2025-H1" in page.url
    assert "word=%E4%BC%81%E6%A5%AD" in page.url
    assert page.url.endswith("#h-list")
    assert page.input_value("#f-word") == "企業"
    assert "15件のうち" in page.inner_text(".found")
    assert page.locator("table.aligned").count() == 1
    leave_by(page, "text=条件を解除")
    page.wait_for_url("**/?period=2025-H1*")
    assert page.inner_text(".found") == "全15件"


@pytest.mark.parametrize("query", ["?order=need&judgement=behind&change=nai", "?word=nai"])
def test_axe_finds_nothing_in_a_narrowed_list(read, query):
    page = read(f"/{query}", 390)
    draw_all(page)
    assert axe(page) == []


@pytest.mark.parametrize("width", [1280, 390])
def test_the_period_stays_in_sight_and_hides_nothing_that_has_the_focus(read, width):
    page = read("/", width)
    bar = page.locator(".edition")
    page.focus(".site-footer a >> nth=-1")
    assert bar.bounding_box()["y"] == 0
    assert "令和7年度上半期" in bar.inner_text()
    foot = bar.bounding_box()["height"]
    for _ in range(60):  # backwards, so that each comes from above the screen
        page.keyboard.press("Shift+Tab")
        top = page.evaluate(
            """() => { const one = document.activeElement;
               return one.closest(".edition, .site-header") ? null
                 : one.getBoundingClientRect().bottom; }"""
        )
        assert top is None or top > foot


def test_a_chart_can_be_saved_as_a_picture(visit):
    page = visit(PAGES["indicator"], accept_downloads=True)
    draw_all(page)
    title = "門真市中小企業サポートセンター相談件数（件）"
    button = page.get_by_role("button", name=title)
    assert button.inner_text().startswith("画像（PNG）で保存")
    button.focus()
    with page.expect_download() as saved:
        page.keyboard.press("Enter")
    assert saved.value.suggested_filename == f"{SLUG}_2025-H1_v1_kpi-1-1-trend.png"
    picture = Path(saved.value.path()).read_bytes()
    assert picture.startswith(b"\x89PNG")
    wide, high = (int.from_bytes(picture[place : place + 4]) for place in (16, 20))
    assert wide == 2000
    assert high > 2 * 340 + 150  # above and below the chart stand title, caption and source
    assert page.complaints == []
    assert page.outside == []


def test_staff_are_told_at_the_field_and_nothing_typed_is_lost(visit):
    page = visit("/admin/kpis/indicator/")
    sign_in_here(page, "admin")
    leave_by(page, "text=門真市中小企業サポートセンター相談件数")
    page.fill("#id_decimals", "5")
    page.fill("#id_end_year", "令和ゼロ年")
    page.fill("#id_targets-2-value", "１，２x")  # R8, still 連動
    leave_by(page, "input[name=_save]")
    told = page.inner_text("#content")
    assert "小数桁は0から4までにしてください。" in page.inner_text(".field-decimals")
    assert "「令和ゼロ年」は年度として読み取れません。" in page.inner_text(".field-end_year")
    assert "「１，２x」は数値として読み取れません。" in told
    assert page.input_value("#id_targets-2-value") == "１，２x"
    assert page.complaints == []


def test_a_change_is_kept_with_who_when_and_why(sign_in):
    page = sign_in("/admin/kpis/target/")
    leave_by(page, "#result_list tbody tr:first-child td.field-revise a")
    page.check("#id_what_1")  # 誤りの訂正
    page.fill("#id_value", "１，２０１件")
    page.fill("#id_reason", "転記の誤り")
    leave_by(page, "button:has-text('保存する')")
    leave_by(page, ".historylink")
    told = page.inner_text("#change-history")
    assert "1,200 → 1,201" in told
    assert "誤りの訂正: 転記の誤り" in told
    assert "admin" in told
    assert page.complaints == []


# --- paper ----------------------------------------------------------------------------------------
SHEETS = dict.fromkeys(PAGES, 2) | {"measure": 1, "meetings": 1, "corrections": 1}
SHEETS |= {"overview": 3, "older": 4, "words": 4, "guides": 1, "guide": 3}
SHEETS |= {"actions": 1, "tree": 1, "publicity": 1, "rules": 3, "data": 4}
CONTROLS = ("切替", "図の数値を表で見る", "で保存", "本文へ移動", "図を準備しています")
RIGHT_EDGE = 595.3 - 12 * 72 / 25.4  # A4 without its margin, in points


def plain(text):
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def read_pdf(pdf, *options):
    """Return what pdftotext reads."""
    pdftotext = shutil.which("pdftotext")
    if pdftotext is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs pdftotext")
        pytest.skip("pdftotext is not installed")
    read = subprocess.run([pdftotext, *options, "-", "-"], input=pdf, capture_output=True)
    assert read.returncode == 0, read.stderr
    return read.stdout.decode()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_on_paper(read, name):
    page = read(PAGES[name])
    scripts_have_run(page)
    pdf = page.pdf(prefer_css_page_size=True)
    sheets = [plain(sheet) for sheet in read_pdf(pdf, "-raw").split("\f")[:-1]]
    paper = "".join(sheets)
    assert len(sheets) <= SHEETS[name]
    for number, sheet in enumerate(sheets, 1):
        assert f"{number}/{len(sheets)}" in sheet
        assert plain(page.locator(".running").text_content()) in sheet
    assert [one for one in CONTROLS if one in paper] == []
    # Every row stands whole on one sheet, under its headings.
    tables = page.evaluate(
        """() => {
          const copy = document.body.cloneNode(true);
          copy.querySelectorAll(".visually-hidden").forEach(one => one.remove());
          return Array.from(copy.querySelectorAll("table"), table => Array.from(table.rows,
            row => Array.from(row.cells, cell => cell.textContent)));
        }"""
    )
    for headings, *rows in ([list(map(plain, row)) for row in table] for table in tables):
        for row in rows:
            assert any(all(one in sheet for one in headings + row) for sheet in sheets), row
    assert page.locator("[data-chart]:not([data-drawn])").count() == 0
    edges = map(float, re.findall(r'xMax="([\d.]+)"', read_pdf(pdf, "-bbox")))
    assert max(edges) <= RIGHT_EDGE + 1
    assert page.complaints == []


def test_a_long_table_repeats_its_headings_on_each_sheet(visit):
    pdf = visit(PAGES["data"]).pdf(prefer_css_page_size=True)
    first, second, third, fourth = map(plain, read_pdf(pdf, "-raw").split("\f")[:-1])
    for headings, sheets in (
        ("空欄の意味", (first, second)),
        ("ファイル項目名キー", (second, third)),
        ("コード項目名名称", (third, fourth)),
    ):
        assert [headings in sheet for sheet in sheets] == [True, True]


def test_paper_needs_no_script(visit):
    page = visit("/", java_script_enabled=False)
    paper = plain(read_pdf(page.pdf(prefer_css_page_size=True), "-raw"))
    assert "図を準備しています" not in paper
    for words in ("7.1%", "基本戦略別の参考判定の件数", "2ネットワーク・連携100111"):
        assert words in paper
