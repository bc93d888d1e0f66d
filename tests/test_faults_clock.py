"""A clock that jumps, back and ahead: versions go by number, and nobody is locked out for years."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone

from actions.fiscal import Period, Term
from kpis.models import Actual, Publication, SectionContact
from kpis.selectors import shown
from kpis.selectors.lastchanges import last_changes
from kpis.services import Outcome, publish_outright, send_reminders
from tests.conftest import R7_H1

pytestmark = pytest.mark.django_db

SLUG = "kadoma-monozukuri"
HOME, FILE = f"/{SLUG}/", f"/{SLUG}/data/kpis.csv"
JUMPS = {
    "an hour back": dt.timedelta(hours=-1),
    "a day back": dt.timedelta(days=-1),
    "ten years back": dt.timedelta(days=-3650),
    "ten years ahead": dt.timedelta(days=3650),
}


@pytest.fixture
def clock(monkeypatch):
    """Return a function that sets the clock this much away from what it is."""
    real, at = timezone.now, {"by": dt.timedelta()}
    for place in ("django.utils.timezone", "axes.handlers.proxy", "axes.attempts"):
        monkeypatch.setattr(f"{place}.now", lambda: real() + at["by"])
    return lambda by: at.update(by=by)


@pytest.mark.parametrize("jump", JUMPS.values(), ids=JUMPS)
def test_the_newest_version_is_shown_whatever_the_clock_says(client, published, clock, jump):
    someone = User.objects.get(username="kanri")
    first = client.get(FILE)
    page = client.get(HOME)
    clock(jump)
    made = publish_outright(plan=published, period=R7_H1, by=someone, reason="集計の誤り")
    assert (made.version, made.published_at - timezone.now() < dt.timedelta(minutes=1)) == (2, True)
    assert [one.version for one in shown(SLUG).versions] == [2, 1]
    for headers in ({"If-None-Match": page["ETag"]}, {}):
        answer = client.get(HOME, headers=headers)
        assert (answer.status_code, "第2版" in answer.content.decode()) == (200, True)
    for headers in (
        {"If-None-Match": first["ETag"]},
        {"If-Modified-Since": first["Last-Modified"]},  # of the older version, though dated later
    ):
        answer = client.get(FILE, headers=headers)
        assert answer.status_code == 200
        assert answer["ETag"] != first["ETag"]
    dated = f"/{SLUG}/data/2025-H1/v2-{timezone.localdate(made.published_at)}/kpis.csv"
    for later in (jump, dt.timedelta(), -jump):
        clock(later)
        assert client.get(dated).content == answer.content
        assert client.get(f"{HOME}?version=1").status_code == 200
        assert client.get(f"{HOME}corrections/").status_code == 200
        assert client.get("/plans/").status_code == 200
    assert (
        f"v2-{timezone.localdate(made.published_at)}/"
        in client.get(f"{HOME}data/").content.decode()
    )


def signs_in(typed):
    answer = Client().post("/accounts/login/", {"username": "kanri", "password": typed})
    return answer.status_code == 302


@pytest.mark.parametrize("ahead", [dt.timedelta(days=1), dt.timedelta(days=3650)], ids=str)
def test_who_was_locked_out_while_the_clock_went_ahead_gets_in_when_it_is_set_right(
    administrator, clock, ahead
):
    clock(ahead)
    for _ in range(5):
        assert not signs_in("chigau")
    assert not signs_in("himitsu")
    clock(dt.timedelta())
    assert not signs_in("chigau")  # one wrong password is one, not the sixth
    assert signs_in("himitsu")


def test_who_is_locked_out_stays_so_on_a_machine_whose_clock_is_a_little_behind(
    administrator, clock
):
    clock(dt.timedelta(minutes=2))
    for _ in range(5):
        assert not signs_in("chigau")
    clock(dt.timedelta())
    assert not signs_in("himitsu")


@pytest.mark.parametrize("jump", JUMPS.values(), ids=JUMPS)
def test_people_sign_in_anew_at_most(administrator, clock, jump):
    browser = Client()
    browser.post("/accounts/login/", {"username": "kanri", "password": "himitsu"})
    clock(jump)
    assert browser.get("/admin/").status_code == (200 if jump < dt.timedelta() else 302)
    browser.post("/accounts/login/", {"username": "kanri", "password": "himitsu"})
    assert browser.get("/admin/").status_code == 200


def test_who_changed_a_figure_last_is_told_though_the_clock_was_set_back(
    entering, enter, entry_clerk, publisher, clock
):
    enter(entering, entry_clerk, {"1-1": "1210"})
    clock(dt.timedelta(days=-1))
    enter(entering, publisher, {"1-1": "1211"})
    told = Actual.history.filter(period=entering)
    assert [one[0] for one in last_changes(told, "indicator").values()] == ["kohyo"]


def test_no_reminder_is_sent_twice_when_the_days_come_again(entering, enter):
    plan = entering.plan
    plan.indicators.update(section="甲課")
    SectionContact.objects.create(plan=plan, section="甲課", email="kou@example.jp")
    days = ("2026-04-01", "2026-04-18", "2026-04-25")
    found = []
    for day in [*days, *days, "2016-04-01", "2036-04-01", days[0]]:
        given = {"today": dt.date.fromisoformat(day), "connection": EmailBackend()}
        found += send_reminders(period=entering, **given)
    kinds = [one.notice.kind.value for one in found if one.outcome is Outcome.SENT]
    assert len(kinds) == len(set(kinds)) == 3


def test_the_newest_period_is_the_one_that_ends_last(published, clock):
    someone = User.objects.get(username="kanri")
    clock(dt.timedelta(days=3650))
    year = Period(2024, Term.FY)
    publish_outright(plan=published, period=year, by=someone, reason="集計の誤り")
    assert shown(SLUG).publication.period.period == R7_H1
    assert Publication.objects.latest("published_at").period.period == year
