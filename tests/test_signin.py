"""Guesses at the doors: they lock a name at one address for a while, and tell nothing."""

import datetime as dt
import re

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone

from kadoma_plan import signin
from kadoma_plan.environment import env_number, proxy_networks, stop_if_wrong

pytestmark = pytest.mark.django_db
DOORS = ("/accounts/login/", "/admin/login/")
OFFICE, OUTSIDE = "203.0.113.7", "198.51.100.9"
WRONG = "chigau"


def guess(name="kanri", password=WRONG, door=DOORS[0], address=OFFICE, **more):
    """Send a password from a browser of its own; nothing but the database is shared."""
    sent = {"username": name, "password": password}
    return Client(REMOTE_ADDR=address).post(door, sent, **more)


def lock(**options):
    for _ in range(5):
        last = guess(**options)
    return last


def words_of(response):
    return re.sub(r"\s", "", re.sub(r"<[^>]*>", "", response.content.decode()))


# --- whom it locks out, and for how long ----------------------------------------------------------


def test_guesses_from_outside_do_not_lock_the_person_out(administrator):
    assert lock(address=OUTSIDE).status_code == 429
    assert guess(password="himitsu").status_code == 302


@pytest.mark.parametrize("door", DOORS)
def test_guesses_from_one_address_lock_the_name_there_at_both_doors(administrator, door):
    assert lock(door=door).status_code == 429
    assert [guess(password="himitsu", door=one).status_code for one in DOORS] == [429, 429]


def test_a_colleague_at_the_same_address_signs_in(administrator, entry_clerk):
    lock()
    assert guess("nyuryoku", "himitsu").status_code == 302


def test_the_lock_ends_a_quarter_of_an_hour_after_the_last_counted_guess(administrator):
    lock()
    guess(password="himitsu")  # while it lasts, this does not prolong it
    AccessAttempt.objects.update(attempt_time=timezone.now() - dt.timedelta(minutes=14, seconds=50))
    assert guess(password="himitsu").status_code == 429
    AccessAttempt.objects.update(attempt_time=timezone.now() - dt.timedelta(minutes=15, seconds=1))
    assert guess(password="himitsu").status_code == 302


def test_the_page_says_how_long_and_what_to_do(administrator):
    locked = lock()
    assert "15分間停止しています" in words_of(locked)
    assert "システム管理者に新しいパスワードの設定を依頼してください" in words_of(locked)
    assert locked["Retry-After"] == "900"


def test_a_script_is_told_no_more_than_a_browser(administrator):
    lock()
    asked = guess(headers={"X-Requested-With": "XMLHttpRequest", "Origin": "https://evil.example"})
    assert asked.status_code == 429
    assert asked["Content-Type"].startswith("text/html")
    assert "Access-Control-Allow-Origin" not in asked


def test_a_new_password_from_the_administrator_opens_the_lock(client, administrator, entry_clerk):
    lock(name="nyuryoku")
    client.force_login(administrator)
    new = {"usable_password": "true", "password1": "mado-no-yuki", "password2": "mado-no-yuki"}
    client.post(f"/admin/auth/user/{entry_clerk.pk}/password/", new)
    assert guess("nyuryoku", "mado-no-yuki").status_code == 302


# --- what it costs --------------------------------------------------------------------------------


def test_a_crowd_of_guesses_leaves_room_for_readers(published):
    taken = [signin._ROOM.acquire(blocking=False) for _ in range(4)]
    try:
        assert taken == [True, True, True, False]  # of the four requests that a process answers
        for door in DOORS:
            busy = guess(door=door)
            assert (busy.status_code, busy["Retry-After"]) == (503, "3")
            assert "ログインが混み合っています" in words_of(busy)
            assert Client().get(door).status_code == 200
        assert Client().get("/").status_code == 200
    finally:
        for _ in range(3):
            signin._ROOM.release()
    assert guess().status_code == 200


def test_a_locked_name_costs_no_check_of_a_password(administrator, checks):
    lock()
    checks.clear()
    guess(password="himitsu")
    assert checks == []


# --- what it tells --------------------------------------------------------------------------------


@pytest.fixture
def checks(monkeypatch):
    """Return the list of password checks that were made."""
    made, encode = [], MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda *said: made.append(said) or encode(*said)
    )
    return made


