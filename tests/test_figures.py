"""The figures as data: valid for Plotly, true to the read model, self-explaining."""

from dataclasses import replace
from decimal import Decimal

import plotly.graph_objects as go
import pytest

from actions.fiscal import Period, Term
from kpis import figures
from kpis.links import Links
from kpis.selectors import live_progress
from kpis.tables import attainment_table, table_csv
from kpis.yearly import attainment_sentence, good_words

BAR_COLOURS = set(figures.TONES.values())


@pytest.fixture
def progress(kadoma):
    return live_progress(kadoma, Period(2025, Term.H1))


def all_figures(progress):
    yield figures.judgement_counts(progress)
    for indicator in progress.indicators:
        yield figures.trend(indicator)
    for kgi in progress.kgis:
        yield figures.kgi_index(kgi)


def test_plotly_accepts_every_figure(progress):
    made = list(all_figures(progress))
    assert len(made) == 1 + 15 + 2
    for figure in made:
        go.Figure(figure)  # raises for anything that plotly.js would not draw


def test_every_figure_says_what_it_shows_and_in_which_unit(progress):
    for indicator in progress.indicators:
        assert f"（{indicator.unit}）" in figures.trend(indicator)["layout"]["meta"]["title"]
    for kgi in progress.kgis:
        assert "令和4(2022)年＝100" in figures.kgi_index(kgi)["layout"]["meta"]["title"]


def series(figure, name):
    (found,) = [one for one in figure["data"] if one["name"] == name]
    return dict(zip(found["x"], found["y"], strict=True))


def test_a_half_year_is_a_part_of_its_year_and_the_rest_an_outline(progress):
    figure = figures.trend(progress.indicator("1-1"))
    assert series(figure, "実績（年度）") == {2023: 1078, 2024: 1124}
    assert series(figure, "実績（上半期まで）") == {2025: 704}
    (rest,) = [one for one in figure["data"] if one["name"] == "年度の目標までの残り"]
    assert (rest["x"], rest["base"], rest["y"]) == ([2025], [704], [496])
    assert rest["hovertext"] == ["R7年度 目標までの残り<br>496件"]


def test_a_level_and_a_ratio_have_no_rest_to_come(progress):
    for code in ("2-2", "2-4"):
        names = [one["name"] for one in figures.trend(progress.indicator(code))["data"]]
        assert "年度の目標までの残り" not in names


def test_each_target_is_a_step_across_its_own_year(progress):
    (steps,) = [
        one for one in figures.trend(progress.indicator("1-3"))["data"] if one["name"] == "目標"
    ]
    assert steps["x"][:5] == [2023.54, 2024, 2024.46, None, 2024.54]
    assert steps["y"] == [20, 20, 20, None] * 3


def test_years_without_a_target_say_why_at_the_axis(progress):
    def ticks(code):
        return figures.trend(progress.indicator(code))["layout"]["xaxis"]["ticktext"]

    linked = ["R8<br>連動", "R9<br>連動", "R10<br>連動"]
    assert ticks("1-1") == ["R5", "R6", "R7<br>上半期", *linked]
    assert ticks("1-4")[3:] == ["R8", "R9<br>未設定", "R10<br>未設定"]


def labels(figure):
    return {
        (one["x"], one["text"]): (one["y"], one["yanchor"])
        for one in figure["layout"]["annotations"]
    }


def test_figures_stand_beside_what_they_tell(progress):
    found = labels(figures.trend(progress.indicator("1-1")))
    assert found[2023, "1,078"] == (1078, "bottom")
    assert found[2024, "1,124"] == (1124, "top")  # within the bar: the step is just above it
    assert found[2024, "目標<br>1,200"] == (1200, "bottom")
    assert found[2025, "704"] == (704, "bottom")
    beyond = labels(figures.trend(progress.indicator("1-4")))
    assert beyond[2024, "44"] == (44, "bottom")
    assert beyond[2024, "目標<br>37"] == (37, "top")  # within the bar, below its step
    assert beyond[2025, "—"] == (0, "bottom")


