"""No page speaks English: neither ours nor the packages'."""

import json
import re
from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from kpis.admin.people import permission_words
from tests.office import (  # noqa: F401 (fixtures)
    RIGHTS,
    enter_site,
    filled,
    no_role,
    office,
    system_administrator,
    table,
)

pytestmark = pytest.mark.django_db

# Words in Latin letters that Japanese offices use, names of keys, files and standards among them.
KNOWN = (
    "KPI KGI PDCA PLAN DO CHECK ACTION Excel CSV PNG PDF JSON XLSX SHA-256 UTF-8 BOM CP932 ID MB"
)
KNOWN += " Enter Tab Alt+Enter Control Command Mac Cookie"
# What the page of accessibility was tried with and against.
KNOWN += (
    " JIS WCAG AA axe-core Chromium Windows Edge Chrome Firefox Safari JavaScript NVDA PC-Talker"
)
KNOWN += " VoiceOver JB"
# The plan's own words, and what people of the tests typed.
TYPED = (
    "DX GX SDGs BCP Change Chance Challenge Combination Chain Cross Conditioning Cluster Convene"
)
TYPED += " kanri kohyo nyuryoku dantai example.jp example.lg.jp kou kadoma-monozukuri"
TYPED += " machizukuri-2026 tanaka kgi-1 sangyo city.example.jp"
MEANT = {*KNOWN.split(), *TYPED.split()}
FILE = re.compile(r"\S*\.(?:xlsx|csv|json)\b|\b[0-9a-f]{12,64}\b|\b[a-z]+(?:_[a-z]+)+\b")
WORD = re.compile(r"[A-Za-z]{2,}(?:['.&/+-]?[A-Za-z0-9]+)*")
# The addresses whose business is English: codes and keys of the open data, and files.
ENGLISH = re.compile(
    r"data/|preview/|\.csv$|/file/|book/$|template/|example/|workbook/|logout|jsi18n"
)

INLINES = "years strategies measures targets comparisons values revisions opinions"
EMPTY = {f"{one}-{what}_FORMS": 0 for one in INLINES.split() for what in ("TOTAL", "INITIAL")}


class Said(HTMLParser):
    """Gathers what a page says to its reader, in its text and in attributes."""

    def __init__(self, page):
        super().__init__()
        self.said, self.silent = [], 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        self.silent += tag in ("script", "style")
        self.said += [said.get(one) or "" for one in ("title", "alt", "placeholder", "aria-label")]
        if tag == "input" and said.get("type") in ("submit", "button", "reset"):
            self.said.append(said.get("value", ""))

    def handle_endtag(self, tag):
        self.silent -= tag in ("script", "style")

    def handle_data(self, data):
        self.said += [] if self.silent else [data]


def english(page):
    """Return each text of the page that holds a word in Latin letters that nobody meant."""
    texts = (" ".join(one.split()) for one in Said(page).said)
    return {one for one in texts if not {*WORD.findall(FILE.sub("", one))} <= MEANT}


def pages(at, client):
    """Yield every page of the site as its reader meets it, forms that were sent empty too."""
    for pattern, _ in table():
        if not ENGLISH.search(pattern):
            yield pattern, client.get(filled(pattern, at))
    for kind, (_, _, rights) in RIGHTS.items():
        name = kind.replace("/", "_")
        if "a" in rights:
            yield f"{kind} sent", client.post(reverse(f"admin:{name}_add"), EMPTY)
        if "d" in rights:
            sent = {"action": "delete_selected", "_selected_action": at.samples[kind].pk}
            yield f"{kind} deleted", client.post(reverse(f"admin:{name}_changelist"), sent)
    yield "unknown", client.get("/admin/kpis/reportingperiod/999999/entry/")
    yield "nowhere", client.get("/nowhere/at/all/")


def test_no_page_speaks_english(office, request, settings):
    group, action = office.samples["auth/group"], office.samples["actions/action"]
    group.permissions.set(Permission.objects.all()[:3])
    action.indicators.set([office.samples["kpis/indicator"]])
    client = enter_site(request, "X", raise_request_exception=False)
    found = {
        f"{name}: {text}"
        for name, answer in pages(office, client)
        if answer.get("Content-Type", "").startswith("text/html")
        for text in english(answer.content.decode())
    }
    assert not found, "\n".join(sorted(found))


def test_english_would_be_seen():
    # The control.
    page = (
        '<p>この表をCSVで保存</p><img alt="Search"><input type="submit" value="Save"><b>Can add</b>'
    )
    assert english(page) == {"Search", "Save", "Can add"}


@pytest.mark.parametrize(
    ("codename", "words"),
    [
        ("change_target", "指標と実績｜目標を変更する"),
        ("view_plan", "計画と施策｜計画を見る"),
        ("manage_reportingperiod", "指標と実績｜入力の開始・差戻し・公表・訂正ができる"),
    ],
)
def test_a_role_tells_its_permissions_in_words(codename, words):
    assert permission_words(Permission.objects.get(codename=codename)) == words


def test_a_role_offers_only_permissions_that_open_something(administrator, client):
    client.force_login(administrator)
    page = client.get(reverse("admin:auth_group_add")).content.decode()
    assert "指標と実績｜実績を入力し、提出できる" in page
    assert "計画と施策｜アクションを追加する" in page
    assert "ログエントリー" not in page
    assert "Axes" not in page


def test_an_account_gets_a_password_and_nothing_else_to_choose(administrator, client):
    client.force_login(administrator)
    sent = {"username": "shinnin", "password1": "kadoma-2026-x", "password2": "kadoma-2026-x"}
    client.post(reverse("admin:auth_user_add"), sent)
    person = User.objects.get(username="shinnin")
    assert person.check_password("kadoma-2026-x")
    address = reverse("admin:auth_user_password_change", args=[person.pk])
    assert "シングルサインオン" not in client.get(address).content.decode()
    sent = {"password1": "himitsu-2027-y", "password2": "himitsu-2027-y", "set-password": "1"}
    client.post(address, sent)
    person.refresh_from_db()
    assert person.check_password("himitsu-2027-y")
    refused = client.post(address, {"password1": "", "password2": ""})
    assert "このフィールドは必須です。" in refused.content.decode()


def test_a_page_that_waited_too_long_says_what_to_do():
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/accounts/login/", {"username": "a"})
    assert answer.status_code == 403
    assert "もう一度お試しください" in answer.content.decode()
    assert english(answer.content.decode()) == set()


def test_the_calendar_of_date_fields_speaks_japanese(administrator, client):
    client.force_login(administrator)
    said = client.get(reverse("admin:jsi18n")).content.decode()
    for text in ("今日", "明日", "1月", "日付を選択"):
        assert json.dumps(text)[1:-1] in said
