"""The schedule of actions as data: bars, joined years, words, and what fits on a sheet."""

from dataclasses import replace
from itertools import pairwise

import plotly.graph_objects as go
import pytest

from actions.vocabulary import Evaluation, Stage
from kpis import figures
from kpis.actionwords import Stretch, stretches
from kpis.progress import ActionYear
from tests.builders import rich_progress
from tests.test_figures import luminance

S, P, R, X = Stage.STUDY, Stage.PREPARATION, Stage.RUNNING, Stage.PAUSED


def year(number, stage, evaluation=None):
    return ActionYear(number, stage, "", "", "", "", evaluation, None, "")


def acting(*stages, late=None, **fields):
    """Return an action with these stages from R6 on; ``late`` is R7's evaluation."""
    action = rich_progress().actions[0]
    years = tuple(
        year(2024 + place, stage, late if place == 1 else None)
        for place, stage in enumerate(stages)
    )
    return replace(action, **{"years": years, "is_priority": False, **fields})


def drawn(*actions):
    """Return the figures of the actions in the made-up plan R6-R10 at R7 上半期."""
    return figures.schedule(rich_progress(), actions)


def bars(figure):
    """Return every bar as (first year, years, word), in the order of time."""
    found = [
        bar
        for one in figure["data"]
        for bar in zip(one["base"], one["x"], one["text"], strict=True)
    ]
    return sorted(found)


def labels(figure):
    return [one["text"] for one in figure["layout"]["annotations"]]


def test_neighbouring_years_of_one_stage_are_one_bar():
    (figure,) = drawn(acting(S, R, R, X, R))
    assert bars(figure) == [
        *((2024, 1, "検討"), (2025, 2, "実施"), (2027, 1, "休止"), (2028, 1, "実施")),
    ]


def test_a_year_without_a_stage_is_a_gap():
    (figure,) = drawn(acting(R, None, R))
    assert bars(figure) == [(2024, 1, "実施"), (2026, 1, "実施")]
    action = replace(acting(R, R, R), years=(year(2024, R), year(2026, R)))
    assert bars(drawn(action)[0]) == [(2024, 1, "実施"), (2026, 1, "実施")]


def test_years_outside_the_plan_are_not_drawn():
    action = replace(acting(), years=(year(2023, S), year(2024, R), year(2029, R)))
    assert bars(drawn(action)[0]) == [(2024, 1, "実施")]


def test_a_stretch_is_told_in_words():
    assert [one.words for one in stretches(acting(P, P, R), range(2024, 2029))] == [
        *("R6～R7 準備", "R8 実施"),
    ]
    assert Stretch(2018, 2019, S).words == "H30～R1 検討"


def test_each_stage_has_its_own_series_and_word():
    (figure,) = drawn(acting(*list(Stage)[:5]), acting(X, code="9-9-9"))
    assert [one["name"] for one in figure["data"]] == [
        *("検討", "準備", "実施", "拡充", "完了", "休止"),
    ]
    assert all({one["name"]} == set(one["text"]) for one in figure["data"])


def test_the_years_stand_on_top_and_the_periods_is_marked():
    axis = drawn(acting(R))[0]["layout"]["xaxis"]
    assert axis["ticktext"] == ["R6", "▼R7", "R8", "R9", "R10"]
    assert axis["tickvals"] == [2024.5, 2025.5, 2026.5, 2027.5, 2028.5]
    assert axis["range"] == [2024, 2029]
    band = drawn(acting(R))[0]["layout"]["shapes"][0]
    assert (band["type"], band["x0"], band["x1"]) == ("rect", 2025, 2026)


@pytest.mark.parametrize(
    ("evaluation", "words"),
    [
        (Evaluation.LATE, "■遅れ"),
        (Evaluation.SLIGHTLY_LATE, "■やや遅れ"),
        (Evaluation.NOT_STARTED, "■未着手"),
    ],
)
def test_a_late_action_says_so_first(evaluation, words):
    label = drawn(acting(R, R, late=evaluation))[0]["layout"]["annotations"][1]
    assert label["text"] == f"{words} 1-1-1 デジタル化セミナーの開催"
    assert label["font"]["weight"] == "bold"
    assert label["font"]["color"] == "#a90000"


