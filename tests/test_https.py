"""The product behind HTTPS, a proxy and the office's sign-on, started as a real server is."""

import json
import shutil
import subprocess
import sys

import pytest

from kadoma_plan.environment import cookie_prefix
from tests.headers import TOLD
from tests.served import PASSWORD, ROOT, own_environment, prepared

PROXY = "10.1.2.3"
LOOK = """
import json, sys
import django
django.setup()
from django.test import Client

PROXIED = {"X-Forwarded-Proto": "https"}
def told(answer):
    cookies = {name: {k: v for k, v in one.items() if v} for name, one in answer.cookies.items()}
    return {"status": answer.status_code, "headers": dict(answer.headers), "cookies": cookies}

def browser(address, **headers):
    return Client(SERVER_NAME="127.0.0.1", REMOTE_ADDR=address, headers=headers)

proxy, stranger = browser("%(proxy)s", **PROXIED), browser("198.51.100.9", **PROXIED)
sent = {"username": "admin", "password": "%(password)s"}
answers = {
    "plain": browser("%(proxy)s").get("/accounts/login/"),
    "stranger": stranger.get("/accounts/login/"),
    "form": proxy.get("/accounts/login/"),
    "in": proxy.post("/accounts/login/", sent),
    "foreign": proxy.get("/", headers={"Host": "evil.example"}),
    "named": browser("%(proxy)s", **PROXIED, RemoteUser="admin").get("/admin/"),
    "pretended": browser("198.51.100.9", **PROXIED, RemoteUser="admin").get("/admin/", secure=True),
}
print(json.dumps({name: told(answer) for name, answer in answers.items()}))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    folder = tmp_path_factory.mktemp("https")
    shutil.copytree(prepared(tmp_path_factory), folder, dirs_exist_ok=True)
    environment = own_environment(folder) | {
        "DJANGO_SETTINGS_MODULE": "kadoma_plan.settings",
        "KADOMA_HTTPS": "1",
        "KADOMA_PROXIES": PROXY,
        "KADOMA_REMOTE_USER": "RemoteUser",
    }
    look = LOOK % {"proxy": PROXY, "password": PASSWORD}
    done = subprocess.run(
        [sys.executable, "-c", look], cwd=ROOT, env=environment, check=True, capture_output=True
    )
    return json.loads(done.stdout)


def test_plain_http_is_led_to_https_and_strangers_cannot_pretend_it(told):
    for who in ("plain", "stranger"):
        assert told[who]["status"] == 301
        assert told[who]["headers"]["Location"] == "https://127.0.0.1/accounts/login/"
        assert "Content-Security-Policy" in told[who]["headers"]


def test_cookies_travel_by_https_alone_and_are_bound_to_this_very_site(told):
    cookies = told["form"]["cookies"] | told["in"]["cookies"]
    assert cookies.keys() == {"__Host-sessionid", "__Host-csrftoken"}
    for one in cookies.values():
        assert (one["secure"], one["httponly"]) == (True, True)
        assert (one["samesite"], one["path"]) == ("Lax", "/")
        assert "domain" not in one
    assert told["in"]["status"] == 302


def test_browsers_are_told_to_use_https_for_a_year(told):
    for who in ("form", "foreign", "named"):
        assert told[who]["headers"]["Strict-Transport-Security"] == "max-age=31536000"
        assert TOLD.items() <= told[who]["headers"].items()


def test_whom_the_proxy_names_is_in_and_whom_a_stranger_names_is_not(told):
    assert told["named"]["status"] == 200
    assert told["pretended"]["status"] == 302


@pytest.mark.parametrize(
    ("https", "path", "prefix"),
    [(True, "/", "__Host-"), (True, "/kpi/", "__Secure-"), (False, "/", ""), (False, "/kpi/", "")],
)
def test_a_cookies_name_says_what_browsers_hold_it_to(https, path, prefix):
    assert cookie_prefix(https, path) == prefix
