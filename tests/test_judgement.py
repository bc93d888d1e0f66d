"""参考判定: half-open bands on the unrounded rate, and what is said where no band applies."""

from decimal import Decimal

import pytest

from actions.fiscal import Term
from kpis.attainment import Rule, attain
from kpis.judgement import (
    DEFAULT_BANDS,
    Band,
    Judgement,
    judge,
    override_with,
    pace,
    rate_follows_direction,
    sorted_bands,
)
from kpis.vocabulary import ActualReason, Direction, Formula, JudgementOutcome, Kind, Tone
from tests.builders import facts, verdict

H1, FY = Term.H1, Term.FY
BAND, MET, MISSED, NOT_DUE, NOT_JUDGED = JudgementOutcome
UP, DOWN, MAINTAIN, LIMIT = Direction
RATIO, INVERSE = Formula.RATIO, Formula.INVERSE_RATIO
LEVEL = Rule(kind=Kind.LEVEL)


def share(text, **others):
    return Rule(expected_share=Decimal(text), **others)


def test_the_shipped_bands_are_those_of_the_design():
    bounds = [Decimal(100), Decimal(80), Decimal(50), None]
    tones = [Tone.GOOD, Tone.FAIR, Tone.WEAK, Tone.BAD]
    year, half = sorted_bands(FY, DEFAULT_BANDS), sorted_bands(H1, DEFAULT_BANDS)
    assert [band.sign + band.label for band in year] == ["◎達成", "○概ね達成", "△やや遅れ", "×遅れ"]
    assert [band.sign + band.label for band in half] == ["◎順調", "○概ね順調", "△やや遅れ", "×遅れ"]
    assert [band.lower for band in year] == [band.lower for band in half] == bounds
    assert [band.tone for band in year] == [band.tone for band in half] == tones


@pytest.mark.parametrize(
    ("actual", "words"),
    [
        # Of a target of 10,000 an actual of 7,999 is 79.99%.
        ("20000", "◎達成"),
        ("10000", "◎達成"),
        ("9999", "○概ね達成"),
        ("8000", "○概ね達成"),
        ("7999", "△やや遅れ"),
        ("5000", "△やや遅れ"),
        ("4999", "×遅れ"),
        ("0", "×遅れ"),
    ],
)
def test_a_band_holds_its_lower_bound_and_ends_before_the_next(actual, words):
    found = verdict(Rule(), actual, "10000")
    assert (found.outcome, found.words) == (BAND, words)


def test_a_rate_that_is_shown_as_100_percent_does_not_reach_the_band_of_100():
    # 1,999 of 2,000 is 99.95%, which one decimal shows as 100.0%.
    rule = Rule(keep_zeros=True)
    attained = attain(rule, facts("1999", "2000"))
    assert attained.display == "100.0%"
    assert judge(rule, FY, attained, DEFAULT_BANDS).words == "○概ね達成"


def test_a_rate_below_zero_falls_in_the_unbounded_band():
    rule = Rule(Formula.FROM_BASELINE)
    assert verdict(rule, "1", "10", baseline="5").words == "×遅れ"


def test_the_basis_of_a_year_names_the_band():
    assert verdict(Rule(), "9", "10").basis == "達成率 が「80%以上」の区分"
    assert verdict(Rule(), "1", "10").basis == "達成率 が「下限なし」の区分"


@pytest.mark.parametrize(
    ("expected", "actual", "words"),
    [
        # The rate of a target of 1,000, divided by what is expected by 30 September.
        pytest.param("0.5", "500", "◎順調", id="half-of-the-year-done"),
        pytest.param("0.5", "499", "○概ね順調", id="just-under-half"),
        pytest.param("0.5", "400", "○概ね順調", id="40-is-80-of-half"),
        pytest.param("0.5", "399", "△やや遅れ", id="just-under-40"),
        pytest.param("0.5", "249", "×遅れ", id="just-under-25"),
        pytest.param("0.25", "250", "◎順調", id="quarter-expected-and-done"),
        pytest.param("0.25", "200", "○概ね順調", id="20-is-80-of-a-quarter"),
        pytest.param("0.25", "124", "×遅れ", id="quarter-expected-and-late"),
        pytest.param("1", "500", "△やや遅れ", id="all-expected-by-september"),
    ],
)
def test_an_amount_is_judged_by_its_pace_at_half_year(expected, actual, words):
    found = verdict(share(expected), actual, "1000", H1)
    assert (found.outcome, found.words) == (BAND, words)


