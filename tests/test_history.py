"""Who changed which figure, when and why."""

from decimal import Decimal

import pytest
from django.utils import timezone

from kpis.models import Actual, Indicator, Kgi, KgiValue, Target
from kpis.services import record_first_entries
from tests.factories import make_plan

pytestmark = pytest.mark.django_db

# A record of the city's plan, the field that changes, its value in the paper and the new one.
HALF = {"period__fiscal_year": 2025, "period__term": "H1"}
CHANGES = [
    pytest.param(
        Indicator, {"code": "1-1"}, "rounding", "truncate", "half_up", "指標", id="indicator"
    ),
    pytest.param(
        Target,
        {"indicator__code": "1-1", "fiscal_year": 2025},
        "value",
        Decimal(1200),
        Decimal("1250"),
        "目標",
        id="target",
    ),
    pytest.param(
        Actual, {"indicator__code": "1-1", **HALF}, "value", Decimal(704), None, "実績", id="actual"
    ),
    pytest.param(Kgi, {"code": "kgi-1"}, "target_year", 2028, 2030, "KGI", id="kgi"),
    pytest.param(
        KgiValue,
        {"kgi__code": "kgi-1", "year": 2023},
        "comparator_growth",
        Decimal("1.9"),
        Decimal("2.05"),
        "KGIの値",
        id="kgi-value",
    ),
]
changes = pytest.mark.parametrize(("model", "key", "field", "before", "after", "label"), CHANGES)


def save(record, person, reason):
    """Save as the staff pages do: with the person and the reason."""
    record._history_user = person
    record._change_reason = reason
    record.save()


@changes
def test_a_change_keeps_who_when_why_and_the_new_value(
    kadoma, entry_clerk, model, key, field, before, after, label
):
    record = model.objects.get(**key)
    assert getattr(record, field) == before
    setattr(record, field, after)
    began = timezone.now()
    save(record, entry_clerk, "府の統計が改定されたため")
    entry = record.history.get()
    assert getattr(entry, field) == after
    assert (entry.history_user, entry.history_type) == (entry_clerk, "~")
    assert entry.history_change_reason == "府の統計が改定されたため"
    assert began <= entry.history_date <= timezone.now()
    assert entry._meta.verbose_name == f"{label}の変更履歴"


def test_two_changes_stand_newest_first_and_tell_what_changed(kadoma, entry_clerk, publisher):
    target = Target.objects.get(indicator__code="2-2", fiscal_year=2025)
    for value, person, reason in (("14.5", entry_clerk, "誤記"), ("15", publisher, "改定")):
        target.value = Decimal(value)
        save(target, person, reason)
    newest, first = target.history.all()
    assert (newest.value, newest.history_user) == (Decimal(15), publisher)
    assert (first.value, first.history_user) == (Decimal("14.5"), entry_clerk)
    (change,) = newest.diff_against(first).changes
    assert (change.field, change.old, change.new) == ("value", Decimal("14.5"), Decimal("15"))


def test_what_is_deleted_stays_in_the_history_with_its_value(kadoma, administrator):
    target = Target.objects.get(indicator__code="1-5", fiscal_year=2028)
    key = target.pk
    target._history_user = administrator
    target._change_reason = "計画の変更により削除"
    target.delete()
    entry = Target.history.get(id=key)
    assert (entry.history_type, entry.value, entry.fiscal_year) == ("-", Decimal(1), 2028)
    assert (entry.history_user, entry.history_change_reason) == (
        administrator,
        "計画の変更により削除",
    )


def test_a_new_record_begins_its_history(kadoma, entry_clerk):
    actual = Actual.objects.get(indicator__code="1-2", **HALF)
    new = Actual(
        indicator=actual.indicator, period=kadoma.periods.create(fiscal_year=2025, term="FY")
    )
    new.value = Decimal(0)
    save(new, entry_clerk, "")
    entry = new.history.get()
    assert (entry.history_type, entry.value, entry.history_user) == ("+", Decimal(0), entry_clerk)


def test_the_history_outlives_the_account_of_the_person(kadoma, entry_clerk):
    # People change posts every April; an account that was deleted must not take the record along.
    target = Target.objects.get(indicator__code="1-1", fiscal_year=2025)
    save(target, entry_clerk, "確認")
    entry_clerk.delete()
    entry = target.history.get()
    assert (entry.history_user, entry.history_change_reason) == (None, "確認")


def test_a_reason_may_be_as_long_as_it_needs_to_be(kadoma, entry_clerk):
    reason = "令和7年度実施計画の確定値に置き換えたため。" * 50
    target = Target.objects.get(indicator__code="1-1", fiscal_year=2025)
    save(target, entry_clerk, reason)
    assert target.history.get().history_change_reason == reason


AUDITED = [Indicator, Target, Actual, Kgi, KgiValue]


@pytest.mark.parametrize("model", AUDITED, ids=lambda model: model.__name__)
def test_loading_a_fixture_records_nothing(kadoma, model):
    assert model.objects.exists()
    assert not model.history.exists()


@pytest.mark.parametrize("model", AUDITED, ids=lambda model: model.__name__)
def test_bulk_creation_records_nothing(db, model):
    make_plan(indicators=3)
    assert model.objects.exists()
    assert not model.history.exists()


@pytest.mark.parametrize("model", AUDITED, ids=lambda model: model.__name__)
def test_a_loaded_plan_can_be_given_its_first_entries(kadoma, administrator, model):
    make_plan(slug="another", indicators=1)
    record_first_entries(plan=kadoma, by=administrator, reason="公表資料による")
    entries = model.history.all()
    plans = {"Indicator": "plan", "Kgi": "plan", "KgiValue": "kgi__plan"}
    path = plans.get(model.__name__, "indicator__plan")
    mine = model.objects.filter(**{path: kadoma}).values_list("pk", flat=True)
    assert sorted(one.id for one in entries) == sorted(mine)
    told = {(one.history_type, one.history_user, one.history_change_reason) for one in entries}
    assert told == {("+", administrator, "公表資料による")}
