"""A person before a page of figures: the form as a browser reads and sends it."""

from html.parser import HTMLParser

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from kpis.models import Actual

NOTHING_SAVED = "まだ何も保存していません。"
CONTESTED = f"ほかの人が同じところを変更しました。どちらの値にするかを選んで、もう一度保存してください。{NOTHING_SAVED}"
CHOOSE = "どちらの値にするかを選んでください。"


class Form(HTMLParser):
    """What a browser would send of one form, and the words inside each marked element."""

    VOID = ("input", "link", "meta", "br", "hr", "img")

    def __init__(self, page, **marks):
        super().__init__()
        self.marks, self.inside = marks, False
        self.fields, self.lists, self.words = {}, {}, {}
        self.area = self.choice = ""
        self.open = []  # each open element: its tag and its marks
        self.feed(page)

    def handle_starttag(self, tag, pairs):
        given = dict(pairs)
        if tag not in self.VOID:
            marked = [given.get("id"), given.get("data-row"), given.get("data-caution")]
            kinds = ("#", "row ", "caution ")
            self.open.append((tag, [a + b for a, b in zip(kinds, marked, strict=True) if b]))
        if tag == "form":
            self.inside = self.marks.items() <= given.items()
        if self.inside:
            self._field(tag, given.get("name", ""), given)

    def _field(self, tag, name, given):
        if tag == "textarea":
            self.area, self.fields[name] = name, ""
        elif tag == "select":
            self.choice = name
        elif tag == "option" and ("selected" in given or self.choice not in self.fields):
            self.fields[self.choice] = given["value"]
        elif tag == "input" and given.get("type") in ("checkbox", "radio"):
            self.lists.setdefault(name, []).append(given.get("value", "on"))
            if "checked" in given:
                self.fields[name] = given.get("value", "on")
        elif tag == "input" and given.get("type") != "submit":
            self.fields[name] = given.get("value", "")

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self.area:
            self.fields[self.area] = self.fields[self.area].removeprefix("\n")
            self.area = ""

    def handle_data(self, text):
        if self.area:
            self.fields[self.area] += text.replace("\r\n", "\n")
        for mark in {mark for _, marks in self.open for mark in marks}:
            self.words[mark] = self.words.get(mark, "") + text

    def sent(self):
        """Return the fields with the line ends that browsers send."""
        return {name: text.replace("\n", "\r\n") for name, text in self.fields.items()}


class Editor:
    """One person with a browser of their own, before the grid."""

    def __init__(self, period, by):
        self.period, self.client = period, Client()
        self.client.force_login(by)
        self.address = reverse("admin:kpis_reportingperiod_entry", args=[period.pk])
        self.keys = dict(period.plan.indicators.values_list("code", "pk"))

    def opens(self, **query):
        self.query = query
        self._look(self.client.get(self.address, query))
        return self

    def _look(self, page):
        assert page.status_code == 200
        self.page = page.content.decode()
        self.told = [str(one) for one in get_messages(page.wsgi_request)]
        self.form = Form(self.page, **{"data-grid": None})

    def types(self, code, **cells):
        """Fill in cells of a row; None unticks a box."""
        for name, text in cells.items():
            field = f"k{self.keys[code]}-{name}"
            if text is None:
                self.form.fields.pop(field, None)
            else:
                self.form.fields[field] = text
        return self

    def sends(self, action="save", **more):
        address = self.address + "".join(f"?{name}={text}" for name, text in self.query.items())
        page = self.client.post(address, {**self.form.sent(), "action": action, **more})
        if page.status_code == 302:
            assert page.url.startswith(self.address)
            page = self.client.get(page.url)
        self._look(page)
        return self

    def cell(self, code, name):
        """Return what stands in the cell on the screen."""
        return self.form.fields.get(f"k{self.keys[code]}-{name}", "")

    def words(self, code, where="row k{}"):
        """Return the words inside one of the row's elements, blanks squeezed."""
        return " ".join(self.form.words.get(where.format(self.keys[code]), "").split())

    def fault(self, code, name):
        return self.words(code, f"#k{{}}-{name}-fault")

    def question(self, code):
        """Return the words of the question which value should stand; blank where none is asked."""
        return self.words(code, "#k{}-take")


@pytest.fixture
def colleague(with_role):
    return with_role("yamada", "入力担当", is_staff=True, last_name="山田", first_name="花子")


@pytest.fixture
def recorded(entering, enter, entry_clerk):
    """R7 年度 with 1-1 = 1,210 (version 1); the other rows are empty."""
    enter(entering, entry_clerk, {"1-1": "1210"})
    return entering


@pytest.fixture
def two(recorded, entry_clerk, colleague):
    """Both have opened the page and see the same."""
    return Editor(recorded, entry_clerk).opens(), Editor(recorded, colleague).opens()


def stands(period, code="1-1"):
    """Return the row as it is recorded, or None."""
    return Actual.objects.filter(period=period, indicator__code=code).first()


def figures(period):
    rows = Actual.objects.filter(period=period).order_by("indicator__code")
    return {one.indicator.code: one.value for one in rows.select_related("indicator")}
