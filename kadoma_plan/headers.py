"""What browsers and caches are told on every answer, besides Django's own headers and the CSP."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

# No page of ours asks for any of these, so no script that slipped in may.
PERMISSIONS = ", ".join(
    f"{one}=()" for one in ("camera", "geolocation", "microphone", "payment", "usb")
)
_OF_PERSONS = ("/admin/", "/accounts/")
_REFUSED = 400


class BrowserHeaders:
    """No cache keeps what a person's own pages answer, nor any refusal."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap what answers."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the headers."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if request.path_info.startswith(_OF_PERSONS):
            patch_cache_control(response, private=True, no_store=True)
        elif response.status_code >= _REFUSED and "Cache-Control" not in response:
            patch_cache_control(response, no_store=True)
        return response
