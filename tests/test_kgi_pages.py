"""KGIs as readers see them: late years, revised figures, comparators as values, further ones."""

import datetime as dt
import html
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import plotly.graph_objects as go
import pytest

from actions.fiscal import Period, Term
from kpis import figures
from kpis.growth import RecordedComparison, RecordedKgiRevision, RecordedKgiYear, kgi_years
from kpis.kgiwords import kgi_faults, late_words, recency
from kpis.services import publish_outright
from kpis.tables import kgi_revisions_table, kgi_table
from kpis.tables.texts import cell_words
from tests.builders import rich_progress
from tests.served import SLUG

H1 = Period(2025, Term.H1)
REASON = "令和2年基準への改定"
REVISED = RecordedKgiRevision(dt.date(2026, 4, 1), Decimal(27570624), Decimal("1.9"), REASON)
YEARS = [
    RecordedKgiYear(2022, Decimal(26300000)),
    RecordedKgiYear(2023, Decimal(27600000), Decimal("2.0"), revisions=(REVISED,)),
    RecordedKgiYear(2024, Decimal(28010000), Decimal("2.6")),
    RecordedKgiYear(2025, expected="令和9年3月"),
]
FURTHER = [
    RecordedComparison("全国", 2022, value=Decimal(36000)),
    RecordedComparison("全国", 2024, value=Decimal(37300)),
    RecordedComparison("近畿", 2023, growth=Decimal("1.2")),
    RecordedComparison("近畿", 2024, growth=Decimal("1.5")),
]


def kgi_of(rows, further=()):
    """Return the rich plan's KGI with these years, from 2022 on."""
    return replace(rich_progress().kgis[0], years=kgi_years(rows, 2022, 0, further))


def grid(table):
    """Return headings and rows as a saved CSV tells them."""
    rows = [[cell_words(cell) for _, cell in row.items()] for row in table.rows]
    return [[str(one.header) for one in table.columns], *rows]


def test_a_late_year_says_so_and_further_comparators_have_columns():
    assert grid(kgi_table(kgi_of(YEARS, FURTHER))) == [
        ["年", "値", "伸び率", "比較対象の伸び率", "差", "指数", "比較対象の指数",
         "全国の伸び率（参考）", "近畿の伸び率（参考）", "備考"],
        ["令和4(2022)年", "26,300,000", "—", "—", "—", "100.0", "100.0",
         "—（値 36,000）", "", "起点"],
        # 27,600,000 / 26,300,000 = 1.0494…
        ["令和5(2023)年", "27,600,000（改定）", "4.9%", "2.0%（改定）", "+2.9ポイント", "104.9",
         "102.0", "", "1.2%", ""],
        # 28,010,000 / 26,300,000 = 1.0650…; 37,300 / 36,000 = 1.0361…
        ["令和6(2024)年", "28,010,000", "6.5%", "2.6%", "+3.9ポイント", "106.5", "102.6",
         "3.6%（値 37,300）", "1.5%", ""],
        ["令和7(2025)年", "未公表（令和9年3月公表予定）", "—", "—", "—", "—", "—", "", "", ""],
    ]  # fmt: skip


def test_a_comparator_given_as_values_shows_them_and_the_computed_growth():
    rows = [
        RecordedKgiYear(2022, Decimal(1904), comparator_value=Decimal(1000)),
        RecordedKgiYear(2023, Decimal(2101), comparator_value=Decimal("1025.5")),
    ]
    heading, base, after = grid(kgi_table(kgi_of(rows)))
    assert heading[3:5] == ["比較対象の値", "比較対象の伸び率"]
    assert base[3:5] == ["1,000", "—"]
    assert after[2:6] == ["10.3%", "1,025.5", "2.6%", "+7.8ポイント"]


@pytest.mark.parametrize(
    ("base", "said"),
    [
        (None, "起点年の比較対象の値がないため、伸び率を計算できません"),
        (Decimal(0), "起点年の比較対象の値が0のため、伸び率を計算できません"),
    ],
)
def test_a_comparator_without_a_base_says_why_it_has_no_growth(base, said):
    rows = [
        RecordedKgiYear(2022, Decimal(1904), comparator_value=base),
        RecordedKgiYear(2023, Decimal(2101), comparator_value=Decimal(1025), note="速報"),
    ]
    kgi = kgi_of(rows)
    assert kgi_faults(kgi) == [said]
    assert grid(kgi_table(kgi))[2][-1] == f"速報\n{said}"


def test_a_further_comparator_without_a_base_is_named():
    kgi = kgi_of(YEARS, [RecordedComparison("全国", 2024, value=Decimal(37300))])
    assert kgi_faults(kgi) == ["起点年の全国の値がないため、伸び率を計算できません"]


