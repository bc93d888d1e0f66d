"""A plan changed mid-plan, on its pages, in its data and in the round that comes next."""

import csv
import datetime as dt
import io
import re

import pytest
from django.urls import reverse

from actions.fiscal import Period, Term
from kpis.entry import Entry
from kpis.figures import trend
from kpis.models import Actual
from kpis.pictures import describe
from kpis.readiness import GapKind
from kpis.selectors import live_progress
from kpis.selectors.entry import entry_rows
from kpis.selectors.readiness import readiness
from kpis.selectors.turns import section_turns
from kpis.services import (
    EntryError,
    NewEntry,
    open_round,
    publish_outright,
    save_entries,
)
from tests.revised import OLD_NAME, RENAMED, REPLACED, REVISED, end, revise

pytestmark = pytest.mark.django_db
HOME = "/kadoma-monozukuri"
R7_H1, R7 = Period(2025, Term.H1), Period(2025, Term.FY)
SUCCESSOR = "支援機関の連携による支援件数"
ENDED = "令和6年度で終了（後継: 2-5 支援機関の連携による支援件数）"
BEGUN = "令和7年度から測定（前身: 2-3 もりかど産業支援機関ネットワーク活動回数）"


@pytest.fixture
def revised(kadoma, administrator):
    """The changed plan, published at R7 上半期."""
    publish_outright(plan=revise(kadoma), period=R7_H1, by=administrator, reason="公表資料による")
    return kadoma


@pytest.fixture
def table(client, revised):
    """Return a function that reads one table of a page as its CSV has it."""

    def table(page, key):
        text = client.get(f"{HOME}/{page}?table={key}").content.decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text, newline="")))

    return table


def row(rows, beginning):
    return next(one for one in rows if one[0].startswith(beginning))


# --- pages ----------------------------------------------------------------------------------------


def test_the_overview_marks_what_ended_began_and_was_renamed(table):
    found = table("", "strategy-2")
    assert row(found, "2-3")[:6] == [
        f"2-3 もりかど産業支援機関ネットワーク活動回数（回）（終了）（{ENDED}）",
        *("2", "—", "—", "—", ""),
    ]
    new = row(found, "2-5")
    assert new[:5] == [f"2-5 {SUCCESSOR}（件）（{BEGUN}）", "—", "20", "12", "60%"]
    renamed = row(table("", "strategy-1"), "1-1")[0]
    assert renamed.endswith(f"（件）（旧称: {OLD_NAME}、令和7年度に改称）")


def test_what_ended_is_in_no_count(table):
    found = table("", "counts")
    assert [one[-1] for one in found[1:]] == ["5", "4", "6"]  # 2-5 in the place of 2-3


def test_the_matrix_of_years_has_dashes_outside_a_life_and_both_values_of_a_target(table):
    found = table("strategies/2/", "strategy-2-years")
    assert row(found, "2-3")[1:] == ["実績 2", "目標 2\n実績 2（100%）◎達成", "—", "—", "—", "—"]
    assert row(found, "2-5")[1:] == ["—", "—", "目標 20\n上半期 12（60%）◎順調", *["目標 20"] * 3]
    assert row(found, "2-4")[4] == "目標 160（改定、改定前 150）"
    assert ENDED in row(found, "2-3")[0]
    assert not any("旧称" in one[0] for one in found)


def test_the_indicators_page_tells_each_revision(client, table):
    assert table("kpis/2-4/", "kpi-2-4-revisions") == [
        ["年度", "改定日", "改定前", "改定後", "理由"],
        ["令和8年度", "令和7年3月25日", "150", "160", REVISED],
    ]
    assert row(table("kpis/2-4/", "kpi-2-4-years"), "令和8年度")[1] == "160（改定、改定前 150）"
    page = client.get(f"{HOME}/kpis/2-4/").content.decode()
    assert "目標の改定" in page
    assert "指標の見直し" not in page
    assert "目標の改定" not in client.get(f"{HOME}/kpis/2-2/").content.decode()


def facts(page):
    """Return the terms of the section 指標の見直し with their words."""
    section = page.partition('id="h-life"')[2].partition("</section>")[0]
    pairs = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", section)
    return {term: re.sub(r"<.*?>", "", words) for term, words in pairs}


