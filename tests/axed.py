"""Pages that the test client fetched, read by axe in one Chromium page with the product's own styles."""

import mimetypes
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import sync_playwright

from tests.served import CHROMIUM, axe

NARROW = 320  # what is left of a screen of 1280 at 400%


def looked_at(pages):
    """Return, of each page by its name, what axe finds and how wide it is on the narrowest screen.

    The browser works in a thread of its own: its event loop would forbid the test the database.
    """
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs Chromium")
        pytest.skip("Chromium is not installed")
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(_look, pages).result()


def _look(pages):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="ja-JP")
        page.route("**/*", lambda route: _answer(route, pages))
        found = {name: _one(page, name) for name in pages}
        browser.close()
    return found


def _one(page, name):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"http://testserver/page/{name}")
    found = axe(page)
    page.set_viewport_size({"width": NARROW, "height": 900})
    return found, page.evaluate("document.documentElement.scrollWidth")


def _answer(route, pages):
    kind, _, name = urlsplit(route.request.url).path.strip("/").partition("/")
    if kind == "page" and name in pages:
        return route.fulfill(body=pages[name], content_type="text/html; charset=utf-8")
    if kind == "page":  # what a style of Django's admin imports; answered so, it has no address
        kind, name = "static", f"admin/css/{name}"
    # No chart is drawn; the admin's own scripts give its buttons their names.
    drawn = name.endswith(".js") and not name.startswith("admin/")
    path = finders.find(name) if kind == "static" and not drawn else None
    if path is None:
        return route.fulfill(status=404, body="")
    media = mimetypes.guess_type(path)[0] or "application/octet-stream"
    return route.fulfill(body=Path(path).read_bytes(), content_type=media)
