"""How long a sign-in lasts: until nobody has used it for a while, and half a day at most."""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

_BEGAN, _SEEN = "began", "seen"
_SHARE = 10  # a session is written anew when this part of its idle time has passed


def begin(request: HttpRequest, **_: Any) -> None:
    """Note when the person signed in."""
    now = int(time.time())
    request.session[_BEGAN] = request.session[_SEEN] = now


class LimitedAuthentication(AuthenticationMiddleware):
    """Knows the person of a session as Django does, until the session is over.

    Nothing is read for a page that does not ask who reads it.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Say who asks when somebody wants to know."""
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _person(request))  # type: ignore[assignment]


def _person(request: HttpRequest) -> AbstractBaseUser | AnonymousUser:
    session = request.session
    if SESSION_KEY in session:
        now = int(time.time())
        if _is_over(session, now):
            session.flush()
            return AnonymousUser()
        if now - session.get(_SEEN, 0) > settings.SESSION_IDLE_MINUTES * 60 / _SHARE:
            session[_SEEN] = now
    return get_user(request)


def _is_over(session: SessionBase, now: int) -> bool:
    """Return whether the time is up; a session of an earlier release has no times and is over.

    So is one from a future that a wrong clock told, or it would stay until that future is past.
    """
    began, seen = (int(session.get(name, 0)) for name in (_BEGAN, _SEEN))
    unused = abs(now - seen) > settings.SESSION_IDLE_MINUTES * 60
    return unused or now - began > settings.SESSION_COOKIE_AGE