def test_the_revisions_stand_in_a_table_of_their_own():
    assert grid(kgi_revisions_table(kgi_of(YEARS))) == [
        ["年", "改定日", "項目", "改定前", "改定後", "理由"],
        ["令和5(2023)年", "令和8年4月1日", "値", "27,570,624", "27,600,000", REASON],
        ["令和5(2023)年", "令和8年4月1日", "大阪府全体の伸び率", "1.9%", "2.0%", REASON],
    ]
    assert kgi_revisions_table(kgi_of(YEARS[2:])) is None


def test_each_revision_leads_to_the_next():
    earlier = replace(REVISED, revised_on=dt.date(2025, 4, 1), value=Decimal(27000000))
    twice = replace(YEARS[1], comparator_growth=Decimal("1.9"), revisions=(REVISED, earlier))
    assert [row[1:4] for row in grid(kgi_revisions_table(kgi_of([YEARS[0], twice])))] == [
        ["改定日", "改定前", "改定後"],
        ["令和7年4月1日", "27,000,000", "27,570,624"],
        ["令和8年4月1日", "27,570,624", "27,600,000"],
    ]


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        ("令和9年3月", "未公表（令和9年3月公表予定）"),
        ("令和9年3月公表予定", "未公表（令和9年3月公表予定）"),
        ("令和9年3月頃", "未公表（令和9年3月頃公表予定）"),
        ("未定", "未公表（公表時期は未定）"),
        ("", ""),
    ],
)
def test_a_late_year_in_words(expected, words):
    assert late_words(expected) == words


def test_the_headline_says_how_old_the_newest_value_is():
    assert recency(kgi_of(YEARS[:2]), H1) == "最新は令和5(2023)年の値（令和7年度の2年前）。"
    late = "最新は令和6(2024)年の値（令和7年度の1年前）。"
    late += "令和7(2025)年は未公表（令和9年3月公表予定）。"
    assert recency(kgi_of(YEARS), H1) == late
    uncompared = replace(YEARS[2], comparator_growth=None)
    assert recency(kgi_of([*YEARS[:2], uncompared]), H1) == (
        "最新は令和6(2024)年の値（令和7年度の1年前）。大阪府全体と比べられるのは令和5(2023)年まで。"
    )
    assert recency(kgi_of(YEARS[:3]), Period(2024, Term.FY)) == ""


def test_further_comparators_are_thin_lines_with_names_at_their_ends():
    figure = figures.kgi_index(kgi_of(YEARS, FURTHER))
    go.Figure(figure)
    found = {one["name"]: one["line"]["width"] for one in figure["data"]}
    assert found == {"市": 3, "大阪府全体": 3, "全国": 1.5, "近畿": 1.5}
    looks = [(one["line"]["dash"], one["marker"]["symbol"]) for one in figure["data"]]
    assert len(set(looks)) == 4  # told apart without colours
    labels = [one["text"] for one in figure["layout"]["annotations"]]
    assert labels == ["市 106.5", "全国 103.6", "大阪府全体 102.6", "近畿 101.5"]
    assert "細い線は参考の比較対象" in figures.kgi_key(kgi_of(YEARS, FURTHER))
    assert "細い線" not in figures.kgi_key(kgi_of(YEARS))


def test_labels_of_lines_that_end_together_are_moved_apart():
    further = [RecordedComparison(name, 2024, growth=Decimal("2.6")) for name in "甲乙丙"]
    labels = figures.kgi_index(kgi_of(YEARS, further))["layout"]["annotations"]
    together = [one["yshift"] for one in labels[1:]]
    assert all(a - b >= 17.9 for a, b in pairwise(together))


def test_the_pages_tell_late_and_revised_figures(client, kadoma, administrator):
    kgi = kadoma.kgis.get(code="kgi-1")
    value = kgi.values.get(year=2023)
    value.revisions.create(revised_on=dt.date(2026, 4, 1), value=27000000, reason=REASON)
    kgi.values.create(year=2024, expected="令和8年8月")
    publish_outright(plan=kadoma, period=H1, by=administrator, reason="確認済み")
    page = html.unescape(client.get(f"/{SLUG}/kgi/").content.decode())
    assert "<strong>27,570,624万円</strong>（改定）。" in page
    late = (
        "最新は令和5(2023)年の値（令和7年度の2年前）。令和6(2024)年は未公表（令和8年8月公表予定）。"
    )
    assert late in page
    assert "伸び率、差、指数は、改定後の値で計算しています。" in page
    assert "27,000,000" in page
    front = html.unescape(client.get(f"/{SLUG}/").content.decode())
    assert late in front
    assert "万円（改定）" in front
    saved = client.get(f"/{SLUG}/kgi/?table=kgi-1-revisions")
    assert saved.status_code == 200


def test_the_citys_own_figures_have_no_new_columns(client, published):
    page = html.unescape(client.get(f"/{SLUG}/kgi/").content.decode())
    for words in ("改定", "参考", "比較対象の値", "未公表"):
        assert words not in page.replace("参考判定", "")
