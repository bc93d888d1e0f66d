"""Open to everyone: axe reads every kind of page in the states that the served site seldom has."""

import re
from pathlib import Path

import pytest
from axe_playwright_python import sync_playwright as axe_package
from django.conf import settings

from actions.fiscal import Period, Term
from actions.models import Plan
from kpis.services import publish_outright
from kpis.views.accessibility import AXE
from tests.axed import NARROW, looked_at
from tests.conftest import R7_H1
from tests.factories import make_periods, make_plan, make_strategies
from tests.office import ADDRESSES, filled, no_role, office  # noqa: F401 (fixtures)
from tests.sending import action_grid, grid

pytestmark = [pytest.mark.django_db, pytest.mark.browser, pytest.mark.slow]

LONG = "とても長い名前の" * 25  # 200 characters


def told(pages):
    """Return the pages of which axe tells anything."""
    return {name: found for name, (found, _) in pages.items() if found}


def too_wide(pages):
    """Return the pages that must be moved sideways to be read at 400%."""
    return {name: width for name, (_, width) in pages.items() if width > NARROW}


def fetched(client, addresses, status=200):
    """Return the pages at these addresses."""
    pages = {}
    for name, address in addresses.items():
        answer = client.get(address)
        assert answer.status_code == status, address
        pages[name] = answer.content.decode()
    return pages


def test_the_public_pages_are_open_to_everyone_however_large_and_long_they_are(
    client, administrator
):
    plan = make_plan(slug="large", name=LONG, indicators=100, actions=60, section=LONG)
    plan.indicators.filter(code="1-1").update(name=LONG, definition="d" * 200, section=LONG)
    plan.strategies.filter(number=1).update(name=LONG)
    plan.strategies.get(number=1).measures.update(name="n" * 200)
    plan.kgis.filter(code="kgi-1").update(name=LONG)
    publish_outright(plan=plan, period=Period(2024, Term.FY), by=administrator, reason=LONG)
    publish_outright(plan=plan, period=R7_H1, by=administrator, reason=LONG)
    pages = fetched(
        client,
        {
            "100-kpis": "/large/",
            "long-strategy": "/large/strategies/1/",
            "long-kpi": "/large/kpis/1-1/?period=2024-FY",  # with the notice of an older one
            "long-measure": "/large/measures/1-1/",
            "long-kgi": "/large/kgi/",
            "long-tree": "/large/tree/",
            "actions": "/large/actions/",
            "nothing-found": "/large/actions/?strategy=2&late=1&section=nai",
            "plans": "/plans/",
            "accessibility": "/accessibility/",
        },
    )
    found = looked_at(pages)
    assert told(found) == {}
    assert too_wide(found) == {}


def test_pages_that_say_no_or_have_nothing_yet_are_open_to_everyone(
    client, administrator, council_member, rf, settings
):
    pages = fetched(client, {"no-plan": "/", "no-plans": "/plans/"})
    plan = Plan.objects.create(
        slug="empty", name="空の計画", start_year=2024, end_year=2028, baseline_year=2023
    )
    make_strategies(plan=plan, number=1)
    (period,) = make_periods(plan=plan, periods=[R7_H1])
    pages |= fetched(client, {"not-found": "/nai/"}, 404)
    wrong = {"username": "kanri", "password": "chigau"}
    pages["login-error"] = client.post("/accounts/login/", wrong).content.decode()
    client.force_login(council_member)
    pages["forbidden"] = client.get(f"/admin/preview/{period.pk}/").content.decode()
    client.force_login(administrator)
    short = {"old_password": "x", "new_password1": "1", "new_password2": "2"}
    pages["password-error"] = client.post("/accounts/password/", short).content.decode()
    before = f"/admin/preview/{period.pk}/"
    names = ("", "strategies/1/", "kgi/", "tree/", "actions/", "publicity/", "meetings/", "rules/")
    pages |= fetched(
        client, {f"empty-{one.strip('/') or 'overview'}": before + one for one in names}
    )
    folder = Path(settings.BASE_DIR) / "templates"
    pages["broken"] = (folder / "500.html").read_text()
    found = looked_at({name.replace("/", "-"): page for name, page in pages.items()})
    assert told(found) == {}
    assert too_wide(found) == {}


OWN = re.compile(r"admin/(kpis|actions)/\w+/(<int|<str|begin|book)")  # the pages that we add
OTHERS = {
    "index": "admin/",
    "kpis": "admin/kpis/indicator/",
    "targets": "admin/kpis/target/",
    "meeting": "admin/kpis/meeting/<path:object_id>/change/",
    "history": "admin/kpis/indicator/<path:object_id>/history/",
}


def test_the_staff_pages_are_open_to_everyone_with_faults_and_without(
    client, administrator, office
):
    client.force_login(administrator)
    typed = grid(office.r7) | action_grid(office.r7) | {"value": "", "action": "save"}
    wrong = {
        name: "千二百" if name.endswith(("value", "evaluation")) else text
        for name, text in typed.items()
    }
    pages = {}
    for pattern in filter(OWN.match, ADDRESSES):
        address = filled(pattern, office)
        for name, answer in (
            (pattern, client.get(address)),
            (f"{pattern}!", client.post(address, wrong)),
        ):
            if answer.status_code == 200 and "text/html" in answer["Content-Type"]:
                pages[re.sub(r"[^\w!]+", "-", name)] = answer.content.decode()
    office.samples["kpis/indicator"].plan.indicators.filter(code="1-2").update(section="")
    pages |= fetched(client, {name: filled(one, office) for name, one in OTHERS.items()})
    client.logout()
    pages |= fetched(client, {"login": "/admin/login/"})
    assert len(pages) >= 35
    assert told(looked_at(pages)) == {}


def test_the_page_names_the_axe_that_the_tests_use():
    source = Path(axe_package.__file__).with_name("axe.min.js").read_text()
    assert f"axe v{AXE}" in source[:100]


def test_the_accessibility_page_says_what_is_claimed_and_where_to_tell(client, published):
    page = client.get("/accessibility/").content.decode()
    assert "JIS X 8341-3:2016 の適合レベルAAに配慮" in page
    assert f"<dd>{settings.PRODUCT_VERSION}（" in page
    assert "令和8年11月28日" in page
    assert "産業振興課" in page


@pytest.mark.parametrize("address", ["/", "/plans/", "/nai/", "/accounts/login/", "/admin/login/"])
def test_every_footer_leads_to_the_accessibility_page(client, published, address):
    foot = client.get(address).content.decode().partition("<footer")[2]
    assert '<a href="/accessibility/">ウェブアクセシビリティ</a>' in foot