@pytest.mark.parametrize(
    ("actual", "target", "words"),
    [
        # 58.66…% ÷ 0.5, 15% ÷ 0.5, 40% ÷ 0.5, and 90% ÷ 0.5 of the paper.
        ("704", "1200", "◎順調"),
        ("3", "20", "×遅れ"),
        ("12", "30", "○概ね順調"),
        ("9", "10", "◎順調"),
        ("0", "2", "×遅れ"),
    ],
)
def test_the_half_year_of_the_paper_is_judged_with_a_share_of_one_half(actual, target, words):
    assert verdict(Rule(), actual, target, H1).words == words


def test_the_basis_of_a_half_year_shows_the_division():
    words = "達成率 ÷ 見込割合0.25 が「100%以上」の区分"
    assert verdict(share("0.250"), "250", "1000", H1).basis == words


@pytest.mark.parametrize("actual", ["0", "5", "10"])
def test_a_share_of_zero_means_not_judged_at_half_year(actual):
    assert verdict(share("0"), actual, "10", H1).outcome is NOT_JUDGED
    # The share says nothing of the whole year.
    assert verdict(share("0"), actual, "10", FY).outcome is BAND


def test_what_was_added_to_a_level_is_judged_by_its_pace():
    # 137 from 136 to 150 is 7.14…%, against one half 14.28…%.
    rule = Rule(Formula.FROM_PREVIOUS, kind=Kind.LEVEL)
    assert verdict(rule, "137", "150", H1, previous="136").words == "×遅れ"
    assert verdict(rule, "143", "150", H1, previous="136").words == "◎順調"
    assert verdict(rule, "143", "150", FY, previous="136").words == "△やや遅れ"


@pytest.mark.parametrize("formula", [RATIO, Formula.FROM_BASELINE, Formula.NONE])
def test_another_level_is_met_or_not_yet_due_at_half_year(formula):
    rule = Rule(formula, kind=Kind.LEVEL)
    early = verdict(rule, "103", "103", H1, baseline="99")
    assert (early.outcome, early.words) == (MET, "✓目標に到達")
    late = verdict(rule, "1", "103", H1, baseline="99")
    assert (late.outcome, late.label, late.tone) == (NOT_DUE, "年度末に判定", Tone.NEUTRAL)


@pytest.mark.parametrize(
    ("rule", "bases"),
    [
        pytest.param(Rule(kind=Kind.RATIO, rated_at_half_year=False), {}, id="not-at-half-year"),
        pytest.param(Rule(Formula.NONE, kind=Kind.RATIO), {}, id="no-formula"),
        pytest.param(Rule(Formula.FROM_BASELINE, kind=Kind.RATIO), {}, id="no-base"),
        pytest.param(
            Rule(Formula.FROM_PREVIOUS, kind=Kind.RATIO, rated_at_half_year=False),
            {"previous": "5"},
            id="added-but-not-at-half-year",
        ),
    ],
)
def test_a_ratio_without_a_half_year_rate_is_not_judged(rule, bases):
    assert verdict(rule, "7.2", "14", H1, **bases).outcome is NOT_JUDGED


def test_a_ratio_with_a_half_year_rate_is_banded_without_the_share():
    # It does not accrue: 7.2 of 14 is 51.4…%, whatever the month.
    rule = share("0.5", kind=Kind.RATIO)
    found = verdict(rule, "7.2", "14", H1)
    assert (found.words, found.basis) == ("△やや遅れ", "達成率 が「50%以上」の区分")


def test_the_pace_of_an_inverse_ratio_is_measured_against_the_share_of_the_limit():
    # At most 100 a year, so 50 by September: 60 stands at 50 ÷ 60 = 83.3…%, not at 333%.
    rule = Rule(INVERSE, LIMIT)
    found = verdict(rule, "60", "100", H1)
    assert found.words == "○概ね順調"
    assert found.basis == "達成率 × 見込割合0.5 が「80%以上」の区分"
    assert pace(rule, Decimal(160)) == 80
    assert pace(Rule(), Decimal(40)) == 80
    assert verdict(rule, "50", "100", H1).words == "◎順調"


