"""Which figures need a look, at the exact edge of each rule."""

from decimal import Decimal

import pytest

from actions.fiscal import Term
from kpis.attainment import Rule, attain
from kpis.plausibility import CautionCode, Comparison, cautions
from kpis.vocabulary import Kind
from tests.builders import facts, number

CUMULATIVE, LEVEL = Rule(kind=Kind.CUMULATIVE), Rule(kind=Kind.LEVEL)


def doubts(value, last_year=None, half_year=None, target="1000", rule=CUMULATIVE, unit="件"):
    attainment = attain(rule, facts(value, target, Term.FY))
    against = Comparison(number(last_year), number(half_year))
    return cautions(rule, unit, number(value), attainment, against)


def codes(*arguments, **options):
    return [one.code for one in doubts(*arguments, **options)]


@pytest.mark.parametrize(
    ("value", "half_year", "expected"),
    [
        ("703", "704", [CautionCode.BELOW_HALF_YEAR]),
        ("704", "704", []),
        ("705", "704", []),
        ("0", "0", []),
        ("0", "1", [CautionCode.BELOW_HALF_YEAR]),
        ("703", None, []),
    ],
)
def test_an_amount_to_date_cannot_fall_below_the_half_years(value, half_year, expected):
    assert codes(value, half_year=half_year) == expected


def test_a_level_may_fall_during_the_year():
    assert codes("136", half_year="137", rule=LEVEL) == []


@pytest.mark.parametrize(
    ("value", "last_year", "expected"),
    [
        ("150", "100", []),
        ("151", "100", [CautionCode.LARGE_CHANGE]),
        ("50", "100", []),
        ("49", "100", [CautionCode.LARGE_CHANGE]),
        ("1", "0", [CautionCode.LARGE_CHANGE]),
        ("0", "0", []),
        ("-3", "-2", []),
        ("-3.01", "-2", [CautionCode.LARGE_CHANGE]),
        ("5", None, []),
    ],
)
def test_a_change_of_more_than_half_against_last_year(value, last_year, expected):
    found = codes(value, last_year=last_year, target=None)
    assert found == expected


@pytest.mark.parametrize(
    ("last_year", "expected"),
    [
        ("10", [CautionCode.ZERO]),
        ("9", [CautionCode.LARGE_CHANGE]),
        ("0", []),
        (None, []),
    ],
)
def test_a_zero_where_last_year_was_large(last_year, expected):
    assert codes("0", last_year=last_year) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("2000", []), ("2000.1", [CautionCode.UNUSUAL_RATE]), ("0", [])],
)
def test_a_rate_far_above_the_usual(value, expected):
    assert codes(value) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("100", "%", []),
        ("100.1", "%", [CautionCode.ABOVE_HUNDRED]),
        ("100.1", "％", [CautionCode.ABOVE_HUNDRED]),
        ("100.1", "人", []),
    ],
)
def test_a_percentage_above_a_hundred(value, unit, expected):
    assert codes(value, unit=unit, target="90") == expected


def test_nothing_entered_raises_no_doubt():
    assert doubts(None, last_year="100", half_year="50") == ()


def test_every_doubt_says_against_what():
    found = doubts("300", last_year="100", half_year="704", target="100")
    assert [one.message for one in found] == [
        "上半期の累計を下回っています（上半期 704）。",
        "前年度から半分を超えて増減しています（前年度 100）。",
        "達成率が通常の範囲（0～200%）から外れています（達成率 300%）。",
    ]
    assert (
        doubts("0", last_year="1124")[0].message
        == "前年度に実績があったのに0です（前年度 1,124）。"
    )
    assert Decimal("0") == number("0")
