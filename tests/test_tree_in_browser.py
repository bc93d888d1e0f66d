"""The tree, a measure and the publicity in a real Chromium, with as many actions as a plan has."""

import re
import subprocess
import sys

import pytest

from tests.served import ROOT, SLUG, WIDTHS, wrong_on_screens
from tests.test_browser import RIGHT_EDGE, plain, read_pdf

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Three actions for each of the 15 measures, one of them made up, and opinions about the first.
PREPARE = """
import django; django.setup()
from django.contrib.auth.models import User
from actions.fiscal import Period, Term
from actions.models import Action, Measure, Plan
from kpis.models import Opinion
from kpis.services import publish_outright
from tests.factories import make_actions, make_meeting
plan = Plan.objects.get()
measures = list(Measure.objects.order_by("strategy__number", "number"))
make_actions(plan=plan, measures=measures, number=45)
Action.objects.filter(code="A-16").update(is_example=True)
Measure.objects.update(description="市内の企業を支えます。")
meeting = make_meeting(plan=plan, number=0, audience="public")
said = {"text": "相談の窓口をまとめてほしい", "reply": "まとめます", "state": "in_hand"}
Opinion.objects.create(meeting=meeting, number=1, measure=measures[0], **said)
publish_outright(plan=plan, period=Period(2025, Term.H1), by=User.objects.get(), reason="追加")
"""
PAGES = {
    "tree": f"/{SLUG}/tree/",
    "measure": f"/{SLUG}/measures/1-1/",
    "publicity": f"/{SLUG}/publicity/",
}


@pytest.fixture(scope="module", autouse=True)
def prepared(site):
    """The city's plan with actions and opinions, published once more."""
    command = [sys.executable, "-c", PREPARE]
    outer = site.environment | {"DJANGO_SETTINGS_MODULE": "kadoma_plan.settings"}
    subprocess.run(command, cwd=ROOT, env=outer, check=True, timeout=60)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_each_screen_and_axe_finds_nothing(visit, name):
    page = visit(PAGES[name])
    for one in page.locator("details summary").all():
        one.click()
    assert page.complaints == []
    assert wrong_on_screens(page) == {}


def lefts(page):
    boxes = [one.bounding_box() for one in page.locator(".tree-strategy").all()]
    return [round(one["x"]) for one in boxes]


def test_the_strategies_stand_side_by_side_and_below_each_other_on_a_phone(visit):
    assert len(set(lefts(visit(PAGES["tree"], 1280)))) == 3
    assert len(set(lefts(visit(PAGES["tree"], 390)))) == 1


def test_the_keyboard_unfolds_the_actions(visit):
    page = visit(PAGES["tree"])
    first = page.locator("details").first
    link = first.get_by_role("link", name="アクション1", exact=False).first
    assert not link.is_visible()
    first.locator("summary").focus()
    page.keyboard.press("Enter")
    assert link.is_visible()
    assert "施策のアクションをすべて見る" in first.inner_text()


def test_no_tagline_and_no_page_number_is_broken(visit):
    """The English taglines break between words only, a state and its page number nowhere."""
    for width in WIDTHS:
        page = visit(PAGES["tree"], width)
        lines = page.locator(".tree .badge, .tree h3 .word").evaluate_all(
            "found => found.filter(one => one.getClientRects().length > 1).map(one => one.textContent)"
        )
        assert lines == []
        tags = page.locator(".tree .tagline").evaluate_all(
            "found => found.map(one => one.scrollWidth <= one.clientWidth)"
        )
        assert tags == [True] * 3


def test_the_plan_with_its_actions_is_one_upright_sheet(visit):
    pdf = visit(PAGES["tree"]).pdf(prefer_css_page_size=True)
    (sheet,) = [plain(one) for one in read_pdf(pdf, "-raw").split("\f")[:-1]]
    for number in range(1, 46):
        mark = "【例示】" if number == 16 else ""
        assert f"A-{number}{mark}アクション{number}" in sheet
    for words in ("BCP(災害、感染症等)", "オープンファクトリー参加者数", "◎計画どおり", "1/1"):
        assert words in sheet
    edges = [float(one) for one in re.findall(r'xMax="([\d.]+)"', read_pdf(pdf, "-bbox"))]
    assert max(edges) <= RIGHT_EDGE + 1
    assert re.findall(r'<page width="(\d+)\.\d+" height="(\d+)', read_pdf(pdf, "-bbox")) == [
        ("594", "841")
    ]
