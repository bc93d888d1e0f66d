"""A statistic's revision in a real browser: entered, refused, recorded, and read by axe."""

import pytest

from tests.served import axe as axe_of
from tests.served import leave_by

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def revision(sign_in):
    """Return a function that opens the first KGI's page as the administrator."""

    def opened(width=1280):
        page = sign_in("/admin/kpis/kgi/1/change/", width=width)
        assert axe(page) == []
        leave_by(page, ".kgi-help a")
        page.wait_for_url("**/revise/")
        return page

    return opened


def axe(page):
    """Return what axe finds on a page that complains of nothing."""
    assert page.complaints == []
    found = axe_of(page)
    page.complaints.clear()  # axe itself tries styles that the page forbids
    return found


@pytest.mark.parametrize("width", [1280, 820, 390])
def test_the_page_fits_and_passes_axe_with_and_without_faults(revision, width):
    page = revision(width)
    assert axe(page) == []
    page.fill("#y2022-value", "二千")
    leave_by(page, "text=改定を記録する")
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
    leave_by(page, "text=改定を記録する")
    page.wait_for_url("**/change/")
    assert "改定前の値を残した年: 令和5(2023)年。" in page.inner_text(".messagelist")
    assert "27,570,624、伸び率 1.9%（令和8年4月1日改定）" in page.inner_text("#values-group")
    assert page.complaints == []


FORMS = (
    "kpis/indicator/1/change/",
    "actions/action/add/",
    "kpis/target/",
    "actions/strategy/1/change/",
)


def test_lists_and_forms_fit_office_screens_and_pass_axe(sign_in):
    page = sign_in("/admin/")
    assert axe(page) == []
    for name in FORMS:
        for width in (820, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"/admin/{name}")
            assert page.evaluate("document.documentElement.scrollWidth") == width, (name, width)
        assert axe(page) == [], name


def test_a_measure_is_found_by_its_number_and_its_name(sign_in):
    page = sign_in("/admin/actions/action/add/")
    for typed, found in (("3-2", "3-2 ものづくりブランドの確立"), ("脱炭素", "1-2 脱炭素")):
        page.click(".field-measure .select2-selection")
        page.keyboard.type(typed)
        page.wait_for_selector(f".select2-results__option--highlighted:has-text('{found}')")
        page.keyboard.press("Enter")
        assert found in page.inner_text("#select2-id_measure-container")
    assert page.complaints == []
