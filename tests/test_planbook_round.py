"""The plan book there and back: what is exported comes back equal, and changes nothing."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.fiscal import Period, Term
from actions.models import Plan
from kpis.imports.planbook import read_planbook
from kpis.planbook.example import EXAMPLE
from kpis.selectors import live_progress, plan_book
from kpis.services import import_book
from kpis.workbooks import plan_book_workbook
from tests.factories import make_plan
from tests.office import changed, everything

R6, R7_H1, R7 = Period(2024, Term.FY), Period(2025, Term.H1), Period(2025, Term.FY)
pytestmark = pytest.mark.django_db


def taken_in(content, by):
    """Return what importing the file told."""
    reading = read_planbook(content)
    assert reading.faults == ()
    return import_book(book=reading.book, places=reading.places, by=by, reason="計画ブックによる")


def emptied(plan):
    """Delete the plan: what protects it goes first."""
    for rows in (plan.meetings, plan.actions):
        rows.all().delete()
    for period in plan.periods.all():
        period.actuals.all().delete()
    plan.delete()
    assert not Plan.objects.exists()


@pytest.mark.parametrize("actions", [0, 7])
def test_a_plan_comes_back_equal_into_an_empty_database(kadoma, administrator, actions):
    if actions:
        emptied(kadoma)
        kadoma = make_plan(slug="large", indicators=12, actions=actions, is_current=True)
    book = plan_book(kadoma)
    content = plan_book_workbook(book)
    said = [live_progress(kadoma, one) for one in (R6, R7_H1, R7)]
    emptied(kadoma)
    taken_in(content, administrator)
    (plan,) = Plan.objects.all()
    assert plan_book(plan) == book
    assert [live_progress(plan, one) for one in (R6, R7_H1, R7)] == said
    assert plan.is_current


def test_taking_in_what_stands_changes_nothing(published, administrator):
    before = everything()
    told = taken_in(plan_book_workbook(plan_book(published)), administrator)
    assert told.differences == ()
    assert changed(before) == set()


def test_the_example_can_be_taken_in_as_it_is(administrator, db):
    taken_in(plan_book_workbook(EXAMPLE), administrator)
    (plan,) = Plan.objects.all()
    assert plan_book(plan) == EXAMPLE


texts = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp"),
        exclude_characters="\ufffe\uffff",
    ),
    min_size=1,
    max_size=12,
)
figures = st.none() | st.decimals(-(10**9), 10**9, places=2)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=texts, unit=texts, note=texts, values=st.lists(figures, min_size=5, max_size=5))
def test_any_words_and_figures_come_back(administrator, name, unit, note, values):
    Plan.objects.all().delete()
    plan = make_plan(slug="any", indicators=1, periods=())
    plan.indicators.update(name=name, unit=unit, definition=note, decimals=2)
    indicator = plan.indicators.get()
    for target, value in zip(indicator.targets.all(), values, strict=True):
        status = "unset" if value is None else "set"
        indicator.targets.filter(pk=target.pk).update(value=value, status=status, source=note)
    book = plan_book(plan)
    content = plan_book_workbook(book)
    plan.delete()
    taken_in(content, administrator)
    assert plan_book(Plan.objects.get(slug="any")) == book
