"""Published conventions of municipalities, each reached by a plan book alone."""

from fractions import Fraction

import pytest

from actions.fiscal import Period, Term
from actions.models import Plan
from kpis.selectors.live import live_progress
from kpis.services import import_book
from tests.conventions import CASES, CONVENTIONS
from tests.planbooks import INDICATOR, read, sheets, table

pytestmark = pytest.mark.django_db
BESIDE = ("年度末見込", "調査年度")  # columns of an actual that no rate rests on
MET = {"yes": True, "no": False, None: None}


def with_unit(figure):
    """Return the figure as staff type it; words have no unit."""
    return f"{figure}人" if figure[-1].isdigit() else figure


def tables_of(term, rule, cases, bands):
    """Return the convention's plan book as sheets."""
    named = [{"指標コード": one["指標コード"]} for one in cases]
    year = {"年度": "令和6年度"}
    base = {"基準年度": "R5"}
    beside = {name: rule[name] for name in BESIDE if name in rule}
    rule = {name: said for name, said in rule.items() if name not in BESIDE}
    return sheets(
        指標=[
            INDICATOR | rule | base | name | {"基準値": one["基準値"]}
            for name, one in zip(named, cases, strict=True)
        ],
        目標=[
            name | year | {"目標値": one["目標値"]} for name, one in zip(named, cases, strict=True)
        ],
        実績=[
            name | year | beside | {"期間": term, "実績値": with_unit(one["実績値"])}
            for name, one in zip(named, cases, strict=True)
        ],
        **({"判定基準": table(bands)} if bands else {}),
    )


@pytest.mark.parametrize("name", CONVENTIONS)
def test_the_rates_of_a_convention(name, administrator):
    term, rule, text, bands = CONVENTIONS[name]
    cases = table(CASES + text)
    reading = read(tables_of(term, rule, cases, bands))
    assert reading.faults == ()
    import_book(book=reading.book, places=reading.places, by=administrator)
    period = Period(2024, Term.H1 if term == "上半期" else Term.FY)
    (strategy,) = live_progress(Plan.objects.get(), period).strategies
    assert [one.code for one in strategy.indicators] == [one["指標コード"] for one in cases]
    for indicator, case in zip(strategy.indicators, cases, strict=True):
        (year,) = [one for one in indicator.years if one.fiscal_year == 2024]
        result = year.at(period.term)
        found = result.attainment
        if found.rate is None:
            assert found.reason.value == case["達成率"], case
        else:
            # Forty digits are kept: a fraction that does not end is right to the last of them.
            assert abs(Fraction(found.rate) - Fraction(case["達成率"])) < Fraction(1, 10**30), case
        assert found.display == case["表示"], case
        assert found.met is MET[case["達成"]], case
        assert result.verdict.label == case["判定"], case


def test_a_wrong_rate_would_be_seen():
    # The control: a rate that is rounded to what is printed is not the exact one.
    assert abs(Fraction("66.7") - Fraction("200/3")) > Fraction(1, 10**30)
