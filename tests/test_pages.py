"""The public pages: every address, what it says, and what it costs."""

import pytest

from actions.fiscal import Period, Term
from kpis.models import Publication
from kpis.selectors import published as published_selector
from kpis.services import publish_outright
from tests.factories import make_plan

SLUG = "kadoma-monozukuri"
PAGES = [
    "/",
    f"/{SLUG}/",
    f"/{SLUG}/strategies/1/",
    f"/{SLUG}/strategies/3/",
    f"/{SLUG}/measures/1-3/",
    f"/{SLUG}/measures/3-6/",
    f"/{SLUG}/kpis/1-1/",
    f"/{SLUG}/kpis/2-2/",
    f"/{SLUG}/kgi/",
    f"/{SLUG}/tree/",
    f"/{SLUG}/actions/",
    f"/{SLUG}/publicity/",
    f"/{SLUG}/meetings/",
    f"/{SLUG}/rules/",
    f"/{SLUG}/corrections/",
    f"/{SLUG}/data/",
]
FILES = [f"/{SLUG}/data/kpis.{kind}" for kind in ("csv", "xlsx", "json")]
OLDER = "?period=2024-FY&version=1"


def text_of(client, address):
    return client.get(address).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?period=R6-FY",
        OLDER,
        "?period=%E4%BB%A4%E5%92%8C%EF%BC%97%E5%B9%B4%E5%BA%A6%E4%B8%8A%E5%8D%8A%E6%9C%9F",
    ],
)
@pytest.mark.parametrize("address", PAGES + FILES)
def test_every_page_answers_for_every_publication(client, published, address, query):
    response = client.get(address + query)
    assert response.status_code == 200
    assert "None" not in b"".join(response).decode(errors="ignore").replace("PackageNone", "")


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_made_by_three_queries_at_most(
    client, published, address, django_assert_max_num_queries
):
    with django_assert_max_num_queries(3):
        assert client.get(address).status_code == 200


@pytest.mark.slow
def test_pages_and_files_cost_as_many_queries_for_60_indicators_as_for_15(
    client, administrator, django_assert_max_num_queries
):
    costs = {}
    for slug, number in (("small", 15), ("large", 60)):
        plan = make_plan(slug=slug, indicators=number, strategies=3, measures=6)
        publish_outright(plan=plan, period=Period(2025, Term.H1), by=administrator, reason="試験")
        for address in [*PAGES[1:], *FILES]:
            published_selector._contents.clear()  # as the first reader after a start
            with django_assert_max_num_queries(3) as captured:
                response = client.get(address.replace(SLUG, slug))
                assert b"".join(response)
            costs.setdefault(address, []).append(len(captured))
    assert {address: cost for address, cost in costs.items() if cost[0] != cost[1]} == {}


@pytest.mark.parametrize(
    ("address", "message"),
    [
        (f"/{SLUG}/?period=2025", "「2025」は期間として読み取れません。"),
        (f"/{SLUG}/?period=2030-FY", "令和12年度は公表されていません。"),
        (f"/{SLUG}/?period=2025-H1&version=2", "令和7年度上半期の第2版は公表されていません。"),
        (f"/{SLUG}/?version=x", "「x」は公表の版として読み取れません。"),
        (f"/{SLUG}/?version=-1", "「-1」は公表の版として読み取れません。"),
        (f"/{SLUG}/?version=99999999999999999999", "は公表の版として読み取れません。"),
        (f"/{SLUG}/kpis/9-9/", "指標 9-9 はこの計画にありません。"),
        (f"/{SLUG}/strategies/9/", "基本戦略9はこの計画にありません。"),
        (f"/{SLUG}/measures/9-9/", "施策 9-9 はこの計画にありません。"),
        (f"/{SLUG}/data/kpis.csv?encoding=utf-16", "文字コード「utf-16」は選べません。"),
        ("/nai-keikaku/", "この計画の公表はまだありません。"),
        (f"/{SLUG}/nai/", "お探しのページは"),
        (f"/{SLUG}/data/kpis.pdf", "お探しのページは"),
    ],
)
def test_what_is_not_there_is_told_in_japanese(client, published, address, message):
    response = client.get(address)
    assert response.status_code == 404
    assert message in response.content.decode()


def test_a_message_about_the_address_is_escaped(client, published):
    page = text_of(client, f"/{SLUG}/?period=<script>alert(1)</script>")
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("address", PAGES[1:] + FILES)
def test_pages_are_read_only(client, published, address):
    assert client.post(address).status_code == 405


def test_nothing_is_shown_before_the_first_publication(client, kadoma):
    assert "公表された計画は、まだありません。" in text_of(client, "/")
    assert "この計画の公表はまだありません。" in text_of(client, f"/{SLUG}/")


