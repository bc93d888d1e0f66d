"""The server as an office runs it: below a path of the city's own, behind its proxy, for years."""

import html
import http.client
import http.server
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from types import SimpleNamespace
from urllib.parse import urlencode, urljoin

import pytest

from tests.served import PASSWORD, ROOT, SLUG, own_environment, prepared

BELOW = "/kpi/"
LOGIN = f"{BELOW}admin/login/?next={BELOW}admin/kpis/indicator/"
PERMANENT = f"{BELOW}{SLUG}/data/2025-H1/v1-"


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def ask(port, method, address, body=None, headers=None):
    """Return the answer with its body as ``content``; nothing is followed."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, address, body, headers or {})
    response = connection.getresponse()
    response.content = response.read()
    connection.close()
    return response


class Proxy(http.server.BaseHTTPRequestHandler):
    """The city's own server: what is below /kpi/ goes on as it is, all else is not ours."""

    def pass_on(self):
        if not self.path.startswith(BELOW):
            self.send_error(404)
            return
        size = int(self.headers.get("Content-Length", 0))
        headers = {**self.headers, "X-Forwarded-Proto": "http", "X-Forwarded-For": "10.1.2.3"}
        answer = ask(self.server.behind, self.command, self.path, self.rfile.read(size), headers)
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    do_GET = do_POST = pass_on  # noqa: N815 (the names that the class above calls)

    def log_message(self, *words):
        """Say nothing."""


class Site(SimpleNamespace):
    """A served product: the port of its proxy, its own, its process, its folder."""

    def get(self, address, cookie=""):
        return ask(self.proxy, "GET", address, headers={"Cookie": cookie} if cookie else {})

    def sign_in(self, name, password, port=None):
        """Send the form as a browser does; return the answer and the cookies that it set."""
        port = port or self.proxy
        form = ask(port, "GET", LOGIN)
        token = re.search(rb'csrfmiddlewaretoken" value="([^"]+)', form.content)[1].decode()
        fields = {"csrfmiddlewaretoken": token, "username": name, "password": password}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        headers["Cookie"] = form.getheader("Set-Cookie").partition(";")[0]
        fields["next"] = f"{BELOW}admin/kpis/indicator/"
        return ask(port, "POST", LOGIN, urlencode(fields), headers)

    def lines(self):
        """Return what the log tells."""
        (file,) = (self.folder / "log").glob("*.log")
        return [json.loads(line) for line in file.read_text().splitlines()]

    def workers(self):
        told = subprocess.run(
            ["ps", "--ppid", str(self.process.pid), "-o", "pid="],
            capture_output=True,
            text=True,
            check=False,
        )
        return {int(one) for one in told.stdout.split()}


def wait_until(true, seconds=60):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.2)


def is_ready(port):
    try:
        return ask(port, "GET", "/readyz").status == 200
    except OSError:
        return False


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Serve the product below /kpi/ on a port of its own, with a proxy before it."""
    folder, port = tmp_path_factory.mktemp("serving"), free_port()
    shutil.copytree(prepared(tmp_path_factory), folder, dirs_exist_ok=True)
    environment = own_environment(folder) | {"KADOMA_SUBPATH": "/kpi"}
    environment["KADOMA_LOG_DIR"] = str(folder / "log")
    command = [sys.executable, "manage.py", "serve", "--port", str(port), "--workers", "2"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, **quiet)
    proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    proxy.behind = port
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    try:
        wait_until(lambda: process.poll() is not None or is_ready(port))
        yield Site(proxy=proxy.server_port, own=port, process=process, folder=folder)
    finally:
        proxy.shutdown()
        proxy.server_close()
        process.terminate()
        process.wait(60)


def links_of(address, answer):
    """Return the addresses on this server to which a page leads, pages of its tables' files aside."""
    text = answer.content.decode(errors="replace")
    found = re.findall(r"""\b(?:href|src|action|data-[\w-]+)=["']((?:/|\.|\?)[^"'#]*)""", text)
    return {urljoin(address, html.unescape(one)) for one in found}


def crawl(site, starts, cookie="", deep=True):
    """Return {address: status} of what links lead to, and those that lead beside /kpi/."""
    waiting, seen, beside = [*starts], {}, set()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        answer = site.get(address, cookie)
        seen[address] = answer.status
        beside |= {address} if not address.startswith(BELOW) else set()
        if place := answer.getheader("Location"):
            waiting.append(urljoin(address, place))
        elif "text/html" in answer.getheader("Content-Type", "") and (deep or address in starts):
            # One address for each page: what is narrowed or a table as a file is the same page.
            waiting += {one for one in links_of(address, answer) if "?" not in one}
    return seen, beside


