"""Figures of every sort, from the plan book through the round to pages, papers and data."""

import csv
import datetime as dt
import io
import json
import re

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from actions.fiscal import Period, Term
from actions.models import Plan
from kpis import figures, opendata
from kpis.differences import differences
from kpis.models import Actual, Indicator, ReportingPeriod, Target
from kpis.opendata.notes import notes
from kpis.opendata.texts import dictionary_csv
from kpis.papers import CouncilPapers
from kpis.plausibility import CautionCode
from kpis.selectors import live_progress, plan_book
from kpis.selectors.entry import entry_rows
from kpis.selectors.readiness import readiness
from kpis.services import import_book, open_round, publish_outright
from kpis.workbooks import plan_book_workbook
from kpis.workbooks.council import council_workbook
from tests.entry_files import SHEET, faults_of, taken
from tests.numbers import BOOK, UNIT
from tests.planbooks import read
from tests.printed import opened, seen

R7_H1, R7 = Period(2025, Term.H1), Period(2025, Term.FY)
pytestmark = pytest.mark.django_db


@pytest.fixture
def hoshi(administrator):
    """The plan with R7 上半期 entered and nothing published."""
    reading = read(BOOK)
    assert reading.faults == ()
    import_book(book=reading.book, places=reading.places, by=administrator)
    return Plan.objects.get()


@pytest.fixture
def half(hoshi):
    """R7 上半期, open for entry."""
    ReportingPeriod.objects.filter(fiscal_year=2025, term="H1").update(state="entering")
    return ReportingPeriod.objects.select_related("plan").get(fiscal_year=2025, term="H1")


@pytest.fixture
def year(hoshi, publisher):
    """R7 年度, open for entry."""
    return open_round(plan=hoshi, period=R7, due=dt.date(2026, 4, 20), by=publisher)


@pytest.fixture
def progress(hoshi):
    return live_progress(hoshi, R7_H1)


@pytest.fixture
def site(hoshi, administrator):
    """The plan's address after R7 上半期 was published."""
    publish_outright(plan=hoshi, period=R7_H1, by=administrator, reason="見本")
    return "/hoshi"


def entry(period, page="entry"):
    return reverse(f"admin:kpis_reportingperiod_{page}", args=[period.pk])


def row_of(period, code):
    return next(one for one in entry_rows(period) if one.code == code)


def sent(period, code, **fields):
    """Return the grid's one row as a browser sends it."""
    row = row_of(period, code)
    name = f"k{row.indicator}"
    texts = {f"{name}-{one}": text for one, text in fields.items()}
    return {f"{name}-seen": row.version, "action": "save", **texts}


def stored(code, term="H1", year=2025):
    return Actual.objects.get(indicator__code=code, period__fiscal_year=year, period__term=term)


# --- the plan book -------------------------------------------------------------------------------


def cells_of(plan, sheet, code):
    """Return the rows of the plan's book about an indicator, by heading."""
    page = load_workbook(io.BytesIO(plan_book_workbook(plan_book(plan))))[sheet]
    heads, *rows = page.iter_rows(values_only=True)
    return [
        one for row in rows if (one := dict(zip(heads, row, strict=True)))["指標コード"] == code
    ]


def test_the_plan_book_says_a_milestone_in_words(hoshi):
    assert cells_of(hoshi, "指標", "1-3")[0]["基準値"] == "未達成"
    found = cells_of(hoshi, "目標", "1-3")
    assert [(one["目標値"], one["目標の言葉"]) for one in found] == [
        ("達成", "設置"),
        ("達成", "スマート物流センターの供用開始"),
    ]
    found = cells_of(hoshi, "実績", "1-3")
    assert [(one["実績値"], one["年度末見込"]) for one in found] == [
        ("未達成", None),
        ("未達成", "達成"),
    ]
    assert cells_of(hoshi, "実績", "1-2")[0]["実績値"] == 123456789012344
    assert cells_of(hoshi, "実績", "1-7")[0]["調査年度"] == "令和5年度"


