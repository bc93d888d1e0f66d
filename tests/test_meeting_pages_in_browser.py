"""The meetings' pages and the sign-in in a real Chromium, as a member of the council uses them."""

import subprocess
import sys

import pytest

from tests.served import ROOT, SLUG, leave_by, sign_in_here, wrong_on_screens
from tests.test_browser import plain, read_pdf

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MEMBER_PASSWORD = "kadoma-member-1"
PREPARE = f"""
import django; django.setup()
import datetime as dt
import hashlib
from django.contrib.auth.models import Group, User
from django.utils import timezone
from actions.fiscal import Period, Term
from actions.models import Measure, Plan
from kpis.models import Actual, Publication
from kpis.services import publish_outright
from tests.factories import make_actions, make_meeting
plan, person = Plan.objects.get(), User.objects.get()
member = User.objects.create_user("iin", password={MEMBER_PASSWORD!r}, last_name="門真")
member.groups.add(Group.objects.get(name="委員"))
measures = Measure.objects.filter(strategy__plan=plan)
make_actions(plan=plan, measures=list(measures), number=10)
told = dict(cause="周知が足りない", next_step="企業を訪ねる", next_step_owner="産業振興課")
figures = Actual.objects.filter(period__term="H1", indicator__code="2-4")
figures.update(**told, next_step_due=dt.date(2026, 3, 31), follow_up="partly")
publish_outright(plan=plan, period=Period(2025, Term.H1), by=person, reason="要因")
july = make_meeting(plan=plan, number=5, audience="public")
states = ("", "settled", "in_hand", "later", "difficult")
for one, state in zip(july.opinions.all(), states):
    one.speaker, one.text, one.measure = "門真委員", "若手の集まる場がほしい。", measures[0]
    one.state, one.reply = state, "検討します。" if state else ""
    one.state_reason = "国の要綱による" if state else ""
    one.save()
second = make_meeting(
    plan=plan, name="第2回懇話会", day=None, number=0, audience="members", is_example=True,
    agenda="1 開会\\n2 進捗状況について", members="会長　門真太郎\\n副会長　京阪花子",
)
second.materials.create(
    publication=Publication.objects.newest_first()[0], name="会議資料.xlsx", content=b"PK", size=2,
    sha256=hashlib.sha256(b"PK").hexdigest(), kept_at=timezone.now(), kept_by=person,
)
print(july.pk, second.pk)
"""
PAGES = {
    "list": "meetings/",
    "meeting": "meetings/{1}/",
    "with-opinions": "meetings/{0}/",
    "brief": "meetings/{1}/brief/",
}
ACCOUNT = {"login": "/accounts/login/", "password": "/accounts/password/"}


@pytest.fixture(scope="module")
def keys(site):
    """The keys of a public meeting with opinions, and of the next one, which is for members."""
    done = subprocess.run(
        [sys.executable, "-c", PREPARE],
        cwd=ROOT,
        env=site.environment | {"DJANGO_SETTINGS_MODULE": "kadoma_plan.settings"},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout.split()


@pytest.fixture
def as_member(visit, as_person, keys):
    """Return a function that opens one of the pages as a member who has signed in."""

    def opened(name, width=1280, **options):
        where = ACCOUNT.get(name) or f"/{SLUG}/{PAGES[name].format(*keys)}"
        if name == "login":
            return visit(where, width, **options)
        return as_person("iin", where, MEMBER_PASSWORD, "/accounts/login/", width=width, **options)

    return opened


@pytest.mark.parametrize("name", [*PAGES, *ACCOUNT])
def test_a_page_is_quiet_fits_each_screen_and_axe_finds_nothing(as_member, name):
    page = as_member(name)
    assert page.complaints == []
    assert page.outside == []
    assert wrong_on_screens(page) == {}


def test_a_member_goes_from_the_plan_over_the_login_to_the_page_before_the_meeting(visit, keys):
    page = visit("/", 820)
    leave_by(page, "text=委員ログイン")
    sign_in_here(page, "iin", MEMBER_PASSWORD)
    assert page.url.endswith(f"/{SLUG}/meetings/")
    assert "門真 さん" in page.inner_text(".person")
    leave_by(page, "text=会議前の確認")
    page.wait_for_url(f"**/meetings/{keys[1]}/brief/")
    assert page.inner_text("h1").startswith("会議前の確認")
    leave_by(page, "text=ログアウト")
    page.goto(f"/{SLUG}/meetings/{keys[1]}/brief/")
    assert "/accounts/login/?next=" in page.url


def test_what_one_taps_before_a_meeting_is_large_on_a_tablet(as_member):
    page = as_member("brief", 820)
    small = page.evaluate(
        """Array.from(document.querySelectorAll("main a, main button, main summary"))
           .filter(one => one.getBoundingClientRect().height < 44).map(one => one.textContent)"""
    )
    assert small == []
    assert (
        page.evaluate("parseFloat(getComputedStyle(document.querySelector('.brief')).fontSize)")
        >= 18
    )


def test_the_keyboard_signs_in(visit, keys):
    page = visit("/accounts/login/")
    page.wait_for_selector("#id_username:focus")  # without a click
    page.keyboard.type("iin")
    page.keyboard.press("Tab")
    page.keyboard.type(MEMBER_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "login" not in address)
    assert "ログアウト" in page.inner_text(".person")


def test_everything_works_without_scripts(visit, keys):
    address = f"/{SLUG}/{PAGES['brief'].format(*keys)}"
    page = visit(f"/accounts/login/?next={address}", java_script_enabled=False)
    sign_in_here(page, "iin", MEMBER_PASSWORD)
    assert "若手の集まる場がほしい。" in page.inner_text("main")
    leave_by(page, "text=ログアウト")
    assert "委員ログイン" in page.inner_text(".person")


SHEETS = {"list": 1, "meeting": 2, "with-opinions": 2, "brief": 3}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_on_paper(as_member, name):
    page = as_member(name)
    pdf = page.pdf(prefer_css_page_size=True)
    sheets = [plain(sheet) for sheet in read_pdf(pdf, "-raw").split("\f")[:-1]]
    assert len(sheets) <= SHEETS[name]
    for number, sheet in enumerate(sheets, 1):
        assert f"{number}/{len(sheets)}" in sheet
        assert plain(page.locator(".running").text_content()) in sheet
    paper = "".join(sheets)
    assert [one for one in ("ログアウト", "本文へ移動", "このページの内容") if one in paper] == []
    for text in page.locator("main li h3, .opinion-text, main dd").all_text_contents():
        assert plain(text) in paper
    assert "SHA-2565" not in paper or name == "meeting"  # told whole, not folded away
