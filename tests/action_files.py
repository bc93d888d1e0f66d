"""A plan with actions and a person before their grid, and a section with their workbook."""

import datetime as dt
import io
from html import unescape

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from actions.fiscal import Period, Term
from actions.models import Action, ActionYear
from kpis.models import ActionUpload
from kpis.services import open_round
from tests.editors import Form

H1, FY = Period(2025, Term.H1), Period(2025, Term.FY)
SHEET, HEADINGS, FIRST = "アクション記入", 5, 6
DUE = dt.date(2026, 4, 20)


def add(plan, code, measure="1-1", actor="city", **fields):
    """Store an action of the measure."""
    strategy, number = measure.split("-")
    found = plan.strategies.get(number=strategy).measures.get(number=number)
    own = {"name": f"取組{code}", "section": "産業振興課", **fields}
    return Action.objects.create(plan=plan, measure=found, code=code, actor=actor, **own)


@pytest.fixture
def three(kadoma):
    """Three actions: 1-1-1 and 1-1-2 with a year R7, 2-1-1 (商工課) without any."""
    first = add(kadoma, "1-1-1", is_priority=True, priority_reason="人手不足")
    second = add(kadoma, "1-1-2", actor="support")
    add(kadoma, "2-1-1", "2-1", "business", section="商工課")
    for one in (first, second):
        year = ActionYear(action=one, fiscal_year=2025, stage="running", plan="年4回開く")
        year.save()
    last = {"evaluation": "late", "revision": "improve", "revision_note": "会場を変える"}
    ActionYear.objects.create(action=first, fiscal_year=2024, **last)
    return kadoma


@pytest.fixture
def half_year(three, publisher):
    """R7 上半期 of that plan, 入力中."""
    three.periods.filter(fiscal_year=2025, term="H1").update(state="preparing")
    return open_round(plan=three, period=H1, due=DUE, by=publisher)


@pytest.fixture
def whole_year(three, publisher):
    """R7 年度 of that plan, 入力中."""
    return open_round(plan=three, period=FY, due=DUE, by=publisher)


def year_of(code, fiscal_year=2025):
    """Return what is recorded of the action's year; None where nothing is."""
    return ActionYear.objects.filter(action__code=code, fiscal_year=fiscal_year).first()


class ActionEditor:
    """One person with a browser of their own, before the grid of actions."""

    def __init__(self, period, by):
        self.client = Client()
        self.client.force_login(by)
        self.address = reverse("admin:kpis_reportingperiod_actions", args=[period.pk])
        self.keys = dict(period.plan.actions.values_list("code", "pk"))

    def opens(self, query=""):
        self.query = query
        self._look(self.client.get(self.address + query))
        return self

    def _look(self, page):
        assert page.status_code == 200
        self.page = unescape(page.content.decode())
        self.told = [str(one) for one in get_messages(page.wsgi_request)]
        self.form = Form(page.content.decode(), **{"data-grid": None})

    def types(self, code, **cells):
        for name, text in cells.items():
            self.form.fields[f"a{self.keys[code]}-{name}"] = text
        return self

    def sends(self, **more):
        page = self.client.post(self.address + self.query, {**self.form.sent(), **more})
        if page.status_code == 302:
            page = self.client.get(page.url)
        self._look(page)
        return self

    def cell(self, code, name):
        """Return what stands in the cell on the screen; None where the row is not on it."""
        return self.form.fields.get(f"a{self.keys[code]}-{name}")

    def words(self, code, where="row a{}"):
        return " ".join(self.form.words.get(where.format(self.keys[code]), "").split())

    def fault(self, code, name):
        return self.words(code, f"#a{{}}-{name}-fault")

    @property
    def shown(self):
        """Return the codes of the rows on the screen, in order."""
        return [code for code in self.keys if self.cell(code, "seen") is not None]


# --- the workbook -------------------------------------------------------------------------------


def address(period, page, *keys):
    return reverse(f"admin:kpis_reportingperiod_actions_{page}", args=[period.pk, *keys])


def downloaded(client, period, section=""):
    """Return the workbook as a section has it open."""
    answer = client.get(address(period, "workbook"), {"section": section} if section else {})
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(answer.content))


def place(book, code, heading):
    """Return the cell in the action's row under the heading."""
    page = book[SHEET]
    (column,) = (one.column for one in page[HEADINGS] if one.value == heading)
    rows = range(FIRST, page.max_row + 1)
    row = next(one for one in rows if page.cell(one, 1).value == code)
    return page.cell(row, column)


def content(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def send(client, period, book):
    """Upload the workbook and return the page that follows."""
    data = book if isinstance(book, bytes) else content(book)
    file = SimpleUploadedFile("アクション.xlsx", data)
    return client.post(address(period, "import"), {"file": file}, follow=True)


def confirm(client, period, page, **choices):
    """Confirm the newest upload's preview and return what was said."""
    keys = dict(period.plan.actions.values_list("code", "pk"))
    sent = {"fingerprint": page.context["preview"].fingerprint}
    for code, choice in choices.items():
        sent[f"choice-{keys[code.replace('_', '-').removeprefix('c')]}"] = choice
    look = address(period, "import_preview", ActionUpload.objects.first().pk)
    answer = client.post(look, sent)
    return [str(one) for one in get_messages(answer.wsgi_request)]