@pytest.mark.parametrize(
    ("sheet", "heading", "typed", "words"),
    [
        ("実績", "実績値", "たぶん", "「たぶん」は読み取れません。達成有無の指標には、「達成」か"),
        ("目標", "目標値", "未達成", "達成有無の指標の目標は「達成」です。"),
        ("指標", "基準値", "5", "「5」は読み取れません。達成有無の指標には、「達成」か"),
    ],
)
def test_a_wrong_word_is_told_at_its_cell(sheet, heading, typed, words):
    rows = [dict(one) for one in BOOK[sheet]]
    place = next(n for n, one in enumerate(rows) if one["指標コード"] == "1-3")
    rows[place][heading] = typed
    ((where, cell, said),) = [
        (f.sheet, f.cell, f.reason) for f in read(BOOK | {sheet: rows}).faults
    ]
    column = "ABCDEFGHIJ"[list(rows[place]).index(heading)]
    assert (where, cell) == (sheet, f"{column}{place + 2}")
    assert words in said


def test_a_word_is_no_figure_of_what_is_counted():
    rows = [
        one | ({"実績値": "達成"} if one["指標コード"] == "1-6" else {}) for one in BOOK["実績"]
    ]
    said = {one.reason for one in read(BOOK | {"実績": rows}).faults}
    assert said == {
        "実績値: 「達成」は数値として読み取れません。1200、1,200、▲5 のように入力してください。"
    }


def test_a_preview_of_a_book_says_words(hoshi, administrator):
    rows = [one | ({"実績値": "○"} if one["指標コード"] == "1-3" else {}) for one in BOOK["実績"]]
    reading = read(BOOK | {"実績": rows})
    told = import_book(
        book=reading.book, places=reading.places, by=administrator, dry_run=True, reason="見本"
    )
    assert [(one.before, one.after) for one in told.differences] == [("未達成", "達成")] * 2


# --- the entry grid ------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["達成", "○", "1", "設置", "設置済", " １ "])
def test_a_milestone_is_typed_in_words(clerk, half, typed):
    assert clerk.post(entry(half), sent(half, "1-3", value=typed)).status_code == 302
    assert stored("1-3").value == 1
    page = clerk.get(entry(half)).content.decode()
    assert 'list="milestone-words"' in page
    assert re.search(r'name="k\d+-value" id="k\d+-value" value="達成"', page)


@pytest.mark.parametrize("typed", ["未達成", "×", "0", "未設置"])
def test_a_milestone_that_is_not_reached(clerk, half, typed):
    clerk.post(entry(half), sent(half, "1-3", value="達成"))
    assert clerk.post(entry(half), sent(half, "1-3", value=typed)).status_code == 302
    assert stored("1-3").value == 0


def test_a_word_that_is_none_stays_on_the_screen_with_its_fault(clerk, half):
    page = clerk.post(entry(half), sent(half, "1-3", value="着工"))
    text = page.content.decode()
    assert 'value="着工"' in text
    assert (
        "「着工」は読み取れません。達成有無の指標には、「達成」か「未達成」を入力してください"
        in text
    )
    assert stored("1-3").value == 0


def test_a_forecast_stands_apart_from_the_actual(clerk, half):
    typed = sent(half, "1-6", value="704", forecast="1,400件")
    assert clerk.post(entry(half), typed).status_code == 302
    found = stored("1-6")
    assert (found.value, found.forecast) == (704, 1400)
    row = row_of(half, "1-6")
    assert row.result(row.entry).attainment.display == "58.7%"
    assert clerk.get(entry(half)).content.decode().count('-forecast" id=') == 7


def test_a_year_has_no_forecast(clerk, year):
    assert "年度末見込" not in clerk.get(entry(year)).content.decode()
    page = clerk.post(entry(year), sent(year, "1-6", value="1,200", forecast="5"))
    assert "年度末見込は、上半期だけに入力できます。" in page.content.decode()
    assert not Actual.objects.filter(period=year).exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"carried_from": "R5"}, "調査年度は、実績値を入力したときだけ入力できます。"),
        (
            {"value": "7.2", "carried_from": "R7"},
            "調査年度は、この期間より前の年度にしてください。",
        ),
        ({"value": "7.2", "carried_from": "先年"}, "「先年」は年度として読み取れません。"),
    ],
)
def test_a_wrong_year_of_a_survey_is_told(clerk, half, fields, said):
    page = clerk.post(entry(half), sent(half, "1-7", **fields)).content.decode()
    assert said in page
    assert re.search(r'<details class="survey" open>.*?調査年度', page, re.DOTALL)


