"""A person's browser for the load: one connection, cookies, forms, and a ledger of all answers.

Every answer is timed and checked. What stands in an answer to the public must never be a draft: the
office types a figure and words that are never published, and an answer in which they stand is a
leak.
"""

import gzip
import http.client
import io
import threading
import time
import uuid
import zipfile
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

PATIENCE = 30  # seconds for one answer
LOOPBACK = ("127.0.0.1", "::1", "localhost")
DRAFT_FIGURE, DRAFT_WORDS = 98_765_432, "負荷試験の草案につき公表しない"
# The figure as numbers are printed, its rate against the target of 1,200, and the words. No hash is
# likely to hold so many digits by chance.
TRACES = ("98765432", "98,765,432", "8230452", "8,230,452", DRAFT_WORDS)


def only_loopback(host: str | None) -> str:
    """Return the host. Raises ValueError for one that is not this machine."""
    if host not in LOOPBACK:
        raise ValueError(f"load is made on this machine only, not on {host!r}")
    return host


@dataclass(frozen=True, slots=True)
class Answer:
    """What a page answered: its body as it is after decompression."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def traces(body: bytes) -> list[str]:
    """Return what of the draft stands in the body, inside a workbook too."""
    return [one for one in TRACES if any(one in text for text in _texts(body))]


def _texts(body: bytes) -> Iterator[str]:
    if not body.startswith(b"PK"):
        yield body.decode(errors="replace")
        yield body.decode("cp932", errors="replace")
        return
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        for name in book.namelist():
            yield book.read(name).decode(errors="replace")


class Ledger:
    """How long each kind of answer took, what it was, what was wrong, and what leaked."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = defaultdict(list)
        self.statuses: dict[str, Counter[int]] = defaultdict(Counter)
        self.received = 0
        self.faults: list[str] = []
        self.leaks: list[str] = []
        self.told: Counter[str] = Counter()
        self._lock = threading.Lock()

    def note(self, kind: str, seconds: float, answer: Answer) -> None:
        with self._lock:
            self.times[kind].append(seconds)
            self.statuses[kind][answer.status] += 1
            self.received += len(answer.body)

    def fault(self, words: str) -> None:
        with self._lock:
            self.faults.append(words)

    def look_for_drafts(self, where: str, body: bytes) -> None:
        """Note a leak where anything of the draft stands in an answer to the public."""
        if found := traces(body):
            with self._lock:
                self.leaks.append(f"{where}: {', '.join(found)}")

    def tell(self, what: str) -> None:
        """Count something that happened and is no fault."""
        with self._lock:
            self.told[what] += 1

    @property
    def is_clean(self) -> bool:
        return not self.faults and not self.leaks


@dataclass(slots=True)
class Form:
    """A form as a browser holds it: its fields with their values, and the choices of lists."""

    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, dict[str, str]] = field(default_factory=dict)  # of a list: label to value


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._words, self._selected = "", None
        self._list = self._area = ""

    def handle_starttag(self, tag, attributes):
        has = dict(attributes)
        if tag == "form":
            self.forms.append(Form())
        elif not self.forms:
            return
        name = has.get("name") or ""
        if tag == "input" and name:
            self._input(name, has)
        elif tag == "textarea":
            self._area, self._words = name, ""
        elif tag == "select":
            self._list = name
            self.forms[-1].choices[name] = {}
        elif tag == "option":
            self._selected, self._words = (has.get("value"), "selected" in has), ""

    def _input(self, name, has):
        can_be_off = has.get("type") in ("checkbox", "radio")
        if has.get("type") != "submit" and (not can_be_off or "checked" in has):
            self.forms[-1].fields[name] = has.get("value") or ("on" if can_be_off else "")

    def handle_data(self, data):
        self._words += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self._area:
            self.forms[-1].fields[self._area] = self._words.removeprefix("\n")
            self._area = ""
        elif tag == "option" and self._list and self._selected:
            value, selected = self._selected
            value = self._words.strip() if value is None else value
            self.forms[-1].choices[self._list][self._words.strip()] = value
            if selected:
                self.forms[-1].fields[self._list] = value
        elif tag == "select":
            self._list = ""


