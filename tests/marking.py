"""Finds what shows a sample without saying 例示: in pages, CSV, JSON and workbooks.

In a page a sample's words are marked where 「例示」 stands in the same row, list item, card or heading,
or in a heading of what they stand in. In a table the mark stands in the row; in a sheet of the
council's workbook a name's row has it, and other words stand on a sheet that has it.
"""

import csv
import io
import json
from html.parser import HTMLParser

from openpyxl import load_workbook

MARK = "例示"
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6", "summary", "caption", "figcaption", "legend"}
UNITS = {"tr", "li", "article", "details", "option", "title", "p", "dt", "dd", *HEADINGS}


class Element:
    """An element of a page with its text."""

    def __init__(self, name, parent, attributes=()):
        self.name, self.parent, self.children = name, parent, []
        self.attributes = {key: value or "" for key, value in attributes}

    @property
    def text(self):
        return "".join(one if isinstance(one, str) else one.text for one in self.children)

    @property
    def above(self):
        """Return the elements that this one stands in, itself first."""
        found, one = [], self
        while one is not None:
            found.append(one)
            one = one.parent
        return found

    @property
    def all(self):
        """Yield the element and every one in it, in the page's order."""
        yield self
        for one in self.children:
            if not isinstance(one, str):
                yield from one.all

    @property
    def heading(self):
        """Return the text of the element's first heading, blank where it has none."""
        return next((one.text for one in self.all if one.name in HEADINGS), "")

    @property
    def is_marked(self):
        """Return whether a reader of this place sees that it is a sample."""
        unit = next((one for one in self.above if one.name in UNITS), self)
        if MARK in unit.text:
            return True
        around = (one for one in self.above if one.name not in ("html", "body", "main", "tbody"))
        return any(MARK in one.heading for one in around) or MARK in self._title

    @property
    def _title(self):
        """Return the page's own heading: a page about one sample says so once, on top."""
        return next((one.text for one in self.above[-1].all if one.name == "h1"), "")


class _Tree(HTMLParser):
    def __init__(self):
        super().__init__()
        self.top = self.at = Element("", None)

    def handle_starttag(self, name, attributes):
        made = Element(name, self.at, attributes)
        self.at.children.append(made)
        if name not in VOID:
            self.at = made

    def handle_endtag(self, name):
        ends = next((one for one in self.at.above if one.name == name), None)
        if ends is not None:
            self.at = ends.parent

    def handle_data(self, data):
        self.at.children.append(data)


def page_of(text):
    """Return the page's top element."""
    tree = _Tree()
    tree.feed(text)
    tree.close()
    return tree.top


class Findings:
    """What of the samples was found, where it stood without its mark, and what was read."""

    def __init__(self, names, texts):
        self.names, self.words = frozenset(names), (*names, *texts)
        self.found, self.unmarked, self.read = set(), [], set()

    def _in(self, text):
        if not any(one in text for one in self.words):  # nearly all of a site
            return []
        here = [one for one in self.words if one in text]
        self.found.update(here)
        return here

    def _note(self, where, here):
        self.unmarked += [(where, one) for one in here]

    def read_page(self, where, text):
        """Look at every text and attribute of a page, and at the data of its charts."""
        for element in page_of(text).all:
            if element.name == "script":
                here = self._in(_unescaped(element.text))
                if here and MARK not in _unescaped(element.text):
                    self._note(where, here)
                continue
            for one in element.children:
                if isinstance(one, str) and (here := self._in(one)) and not element.is_marked:
                    self._note(where, here)
            for one in element.attributes.values():
                if (here := self._in(one)) and MARK not in one and not element.is_marked:
                    self._note(where, here)

    def read_csv(self, where, content):
        """Look at every row."""
        for row in csv.reader(io.StringIO(content, newline="")):
            if (here := self._in("\n".join(row))) and MARK not in "".join(row):
                self._note(where, here)

    def read_json(self, where, content):
        """Look at every object: the mark is a word in it, or that it is an example."""
        self._walk(where, json.loads(content), marked=False)

    def _walk(self, where, value, *, marked):
        if isinstance(value, dict):
            marked = marked or value.get("is_example") is True or MARK in _strings(value)
            value = list(value.values())
        if isinstance(value, list):
            for one in value:
                self._walk(where, one, marked=marked)
        elif isinstance(value, str) and (here := self._in(value)) and MARK not in value:
            self._note(where, [] if marked else here)

    def read_workbook(self, where, content):
        """Look at every sheet: at the rows of names, and at the whole for other words."""
        for sheet in load_workbook(io.BytesIO(content)).worksheets:
            rows = [
                "\n".join(str(one) for one in row if one is not None)
                for row in sheet.iter_rows(values_only=True)
            ]
            is_marked = any(MARK in one for one in rows)
            for row in rows:
                for one in self._in(row):
                    if MARK not in row and (one in self.names or not is_marked):
                        self._note(f"{where} {sheet.title}", [one])


def _strings(value):
    return "".join(one for one in value.values() if isinstance(one, str))


def _unescaped(text):
    """Return a script's JSON with its Japanese as itself."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return text