def test_the_indicators_page_tells_its_life(client, revised):
    pages = {
        code: client.get(f"{HOME}/kpis/{code}/").content.decode() for code in ("1-1", "2-3", "2-5")
    }
    old_name = "2-3 もりかど産業支援機関ネットワーク活動回数"
    assert facts(pages["1-1"]) == {"改称": "令和7年度に改称", "理由": RENAMED}
    assert facts(pages["2-3"]) == {
        "終了": "令和6年度で終了",
        "後継": f"2-5 {SUCCESSOR}",
        "理由": REPLACED,
    }
    assert facts(pages["2-5"]) == {
        "開始": "令和7年度から測定",
        "前身": old_name,
        "理由": REPLACED,
    }
    assert f'href="{HOME}/kpis/2-5/"' in pages["2-3"]
    assert pages["1-1"].count(OLD_NAME) == 1 + pages["1-1"].count(f"門真市{OLD_NAME}")
    assert "（終了）" in re.search(r"<h1>.*?</h1>", pages["2-3"])[0]


def test_the_year_table_says_why_years_have_a_dash(table):
    found = table("kpis/2-3/", "kpi-2-3-years")
    assert [one[0] for one in found[1:]] == [f"令和{n}年度" for n in range(5, 11)]
    assert row(found, "令和7年度") == ["令和7年度", "—", "—", *[""] * 4, ENDED]
    assert table("kpis/2-3/", "kpi-2-3-history")[1][2:5] == ["—", "—", "—"]
    begun = table("kpis/2-5/", "kpi-2-5-years")
    assert row(begun, "令和5年度") == ["令和5年度", "—", "—", *[""] * 4, BEGUN]


def test_figures_show_the_revised_target_and_nothing_outside_a_life(revised):
    progress = live_progress(revised, R7_H1)
    listed = trend(progress.indicator("2-4"))
    (steps,) = [one for one in listed["data"] if one["name"] == "目標"]
    assert steps["x"][1::4] == [2024, 2025, 2026, 2027, 2028]
    assert steps["y"][1::4] == [140, 150, 160, 170, 180]
    assert steps["hovertext"][9] == "R8年度 目標<br>160社（改定、改定前 150）"
    marks = {one["x"]: one["text"] for one in listed["layout"]["annotations"]}
    assert (marks[2026], marks[2027]) == ("改定<br>160", "目標<br>170")
    ended = trend(progress.indicator("2-3"))
    (whole,) = [one for one in ended["data"] if one["name"] == "実績（年度）"]
    assert (whole["x"], whole["y"]) == ([2023, 2024], [2, 2])
    assert ended["layout"]["xaxis"]["ticktext"][2:] == [f"R{n}<br>対象外" for n in range(7, 11)]
    assert describe(progress.indicator("2-3")) == "R5 2回、R6 2回（目標2）"


def test_the_rules_page_lists_what_waits_for_another_plan(table):
    found = table("rules/", "open-targets")
    assert found[0] == ["指標", "年度", "目標の状態", "待っている計画"]
    plan = "毎年度策定（前年度の3月策定）を行う「門真市第6次総合計画 実施計画」"
    assert row(found, "1-1")[1:] == ["R8～R10年度", "連動", plan]
    assert row(found, "1-3")[1:] == ["R9～R10年度", "連動", "門真市導入促進基本計画"]
    assert row(found, "1-4")[1:] == ["R9～R10年度", "未設定", "—"]
    assert [one[0].split()[0] for one in found[1:]] == ["1-1", "1-2", "1-3", "1-4", "2-1", "3-1"]


@pytest.mark.parametrize("page", ["", "strategies/2/", "kpis/2-3/", "kpis/2-4/", "rules/", "data/"])
def test_pages_cost_no_further_query(client, revised, django_assert_max_num_queries, page):
    with django_assert_max_num_queries(3):
        assert client.get(f"{HOME}/{page}").status_code == 200


# --- open data ------------------------------------------------------------------------------------


def data(client, name):
    content = client.get(f"{HOME}/data/{name}").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content, newline="")))


def test_revisions_and_changes_are_data_of_their_own(client, revised):
    assert data(client, "revisions.csv") == [
        {
            "計画ID": "kadoma-monozukuri",
            "指標コード": "2-4",
            "指標名": "「ものづくりタウンかどま」掲載企業数",
            "単位": "社",
            "年度": "2026",
            "年度表記": "令和8年度",
            "改定日": "2025-03-25",
            "改定前の目標値": "150",
            "改定前の目標の状態": "set",
            "改定前の根拠": "",
            "改定後の目標値": "160",
            "改定後の目標の状態": "set",
            "改定後の根拠": "",
            "改定の理由": REVISED,
            "公表版": "1",
        }
    ]
    found = [tuple(one.values())[1:] for one in data(client, "changes.csv")]
    assert found == [
        (
            *("1-1", "門真市中小企業サポートセンター相談件数"),
            *("", "", OLD_NAME, "2025", "", RENAMED, "1"),
        ),
        (
            *("2-3", "もりかど産業支援機関ネットワーク活動回数"),
            *("", "2024", "", "", "2-5", REPLACED, "1"),
        ),
        ("2-5", SUCCESSOR, "2025", "", "", "", "", REPLACED, "1"),
    ]


