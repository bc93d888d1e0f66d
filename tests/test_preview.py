"""The staff preview: every page of a plan from live records, before anyone else may see it."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType

from actions.fiscal import Period, Term
from kpis.models import Publication, ReportingPeriod
from kpis.services import publish_outright
from tests.factories import make_plan

REST = [
    "",
    "strategies/1/",
    "measures/1-3/",
    "kpis/1-1/",
    "kpis/2-2/",
    "kgi/",
    "actions/",
    "meetings/",
    "rules/",
    "corrections/",
    "data/",
]
FILES = [f"data/kpis.{kind}" for kind in ("csv", "xlsx", "json")]
BANNER = "公表前のプレビュー（第{}版の予定）"
WARNING = "— 入力中の値を含みます。外部に公開しないでください。"
R7_H1 = Period(2025, Term.H1)


def key(plan, period=R7_H1):
    return plan.periods.get(fiscal_year=period.fiscal_year, term=period.term).pk


@pytest.fixture
def home(published):
    """The address of the preview of R7 上半期, which was published once."""
    return f"/admin/preview/{key(published)}/"


@pytest.fixture
def staff(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def may_preview(db):
    """The right to see previews."""
    kind = ContentType.objects.get_for_model(ReportingPeriod)
    return Permission.objects.get_or_create(
        codename="preview_reportingperiod", content_type=kind, defaults={"name": "公表前"}
    )[0]


def text_of(client, address):
    return client.get(address).content.decode()


def enter(plan, code, **fields):
    plan.indicators.get(code=code).actuals.filter(period__fiscal_year=2025).update(**fields)


# --- who may see it -------------------------------------------------------------------------------


@pytest.mark.parametrize("rest", REST + FILES)
def test_without_signing_in_every_page_leads_to_the_login(client, home, rest):
    response = client.get(home + rest + "?x=1")
    assert response.status_code == 302
    assert response["Location"] == f"/admin/login/?next={home}{rest}%3Fx%3D1"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("rest", REST + FILES)
def test_staff_without_the_right_see_nothing(client, home, django_user_model, rest):
    client.force_login(django_user_model.objects.create_user("shokuin", is_staff=True))
    response = client.get(home + rest)
    assert response.status_code == 403
    assert "704" not in response.content.decode()


def test_the_right_alone_is_not_enough_without_being_staff(
    client, home, council_member, may_preview
):
    council_member.user_permissions.add(may_preview)
    client.force_login(council_member)
    assert client.get(home).status_code == 403


def test_an_account_that_was_closed_is_not_signed_in(client, home, administrator):
    client.force_login(administrator)
    type(administrator).objects.update(is_active=False)
    assert client.get(home).status_code == 302


def test_staff_with_the_right_see_it(client, home, django_user_model, may_preview):
    person = django_user_model.objects.create_user("shokuin", is_staff=True)
    person.user_permissions.add(may_preview)
    client.force_login(person)
    assert client.get(home).status_code == 200


@pytest.mark.parametrize("period", ["0", "999999", "9" * 30])
def test_an_unknown_period_is_told(staff, db, period):
    response = staff.get(f"/admin/preview/{period}/")
    assert response.status_code == 404
    assert "この報告期間は登録されていません。" in response.content.decode()


@pytest.mark.parametrize("rest", REST + FILES)
def test_a_preview_is_read_only(staff, home, rest):
    assert staff.post(home + rest).status_code == 405


# --- what it says ---------------------------------------------------------------------------------


@pytest.mark.parametrize("rest", REST)
def test_every_page_says_that_it_is_not_published(staff, home, rest):
    page = text_of(staff, home + rest)
    assert f"<strong>{BANNER.format(2)}</strong>{WARNING}" in page
    assert "<title>【公表前】" in page
    assert "切替" not in page
    assert "None" not in page
    footer = page[page.index("<footer") :]
    assert BANNER.format(2) in footer
    assert "公表</p>" not in footer


@pytest.mark.parametrize("rest", REST + FILES)
def test_no_cache_and_no_search_engine_keeps_a_preview(staff, home, rest):
    response = staff.get(home + rest)
    assert response.status_code == 200
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]


@pytest.mark.parametrize("rest", REST)
def test_a_preview_leads_to_no_public_page_but_the_one_that_says_so(staff, home, rest):
    page = text_of(staff, home + rest)
    links = re.findall(r'<a [^>]*href="([^"#]*)[^"]*"[^>]*>(.*?)</a>', page, re.DOTALL)
    elsewhere = [(address, name) for address, name in links if address]
    outside = [(address, name) for address, name in elsewhere if not address.startswith(home)]
    allowed = [
        ("/admin/", "管理画面"),
        ("/kadoma-monozukuri/", "公開中のページ"),
    ]
    # Nothing is registered yet, and staff are told where to begin.
    if rest in ("actions/", "tree/") or rest.startswith("measures/"):
        allowed.append(("/admin/actions/action/", "管理画面の「アクション」"))
        allowed.append(("/admin/actions/plan/", "「計画」の一覧"))
    if rest == "meetings/":
        allowed.append(("/admin/kpis/meeting/add/", "管理画面の「会議」"))
    to_the_record = [one for one in outside if one[0].startswith("/admin/open/")]
    assert len(to_the_record) <= 1
    of_the_site = [
        ("/", "トップページ"),
        ("/guide/", "手引き（使い方）"),
        ("/accessibility/", "ウェブアクセシビリティ"),
    ]
    assert [one for one in outside if one not in to_the_record] == allowed + of_the_site
    assert len(links) > len(allowed)


def test_every_link_of_a_preview_works(staff, home):
    waiting, seen = [home], set()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        response = staff.get(address)
        assert response.status_code == 200, address
        if "html" in response["Content-Type"]:
            found = re.findall(r'href="(/admin/preview/[^"#?]*)', response.content.decode())
            waiting += found
    assert len(seen) > 15 + 15 + 8


def test_the_navigation_marks_the_previewed_page(staff, home):
    assert 'aria-current="page">全体</a>' in text_of(staff, home)
    assert 'aria-current="page">KGI</a>' in text_of(staff, f"{home}kgi/")


def test_a_draft_is_shown_in_the_preview_and_nowhere_else(staff, home, published):
    enter(published, "1-1", value=777)
    for rest in ("", "strategies/1/", "rules/", "kpis/1-1/"):
        assert "777" in text_of(staff, home + rest)
        assert "777" not in text_of(staff, f"/kadoma-monozukuri/{rest}")
    assert "64.7%" in text_of(staff, home)  # 777 ÷ 1,200


def test_a_preview_of_an_older_period_shows_nothing_that_came_later(staff, published):
    page = text_of(staff, f"/admin/preview/{key(published, Period(2024, Term.FY))}/kpis/1-1/")
    assert "令和6年度 実績" in page
    assert "令和7年度上半期 実績" not in page


def test_before_the_first_publication_there_is_no_public_page_to_go_to(staff, kadoma):
    home = f"/admin/preview/{key(kadoma)}/"
    for rest in REST:
        page = text_of(staff, home + rest)
        assert BANNER.format(1) in page
        assert "公開中のページ" not in page
    assert "公表はまだありません。" in text_of(staff, f"{home}kpis/1-1/")
    assert "この期間はまだ公表されていない" in text_of(staff, f"{home}corrections/")


def test_the_record_of_what_was_published_is_shown_without_links(staff, home):
    page = text_of(staff, f"{home}kpis/1-1/")
    assert "令和7年度上半期 第1版" in page
    assert "version=1" not in page


# --- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_a_file_is_named_a_preview(staff, home, kind):
    response = staff.get(f"{home}data/kpis.{kind}")
    name = f"kadoma-monozukuri_2025-H1_preview.{kind}"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert b"".join(response)


def test_a_files_rows_have_no_version(staff, home, published):
    enter(published, "1-1", value=777)
    rows = b"".join(staff.get(f"{home}data/kpis.csv")).decode("utf-8-sig").splitlines()
    heading = rows[0].split(",")
    (row,) = (one.split(",") for one in rows if ",1-1," in one and ",2025," in one)
    found = dict(zip(heading, row, strict=True))
    assert (found["実績値"], found["達成率表示"], found["公表版"]) == ("777", "64.7%", "")


def test_the_data_page_does_not_invite_to_use_a_draft(staff, home):
    page = text_of(staff, f"{home}data/")
    assert "出典の記載例" not in page
    assert "公表前のデータです。" in page


# --- corrections ----------------------------------------------------------------------------------


def test_a_preview_shows_what_publishing_would_correct(staff, home, published):
    enter(published, "1-1", value=777)
    response = staff.get(f"{home}corrections/")
    (correction,) = response.context["corrections"]
    assert correction.heading == "第1版から公表前の内容へ"
    told = [(row.place, row.item, row.before, row.after) for row in correction.table.data]
    place = "1-1 門真市中小企業サポートセンター相談件数"
    assert told == [
        (place, "令和7年度上半期 実績", "704", "777"),
        (place, "令和7年度上半期 達成率", "58.6%", "64.7%"),
    ]
    assert "訂正表（公表後の変更）" in text_of(staff, home)


def test_a_preview_that_changes_nothing_says_so(staff, home):
    assert "内容の違いはありません。" in text_of(staff, f"{home}corrections/")


# --- cost and damage ------------------------------------------------------------------------------


def test_a_preview_costs_as_many_queries_for_60_indicators_as_for_15(
    staff, administrator, django_assert_max_num_queries
):
    costs = {}
    for slug, number in (("small", 15), ("large", 60)):
        plan = make_plan(slug=slug, indicators=number, strategies=3, measures=6)
        publish_outright(plan=plan, period=R7_H1, by=administrator, reason="試験")
        plan.indicators.first().actuals.update(value=1, reason="")
        for rest in REST + FILES:
            with django_assert_max_num_queries(25) as captured:
                response = staff.get(f"/admin/preview/{key(plan)}/{rest}")
                assert b"".join(response)
            costs.setdefault(rest, []).append(len(captured))
    assert {rest: cost for rest, cost in costs.items() if cost[0] != cost[1]} == {}


def test_a_damaged_publication_is_told_where_it_is_needed(staff, home):
    Publication.objects.filter(period__term="H1").update(payload="{}")
    response = staff.get(f"{home}corrections/")
    assert response.status_code == 503
    assert "公表データが公表時の内容と一致しません" in response.content.decode()
    assert staff.get(home).status_code == 200
