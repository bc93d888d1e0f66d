"""The plan's first page: what is behind, the list that its address narrows, and plans out of the ordinary."""

import csv
import datetime as dt
import html
import io
import re

import pytest
from django.utils.html import strip_tags

from actions.fiscal import Period, Term
from actions.models import Action
from kpis.models import Actual, Indicator, Kgi
from kpis.services import publish_outright
from tests.factories import make_actions, make_plan

pytestmark = pytest.mark.django_db

SLUG = "kadoma-monozukuri"
R7_H1 = Period(2025, Term.H1)


def text_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def words_of(page, start, end="</section>"):
    """Return what a reader sees of a part of the page, without spaces."""
    part = page.split(start, 1)[1].split(end, 1)[0]
    return re.sub(r"\s", "", html.unescape(strip_tags(part)))


def codes(client, query, address=f"/{SLUG}/"):
    """Return the codes of the listed indicators, in their order."""
    found = []
    for _, table in client.get(address + query).context["sections"]:
        for row in table.rows if table else ():
            found.append(re.search(r'class="code">([\d-]+)<', str(row.get_cell("name")))[1])
    return found


def test_the_headline_comes_first_and_says_how_it_stands_and_what_moved(client, published):
    page = text_of(client, "/")
    assert words_of(page, "</h1>", "<section").startswith(
        "令和7年度上半期は、15指標のうち10指標を判定し、6指標が「順調」「概ね順調」または"
        "「目標に到達」、4指標が「遅れ」です。"
        "前回（令和6年度）と比べて、2指標が改善し、5指標が悪化しました。3指標は横ばいです。"
        "ほかは、「判定なし」が5指標です。"
    )
    assert "前回（令和6年度）からの変化:↗改善2→横ばい3↘悪化5…比較できない5" in words_of(
        page, 'id="h-counts"'
    )
    older = text_of(client, f"/{SLUG}/?period=2024-FY")
    assert "これより前に判定した期間がないため、前回とは比べられません。" in older


def test_a_strategy_opens_with_its_own_headline(client, published):
    page = text_of(client, f"/{SLUG}/strategies/3/")
    assert words_of(page, "</h1>", "<section") == (
        "令和7年度上半期は、6指標のうち4指標を判定し、2指標が「順調」または「概ね順調」、"
        "2指標が「遅れ」です。"
        "前回（令和6年度）と比べて、3指標が悪化し、改善した指標はありません。1指標は横ばいです。"
        "ほかは、「判定なし」が2指標です。"
    )


def test_what_is_behind_stands_worst_first_with_why_and_what_is_done(
    client, published, administrator
):
    told = {"cause": "周知が足りない", "next_step": "企業を訪ねる", "next_step_owner": "商工係"}
    figures = Actual.objects.filter(indicator__code="2-4", period__fiscal_year=2025)
    figures.update(**told, next_step_due=dt.date(2026, 3, 31))
    measures = list(published.strategies.get(number=2).measures.all())
    make_actions(
        plan=published,
        measures=measures,
        indicators=[published.indicators.get(code="2-4")],
        number=1,
    )
    publish_outright(plan=published, period=R7_H1, by=administrator, reason="要因")
    page = text_of(client, "/")
    words = words_of(page, 'id="h-late"')
    assert re.findall(r"(\d-\d)[^\d]+×遅れ", words) == ["3-1", "3-4", "2-4", "1-3"]
    assert (
        "2-4「ものづくりタウンかどま」掲載企業数（社）×遅れ↘悪化R6△やや遅れ"
        "実績137目標150達成率7.1%要因周知が足りない"
        "今後の対応企業を訪ねる（担当:商工係、期限:令和8年3月31日）"
        "関連するアクションA-1アクション1"
    ) in words
    assert "達成率0%要因と今後の対応は、公表に記載がありません。" in words
    for there in ("kpis/2-4/", "actions/A-1/"):
        assert f'href="/{SLUG}/{there}"' in page


