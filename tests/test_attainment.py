"""Attainment rates against tables of exact cases: the paper's own figures first."""

from decimal import Decimal

import pytest

from actions.fiscal import Term
from kpis.attainment import Rule, attain
from kpis.numerals import format_number, plain, round_decimal
from kpis.vocabulary import ActualReason, Direction, Formula, Kind, NoRate, Rounding, TargetStatus
from tests.builders import facts, percent

H1, FY = Term.H1, Term.FY
RATIO, INVERSE = Formula.RATIO, Formula.INVERSE_RATIO
FROM_BASELINE, FROM_PREVIOUS = Formula.FROM_BASELINE, Formula.FROM_PREVIOUS
UP, DOWN, MAINTAIN, LIMIT = Direction
CUT = Rounding.TRUNCATE

WHOLE = Rule(rate_decimals=0)
ADDED = Rule(FROM_PREVIOUS, kind=Kind.LEVEL)  # 掲載企業数: what was added since last year
GROWN, SHRUNK = Rule(FROM_BASELINE), Rule(FROM_BASELINE, DOWN)
FEWER, CAPPED = Rule(INVERSE, DOWN), Rule(INVERSE, LIMIT)
UNRATED = Rule(Formula.NONE)


@pytest.mark.parametrize(
    ("rule", "given", "rate", "display"),
    [
        # 704 ÷ 1,200 is 58.666…: rounded it would be 58.7, and the paper prints 58.6.
        pytest.param(Rule(rounding=CUT), ("704", "1200"), percent(704, 1200), "58.6%", id="1-1"),
        pytest.param(Rule(), ("3", "20"), Decimal(15), "15%", id="1-3"),
        pytest.param(Rule(), ("1", "1"), Decimal(100), "100%", id="1-5"),
        pytest.param(Rule(), ("103", "103"), Decimal(100), "100%", id="2-1"),
        pytest.param(WHOLE, ("2", "3"), percent(2, 3), "67%", id="2-3"),
        pytest.param(Rule(), ("0", "2"), Decimal(0), "0%", id="3-1"),
        pytest.param(Rule(), ("9", "10"), Decimal(90), "90%", id="3-2"),
        pytest.param(Rule(), ("0", "4"), Decimal(0), "0%", id="3-4"),
        pytest.param(Rule(), ("12", "30"), Decimal(40), "40%", id="3-6"),
    ],
)
def test_the_rates_of_the_paper_are_reproduced_digit_for_digit(rule, given, rate, display):
    found = attain(rule, facts(*given, H1))
    assert (found.rate, found.display, found.reason) == (rate, display, None)


def test_the_listed_companies_are_rated_by_what_was_added_since_last_year():
    # 137 against 150 with 136 last year: (137 − 136) ÷ (150 − 136) = 1 ÷ 14, printed as 7.1%.
    found = attain(ADDED, facts("137", "150", H1, previous="136", baseline="122"))
    assert (found.rate, found.display) == (percent(1, 14), "7.1%")


def test_a_half_year_average_carries_no_rate():
    # 7.2 against 14: the paper prints 「—」 in place of a rate.
    rule = Rule(kind=Kind.RATIO, rated_at_half_year=False)
    found = attain(rule, facts("7.2", "14", H1))
    assert (found.rate, found.reason, found.display) == (None, NoRate.NOT_AT_HALF_YEAR, "—")
    assert found.reason_words == "上半期は達成率を算定しない"
    # At year end the same indicator is rated: 9.7 against 9.7 of 令和6年度.
    assert attain(rule, facts("9.7", "9.7")).rate == 100


@pytest.mark.parametrize(
    ("rule", "actual", "target", "base", "rate"),
    [
        pytest.param(Rule(), "250", "100", None, "250", id="ratio-not-capped-above-100"),
        pytest.param(Rule(), "6.3", "14", None, "45", id="ratio-of-decimals"),
        pytest.param(Rule(RATIO, DOWN), "40", "50", None, "80", id="ratio-of-a-falling-one"),
        pytest.param(FEWER, "50", "40", None, "80", id="inverse-behind"),
        pytest.param(FEWER, "40", "40", None, "100", id="inverse-on-target"),
        pytest.param(CAPPED, "40", "50", None, "125", id="inverse-ahead"),
        pytest.param(GROWN, "6", "12", "2", "40", id="from-base"),
        pytest.param(GROWN, "12", "10", "2", "125", id="from-base-beyond-100"),
        pytest.param(GROWN, "2", "10", "2", "0", id="from-base-unmoved"),
        pytest.param(SHRUNK, "9", "5", "10", "20", id="from-base-falling"),
        pytest.param(ADDED, "3", "12", "0", "25", id="zero-is-a-base"),
        # Worse than the base is a negative rate, never "no data".
        pytest.param(GROWN, "1", "10", "2", "-12.5", id="from-base-worse"),
        pytest.param(SHRUNK, "12", "5", "10", "-40", id="falling-worse"),
        pytest.param(ADDED, "133", "148", "136", "-25", id="added-worse"),
        # Differences may cross zero; only the plain ratios cannot.
        pytest.param(GROWN, "-5", "10", "-10", "25", id="from-negative-base"),
        pytest.param(GROWN, "-2", "0", "-8", "75", id="from-base-to-zero"),
    ],
)
def test_each_formula_gives_the_exact_rate(rule, actual, target, base, rate):
    assert attain(rule, facts(actual, target, baseline=base, previous=base)).rate == Decimal(rate)


