"""The council's papers as the office makes them: a real server, a real Chromium, a saved file."""

import http.cookiejar
import json
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request

import pytest

from tests.printed import opened
from tests.served import PASSWORD, ROOT, axe, leave_by, sign_in_here

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PREPARE = """
import django; django.setup()
from django.contrib.auth.models import User
from actions.fiscal import Period, Term
from kpis.models import Publication
from kpis.services import publish_outright
from actions.models import Plan
from tests.factories import make_meeting, make_plan
make_meeting(plan=Plan.objects.get(), name="第2回懇話会", document_number="資料9", number=0)
large = make_plan(slug="large", indicators=150, actions=1000)
for period in (Period(2024, Term.FY), Period(2025, Term.H1)):
    publish_outright(plan=large, period=period, by=User.objects.get(), reason="確認済み")
found = Publication.objects.filter(period__fiscal_year=2025)
print(*(found.get(period__plan__slug=slug).pk for slug in ("kadoma-monozukuri", "large")))
"""
NAME = "門真市ものづくり産業振興計画_令和7年度上半期_第1版_会議資料.xlsx"
# Keeps every word that the page says and every turn of the button, however short it lasts.
WATCH = """() => {
  window.told = [];
  window.turns = [];
  const button = document.querySelector("[data-council-file] button");
  new MutationObserver((records) => records.forEach((record) =>
    record.addedNodes.forEach((node) => window.told.push(node.textContent))
  )).observe(document.querySelector("[data-council-said]"), { childList: true });
  new MutationObserver((records) => records.forEach((record) =>
    window.turns.push(record.oldValue === null ? "off" : "on")
  )).observe(button, { attributeFilter: ["disabled"], attributeOldValue: true });
}"""


@pytest.fixture(scope="module")
def publications(site):
    """The addresses of the page for the city's plan and for a large one."""
    environment = site.environment | {"DJANGO_SETTINGS_MODULE": "kadoma_plan.settings"}
    done = subprocess.run(
        [sys.executable, "-c", PREPARE],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return [f"/admin/kpis/publication/{key}/council/" for key in done.stdout.split()]


def kept(download):
    """Return the workbook that the browser saved."""
    return opened(download.value.path().read_bytes())


def test_the_button_shows_each_step_and_saves_the_file(sign_in, publications):
    page = sign_in(publications[0])
    page.evaluate(WATCH)
    with page.expect_download() as download:
        page.click("text=Excelを作成して保存")
    assert download.value.suggested_filename == NAME
    names = kept(download).sheetnames
    page.wait_for_selector("[data-council-said]:has-text('保存しました')")
    steps = [*names, "ファイル"]
    assert page.evaluate("window.told") == [
        "作成を始めています",
        *(f"{one}を作成しています（{n}／{len(steps)}）" for n, one in enumerate(steps, start=1)),
        f"保存しました（{NAME}）",
    ]
    assert page.evaluate("window.turns") == ["off", "on"]
    assert page.evaluate("document.querySelector('progress').position") == 1
    assert page.complaints == []
    assert page.outside == []
    assert axe(page) == []


@pytest.mark.parametrize("width", [1280, 820, 390])
def test_the_page_fits_and_passes_axe(sign_in, publications, width):
    page = sign_in(publications[0], width=width)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.complaints == []


def test_the_keyboard_is_enough(sign_in, publications):
    page = sign_in(publications[0])
    button = page.get_by_role("button", name="Excelを作成して保存")
    for _ in range(20):
        page.keyboard.press("Tab")
        if button.evaluate("one => one === document.activeElement"):
            break
    with page.expect_download():
        page.keyboard.press("Enter")
    page.wait_for_selector("[data-council-said]:has-text('保存しました')")
    assert button.evaluate("one => one === document.activeElement")
    with page.expect_download():
        page.keyboard.press("Enter")


def test_a_large_workbook_shows_its_progress_and_takes_one_press(sign_in, publications):
    page = sign_in(publications[1])
    with page.expect_download(timeout=120_000) as download:
        page.click("text=Excelを作成して保存")
        page.wait_for_selector("[data-council-said]:has-text('アクションを作成しています（')")
        bar = page.get_by_role("progressbar")
        assert bar.is_visible()
        assert 0 < bar.evaluate("one => one.position") < 1
        assert page.get_by_role("button", name="Excelを作成して保存").is_disabled()
    assert "KPI一覧" in kept(download).sheetnames
    assert page.complaints == []


def test_the_chosen_meeting_stands_on_the_cover(sign_in, publications):
    page = sign_in(publications[0])
    page.get_by_label("会議", exact=True).select_option(label="第2回懇話会（令和7年7月30日）")
    with page.expect_download() as download:
        page.click("text=Excelを作成して保存")
    cells = [cell.value for row in kept(download)["表紙"].rows for cell in row]
    assert {"第2回懇話会", "資料9"} <= set(cells)


def test_without_scripts_the_button_downloads_the_file(sign_in, publications):
    page = sign_in(publications[0], java_script_enabled=False)
    with page.expect_download() as download:
        page.click("text=Excelを作成して保存")
    assert download.value.suggested_filename == NAME
    assert kept(download).sheetnames[0] == "表紙"


def test_a_sign_in_that_ran_out_is_told_with_the_way_back(sign_in, publications):
    page = sign_in(publications[0])
    page.context.clear_cookies()
    page.click("text=Excelを作成して保存")
    page.wait_for_selector("text=ログインの有効期間が切れたため、作成していません。")
    assert not page.get_by_role("progressbar").is_visible()
    assert axe(page) == []
    leave_by(page, "text=もう一度ログインする")
    sign_in_here(page, "admin")
    assert urllib.parse.urlsplit(page.url).path == publications[0]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param(b'{"error":"\xe5\xa3\x8a\xe3\x82\x8c"}\n', "壊れ", id="told"),
        pytest.param(b'{"size":9,"name":"a.xlsx"}\nPK', "作成できませんでした", id="cut-off"),
        pytest.param(b'{"step":1,"of":2,"na', "作成できませんでした", id="cut-off-early"),
    ],
)
def test_a_fault_is_told_and_nothing_is_saved(sign_in, publications, body, words):
    page, saved = sign_in(publications[0]), []
    page.on("download", lambda one: saved.append(one))
    page.route(
        re.compile("progress=1"),
        lambda route: route.fulfill(body=body, content_type="application/octet-stream"),
    )
    page.click("text=Excelを作成して保存")
    page.wait_for_selector(f"[role=status]:has-text('{words}')")
    assert not page.get_by_role("progressbar").is_visible()
    assert page.get_by_role("button", name="Excelを作成して保存").is_enabled()
    assert page.locator("[data-council-link]").is_visible() == (words != "壊れ")
    assert saved == []


