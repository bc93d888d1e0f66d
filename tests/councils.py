"""A council's meetings with their people, and how their pages are read."""

import datetime as dt
import hashlib
import re

import pytest
from django.test import Client
from django.utils import timezone

from kpis.models import MeetingMaterial, Opinion, Publication
from tests.factories import make_meeting

SLUG = "kadoma-monozukuri"
PAPER = b"PK\x03\x04 handed out \x00\xff"


def address(meeting, rest=""):
    return f"/{SLUG}/meetings/{meeting.pk}/{rest}"


def text_of(client, where):
    response = client.get(where)
    assert response.status_code == 200, where
    return response.content.decode()


def words_of(client, where):
    """Return what a reader reads in the page's main part, without space."""
    main = text_of(client, where).split("<main", 1)[1].split("</main>", 1)[0]
    return re.sub(r"\s", "", re.sub(r"<[^>]*>", "", main))


def kept(meeting, by, name="資料1.xlsx", content=PAPER):
    return MeetingMaterial.objects.create(
        meeting=meeting,
        publication=Publication.objects.newest_first().filter(period__plan=meeting.plan)[0],
        name=name,
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        kept_at=timezone.now(),
        kept_by=by,
    )


@pytest.fixture
def july(published):
    """The first meeting, of July 2025, open to everyone, without opinions."""
    fields = {"agenda": "1 開会\n2 進捗状況", "members": "会長　門真太郎（〇〇大学）\n\n　京阪花子"}
    return make_meeting(plan=published, number=0, audience="public", **fields)


@pytest.fixture
def december(published):
    """The second meeting, of December 2025, open to everyone, without opinions."""
    day = dt.date(2025, 12, 2)
    return make_meeting(plan=published, number=0, name="第2回懇話会", day=day, audience="public")


def say(meeting, number, text, **fields):
    return Opinion.objects.create(meeting=meeting, number=number, text=text, **fields)


@pytest.fixture
def no_rights(django_user_model):
    """An account to which nobody gave a role."""
    return django_user_model.objects.create_user("dareka", password="himitsu")


@pytest.fixture
def browser(request):
    """Return a function that gives the browser of a person, of nobody for a blank."""

    def opened(name):
        client = Client()
        if name:
            client.force_login(request.getfixturevalue(name))
        return client

    return opened
