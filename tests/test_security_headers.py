"""What answers tell browsers and caches that no address of the table gives: refusals and files.

``tests/test_permissions.py`` looks at the headers of every address for everybody.
"""

import re

import pytest
from django.test import Client
from django.test.utils import override_settings

from tests.headers import lacking

pytestmark = pytest.mark.django_db


def test_refusals_carry_all_headers_and_no_cache_keeps_them(client, council_member, published):
    strict = Client(enforce_csrf_checks=True)
    client.force_login(council_member)
    period = published.periods.first().pk
    refusals = {
        "host": client.get("/", headers={"Host": "evil.example"}),
        "forbidden": client.get(f"/admin/preview/{period}/"),
        "token": strict.post("/accounts/login/"),
        "missing": client.get("/nai/"),
        "method": client.post("/plans/"),
    }
    codes = [one.status_code for one in refusals.values()]
    assert codes == [400, 403, 403, 404, 405]
    assert {name: lacking(one) for name, one in refusals.items() if lacking(one)} == {}
    assert all("no-store" in one["Cache-Control"] for one in refusals.values())


def test_an_inner_fault_is_told_with_all_headers_and_without_a_word_of_it(
    client, published, monkeypatch
):
    def broken(*_, **__):
        raise RuntimeError("himitsu no naiyou")

    monkeypatch.setattr("kpis.views.publication.find_page", broken)
    client.raise_request_exception = False
    answer = client.get("/kadoma-monozukuri/")
    assert answer.status_code == 500
    assert lacking(answer) == []
    assert "no-store" in answer["Cache-Control"]
    page = answer.content.decode()
    assert "システムの内部で問題が起きました" in page
    assert not re.search("himitsu|Traceback|RuntimeError|kpis", page)


def test_a_host_of_another_name_is_refused_without_being_repeated(client, published):
    answer = client.get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert b"evil" not in answer.content
    forwarded = client.get("/plans/", headers={"X-Forwarded-Host": "evil.example"})
    assert forwarded.status_code == 200
    assert b"evil" not in forwarded.content


def test_static_files_and_redirects_to_https_carry_the_headers_too(tmp_path):
    (tmp_path / "a.css").write_text("p{}")
    with override_settings(
        STATIC_ROOT=tmp_path,
        WHITENOISE_AUTOREFRESH=False,
        SECURE_SSL_REDIRECT=True,
        SECURE_HSTS_SECONDS=31_536_000,
    ):
        client = Client()
        led = client.get("/plans/")
        assert (led.status_code, led["Location"]) == (301, "https://testserver/plans/")
        assert lacking(led) == []
        file = client.get("/static/a.css", secure=True)
        assert b"".join(file.streaming_content) == b"p{}"
        assert lacking(file) == []
        assert file["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "NONSENSE"])
def test_a_method_that_nobody_needs_is_refused(client, published, method):
    for address in ("/", "/kadoma-monozukuri/data/kpis.csv", "/healthz"):
        assert client.generic(method, address).status_code == 405
