"""The loop that a plan is managed by: what was done, what the council said, what became of it."""

import re
import subprocess
import sys
import urllib.request

import pytest

from tests.printed import opened
from tests.served import PASSWORD, ROOT, SLUG, leave_by

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Ten actions of two measures with a plan for R8, whose first half is open; and the people.
SCENE = f"""
import datetime as dt
import django; django.setup()
from django.contrib.auth.models import Group, User
from actions.fiscal import Period, Term
from actions.models import ActionYear, Measure, Plan
from kpis.services import open_round
from tests.factories import make_actions
for name, role in (("nyuryoku", "入力担当"), ("kohyo", "公表担当"), ("iin", "委員")):
    user = User.objects.create_user(name, password="{PASSWORD}", is_staff=role != "委員")
    user.groups.add(Group.objects.get(name=role))
plan = Plan.objects.get()
measures = list(Measure.objects.filter(strategy__plan=plan, strategy__number=1))[:2]
made = make_actions(plan=plan, measures=measures, number=10, years=())
ActionYear.objects.bulk_create(
    ActionYear(action=one, fiscal_year=2026, stage="running", plan="年4回開く") for one in made
)
open_round(plan=plan, period=Period(2026, Term.H1), due=dt.date(2026, 12, 20),
           by=User.objects.get(username="kohyo"))
"""
DONE = [f"上半期に{one}回開き、{one}0社が参加した" for one in range(1, 11)]
CHECK = [f"課題は会場の広さ（{one}回目）" for one in range(1, 11)]
LATE = "やや遅れ"
OPINION = "夜間にも開いてほしい。"
REPLY = "令和8年12月から試行する。"
FIRST, SECOND = "令和8年度第1回懇話会", "令和8年度第2回懇話会"


@pytest.fixture(scope="module")
def scene(site):
    environment = site.environment | {"DJANGO_SETTINGS_MODULE": "kadoma_plan.settings"}
    subprocess.run([sys.executable, "-c", SCENE], cwd=ROOT, env=environment, check=True)


@pytest.fixture
def as_person(as_person, scene):
    """Return a function that opens an address as a person, in a browser of their own."""

    def opened_page(name, address, **options):
        door = "/accounts/login/" if name == "iin" else "/admin/login/"
        return as_person(name, address, door=door, **options)

    return opened_page


def cells(page, name):
    return page.locator(f"[name$='-{name}']").all()


def words(page):
    """Return the page's text, without the places where it is broken into lines."""
    return re.sub(r"\s+", "", page.inner_text("main"))


def test_the_loop_is_closed(served, as_person):
    _record(as_person)
    _publish(as_person)
    _read(as_person)
    _hear(as_person)
    _carry(as_person)
    _settle_and_print(served, as_person)


def _record(as_person):
    """入力担当 records the half-year's DO and CHECK of ten actions in one grid."""
    page = as_person("nyuryoku", "/admin/")
    leave_by(page, "text=アクションの記入")
    told = zip(cells(page, "done_first_half"), DONE, strict=True)
    checked = zip(cells(page, "results"), CHECK, strict=True)
    for box, text in (*told, *checked):
        box.fill(text)
    for number, box in enumerate(cells(page, "evaluation")):
        box.select_option(label=LATE if number == 0 else "計画どおり")
    leave_by(page, "button[value=save]")
    assert "10件のアクションを保存しました。" in page.inner_text(".messagelist")
    page.goto("/admin/")
    leave_by(page, "text=入力画面")
    page.fill("#submit_reason", "KPIの集計はこれから")
    leave_by(page, "button[value=submit]")
    assert "提出しました。" in page.inner_text(".messagelist")
    assert page.complaints == []


def _publish(as_person):
    page = as_person("kohyo", "/admin/")
    leave_by(page, "text=公表前の確認")
    page.fill("#reason-publish", "KPIは集計中")
    leave_by(page, ".move button:has-text('公表する')")
    assert "令和8年度上半期 第1版を公表しました。" in page.inner_text(".messagelist")
    assert page.complaints == []


