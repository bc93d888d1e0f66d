"""The plan as a tree: what belongs where, how it stands, and that nothing made up counts."""

from dataclasses import replace

import pytest

from actions.fiscal import Period, Term
from actions.vocabulary import Actor, Evaluation, Stage
from kpis.judgement import DEFAULT_BANDS, override_with
from kpis.payload import dump
from kpis.progress import ActionYear
from kpis.tree import ActionLeaf, Branch, IndicatorLeaf, measure_branch, tree
from kpis.vocabulary import Tone
from tests.builders import rich_actions, rich_progress

GOOD, FAIR, WEAK, BAD = DEFAULT_BANDS[4:]  # of 上半期: ◎順調, ○概ね順調, △やや遅れ, ×遅れ
TONES = {"good": GOOD, "fair": FAIR, "weak": WEAK, "bad": BAD}
SEMINAR, VISIT = rich_actions()  # the second one is made up (例示)
CONSULTATIONS = next(rich_progress().indicators)


def kpi(tone):
    """Return a leaf whose judgement has the tone; None is not judged at all."""
    return IndicatorLeaf(CONSULTATIONS, None if tone is None else override_with(TONES[tone], ""))


def deed(evaluation, action=SEMINAR):
    """Return a leaf with the year's evaluation, None while nothing is evaluated."""
    year = ActionYear(2025, Stage.RUNNING, "", "", "", "", evaluation, None, "")
    return ActionLeaf(action, year)


def branch(kpis=(), deeds=(), **others):
    return Branch(tuple(map(kpi, kpis)), tuple(deed(one, **others) for one in deeds))


@pytest.mark.parametrize(
    ("kpis", "deeds", "words"),
    [
        ([], [], "―判定なし"),
        ([None], [None], "―判定なし"),
        (["good"], [], "◎順調"),
        ([None, "good"], [None], "◎順調"),
        (["good", "fair"], [], "○おおむね順調"),
        (["good", "weak", "fair"], [], "△やや遅れあり"),
        (["good", "weak", "bad"], [], "×遅れあり"),
        ([], [Evaluation.AHEAD], "◎順調"),
        ([], [Evaluation.ON_PLAN, None], "◎順調"),
        ([], [Evaluation.SLIGHTLY_LATE, Evaluation.AHEAD], "△やや遅れあり"),
        ([], [Evaluation.LATE], "×遅れあり"),
        ([], [Evaluation.NOT_STARTED], "×遅れあり"),
        (["fair"], [Evaluation.ON_PLAN], "○おおむね順調"),
        (["good"], [Evaluation.SLIGHTLY_LATE], "△やや遅れあり"),
        (["weak"], [Evaluation.NOT_STARTED], "×遅れあり"),
        (["bad"], [Evaluation.AHEAD], "×遅れあり"),
    ],
)
def test_the_worst_of_what_is_judged_is_the_state(kpis, deeds, words):
    assert branch(kpis, deeds).state.words == words


@pytest.mark.parametrize(
    ("words", "tone"),
    [
        ("×遅れあり", Tone.BAD),
        ("△やや遅れあり", Tone.WEAK),
        ("○おおむね順調", Tone.FAIR),
        ("◎順調", Tone.GOOD),
        ("―判定なし", Tone.NEUTRAL),
    ],
)
def test_a_state_has_the_colour_of_its_words(words, tone):
    kpis = {Tone.NEUTRAL: [None]}.get(tone, [tone.value])
    state = branch(kpis).state
    assert (state.words, state.tone) == (words, tone)


def test_a_made_up_action_counts_neither_in_the_state_nor_in_the_numbers():
    found = Branch((kpi("good"),), (deed(Evaluation.LATE, VISIT), deed(Evaluation.ON_PLAN)))
    assert found.state.words == "◎順調"
    assert [(one.judgement.words, one.number) for one in found.counts] == [("◎順調", 2)]
    assert [(one.judgement.words, one.number) for one in found.action_counts] == [
        ("◎計画どおり", 1)
    ]
    assert (len(found.actions), found.examples) == (2, 1)


