"""What readers of the public pages do under load, and what each answer must show."""

import json
import random
import re
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

from tests.benchmarks.load_client import Answer, Ledger, Visitor
from tests.served import SLUG

EDITION = re.compile(r'class="edition-line"><strong>(.*?)</strong>.*?第(\d+)版')
PERMANENT = re.compile(rf'href="(/{SLUG}/data/2025-H1/v1-[0-9-]+/kpis\.csv)"')
STYLE = re.compile(r'href="(/static/css/[^"]+\.css)"')
WHOLE = ("</html>", 'class="running"')  # the page's last words
PLAN_PAGES = ("strategies/1/", "strategies/2/", "measures/1-1/", "rules/", "words/")
PLAN_PAGES += ("corrections/", "meetings/", "publicity/", "data/")
OLDER = ("?period=2024-FY", "?period=2025-H1", "?period=2025-H1&version=1")
# What a year's end may look like, by the indicators' codes.
FIGURES = {
    "1-1": "1210", "1-2": "140", "1-3": "15", "1-4": "40", "1-5": "1",
    "2-1": "112", "2-2": "9.4", "2-3": "4", "2-4": "149",
    "3-1": "1", "3-2": "21", "3-3": "12", "3-4": "3", "3-5": "420", "3-6": "9",
}  # fmt: skip
ROUND = "令和7年度"  # the period that the office publishes over and over


@dataclass(slots=True)
class Announced:
    """What the office is about to publish, said before, and the version that surely stands."""

    figures: dict[int, int] = field(default_factory=dict)  # 1-1's by the version
    newest: int = 0  # the last whose publishing was answered
    frozen: dict[str, int] = field(default_factory=dict)  # of files that never change: their CRC

    @property
    def settled(self) -> int | None:
        """Return the version that surely stands and no other; None while one is being published."""
        return self.newest if self.newest == len(self.figures) else None


