"""What the office does while people read: sign in, type drafts, take files in, publish, correct."""

import io
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from threading import Event

from openpyxl import load_workbook

from tests.benchmarks.load_client import (
    DRAFT_FIGURE,
    DRAFT_WORDS,
    Answer,
    Form,
    Ledger,
    Visitor,
    forms_of,
    told_by,
)
from tests.benchmarks.load_readers import FIGURES, Announced
from tests.served import PASSWORD

WORD = "kadoma-load-1"
CLERK, PUBLISHER = "nyuryoku", "kohyo"
ROLES = {CLERK: "入力担当", PUBLISHER: "公表担当"}
PERIODS = "/admin/kpis/reportingperiod/"
ROW = re.compile(r'<tr data-row="(k\d+)"[^>]*>.*?<span class="code">([^<]+)<', re.DOTALL)
COUNCIL = re.compile(r'href="(/admin/kpis/publication/\d+/council/)"')
MADE = re.compile(r"令和7年度 第(\d+)版を公表しました。")
SHEET, HEADINGS = "実績入力", 5  # of the entry workbook, and the row of its headings
LOCKED = ("公表済みです", "確認中のため")
CONTESTED, OUTDATED = "ほかの人が同じところを変更しました", "ほかの人が値を変更しました"
TRIES = 8
# Colleagues type into these, each into their own, and the workbook fills in all others.
OF_COLLEAGUES = {"1-2": (138, 142), "2-1": (110, 112), "3-5": (415, 420), "1-4": (38, 40)}


class WorkEndedError(Exception):
    """The time is over, or a page was not there to go on with (the ledger tells)."""


@dataclass(slots=True)
class Staff:
    """A person of the office at their browser, until the time is over."""

    visitor: Visitor
    ledger: Ledger
    over: Event
    think: float
    chance: random.Random

    def pause(self) -> None:
        """Think. Raises WorkEndedError when the time is over."""
        if self.over.wait(self.think * self.chance.uniform(0.5, 1.5)):
            raise WorkEndedError

    def sign_in(self, name: str, word: str = WORD) -> None:
        page = self.visitor.ask("sign in: form", "/admin/login/?next=/admin/")
        sent = one_form(page, "username").fields | {"username": name, "password": word}
        self.visitor.post("sign in", "/admin/login/?next=/admin/", sent)
        if "sessionid" not in self.visitor.cookies:
            self.ledger.fault(f"sign in as {name}: not in")
            raise WorkEndedError

    def grid(self, period: str) -> tuple[Form | None, dict[str, str], Answer]:
        """Open the grid; return its form if it may be changed, each row's prefix by its code."""
        page = self.visitor.ask("grid", f"{PERIODS}{period}/entry/", marks=("実績入力",))
        form = one_form(page, "change_reason") if 'name="change_reason"' in page.text else None
        return form, {code.strip(): row for row, code in ROW.findall(page.text)}, page

    def save(self, period: str, fields: dict[str, str], action: str = "save") -> Answer:
        path, sent = f"{PERIODS}{period}/entry/", fields | {"action": action}
        return self.visitor.post(f"grid: {action}", path, sent, (200, 302))


def one_form(page: Answer, name: str) -> Form:
    """Return the page's form that has the field. Raises WorkEndedError."""
    for one in forms_of(page):
        if name in one.fields:
            return one
    raise WorkEndedError(f"no form with {name}, status {page.status}")


