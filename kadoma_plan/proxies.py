"""Who asks: the address that trusted proxies tell of, and nothing that anybody else says."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_FORWARDED = "HTTP_X_FORWARDED_FOR"
_PROTOCOL = "HTTP_X_FORWARDED_PROTO"
Address = IPv4Address | IPv6Address


class TrustedProxies:
    """Puts the client's address where everything else looks for it: in ``REMOTE_ADDR``.

    Each proxy adds the address that it saw at the end of X-Forwarded-For, so that only what stands
    behind the last stranger is theirs; what a client wrote itself stands before it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap what answers."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request that says only what is true."""
        said = request.META.pop(_FORWARDED, "")
        peer = _address(request.META.get("REMOTE_ADDR", ""))
        if _is_trusted(peer):
            request.META["REMOTE_ADDR"] = str(_client(peer, said))
        else:
            request.META.pop(settings.REMOTE_USER_KEY, None)
            if settings.PROXIES:
                request.META.pop(_PROTOCOL, None)
        return self.get_response(request)


def _client(peer: Address | None, said: str) -> Address | None:
    """Return the last address that is no proxy of ours; the proxy's own where none is told."""
    for text in reversed(said.split(",")):
        address = _address(text.strip())
        if address is None:
            break  # what stands before something unreadable is no proxy's word
        peer = address
        if not _is_trusted(address):
            break
    return peer


def _is_trusted(address: Address | None) -> bool:
    return address is not None and any(address in one for one in settings.PROXIES)


def _address(text: str) -> Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)  # ::ffff:10.0.0.1, as some servers tell
    return mapped or address
