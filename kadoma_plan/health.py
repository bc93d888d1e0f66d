"""Health before everything else: a load balancer asks by number, without HTTPS and without a cookie.

Nothing that names allowed hosts, sends on to HTTPS or opens a session stands before these answers.
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import resolve

PATHS = ("/healthz", "/readyz")

Answer = Callable[[HttpRequest], HttpResponseBase]


def answer_first(get_response: Answer) -> Answer:
    """Call the views of these addresses at once, past what stands behind."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        if request.path_info not in PATHS:
            return get_response(request)
        match = resolve(request.path_info)
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return response

    return answered
