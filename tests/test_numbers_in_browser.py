"""The entry grid where figures are of every sort: words typed and pasted, what is foreseen, surveys."""

import subprocess
import sys

import pytest

from tests.served import ROOT, axe, leave_by

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PLAN = """
import django; django.setup()
from django.contrib.auth.models import Group, User
from actions.fiscal import Period, Term
from kpis.models import ReportingPeriod
from kpis.services import import_book
from tests.numbers import BOOK
from tests.planbooks import read
reading = read(BOOK)
admin = User.objects.get(is_superuser=True)
import_book(book=reading.book, places=reading.places, by=admin)
half = ReportingPeriod.objects.filter(plan__slug="hoshi", fiscal_year=2025)
half.update(state="entering")
user = User.objects.create_user("hoshi", password="kadoma-round-1", is_staff=True)
user.groups.add(Group.objects.get(name="入力担当"))
print(half.get().pk)
"""
COLUMNS = ["達成", "", "", "達成"]


@pytest.fixture(scope="module")
def period(site):
    """The made-up plan's half-year, open for entry; its key."""
    environment = site.environment | {"DJANGO_SETTINGS_MODULE": "kadoma_plan.settings"}
    command = [sys.executable, "-c", PLAN]
    made = subprocess.run(
        command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    return int(made.stdout.split()[-1])


@pytest.fixture
def grid(as_person, period):
    """The entry screen, opened by somebody who may enter figures."""
    address = f"/admin/kpis/reportingperiod/{period}/entry/"
    clipboard = ["clipboard-read", "clipboard-write"]
    return as_person("hoshi", address, "kadoma-round-1", permissions=clipboard)


def row(page, code):
    return page.locator("[data-row]").filter(has=page.locator(f".code:text-is('{code}')"))


def cell(page, code, name="value"):
    return page.locator(f"[name='{row(page, code).get_attribute('data-row')}-{name}']")


def answered(page):
    page.wait_for_selector("[data-answer][aria-busy]", state="detached")


def test_words_forecasts_and_surveys_are_typed_pasted_and_saved(grid):
    page = grid
    assert cell(page, "1-3").input_value() == "未達成"
    cell(page, "1-3").fill("設置")
    answered(page)
    assert "✓目標に到達" in page.inner_text(
        f"#{row(page, '1-3').locator('th').get_attribute('id')} ~ [data-answer]"
    ).replace("\n", "").replace(" ", "")
    cell(page, "1-3").focus()
    page.evaluate("text => navigator.clipboard.writeText(text)", "\t".join(COLUMNS) + "\r\n")
    page.keyboard.press("Control+V")
    assert cell(page, "1-3", "forecast").input_value() == "達成"
    cell(page, "1-6", "forecast").fill("たくさん")
    cell(page, "1-7").fill("")
    answered(page)
    fault = cell(page, "1-6", "forecast").get_attribute("name")
    assert "「たくさん」は数値として読み取れません。" in page.inner_text(f"[id='{fault}-fault']")
    survey = cell(page, "1-7", "carried_from")
    assert survey.is_visible()
    assert survey.get_attribute("aria-invalid") == "true"
    assert axe(page) == []
    _mend_and_save(page)


def _mend_and_save(page):
    cell(page, "1-6", "forecast").fill("１，４００件")
    cell(page, "1-7").fill("7.4")
    cell(page, "1-7", "carried_from").fill("R4")
    leave_by(page, "button[value=save]")
    assert "3件の指標を保存しました。" in page.inner_text(".messagelist")
    assert cell(page, "1-3").input_value() == "達成"
    assert cell(page, "1-6", "forecast").input_value() == "1,400"
    assert cell(page, "1-7", "carried_from").input_value() == "令和4年度"
    assert axe(page) == []
    assert page.complaints == []


def test_the_arrow_keys_pass_through_the_forecast(grid):
    cell(grid, "1-6", "provisional").focus()
    for name in ("1-6 年度末見込（件）", "1-6 要因"):
        grid.keyboard.press("ArrowRight")
        assert grid.evaluate("document.activeElement.getAttribute('aria-label')") == name
        grid.keyboard.press("End")