def test_a_negative_rate_is_printed_with_a_triangle():
    found = attain(ADDED, facts("133", "150", previous="136"))
    assert (found.display, found.reason, found.met) == ("▲21.4%", None, False)


LINKED = {"target_status": TargetStatus.LINKED}
NOT_DUE = {"actual_reason": ActualReason.NOT_YET_DUE}
PREVIOUS_9, BASELINE_8 = {"previous": "9.0"}, {"baseline": "8"}


@pytest.mark.parametrize(
    ("rule", "given", "others", "reason"),
    [
        pytest.param(Rule(), ("78", None), {}, NoRate.NO_TARGET, id="no-target"),
        pytest.param(Rule(), ("78", None), LINKED, NoRate.TARGET_LINKED, id="linked"),
        pytest.param(Rule(), (None, "136"), {}, NoRate.NO_ACTUAL, id="not-entered"),
        pytest.param(Rule(), (None, "136"), NOT_DUE, NoRate.ACTUAL_IS_REASON, id="a-reason"),
        pytest.param(UNRATED, ("5", "9"), {}, NoRate.NOT_RATED, id="not-rated"),
        pytest.param(GROWN, ("5", "9"), {}, NoRate.NO_BASE, id="no-base"),
        # The baseline does not stand in for last year's actual, nor the other way round.
        pytest.param(ADDED, ("5", "9"), {"baseline": "1"}, NoRate.NO_BASE, id="no-previous"),
        pytest.param(GROWN, ("5", "9"), {"previous": "1"}, NoRate.NO_BASE, id="no-baseline"),
        pytest.param(ADDED, ("5", "9"), PREVIOUS_9, NoRate.BASE_EQUALS_TARGET, id="base-equal"),
        # From 9 down to a target of 8 the formula would call 10 "-100%", though it is met.
        pytest.param(ADDED, ("10", "8"), PREVIOUS_9, NoRate.BASE_BEYOND_TARGET, id="beyond"),
        pytest.param(SHRUNK, ("6", "9"), BASELINE_8, NoRate.BASE_BEYOND_TARGET, id="below"),
        pytest.param(Rule(), ("0", "0"), {}, NoRate.ZERO_TARGET_MET, id="zero-of-zero"),
        pytest.param(FEWER, ("0", "0"), {}, NoRate.ZERO_TARGET_MET, id="zero-kept"),
        pytest.param(CAPPED, ("1", "0"), {}, NoRate.ZERO_TARGET_MISSED, id="zero-missed"),
        pytest.param(FEWER, ("0", "5"), {}, NoRate.ZERO_ACTUAL, id="inverse-of-zero"),
        pytest.param(Rule(), ("-1", "5"), {}, NoRate.NEGATIVE_VALUES, id="negative-actual"),
        pytest.param(FEWER, ("3", "-5"), {}, NoRate.NEGATIVE_VALUES, id="negative-target"),
    ],
)
def test_every_missing_rate_has_its_named_reason(rule, given, others, reason):
    found = attain(rule, facts(*given, **others))
    assert (found.rate, found.reason, found.reason_words) == (None, reason, reason.label)
    assert found.display == ("" if reason is NoRate.NO_ACTUAL else "—")


@pytest.mark.parametrize(
    ("rule", "others"),
    [(Rule(), {}), (Rule(), LINKED), (UNRATED, {})],
    ids=["no-target", "linked", "not-rated"],
)
def test_the_rate_stays_blank_while_no_actual_is_entered(rule, others):
    # 0, 「—」 and blank differ: 「—」 would say that something was reported.
    assert attain(rule, facts(None, None, **others)).display == ""


