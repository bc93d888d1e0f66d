"""Signing in and out and a new password at the site's own pages, for members and for staff."""

import re
from urllib.parse import quote

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
SLUG = "kadoma-monozukuri"
LOGIN, LOGOUT, PASSWORD = (f"/accounts/{one}/" for one in ("login", "logout", "password"))
OUTSIDE = ("//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)")
NEW = "mado-no-yuki"


def words_of(response):
    return re.sub(r"\s", "", re.sub(r"<[^>]*>", "", response.content.decode()))


RIGHT = "himitsu"


def sign_in(client, typed=RIGHT, name="iin", **more):
    return client.post(LOGIN, {"username": name, "password": typed, **more})


def is_in(client):
    return "_auth_user_id" in client.session


# --- in -------------------------------------------------------------------------------------------


def test_a_member_signs_in_and_goes_on_to_the_page_that_was_asked_for(client, council_member):
    answer = sign_in(client, next=f"/{SLUG}/meetings/")
    assert (answer.status_code, answer["Location"]) == (302, f"/{SLUG}/meetings/")
    assert is_in(client)


def test_without_a_page_to_go_on_to_the_front_page_follows(client, council_member):
    assert sign_in(client)["Location"] == "/"
    assert client.get(LOGIN)["Location"] == "/"  # who is in already need not sign in


@pytest.mark.parametrize("outside", OUTSIDE)
def test_no_address_leads_away_from_the_site(client, council_member, outside):
    assert sign_in(client, next=outside)["Location"] == "/"
    assert client.get(LOGIN, {"next": outside})["Location"] == "/"
    assert client.post(LOGOUT, {"next": outside})["Location"] == "/"


def test_staff_may_sign_in_here_and_then_use_the_staff_pages(client, entry_clerk):
    sign_in(client, name="nyuryoku")
    assert client.get("/admin/").status_code == 200


def test_staff_pages_still_lead_to_their_own_login(client, council_member):
    for _ in range(2):
        assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
        sign_in(client)  # a member has no way into the staff pages


def test_the_form_asks_in_the_words_of_the_office(client, db):
    page = client.get(LOGIN)
    assert "利用者名パスワードログイン" in words_of(page)
    assert '<html lang="ja">' in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_a_wrong_password_is_told_in_japanese_and_the_name_stays(client, council_member):
    answer = sign_in(client, "chigau")
    assert answer.status_code == 200
    assert (
        "利用者名かパスワードが違います。大文字と小文字は区別されます。"
        "5回続けて間違えると、この利用者名では15分間ログインできなくなります。"
    ) in words_of(answer)
    assert 'value="iin"' in answer.content.decode()
    assert not is_in(client)


def test_an_unknown_name_is_told_in_the_same_words(client, council_member):
    wrong, unknown = sign_in(client, "chigau"), sign_in(client, "chigau", "dare")
    assert words_of(wrong) == words_of(unknown)


def test_an_account_that_was_closed_does_not_open(client, council_member):
    council_member.is_active = False
    council_member.save()
    sign_in(client)
    assert not is_in(client)


def test_five_wrong_passwords_lock_the_name_here_and_at_the_staff_login(client, council_member):
    answers = [sign_in(client, "chigau").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    locked = sign_in(client)  # with the right one
    assert locked.status_code == 429
    assert "この利用者名では、このネットワークからのログインを15分間停止しています。" in words_of(
        locked
    )
    assert not is_in(client)
    staff = client.post("/admin/login/", {"username": "iin", "password": "himitsu"})
    assert staff.status_code == 429


def test_wrong_passwords_at_the_staff_login_count_here(client, entry_clerk):
    for _ in range(4):
        client.post("/admin/login/", {"username": "nyuryoku", "password": "chigau"})
    assert sign_in(client, "chigau", "nyuryoku").status_code == 429


def test_a_colleague_at_the_same_address_is_not_locked_out(client, council_member, entry_clerk):
    for _ in range(5):
        sign_in(client, "chigau", "nyuryoku")
    sign_in(client)
    assert is_in(client)


def test_nobody_is_signed_in_or_out_from_another_site(council_member):
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client).status_code == 403
    client.force_login(council_member)
    assert client.post(LOGOUT).status_code == 403
    assert client.post(PASSWORD).status_code == 403
    assert is_in(client)


# --- out, and a new password ----------------------------------------------------------------------


def test_signing_out_takes_a_press_of_the_button(client, council_member):
    client.force_login(council_member)
    assert client.get(LOGOUT).status_code == 405
    assert is_in(client)
    assert client.post(LOGOUT)["Location"] == "/"
    assert not is_in(client)


def test_a_member_changes_the_password_and_stays_signed_in(client, council_member):
    client.force_login(council_member)
    typed = {"old_password": "himitsu", "new_password1": NEW, "new_password2": NEW}
    done = client.post(PASSWORD, typed, follow=True)
    assert "パスワードを変更しました" in words_of(done)
    assert is_in(client)
    council_member.refresh_from_db()
    assert council_member.check_password(NEW)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"old_password": "chigau"}, "元のパスワードが間違っています。もう一度入力してください。"),
        ({"new_password2": "betsu-no-kotoba"}, "確認用パスワードが一致しません。"),
        (
            {"new_password1": "12345678", "new_password2": "12345678"},
            "このパスワードは数字しか使われていません。",
        ),
        ({"new_password1": "aki", "new_password2": "aki"}, "このパスワードは短すぎます。"),
    ],
)
def test_what_is_wrong_with_a_new_password_is_told_at_the_field(
    client, council_member, typed, told
):
    client.force_login(council_member)
    right = {"old_password": "himitsu", "new_password1": NEW, "new_password2": NEW}
    answer = client.post(PASSWORD, right | typed)
    assert answer.status_code == 200
    assert told in words_of(answer)
    assert 'aria-invalid="true"' in answer.content.decode()
    council_member.refresh_from_db()
    assert council_member.check_password("himitsu")


def test_who_has_not_signed_in_changes_no_password(client, db):
    assert client.get(PASSWORD)["Location"] == f"{LOGIN}?next={PASSWORD}"


# --- the way in -----------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["", "kpis/1-1/", "meetings/?period=2024-FY"])
def test_every_page_of_a_plan_leads_members_to_the_login_and_then_to_the_meetings(
    client, published, page
):
    text = client.get(f"/{SLUG}/{page}").content.decode()
    back = quote(f"/{SLUG}/meetings/", safe="")
    assert f'<a href="{LOGIN}?next={back}">委員ログイン</a>' in text
    assert "ログアウト" not in text


@pytest.mark.parametrize("page", ["/", "/plans/", f"/{SLUG}/kgi/", PASSWORD])
def test_who_is_signed_in_reads_the_own_name_and_finds_the_way_out(
    client, published, council_member, page
):
    council_member.last_name, council_member.first_name = "門真", "<太郎>"
    council_member.save()
    client.force_login(council_member)
    text = client.get(page).content.decode()
    assert "門真 &lt;太郎&gt; さん" in text
    assert f'<form method="post" action="{LOGOUT}">' in text
    assert f'<a href="{PASSWORD}">パスワード変更</a>' in text
    assert "委員ログイン" not in text


def test_a_page_for_nobody_in_particular_makes_no_cookie(client, published):
    assert not client.get(f"/{SLUG}/").cookies
