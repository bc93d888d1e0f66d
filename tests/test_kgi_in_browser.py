"""A statistic's revision in a real browser: entered, refused, recorded, and read by axe."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.served import PASSWORD, chromium, served, site, visit  # noqa: F401 (fixtures)

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def revision(visit):
    """Return a function that opens the first KGI's page as the administrator."""

    def opened(width=1280):
        page = visit("/admin/login/?next=/admin/kpis/kgi/1/change/", width=width)
        page.fill("#id_username", "admin")
        page.fill("#id_password", PASSWORD)
        page.click("input[type=submit]")
        page.wait_for_load_state("networkidle")
        assert axe(page) == []
        page.click(".kgi-help a")
        page.wait_for_url("**/revise/")
        return page

    return opened


def axe(page):
    """Return what axe finds, but for the heading that Django's own tables leave empty."""
    assert page.complaints == []
    found = Axe().run(page, context="#content-main").response["violations"]
    page.complaints.clear()  # axe itself tries styles that the page forbids
    others = [one for one in found if one["id"] != "empty-table-header"]
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in others]


@pytest.mark.parametrize("width", [1280, 820, 390])
def test_the_page_fits_and_passes_axe_with_and_without_faults(revision, width):
    page = revision(width)
    assert axe(page) == []
    page.fill("#y2022-value", "二千")
    page.click("text=改定を記録する")
    assert page.locator(".fault-list li").count() == 3  # the figure, the day and the reason
    assert page.input_value("#y2022-value") == "二千"
    described = page.get_attribute("#y2022-value", "aria-describedby")
    assert "「二千」は数値として読み取れません。" in page.inner_text(f"#{described}")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.complaints == []
    assert page.outside == []


def test_a_revision_is_recorded_and_shown(revision):
    page = revision()
    page.fill("#y2023-value", "27,600,000")
    page.fill("#id_revised_on", "2026-04-01")
    page.fill("#id_reason", "令和2年基準への改定")
    page.click("text=改定を記録する")
    page.wait_for_url("**/change/")
    assert "改定前の値を残した年: 令和5(2023)年。" in page.inner_text(".messagelist")
    assert "27,570,624、伸び率 1.9%（令和8年4月1日改定）" in page.inner_text("#values-group")
    assert page.complaints == []
