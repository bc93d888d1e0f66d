"""The new fiscal year as 公表担当 walks through it: R8 of the city's plan, then one revision."""

import subprocess
import sys
from functools import partial

import pytest

from tests.served import ROOT, axe, leave_by

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORD = "kadoma-round-1"
SET_UP = """
import django; django.setup()
from django.contrib.auth.models import Group, User
from actions.models import Action, ActionYear, Plan
user = User.objects.create_user("kohyo", password="kadoma-round-1", is_staff=True)
user.groups.add(Group.objects.get(name="公表担当"))
plan = Plan.objects.get()
measure = plan.strategies.get(number=1).measures.get(number=1)
for code, name, stage in (("1-1-1", "セミナー", "running"), ("1-1-2", "相談会", "preparation"),
                          ("1-1-3", "旧制度の周知", "done")):
    action = Action.objects.create(plan=plan, measure=measure, code=code, actor="city", name=name)
    ActionYear.objects.create(action=action, fiscal_year=2025, stage=stage, plan=f"{name}を年4回")
"""
READ = """
import django; django.setup()
from actions.models import ActionYear
from kpis.models import ReportingPeriod, Target
for one in Target.objects.filter(fiscal_year=2026, indicator__code__in=["1-1", "1-2", "2-1", "3-1"]):
    print(one.indicator.code, one.status, int(one.value), one.source, one.decided_on)
for one in ReportingPeriod.objects.filter(fiscal_year=2026):
    print(one.term, one.state, one.due)
for one in ActionYear.objects.filter(fiscal_year=2026):
    print(one.action.code, one.stage, one.plan)
"""
PAPER = "門真市第6次総合計画 実施計画（令和8年度版）"
RECORDED = f"""1-1 set 1250 {PAPER} 2026-03-25
1-2 set 140 {PAPER} 2026-03-25
2-1 set 110 {PAPER} 2026-03-25
3-1 set 2 令和8年度当初予算 2026-03-20
H1 preparing 2026-10-20
FY preparing 2027-04-20
1-1-1 running セミナーを年4回
"""


@pytest.fixture(scope="module")
def run(site):
    """Return a function that runs a program with the served data, and gives what it prints."""
    environment = site.environment | {"DJANGO_SETTINGS_MODULE": "kadoma_plan.settings"}

    def ran(program):
        command = [sys.executable, "-c", program]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
        )
        return done.stdout

    ran(SET_UP)
    return ran


@pytest.fixture
def sign_in(as_person, run):
    """Return a function that opens a staff page as 公表担当."""
    return partial(as_person, "kohyo", password=WORD)


def told(page):
    return page.inner_text(".messagelist")


def cell(page, code, name="value"):
    row = page.locator("tbody:has-text('令和8年度') [data-row$='-2026']")
    row = row.filter(has=page.locator(f".code:text-is('{code}')"))
    return page.locator(f"[name='{row.get_attribute('data-row')}-{name}']")


def states(page):
    return [one.inner_text().split()[-1] for one in page.locator("h2 .step-state").all()]


def test_the_walk_through_the_new_year(sign_in, run):
    page = sign_in("/admin/actions/plan/", permissions=["clipboard-read", "clipboard-write"])
    leave_by(page, "#result_list td.field-new_year a")
    page.select_option("#year", "2026")
    leave_by(page, "text=年度を切り替える")
    assert states(page) == ["未", "未", "未"]
    assert axe(page) == []
    _set_targets(page)
    _register_periods(page)
    _carry_actions(page)
    assert states(page) == ["済", "済", "未"]
    assert axe(page) == []
    assert run(READ) == RECORDED
    assert page.complaints == []
    assert page.outside == []


def _set_targets(page):
    page.fill("#common-source", PAPER)
    page.fill("#common-decided_on", "令和8年3月25日")
    cell(page, "1-1").focus()
    column = "１，２５０件\r\n百四十\r\n110\r\n2\r\n"  # as copied from Excel, one of them wrong
    page.evaluate("text => navigator.clipboard.writeText(text)", column)
    page.keyboard.press("Control+V")
    cell(page, "3-1", "source").fill("令和8年度当初予算")
    cell(page, "3-1", "decided_on").fill("R8.3.20")
    leave_by(page, "text=目標を設定する")
    assert "まだ何も保存していません。" in told(page)
    assert "「百四十」は数値として読み取れません。" in page.inner_text(".fault-list")
    assert cell(page, "1-1").input_value() == "１，２５０件"
    assert cell(page, "1-2").get_attribute("aria-invalid") == "true"
    assert axe(page) == []
    cell(page, "1-2").fill("140")
    leave_by(page, "text=目標を設定する")
    assert "4件の目標を設定しました。" in told(page)
    assert "令和8年度（" not in page.inner_text("table.targets")


def _register_periods(page):
    assert page.input_value("#period-H1-due") == "2026/10/20"
    leave_by(page, "text=報告期間を登録する")
    assert "令和8年度上半期、令和8年度を準備中で登録しました。" in told(page)


def _carry_actions(page):
    assert "旧制度の周知" not in page.inner_text("table.carried")  # 完了
    page.uncheck("[aria-label='1-1-2 相談会を引き継ぐ']")
    leave_by(page, "text=選んだアクションを引き継ぐ")
    assert "1件のアクションを令和8年度に引き継ぎました。" in told(page)


def test_a_target_is_revised_from_its_indicator(sign_in):
    page = sign_in("/admin/kpis/indicator/")
    leave_by(page, "#result_list >> text=門真市中小企業サポートセンター相談件数")
    assert page.is_disabled("#id_targets-1-value")
    leave_by(page, "#targets-1 .field-revise a")
    assert "令和6年度、令和7年度上半期" in page.inner_text(".facts")
    assert axe(page) == []
    leave_by(page, "button:has-text('保存する')")
    assert page.get_attribute("#id_revised_on", "aria-describedby").endswith("revised_on_fault")
    assert "改定日を入力してください。" in page.inner_text("#id_revised_on_fault")
    assert axe(page) == []
    for name, text in (
        ("value", "1,300"),
        ("source", "実施計画（改訂版）"),
        ("decided_on", "2025/9/20"),
        ("revised_on", "2025/10/1"),
        ("reason", "相談窓口を増やしたため"),
    ):
        page.fill(f"#id_{name}", text)
    leave_by(page, "button:has-text('保存する')")
    assert "改定しました。公表済みの内容は変わりません。" in told(page)
    assert "改定前: 1,200件" in page.inner_text(".field-revisions")
    assert page.complaints == []


@pytest.mark.parametrize("width", [1280, 820, 390])
def test_the_pages_pass_axe_and_fit(sign_in, width):
    page = sign_in("/admin/", width=width)
    for address in (
        "/admin/actions/plan/1/new-year/?year=2027",
        "/admin/actions/plan/1/open-targets/",
        "/admin/kpis/target/2/revise/",
    ):
        page.goto(address)
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    assert page.complaints == []
