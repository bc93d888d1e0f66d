"""The meetings' list and pages: who sees which, what they say, and the papers handed out."""

import datetime as dt
import re

import pytest

from kpis.models import Meeting, Publication
from kpis.services import publish_outright
from tests.conftest import R7_H1
from tests.councils import (  # noqa: F401 (fixtures)
    PAPER,
    SLUG,
    address,
    browser,
    december,
    july,
    kept,
    no_rights,
    say,
    text_of,
    words_of,
)
from tests.factories import make_actions, make_meeting, make_plan

pytestmark = pytest.mark.django_db

# --- who sees what --------------------------------------------------------------------------------
PEOPLE = ("", "council_member", "no_rights", "entry_clerk", "publisher", "administrator")
# The answers to nobody, 委員, an account without a role, 入力担当, 公表担当, 管理者.
ANSWERS = {
    "staff": (404, 404, 404, 200, 200, 200),
    "members": (302, 200, 404, 200, 200, 200),
    "public": (200, 200, 200, 200, 200, 200),
}


@pytest.mark.parametrize("audience", ANSWERS)
@pytest.mark.parametrize("page", ["", "brief/", "materials/{paper}/"])
def test_a_page_answers_those_only_who_may_see_the_meeting(
    july, administrator, browser, audience, page
):
    Meeting.objects.update(audience=audience)
    where = address(july, page.format(paper=kept(july, administrator).pk))
    answers = tuple(browser(one).get(where).status_code for one in PEOPLE)
    assert answers == ANSWERS[audience]


@pytest.mark.parametrize("audience", ANSWERS)
def test_the_list_names_a_meeting_to_those_only_who_may_see_it(july, browser, audience):
    Meeting.objects.update(audience=audience)
    named = tuple(july.name in text_of(browser(one), f"/{SLUG}/meetings/") for one in PEOPLE)
    assert named == tuple(answer == 200 for answer in ANSWERS[audience])


def test_nobody_is_told_that_a_meeting_in_preparation_exists(client, july):
    Meeting.objects.update(audience="staff")
    hidden = client.get(address(july))
    unknown = client.get(f"/{SLUG}/meetings/99999/")
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.content == unknown.content
    assert "この会議のページはありません。" in hidden.content.decode()


@pytest.mark.parametrize("key", ["0", "99999999999999999999999", "-1", "x"])
def test_a_key_that_is_none_is_not_found(client, july, key):
    assert client.get(f"/{SLUG}/meetings/{key}/").status_code == 404


def test_a_meeting_stands_below_its_own_plan_only(client, july, administrator):
    other = make_plan(slug="other")
    publish_outright(plan=other, period=R7_H1, by=administrator, reason="見本")
    assert client.get(f"/other/meetings/{july.pk}/").status_code == 404
    assert july.name not in text_of(client, "/other/meetings/")


def test_who_has_not_signed_in_is_asked_to_and_comes_back(client, july, council_member):
    Meeting.objects.update(audience="members")
    asked = client.get(address(july, "brief/"))
    assert asked["Location"] == f"/accounts/login/?next=/{SLUG}/meetings/{july.pk}/brief/"
    signed = client.post(asked["Location"], {"username": "iin", "password": "himitsu"})
    assert signed["Location"] == address(july, "brief/")
    assert july.name in text_of(client, signed["Location"])


def test_no_cache_keeps_what_a_meeting_shows(july, administrator, browser):
    paper = kept(july, administrator)
    pages = ("", "brief/", f"materials/{paper.pk}/")
    for where in (f"/{SLUG}/meetings/", *(address(july, one) for one in pages)):
        for name in ("", "council_member"):
            response = browser(name).get(where)
            assert {"private", "no-store"} <= set(response["Cache-Control"].split(", ")), where
            assert "Cookie" in response["Vary"], where


def test_no_cache_keeps_a_signed_in_persons_page(published, browser):
    own, anyones = (browser(one).get(f"/{SLUG}/") for one in ("council_member", ""))
    assert {*own["Cache-Control"].split(", ")} == {"private", "no-store"}
    assert anyones["Cache-Control"] == "no-cache"
    assert "Cookie" in own["Vary"]
    assert "Cookie" in anyones["Vary"]


# --- the list -------------------------------------------------------------------------------------


