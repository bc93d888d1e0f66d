"""The plan book there and back: what is exported comes back equal, and changes nothing."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from actions.fiscal import Period, Term
from actions.models import Plan
from kpis.imports.planbook import read_planbook
from kpis.payload import dump, load
from kpis.planbook.example import EXAMPLE
from kpis.planbook.sheets import SHEETS
from kpis.selectors import live_progress, plan_book
from kpis.services import import_book
from kpis.workbooks import plan_book_workbook
from tests.contents import changed, everything
from tests.factories import make_plan
from tests.generated import plan_books

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


# A sheet's rows may stand in any order, but for the indicators, whose order is the paper's.
def in_one_order(book):
    """Return the rows of each sheet in an order of their own."""
    rows = {
        sheet.field: sorted(book.rows(sheet.field), key=repr)
        for sheet in SHEETS
        if sheet.field != "indicators"
    }
    return rows | {"indicators": list(book.indicators)}


@settings(max_examples=25, deadline=None)
@given(book=plan_books())
def test_any_plan_comes_back_out_of_its_workbook(book):
    reading = read_planbook(plan_book_workbook(book))
    assert reading.faults == ()
    assert reading.book == book


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(book=plan_books())
def test_any_plan_comes_back_out_of_the_database(administrator, book):
    with transaction.atomic():
        import_book(book=book, by=administrator)
        plan = Plan.objects.get(slug="hypo")
        assert in_one_order(plan_book(plan)) == in_one_order(book)
        for period in (Period(2024, Term.H1), Period(2026, Term.FY)):
            progress = live_progress(plan, period)
            assert load(dump(progress)) == progress
        assert import_book(book=plan_book(plan), by=administrator).differences == ()
        transaction.set_rollback(True)