@pytest.mark.parametrize("evaluation", [Evaluation.AHEAD, Evaluation.ON_PLAN, None])
def test_an_action_that_is_not_late_does_not(evaluation):
    assert labels(drawn(acting(R, R, late=evaluation))[0])[1] == "1-1-1 デジタル化セミナーの開催"


def test_lateness_of_another_year_is_not_the_periods():
    action = replace(acting(), years=(year(2024, R, Evaluation.LATE), year(2025, R)))
    assert labels(drawn(action)[0])[1] == "1-1-1 デジタル化セミナーの開催"


def test_actions_stand_under_their_measure():
    other = acting(R, measure_code="1-2", code="1-2-1")
    lost = acting(R, measure_code="8-8", code="8-8-1", is_example=True)
    assert labels(drawn(acting(R), other, lost)[0]) == [
        *("施策1-1 デジタル化", "1-1-1 デジタル化セミナーの開催"),
        *("施策1-2 脱炭素", "1-2-1 デジタル化セミナーの開催"),
        *("施策8-8", "8-8-1 【例示】デジタル化セミナーの開催"),
    ]


def test_a_long_name_is_shortened_to_what_a_phone_shows():
    (figure,) = drawn(acting(R, name="あ" * 60))
    assert labels(figure)[1] == f"1-1-1 {'あ' * 21}…"  # 25 full-width letters
    assert figure["data"][0]["customdata"] == [f"1-1-1 {'あ' * 60}<br>R6 実施"]
    assert labels(drawn(acting(R, name="あ" * 22))[0])[1] == f"1-1-1 {'あ' * 22}"


def test_markup_in_a_name_stays_text():
    (figure,) = drawn(acting(R, name="<b>&</b>"))
    assert labels(figure)[1] == "1-1-1 &lt;b&gt;&amp;&lt;/b&gt;"
    assert figure["data"][0]["customdata"] == ["1-1-1 &lt;b&gt;&amp;&lt;/b&gt;<br>R6 実施"]


def test_many_actions_are_parted_so_that_each_figure_fits_on_a_sheet():
    many = [acting(R, code=f"1-1-{one}") for one in range(50)]
    found = drawn(*many)
    assert sum(len(bars(one)) for one in found) == 50
    titles = [one["layout"]["meta"]["title"] for one in found]
    assert titles[0] == f"アクションのスケジュール（R6～R10年度）　1／{len(found)}"
    for place, figure in enumerate(found):
        assert figure["layout"]["height"] <= 800
        expected = "施策1-1 デジタル化（続き）" if place else "施策1-1 デジタル化"
        assert labels(figure)[0] == expected
    assert drawn() == []


def test_a_measures_heading_never_stands_alone_at_the_end():
    for number in range(1, 40):
        actions = [acting(R, code=f"1-1-{one}") for one in range(number)]
        for figure in drawn(*actions, acting(R, measure_code="1-2", code="1-2-1")):
            assert not labels(figure)[-1].startswith("施策")


def test_no_bar_or_label_lies_on_another():
    (figure,) = drawn(acting(R), acting(R, code="1-1-2"), acting(R, measure_code="1-2"))
    places = [(one["y"], 8) for one in figure["layout"]["annotations"]]
    series = figure["data"][0]
    places += [(y, series["width"] / 2) for y in series["y"]]
    for (upper, above), (lower, below) in pairwise(sorted(places)):
        assert upper + above <= lower - below
    low, high = figure["layout"]["yaxis"]["range"]
    assert low >= max(y + half for y, half in places)
    assert high == 0


def test_plotly_accepts_the_figures():
    for figure in drawn(*[acting(*list(Stage)[:5], late=Evaluation.LATE)] * 40):
        go.Figure(figure)  # raises for anything that plotly.js would not draw


@pytest.mark.parametrize("stage", list(Stage), ids=lambda one: one.value)
def test_each_stages_word_can_be_read_on_its_colour(stage):
    high, low = sorted(map(luminance, figures.STAGES[stage]), reverse=True)
    assert (high + 0.05) / (low + 0.05) >= 4.5
