"""The office's own sign-on: a trusted proxy names the person in a header (KADOMA_REMOTE_USER).

Off unless that is set; then ``TrustedProxies`` has taken the header away from everybody else. A
person is signed in when they come to the staff pages or to the login page, so that readers stay
readers, and whoever signed out is out until they come to one of these again.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

_BACKEND = "django.contrib.auth.backends.ModelBackend"
_NAMED = "remote_user"  # in a session that began this way: whom the proxy named
_SAFE = ("GET", "HEAD")


class OfficeSignOn:
    """Signs in whom the proxy names; nobody gets an account by being named."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap what answers."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the person whom the proxy names."""
        if settings.REMOTE_USER_KEY and _is_inside(request):
            name = request.META.get(settings.REMOTE_USER_KEY, "").strip()
            if request.session.get(_NAMED, name) != name:
                logout(request)  # another person at the same browser
            # What a form sent stays in the browser: it is signed in by the page that comes next.
            may_enter = name and request.method in _SAFE and request.user.is_anonymous
            if may_enter and not _sign_in(request, name) and not _is_door(request):
                return render(request, "accounts/unknown.html", {"name": name}, status=403)
        return self.get_response(request)


def _is_inside(request: HttpRequest) -> bool:
    return request.path.startswith(reverse("admin:index")) or _is_door(request)


def _is_door(request: HttpRequest) -> bool:
    """Return whether this is the page that asks for a password, which stays open to everybody."""
    return request.path == reverse("accounts:login")


def _sign_in(request: HttpRequest, name: str) -> bool:
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        return False
    login(request, user, _BACKEND)
    request.session[_NAMED] = name
    return True