def test_a_low_bar_near_its_target_shares_one_label(progress):
    two = progress.indicator("3-6")
    low = replace(two.years[1].target, value=Decimal(19), display="19")
    high = replace(two.years[5].target, value=Decimal(600), display="600")
    years = (*two.years[:1], replace(two.years[1], target=low), *two.years[2:5])
    years = (*years, replace(two.years[5], target=high))
    assert labels(figures.trend(replace(two, years=years)))[2024, "18<br>／19"] == (19, "bottom")


def test_of_many_years_those_are_labelled_that_tell_most(progress):
    two = progress.indicator("2-4")
    last = two.years[-1]
    more = [replace(last, fiscal_year=year) for year in range(2029, 2039)]
    found = figures.trend(replace(two, years=(*two.years, *more)))["layout"]["annotations"]
    assert [one["x"] for one in found] == [2023, 2025, 2025, 2038, 2038]


def test_no_label_is_bold_by_markup_that_a_strict_policy_blocks(progress):
    for indicator in progress.indicators:
        texts = [one["text"] for one in figures.trend(indicator)["layout"]["annotations"]]
        assert not any("<b>" in text for text in texts)


def test_zero_is_a_bar_and_a_dash_is_none(progress):
    assert series(figures.trend(progress.indicator("3-1")), "実績（上半期まで）")[2025] == 0
    names = [one["name"] for one in figures.trend(progress.indicator("3-3"))["data"]]
    assert "実績（上半期まで）" not in names


def test_bars_of_amounts_begin_at_zero(progress):
    for indicator in progress.indicators:
        assert figures.trend(indicator)["layout"]["yaxis"]["range"][0] == 0


def test_a_projection_is_drawn_apart_and_only_for_years_to_come(progress):
    (ahead,) = [
        one for one in figures.trend(progress.indicator("1-1"))["data"] if one["name"] == "推計"
    ]
    assert (ahead["x"], ahead["y"]) == ([2026, 2027, 2028], [1216, 1262, 1308])
    assert ahead["line"]["dash"] == "dot"
    assert ahead["hovertext"][-1] == "R10年度 推計（参考）<br>1,308件"


def test_kgi_lines_meet_at_100_in_the_base_year(progress):
    figure = figures.kgi_index(progress.kgis[0])
    assert series(figure, "市") == {
        "R3<br>(2021)": 88.3,  # 23,139,459 ÷ 26,214,886
        "R4<br>(2022)": 100,
        "R5<br>(2023)": 105.2,  # 27,570,624 ÷ 26,214,886
    }
    assert series(figure, "大阪府全体") == {"R4<br>(2022)": 100, "R5<br>(2023)": 101.9}


def test_counts_by_strategy_add_up_to_the_indicators(progress):
    figure = figures.judgement_counts(progress)
    totals = [sum(numbers) for numbers in zip(*(one["x"] for one in figure["data"]), strict=True)]
    assert totals == [5, 4, 6]


def test_the_strategies_years_are_counted_and_never_averaged(progress):
    table = attainment_table(progress, Links("kadoma-monozukuri", ""))
    headings = [str(one.header) for one in table.columns]
    assert headings == ["基本戦略", "R6年度", "R7上半期", "R8年度", "R9年度", "R10年度"]
    rows = [line.split(",") for line in table_csv(table).decode("utf-8-sig").splitlines()]
    assert rows[1:] == [
        ["1 イノベーション", "2／5", "2／3", "", "", ""],
        ["2 ネットワーク・連携", "3／4", "2／3", "", "", ""],
        ["3 基盤・集積強化", "5／6", "2／4", "", "", ""],
        ["計画全体", "10／15", "6／10", "", "", ""],
    ]
    assert attainment_sentence(progress) == (
        "判定した指標のうち良い判定は、令和6年度は15件中10件、令和7年度上半期は10件中6件です。"
    )
    assert good_words(progress) == "◎達成、○概ね達成、◎順調、○概ね順調、✓目標に到達"


def luminance(colour):
    """Return the relative luminance of #rrggbb as WCAG defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("tone", list(figures.TONES), ids=lambda tone: tone.value)
def test_each_colour_stands_out_from_white(tone):
    contrast = 1.05 / (luminance(figures.TONES[tone]) + 0.05)
    assert contrast >= 4.5  # white words stand on it


def test_no_green_stands_against_red():
    for colour in BAR_COLOURS:
        red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
        assert not (green > red and green > blue), colour
