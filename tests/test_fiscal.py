"""Fiscal years and reporting periods: every spelling that staff use, and the printed forms."""

import datetime as dt

import pytest

from actions.fiscal import (
    FiscalYearError,
    Period,
    Term,
    calendar_year_label,
    date_label,
    era_year,
    fiscal_year_label,
    is_within,
    parse_fiscal_year,
    parse_period,
    short_label,
)

H1, FY = Term.H1, Term.FY


@pytest.mark.parametrize(
    ("written", "year"),
    [
        pytest.param(2025, 2025, id="number-from-excel"),
        pytest.param("2025", 2025, id="western"),
        pytest.param("2025年度", 2025, id="western-with-nendo"),
        pytest.param("令和7年度", 2025, id="era"),
        pytest.param("令和7", 2025, id="era-without-nendo"),
        pytest.param("R7", 2025, id="letter"),
        pytest.param("R7年度", 2025, id="letter-with-nendo"),
        pytest.param("FY2025", 2025, id="fy"),
        pytest.param("r7", 2025, id="lower-case-letter"),
        pytest.param("fy2025", 2025, id="lower-case-fy"),
        pytest.param("２０２５", 2025, id="full-width-western"),
        pytest.param("令和７年度", 2025, id="full-width-era-number"),
        pytest.param("Ｒ７", 2025, id="full-width-letter"),
        pytest.param("ＦＹ２０２５", 2025, id="full-width-fy"),
        pytest.param("ｒ７", 2025, id="full-width-lower-case"),
        pytest.param(" 令和 7 年度 ", 2025, id="spaces"),
        pytest.param("令和\u30007年度", 2025, id="ideographic-space"),
        pytest.param("FY 2025", 2025, id="fy-with-space"),
        pytest.param("R07", 2025, id="two-digit-letter"),
        pytest.param("㋿7年度", 2025, id="one-sign-for-the-era"),
        # The year of the change of era carries two names, and the paper's kin use all of these.
        pytest.param("令和元年度", 2019, id="first-year-in-words"),
        pytest.param("令和1年度", 2019, id="first-year-in-digits"),
        pytest.param("R元", 2019, id="letter-with-first-year-in-words"),
        pytest.param("R1", 2019, id="letter-with-first-year"),
        pytest.param("平成31年度", 2019, id="last-year-of-heisei"),
        pytest.param("平成３１年度", 2019, id="last-year-of-heisei-full-width"),
        pytest.param("H31", 2019, id="last-year-of-heisei-letter"),
        pytest.param("平成30年度", 2018, id="heisei"),
        pytest.param("h30", 2018, id="heisei-lower-case"),
        pytest.param("平成元年度", 1989, id="first-year-of-heisei"),
        pytest.param("2099", 2099, id="latest-year-taken"),
    ],
)
def test_every_spelling_names_the_starting_year(written, year):
    assert parse_fiscal_year(written) == year


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("", id="blank"),
        pytest.param("   ", id="spaces-only"),
        pytest.param("令和0年度", id="year-zero"),
        pytest.param("R0", id="letter-zero"),
        pytest.param("平成32年度", id="heisei-past-its-end"),
        pytest.param("H32", id="heisei-letter-past-its-end"),
        pytest.param("昭和64年度", id="showa"),
        pytest.param("7年度", id="no-era"),
        pytest.param("25", id="two-digit-western"),
        pytest.param("20255", id="five-digits"),
        pytest.param("1988", id="before-the-first-year"),
        pytest.param("2100", id="after-the-last-year"),
        pytest.param("R82", id="era-after-the-last-year"),
        pytest.param("2025年9月", id="month"),
        pytest.param("2025-H1", id="period"),
        pytest.param("令和7年度上半期", id="period-in-words"),
        pytest.param("令和七年度", id="kanji-number"),
        pytest.param("2025.5", id="decimal"),
        pytest.param("-2025", id="negative"),
        pytest.param("令和", id="era-only"),
        pytest.param("年度", id="nendo-only"),
        pytest.param(None, id="none"),
    ],
)
def test_what_is_no_year_is_refused_in_japanese_and_quoted(written):
    with pytest.raises(FiscalYearError) as caught:
        parse_fiscal_year(written)
    message = str(caught.value)
    assert f"「{written}」" in message
    assert "年度として読み取れません" in message


def test_the_error_is_a_value_error_so_that_forms_can_catch_it():
    assert issubclass(FiscalYearError, ValueError)


@pytest.mark.parametrize(
    ("year", "printed", "short", "parts"),
    [
        pytest.param(2025, "令和7年度", "R7", ("令和", "R", 7), id="r7"),
        pytest.param(2028, "令和10年度", "R10", ("令和", "R", 10), id="r10"),
        pytest.param(2019, "令和元年度", "R1", ("令和", "R", 1), id="first-year"),
        pytest.param(2018, "平成30年度", "H30", ("平成", "H", 30), id="heisei"),
        pytest.param(1989, "平成元年度", "H1", ("平成", "H", 1), id="first-of-heisei"),
    ],
)
def test_a_year_is_printed_as_the_paper_prints_it(year, printed, short, parts):
    assert fiscal_year_label(year) == printed
    assert short_label(year) == short
    assert era_year(year) == parts


@pytest.mark.parametrize(
    ("year", "printed"),
    [
        pytest.param(2021, "令和3(2021)年", id="paper-2021"),
        pytest.param(2023, "令和5(2023)年", id="paper-2023"),
        pytest.param(2028, "令和10(2028)年", id="paper-2028"),
    ],
)
def test_a_calendar_year_is_printed_as_the_kgi_table_prints_it(year, printed):
    assert calendar_year_label(year) == printed