def test_the_year_of_a_survey_is_kept_and_told_in_the_history(clerk, half):
    clerk.post(entry(half), sent(half, "1-7", value="7.3", carried_from="令和4年度"))
    found = stored("1-7")
    assert found.carried_from == 2022
    page = clerk.get(reverse("admin:kpis_actual_history", args=[found.pk])).content.decode()
    assert "調査年度" in page
    assert "令和4年度" in page
    assert "2022" not in re.sub(r"<time[^>]*>|\d{4}年", "", page)


def test_the_history_of_a_milestone_says_words(clerk, half):
    clerk.post(entry(half), sent(half, "1-3", value="達成", forecast="達成"))
    page = clerk.get(reverse("admin:kpis_actual_history", args=[stored("1-3").pk]))
    text = re.sub(r"<[^>]+>|\s+", " ", page.content.decode())
    assert re.search(r"実績値 : +未達成 +→ +達成|実績値.{0,20}未達成.{0,30}達成", text)


# --- the entry workbook --------------------------------------------------------------------------


def filled(period, code, **cells):
    """Return the entry workbook with cells of a row typed, by their headings."""
    from tests.entry_files import content, downloaded

    book = downloaded(period)
    page = book[SHEET]
    heads = [cell.value for cell in page[5]]
    row = next(r for r in range(6, page.max_row + 1) if page.cell(r, 1).value == code)
    for heading, value in cells.items():
        page.cell(row, heads.index(heading) + 1).value = value
    return content(book)


def test_the_entry_workbook_holds_words_forecasts_and_surveys(half):
    page = load_workbook(io.BytesIO(filled(half, "1-3")))[SHEET]
    heads = [cell.value for cell in page[5]]
    rows = {
        row[0]: dict(zip(heads, row, strict=True))
        for row in page.iter_rows(min_row=6, values_only=True)
    }
    three = rows["1-3"]
    assert [three[one] for one in ("R7目標", "R6実績", "実績値", "年度末見込")] == [
        *("設置", "未達成", "未達成", "達成")
    ]
    assert (rows["1-6"]["実績値"], rows["1-6"]["年度末見込"]) == (704, 1350)
    assert rows["1-7"]["調査年度"] == "令和5年度"
    offered = [str(one.formula1) for one in page.data_validations.dataValidation]
    assert '"達成,未達成"' in offered


def test_what_a_section_types_comes_back(clerk, half):
    taken(clerk, half, filled(half, "1-3", 実績値="○", 年度末見込="達成"))
    taken(clerk, half, filled(half, "1-6", 年度末見込=1500))
    taken(clerk, half, filled(half, "1-7", 調査年度=2021))
    assert (stored("1-3").value, stored("1-6").forecast, stored("1-7").carried_from) == (
        *(1, 1500),
        2021,
    )


def test_a_wrong_word_in_the_workbook_is_told_at_its_cell(clerk, half):
    ((where, said),) = faults_of(clerk, half, filled(half, "1-3", 実績値="着工"))
    assert where == "実績入力 I8"
    assert said.startswith("実績値: 「着工」は読み取れません。")


def test_a_file_of_an_earlier_release_leaves_what_it_has_no_column_for(clerk, half):
    from tests.entry_files import content, downloaded

    book = downloaded(half)
    page = book[SHEET]
    for heading in ("調査年度", "年度末見込"):
        page.delete_cols([cell.value for cell in page[5]].index(heading) + 1)
    heads = [cell.value for cell in page[5]]
    for row in page.iter_rows(min_row=6):
        if row[0].value in ("1-6", "1-7"):
            row[heads.index("要因")].value = "追記"
    taken(clerk, half, content(book))
    assert (stored("1-6").cause, stored("1-6").forecast) == ("追記", 1350)
    assert (stored("1-7").cause, stored("1-7").carried_from) == ("追記", 2023)


# --- doubts --------------------------------------------------------------------------------------


def test_a_milestone_raises_no_doubt_about_its_size(half, year):
    assert row_of(half, "1-3").cautions(row_of(half, "1-3").entry) == ()
    Actual.objects.filter(pk=stored("1-3").pk).update(value=1)
    row = row_of(half, "1-3")
    assert row.cautions(row.entry) == ()


