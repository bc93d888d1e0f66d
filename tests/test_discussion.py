"""The three points for discussion, as sentences."""

from dataclasses import replace

import pytest

from actions.fiscal import Period, Term
from actions.vocabulary import Evaluation
from kpis.discussion import points, shortfalls
from kpis.selectors import shown
from kpis.vocabulary import ActualReason
from tests.builders import rich_progress

R6 = Period(2024, Term.FY)


def explained(progress, codes, **texts):
    """Return the plan where the actuals of these indicators carry the texts."""
    strategies = []
    for strategy in progress.strategies:
        indicators = tuple(
            replace(one, years=tuple(_told(year, texts) for year in one.years))
            if one.code in codes
            else one
            for one in strategy.indicators
        )
        strategies.append(replace(strategy, indicators=indicators))
    return replace(progress, strategies=tuple(strategies))


def _told(year, texts):
    results = tuple(replace(one, actual=replace(one.actual, **texts)) for one in year.results)
    return replace(year, results=results)


def evaluated(evaluation, fiscal_year=2025):
    """Return the rich plan with one action, evaluated so in the year."""
    progress = rich_progress()
    action = progress.actions[0]
    year = replace(action.years[1], fiscal_year=fiscal_year, evaluation=evaluation)
    return replace(progress, actions=(replace(action, years=(year,)),))


@pytest.fixture
def half_year(published):
    return shown(published.slug).progress


@pytest.mark.django_db
class TestThePapersPlan:
    def test_shortfalls_stand_farthest_first(self, half_year):
        assert points(half_year)[0].codes == ("3-1", "3-4", "2-4", "1-3")
        assert points(half_year)[0].sentence == (
            "目標に向けて遅れがみられる指標は4指標です。開きが大きい順に、"
            "3-1 産業誘導区域への移転等件数（達成率0%、×遅れ）、"
            "3-4 カドマイスター認定企業数（達成率0%、×遅れ）、"
            "2-4 「ものづくりタウンかどま」掲載企業数（達成率7.1%、×遅れ）、"
            "1-3 先端設備等導入計画認定件数（達成率15%、×遅れ）です。"
            "目標の達成に向けて必要な取組や軌道修正について、ご意見をお願いします。"
        )

    def test_a_plan_without_actions_says_so(self, half_year):
        point = points(half_year)[1]
        assert (point.sentence, point.codes) == ("この計画には、アクションの記録がありません。", ())

    def test_figures_without_explanation_are_named(self, half_year):
        point = points(half_year)[2]
        assert point.codes == ("1-3", "2-4", "3-1", "3-4", "1-2", "1-4", "3-3", "3-5")
        assert point.sentence == (
            "要因または今後の対応の記載がない指標は、遅れなどがみられる指標のうち4指標です"
            "（1-3 先端設備等導入計画認定件数、2-4 「ものづくりタウンかどま」掲載企業数、"
            "3-1 産業誘導区域への移転等件数、3-4 カドマイスター認定企業数）。"
            "実績値がない指標は4指標です（公表資料に記載なし: 1-2 創業支援件数、"
            "1-4 特定創業支援を受けた市内創業数、3-3 「合同企業就職説明会・面接会」マッチング数、"
            "3-5 オープンファクトリー参加者数）。"
        )

    def test_a_year_names_what_missed_its_target_and_how_many_more(self, published):
        progress = shown(published.slug, R6).progress
        # ×0%, then △50, 57.4, 65 and 77.8%, then ○93.6%
        order = ["1-5", "3-1", "1-2", "1-3", "2-4", "1-1"]
        assert [one.code for one, _ in shortfalls(progress)] == order
        sentence = points(progress)[0].sentence
        assert sentence.startswith("目標に届いていない指標は6指標です。開きが大きい順に、1-5 ")
        assert "（達成率77.8%、△やや遅れ）、ほか1件です。" in sentence
        assert "93.6%" not in sentence

    def test_half_an_explanation_is_none(self, half_year):
        only_cause = explained(half_year, ("1-3",), cause="申請が少ない")
        both = explained(half_year, ("1-3",), cause="申請が少ない", next_step="周知する")
        assert "1-3" in points(only_cause)[2].codes
        assert "1-3" not in points(both)[2].codes

    def test_where_everything_is_explained_it_is_said(self, half_year):
        below = ("1-3", "2-4", "3-1", "3-4")
        told = explained(half_year, below, cause="要因", next_step="対応")
        assert points(told)[2].sentence.startswith(
            "要因または今後の対応の記載がない指標はありません。"
        )

    def test_what_is_not_entered_is_said_beside_the_reasons(self, half_year):
        blank = explained(half_year, ("1-2",), reason=None, reason_words="", display="")
        assert "（未入力: 1-2 創業支援件数。公表資料に記載なし: 1-4 " in points(blank)[2].sentence


def test_nothing_to_discuss_is_said_plainly():
    progress = explained(rich_progress(), ("3-5",), value=1, reason=None)
    short, _, silent = points(progress)
    assert (short.sentence, short.codes) == ("目標に向けて遅れがみられる指標はありません。", ())
    assert silent.sentence == (
        "要因または今後の対応の記載がない指標はありません。実績値がない指標はありません。"
    )
    assert silent.codes == ()


def test_a_reason_is_named_with_its_words():
    point = points(rich_progress())[2]
    assert point.codes == ("3-5",)
    assert (
        f"（{ActualReason.NOT_YET_DUE.label}: 3-5 オープンファクトリー参加者数）" in point.sentence
    )


@pytest.mark.parametrize(
    "evaluation", [Evaluation.SLIGHTLY_LATE, Evaluation.LATE, Evaluation.NOT_STARTED]
)
def test_a_late_action_is_named(evaluation):
    point = points(evaluated(evaluation))[1]
    assert (point.title, point.codes) == ("遅れているアクション（令和7年度）", ("1-1-1",))
    assert point.sentence == (
        "評価が記入された1件のうち、遅れているアクションは1件です。"
        f"1-1-1 デジタル化セミナーの開催（{evaluation.label}）です。"
    )


@pytest.mark.parametrize("evaluation", [Evaluation.AHEAD, Evaluation.ON_PLAN])
def test_an_action_in_time_is_not(evaluation):
    point = points(evaluated(evaluation))[1]
    assert point.codes == ()
    assert point.sentence == "評価が記入された1件に、遅れているアクションはありません。"


@pytest.mark.parametrize(
    "progress", [evaluated(None), evaluated(Evaluation.LATE, fiscal_year=2024)]
)
def test_only_the_reported_years_evaluations_count(progress):
    point = points(progress)[1]
    assert point.codes == ()
    assert point.sentence == "令和7年度の評価が記入されたアクションは、まだありません。"


def test_a_made_up_action_says_so():
    progress = evaluated(Evaluation.LATE)
    sample = replace(progress.actions[0], is_example=True)
    sentence = points(replace(progress, actions=(sample,)))[1].sentence
    assert "1-1-1 デジタル化セミナーの開催（例示）（遅れ）です。" in sentence