@pytest.mark.parametrize(
    ("actual", "target", "decimals", "rounding", "kept", "dropped"),
    [
        pytest.param("2", "3", 0, Rounding.HALF_UP, "67%", "67%", id="up-0"),
        pytest.param("2", "3", 1, Rounding.HALF_UP, "66.7%", "66.7%", id="up-1"),
        pytest.param("2", "3", 2, Rounding.HALF_UP, "66.67%", "66.67%", id="up-2"),
        pytest.param("2", "3", 0, CUT, "66%", "66%", id="cut-0"),
        pytest.param("2", "3", 1, CUT, "66.6%", "66.6%", id="cut-1"),
        pytest.param("2", "3", 2, CUT, "66.66%", "66.66%", id="cut-2"),
        # Exactly a half goes up (1 ÷ 8 is 12.5), and not to the even neighbour.
        pytest.param("1", "8", 0, Rounding.HALF_UP, "13%", "13%", id="half-goes-up"),
        pytest.param("1", "8", 0, CUT, "12%", "12%", id="half-is-cut"),
        pytest.param("3", "20", 1, CUT, "15.0%", "15%", id="one-zero"),
        pytest.param("3", "20", 2, CUT, "15.00%", "15%", id="two-zeros"),
        pytest.param("1", "8", 2, Rounding.HALF_UP, "12.50%", "12.5%", id="last-zero"),
        pytest.param("1", "1", 1, Rounding.HALF_UP, "100.0%", "100%", id="zeros-of-100-stay"),
        pytest.param("1", "1", 0, Rounding.HALF_UP, "100%", "100%", id="100-without-decimals"),
        pytest.param("9995", "10000", 1, Rounding.HALF_UP, "100.0%", "100%", id="rounded-to-100"),
        pytest.param("9999", "10000", 1, CUT, "99.9%", "99.9%", id="never-cut-to-100"),
        pytest.param("0", "7", 2, Rounding.HALF_UP, "0.00%", "0%", id="zero"),
        pytest.param("12345", "1", 1, CUT, "1234500.0%", "1234500%", id="large"),
    ],
)
def test_the_display_follows_decimals_rounding_and_zeros(
    actual, target, decimals, rounding, kept, dropped
):
    keep = Rule(rate_decimals=decimals, rounding=rounding, keep_zeros=True)
    drop = Rule(rate_decimals=decimals, rounding=rounding, keep_zeros=False)
    assert attain(keep, facts(actual, target)).display == kept
    assert attain(drop, facts(actual, target)).display == dropped


@pytest.mark.parametrize(("rounding", "shown"), [(Rounding.HALF_UP, "▲12.5%"), (CUT, "▲12.4%")])
def test_a_negative_rate_is_rounded_by_its_size(rounding, shown):
    # (1,751 − 2,000) ÷ (4,000 − 2,000) is −12.45% exactly: a half, as far as one decimal goes.
    rule = Rule(FROM_BASELINE, rounding=rounding)
    assert attain(rule, facts("1751", "4000", baseline="2000")).display == shown


def test_a_zero_never_carries_a_sign():
    assert str(round_decimal(Decimal("-0.04"), 1)) == "0.0"
    assert format_number(Decimal("-0.4"), 0) == "0"
    assert plain(Decimal("-0.00")) == "0"


@pytest.mark.parametrize("rounding", Rounding)
def test_a_small_negative_rate_never_shows_a_negative_zero(rounding):
    # −1 ÷ 3,000 is −0.033…%, which is 0 in one decimal.
    rule = Rule(FROM_BASELINE, rounding=rounding, keep_zeros=True)
    assert attain(rule, facts("-1", "3000", baseline="0")).display == "0.0%"


@pytest.mark.parametrize(
    ("direction", "at_least", "at_most"),
    [(UP, True, False), (MAINTAIN, True, False), (DOWN, False, True), (LIMIT, False, True)],
)
def test_the_direction_decides_on_which_side_a_target_is_met(direction, at_least, at_most):
    rule = Rule(Formula.NONE, direction)
    assert attain(rule, facts("10.1", "10")).met is at_least
    assert attain(rule, facts("9.9", "10")).met is at_most
    assert attain(rule, facts("10", "10.0")).met is True


def test_met_rests_on_the_numbers_and_not_on_the_rounded_rate():
    found = attain(Rule(), facts("9995", "10000"))  # 99.95 is printed as 100%
    assert (found.display, found.met) == ("100%", False)


@pytest.mark.parametrize(
    ("rule", "actual", "target", "base"),
    [
        pytest.param(Rule(), "-1", "5", None, id="negative"),
        pytest.param(ADDED, "3", "5", "6", id="base-beyond"),
        pytest.param(ADDED, "3", "5", None, id="no-base"),
        pytest.param(UNRATED, "3", "5", None, id="not-rated"),
        pytest.param(CAPPED, "1", "0", None, id="zero-target"),
    ],
)
def test_a_target_can_be_missed_without_a_rate(rule, actual, target, base):
    found = attain(rule, facts(actual, target, previous=base))
    assert (found.rate, found.met) == (None, False)