def test_without_any_plan_the_front_page_says_how_to_begin(client, db):
    assert "uv run manage.py quickstart" in text_of(client, "/")


def test_the_overview_counts_judgements_and_shows_the_kgis(client, published):
    response = client.get("/")
    found = [(one.judgement.words, one.number) for one in response.context["counts"]]
    assert found == [
        ("◎順調", 4),
        ("○概ね順調", 1),
        ("△やや遅れ", 0),
        ("×遅れ", 4),
        ("✓目標に到達", 1),
        ("－判定なし", 5),
    ]
    page = response.content.decode()
    assert "27,570,624" in page
    assert "+3.3ポイント" in page
    assert "+7.8ポイント" in page
    assert "参考判定" in page


def cells(table, name):
    """Return the row of a table whose heading cell holds the name, as texts without tags."""
    from django.utils.html import strip_tags

    for row in table.rows:
        texts = {column.name: strip_tags(str(cell)) for column, cell in row.items()}
        if name in texts[table.heading]:
            return texts
    raise AssertionError(f"no row {name}")


def test_zero_dash_and_blank_stay_three_things_on_a_page(client, kadoma, administrator):
    kadoma.indicators.get(code="3-6").actuals.filter(period__fiscal_year=2025).delete()
    publish_outright(
        plan=kadoma, period=Period(2025, Term.H1), by=administrator, reason="3-6は入力待ち"
    )
    table = client.get(f"/{SLUG}/strategies/3/").context["table"]
    zero, dash, blank = (cells(table, code) for code in ("3-1", "3-3", "3-6"))
    assert (zero["actual"], zero["rate"]) == ("0", "0%")
    assert (dash["actual"], dash["rate"]) == ("—公表資料に記載なし", "—")
    assert (blank["actual"], blank["rate"]) == ("未入力", "")


def test_a_half_year_is_not_judged_as_a_finished_year(client, published):
    table = client.get(f"/{SLUG}/kpis/1-1/").context["table"]
    half = cells(table, "令和7年度上半期")
    assert (half["actual"], half["rate"], half["met"]) == ("704", "58.6%", "")
    whole = cells(table, "令和6年度")
    assert (whole["actual"], whole["rate"], whole["met"]) == ("1,124", "93.6%", "未達成")


def test_a_linked_target_names_the_plan_that_will_set_it(client, published):
    table = client.get(f"/{SLUG}/kpis/1-1/").context["table"]
    assert (
        cells(table, "令和8年度")["target"]
        == "連動毎年度策定（前年度の3月策定）を行う「門真市第6次総合計画 実施計画」で定める目標値と連動"
    )


def test_an_indicator_page_explains_its_rate(client, published):
    page = text_of(client, f"/{SLUG}/kpis/2-4/")
    assert "（実績 − 前年度実績）÷（目標 − 前年度実績）" in page
    assert "（137 − 136）÷（150 − 136） × 100 = 7.142857… → 7.1%" in page


def test_the_rule_page_is_made_from_the_plans_own_figures(client, published):
    page = text_of(client, f"/{SLUG}/rules/")
    for words in (
        "704 ÷ 1,200 × 100 = 58.666666… → 58.6%",
        "小数第1位まで（切り捨て",
        "80%以上 100%未満",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("/", "全体"),
        (f"/{SLUG}/{OLDER}", "全体"),
        (f"/{SLUG}/kgi/", "KGI"),
        (f"/{SLUG}/tree/", "計画の体系"),
        (f"/{SLUG}/actions/", "アクション"),
        (f"/{SLUG}/publicity/", "普及・周知"),
        (f"/{SLUG}/rules/", "算定ルール"),
    ],
)
def test_the_navigation_marks_the_page_that_is_shown(client, published, address, label):
    assert f'aria-current="page">{label}</a>' in text_of(client, address)


def test_links_keep_the_chosen_publication(client, published):
    page = text_of(client, f"/{SLUG}/{OLDER}")
    kept = "?period=2024-FY&amp;version=1"
    assert f'href="/{SLUG}/kpis/1-1/{kept}"' in page
    assert f'href="/{SLUG}/rules/{kept}"' in page
    assert "過去の公表を表示しています" in page


def test_an_older_publication_shows_its_own_figures(client, published):
    row = cells(client.get(f"/{SLUG}/strategies/1/{OLDER}").context["table"], "1-1")
    assert (row["actual"], row["rate"]) == ("1,124", "93.6%")
    page = text_of(client, f"/{SLUG}/kpis/1-1/{OLDER}")
    assert "令和7年度上半期 実績" not in page