ALL = [
    "1-1",
    "1-2",
    "1-3",
    "1-4",
    "1-5",
    "2-1",
    "2-2",
    "2-3",
    "2-4",
    "3-1",
    "3-2",
    "3-3",
    "3-4",
    "3-5",
    "3-6",
]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ALL),
        ("?strategy=2", ["2-1", "2-2", "2-3", "2-4"]),
        ("?judgement=band-1", ["1-1", "1-5", "2-3", "3-2"]),  # ◎順調
        ("?judgement=band-4", ["1-3", "2-4", "3-1", "3-4"]),  # ×遅れ
        ("?judgement=behind", ["1-3", "2-4", "3-1", "3-4"]),
        ("?judgement=met", ["2-1"]),
        ("?judgement=not_judged", ["1-2", "1-4", "2-2", "3-3", "3-5"]),
        ("?change=better", ["1-1", "1-5"]),
        ("?change=worse&strategy=3", ["3-1", "3-4", "3-6"]),
        ("?word=%EF%BC%B3%EF%BC%AF%EF%BC%B3", []),  # ＳＯＳ
        ("?word=1-%EF%BC%93", ["1-3"]),  # 1-３
        ("?word=%E3%83%8D%E3%83%83%E3%83%88%E3%80%80%E6%9C%83", []),  # another 会
        ("?word=%E3%83%8D%E3%83%83%E3%83%88%E3%80%80%E4%BC%9A", ["2-2"]),  # ネット and 会
        ("?section=%E5%95%86%E5%B7%A5%E4%BF%82", ["1-2", "3-1"]),
        ("?order=need&judgement=behind", ["3-1", "3-4", "2-4", "1-3"]),
        ("?judgement=x&change=&section=y&order=z&strategy=99", ALL),
    ],
)
def test_the_list_is_narrowed_and_ordered(client, published, administrator, query, found):
    published.indicators.filter(code__in=("1-2", "3-1")).update(section="商工係")
    Indicator.objects.exclude(code__in=("1-2", "3-1")).update(section="")
    publish_outright(plan=published, period=R7_H1, by=administrator, reason="所管課")
    assert codes(client, query) == found


def test_by_need_the_judged_come_first_and_what_is_not_judged_last(client, published):
    listed = codes(client, "?order=need")
    assert sorted(listed) == ALL
    assert listed[:4] == ["3-1", "3-4", "2-4", "1-3"]
    assert listed[4] == "3-6"  # ○概ね順調
    assert set(listed[-5:]) == {"1-2", "1-4", "2-2", "3-3", "3-5"}