def _read(as_person):
    """A member reads the tree, the schedule and a measure's page."""
    page = as_person("iin", f"/{SLUG}/tree/", width=820)
    branch = page.locator("li", has=page.locator("h3 a[href*='/measures/1-1/']")).last
    assert "やや遅れあり" in branch.inner_text()
    page.goto(f"/{SLUG}/actions/")
    page.locator("[data-chart]").first.scroll_into_view_if_needed()
    page.wait_for_selector("[data-chart][data-ready] svg.main-svg")
    assert "アクション1" in page.inner_text("[data-chart]")
    assert f"■{LATE}" in words(page)
    page.goto(f"/{SLUG}/measures/1-1/")
    text = words(page)
    for told in ("アクション1", LATE, DONE[0], CHECK[0]):
        assert told in text
    assert page.complaints == []
    assert page.outside == []


def _hear(as_person):
    """The clerk registers the meeting and writes down an opinion with the city's reply."""
    page = as_person("nyuryoku", "/admin/kpis/meeting/")
    _register(page, FIRST, "2026-11-30", "公開")
    page.fill("#id_opinions-0-text", OPINION)
    page.fill("#id_opinions-0-action", "A-1")
    page.fill("#id_opinions-0-reply", REPLY)
    page.select_option("#id_opinions-0-state", label="対応中")
    leave_by(page, "text=保存してこの画面に残る")
    assert page.locator(".errornote").count() == 0
    assert page.complaints == []


def _register(page, name, day, audience):
    page.goto("/admin/kpis/meeting/add/")
    page.select_option("#id_plan", index=1)
    page.fill("#id_name", name)
    page.fill("#id_day", day)
    page.select_option("#id_audience", label=audience)
    leave_by(page, "text=保存してこの画面に残る")


def _carry(as_person):
    """The next meeting shows what is not settled: to the clerk, and to the member before it."""
    page = as_person("nyuryoku", "/admin/kpis/meeting/")
    _register(page, SECOND, "2027-05-20", "委員のみ")
    row = page.locator("table.carried tbody tr").inner_text()
    for told in (FIRST, OPINION, REPLY, "対応中"):
        assert told in row
    member = as_person("iin", f"/{SLUG}/meetings/", width=820)
    leave_by(member, f"text={SECOND}")
    carried = member.inner_text("section[aria-labelledby=h-carried]")
    for told in (FIRST, OPINION, REPLY, "対応中"):
        assert told in carried
    leave_by(member, "text=会議前の確認（1ページのまとめ）")
    assert OPINION in member.inner_text("main")
    assert member.complaints == []


def _settle_and_print(served, as_person):
    """The correction keeps the opinion; its paper's sheets 6 and 7 hold the same words."""
    page = as_person("kohyo", "/admin/")
    page.goto("/admin/kpis/reportingperiod/")
    leave_by(page, "th a:text-is('令和8年度上半期')")
    page.goto(re.sub(r"change/.*$", "readiness/", page.url))
    page.fill("#reason-reopen", "意見を加える")
    leave_by(page, ".move button:has-text('訂正')")
    page.fill("#reason-publish", "意見を加えた")
    leave_by(page, ".move button:has-text('公表する')")
    assert "第2版を公表しました。" in page.inner_text(".messagelist")
    leave_by(page, "text=会議資料（Excel） >> nth=0")
    with page.expect_download() as download:
        page.click("text=Excelを作成して保存")
    book = opened(download.value.path().read_bytes())
    assert book.sheetnames[5:7] == ["アクション", "意見と対応"]
    sixth, seventh = (
        "\n".join(str(one) for row in book[name].iter_rows(values_only=True) for one in row if one)
        for name in book.sheetnames[5:7]
    )
    for told in (*DONE, *CHECK, LATE):
        assert told in sixth
    for told in (FIRST, OPINION, REPLY, "対応中", "アクションA-1"):
        assert told in seventh
    assert page.complaints == []
    with urllib.request.urlopen(f"{served}/{SLUG}/meetings/") as answer:
        public = answer.read().decode()
    assert FIRST in public
    assert SECOND not in public  # which is for members