def test_an_older_version_points_to_the_corrected_one(client, published, administrator):
    publish_outright(
        plan=published, period=Period(2025, Term.H1), by=administrator, reason="誤記の訂正"
    )
    page = text_of(client, f"/{SLUG}/?period=2025-H1&version=1")
    assert "第1版は訂正前の公表です。" in page
    assert "訂正前" not in text_of(client, f"/{SLUG}/")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ({"payload": "{}"}, "公表データが公表時の内容と一致しません"),
        (
            {
                "payload": "{}",
                "sha256": "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
            },
            "公表データの形式の版",
        ),
    ],
    ids=["changed-content", "unknown-schema"],
)
def test_a_damaged_publication_is_told_and_the_others_stay(client, published, damage, message):
    Publication.objects.filter(period__term="H1").update(**damage)
    response = client.get("/")
    assert response.status_code == 503
    assert message in response.content.decode()
    assert client.get(f"/{SLUG}/{OLDER}").status_code == 200


def test_a_damaged_older_publication_does_not_break_the_pages_that_need_it(client, published):
    Publication.objects.filter(period__term="FY").update(payload="{}")
    response = client.get(f"/{SLUG}/kpis/1-1/")
    assert response.status_code == 503
    assert "公表データが公表時の内容と一致しません" in response.content.decode()
    assert client.get(f"/{SLUG}/strategies/1/").status_code == 200


H1_CORRECTIONS = f"/{SLUG}/corrections/?period=2025-H1"


def correct(plan, person, reason, value=None):
    """Publish R7 上半期 once more, with another figure of 1-1 where one is given."""
    if value is not None:
        found = plan.indicators.get(code="1-1").actuals.filter(period__fiscal_year=2025)
        found.update(value=value)
    publish_outright(plan=plan, period=Period(2025, Term.H1), by=person, reason=reason)


def test_without_a_correction_the_page_of_corrections_says_so(client, published):
    assert "この公表に訂正はありません。" in text_of(client, H1_CORRECTIONS)
    assert ">訂正表</a>" not in text_of(client, f"/{SLUG}/")


def test_corrections_are_listed_newest_first_with_reason_and_differences(
    client, published, administrator
):
    correct(published, administrator, "集計の誤り", 714)
    correct(published, administrator, "体裁の変更")
    response = client.get(H1_CORRECTIONS)
    newest, first = response.context["corrections"]
    assert (newest.heading, newest.reason, newest.table) == (
        "第2版から第3版へ",
        "体裁の変更",
        None,
    )
    assert (first.heading, first.reason) == ("第1版から第2版へ", "集計の誤り")
    place = "1-1 門真市中小企業サポートセンター相談件数"
    assert [(row.place, row.item, row.before, row.after) for row in first.table.data] == [
        (place, "令和7年度上半期 実績", "704", "714"),
        (place, "令和7年度上半期 達成率", "58.6%", "59.5%"),
    ]
    page = response.content.decode()
    assert "内容の違いはありません。" in page
    assert "この公表に訂正はありません。" not in page
    # An older version shows the same corrections of its period, another period shows its own.
    assert len(client.get(f"{H1_CORRECTIONS}&version=1").context["corrections"]) == 2
    assert client.get(f"/{SLUG}/corrections/{OLDER}").context["corrections"] == []


def test_a_corrected_publication_leads_to_its_corrections(client, published, administrator):
    correct(published, administrator, "集計の誤り", 714)
    assert f'<a href="/{SLUG}/corrections/">訂正表</a>' in text_of(client, f"/{SLUG}/kgi/")
    kept = "?period=2025-H1&amp;version=2"
    page = text_of(client, f"/{SLUG}/kgi/?period=2025-H1&version=2")
    assert f'<a href="/{SLUG}/corrections/{kept}">訂正表</a>' in page
    older = text_of(client, f"/{SLUG}/kgi/{OLDER}")
    assert ">訂正表</a>" not in older
    assert "令和7年度上半期の訂正表</a>" in text_of(client, f"/{SLUG}/meetings/")


def test_corrections_cost_as_many_queries_for_ten_versions_as_for_two(
    client, published, administrator, django_assert_num_queries
):
    for number in range(9):
        correct(published, administrator, "訂正", 705 + number)
        if number in (0, 8):
            published_selector._contents.clear()
            with django_assert_num_queries(3):
                assert client.get(H1_CORRECTIONS).status_code == 200


def test_the_health_page_asks_nothing_of_the_database(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok\n"


def test_the_content_security_policy_allows_nothing_from_outside(client, published):
    policy = client.get("/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "sha256" not in policy
    assert "http" not in policy