@dataclass(slots=True)
class Office(Staff):
    """The round R7 年度, begun once, published and corrected over and over."""

    announced: Announced
    address: str
    versions: int = 0  # after so many the work is done; 0: until the time is over
    publishing: float = 0  # seconds after which nothing more is published; 0: until then, too
    period: str = ""
    seated: str = ""
    drafts: int = 0  # typed so far; each says its number, so that there is something to save

    def prepare(self) -> None:
        """Make the people, as the administrator does, and begin the round."""
        self.sign_in("admin", PASSWORD)
        for name, role in ROLES.items():
            self._person(name, role)
        begin = f"{PERIODS}begin/"
        sent = one_form(self.visitor.ask("begin: form", begin), "fiscal_year").fields
        sent |= {"fiscal_year": "令和7年度", "term": "FY", "due": "2026-12-25"}
        self.visitor.post("begin", begin, sent)
        self.period = self.visitor.place.removeprefix(PERIODS).partition("/")[0]

    def _person(self, name: str, role: str) -> None:
        add = "/admin/auth/user/add/"
        sent = one_form(self.visitor.ask("person: form", add), "username").fields
        page = self.visitor.post(
            "person", add, sent | {"username": name, "password1": WORD, "password2": WORD}
        )
        form = one_form(page, "username")
        sent = form.fields | {"is_staff": "on", "groups": form.choices["groups"][role]}
        self.visitor.post("person: role", self.visitor.place, sent | {"_save": "保存"})

    def work(self) -> None:
        """Publish a version after another until the time is over, or there are enough."""
        last = time.monotonic() + (self.publishing or float("inf"))
        self._publish_and_go_on(version=1)
        for version in count(2):
            if version - 1 == self.versions:
                self.over.set()
                return
            self._move("reopen", f"第{version}版のための訂正")
            if time.monotonic() > last:
                break
            self._publish_and_go_on(version)
        self.as_person(CLERK)
        while True:  # until pause says that the time is over
            self._type_a_draft()

    def _publish_and_go_on(self, version: int) -> None:
        figure = 1200 + version
        self.as_person(CLERK)
        self._type_a_draft()
        self._take_in_a_file(figure, everything=version == 1)
        if version == 1:
            self._hand_in()
        self.as_person(PUBLISHER)
        self._publish(version, figure)

    def as_person(self, name: str) -> None:
        """Let the person sit down at this place, unless they sit here already."""
        if name == self.seated:
            return
        self.visitor.close()
        self.seated = name
        self.visitor = Visitor(self.address, self.ledger, public=False)
        self.sign_in(name)
        self.pause()

    def _type_a_draft(self) -> None:
        """Save what must never be seen outside, and see that staff do see it before publishing."""
        self.drafts += 1
        words = f"{DRAFT_WORDS}（{self.drafts}回目）"
        for _ in range(TRIES):
            form, rows, _ = self.grid(self.period)
            if form is None:
                raise WorkEndedError("the grid is locked")
            row = rows["1-1"]
            typed = {f"{row}-value": str(DRAFT_FIGURE), f"{row}-cause": words}
            page = self.save(self.period, form.fields | typed | {f"{row}-confirmation": "下書き"})
            if "保存しました" in page.text:
                break
            self.ledger.tell("draft typed again")
        else:
            self.ledger.fault(f"the draft could not be saved: {told_by(page)}")
        self.pause()
        path = f"/admin/preview/{self.period}/"
        self.visitor.ask("preview", path, marks=(f"{DRAFT_FIGURE:,}", "</html>"))
        self.visitor.ask("preview", f"{path}kpis/1-1/", marks=(DRAFT_WORDS,))
        self.pause()

    def _take_in_a_file(self, figure: int, everything: bool) -> None:
        """Take the workbook home, fill it in, upload it, look at the preview and confirm."""
        own = f"{PERIODS}{self.period}/"
        book = self.visitor.ask("workbook", f"{own}workbook/")
        self.pause()
        filled = _filled(book.body, figure, everything)
        sent = one_form(self.visitor.ask("import: form", f"{own}import/"), "csrfmiddlewaretoken")
        page = self.visitor.upload("import: upload", f"{own}import/", sent.fields, filled)
        look = self.visitor.place
        for _ in range(TRIES):
            self.pause()
            page = self.visitor.post("import: confirm", look, one_form(page, "fingerprint").fields)
            if OUTDATED not in page.text:
                break
            self.ledger.tell("import confirmed again")
        if "取り込みました" not in page.text:
            self.ledger.fault(f"the workbook was not taken in: {told_by(page)}")

    def _hand_in(self) -> None:
        for _ in range(TRIES):
            form, _, _ = self.grid(self.period)
            if form is None:
                raise WorkEndedError("the grid is locked")
            page = self.save(self.period, form.fields | {"submit_reason": "集計中"}, "submit")
            if "提出しました" in page.text:
                return
            self.ledger.tell("handed in again")
        self.ledger.fault(f"the figures could not be handed in: {told_by(page)}")

    def _publish(self, version: int, figure: int) -> None:
        """Publish; readers are held to the version from the moment on when staff are told so."""
        self.announced.figures[version] = figure
        page = self._move("publish", f"第{version}版")
        made = MADE.search(page.text)
        if made is None or int(made[1]) != version:
            self.ledger.fault(f"第{version}版 was not published: {told_by(page)}")
            raise WorkEndedError
        self.announced.newest = version
        if found := COUNCIL.search(page.text):
            self.visitor.ask("council: form", found[1])
            book = self.visitor.ask("council's workbook", f"{found[1]}file/")
            self.ledger.look_for_drafts("council's workbook", book.body)
        self.pause()

    def _move(self, move: str, reason: str) -> Answer:
        path = f"{PERIODS}{self.period}/readiness/"
        page = self.visitor.ask("readiness", path, marks=("次の操作",))
        self.pause()
        token = one_form(page, "move").fields["csrfmiddlewaretoken"]
        sent = {"csrfmiddlewaretoken": token, "move": move, "reason": reason}
        return self.visitor.post(move, path, sent)


