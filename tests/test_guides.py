"""The guides say what the product says: every button, picture and address that they name exists."""

import html
import re
import struct
from pathlib import Path

import pytest
from django.utils.translation.trans_real import translation

from kpis.guides import GUIDES

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "static/img/guide"
NAMES = ["reading", "entry", "publishing", "meeting", "april", "system"]
BUTTON = re.compile(r'<b class="button-name">(.*?)</b>')


def template(name):
    return (ROOT / f"templates/guide/{name}.html").read_text()


@pytest.fixture(scope="module")
def product():
    """All that the product says: its templates but the guides, its code, and Django's Japanese."""
    files = [
        *(one for one in (ROOT / "templates").rglob("*.html") if one.parent.name != "guide"),
        *(one for app in ("kpis", "actions") for one in (ROOT / app).rglob("*.py")),
    ]
    django = (said for _, said in translation("ja")._catalog.items() if isinstance(said, str))
    return "\n".join([*(one.read_text() for one in files), *django])


@pytest.mark.parametrize("who", ["client", "entry_clerk", "publisher", "council_member"])
def test_anyone_may_read_every_guide(request, client, who):
    if who != "client":
        client.force_login(request.getfixturevalue(who))
    index = client.get("/guide/").content.decode()
    for name in NAMES:
        assert f'href="/guide/{name}/"' in index
        assert client.get(f"/guide/{name}/").status_code == 200
    assert [one.name for one in GUIDES] == NAMES


def test_a_guide_that_there_is_not_is_not_found(client):
    answer = client.get("/guide/nobody/")
    assert answer.status_code == 404
    assert "その手引きはありません。" in answer.content.decode()


@pytest.mark.parametrize("name", NAMES)
def test_every_button_that_a_guide_names_is_in_the_product(product, name):
    named = [html.unescape(one) for one in BUTTON.findall(template(name))]
    assert named
    assert [one for one in named if one not in product] == []


def test_a_button_that_was_renamed_would_be_seen(product):
    # The control.
    assert "入力をはじめてみる" not in product


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_has_its_size_and_says_what_is_to_be_seen(client, name):
    page = client.get(f"/guide/{name}/").content.decode()
    pictures = re.findall(
        r'<img src="/static/img/guide/([\w-]+)\.png" width="(\d+)" height="(\d+)" alt="([^"]+)"',
        page,
    )
    assert len(pictures) == page.count("<img ")
    for picture, width, height, told in pictures:
        head = (PICTURES / f"{picture}.png").read_bytes()[16:24]
        assert struct.unpack(">II", head) == (int(width), int(height))
        assert told.endswith("。")


def test_no_picture_is_unused_and_none_is_large():
    used = {one for name in NAMES for one in re.findall(r'{% picture "([\w-]+)"', template(name))}
    sizes = {one.stem: one.stat().st_size for one in PICTURES.iterdir()}
    assert set(sizes) == used
    assert max(sizes.values()) < 80_000
    assert sum(sizes.values()) < 1_500_000


def test_the_way_to_the_guides(client, published, entry_clerk):
    assert '<a href="/guide/">手引き（使い方）</a>' in client.get("/").content.decode()
    client.force_login(entry_clerk)
    assert '<a href="/guide/">手引き</a>' in client.get("/admin/").content.decode()


def test_a_page_of_the_staff_leads_to_its_own_guide(client, entering, publisher):
    client.force_login(publisher)
    round_, plan = f"/admin/kpis/reportingperiod/{entering.pk}", entering.plan.pk
    for address, name in (
        (f"{round_}/entry/", "entry"),
        (f"{round_}/readiness/", "publishing"),
        ("/admin/kpis/meeting/add/", "meeting"),
        (f"/admin/actions/plan/{plan}/new-year/", "april"),
        ("/admin/actions/plan/book/import/", "system"),
    ):
        assert f'<a href="/guide/{name}/">手引き</a>' in client.get(address).content.decode()
