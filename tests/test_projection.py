"""Projections by the average yearly change: exact, only from enough years, never an actual."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kpis.growth import RecordedKgiYear, kgi_years
from kpis.projection import (
    indicator_projection,
    indicator_words,
    kgi_projection,
    kgi_words,
    own_indexes,
    projected,
)
from kpis.vocabulary import Formula, Kind
from tests.builders import rich_progress
from tests.series import indicator_of


def points(*values, first=2023):
    return [(first + place, Decimal(value)) for place, value in enumerate(values)]


def test_the_line_goes_on_by_the_average_yearly_change():
    found = projected(points("1078", "1124"), 2026)
    assert found.change == Decimal(46)
    assert found.points == ((2025, Decimal(1170)), (2026, Decimal(1216)))
    found = projected(points("10", "90", "20"), 2028)  # what lies between does not count
    assert found.points == tuple(points("25", "30", "35", first=2026))
    thirds = projected([(2023, Decimal(0)), (2026, Decimal(1))], 2029)
    assert thirds.points[-1] == (2029, Decimal(2))  # no third is rounded on the way


@pytest.mark.parametrize(
    ("known", "until", "least"),
    [
        ([], 2028, 2),
        (points("5"), 2028, 2),
        (points("5", "6"), 2028, 3),
        (points("5", "6"), 2024, 2),
    ],
)
def test_too_few_years_or_none_left_give_nothing(known, until, least):
    assert projected(known, until, least) is None


def test_a_kpi_is_projected_for_the_years_that_have_not_begun():
    found = indicator_projection(indicator_of("1078", "1124", half="704"))
    assert found.points == tuple(points("1216", "1262", "1308", first=2026))
    assert indicator_words(indicator_of("1078", "1124", half="704")) == (
        "推計（参考）: 令和8年度 1,216件、令和9年度 1,262件、令和10年度 1,308件。"
        "令和5年度から令和6年度までの年平均の増減（+46件）が続くとした場合の値です。"
    )


def test_a_kpi_that_ends_is_projected_no_further():
    ended = replace(indicator_of("10", "12"), end_year=2026)
    assert [year for year, _ in indicator_projection(ended).points] == [2025, 2026]


@pytest.mark.parametrize(
    "indicator",
    [
        indicator_of("1124"),
        indicator_of("17", "13", "8"),  # below zero before the plan ends
        indicator_of("5", "5"),  # nothing changed
        indicator_of("2", "8"),  # to 32, far beyond its targets
        replace(indicator_of("95", "97"), unit="%"),  # above 100%
        indicator_of("1", "2", rule={"kind": Kind.MILESTONE}),
        indicator_of("10", "12", rule={"formula": Formula.NONE}),
    ],
    ids=["one-year", "negative", "still", "far", "share", "milestone", "unrated"],
)
def test_what_cannot_be_is_not_projected(indicator):
    assert indicator_projection(indicator) is None
    assert indicator_words(indicator) == ""


KGI = (
    RecordedKgiYear(2021, value=Decimal(1)),
    RecordedKgiYear(2022, value=Decimal(1000)),
    RecordedKgiYear(2023, value=Decimal(1020), comparator_growth=Decimal(1)),
    RecordedKgiYear(2024, value=Decimal(1060), comparator_growth=Decimal(2)),
)


def kgi_of(rows):
    return replace(rich_progress().kgis[0], years=kgi_years(rows, 2022, 0))


def test_a_kgi_needs_two_years_after_its_base():
    kgi = kgi_of(KGI[:3])
    assert kgi_projection(kgi, own_indexes(kgi)) is None
    assert kgi_words(kgi) == ""


def test_a_kgi_is_projected_from_its_base_to_the_target_year():
    kgi = kgi_of(KGI)
    assert kgi_projection(kgi, own_indexes(kgi)).points == tuple(
        points("109", "112", "115", "118", first=2025)
    )
    assert kgi_words(kgi) == (
        "推計（参考）: 令和10(2028)年の指数は市118.0（年平均+3ポイント）、"
        "大阪府全体106.0（年平均+1ポイント）。"
        "令和4(2022)年から最新の年までの年平均の増減が続くとした場合の値です。"
    )
