"""Following links as a reader would: every page and file of the site, and all that its answer holds."""

import gzip
import html
import io
import re
import zipfile
from urllib.parse import urljoin

SLUG = "kadoma-monozukuri"


def content_of(response):
    """Return all bytes of an answer: its head, its body, and what is packed unpacked."""
    body = b"".join(response)
    if response.get("Content-Encoding") == "gzip" and body:
        body = gzip.decompress(body)
    head = repr(sorted(response.items())).encode()
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body += b"".join(one.encode() + book.read(one) for one in book.namelist())
    return head + body


def links_in(address, page):
    """Return the addresses of our own to which a page leads, and those of its period switch."""
    text = re.sub('<form method="post"[^>]*>', "", page.decode(errors="replace"))
    links = re.findall(r"""\b(?:href|src|action)=["']([^"'#]*)""", text)
    switch = "".join(re.findall(r'<select id="period".*?</select>', text, re.DOTALL))
    links += [f"?period={code}" for code in re.findall(r'<option value="([^"]+)"', switch)]
    ours = (urljoin(address, html.unescape(link)) for link in links)
    return {one for one in ours if one.startswith("/") and not one.startswith("/static/")}


def follow(client, starts=("/", f"/{SLUG}/", "/healthz"), below="/", without=(), versions=True):
    """Yield every answer that links lead to, from the front page on.

    None but those ``below``, and none whose address begins with one of ``without``. Where nothing
    was corrected, a page asked for by its version is the same once more: ``versions`` tells whether
    it is read.
    """
    waiting, seen = [*starts], set()
    while waiting:
        address = waiting.pop()
        if address in seen or not address.startswith(below) or address.startswith(without):
            continue
        if not versions and "version=" in address:
            continue
        seen.add(address)
        response = client.get(address)
        content = content_of(response)
        yield address, response, content
        if "text/html" in response.get("Content-Type", ""):
            waiting += links_in(address, content)
