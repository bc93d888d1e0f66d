"""The product served as quickstart leaves it, and a real Chromium to open it with."""

import fcntl
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
# Chromium without its own window draws the same pages and costs a third less.
_KINDS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, _KINDS)), None)
PASSWORD = "kadoma-browser-1"
DATABASE = "kadoma.sqlite3"
SLUG = "kadoma-monozukuri"
TABLET = 820
WIDTHS = (1280, TABLET, 390)  # of a desk, a tablet and a phone


def prepared(tmp_path_factory):
    """Return a data directory as ``quickstart --no-serve`` leaves it, made once and never served.

    A quickstart takes ten seconds, so that one process makes it for all that run the tests.
    """
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared
    folder = shared / "prepared"
    with (shared / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            command = [sys.executable, "manage.py", "quickstart", "--no-serve"]
            environment = own_environment(folder)
            subprocess.run(
                command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL
            )
    return folder


def own_environment(folder):
    """Return the environment of a program that works with this data directory."""
    outer = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return outer | {"KADOMA_DATA_DIR": str(folder), "KADOMA_ADMIN_PASSWORD": PASSWORD}


@contextmanager
def begun(tmp_path_factory):
    """Serve what quickstart leaves in an empty data directory, for all tests of this process.

    Yields its address, its folder and the environment in which another program meets the same data.
    """
    folder = tmp_path_factory.mktemp("data")
    shutil.copytree(prepared(tmp_path_factory), folder, dirs_exist_ok=True)
    environment = own_environment(folder)
    with serving(environment) as address:
        yield SimpleNamespace(address=address, environment=environment, folder=folder)


@pytest.fixture(scope="module")
def site(server, tmp_path_factory):
    """Return the served product with the data that quickstart leaves: what others did is gone."""
    with (
        closing(sqlite3.connect(prepared(tmp_path_factory) / DATABASE)) as fresh,
        closing(sqlite3.connect(server.folder / DATABASE, timeout=20)) as used,
    ):
        fresh.backup(used)
    return server


@contextmanager
def serving(environment):
    """Serve the product on a free port as this environment says; yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "manage.py", "quickstart", "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{address}/healthz", server)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def _wait(address, server):
    for _ in range(240):
        assert server.poll() is None, "quickstart ended before it served"
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
        else:
            return
    pytest.fail("quickstart did not serve within a minute")


@pytest.fixture(scope="module")
def served(site):
    """Return the served product's address."""
    return site.address


@pytest.fixture(scope="module")
def chromium():
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs Chromium")
        pytest.skip("Chromium is not installed")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def visit(served, chromium):
    """Return a function that opens an address and gives the page with all that it complained of."""
    contexts = []

    def opened(address, width=1280, **options):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, locale="ja-JP", base_url=served, **options
        )
        contexts.append(context)
        return _watched(context.new_page(), address, served)

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def readers(served, chromium):
    """The browser of a file's readers: it has the scripts and styles from the page before."""
    context = chromium.new_context(locale="ja-JP", base_url=served)
    yield context
    context.close()


@pytest.fixture
def read(served, readers):
    """Return a function that opens a page as ``visit`` does, for who signs in nowhere."""
    pages = []

    def opened(address, width=1280):
        pages.append(page := readers.new_page())
        page.set_viewport_size({"width": width, "height": 900})
        return _watched(page, address, served)

    yield opened
    for page in pages:
        page.close()


def _watched(page, address, served):
    """Go to the address and keep what the page complains of, and whom else it asks."""
    page.complaints, page.outside = [], []
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("request", lambda request: _note_outside(page, request.url, served))
    page.goto(address)
    return page


def leave_by(page, target):
    """Click what is named (or found) and wait until the page that it leads to is there, whole.

    A click alone returns before a slow machine has begun to leave the old page.
    """
    with page.expect_navigation(wait_until="load"):
        (page.locator(target).first if isinstance(target, str) else target).click()


def scripts_have_run(page):
    """Wait until the scripts of a page with charts are at work, on a slow machine too."""
    page.wait_for_load_state("networkidle")
    for _ in range(300):
        if page.evaluate("!document.querySelector('[data-chart]') || 'Plotly' in window"):
            return
        page.wait_for_timeout(100)
    pytest.fail("the charts' script did not run within half a minute")


@pytest.fixture(scope="module")
def sessions(site):
    """Keep who has signed in, until the served data are put back."""
    return {}


@pytest.fixture
def as_person(visit, sessions):
    """Return a function that opens an address as a person, in a browser of their own.

    Each signs in by the form once a file: checking a password takes a second by design.
    """

    def opened(name, address, password=PASSWORD, door="/admin/login/", **options):
        if name not in sessions:
            sign_in_here(page := visit(door), name, password)
            sessions[name] = page.context.storage_state()
        return visit(address, storage_state=sessions[name], **options)

    return opened


@pytest.fixture
def sign_in(as_person):
    """Return a function that opens a staff page as the administrator."""
    return partial(as_person, "admin")


def sign_in_here(page, name, password=PASSWORD):
    """Fill in the form to sign in by and wait for the page that it leads to."""
    page.fill("#id_username", name)
    page.fill("#id_password", password)
    leave_by(page, "main button[type=submit], input[type=submit]")


def fits(page, width):
    """Make the window this wide and return whether nothing reaches beyond its edge."""
    page.set_viewport_size({"width": width, "height": 900})
    return page.evaluate("document.documentElement.scrollWidth") <= width


def wrong_on_screens(page):
    """Return what is wrong on each screen: wider than it, or what axe finds."""
    found = {}
    for width in WIDTHS:
        found[width] = ([] if fits(page, width) else ["too wide"]) + axe(page)
    return {width: wrong for width, wrong in found.items() if wrong}


def axe(page):
    """Return what axe finds on the page as it stands: each rule with the elements that break it.

    Contrast, which takes it most of its time, is read on a desk and a phone: a tablet has the
    colours of the one or the other.
    """
    contrast = {"enabled": page.viewport_size["width"] != TABLET}
    options = {"resultTypes": ["violations"], "rules": {"color-contrast": contrast}}
    found = Axe().run(page, options=options).response["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


def _note_outside(page, address, served):
    if not address.startswith((served, "data:", "blob:")):
        page.outside.append(address)
