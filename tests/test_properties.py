"""Properties of the pure core on generated cases: round trips, monotony, agreement."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.fiscal import (
    FIRST_YEAR,
    LAST_YEAR,
    Period,
    Term,
    fiscal_year_label,
    parse_fiscal_year,
    parse_period,
    short_label,
)
from kpis.attainment import Attainment, Rule, attain
from kpis.judgement import DEFAULT_BANDS, Band, Judgement, Verdict, judge, rate_follows_direction
from kpis.numerals import MINUS, format_number, format_rate, plain
from kpis.payload import digest, dump, load
from kpis.progress import (
    Actual,
    Edition,
    IndicatorProgress,
    KgiProgress,
    KgiYear,
    PlanProgress,
    Publicity,
    Result,
    StrategyProgress,
    Target,
    YearProgress,
)
from kpis.vocabulary import Direction, Formula, JudgementOutcome, Kind, Rounding
from tests.builders import JST, facts

years = st.integers(FIRST_YEAR, LAST_YEAR)
periods = st.builds(Period, years, st.sampled_from(Term))
# What staff can enter: up to 12 digits before the point and 3 behind it.
figures = st.decimals(-(10**12), 10**12, places=3)
amounts = st.decimals(0, 10**12, places=3)
positive = st.decimals("0.001", 10**12, places=3)
rules = st.builds(
    Rule,
    formula=st.sampled_from(Formula),
    direction=st.sampled_from(Direction),
    kind=st.sampled_from(Kind),
    rated_at_half_year=st.booleans(),
    expected_share=st.decimals(0, 1, places=2),
    rate_decimals=st.integers(0, 2),
    rounding=st.sampled_from(Rounding),
    keep_zeros=st.booleans(),
)
unhurried = settings(deadline=None)


@unhurried
@given(years)
def test_a_year_is_read_back_from_both_its_printed_forms(year):
    assert parse_fiscal_year(fiscal_year_label(year)) == year
    assert parse_fiscal_year(short_label(year)) == year
    assert parse_fiscal_year(year) == parse_fiscal_year(f"FY{year}") == year


@unhurried
@given(periods)
def test_a_period_is_read_back_from_its_code_and_its_label(period):
    assert parse_period(period.code) == period
    assert parse_period(period.label) == period


@unhurried
@given(periods, periods)
def test_periods_stand_in_the_order_of_their_last_days(one, other):
    assert (one < other) is (one.as_of < other.as_of)
    assert (one == other) is (one.as_of == other.as_of)
    assert one.previous_year < one


@unhurried
@given(figures, st.integers(3, 5))
def test_a_printed_figure_is_read_back_exactly(figure, decimals):
    shown = format_number(figure, decimals)
    assert Decimal(shown.replace(",", "").replace(MINUS, "-")) == figure
    assert Decimal(plain(figure)) == figure
    assert not shown.startswith(MINUS) or figure < 0


@unhurried
@given(figures, st.integers(0, 2))
def test_a_printed_figure_is_never_off_by_more_than_half_a_digit(figure, decimals):
    shown = format_number(figure, decimals).replace(",", "").replace(MINUS, "-")
    assert abs(Decimal(shown) - figure) <= Decimal(1).scaleb(-decimals) / 2


@unhurried
@given(figures, st.integers(0, 2), st.booleans())
def test_a_cut_rate_never_shows_more_than_there_is(rate, decimals, keep):
    shown = format_rate(rate, decimals, Rounding.TRUNCATE, keep)
    size = Decimal(shown.removeprefix(MINUS).removesuffix("%"))
    assert size <= abs(rate) < size + Decimal(1).scaleb(-decimals)
    assert shown not in ("▲0%", "▲0.0%", "▲0.00%")


def rising(strategy):
    """Return two different figures, the lower one first."""
    return st.lists(strategy, min_size=2, max_size=2, unique=True).map(sorted)


def rate(rule, actual, target, base=None):
    return attain(rule, facts(actual, target, baseline=base, previous=base)).rate


@unhurried
@given(rising(amounts), positive)
def test_more_of_a_rising_ratio_is_a_higher_rate(pair, target):
    less, more = pair
    assert rate(Rule(), less, target) < rate(Rule(), more, target)


@unhurried
@given(rising(positive), positive)
def test_more_of_what_should_fall_is_a_lower_inverse_rate(pair, target):
    less, more = pair
    rule = Rule(Formula.INVERSE_RATIO, Direction.DOWN)
    assert rate(rule, less, target) > rate(rule, more, target)


DIFFERENCES = [Formula.FROM_BASELINE, Formula.FROM_PREVIOUS]


@pytest.mark.parametrize("formula", DIFFERENCES)
@unhurried
@given(pair=rising(figures), ends=rising(figures))
def test_more_is_a_higher_rate_towards_a_higher_target_and_a_lower_one_downwards(
    formula, pair, ends
):
    less, more = pair
    low, high = ends
    up, down = Rule(formula), Rule(formula, Direction.DOWN)
    assert rate(up, less, high, base=low) < rate(up, more, high, base=low)
    assert rate(down, less, low, base=high) > rate(down, more, low, base=high)


@unhurried
@given(rules.filter(rate_follows_direction), figures, rising(figures))
def test_met_and_a_rate_of_100_are_the_same_where_the_rate_follows_the_direction(
    rule, actual, ends
):
    if rule.formula not in DIFFERENCES:  # the plain ratios know no negative figures and no zero
        actual, ends = abs(actual) + 1, sorted(abs(end) + 1 for end in ends)
    # The base lies behind the target, or there would be no rate.
    base, target = ends if rule.direction in (Direction.UP, Direction.MAINTAIN) else ends[::-1]
    for entered in (actual, target):
        found = attain(rule, facts(entered, target, baseline=base, previous=base))
        assert found.rate is not None
        assert found.met is (found.rate >= 100)


maybe = st.none() | figures | st.just(Decimal(0))


@unhurried
@given(rules, maybe, maybe, maybe, st.sampled_from(Term))
def test_every_case_has_a_rate_or_a_named_reason_and_a_verdict(rule, actual, target, base, term):
    found = attain(rule, facts(actual, target, term, baseline=base, previous=base))
    assert (found.rate is None) is (found.reason is not None)
    assert found.trace.formula == rule.formula.words
    verdict = judge(rule, term, found, DEFAULT_BANDS)
    assert verdict.words
    assert verdict.basis
    # At half-year nothing is called missed: the year is not over.
    assert term is Term.FY or found.met is not False
    assert term is Term.FY or verdict.outcome is not JudgementOutcome.MISSED


def few(strategy):
    return st.lists(strategy, max_size=2).map(tuple)


# The whole read model. What is not named here Hypothesis builds from the fields' types; figures
# are named, since a Decimal of its own choosing may be NaN, which equals nothing.
figure = st.none() | figures
verdicts = st.builds(Verdict)
results = st.builds(
    Result,
    period=periods,
    actual=st.builds(Actual, value=figure),
    attainment=st.builds(Attainment, rate=figure),
    judgement=st.builds(Judgement, computed=verdicts, override=st.none() | verdicts),
)
indicators = st.builds(
    IndicatorProgress,
    rule=rules,
    baseline_value=figure,
    years=few(
        st.builds(YearProgress, target=st.builds(Target, value=figure), results=few(results))
    ),
)
kgi_years = st.builds(
    KgiYear,
    value=figure,
    growth=figure,
    comparator_growth=figure,
    difference=figure,
    index=figure,
    comparator_index=figure,
)
moments = st.datetimes(timezones=st.sampled_from([dt.UTC, JST]))
progresses = st.builds(
    PlanProgress,
    period=periods,
    edition=st.none() | st.builds(Edition, published_at=moments),
    strategies=few(st.builds(StrategyProgress, indicators=few(indicators))),
    kgis=few(st.builds(KgiProgress, years=few(kgi_years))),
    bands=few(st.builds(Band, lower=figure)),
    publicity=few(st.builds(Publicity, quantity=figure)),
)


@unhurried
@given(progresses)
def test_every_read_model_comes_back_equal_and_with_the_same_bytes(progress):
    text = dump(progress)
    back = load(text)
    assert back == progress
    assert dump(back) == text
    assert len(digest(text)) == 64