@pytest.mark.parametrize("given", [("5", None), (None, "5"), (None, None)])
def test_met_is_unknown_without_a_figure_on_both_sides(given):
    assert attain(Rule(), facts(*given)).met is None


YES, OPEN = True, None  # met early, or known in March only


@pytest.mark.parametrize(
    ("kind", "rated", "formula", "by_direction"),
    [
        # An amount that must stay low can still grow until March.
        pytest.param(Kind.CUMULATIVE, True, RATIO, (YES, OPEN, YES, OPEN), id="amount"),
        pytest.param(Kind.CUMULATIVE, False, RATIO, (YES, OPEN, YES, OPEN), id="amount-unrated"),
        pytest.param(Kind.LEVEL, True, RATIO, (YES, YES, YES, YES), id="level"),
        pytest.param(Kind.LEVEL, False, Formula.NONE, (YES, YES, YES, YES), id="level-unrated"),
        pytest.param(Kind.RATIO, True, RATIO, (YES, YES, YES, YES), id="ratio"),
        # A ratio that is not comparable at half-year says nothing about the year.
        pytest.param(Kind.RATIO, False, RATIO, (OPEN, OPEN, OPEN, OPEN), id="ratio-unrated"),
        pytest.param(Kind.RATIO, True, Formula.NONE, (OPEN,) * 4, id="ratio-without-formula"),
    ],
)
def test_a_half_year_may_meet_a_target_early_but_never_misses_it(
    kind, rated, formula, by_direction
):
    for direction, early in zip((UP, DOWN, MAINTAIN, LIMIT), by_direction, strict=True):
        rule = Rule(formula, direction, kind, rated)
        reached, behind = ("9", "11") if direction in (DOWN, LIMIT) else ("11", "9")
        assert attain(rule, facts(reached, "10", H1)).met is early, direction
        assert attain(rule, facts(behind, "10", H1)).met is None, direction
        assert attain(rule, facts(reached, "10", FY)).met is True, direction
        assert attain(rule, facts(behind, "10", FY)).met is False, direction


@pytest.mark.parametrize("actual", ["0", "1"])
def test_a_zero_limit_is_neither_kept_nor_broken_at_half_year(actual):
    # The year is not over, so no reason may say 達成 or 未達成 where ``met`` says "not due".
    found = attain(CAPPED, facts(actual, "0", H1))
    assert found.met is None
    assert found.reason not in (NoRate.ZERO_TARGET_MET, NoRate.ZERO_TARGET_MISSED)


def test_the_trace_tells_inputs_formula_and_rounding():
    trace = attain(Rule(rounding=CUT), facts("704", "1200.00", H1)).trace
    assert trace.formula == "実績 ÷ 目標"
    assert trace.inputs == (("実績", "704"), ("目標", "1,200"))
    assert trace.calculation == "704 ÷ 1,200 × 100 = 58.666666… → 58.6%"
    assert trace.rounding == "小数第1位まで（切り捨て、末尾の0は省く）"


def test_the_trace_names_the_base_that_the_formula_uses():
    given = facts("137", "150", H1, previous="136", baseline="122")
    added = attain(ADDED, given).trace
    assert added.formula == "（実績 − 前年度実績）÷（目標 − 前年度実績）"
    assert added.inputs == (("実績", "137"), ("目標", "150"), ("前年度実績", "136"))
    assert added.calculation == "（137 − 136）÷（150 − 136） × 100 = 7.142857… → 7.1%"
    grown = attain(Rule(FROM_BASELINE, rate_decimals=0, keep_zeros=True), given).trace
    assert grown.inputs == (("実績", "137"), ("目標", "150"), ("基準値", "122"))
    assert grown.rounding == "整数（四捨五入）"


def test_an_exact_rate_is_traced_without_an_ellipsis():
    rule = Rule(INVERSE, DOWN, rate_decimals=2, keep_zeros=True)
    trace = attain(rule, facts("50", "40")).trace
    assert trace.calculation == "40 ÷ 50 × 100 = 80 → 80.00%"
    assert trace.rounding == "小数第2位まで（四捨五入、末尾の0は残す）"


def test_a_trace_without_a_rate_still_shows_the_inputs():
    trace = attain(ADDED, facts(None, "150", H1, **NOT_DUE)).trace
    assert trace.inputs == (("実績", "—"), ("目標", "150"), ("前年度実績", "—"))
    assert trace.calculation == ""
