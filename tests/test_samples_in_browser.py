"""The samples (例示) as readers see them: whatever shows one shows its mark as well, at any width."""

import subprocess
import sys
import urllib.request

import pytest

from tests.crawling import links_in
from tests.marking import Findings
from tests.served import ROOT, SLUG, chromium, served, site, visit  # noqa: F401 (fixtures)
from tests.test_samples import NAMES, TEXTS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OPEN_MEETING = """
import django; django.setup()
from kpis.models import Meeting
Meeting.objects.filter(is_example=True).update(audience="public")
"""
# The page without what nobody sees: closed parts, and what is there for screen readers alone.
# A copy, because the page's own scripts still work on it.
WHAT_IS_SEEN = """() => {
  const copy = document.documentElement.cloneNode(true);
  const copies = [...copy.querySelectorAll('body *')];
  [...document.querySelectorAll('body *')].forEach((one, place) => {
    const alone = getComputedStyle(one).position === 'absolute' && one.offsetWidth <= 1;
    if (alone || !one.checkVisibility({visibilityProperty: true})) copies[place].remove();
  });
  return copy.outerHTML;
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


@pytest.fixture(scope="module")
def pages_with_samples(sampled):
    """The addresses of the newest publication's pages in whose text a sample is, by following links.

    Files, tables and older publications are read in test_samples.
    """
    found, seen, waiting = [], set(), ["/", f"/{SLUG}/"]
    while waiting:
        address = waiting.pop()
        if address in seen or "?" in address or address.startswith(("/admin/", f"/{SLUG}/data/")):
            continue
        seen.add(address)
        with urllib.request.urlopen(sampled + address) as answer:
            body = answer.read()
        waiting += links_in(address, body)
        if any(one in body.decode() for one in (*NAMES, *TEXTS)):
            found.append(address)
    assert len(seen) > 50
    return found


# What stands on paper is the same at any width.
@pytest.mark.parametrize(("width", "media"), [(1280, "screen"), (390, "screen"), (1280, "print")])
def test_whatever_is_seen_of_a_sample_is_seen_with_its_mark(
    pages_with_samples, visit, width, media
):
    assert f"/{SLUG}/corrections/" in pages_with_samples
    found = Findings(NAMES, TEXTS)
    page = visit("/", width)
    page.emulate_media(media=media)
    for address in pages_with_samples:
        page.goto(address)
        found.read_page(f"{address} {media}", page.evaluate(WHAT_IS_SEEN))
    assert found.unmarked == []
    assert found.found >= set(NAMES[:-1])  # the control: the actions at least are seen
    assert page.complaints == []
