"""The samples (例示) as readers see them: whatever shows one shows its mark as well, at any width."""

import subprocess
import sys

import pytest

from tests.crawling import links_in
from tests.marking import Findings
from tests.served import ROOT, SLUG, chromium, served, site, visit  # noqa: F401 (fixtures)
from tests.test_samples import NAMES, OLDER, TEXTS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OPEN_MEETING = """
import django; django.setup()
from kpis.models import Meeting
Meeting.objects.filter(is_example=True).update(audience="public")
"""
# Takes away what nobody sees: closed parts, and what is there for screen readers alone.
ONLY_WHAT_IS_SEEN = """() => {
  for (const one of [...document.body.querySelectorAll('*')]) {
    const alone = getComputedStyle(one).position === 'absolute' && one.offsetWidth <= 1;
    if (one.isConnected && (alone || !one.checkVisibility({visibilityProperty: true}))) one.remove();
  }
}"""


@pytest.fixture(scope="module")
def sampled(site):
    """The served product after samples were added, published as a correction, and opened to all."""
    for command in (
        ["manage.py", "quickstart", "--no-serve", "--with-samples"],
        ["manage.py", "publish", SLUG, "R7-H1", "--by", "admin", "--reason", "例示の追加"],
        ["-c", OPEN_MEETING],
    ):
        environment = site.environment | {"DJANGO_SETTINGS_MODULE": "kadoma_plan.settings"}
        subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True)
    return site.address


@pytest.fixture
def pages_with_samples(sampled, visit):
    """The addresses of all public pages in whose text a sample is, found by following links."""
    context, found, seen, waiting = visit("/").context, [], set(), ["/", f"/{SLUG}/"]
    while waiting:
        address = waiting.pop()
        if address in seen or address.startswith("/admin/"):
            continue
        seen.add(address)
        answer = context.request.get(address)
        if OLDER.search(address):
            assert answer.status == 404, address
            continue
        assert answer.status == 200, address
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        waiting += links_in(address, answer.body())
        if any(one in answer.text() for one in (*NAMES, *TEXTS)):
            found.append(address)
    assert len(seen) > 150
    return found


@pytest.mark.parametrize("width", [1280, 390])
def test_whatever_is_seen_of_a_sample_is_seen_with_its_mark(pages_with_samples, visit, width):
    assert f"/{SLUG}/corrections/" in pages_with_samples
    found = Findings(NAMES, TEXTS)
    page = visit("/", width)
    for address in pages_with_samples:
        for media in ("screen", "print"):
            page.emulate_media(media=media)
            page.goto(address)
            page.evaluate(ONLY_WHAT_IS_SEEN)
            found.read_page(f"{address} {media}", page.content())
    assert found.unmarked == []
    assert found.found >= set(NAMES[:-1])  # the control: the actions at least are seen
    assert page.complaints == []
