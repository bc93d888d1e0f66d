"""The settings of the mail server: read strictly, and never repeated in a message."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from kadoma_plan.environment import MailServer, mail_sender, mail_server, site_url
from kpis.services.reminders import NO_MAIL

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("", MailServer(NO_MAIL)),
        ("smtp://mail", MailServer(SMTP, "mail", 25)),
        ("smtp://mail.example.lg.jp:2525/", MailServer(SMTP, "mail.example.lg.jp", 2525)),
        (
            "smtp+tls://sangyo%40example.jp:p%40ss%2Fw@mail",
            MailServer(SMTP, "mail", 587, "sangyo@example.jp", "p@ss/w", use_tls=True),
        ),
        ("smtps://a:b@mail", MailServer(SMTP, "mail", 465, "a", "b", use_ssl=True)),
        ("smtps://a:b@[fd00::1]:466", MailServer(SMTP, "fd00::1", 466, "a", "b", use_ssl=True)),
    ],
)
def test_the_mail_server_comes_from_one_address(url, server):
    assert mail_server(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.lg.jp",
        "http://mail",
        "smtp://",
        "smtp://mail:mail",
        "smtp://mail:99999",
        "smtp://user@mail",
        "smtp://:himitsu@mail",
        "smtp://user:himi/tsu@mail",
        "smtp://user:himi#tsu@mail",
        "smtp://mail?tls=1",
        "smtp://mail server",
        "smtp://[mail",
    ],
)
def test_a_wrong_mail_server_stops_the_start_without_telling_the_password(url):
    with pytest.raises(ImproperlyConfigured) as caught:
        mail_server(url)
    assert str(caught.value).startswith("環境変数 KADOMA_EMAIL_URL は smtp://")
    assert "himi" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("", ""),
        ("sangyo@example.lg.jp", ""),
        ("〇〇市〇〇課 <kikaku@example.lg.jp>", "smtp://mail"),
    ],
)
def test_a_sender_is_an_address(text, url):
    assert mail_sender(text, mail_server(url)) == text


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("", "smtp://mail"),
        ("門真市", ""),
        ("産業振興課 <a@b@c>", "smtp://mail"),
        ("a@b.jp\nX: 1", ""),
    ],
)
def test_a_missing_or_wrong_sender_stops_the_start(text, url):
    with pytest.raises(ImproperlyConfigured, match="KADOMA_EMAIL_FROM"):
        mail_sender(text, mail_server(url))


def test_the_sites_address_is_taken_without_its_last_slash():
    assert site_url("") == ""
    assert site_url("https://plan.example.lg.jp/") == "https://plan.example.lg.jp"
    assert site_url("http://10.0.0.5:8000/plan") == "http://10.0.0.5:8000/plan"


@pytest.mark.parametrize(
    "text", ["plan.example.lg.jp", "ftp://plan", "https://", "https://a b", "https://a?b=1"]
)
def test_a_wrong_address_of_the_site_stops_the_start(text):
    with pytest.raises(ImproperlyConfigured, match="KADOMA_SITE_URL"):
        site_url(text)