@pytest.mark.parametrize(
    ("day", "printed"),
    [
        pytest.param(dt.date(2025, 9, 30), "令和7年9月30日", id="end-of-september"),
        pytest.param(dt.date(2026, 3, 31), "令和8年3月31日", id="march-is-in-the-next-era-year"),
        pytest.param(dt.date(2025, 12, 2), "令和7年12月2日", id="day-of-the-paper"),
        pytest.param(dt.date(2019, 5, 1), "令和元年5月1日", id="first-day-of-reiwa"),
        # 平成30年度 ended on 平成31年3月31日: 令和 began on 1 May 2019.
        pytest.param(dt.date(2019, 4, 30), "平成31年4月30日", id="last-day-of-heisei"),
        pytest.param(dt.date(2019, 3, 31), "平成31年3月31日", id="end-of-fiscal-2018"),
    ],
)
def test_a_date_is_printed_in_era_years(day, printed):
    assert date_label(day) == printed


@pytest.mark.parametrize(
    ("written", "period"),
    [
        pytest.param("2025-H1", Period(2025, H1), id="contract-western"),
        pytest.param("R7-H1", Period(2025, H1), id="contract-era"),
        pytest.param("2024-FY", Period(2024, FY), id="contract-year"),
        pytest.param("r7-h1", Period(2025, H1), id="lower-case"),
        pytest.param("2024-fy", Period(2024, FY), id="lower-case-year"),
        pytest.param("２０２５－Ｈ１", Period(2025, H1), id="full-width"),
        pytest.param(" R7 - H1 ", Period(2025, H1), id="spaces"),
        pytest.param("R7H1", Period(2025, H1), id="no-hyphen"),
        pytest.param("H30-H1", Period(2018, H1), id="heisei-half-year"),
        pytest.param("令和7年度上半期", Period(2025, H1), id="label"),
        pytest.param("令和7年度 上半期", Period(2025, H1), id="label-with-space"),
        pytest.param("令和６年度", Period(2024, FY), id="label-year-full-width"),
        pytest.param("令和元年度", Period(2019, FY), id="first-year"),
        pytest.param("平成31年度上半期", Period(2019, H1), id="last-year-of-heisei"),
        pytest.param("FY2025-FY", Period(2025, FY), id="fy-twice"),
    ],
)
def test_every_spelling_names_the_period(written, period):
    assert parse_period(written) == period


@pytest.mark.parametrize(
    "written",
    [
        # A bare year could mean either term, so a command must not guess.
        pytest.param("2025", id="bare-western"),
        pytest.param("R7", id="bare-era"),
        pytest.param("FY2025", id="bare-fy"),
        pytest.param("H1", id="term-only-or-heisei-1"),
        pytest.param("FY", id="term-only"),
        pytest.param("2025-H2", id="second-half-is-never-entered"),
        pytest.param("令和7年度下半期", id="second-half-in-words"),
        pytest.param("2025-Q1", id="quarter"),
        pytest.param("2101-H1", id="year-out-of-range"),
        pytest.param("平成32年度上半期", id="heisei-past-its-end"),
        pytest.param("2025--H1", id="two-hyphens"),
        pytest.param("", id="blank"),
        pytest.param(None, id="none"),
    ],
)
def test_what_is_no_period_is_refused_in_japanese_and_quoted(written):
    with pytest.raises(FiscalYearError) as caught:
        parse_period(written)
    message = str(caught.value)
    assert f"「{written}」" in message
    assert "期間として読み取れません" in message


def test_a_half_year_stands_at_30_september():
    half = Period(2025, H1)
    assert half.as_of == dt.date(2025, 9, 30)
    assert (half.code, half.label, half.span) == ("2025-H1", "令和7年度上半期", "4～9月")
    assert half.term.label == "上半期"


def test_a_year_stands_at_31_march_of_the_next_calendar_year():
    year = Period(2024, FY)
    assert year.as_of == dt.date(2025, 3, 31)
    assert (year.code, year.label, year.span) == ("2024-FY", "令和6年度", "4～3月")
    assert year.term.label == "年度"


@pytest.mark.parametrize("term", [H1, FY])
def test_both_terms_are_compared_with_the_whole_year_before(term):
    assert Period(2025, term).previous_year == Period(2024, FY)


def test_periods_sort_in_the_order_of_time():
    # By code "2024-FY" would stand before "2024-H1".
    mixed = [Period(2025, FY), Period(2024, FY), Period(2025, H1), Period(2024, H1)]
    assert sorted(mixed) == [
        Period(2024, H1),
        Period(2024, FY),
        Period(2025, H1),
        Period(2025, FY),
    ]
    assert max(mixed) == Period(2025, FY)
    assert Period(2024, FY) < Period(2025, H1) <= Period(2025, H1)
    assert Period(2025, FY) > Period(2025, H1) >= Period(2024, FY)


@pytest.mark.parametrize(
    ("year", "first", "last", "within"),
    [
        (2025, None, None, True),
        (2025, 2025, 2025, True),
        (2024, 2025, None, False),
        (2026, None, 2025, False),
        (2026, 2024, None, True),
    ],
)
def test_a_year_lies_within_its_bounds_both_included(year, first, last, within):
    assert is_within(year, first, last) is within