def test_a_server_that_is_gone_is_told_with_another_way(sign_in, publications):
    page = sign_in(publications[0])
    page.route(re.compile("progress=1"), lambda route: route.abort())
    page.click("text=Excelを作成して保存")
    page.wait_for_selector("[role=status]:has-text('通信が途切れた')")
    with page.expect_download() as download:
        page.click("text=進み具合を表示せずに保存する")
    assert download.value.suggested_filename == NAME


# --- the server itself ----------------------------------------------------------------------------


def entered(served):
    """Return a browser without a screen, signed in."""
    browser = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    )
    form = browser.open(f"{served}/admin/login/").read().decode()
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', form)[1]
    fields = {"csrfmiddlewaretoken": token, "username": "admin", "password": PASSWORD}
    browser.open(f"{served}/admin/login/", urllib.parse.urlencode(fields).encode()).close()
    return browser


def test_the_production_server_sends_the_steps_one_by_one(served, publications):
    request = urllib.request.Request(
        f"{served}{publications[1]}file/?progress=1", headers={"Accept-Encoding": "gzip, br"}
    )
    moments, lines = [], []
    with entered(served).open(request) as answer:
        assert answer.headers["Content-Encoding"] is None
        while not lines or "size" not in lines[-1]:
            lines.append(json.loads(answer.readline()))
            moments.append(time.perf_counter())
        file = answer.read()
    assert len(file) == lines[-1]["size"]
    assert file.startswith(b"PK\x03\x04")
    whole = moments[-1] - moments[0]
    sheet = next(n for n, one in enumerate(lines) if one.get("name") == "アクション")
    # Gathered on the way, all lines would come in the same moment.
    assert moments[sheet + 1] - moments[sheet] > whole / 50
    assert whole > 0.3
