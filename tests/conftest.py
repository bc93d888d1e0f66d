"""Shared by all tests: the city's plan, what was published of it, and the people."""

import datetime as dt
import gc
import os
import sys
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.test import override_settings

from actions.fiscal import Period, Term
from actions.models import Action, ActionYear
from kpis.entry import Entry
from kpis.selectors import published as published_selector
from kpis.selectors.entry import entry_rows
from kpis.services import NewEntry, open_round, save_entries
from kpis.views.kept import forget
from tests.postgres import drop_first_database
from tests.served import (  # noqa: F401 (what opens the served product in a browser)
    as_person,
    begun,
    chromium,
    read,
    readers,
    served,
    sessions,
    sign_in,
    site,
    visit,
)
from tests.snapshots import load_plan, load_roles, publish_periods

# A machine may be told not to keep compiled Python; each program that a test starts, of which there
# are some hundred, would then compile all of Django anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# What the tests make is soon gone by itself; looking for circles every 700 objects takes a tenth.
gc.set_threshold(100_000, 20, 100)

R6 = Period(2024, Term.FY)
R7_H1 = Period(2025, Term.H1)
R7 = Period(2025, Term.FY)


def pytest_xdist_auto_num_workers():
    """Work on one file more than there are cores: a test in a browser often waits."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish():
    """Look for circles among what the tests make alone: what was imported stays."""
    gc.freeze()


def pytest_collection_modifyitems(items):
    """Begin with the test that takes minutes by itself, so that the others run beside it."""
    items.sort(key=lambda item: item.path.name != "test_postgres.py")  # stable: all else stays


def pytest_sessionfinish(session):
    """Drop the database that PostgreSQL's tests copied; the process that began them all does it."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        drop_first_database(session.config._tmp_path_factory.getbasetemp())


@pytest.fixture(autouse=True, scope="session")
def quick():
    """Need no collected static files, and hash passwords fast."""
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(
        STORAGES=settings.STORAGES | plain,
        # WhiteNoise would warn of the missing directory of collected files; warnings are errors.
        WHITENOISE_AUTOREFRESH=True,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(autouse=True)
def alone():
    """Start with an empty memory."""
    published_selector._contents.clear()
    forget()


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The product as it is served, started when a test first asks; ``site`` puts its data back."""
    with begun(tmp_path_factory) as served:
        yield served


@pytest.fixture
def kadoma(db):
    """The city's plan as it is shipped: R6 and R7 上半期 entered, nothing published."""
    return load_plan()


@pytest.fixture
def published(kadoma, administrator):
    """The same plan after R6 and then R7 上半期 were published."""
    publish_periods(kadoma, (R6, R7_H1), administrator)
    return kadoma


# What the tests of a file only read is made once for all of them.


@pytest.fixture(scope="session")
def undone(django_db_setup, django_db_blocker):
    """Return a context with the database and 管理者 in it; what it stores is undone at its end."""

    @contextmanager
    def entered():
        with django_db_blocker.unblock(), transaction.atomic():
            yield User.objects.create_superuser("kanri")
            transaction.set_rollback(True)

    return entered


@pytest.fixture(scope="session")
def in_passing(undone):
    """Return a context with the plan as ``published`` gives it; what it stores is undone."""

    @contextmanager
    def entered():
        with undone() as administrator:
            plan = load_plan()
            publish_periods(plan, (R6, R7_H1), administrator)
            yield plan

    return entered


# The people, each with the role that quickstart makes. Anyone without an account is ``client``.


@pytest.fixture
def with_role(django_user_model):
    """Return a function that makes a person with a role."""

    def made(name, role, **rights):
        load_roles()
        user = django_user_model.objects.create_user(name, password="himitsu", **rights)
        user.groups.add(Group.objects.get(name=role))
        return user

    return made


@pytest.fixture
def entry_clerk(with_role):
    """入力担当: enters figures and hands them in; may neither check nor publish."""
    return with_role("nyuryoku", "入力担当", is_staff=True)


@pytest.fixture
def publisher(with_role):
    """公表担当: begins rounds, checks, publishes and reopens; edits targets and definitions."""
    return with_role("kohyo", "公表担当", is_staff=True)


@pytest.fixture
def clerk(client, entry_clerk):
    """The browser of 入力担当."""
    client.force_login(entry_clerk)
    return client


@pytest.fixture
def council_member(with_role):
    """委員: has an account but no way into the staff pages; sees what anyone sees."""
    return with_role("iin", "委員")


@pytest.fixture
def administrator(django_user_model):
    """管理者, as quickstart makes it: may do everything that anyone may."""
    return django_user_model.objects.create_superuser("kanri", password="himitsu")


# The round that comes next in the city's plan: R7 年度, in its states.


@pytest.fixture
def entering(published, publisher):
    """R7 年度, 入力中 until 20 April 2026; nothing is entered yet."""
    return open_round(plan=published, period=R7, due=dt.date(2026, 4, 20), by=publisher)


# What a year's end may look like; each differs from the half-year so that nothing is mistaken.
R7_FIGURES = {
    "1-1": "1210", "1-2": "140", "1-3": "15", "1-4": "40", "1-5": "1",
    "2-1": "112", "2-2": "9.4", "2-3": "4", "2-4": "149",
    "3-1": "1", "3-2": "21", "3-3": "12", "3-4": "3", "3-5": "420", "3-6": "9",
}  # fmt: skip


@pytest.fixture
def enter():
    """Return a function that records figures by code, each with a word where one is needed."""

    def entered(period, by, figures, **texts):
        codes = dict(period.plan.indicators.values_list("code", "pk"))
        rows = {one.indicator: one for one in entry_rows(period)}
        common = {"cause": "要因", "next_step": "対応", "confirmation": "確認済み"}
        common |= {"next_step_owner": "産業振興課", "next_step_due": dt.date(2026, 9, 30), **texts}
        wanted = [
            NewEntry(
                codes[code],
                Entry(value=None if value is None else Decimal(value), **common),
                rows[codes[code]].version,
            )
            for code, value in figures.items()
        ]
        return save_entries(period=period, entries=wanted, by=by)

    return entered


@pytest.fixture
def seminar(kadoma):
    """An action of measure 1-1 with its years R6 to R8, written on into the year R8."""
    measure = kadoma.strategies.get(number=1).measures.get(number=1)
    action = Action.objects.create(
        plan=kadoma,
        measure=measure,
        code="1-1-1",
        actor="city",
        name="デジタル化セミナー",
        is_priority=True,
        priority_reason="人手不足のため",
        section="産業振興課",
    )
    action.indicators.add(kadoma.indicators.get(code="1-1"))
    for year in (2024, 2025, 2026):
        ActionYear.objects.create(
            action=action,
            fiscal_year=year,
            stage="running",
            plan="年4回",
            done_first_half="2回",
            done="4回",
            results="満員",
            evaluation="late",
            revision="improve",
            revision_note="会場を変える",
        )
    return action