@pytest.fixture
def first_of_december(monkeypatch):
    """Let it be 1 December 2025."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: dt.date(2025, 12, 1))


def test_the_next_meeting_stands_first_then_undated_ones_then_the_past(
    client, july, december, first_of_december
):
    for name, day in (
        ("三月", dt.date(2026, 3, 1)),
        ("未定", None),
        ("昨年", dt.date(2024, 11, 25)),
    ):
        make_meeting(plan=july.plan, name=name, day=day, number=0, audience="public")
    page = text_of(client, f"/{SLUG}/meetings/")
    names = re.findall(r"<h3><a [^>]*>([^<]*)</a>", page)
    assert names == ["第2回懇話会", "三月", "未定", "第1回懇話会", "昨年"]
    coming, past = page.split("これまでの会議")
    assert (coming.count("会議前の確認<"), past.count("会議前の確認<")) == (3, 0)


def test_a_meeting_of_today_is_still_to_come(client, july, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: dt.date(2025, 7, 30))
    assert "予定されている会議はありません" not in text_of(client, f"/{SLUG}/meetings/")
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: dt.date(2025, 7, 31))
    assert "予定されている会議はありません" in text_of(client, f"/{SLUG}/meetings/")


def test_the_list_tells_day_place_review_and_opinions(client, july):
    for number, state in enumerate(["", "settled", "in_hand", "later", "difficult"], 1):
        told = {"reply": "回答", "state_reason": "理由"} if state else {}
        say(july, number, "意見", state=state, **told)
    words = words_of(client, f"/{SLUG}/meetings/")
    assert (
        "第1回懇話会公開令和7年7月30日市役所検討する公表:令和7年度上半期第1版"
        "意見5件（対応が続くもの3件、終わったもの2件）"
    ) in words


def test_the_list_says_in_words_for_whom_a_meeting_is(clerk, july, december):
    Meeting.objects.filter(pk=july.pk).update(audience="members", is_example=True)
    Meeting.objects.filter(pk=december.pk).update(audience="staff")
    words = words_of(clerk, f"/{SLUG}/meetings/")
    assert "第1回懇話会委員のみ例示" in words
    assert "第2回懇話会準備中（職員のみ）令和7年12月2日" in words


def test_the_preview_lists_all_meetings_to_staff(clerk, kadoma, entering):
    make_meeting(plan=kadoma, number=0)
    where = f"/admin/preview/{entering.pk}/meetings/"
    page = text_of(clerk, where)
    meeting = Meeting.objects.get()
    assert f'<a href="{address(meeting)}">第1回懇話会</a>' in page


def test_the_preview_of_an_unpublished_plan_leads_to_no_meeting_page(clerk, kadoma):
    make_meeting(plan=kadoma, number=0)
    period = kadoma.periods.first()
    page = text_of(clerk, f"/admin/preview/{period.pk}/meetings/")
    assert "第1回懇話会" in page
    assert f"/{SLUG}/meetings/" not in page


def test_a_plan_that_published_nothing_has_no_meeting_page(clerk, kadoma):
    meeting = make_meeting(plan=kadoma, number=0)
    answer = clerk.get(address(meeting))
    assert answer.status_code == 404
    assert "この計画の公表はまだありません。" in answer.content.decode()


# --- one meeting ----------------------------------------------------------------------------------


def test_a_meeting_tells_day_place_agenda_members_and_what_it_reviews(client, july):
    page, words = text_of(client, address(july)), words_of(client, address(july))
    assert "開催日令和7年7月30日場所市役所検討する公表令和7年度上半期第1版" in words
    assert "次第1開会2進捗状況委員会長門真太郎（〇〇大学）京阪花子配付した資料" in words
    assert "<li>会長　門真太郎（〇〇大学）</li><li>京阪花子</li>" in page
    assert f'href="/{SLUG}/?period=2025-H1&amp;version=1">令和7年度上半期 第1版</a>' in page


def test_a_meeting_reviews_the_chosen_publication_and_else_the_newest(client, july, publisher):
    publish_outright(plan=july.plan, period=R7_H1, by=publisher, reason="訂正")
    assert "検討する公表令和7年度上半期第2版" in words_of(client, address(july))
    for chosen in Publication.objects.filter(version=1):
        Meeting.objects.update(publication=chosen)
        label = chosen.period.period.label
        assert f"検討する公表{label}第1版" in words_of(client, address(july))
        assert f"検討する公表:{label}第1版" in words_of(client, f"/{SLUG}/meetings/")


def test_an_undated_meeting_and_an_example_say_so(client, july):
    Meeting.objects.update(day=None, place="", agenda="", members="", is_example=True)
    words = words_of(client, address(july))
    assert "開催日未定検討する公表" in words
    assert "例示見本として作ったもので、実際の会議の記録ではありません。" in words
    assert "次第" not in words
    for page in ("", "brief/"):
        assert f"【例示】{july.name}" in words_of(client, address(july, page))


def test_an_opinion_tells_who_what_about_and_the_citys_reply(client, july):
    plan = july.plan
    measure = plan.strategies.get(number=1).measures.get(number=1)
    (action,) = make_actions(plan=plan, measures=[measure], number=1)
    publish_outright(plan=plan, period=R7_H1, by=_person(plan), reason="アクションを加えた")
    subjects = {"indicator": plan.indicators.get(code="2-4"), "measure": measure, "action": action}
    answered = {"reply": "様式を定めます。", "state": "in_hand", "state_reason": "年度内に"}
    say(july, 3, "成果が\n見えない。", speaker="門真委員", **subjects, **answered)
    page, words = text_of(client, address(july)), words_of(client, address(july))
    assert "▶対応中意見3門真委員成果が見えない。対象指標2-4" in words
    assert "アクションA-1アクション1市の回答様式を定めます。対応状況の説明年度内に" in words
    for linked in ("kpis/2-4/", "measures/1-1/", "actions/"):
        assert f'href="/{SLUG}/{linked}?period=2025-H1&amp;version=2' in page


def _person(plan):
    return Publication.objects.filter(period__plan=plan)[0].published_by


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("", "？未回答意見1意見の本文市の回答まだ回答していません。"),
        ("settled", "●対応済意見1意見の本文市の回答回答の文対応状況の説明理由の文"),
        ("in_hand", "▶対応中意見1意見の本文市の回答回答の文対応状況の説明理由の文"),
        ("later", "…今後検討意見1意見の本文市の回答回答の文対応状況の説明理由の文"),
        ("difficult", "■対応困難意見1意見の本文市の回答回答の文対応困難の理由理由の文"),
    ],
)
def test_each_state_is_a_sign_and_words(client, july, state, shown):
    told = {"reply": "回答の文", "state_reason": "理由の文"} if state else {}
    say(july, 1, "意見の本文", state=state, **told)
    assert shown in words_of(client, address(july))


def test_a_name_that_is_not_published_yet_is_not_told(client, july):
    plan = july.plan
    first = plan.indicators.get(code="1-1")
    plan.indicators.filter(code="1-1").update(name="改めた名前")
    added = {"name": "新しい名前", "unit": "件", "strategy": first.strategy, "order": 9}
    new = plan.indicators.create(code="1-9", **added)
    say(july, 1, "意見", indicator=first)
    say(july, 2, "意見", indicator=new)
    words = words_of(client, address(july))
    assert "対象指標1-1門真市中小企業サポートセンター相談件数" in words
    assert "対象指標1-9（この公表にはありません）" in words
    assert "名前" not in words


# --- papers ---------------------------------------------------------------------------------------


def test_a_paper_comes_as_it_was_handed_out(client, july, administrator):
    paper = kept(july, administrator, name="会議資料 第1回.xlsx")
    response = client.get(address(july, f"materials/{paper.pk}/"))
    assert response.content == PAPER
    assert response["Content-Type"] == (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E4%BC%9A%E8%AD%B0%E8%B3%87%E6%96%99%20%E7%AC%AC1%E5%9B%9E.xlsx"
    )
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_paper_of_no_known_kind_is_only_to_be_saved(client, july, administrator):
    paper = kept(july, administrator, name="危険.html", content=b"<script>")
    response = client.get(address(july, f"materials/{paper.pk}/"))
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")


def test_a_paper_is_listed_with_size_day_hash_and_publication(client, july, administrator):
    paper = kept(july, administrator)
    words = words_of(client, address(july))
    assert "資料1.xlsx18バイト" in words
    assert f"SHA-256{paper.sha256[:12]}…" in words
    assert f"SHA-256{paper.sha256}" in words
    assert "令和7年度上半期第1版から作成" in words


def test_a_paper_stands_below_its_own_meeting_only(client, july, december, administrator):
    paper = kept(july, administrator)
    Meeting.objects.filter(pk=july.pk).update(audience="staff")
    assert client.get(address(december, f"materials/{paper.pk}/")).status_code == 404
