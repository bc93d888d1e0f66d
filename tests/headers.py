"""The headers that every answer must carry, whatever it answers."""

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "connect-src": "'self'",
    "font-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
TOLD = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
UNTOLD = ("Server", "X-Powered-By", "Access-Control-Allow-Origin")


def lacking(response):
    """Return what is wrong with the headers of an answer."""
    policy = response.headers.get("Content-Security-Policy", "")
    parts = dict(one.strip().split(" ", 1) for one in policy.split(";") if one.strip())
    wrong = [] if parts == POLICY else [policy]
    wrong += [name for name, value in TOLD.items() if response.headers.get(name) != value]
    return wrong + [name for name in UNTOLD if name in response.headers]
