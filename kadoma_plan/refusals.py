"""Answers where the database cannot be used: 503, in words, made without asking it anything."""

import sys
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.views import defaults

from kadoma_plan import tracing
from kadoma_plan.troubles import Trouble, trouble_of

_RETRY_AFTER = "30"  # seconds
_NOTHING_SAVED = "何も保存していません。"
# The answer to a commit can be lost on its way, and then nobody here knows.
_ALL_OR_NOTHING = (
    "途中までの保存は残りません（すべて保存されたか、何も保存されていないかのどちらかです）。"
    "もう一度送る前に、元の画面を開き直して確かめてください。"
)
_OWN_FIELDS = ("csrfmiddlewaretoken", "action", "next", "fingerprint")
_OWN_ENDINGS = ("-seen", "-id", "_FORMS")


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an error that nobody handled: 503 for a trouble of the database, otherwise 500."""
    trouble = trouble_of(sys.exc_info()[1])
    return tracing.server_error(request) if trouble is None else _refusal(request, trouble)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that makes no sense, and a session that could not be stored with 503.

    Django takes every failure to store a session for one that was ended meanwhile.
    """
    trouble = trouble_of(exception)
    if trouble is None:
        return defaults.bad_request(request, exception)
    return _refusal(request, trouble)


def _refusal(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    said = _said(request, trouble)
    if "text/html" in request.headers.get("Accept", "text/html"):
        context = {"said": said, **_sent(request)}
        response = HttpResponse(render_to_string("trouble.html", context))
    else:  # a script or a program asks
        response = HttpResponse("".join(said), "text/plain; charset=utf-8")
    response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    response["Retry-After"] = _RETRY_AFTER
    response["Cache-Control"] = "no-store"
    return response


def _said(request: HttpRequest, trouble: Trouble) -> list[str]:
    if request.method in ("GET", "HEAD"):
        return [trouble.value]
    return [trouble.value, _ALL_OR_NOTHING if trouble is Trouble.GONE else _NOTHING_SAVED]


def _sent(request: HttpRequest) -> dict[str, object]:
    """Return what was typed, for the page to show and to send again.

    Only of a form that was found to be this site's own: nobody else's may be sent by a click here.
    A password is not shown to anybody, and a file must be chosen anew.
    """
    if request.method != "POST" or not getattr(request, "csrf_processing_done", False):
        return {"address": request.get_full_path()}
    pairs = [(name, text) for name, texts in request.POST.lists() for text in texts]
    secret = any("password" in name for name, _ in pairs)
    return {
        "address": request.get_full_path(),
        "secret": secret,
        "files": [one.name for _, files in request.FILES.lists() for one in files],
        "pairs": [] if secret or request.FILES else _without_token(pairs),
        "typed": [] if secret else [text for name, text in pairs if text and not _is_own(name)],
        "token": get_token(request),
    }


def _without_token(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, text) for name, text in pairs if name != "csrfmiddlewaretoken"]


def _is_own(name: str) -> bool:
    """Return whether the field is the form's own, a button too, which nobody types into."""
    return name in _OWN_FIELDS or name.startswith("_") or name.endswith(_OWN_ENDINGS)
