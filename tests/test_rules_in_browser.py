"""Rules, bands and the list of plans as people use them: a real server and a real Chromium."""

import subprocess
import sys

import pytest

from tests.served import ROOT, leave_by, wrong_on_screens

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PREPARE = """
import django; django.setup()
from django.contrib.auth.models import User
from actions.fiscal import Period, Term
from kpis.services import publish_outright
from tests.factories import make_periods, make_plan
years = {"start_year": 2019, "end_year": 2023, "baseline_year": 2018}
plan = make_plan(slug="old", name="前の計画", indicators=3, periods=(), section="甲課", **years)
period = Period(2023, Term.FY)
make_periods(plan=plan, periods=[period])
publish_outright(plan=plan, period=period, by=User.objects.get(), reason="確認済み")
from kpis.models import Indicator
found = Indicator.objects.filter(plan__slug="kadoma-monozukuri")
print(found.get(code="1-1").pk, found.get(code="1-2").pk, found.first().plan_id)
"""


@pytest.fixture(scope="module")
def keys(site):
    """The keys of 1-1, 1-2 and the plan, after a second plan was published."""
    environment = site.environment | {"DJANGO_SETTINGS_MODULE": "kadoma_plan.settings"}
    done = subprocess.run(
        [sys.executable, "-c", PREPARE],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout.split()


def fine(page):
    """Hold that the page fits each screen, passes axe and complains of nothing."""
    assert wrong_on_screens(page) == {}
    assert page.complaints == []
    assert page.outside == []


def press(page, words):
    leave_by(page, page.get_by_role("button", name=words))


def test_a_rule_is_tried_and_left(sign_in, keys):
    page = sign_in(f"/admin/kpis/indicator/{keys[0]},{keys[1]}/rules/")
    fine(page)
    press(page, "変わる数値を確かめる")
    assert page.get_by_text("このフィールドは必須です。").is_visible()
    fine(page)
    page.get_by_label("端数処理").select_option(label="四捨五入")
    page.get_by_label("変更の理由").fill("端数処理の統一")
    press(page, "変わる数値を確かめる")
    assert page.get_by_role("cell", name="58.6% → 58.7%").count() == 1
    fine(page)
    press(page, "入力に戻る")
    assert page.get_by_label("変更の理由").input_value() == "端数処理の統一"
    fine(page)


def test_bands_are_tried_and_left(sign_in, keys):
    page = sign_in(f"/admin/actions/plan/{keys[2]}/bands/")
    fine(page)
    leave_by(page, page.get_by_role("link", name="7区分"))
    page.get_by_label("年度 2行目 下限").fill("百")
    press(page, "変わる判定を確かめる")
    cell = page.get_by_label("年度 2行目 下限")
    assert cell.get_attribute("aria-invalid") == "true"
    told = page.locator(f"#{cell.get_attribute('aria-describedby').split()[-1]}")
    assert "数値として読み取れません" in told.inner_text()
    fine(page)
    cell.fill("90")
    page.get_by_label("変更の理由").fill("10%きざみ")
    press(page, "変わる判定を確かめる")
    assert page.get_by_role("heading", name="変わる数値（24件）").is_visible()
    fine(page)


def test_an_own_band_is_written_with_the_keyboard_alone_and_without_scripts(sign_in, keys):
    address = f"/admin/kpis/indicator/{keys[1]}/bands/"
    page = sign_in(address, java_script_enabled=False)
    page.get_by_label("年度 1行目 下限").focus()
    for words in ("50", "○", "半分以上"):
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    page.get_by_label("年度 2行目 記号").fill("×")
    page.get_by_label("年度 2行目 判定").fill("半分未満")
    page.get_by_label("変更の理由").fill("少ない件数の指標のため")
    page.get_by_label("年度 2行目 判定").focus()
    page.keyboard.press("Enter")  # what Enter does is the preview
    page.wait_for_load_state()
    press(page, "この内容で変更する")
    assert page.get_by_text("判定基準を変更しました。公表済みの版は変わりません。").is_visible()
    page.goto("/admin/kpis/bandchange/")
    assert page.get_by_text("少ない件数の指標のため").is_visible()
    page.goto("/")
    assert page.get_by_text("半分以上").count() == 0


def test_the_list_of_plans_and_an_ended_plan(visit, keys):
    page = visit("/")
    leave_by(page, page.get_by_role("link", name="計画一覧").first)
    assert page.get_by_role("heading", level=1).inner_text() == "計画一覧"
    fine(page)
    leave_by(page, page.get_by_role("link", name="前の計画"))
    assert page.get_by_text("この計画の期間は終了しました（令和5年度まで）。").is_visible()
    fine(page)
    leave_by(page, page.get_by_role("link", name="現在の計画を見る"))
    assert "門真市ものづくり産業振興計画" in page.title()
