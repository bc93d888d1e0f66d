"""The office's own sign-on: whom a trusted proxy names, and nobody else's word."""

import re

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from kadoma_plan.environment import proxy_networks, remote_user_key

pytestmark = pytest.mark.django_db
PROXY, OUTSIDER = "10.1.2.3", "198.51.100.9"


@pytest.fixture
def signed_on(settings):
    """Take the word of one proxy for who asks."""
    settings.PROXIES = proxy_networks([PROXY])
    settings.REMOTE_USER_KEY = remote_user_key("RemoteUser", settings.PROXIES)


def browser(name="", address=PROXY):
    return Client(REMOTE_ADDR=address, headers={"RemoteUser": name} if name else None)


def person_of(client):
    """Return whom the site takes the browser for, as a page that signs nobody in shows it."""
    page = client.get("/plans/").content.decode()
    found = re.search(r"<span>(.*?) さん</span>", page)
    return found and found[1]


def test_off_by_default_and_then_no_header_signs_anybody_in(administrator):
    for key in ("RemoteUser", "Remote-User", "X-Remote-User"):
        client = Client(headers={key: "kanri"}, REMOTE_USER="kanri")
        assert client.get("/admin/").status_code == 302


def test_whom_the_proxy_names_comes_to_the_staff_pages_without_a_password(
    signed_on, administrator, entry_clerk
):
    client = browser("nyuryoku")
    assert client.get("/admin/").status_code == 200
    assert person_of(client) == "nyuryoku"


def test_a_member_is_led_on_from_the_login_page(signed_on, council_member):
    answer = browser("iin").get("/accounts/login/", {"next": "/plans/"})
    assert (answer.status_code, answer["Location"]) == (302, "/plans/")


@pytest.mark.parametrize("address", [OUTSIDER, "127.0.0.1", ""])
def test_nobody_but_the_proxy_is_believed(signed_on, administrator, address):
    client = browser("kanri", address)
    assert client.get("/admin/").status_code == 302
    assert client.get("/accounts/login/").status_code == 200


def test_the_proxy_is_no_way_for_a_client_to_name_itself(signed_on, administrator):
    client = Client(REMOTE_ADDR=OUTSIDER)
    told = {"RemoteUser": "kanri", "X-Forwarded-For": PROXY}
    assert client.get("/admin/", headers=told).status_code == 302


def test_a_reader_stays_a_reader_until_they_come_to_a_door(signed_on, administrator, published):
    client = browser("kanri")
    assert person_of(client) is None
    assert not client.cookies


@pytest.mark.parametrize("closed", [False, True])
def test_an_unknown_or_closed_name_is_refused_and_gets_no_account(
    signed_on, administrator, django_user_model, closed
):
    if closed:
        django_user_model.objects.create_user("taishoku", is_active=False)
    before = django_user_model.objects.count()
    client = browser("taishoku")
    refused = client.get("/admin/")
    assert refused.status_code == 403
    assert "利用者として登録されていません" in refused.content.decode()
    assert "「taishoku」" in refused.content.decode()
    assert django_user_model.objects.count() == before
    assert client.get("/plans/").status_code == 200
    # A password still opens the way: how else would the first people be registered?
    known = {"username": "kanri", "password": "himitsu"}
    assert client.post("/accounts/login/", known).status_code == 302
    assert client.get("/admin/").status_code == 200


def test_who_signed_out_is_out_until_they_come_to_a_door_again(signed_on, administrator):
    client = browser("kanri")
    client.get("/admin/")
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert person_of(client) is None
    client.get("/admin/")
    assert person_of(client) == "kanri"


def test_another_person_at_the_same_browser_is_not_taken_for_the_first(
    signed_on, administrator, entry_clerk
):
    client = browser("kanri")
    client.get("/admin/")
    client.get("/admin/", headers={"RemoteUser": "nyuryoku"})
    assert person_of(client) == "nyuryoku"
    client.get("/admin/", headers={"RemoteUser": "dare"})
    assert person_of(client) is None
    client.get("/admin/")
    client.get("/admin/", headers={"RemoteUser": ""})  # the proxy names nobody any more
    assert person_of(client) is None


def test_what_a_form_sends_signs_nobody_in(signed_on, administrator):
    client = browser("kanri")
    answer = client.post("/admin/auth/group/add/", {"name": "x"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/?next=")
    assert person_of(client) is None


@pytest.mark.parametrize("name", ["X-Remote-User", "HTTP_X_REMOTE_USER", "X User", "1user"])
def test_a_header_that_could_be_spelt_otherwise_stops_the_start(name):
    with pytest.raises(ImproperlyConfigured, match="英数字だけ"):
        remote_user_key(name, proxy_networks([PROXY]))


def test_a_header_without_a_proxy_that_writes_it_stops_the_start():
    with pytest.raises(ImproperlyConfigured, match="KADOMA_PROXIES"):
        remote_user_key("RemoteUser", ())