def test_a_milestone_that_was_reached_at_half_year_needs_a_word(year):
    Actual.objects.filter(pk=stored("1-3").pk).update(value=1)
    Actual.objects.create(
        indicator=Indicator.objects.get(code="1-3"), period=year, value=0, version=1
    )
    row = row_of(year, "1-3")
    assert [one.code for one in row.cautions(row.entry)] == [CautionCode.UNDONE]
    said = [one.words for one in readiness(year).gaps if one.row.code == "1-3"]
    assert said[0].startswith("1-3 上半期に達成としたものが未達成になっています。")


# --- pages ---------------------------------------------------------------------------------------


def page_words(client, address):
    text = client.get(address).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<(script|svg).*?</\1>|<[^>]+>", " ", text, flags=re.DOTALL))


def test_a_milestones_page_tells_words_and_draws_no_chart(client, site):
    text = page_words(client, f"{site}/kpis/1-3/")
    assert "令和7年度上半期 実績 未達成 年度末の見込み 達成（見込。実績ではありません）" in text
    assert "令和7年度 目標 設置 達成率 — 達成率を算定しない指標" in text
    assert "達成したかどうかを測る指標のため、図はありません。" in text
    assert "計算に使った値 実績 未達成、目標 達成" in text
    assert "基準値 令和5年度 未達成" in text
    assert 'data-chart="' not in client.get(f"{site}/kpis/1-3/").content.decode()


def test_a_forecast_is_told_apart_from_the_actual(client, site):
    text = page_words(client, f"{site}/kpis/1-6/")
    told = "年度末の見込み 1,350件（見込。実績ではありません）"
    due = "達成率58.7%（9月末の目安50%以上）"
    assert f"令和7年度上半期 実績 704 {told}" in text
    table = client.get(f"{site}/kpis/1-6/?table=kpi-1-6-years").content.decode("utf-8-sig")
    (row,) = [one for one in csv.reader(io.StringIO(table)) if one[0] == "令和7年度上半期"]
    assert row == ["令和7年度上半期", "1,200", "704", "58.7%", due, "", "◎順調", told]


def test_the_overview_says_which_side_is_good_and_which_survey(client, site):
    table = client.get(f"{site}/?table=strategy-1").content.decode("utf-8-sig")
    rows = {row[0].split()[0]: row[1:5] for row in csv.reader(io.StringIO(table))}
    assert rows["1-1"] == ["▲1.2345", "▲0.0005", "▲0.6", "60%"]
    assert rows["1-2"][1:3] == ["123,456,789,012,345", "123,456,789,012,344"]
    assert rows["1-3"] == ["未達成", "設置", "未達成", "—（達成率を算定しない指標）"]
    assert rows["1-4"][1:] == ["30以下", "12", "250%"]
    assert rows["1-5"][1:] == ["95以上を維持", "96.5", "101.6%"]
    assert rows["1-7"] == ["7.2（令和5年度調査の値）", "10", "7.2（令和5年度調査の値）", "72%"]


def test_the_years_beside_each_other_name_the_survey(client, site):
    table = client.get(f"{site}/strategies/1/?table=strategy-1-years").content.decode("utf-8-sig")
    rows = {row[0].split()[0]: row[1:] for row in csv.reader(io.StringIO(table))}
    assert rows["1-7"][1] == "目標 8\n実績 7.2（90%）○概ね達成\n令和5年度調査の値"
    assert rows["1-3"][2:4] == [
        "目標 設置\n上半期 未達成（—）",
        "目標 スマート物流センターの供用開始",
    ]


def test_a_long_unit_stands_in_full(client, site):
    assert len(UNIT) == 20
    assert f"延べ従業者 （{UNIT}）" in page_words(client, f"{site}/kpis/1-2/")


def test_the_way_of_a_milestone_is_told_without_its_unit(progress):
    from kpis.pictures import describe, way

    one = progress.indicator("1-3")
    assert describe(one) == "R5 未達成、R6 未達成、R7上半期 未達成（目標設置）"
    assert way(one).count("<circle") == 3
    assert "<rect" not in way(one)


# --- figures -------------------------------------------------------------------------------------


def bars(figure, name):
    (found,) = [one for one in figure["data"] if one["name"] == name]
    return found


