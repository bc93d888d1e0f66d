"""Staff record a half-year's DO and CHECK for ten actions in one grid: real keys, a real clipboard."""

import subprocess
import sys

import pytest

from tests.served import ROOT, axe, leave_by

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# R8 上半期 is open, with 12 actions of which each has a plan.
SCENE = """
import datetime as dt
import django; django.setup()
from django.contrib.auth.models import User
from actions.fiscal import Period, Term
from actions.models import ActionYear, Measure, Plan
from kpis.services import open_round
from tests.factories import make_actions
plan = Plan.objects.get()
measures = list(Measure.objects.filter(strategy__plan=plan, strategy__number=1))
made = make_actions(plan=plan, measures=measures, number=12, years=[2025])
ActionYear.objects.bulk_create(
    ActionYear(action=one, fiscal_year=2026, stage="running", plan="年4回開く") for one in made
)
open_round(plan=plan, period=Period(2026, Term.H1), due=dt.date(2026, 12, 20),
           by=User.objects.get(username="admin"))
"""
STANDS = """
import django; django.setup()
from actions.models import ActionYear
for one in ActionYear.objects.filter(fiscal_year=2026, version__gt=1).order_by("action__code"):
    print(one.action.code, one.done_first_half, one.results.replace("\\n", "/"), one.evaluation, sep="|")
"""
DONE = [f"上半期に{one}回開いた" for one in range(1, 11)]
# What Excel copies of two columns: tabs, quotes around a cell of two lines, and a formula's text.
CHECK = [
    [f"参加{one}社\n課題は会場" if one == 3 else f"参加{one}社", "計画どおり"]
    for one in range(1, 11)
]
CHECK[9] = ["=満員", "やや遅れ"]


def run(site, program):
    environment = site.environment | {"DJANGO_SETTINGS_MODULE": "kadoma_plan.settings"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def scene(site):
    run(site, SCENE)


def excel(rows):
    quoted = ("\t".join(f'"{one}"' if "\n" in one else one for one in line) for line in rows)
    return "\r\n".join(quoted) + "\r\n"


def cells(page, name):
    return page.locator(f"[name$='-{name}']")


@pytest.fixture
def grid(scene, sign_in):
    """Return a function that opens the grid from the front page, as staff do."""

    def opened(**options):
        page = sign_in("/admin/", **options)
        leave_by(page, "text=アクションの記入")
        return page

    return opened


def test_ten_actions_are_written_by_keyboard_and_clipboard(site, grid):
    page = grid(permissions=["clipboard-read", "clipboard-write"])
    assert "12件中" not in page.inner_text("#content-main")  # one page needs no numbers
    cells(page, "done_first_half").first.focus()
    for words in DONE[:5]:
        page.keyboard.insert_text(words)
        page.keyboard.press("Enter")
    page.evaluate("text => navigator.clipboard.writeText(text)", "\r\n".join(DONE[5:]) + "\r\n")
    page.keyboard.press("Control+V")
    assert [one.input_value() for one in cells(page, "done_first_half").all()] == [*DONE, "", ""]
    page.keyboard.press("ArrowRight")  # into 成果・課題 of the sixth row, and up to the first
    for _ in range(5):
        page.keyboard.press("ArrowUp")
    here = page.evaluate("document.activeElement.name")
    assert here == cells(page, "results").first.get_attribute("name")
    page.evaluate("text => navigator.clipboard.writeText(text)", excel(CHECK))
    page.keyboard.press("Control+V")
    assert page.inner_text("[data-live]") == "20個のセルに貼り付けました。"
    assert axe(page) == []
    leave_by(page, "button[value=save]")
    assert "10件のアクションを保存しました。" in page.inner_text(".messagelist")
    assert "記入済 10 / 12件（未記入 2件）" in page.inner_text(".tally")
    _check(site, page)


def _check(site, page):
    codes = {"on_plan": "計画どおり", "slightly_late": "やや遅れ"}
    stands = [line.split("|")[1:] for line in run(site, STANDS)]
    expected = [
        [done, results.replace("\n", "/"), next(k for k, v in codes.items() if v == words)]
        for done, (results, words) in zip(DONE, CHECK, strict=True)
    ]
    assert sorted(stands) == sorted(expected)
    page.check("#open")
    leave_by(page, "text=絞り込む")
    assert page.locator("[data-row]").count() == 2
    assert page.complaints == []
    assert page.outside == []


def test_what_was_typed_is_offered_again_until_it_is_saved(grid):
    page = grid()
    page.on("dialog", lambda dialog: dialog.accept())
    cells(page, "results").last.fill("書きかけ")
    address = page.url
    page.goto("/admin/")
    page.goto(address + "?section=課1")
    page.goto(address + "?measure=1-1")  # the draft of a row that is not on the screen stays
    page.goto(address)
    page.click("button:has-text('復元する')")
    assert cells(page, "results").last.input_value() == "書きかけ"
    cells(page, "results").last.fill("長" * 2001)
    leave_by(page, "button[value=save]")
    assert "2,000字までで入力してください" in page.inner_text(".fault-list")
    assert axe(page) == []
    assert len(cells(page, "results").last.input_value()) == 2001
    cells(page, "results").last.fill("書き終えた")
    leave_by(page, "button[value=save]")
    assert "1件のアクションを保存しました。" in page.inner_text(".messagelist")
    page.goto(address)
    assert page.locator(".draft-note").count() == 0


def test_the_grid_is_a_plain_form_without_scripts(grid):
    page = grid(java_script_enabled=False)
    cells(page, "evaluation").last.select_option(label="未着手")
    leave_by(page, "button[value=save]")
    assert "1件のアクションを保存しました。" in page.inner_text(".messagelist")


@pytest.mark.parametrize("width", [1280, 820, 390])
def test_the_pages_pass_axe_and_fit(grid, width):
    page = grid(width=width)
    address = page.url
    for name in ("", "import/"):
        page.goto(address + name)
        page.wait_for_load_state("networkidle")
        assert axe(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    assert page.complaints == []
