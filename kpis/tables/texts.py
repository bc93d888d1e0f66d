"""Any table of the pages as CSV: its headings and cells as the texts that a reader sees."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from django.utils.formats import localize
from django.utils.safestring import SafeString

from kpis.opendata import csv_of
from kpis.tables.base import Table


def table_csv(table: Table) -> bytes:
    """Return the table as UTF-8 with a byte order mark, a row a line under the headings."""
    headings = [str(column.header) for column in table.columns]
    return csv_of(headings, _lines(table))


def _lines(table: Table) -> Iterator[tuple[str, ...]]:
    for row in table.rows:
        yield tuple(cell_words(cell) for _, cell in row.items())


def cell_words(cell: object) -> str:
    """Return what a reader sees of a cell; what the page sets apart stands in brackets."""
    if not isinstance(cell, SafeString):
        return str(localize(cell)).strip()
    reader = _Reader()
    reader.feed(cell)
    reader.close()
    return re.sub(r"[ \t]*\n\s*", "\n", "".join(reader.parts)).strip()


class _Reader(HTMLParser):
    """Reads our own cells: remarks get brackets, lines stay lines, pictures become their words."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._ends: list[str] = []  # what to write where each open element ends

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "wbr":  # where a long figure may break
            return
        found = dict(attrs)
        names = (found.get("class") or "").split()
        begin, end = "", ""
        if "remark" in names:
            begin, end = "（", "）"
        elif "line" in names:
            end = "\n"
        elif tag == "svg":
            begin = found.get("aria-label") or ""
        self.parts.append(begin)
        self._ends.append(end)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Pass over the shapes of a picture, which hold no text."""

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(self._ends.pop())

    def handle_data(self, data: str) -> None:
        self.parts.append(data)
