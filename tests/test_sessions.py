"""How long a sign-in lasts, what ends it, and what it costs."""

import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from kadoma_plan import sessions

pytestmark = pytest.mark.django_db
MINUTE, HOUR = 60, 3600
LOGIN, PASSWORD = "/accounts/login/", "/accounts/password/"
NEW = "mado-no-yuki"


@pytest.fixture
def clock(monkeypatch):
    """Return a function that lets time pass for sessions."""
    now = [time.time()]
    monkeypatch.setattr(sessions.time, "time", lambda: now[0])

    def later(seconds):
        now[0] += seconds

    return later


def is_in(client):
    return client.get("/accounts/password/done/").status_code == 200


def sign_in(client):
    return client.post(LOGIN, {"username": "kanri", "password": "himitsu"})


def test_who_does_nothing_for_half_an_hour_is_signed_out(client, administrator, clock):
    client.force_login(administrator)
    clock(30 * MINUTE)
    assert is_in(client)
    clock(30 * MINUTE + 1)
    assert not is_in(client)
    assert not Session.objects.exists()


def test_who_works_stays_in_until_half_a_day_is_over(client, administrator, clock):
    client.force_login(administrator)
    for _ in range(12 * 3):
        clock(20 * MINUTE)
        assert is_in(client)
    clock(1)
    assert not is_in(client)


def test_the_office_sets_the_idle_time(client, administrator, clock, settings):
    settings.SESSION_IDLE_MINUTES = 120
    client.force_login(administrator)
    clock(119 * MINUTE)
    assert is_in(client)
    clock(121 * MINUTE)
    assert not is_in(client)


def test_a_session_without_times_is_over(client, administrator):
    client.force_login(administrator)
    session = client.session
    for name in ("began", "seen"):
        del session[name]
    session.save()
    assert not is_in(client)


def test_a_session_of_a_clock_that_was_far_ahead_is_over_when_it_is_put_right(
    client, administrator, clock
):
    client.force_login(administrator)
    clock(-10 * MINUTE)
    assert is_in(client)
    clock(-365 * 24 * HOUR)
    assert not is_in(client)


def test_a_session_is_written_when_a_tenth_of_its_time_has_passed_and_not_before(
    client, administrator, clock, django_assert_max_num_queries
):
    client.force_login(administrator)

    def writes():
        with django_assert_max_num_queries(30) as made:
            assert client.get("/accounts/password/done/").status_code == 200
        return sum("UPDATE" in one["sql"] for one in made.captured_queries)

    assert writes() == 0
    clock(3 * MINUTE)
    assert writes() == 0
    clock(1)
    assert writes() == 1
    assert writes() == 0


def test_readers_get_no_session_no_cookie_and_no_query_for_it(
    client, published, django_assert_num_queries
):
    pages = ("/", "/plans/", "/kadoma-monozukuri/data/kpis.csv", "/nai/")
    for page in pages:
        assert not client.get(page).cookies
    with django_assert_num_queries(0):
        client.get("/healthz")
    assert not Session.objects.exists()


def test_signing_in_changes_the_key_that_a_browser_had(administrator):
    client = Client()
    client.cookies["sessionid"] = "a" * 32  # as somebody slipped it in
    sign_in(client)
    first = client.cookies["sessionid"].value
    assert first != "a" * 32
    client.logout()
    sign_in(client)
    assert client.cookies["sessionid"].value != first


def test_signing_out_ends_the_session_for_whoever_kept_its_key(client, administrator):
    sign_in(client)
    thief = Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    assert is_in(thief)
    client.post("/accounts/logout/")
    assert not is_in(thief)
    assert not is_in(client)
    assert not Session.objects.exists()


def test_a_new_password_signs_all_other_browsers_out(client, administrator):
    other = Client()
    sign_in(client)
    sign_in(other)
    typed = {"old_password": "himitsu", "new_password1": NEW, "new_password2": NEW}
    assert client.post(PASSWORD, typed).status_code == 302
    assert is_in(client)
    assert not is_in(other)


def test_a_closed_account_is_out_at_once(client, administrator):
    client.force_login(administrator)
    administrator.is_active = False
    administrator.save()
    assert not is_in(client)


def test_the_cookies_are_for_this_site_alone_and_go_with_the_browser(client, administrator):
    client.get(LOGIN)
    sign_in(client)
    session, token = (client.cookies[one] for one in ("sessionid", "csrftoken"))
    assert session["max-age"] == session["expires"] == ""
    for cookie in (session, token):
        assert cookie["httponly"]
        assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")