def _filled(content: bytes, figure: int, everything: bool) -> bytes:
    """Return the workbook with 1-1's figure, and where ``everything``, whatever no colleague types."""
    book, stream = load_workbook(io.BytesIO(content)), io.BytesIO()
    page = book[SHEET]
    place = {cell.value: cell.column for cell in page[HEADINGS]}
    wanted = {code: one for code, one in FIGURES.items() if code not in OF_COLLEAGUES}
    wanted = (wanted if everything else {}) | {"1-1": str(figure)}
    for row in range(HEADINGS + 1, page.max_row + 1):
        code = page.cell(row, place["指標コード"]).value
        if code in wanted:
            typed = {
                "実績値": float(wanted[code]),
                "要因": f"{code}の要因",
                "確認した内容": f"{wanted[code]}で確認済み",
            }
            for heading, value in typed.items():
                page.cell(row, place[heading]).value = value
    book.save(stream)
    return stream.getvalue()


@dataclass(slots=True)
class Colleague(Staff):
    """Someone of a section who saves their own figure whenever the period is open."""

    code: str
    period: Callable[[], str]

    def work(self) -> None:
        """Sign in, look around, save a few times, leave, and come back, until the time is over."""
        while True:
            self.pause()
            self.visitor.cookies.clear()
            self.sign_in(CLERK)
            for _ in range(4):
                self.pause()
                self._save_own()
            self.visitor.ask("staff's first page", "/admin/", marks=("</html>",))

    def _save_own(self) -> None:
        form, rows, _ = self.grid(self.period())
        if form is None:
            self.ledger.tell("colleague found it locked")
            return
        row, value = rows[self.code], self.chance.randint(*OF_COLLEAGUES[self.code])
        self.pause()
        page = self.save(
            self.period(),
            form.fields | {f"{row}-value": str(value), f"{row}-confirmation": f"{value}で確認済み"},
        )
        if "保存しました" in page.text or "変更はありませんでした" in page.text:
            self.ledger.tell("colleague saved")
        elif any(one in page.text for one in LOCKED):
            self.ledger.tell("colleague too late")
        else:
            self.ledger.fault(f"colleague's {self.code} was not saved: {told_by(page)}")