def test_every_public_link_stays_below_the_path_and_answers(site):
    seen, beside = crawl(site, [BELOW])
    assert beside == set()
    assert {address: status for address, status in seen.items() if status not in (200, 302)} == {}
    assert {f"{BELOW}{SLUG}/kpis/1-1/", f"{BELOW}guide/entry/"} <= {*seen}
    assert any(one.startswith(PERMANENT) for one in seen)
    assert len(seen) > 80
    assert any(one.startswith(f"{BELOW}static/css/site.") for one in seen)


def test_every_staff_link_stays_below_the_path_and_answers(site):
    answer = site.sign_in("admin", PASSWORD)
    assert (answer.status, answer.getheader("Location")) == (302, f"{BELOW}admin/kpis/indicator/")
    cookies = answer.headers.get_all("Set-Cookie")
    assert all("Path=/kpi/;" in one for one in cookies)
    cookie = "; ".join(one.partition(";")[0] for one in cookies)
    seen, beside = crawl(site, [f"{BELOW}admin/"], cookie, deep=False)
    assert beside == set()
    wrong = {one: said for one, said in seen.items() if said not in (200, 302, 405)}
    assert wrong == {}
    assert f"{BELOW}admin/kpis/meeting/add/" in seen
    records = f"{BELOW}admin/kpis/indicator/"
    links = links_of(records, site.get(records, cookie))
    (record, *_) = sorted(one for one in links if re.search("indicator/[0-9]+/change/$", one))
    links |= links_of(record, site.get(record, cookie))
    assert {one for one in links if not one.startswith(BELOW)} == set()


def test_metadata_name_addresses_below_the_path(site):
    page = site.get(f"{BELOW}{SLUG}/data/")
    files = [one for one in links_of(f"{BELOW}{SLUG}/data/", page) if one.endswith("metadata.json")]
    told = site.get(files[0]).content.decode()
    addresses = re.findall(r'"address": ?"([^"]+)"', told)
    assert addresses
    assert [one for one in addresses if not one.startswith(f"{BELOW}{SLUG}/data/")] == []


def test_health_is_asked_for_beside_the_path_and_by_any_name(site):
    for address in ("/healthz", "/kpi/healthz", "/readyz"):
        answer = ask(site.own, "GET", address, headers={"Host": "10.20.30.40"})
        assert answer.status == 200, address
        assert answer.getheader("Set-Cookie") is None
        assert "no-store" in answer.getheader("Cache-Control")
    assert ask(site.own, "GET", "/healthz").content == b"ok\n"
    assert ask(site.own, "GET", "/kpi").getheader("Location") == BELOW
    assert ask(site.own, "GET", f"/{SLUG}/").status == 404


def test_the_log_tells_who_tried_to_sign_in_and_never_with_what(site):
    site.sign_in("dare\nka", "himitsu-no-kotoba")
    site.sign_in("admin", PASSWORD)
    lines = site.lines()
    failed = [one for one in lines if one["event"] == "auth.failed"]
    assert [(one["person"], one["level"]) for one in failed] == [("dare\\nka", "WARNING")]
    entered = [one for one in lines if one["event"] == "auth.login"][-1]
    assert (entered["person"], len(entered["request"])) == ("admin", 8)
    assert entered["time"].endswith("+09:00")
    written = json.dumps(lines)
    assert "himitsu-no-kotoba" not in written
    assert PASSWORD not in written
    assert lines[0]["event"] == "server.start"


def test_a_worker_that_dies_is_replaced(site):
    before = site.workers()
    assert len(before) == 2
    victim = min(before)
    os.kill(victim, signal.SIGKILL)
    wait_until(lambda: len(site.workers() - {victim}) == 2)
    assert site.workers() & before == before - {victim}
    wait_until(lambda: is_ready(site.own))


def test_what_is_being_saved_when_the_server_is_told_to_stop_is_answered(site):
    """Comes last: the server is gone afterwards."""
    database = sqlite3.connect(site.folder / "kadoma.sqlite3", isolation_level=None)
    database.execute("BEGIN IMMEDIATE")  # another writer: the sign-in waits to be stored
    answers = []
    saving = threading.Thread(
        target=lambda: answers.append(site.sign_in("admin", PASSWORD, site.own))
    )
    saving.start()
    time.sleep(3)  # the form has come and the name was sent by now
    site.process.send_signal(signal.SIGTERM)
    time.sleep(1)
    assert (site.process.poll(), answers) == (None, [])  # it waits, though it was told to stop
    database.execute("ROLLBACK")
    database.close()
    saving.join(30)
    assert [one.status for one in answers] == [302]
    assert site.process.wait(40) == 0
    assert [one["event"] for one in site.lines()[-3:]] == [
        "auth.login",
        "server.stop",
        "command.end",
    ]
