"""Addresses, methods and headers that no link leads to, as somebody curious would try them."""

from itertools import product
from urllib.parse import quote

SLUG = "kadoma-monozukuri"
PERIODS = ("2024-FY", "2025-H1", "2025-FY", "2026-H1", "R7-FY", "令和7年度", "R7", "Ｒ７", "2025")
PERIODS += (
    "2025-fy",
    "２０２５-ＦＹ",
    "2025-FY ",
    "2025FY",
    "2025-H2",
    "9999-FY",
    "2025-FY'",
    "",
    "x",
)
VERSIONS = ("", "0", "1", "2", "3", "-1", "01", "２", "1.0")
HEADERS = (
    {"HTTP_ACCEPT_ENCODING": "gzip, br"},
    {"HTTP_RANGE": "bytes=0-"},
    {"HTTP_RANGE": "bytes=999999-,0-1"},
    {"HTTP_IF_NONE_MATCH": "*"},
    {"HTTP_IF_MODIFIED_SINCE": "Wed, 21 Oct 2037 07:28:00 GMT"},
    {"HTTP_CACHE_CONTROL": "no-cache"},
    {"HTTP_ACCEPT": "application/json"},
    {"HTTP_ACCEPT_LANGUAGE": "en"},
    {"HTTP_AUTHORIZATION": "Basic a2Fucmk6aGltaXRzdQ=="},
    {"HTTP_COOKIE": "sessionid=x; csrftoken=x"},
    {"HTTP_HOST": "evil.example"},
    {"HTTP_X_FORWARDED_HOST": "evil.example"},
    {"HTTP_X_HTTP_METHOD_OVERRIDE": "PUT"},
    {"HTTP_X_ORIGINAL_URL": "/admin/preview/3/"},
    {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"},
)
CODES = [f"{strategy}-{number}" for strategy in range(1, 5) for number in range(1, 10)]
PAGES = [
    "",
    "kgi/",
    "tree/",
    "actions/",
    "publicity/",
    "meetings/",
    "rules/",
    "corrections/",
    "data/",
]
PAGES += [f"data/kpis.{kind}" for kind in ("csv", "xlsx", "json")]
PAGES += ["data/kpis.csv?encoding=cp932", "data/kpis.csv?encoding=utf-16", "data/kpis.pdf"]
PAGES += [f"strategies/{number}/" for number in range(5)]
PAGES += [f"{kind}/{code}/" for kind in ("measures", "kpis") for code in CODES]
PAGES += [f"meetings/{key}/{page}" for key in (1, 2) for page in ("", "brief/", "materials/1/")]
PAGES += ["actions/A-1/", "actions/?late=1", "actions/?table=schedule", "actions/?page=2&actor=x"]
PAGES += ["?table=counts", "?table=strategy-1", "kpis/1-1/?table=kpi-1-1-years", "?table=nai"]


def guesses():
    """Yield addresses, methods and headers that no link leads to."""
    for page in PAGES:
        for query in ("", "period=2025-FY"):
            yield "GET", f"/{SLUG}/{page}{'&' if '?' in page else '?'}{query}", {}
    for page, period, version in product(("", "data/kpis.json"), PERIODS, VERSIONS):
        yield "GET", f"/{SLUG}/{page}?period={quote(period)}&version={quote(version)}", {}
    for page, headers in product(("", "kpis/1-1/", "data/kpis.csv", "?period=2025-FY"), HEADERS):
        yield "GET", f"/{SLUG}/{page}", headers
    for page in PAGES[:12]:
        yield "HEAD", f"/{SLUG}/{page}", {}
        yield "POST", f"/{SLUG}/{page}", {}
    for slug in ("Telltaleplan", "x"):
        yield "GET", f"/{slug}/", {}
