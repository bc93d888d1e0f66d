"""The sentence of each chart, at its edges."""

from dataclasses import replace
from decimal import Decimal

import pytest

from actions.fiscal import Period, Term
from kpis.attainment import Rule
from kpis.gauges import gauge, gauge_words
from kpis.growth import RecordedKgiYear, kgi_years
from kpis.progress import Target
from kpis.sentences import kgi_sentence, trend_sentence
from kpis.vocabulary import ActualReason, Direction, Formula, Kind, TargetStatus
from kpis.yearly import Share
from tests.builders import actual, facts, result, rich_progress
from tests.series import indicator_of

UNDONE = {"reason": ActualReason.NOT_CONDUCTED, "words": "未実施"}
LINKED = Target(TargetStatus.LINKED, None, "実施計画と連動", "", "")


def linked(indicator):
    return replace(indicator, years=tuple(replace(one, target=LINKED) for one in indicator.years))


@pytest.mark.parametrize(
    ("indicator", "sentence"),
    [
        (
            indicator_of("1078", "1124", half="704", goal="1200"),
            "令和5年度1,078件から令和6年度1,124件に増え、令和7年度上半期は704件、"
            "目標1,200件に対し58.7%です。",
        ),
        (
            indicator_of("20", "15", goal="10"),
            "令和5年度20件から令和6年度15件に減り、目標10件に対し150%です。",
        ),
        (indicator_of("20", "15", goal=None), "令和5年度20件から令和6年度15件に減りました。"),
        (indicator_of("3", "3", goal=None), "令和5年度と令和6年度はともに3件です。"),
        (indicator_of("3"), "令和5年度は3件です。"),
        (indicator_of(half="0", goal=None), "令和5年度上半期は0件です。"),
        (indicator_of(), "実績はまだありません。"),
        (
            indicator_of("3", half=None, goal=None, last=2023, provisional=True),
            "令和5年度は3件（速報）です。",
        ),
        (
            indicator_of("3", "4", None, goal="12", **UNDONE),
            "令和5年度3件から令和6年度4件に増え、令和7年度は数値なし（未実施）、"
            "年度の目標は12件です。",
        ),
        (
            linked(indicator_of("3", "4")),
            "令和5年度3件から令和6年度4件に増え、年度の目標は連動（ほかの計画で今後設定）です。",
        ),
        (
            indicator_of("95", "90", rule={"kind": Kind.RATIO}, goal=None),
            "令和5年度95件から令和6年度90件に下がりました。",
        ),
        (
            indicator_of(
                "9", "6", rule={"direction": Direction.LIMIT, "formula": Formula.INVERSE_RATIO}
            ),
            "令和5年度9件から令和6年度6件に減り、目標12件（以下）に対し200%です。",
        ),
    ],
)
def test_the_sentence_of_a_trend(indicator, sentence):
    assert trend_sentence(indicator) == sentence


@pytest.mark.parametrize(
    ("growth", "sentence"),
    [
        ("1.9", "市が102.0、大阪府全体が101.9で、市が0.1ポイント上回っています。"),
        ("2", "市が102.0、大阪府全体が102.0で、差はありません。"),
        ("3.5", "市が102.0、大阪府全体が103.5で、市が1.5ポイント下回っています。"),
    ],
)
def test_the_sentence_of_a_kgi(growth, sentence):
    rows = (
        RecordedKgiYear(2022, value=Decimal(1000)),
        RecordedKgiYear(2023, value=Decimal(1020), comparator_growth=Decimal(growth)),
    )
    kgi = replace(rich_progress().kgis[0], years=kgi_years(rows, 2022, 0))
    assert kgi_sentence(kgi) == f"令和4(2022)年を100とすると、令和5(2023)年は{sentence}"
    assert kgi_sentence(replace(kgi, years=kgi.years[:1])) == "比べられる値がまだありません。"


# --- the rate as a bar ---------------------------------------------------------------------------
def of(value, goal, term=Term.H1, **rule):
    rules = Rule(**rule)
    own = actual(value, display=value or "")
    return result(Period(2025, term), rules, own, facts(value, goal, term, baseline="5")), rules


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (of("704", "1200"), "達成率58.7%（9月末の目安50%以上）"),
        (of("3", "20"), "達成率15%（9月末の目安50%に届かず）"),
        (of("3", "20", expected_share=Decimal("0.125")), "達成率15%（9月末の目安12.5%以上）"),
        (of("3", "20", expected_share=Decimal(0)), "達成率15%"),
        (of("18", "17", Term.FY), "達成率105.9%"),
        (of("103", "103", kind=Kind.LEVEL), "達成率100%"),
        (of("4", "10", Term.FY, formula=Formula.FROM_BASELINE), "達成率▲20%"),
        (of(None, "20"), ""),
    ],
)
def test_a_gauge_in_words(made, words):
    assert gauge_words(*made) == words


def test_a_gauge_marks_what_is_due_by_30_september():
    assert 'class="gauge-due" d="M54.0 0H62.0L58.0 6z"' in gauge(*of("704", "1200"))
    assert "gauge-due" not in gauge(*of("1124", "1200", Term.FY))


def test_a_gauge_reaches_as_far_as_its_rate_and_ends_in_a_point_beyond_the_picture():
    assert 'd="M8 8H23.0L23.0 12L23.0 16H8z"' in gauge(*of("3", "20"))
    assert 'd="M8 8H122.0L128.0 12L122.0 16H8z"' in gauge(*of("60", "20", Term.FY))
    assert gauge(*of(None, "20")) == ""


# --- years by strategies -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("good", "judged", "step"),
    [(0, 5, 0), (1, 5, 1), (1, 4, 1), (2, 5, 2), (3, 4, 3), (4, 5, 4), (5, 5, 4), (0, 0, None)],
)
def test_a_heat_tables_step_follows_the_share(good, judged, step):
    assert Share(good, judged).step == step
