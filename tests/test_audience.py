"""Who may see which meeting of the council today."""

import pytest
from django.contrib.auth.models import AnonymousUser, Permission

from kpis.selectors.audience import seen_meetings
from kpis.vocabulary import Audience
from tests.factories import make_meeting, make_plan


@pytest.fixture
def meetings(kadoma):
    """One meeting of each audience, and one of another plan that is open to all."""
    other = make_plan(slug="other", indicators=1)
    make_meeting(plan=other, number=0, name="よその会議", audience=Audience.PUBLIC)
    return {
        one: make_meeting(plan=kadoma, number=0, name=f"会議{one}", audience=one).pk
        for one in Audience
    }


def give(user, name):
    user.user_permissions.add(Permission.objects.get(codename=name))
    return type(user).objects.get(pk=user.pk)  # without what it remembers of its rights


def seen(kadoma, user, meetings):
    keys = seen_meetings(kadoma.slug, user)
    return [audience for audience, key in meetings.items() if key in keys]


def test_anyone_sees_the_public_meetings_of_this_plan_alone(kadoma, meetings):
    assert set(seen_meetings(kadoma.slug, AnonymousUser())) == {meetings[Audience.PUBLIC]}


def test_an_account_without_the_right_to_attend_sees_what_anyone_sees(
    kadoma, meetings, django_user_model
):
    nobody = django_user_model.objects.create_user("dareka", password="himitsu")
    assert seen(kadoma, nobody, meetings) == [Audience.PUBLIC]


def test_a_member_sees_what_is_for_members_but_nothing_in_preparation(
    kadoma, meetings, council_member
):
    member = give(council_member, "attend_meeting")
    assert seen(kadoma, member, meetings) == [Audience.MEMBERS, Audience.PUBLIC]


def test_staff_who_prepare_meetings_see_all(kadoma, meetings, entry_clerk):
    assert seen(kadoma, entry_clerk, meetings) == list(Audience)


def test_the_right_of_staff_is_nothing_to_a_person_who_is_no_staff(
    kadoma, meetings, django_user_model
):
    outsider = django_user_model.objects.create_user("soto", password="himitsu")
    assert seen(kadoma, give(outsider, "view_meeting"), meetings) == [Audience.PUBLIC]


def test_staff_without_the_right_see_what_anyone_sees(kadoma, meetings, django_user_model):
    other = django_user_model.objects.create_user("betsu", password="himitsu", is_staff=True)
    assert seen(kadoma, other, meetings) == [Audience.PUBLIC]


def test_a_person_who_left_sees_what_anyone_sees(kadoma, meetings, entry_clerk):
    entry_clerk.is_active = False
    assert seen(kadoma, entry_clerk, meetings) == [Audience.PUBLIC]


def test_each_meeting_comes_with_its_audience(kadoma, meetings, administrator):
    found = seen_meetings(kadoma.slug, administrator)
    assert found == {key: audience for audience, key in meetings.items()}


def test_the_meetings_cost_one_query(kadoma, meetings, django_assert_num_queries):
    with django_assert_num_queries(1):
        seen_meetings(kadoma.slug, AnonymousUser())