def test_the_trend_marks_a_forecast_apart_from_the_bars(progress):
    figure = figures.trend(progress.indicator("1-6"))
    mark = bars(figure, "年度末の見込み")
    assert (mark["x"], mark["y"]) == ([2025], [1350])
    assert mark["hovertext"] == ["R7年度 年度末の見込み<br>1,350件（見込）"]
    assert bars(figure, "実績（上半期まで）")["y"] == [704]
    assert figure["layout"]["meta"]["lead"].endswith("年度末の見込みは1,350件です。")


def test_a_forecast_is_not_drawn_once_the_year_has_its_actual(hoshi, year):
    one = Indicator.objects.get(code="1-6")
    Actual.objects.create(indicator=one, period=year, value=1250)
    names = [
        one["name"] for one in figures.trend(live_progress(hoshi, R7).indicator("1-6"))["data"]
    ]
    assert "年度末の見込み" not in names
    assert "年度の目標までの残り" not in names


def test_the_trend_marks_values_of_an_earlier_survey(progress):
    figure = figures.trend(progress.indicator("1-7"))
    whole = bars(figure, "実績（年度）")
    assert whole["marker"]["opacity"] == [1, 0.45]
    assert whole["hovertext"][1] == "R6年度 実績（年度）<br>7.2%（令和5年度調査の値）"
    labels = [one["text"] for one in figure["layout"]["annotations"] if one["x"] == 2024]
    assert "7.2<br>R5調査" in labels


def test_an_axis_below_zero_has_the_citys_sign(progress):
    figure = figures.trend(progress.indicator("1-1"))
    assert figure["layout"]["yaxis"]["ticktext"] == ["▲1.5", "▲1", "▲0.5", "0"]
    assert [text.partition("<br>")[2] for text in bars(figure, "実績（年度）")["hovertext"]] == [
        "▲1.5億円",
        "▲1.2345億円",
    ]
    assert bars(figure, "目標")["hovertext"][5] == "R7年度 目標<br>▲0.0005億円"
    below = {one["text"]: one["yanchor"] for one in figure["layout"]["annotations"]}
    assert below["▲1.2345"] == "top"
    assert below["目標<br>▲1"] == "bottom"


def test_a_limit_says_so_when_pointed_at(progress):
    limit = figures.trend(progress.indicator("1-4"))
    assert bars(limit, "目標（以下）")["hovertext"][0] == "R7年度 目標<br>30トン以下"
    assert "年度の目標までの残り" not in [one["name"] for one in limit["data"]]
    kept = figures.trend(progress.indicator("1-5"))
    assert bars(kept, "目標（以上を維持）")["hovertext"][0] == "R7年度 目標<br>95%以上を維持"


# --- the council's paper -------------------------------------------------------------------------


@pytest.fixture
def book(progress):
    return opened(council_workbook(CouncilPapers(progress, None, (), None)))


def texts(page):
    return [seen(cell) for row in page.iter_rows() for cell in row if cell.value is not None]


def test_the_papers_table_holds_words_and_names_surveys(book):
    found = texts(book["KPI一覧"])
    assert {"設置", "未達成", "(—)", "▲1.2345", "▲0.0005", "7.2＊"} <= set(found)
    assert "＊: 令和5年度調査の値（指標 1-7 R6、1-7 R7上半期）" in found
    assert "(—): 達成率を算定しない指標（指標 1-3）" in found


def test_a_block_says_why_it_has_no_chart_and_what_is_foreseen(book):
    page = book["指標別"]
    found = texts(page)
    assert "達成したかどうかを測る指標のため、図はありません。" in found
    assert len(page._charts) == 6
    told = "\n".join(found)
    assert "R8年度の目標: スマート物流センターの供用開始" in told
    assert "R7年度末の見込み 1,350件（見込。実績ではありません）" in told
    assert "R6の実績＊: 令和5年度調査の値" in told


# --- open data -----------------------------------------------------------------------------------


def test_open_data_keep_their_columns(progress):
    rows = json.loads(b"".join(opendata.json_bytes(progress)))
    (one,) = [r for r in rows if (r["code"], r["fiscal_year"]) == ("1-3", 2025)]
    told = (one["target"], one["actual"], one["rate"], one["rate_display"], one["met"])
    assert told == (1, 0, None, "—", None)
    (one,) = [r for r in rows if (r["code"], r["fiscal_year"]) == ("1-6", 2025)]
    assert (one["actual"], one["rate_display"]) == (704, "58.7%")
    (one,) = [r for r in rows if (r["code"], r["fiscal_year"]) == ("1-2", 2025)]
    assert one["actual"] == 123456789012344


