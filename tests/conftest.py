"""Shared by all tests: the city's plan, what was published of it, and the people."""

import pytest
from django.core.management import call_command

from actions.fiscal import Period, Term
from actions.models import Plan
from kpis.selectors import published as published_selector
from kpis.services import publish

R6 = Period(2024, Term.FY)
R7_H1 = Period(2025, Term.H1)


@pytest.fixture(autouse=True)
def quick_and_alone(settings):
    """Need no collected static files, hash passwords fast, and start with an empty memory."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    # WhiteNoise would warn of the missing directory of collected files, and warnings are errors.
    settings.WHITENOISE_AUTOREFRESH = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    published_selector._contents.clear()


@pytest.fixture
def kadoma(db):
    """The city's plan as it is shipped: R6 and R7 上半期 entered, nothing published."""
    call_command("loaddata", "kadoma-monozukuri", verbosity=0)
    return Plan.objects.get(slug="kadoma-monozukuri")


@pytest.fixture
def published(kadoma, administrator):
    """The same plan after R6 and then R7 上半期 were published."""
    for period in (R6, R7_H1):
        publish(plan=kadoma, period=period, by=administrator)
    return kadoma


# The people. A role's permissions come with the role itself; until then staff differ by name only.


@pytest.fixture
def entry_clerk(django_user_model):
    """入力担当: signs in to the staff pages to enter figures; is to have no right to publish."""
    return django_user_model.objects.create_user("nyuryoku", password="himitsu", is_staff=True)


@pytest.fixture
def publisher(django_user_model):
    """公表担当: signs in to the staff pages; is to check what was entered and to publish it."""
    return django_user_model.objects.create_user("kohyo", password="himitsu", is_staff=True)


@pytest.fixture
def council_member(django_user_model):
    """委員: has an account but no way into the staff pages; sees what anyone sees."""
    return django_user_model.objects.create_user("iin", password="himitsu")


@pytest.fixture
def administrator(django_user_model):
    """管理者: may do everything. Anyone without an account (住民) is the plain ``client``."""
    return django_user_model.objects.create_superuser("kanri", password="himitsu")