def test_what_is_asked_stands_in_the_form_in_words_and_in_the_switch(client, published):
    query = "?strategy=3&judgement=behind&order=need&word=+&period=2025-H1&version=1"
    page = text_of(client, f"/{SLUG}/{query}")
    said = strip_tags(re.search(r'<p class="found">(.*)</p>', page)[1])
    assert said == (
        "15件のうち2件（基本戦略: 3 基盤・集積強化、"
        "参考判定: 遅れているものすべて（△やや遅れ・×遅れ）、並び順: 対応が必要な順）"
    )
    form = page.split('class="filter"')[1].split("</form>")[0]
    assert '<option value="need" selected>対応が必要な順</option>' in form
    for name, value in (("period", "2025-H1"), ("version", "1")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in form
    switch = page.split('class="period-switch"')[1].split("</form>")[0]
    for name, value in (("strategy", "3"), ("judgement", "behind"), ("order", "need")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in switch
    kept = f"/{SLUG}/?period=2025-H1&amp;version=1#h-list"
    assert f'<a href="{kept}">条件を解除</a>' in page
    rows = list(
        csv.reader(
            io.StringIO(
                b"".join(client.get(f"/{SLUG}/{query}&table=indicators")).decode("utf-8-sig")
            )
        )
    )
    assert [row[0].split()[0] for row in rows[1:]] == ["3-1", "3-4"]
    assert rows[0][6:8] == ["参考判定", "前回から"]
    assert rows[1][6:8] == ["×遅れ", "↘悪化（R6 △やや遅れ）"]


def test_a_band_is_asked_of_another_period_in_that_periods_words(client, published):
    older = text_of(client, f"/{SLUG}/?judgement=band-2&period=2024-FY")
    assert "参考判定: ○概ね達成" in strip_tags(older)


def test_where_nothing_fits_and_where_a_value_is_no_option_the_page_helps(client, published):
    page = text_of(client, f"/{SLUG}/?word=%3Cb%3E")
    assert "15件のうち0件" in page
    assert "（指標名などの言葉: 「&lt;b&gt;」）" in page
    assert "条件に合う指標はありません。" in page
    assert f'<a href="/{SLUG}/#h-list">条件を解除してすべての指標を表示</a>' in page
    page = text_of(client, f"/{SLUG}/?judgement=%3Cx%3E")
    assert "「参考判定」に「&lt;x&gt;」という選択肢はないため、この条件は使っていません。" in page
    assert "全15件" in page


def test_of_many_that_are_behind_ten_are_told_and_the_rest_is_one_click_away(client, administrator):
    plan = make_plan(slug="large", indicators=60)
    publish_outright(plan=plan, period=Period(2024, Term.FY), by=administrator, reason="見本")
    # Actuals are 50, 51 ... of 100, but every tenth has none: 27 of the first 30 are below 80.
    page = text_of(client, "/large/")
    late = page.split('id="h-late"')[1].split("</section>")[0]
    assert late.count("<h3>") == 10
    assert "ほか17件（遅れている指標をすべて、対応が必要な順に見る）" in late
    address = html.unescape(re.search(r'href="([^"]+judgement=[^"]+)"', late)[1])
    assert address == "/large/?judgement=behind&order=need#h-list"
    assert len(codes(client, "?judgement=behind&order=need", "/large/")) == 27


def test_a_plan_without_indicators_or_kgis_says_so(client, administrator):
    plan = make_plan(slug="bare", indicators=0)
    Kgi.objects.filter(plan=plan).delete()
    publish_outright(plan=plan, period=R7_H1, by=administrator, reason="見本")
    page = text_of(client, "/bare/")
    assert "この計画には、指標（KPI）が登録されていません。" in page
    for absent in ('id="h-kgi"', 'class="filter"', 'id="h-late"', "data-chart="):
        assert absent not in page
    assert 'href="/bare/strategies/1/"' in page
    assert "この基本戦略には、指標（KPI）が登録されていません。" in text_of(
        client, "/bare/strategies/1/"
    )


def test_staff_preview_the_same_page_and_narrow_it(client, published, publisher):
    client.force_login(publisher)
    period = published.periods.get(fiscal_year=2025, term="H1")
    address = f"/admin/preview/{period.pk}/"
    assert codes(client, "?strategy=2&order=need", address)[0] == "2-4"
    page = text_of(client, f"{address}?judgement=behind")
    assert "要因と今後の対応は、まだ記入されていません。" in page
    assert f'action="{address}#h-list"' in page
    assert f'<a href="{address}#h-list">条件を解除</a>' in page


def test_an_indicators_page_tells_how_its_judgement_moved(client, published):
    tile = words_of(text_of(client, f"/{SLUG}/kpis/2-4/"), "<dt>参考判定</dt>", "</dl>")
    assert tile.startswith("×遅れ↘悪化R6△やや遅れ")
    rules = text_of(client, f"/{SLUG}/rules/")
    assert "前回からの変化（改善・横ばい・悪化）は、指標ごとに、" in rules


def test_samples_are_named_where_they_are_linked(client, published, administrator):
    measures = list(published.strategies.get(number=2).measures.all())
    linked = [published.indicators.get(code="2-4")]
    make_actions(plan=published, measures=measures, indicators=linked, number=1)
    Action.objects.update(is_example=True)
    publish_outright(plan=published, period=R7_H1, by=administrator, reason="例示")
    words = words_of(text_of(client, "/"), 'id="h-late"')
    assert "A-1【例示】アクション1" in words
    assert "【例示】の付いたものは記入の例であり、" in words