def test_open_data_explain_the_figures_in_notes(progress):
    found = [(n.code, n.fiscal_year, n.term, n.kind, n.text) for n in notes(progress)]
    assert found == [
        ("1-1", 2025, "H1", "年度末の見込み", "-0.1"),
        ("1-3", 2025, "FY", "目標の言葉", "設置"),
        ("1-3", 2025, "H1", "年度末の見込み", "1"),
        ("1-3", 2026, "FY", "目標の言葉", "スマート物流センターの供用開始"),
        ("1-6", 2025, "H1", "年度末の見込み", "1350"),
        ("1-7", 2024, "FY", "前の調査の値", "令和5年度調査の値"),
        ("1-7", 2025, "H1", "前の調査の値", "令和5年度調査の値"),
    ]


def test_the_dictionary_says_what_a_milestones_figures_mean():
    told = dictionary_csv().decode("utf-8-sig")
    assert "達成有無の指標は、1が達成、0が未達成" in told
    assert "見込みは実績値に含まない" in told


# --- corrections and staff forms -----------------------------------------------------------------


def test_a_correction_tells_words(hoshi, progress):
    Actual.objects.filter(pk=stored("1-3").pk).update(value=1, forecast=None)
    Target.objects.filter(indicator__code="1-3", fiscal_year=2025).update(words="策定")
    told = {
        (one.item, one.before, one.after)
        for one in differences(progress, live_progress(hoshi, R7_H1))
    }
    assert ("令和7年度上半期 実績", "未達成", "達成") in told
    assert ("令和7年度上半期 年度末見込", "達成", "（空欄）") in told
    assert ("令和7年度 目標", "設置", "策定") in told


def test_the_form_of_an_actual_takes_words_for_milestones_alone(client, administrator, half):
    client.force_login(administrator)
    address = reverse("admin:kpis_actual_change", args=[stored("1-3").pk])
    form = client.get(address).context["adminform"].form
    assert form["value"].value() == "未達成"
    assert client.post(address, {"value": "達成", "seen": 1}).status_code == 302
    assert stored("1-3").value == 1
    address = reverse("admin:kpis_actual_change", args=[stored("1-6").pk])
    page = client.post(address, {"value": "達成", "seen": 1})
    assert page.context["adminform"].form.errors == {
        "value": ["「達成」は数値として読み取れません。"]
    }


def test_the_form_of_a_target_takes_the_word_that_it_stands_for(client, administrator, hoshi):
    client.force_login(administrator)
    target = Target.objects.get(indicator__code="1-3", fiscal_year=2025)
    address = reverse("admin:kpis_target_change", args=[target.pk])
    form = client.get(address).context["adminform"].form
    assert form["value"].value() == "達成"
    assert form["value"].field.disabled
    Target.objects.filter(pk=target.pk).update(value=None, status="unset", words="")
    sent = {"indicator": target.indicator_id, "fiscal_year": "R7", "status": "set"}
    page = client.post(address, sent | {"value": "未達成", "words": "開設"})
    assert "達成有無の指標の目標は「達成」です。" in page.content.decode()
    assert client.post(address, sent | {"value": "○", "words": "開設"}).status_code == 302
    target.refresh_from_db()
    assert (target.value, target.words) == (1, "開設")
    assert "開設" in client.get(reverse("admin:kpis_target_changelist")).content.decode()


def test_a_locked_actual_is_shown_as_printed(client, administrator, hoshi):
    client.force_login(administrator)
    shown = {}
    ReportingPeriod.objects.update(state="published")
    for code in ("1-3", "1-6", "1-7"):
        page = client.get(reverse("admin:kpis_actual_change", args=[stored(code).pk]))
        text = re.sub(r"<[^>]+>|\s+", " ", page.content.decode())
        shown[code] = [
            re.search(rf"{label}: +([^ ]*)", text)[1]
            for label in ("実績", "年度末見込", "調査年度")
        ]
    assert shown["1-3"][:2] == ["未達成", "達成"]
    assert shown["1-6"][:2] == ["704件", "1,350件"]
    assert shown["1-7"][::2] == ["7.2%", "令和5年度"]
