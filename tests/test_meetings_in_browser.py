"""A meeting as the office works through it: opinions, their way to the next one, kept papers."""

import re
import subprocess
import sys
from functools import partial

import pytest

from tests.printed import opened
from tests.served import PASSWORD, ROOT, axe, fits, leave_by

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PREPARE = f"""
import django; django.setup()
import datetime as dt
from django.contrib.auth.models import Group, User
from actions.models import Measure, Plan
from kpis.models import Meeting, Publication
from tests.factories import make_actions
plan = Plan.objects.get()
measures = list(Measure.objects.filter(strategy__plan=plan))
make_actions(plan=plan, measures=measures, number=1000, years=())
clerk = User.objects.create_user("nyuryoku", password="{PASSWORD}", is_staff=True)
clerk.groups.add(Group.objects.get(name="入力担当"))
h1 = Publication.objects.get(period__term="H1")
for name, day, number in (
    ("第1回懇話会", dt.date(2025, 7, 30), ""), ("第2回懇話会", dt.date(2025, 12, 2), "資料1"),
):
    Meeting.objects.create(plan=plan, name=name, day=day, document_number=number)
print(*Meeting.objects.order_by("day").values_list("pk", flat=True), h1.pk)
"""


@pytest.fixture(scope="module")
def addresses(site):
    """The pages of two meetings and of the council's papers, in a plan of 1,000 actions."""
    environment = site.environment | {"DJANGO_SETTINGS_MODULE": "kadoma_plan.settings"}
    done = subprocess.run(
        [sys.executable, "-c", PREPARE],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    first, second, publication = done.stdout.split()
    pages = [f"/admin/kpis/meeting/{key}/change/" for key in (first, second)]
    return [*pages, f"/admin/kpis/publication/{publication}/council/?meeting={second}"]


@pytest.fixture
def clerk(as_person):
    """Return a function that opens a staff page as 入力担当."""
    return partial(as_person, "nyuryoku")


def test_an_opinion_goes_from_one_meeting_to_the_next_and_its_papers_are_kept(clerk, addresses):
    first, second, council = addresses
    page = clerk(first)
    page.fill("#id_opinions-0-text", "夜間にも開いてほしい。")
    page.focus("#id_opinions-0-action")
    page.keyboard.type("A-777")
    page.fill("#id_opinions-0-reply", "試行を検討している。")
    page.select_option("#id_opinions-0-state", label="対応中")
    leave_by(page, "text=保存してこの画面に残る")
    assert page.input_value("#id_opinions-0-action") == "A-777 アクション777"
    assert page.input_value("#id_opinions-0-number") == "1"

    page.goto(second)
    row = page.locator("table.carried tbody tr")
    for words in (
        "第1回懇話会",
        "夜間にも開いてほしい。",
        "アクションA-777",
        "試行を検討",
        "対応中",
    ):
        assert words in row.inner_text()
    leave_by(page, row.get_by_role("link", name="回答・対応状況を更新"))
    page.get_by_label("市の回答").fill("毎週水曜日の夜に開いた。")
    page.get_by_label("対応状況", exact=True).select_option(label="対応済")
    leave_by(page, "text=保存する")
    page.wait_for_url(f"**{second}#carried")
    assert "引き継いだ意見はありません。" in page.inner_text("#carried")

    page.goto(council)
    leave_by(page, "text=この資料を保存する（配付用）")
    name = "資料1_第2回懇話会_kadoma-monozukuri_2025-H1_v1.xlsx"
    assert f"保存しました（{name}）。" in page.inner_text(".messagelist")
    leave_by(page, "text=この資料を保存する（配付用）")
    assert "同じ内容の資料が既に保存されています" in page.inner_text(".messagelist")
    page.goto(second)
    with page.expect_download() as download:
        page.click(f"text={name}")
    assert download.value.suggested_filename == name
    cells = opened(download.value.path().read_bytes())["表紙"].iter_rows(values_only=True)
    assert "第2回懇話会" in {value for row in cells for value in row}
    assert page.complaints == []
    assert page.outside == []


def test_the_pages_fit_and_pass_axe(clerk, addresses):
    page = clerk(addresses[0])
    page.fill("#id_opinions-0-text", "若手にも声を掛けてほしい。")
    leave_by(page, "text=保存してこの画面に残る")
    for address in addresses:
        page.goto(address)
        ways = page.locator("table.carried a")
        answers = [ways.first.get_attribute("href")] if ways.count() else []
        for one in (address, *answers):
            page.goto(one)
            page.wait_for_load_state("networkidle")
            assert page.complaints == []
            for width in (820, 1280):
                assert fits(page, width), one
                assert axe(page) == [], one
            page.complaints.clear()  # of axe itself, which adds styles


def test_the_keyboard_adds_an_opinion_and_says_its_action(clerk, addresses):
    page = clerk(addresses[0])
    page.locator("text=意見と対応を追加").focus()
    page.keyboard.press("Enter")
    blank = page.locator("[id^=id_opinions-][id$=-text]:not([id*=__prefix__])").last
    number = re.search(r"opinions-(\d+)-text", blank.get_attribute("id"))[1]
    page.focus(f"#id_opinions-{number}-text")
    page.keyboard.type("キーボードで書いた意見")
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == f"id_opinions-{number}-action"
    # The browser's own list of all actions, which it draws outside of the page.
    assert page.evaluate("document.activeElement.list.options.length") == 1000
    page.keyboard.type("A-88")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/kpis/meeting/")
    page.goto(addresses[0])
    text = page.locator("textarea:has-text('キーボードで書いた意見')").get_attribute("id")
    assert page.input_value(f"#{text.replace('-text', '-action')}") == "A-88 アクション88"


def test_without_scripts_an_opinion_can_be_written(clerk, addresses):
    page = clerk(addresses[1], java_script_enabled=False)
    blank = page.locator("[id^=id_opinions-][id$=-text]:not([id*=__prefix__])").last
    blank.fill("スクリプトなしの意見")
    blank_id = blank.get_attribute("id")
    page.fill(f"#{blank_id.replace('-text', '-indicator')}", "1-1")
    leave_by(page, "text=保存してこの画面に残る")
    saved = page.locator("textarea:has-text('スクリプトなしの意見')")
    indicator = saved.get_attribute("id").replace("-text", "-indicator")
    assert page.input_value(f"#{indicator}").startswith("1-1 ")