def test_the_numbers_go_from_the_best_down_and_leave_out_what_there_is_none_of():
    found = branch(["bad", "good", None], [Evaluation.LATE, Evaluation.SLIGHTLY_LATE, None])
    told = [(one.judgement.words, one.number) for one in found.counts]
    assert told == [("◎順調", 1), ("△やや遅れ", 1), ("×遅れ", 2), ("―判定なし", 2)]
    told = [(one.judgement.words, one.number) for one in found.action_counts]
    assert told == [("△やや遅れ", 1), ("×遅れ", 1), ("―評価なし", 1)]


@pytest.mark.parametrize(
    ("evaluation", "words"),
    [
        (Evaluation.AHEAD, "◎計画以上"),
        (Evaluation.ON_PLAN, "◎計画どおり"),
        (Evaluation.SLIGHTLY_LATE, "△やや遅れ"),
        (Evaluation.LATE, "×遅れ"),
        (Evaluation.NOT_STARTED, "×未着手"),
        (None, "―評価なし"),
    ],
)
def test_an_action_stands_by_its_evaluation(evaluation, words):
    assert deed(evaluation).shown.words == words
    assert ActionLeaf(SEMINAR, None).shown.words == "―評価なし"


# --- what belongs where ---------------------------------------------------------------------------


def codes(leaves):
    return [one.indicator.code for one in leaves]


def test_the_tree_holds_each_measure_with_its_kpis_and_actions():
    first, third = tree(rich_progress())
    digital, carbon = first.measures
    assert (digital.measure.code, codes(digital.branch.indicators)) == ("1-1", ["1-1"])
    assert [one.action.code for one in digital.branch.actions] == ["1-1-1", "1-1-2"]
    assert (carbon.measure.code, codes(carbon.branch.indicators)) == ("1-2", ["1-1"])
    assert (carbon.branch.actions, first.others) == ((), ())
    assert (third.measures, codes(third.others)) == ((), ["3-5"])


def test_a_strategy_counts_a_kpi_of_two_measures_once():
    first, third = tree(rich_progress())
    assert codes(first.branch.indicators) == ["1-1"]
    assert [one.action.code for one in first.branch.actions] == ["1-1-1", "1-1-2"]
    # 1-1 was overridden to ○概ね順調 and the seminar is late; 3-5 has only 「—」.
    assert (first.branch.state.words, third.branch.state.words) == ("×遅れあり", "―判定なし")
    assert [one.branch.state.words for one in first.measures] == ["×遅れあり", "○おおむね順調"]


def test_a_kpi_of_another_strategys_measure_is_no_kpi_without_a_measure():
    progress = rich_progress()
    first, third = progress.strategies
    visitors = replace(third.indicators[0], measure_codes=("1-2",))
    moved = replace(progress, strategies=(first, replace(third, indicators=(visitors,))))
    grown = tree(moved)
    assert codes(grown[0].measures[1].branch.indicators) == ["1-1", "3-5"]
    assert (grown[1].others, codes(grown[1].branch.indicators)) == ((), ["3-5"])


def test_a_measures_actions_stand_by_actor():
    progress = rich_progress()
    found = measure_branch(progress, progress.strategies[0].measures[0])
    told = {one: [leaf.action.code for leaf in found.by(one)] for one in Actor}
    assert told == {Actor.BUSINESS: ["1-1-2"], Actor.CITY: ["1-1-1"], Actor.SUPPORT: []}


def test_another_period_has_another_years_evaluation():
    progress = replace(rich_progress(), period=Period(2024, Term.FY))
    found = tree(progress)[0].measures[0].branch
    assert [one.shown.words for one in found.actions] == ["◎計画どおり", "―評価なし"]
    assert [one.year and one.year.stage for one in found.actions] == [Stage.PREPARATION, None]


def test_a_kpi_outside_its_life_is_not_judged():
    progress = rich_progress()
    ended = replace(CONSULTATIONS, end_year=2024)
    first = replace(progress.strategies[0], indicators=(ended,))
    (leaf,) = tree(replace(progress, strategies=(first,), actions=()))[0].branch.indicators
    assert (leaf.verdict, leaf.shown.words) == (None, "―判定なし")


def test_no_state_is_stored_in_a_publication():
    progress = rich_progress()
    assert tree(progress)[0].branch.state.label == "遅れあり"
    assert "遅れあり" not in dump(progress)