@dataclass(slots=True)
class Reader:
    """A reader who goes from page to page until the time is over."""

    visitor: Visitor
    ledger: Ledger
    announced: Announced
    chance: random.Random
    etags: dict[str, tuple[str, int | None]] = field(default_factory=dict)  # and what had settled
    style: str = ""
    permanent: str = ""

    def read(self, over: Event, think: float) -> None:
        """Look at one thing after another, each after some thought."""
        self._arrive()
        looks, weights = zip(*LOOKS, strict=True)
        while not over.wait(think * self.chance.uniform(0.5, 1.5)):
            self.chance.choices(looks, weights)[0](self)
        self.visitor.close()

    def _arrive(self) -> None:
        first = self.visitor.ask("overview", "/", marks=WHOLE)
        data = self.visitor.ask("page", f"/{SLUG}/data/", marks=WHOLE)
        self.style = _found(STYLE, first)
        self.permanent = _found(PERMANENT, data)

    def _page(self, kind: str, path: str, *marks: str) -> Answer:
        """Open a page of the newest publication and see that it is whole and no older than it may."""
        known, settled = self.announced.newest, self.announced.settled
        page = self.visitor.ask(kind, path, marks=(*WHOLE, *marks))
        self._remember(path, page, settled)
        if page.status == 200 and known:
            edition = EDITION.search(page.text)
            self._is_new(
                kind, path, known, edition and edition[1], int(edition[2] if edition else 0)
            )
        return page

    def _is_new(self, kind, path, known, period, version) -> None:
        if period != ROUND or version < known:
            self.ledger.fault(f"{kind} {path}: {period} 第{version}版 after 第{known}版 stood")

    def _remember(self, path: str, page: Answer, settled: int | None) -> None:
        if page.status == 200 and "etag" in page.headers:
            self.etags[path] = page.headers["etag"], settled

    def overview(self) -> None:
        page = self._page("overview", self.chance.choice(("/", f"/{SLUG}/")), "指標の一覧")
        self._shows_what_was_published("overview", page)

    def narrowed(self) -> None:
        """Ask for the list in a way that nobody asked before: such pages are kept too."""
        word = f"{self.chance.randrange(10**12):012}"
        self._page("narrowed", f"/{SLUG}/?word={word}&order=need", word)

    def indicator(self) -> None:
        code = self.chance.choice(tuple(FIGURES))
        page = self._page("KPI", f"/{SLUG}/kpis/{code}/", f"{code} ")
        if code == "1-1":
            self._shows_what_was_published("KPI", page)

    def _shows_what_was_published(self, kind: str, page: Answer) -> None:
        edition = EDITION.search(page.text) if page.status == 200 else None
        if edition is not None and edition[1] == ROUND:
            figure = self.announced.figures.get(int(edition[2]))
            if figure is None or f"{figure:,}" not in page.text:
                self.ledger.fault(f"{kind}: 第{edition[2]}版 without its figure {figure}")

    def kgi(self) -> None:
        self._page("KGI", f"/{SLUG}/kgi/", "KGI（重要目標達成指標）")

    def tree(self) -> None:
        self._page("tree", f"/{SLUG}/tree/", "基本戦略1")

    def actions(self) -> None:
        self._page("actions", f"/{SLUG}/actions/")

    def any_page(self) -> None:
        self._page("page", f"/{SLUG}/{self.chance.choice(PLAN_PAGES)}")

    def older(self) -> None:
        path = f"/{self.chance.choice(('', f'{SLUG}/'))}{self.chance.choice(OLDER)}"
        self.visitor.ask("older", path, marks=WHOLE)

    def table(self) -> None:
        self.visitor.ask("table CSV", f"/{SLUG}/?table=strategy-1", marks=("1-1",))

    def csv(self) -> None:
        settled = self.announced.settled
        self._remember(f"/{SLUG}/data/kpis.csv", self._file("kpis.csv", "計画ID"), settled)

    def cp932(self) -> None:
        file = self.visitor.ask("CSV CP932", f"/{SLUG}/data/kpis.csv?encoding=cp932")
        if file.status == 200 and "計画ID" not in file.body.decode("cp932", errors="replace"):
            self.ledger.fault("CSV CP932: without its headings")

    def json(self) -> None:
        known = self.announced.newest
        file = self._file("kpis.json")
        if file.status != 200 or not known:
            return
        (row,) = [
            one
            for one in json.loads(file.body)
            if (one["code"], one["fiscal_year"], one["term"]) == ("1-1", 2025, "FY")
        ]
        self._is_new("JSON", "kpis.json", known, ROUND, int(row["version"] or 0))
        if int(row["actual"]) != self.announced.figures.get(int(row["version"])):
            self.ledger.fault(f"JSON: 第{row['version']}版 with {row['actual']}")

    def xlsx(self) -> None:
        if not self._file("kpis.xlsx").body.startswith(b"PK"):
            self.ledger.fault("XLSX: no workbook")

    def small_file(self) -> None:
        self._file(self.chance.choice(("changes.csv", "notes.csv", "metadata.json")))

    def _file(self, name: str, *marks: str) -> Answer:
        kind = name.rpartition(".")[2].upper() if name.startswith("kpis") else "other files"
        return self.visitor.ask(kind, f"/{SLUG}/data/{name}", marks=marks)

    def frozen(self) -> None:
        """Take a file at its lasting address: the same bytes whatever is published meanwhile."""
        file = self.visitor.ask("lasting CSV", self.permanent, marks=("計画ID",))
        first = self.announced.frozen.setdefault(self.permanent, zlib.crc32(file.body))
        if file.status == 200 and zlib.crc32(file.body) != first:
            self.ledger.fault("lasting CSV: other bytes than before")

    def again(self) -> None:
        """Ask whether a page that was seen before is still good: it is until the next version."""
        if not self.etags:
            return
        path, (etag, then) = self.chance.choice(tuple(self.etags.items()))
        now = self.announced.settled
        page = self.visitor.ask("again", path, expect=(200, 304), **{"If-None-Match": etag})
        self.ledger.tell(f"revalidated {page.status}")
        if page.status == 200 and now is not None and now == then == self.announced.settled:
            self.ledger.fault(f"again {path}: sent anew though 第{now}版 still stood")
        self._remember(path, page, now)

    def static(self) -> None:
        self.visitor.ask("static", self.style)


def _found(pattern: re.Pattern[str], page: Answer) -> str:
    found = pattern.search(page.text)
    return found[1] if found else ""


LOOKS: tuple[tuple[Callable[[Reader], None], int], ...] = (
    (Reader.overview, 20),
    (Reader.indicator, 16),
    (Reader.again, 14),
    (Reader.any_page, 10),
    (Reader.narrowed, 8),
    (Reader.static, 6),
    (Reader.kgi, 5),
    (Reader.tree, 5),
    (Reader.actions, 5),
    (Reader.older, 5),
    (Reader.csv, 4),
    (Reader.table, 3),
    (Reader.json, 4),
    (Reader.frozen, 3),
    (Reader.cp932, 2),
    (Reader.xlsx, 2),
    (Reader.small_file, 2),
)


def reader(
    address: str, ledger: Ledger, announced: Announced, number: int, over: Event, think: float
) -> None:
    """Be the reader with this number; every other one's browser takes compressed answers."""
    visitor = Visitor(address, ledger, compressed=number % 2 == 0)
    chance = random.Random(number)  # noqa: S311 (no secret)
    time.sleep(think * chance.random())  # not all in the same moment
    Reader(visitor, ledger, announced, chance).read(over, think)