def test_rows_outside_a_life_have_no_target_and_no_figure(client, revised):
    rows = [one for one in data(client, "kpis.csv") if one["指標コード"] == "2-3"]
    outside = [one for one in rows if int(one["年度"]) > 2024]
    assert [one["年度"] for one in outside] == ["2025", "2026", "2027", "2028"]
    for one in outside:
        assert (one["目標値"], one["目標の状態"]) == ("", "unset")
        assert (one["実績値"], one["実績の状態"], one["期間"]) == ("", "missing", "FY")
        assert (one["参考判定"], one["基準日"]) == ("", "")


def test_the_dictionary_explains_every_column_of_every_file(client, revised):
    told = data(client, "dictionary.csv")
    for name in ("kpis.csv", "revisions.csv", "changes.csv"):
        headings = [one["項目名"] for one in told if one["ファイル"] == name]
        content = client.get(f"{HOME}/data/{name}").content.decode("utf-8-sig")
        assert content.splitlines()[0] == ",".join(headings)
    kinds = client.get(f"{HOME}/data/metadata.json").json()["other_columns"]
    assert {name: len(found) for name, found in kinds.items()} == {
        "revisions.csv": 15,
        "changes.csv": 10,
    }


# --- the round that comes next --------------------------------------------------------------------


@pytest.fixture
def round_of_r7(revised, publisher):
    return open_round(plan=revised, period=R7, due=dt.date(2026, 4, 20), by=publisher)


def test_nobody_owes_a_figure_of_an_ended_indicator(clerk, round_of_r7):
    codes = [one.code for one in entry_rows(round_of_r7)]
    assert len(codes) == 15
    assert "2-3" not in codes
    assert codes[8] == "2-5"
    gaps = readiness(round_of_r7).of_kind(GapKind.MISSING)
    assert [one.row.code for one in gaps] == codes
    missing = [row.code for turn in section_turns(round_of_r7) for row in turn.missing]
    assert sorted(missing) == sorted(codes)
    page = clerk.get(reverse("admin:kpis_reportingperiod_entry", args=[round_of_r7.pk]))
    assert "もりかど産業支援機関ネットワーク活動回数" not in page.content.decode()


def test_the_grid_names_the_revised_target(clerk, round_of_r7):
    target = round_of_r7.plan.indicators.get(code="2-2").targets.get(fiscal_year=2025)
    target.revisions.create(revised_on=dt.date(2025, 4, 1), value=13, reason="見直し")
    page = clerk.get(reverse("admin:kpis_reportingperiod_entry", args=[round_of_r7.pk]))
    assert '14<span class="remark revised">改定、改定前 13</span>' in page.content.decode()


def test_a_figure_of_an_ended_indicator_is_not_taken(entry_clerk, round_of_r7):
    old = round_of_r7.plan.indicators.get(code="2-3")
    with pytest.raises(EntryError, match="この年度に測定しない指標"):
        save_entries(period=round_of_r7, entries=[NewEntry(old.pk, Entry(), 0)], by=entry_clerk)


def test_a_figure_recorded_before_the_end_stays_visible(client, kadoma, administrator):
    end(kadoma.indicators.get(code="2-3"))  # its R7 上半期, 2 against 3, was there already
    publish_outright(plan=kadoma, period=R7_H1, by=administrator, reason="公表資料による")
    text = client.get(f"{HOME}/?table=strategy-2").content.decode("utf-8-sig")
    found = row(list(csv.reader(io.StringIO(text, newline=""))), "2-3")
    assert found[1:5] == ["2", "3", "2", "67%"]
    assert "（終了）" in found[0]
    counts = client.get(f"{HOME}/?table=counts").content.decode("utf-8-sig")
    assert [line.split(",")[-1] for line in counts.splitlines()[1:]] == ["5", "3", "6"]


def test_the_record_of_an_ended_indicator_can_still_be_corrected(
    client, publisher, kadoma, administrator
):
    publish_outright(plan=kadoma, period=R7_H1, by=administrator, reason="公表資料による")
    one = Actual.objects.get(indicator__code="2-3", period__fiscal_year=2025)
    end(one.indicator)
    client.force_login(publisher)
    page = client.get(reverse("admin:kpis_actual_change", args=[one.pk]))
    assert page.status_code == 200