@pytest.mark.parametrize("door", DOORS)
def test_no_answer_tells_which_names_exist(
    administrator, entry_clerk, council_member, django_user_model, checks, door
):
    django_user_model.objects.create_user("taishoku", password="himitsu", is_active=False)
    cases = [("dare", "chigau"), ("kanri", "chigau"), ("iin", "chigau"), ("taishoku", "himitsu")]
    if door == DOORS[1]:
        cases.append(("iin", "himitsu"))  # a member at the staff's door
    told = set()
    for name, password in cases:
        checks.clear()
        answer = guess(name, password, door)
        told.add((answer.status_code, words_of(answer), len(checks)))
    assert len(told) == 1
    ((status, _, checked),) = told
    assert (status, checked) == (200, 1)
    locked = {(one.status_code, words_of(one)) for one in (lock(name="dare"), lock(name="iin"))}
    assert len(locked) == 1


# --- whose address counts -------------------------------------------------------------------------


@pytest.fixture
def behind_proxies(settings):
    settings.PROXIES = proxy_networks(["127.0.0.1", "10.1.2.0/24"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "8.8.8.8, 203.0.113.7", "203.0.113.7"),  # the first is the client's own word
        ("127.0.0.1", "8.8.8.8, 203.0.113.7, 10.1.2.9", "203.0.113.7"),
        ("127.0.0.1", "203.0.113.7, sonota", "127.0.0.1"),
        ("::ffff:10.1.2.3", "2001:db8::5", "2001:db8::5"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "10.1.2.4", "10.1.2.4"),
        ("203.0.113.7", "127.0.0.1", "203.0.113.7"),  # no proxy of ours
        ("", "203.0.113.7", ""),
    ],
)
def test_the_clients_address_is_what_trusted_proxies_saw(
    administrator, behind_proxies, peer, forwarded, client
):
    guess(address=peer, headers={"X-Forwarded-For": forwarded})
    assert (AccessAttempt.objects.get().ip_address or "") == client


def test_without_proxies_nobodys_word_about_an_address_is_taken(administrator):
    for number in range(5):
        last = guess(headers={"X-Forwarded-For": f"192.0.2.{number}", "X-Real-IP": "192.0.2.99"})
    assert last.status_code == 429


def test_behind_a_proxy_an_outsider_locks_nobody_else_out(administrator, behind_proxies):
    lock(address="127.0.0.1", headers={"X-Forwarded-For": OUTSIDE})
    inside = guess(password="himitsu", address="127.0.0.1", headers={"X-Forwarded-For": OFFICE})
    assert inside.status_code == 302


@pytest.mark.parametrize("text", ["proxy", "10.1.2.3/24", "10.1.2.0/99"])
def test_a_wrong_proxy_stops_the_start(text):
    with pytest.raises(ImproperlyConfigured, match="KADOMA_PROXIES"):
        proxy_networks([text])


@pytest.mark.parametrize("text", ["4", "721", "half", "３０", "-5", "1e3"])
def test_a_wrong_idle_time_stops_the_start(monkeypatch, text):
    monkeypatch.setenv("KADOMA_IDLE_MINUTES", text)
    assert env_number("KADOMA_IDLE_MINUTES", 30, 5, 720) == 30
    with pytest.raises(ImproperlyConfigured, match="5 から 720 までの整数"):
        stop_if_wrong({})


# --- passwords ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ("mijikai-aki", "12文字以上"),
        ("x" * 129, "128文字以下"),
        ("qwertyuiop123", "よく使われるパスワード"),
        ("483920174620", "数字しか使われていません"),
        ("hanako-kadoma1", "利用者名と似すぎています"),
        ("窓の雪と蛍の光で読む本の山", ""),
        ("x y z " * 21, ""),
    ],
)
def test_a_new_password_is_long_and_not_what_everybody_takes(client, django_user_model, new, told):
    person = django_user_model.objects.create_user("hanako-kadoma", password="himitsu")
    client.force_login(person)
    typed = {"old_password": "himitsu", "new_password1": new, "new_password2": new}
    answer = client.post("/accounts/password/", typed)
    if told:
        assert told in words_of(answer)
    else:
        assert answer.status_code == 302