@pytest.mark.parametrize("direction", [DOWN, LIMIT])
@pytest.mark.parametrize(("actual", "outcome"), [("60", MISSED), ("40", MET)])
def test_a_plain_ratio_of_what_should_fall_is_never_banded(direction, actual, outcome):
    # 60 of at most 50 is "120%", which no band may call 達成.
    found = verdict(Rule(RATIO, direction), actual, "50")
    assert found.outcome is outcome
    assert verdict(Rule(RATIO, direction), actual, "50", H1).outcome is NOT_DUE
    at_half_year = verdict(Rule(RATIO, direction, Kind.RATIO), actual, "50", H1).outcome
    assert at_half_year is (MET if outcome is MET else NOT_DUE)


@pytest.mark.parametrize(
    ("formula", "rising", "falling"),
    [
        (RATIO, True, False),
        (INVERSE, False, True),
        (Formula.FROM_BASELINE, True, True),
        (Formula.FROM_PREVIOUS, True, True),
        (Formula.NONE, False, False),
    ],
)
def test_a_rate_follows_the_direction_or_not_by_its_formula(formula, rising, falling):
    assert [rate_follows_direction(Rule(formula, one)) for one in (UP, MAINTAIN)] == [rising] * 2
    assert [rate_follows_direction(Rule(formula, one)) for one in (DOWN, LIMIT)] == [falling] * 2


@pytest.mark.parametrize("term", [H1, FY])
@pytest.mark.parametrize("rule", [Rule(), LEVEL, Rule(Formula.NONE, kind=Kind.LEVEL)])
@pytest.mark.parametrize("given", [(None, "10"), ("10", None), (None, None)])
def test_nothing_is_judged_without_a_figure_on_both_sides(term, rule, given):
    assert verdict(rule, *given, term).outcome is NOT_JUDGED


def test_a_reason_in_place_of_a_figure_is_the_basis_of_no_judgement():
    found = verdict(Rule(), None, "10", H1, actual_reason=ActualReason.NOT_YET_DUE)
    assert (found.outcome, found.sign, found.tone) == (NOT_JUDGED, "－", Tone.NEUTRAL)
    assert found.basis == "実績値がない"


@pytest.mark.parametrize(
    ("rule", "actual", "target", "base", "outcome"),
    [
        pytest.param(Rule(Formula.NONE), "9", "10", None, MISSED, id="unrated-missed"),
        pytest.param(Rule(Formula.NONE), "10", "10", None, MET, id="unrated-met"),
        pytest.param(Rule(INVERSE, LIMIT), "0", "0", None, MET, id="zero-limit-kept"),
        pytest.param(Rule(INVERSE, LIMIT), "1", "0", None, MISSED, id="zero-limit-broken"),
        pytest.param(Rule(Formula.FROM_BASELINE), "9", "10", None, MISSED, id="no-base"),
        pytest.param(Rule(Formula.FROM_PREVIOUS), "406", "401", "405", MET, id="base-beyond"),
    ],
)
def test_a_year_without_a_rate_is_judged_by_the_numbers(rule, actual, target, base, outcome):
    assert verdict(rule, actual, target, previous=base).outcome is outcome


def test_an_override_counts_and_keeps_the_computed_verdict_beside_it():
    computed = verdict(Rule(), "9", "10")
    chosen = override_with(DEFAULT_BANDS[0], "年度末に契約済みのため")
    judgement = Judgement(computed, chosen)
    assert (judgement.shown.words, judgement.shown.basis) == ("◎達成", "年度末に契約済みのため")
    assert judgement.computed.words == "○概ね達成"
    assert Judgement(computed).shown is computed


SEVEN = [
    Band(FY, None if lower is None else Decimal(lower), sign, "", Tone.NEUTRAL)
    for sign, lower in zip("ABCDEFG", ["120", "100", "90", "80", "60", "30.5", None], strict=True)
]


@pytest.mark.parametrize(
    ("actual", "sign"),
    [("120", "A"), ("119.99", "B"), ("99.99", "C"), ("80", "D"), ("30.5", "F"), ("30.49", "G")],
)
@pytest.mark.parametrize("bands", [SEVEN, SEVEN[::-1], [*DEFAULT_BANDS[4:], *SEVEN]])
def test_seven_classes_of_ones_own_work_in_any_order(actual, sign, bands):
    assert verdict(Rule(), actual, "100", bands=bands).sign == sign


@pytest.mark.parametrize("bands", [[], SEVEN[:-1], DEFAULT_BANDS[4:]])
def test_a_rate_without_a_band_is_not_judged_and_says_so(bands):
    # No bands at all, none that reaches down to 10%, or only those of the half-year.
    found = verdict(Rule(), "10", "100", bands=bands)
    assert (found.outcome, found.basis) == (NOT_JUDGED, "当てはまる判定区分がない")
