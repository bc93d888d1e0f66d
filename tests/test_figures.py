"""The figures as data: valid for Plotly, true to the read model, self-explaining."""

import plotly.graph_objects as go
import pytest

from actions.fiscal import Period, Term
from kpis import figures
from kpis.selectors import live_progress

BAR_COLOURS = set(figures.TONES.values())


@pytest.fixture
def progress(kadoma):
    return live_progress(kadoma, Period(2025, Term.H1))


def all_figures(progress):
    yield figures.judgement_counts(progress)
    for indicator in progress.indicators:
        yield figures.trend(indicator)
        yield figures.rates(indicator)
    for kgi in progress.kgis:
        yield figures.kgi_index(kgi)


def test_plotly_accepts_every_figure(progress):
    made = list(all_figures(progress))
    assert len(made) == 1 + 2 * 15 + 2
    for figure in made:
        go.Figure(figure)  # raises for anything that plotly.js would not draw


def test_every_figure_says_what_it_shows_and_in_which_unit(progress):
    for indicator in progress.indicators:
        assert f"（{indicator.unit}）" in figures.trend(indicator)["layout"]["meta"]["title"]
        assert "達成率（%）" in figures.rates(indicator)["layout"]["meta"]["title"]
    for kgi in progress.kgis:
        assert "令和4(2022)年＝100" in figures.kgi_index(kgi)["layout"]["meta"]["title"]


def series(figure, name):
    (found,) = [one for one in figure["data"] if one["name"] == name]
    return dict(zip(found["x"], found["y"], strict=True))


def test_a_half_year_stands_apart_from_whole_years(progress):
    figure = figures.trend(progress.indicator("1-1"))
    nothing = {"R8": None, "R9": None, "R10": None}
    assert series(figure, "実績（年度）") == {"R5": 1078, "R6": 1124, "R7": None} | nothing
    assert series(figure, "実績（上半期まで）") == {"R5": None, "R6": None, "R7": 704} | nothing
    assert series(figure, "目標") == {"R5": None, "R6": 1200, "R7": 1200} | nothing


def test_zero_is_a_bar_and_a_dash_is_none(progress):
    assert series(figures.trend(progress.indicator("3-1")), "実績（上半期まで）")["R7"] == 0
    names = [one["name"] for one in figures.trend(progress.indicator("3-3"))["data"]]
    assert "実績（上半期まで）" not in names


def test_bars_of_amounts_begin_at_zero(progress):
    for indicator in progress.indicators:
        assert figures.trend(indicator)["layout"]["yaxis"]["rangemode"] == "tozero"
        assert figures.rates(indicator)["layout"]["yaxis"]["range"][0] == 0


def test_rates_are_labelled_as_printed(progress):
    labels = [
        one["text"] for one in figures.rates(progress.indicator("1-1"))["layout"]["annotations"]
    ]
    assert labels == ["93.6%<br>○概ね達成", "58.6%<br>◎順調"]


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