def forms_of(page: Answer) -> list[Form]:
    """Return the page's forms."""
    parser = _Forms()
    parser.feed(page.text)
    return parser.forms


class Visitor:
    """One person at one browser: a connection that stays open, and cookies.

    What a visitor of the public pages is answered is looked through for drafts.
    """

    def __init__(
        self, address: str, ledger: Ledger, public: bool = True, compressed: bool = True
    ) -> None:
        parts = urlsplit(address)
        self.host, self.port = only_loopback(parts.hostname), parts.port
        self.ledger, self.public, self.compressed = ledger, public, compressed
        self.cookies: dict[str, str] = {}
        self.place = ""  # where the last form led
        self._line = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)

    def close(self) -> None:
        self._line.close()

    def ask(
        self,
        kind: str,
        path: str,
        body: bytes | None = None,
        expect: Collection[int] = (200,),
        marks: Collection[str] = (),
        **headers: str,
    ) -> Answer:
        """Ask for the path, note how it went, and return the answer."""
        sent = {"Host": f"{self.host}:{self.port}"} | headers
        if self.compressed:
            sent["Accept-Encoding"] = "gzip"
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        began = time.perf_counter()
        try:
            answer = self._exchange("GET" if body is None else "POST", path, body, sent)
        except (OSError, http.client.HTTPException) as error:
            self._line.close()  # the next question opens it again
            self.ledger.fault(f"{kind} {path}: {type(error).__name__} {error}")
            return Answer(0, {}, b"")
        self.ledger.note(kind, time.perf_counter() - began, answer)
        self._check(kind, path, answer, expect, marks)
        return answer

    def _exchange(self, method, path, body, headers) -> Answer:
        self._line.request(method, path, body, headers)
        got = self._line.getresponse()
        content = got.read()
        for one in got.headers.get_all("Set-Cookie", ()):
            name, _, value = one.partition(";")[0].partition("=")
            self.cookies[name] = value
        if got.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        return Answer(
            got.status, {name.lower(): value for name, value in got.headers.items()}, content
        )

    def _check(self, kind, path, answer, expect, marks):
        where = f"{kind} {path}"
        if answer.status not in expect:
            self.ledger.fault(f"{where}: status {answer.status}, {told_by(answer)}")
        elif answer.status == 200:
            lacking = [one for one in marks if one.encode() not in answer.body]
            if lacking:
                self.ledger.fault(f"{where}: without {lacking}, {told_by(answer)}")
        if self.public:
            self.ledger.look_for_drafts(where, answer.body)

    def post(
        self, kind: str, path: str, fields: Mapping[str, str], expect: Collection[int] = (302,)
    ) -> Answer:
        """Send a form, and return the page that it leads to."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._led(self.ask(kind, path, urlencode(fields).encode(), expect, **form), kind)

    def upload(self, kind: str, path: str, fields: Mapping[str, str], content: bytes) -> Answer:
        """Send a form with a workbook, and return the page that it leads to."""
        border = uuid.uuid4().hex
        parts = [
            f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        ]
        head = f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n'
        body = (
            ("".join(parts) + head + "\r\n").encode() + content + f"\r\n--{border}--\r\n".encode()
        )
        form = {"Content-Type": f"multipart/form-data; boundary={border}"}
        return self._led(self.ask(kind, path, body, (302,), **form), kind)

    def _led(self, answer: Answer, kind: str) -> Answer:
        if answer.status != 302:
            return answer
        self.place = answer.headers["location"]
        return self.ask(f"{kind} →", self.place)


def told_by(answer: Answer) -> str:
    """Return what the page says of itself, for the list of faults."""
    text = answer.body.decode(errors="replace")
    title = text.partition("<title>")[2].partition("</title>")[0].strip()
    said = text.partition('class="messagelist">')[2].partition("</ul>")[0]
    return f"{title} {said} {text[:120] if not title else ''}".strip()
