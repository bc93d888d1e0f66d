"""The open data as CSV and JSON: the rows, and what explains them; and how any CSV is written."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain

from kpis.numerals import json_number
from kpis.opendata.changes import (
    CHANGE_COLUMNS,
    OTHERS,
    REVISION_COLUMNS,
    change_rows,
    revision_rows,
)
from kpis.opendata.codepage import cp932, replaced
from kpis.opendata.codes import codes
from kpis.opendata.columns import COLUMNS
from kpis.opendata.notes import notes
from kpis.opendata.rows import Value, cell_text, rows
from kpis.progress import PlanProgress

_MARK = b"\xef\xbb\xbf"  # by this Excel knows UTF-8


def csv_bytes(progress: PlanProgress, encoding: str = "utf-8") -> Iterator[bytes]:
    """Yield the CSV as UTF-8 with a byte order mark, or as CP932 with 〓 for what it lacks."""
    headings = [column.heading for column in COLUMNS]
    texts = _lines(headings, (row.values() for row in rows(progress)))
    if encoding == "cp932":
        yield from map(cp932, texts)
        return
    yield _MARK
    yield from (text.encode() for text in texts)


def json_bytes(progress: PlanProgress) -> Iterator[bytes]:
    """Yield the rows as a JSON list of objects, numbers as numbers, blanks as null."""
    before = "[\n "
    for row in rows(progress):
        values = zip(COLUMNS, row.values(), strict=True)
        one = {column.key: _json(value) for column, value in values}
        text = json.dumps(one, ensure_ascii=False, indent=1).replace("\n", "\n ")
        yield f"{before}{text}".encode()
        before = ",\n "
    yield b"[]" if before.startswith("[") else b"\n]"


def dictionary_csv() -> bytes:
    """Return what each column means, a line a column, of the data and then of the other files."""
    headings = ["項目名", "キー", "型", "単位", "内容", "空欄の意味", "ファイル"]
    lines = [
        (one.heading, one.key, one.kind, one.unit, one.meaning, one.blank, file)
        for file, columns in {"kpis.csv": COLUMNS, **OTHERS}.items()
        for one in columns
    ]
    return csv_of(headings, lines)


def revisions_csv(progress: PlanProgress) -> bytes:
    """Return the revisions of targets, a line a revision."""
    return csv_of([one.heading for one in REVISION_COLUMNS], revision_rows(progress))


def changes_csv(progress: PlanProgress) -> bytes:
    """Return what became of indicators, a line an indicator that changed."""
    return csv_of([one.heading for one in CHANGE_COLUMNS], change_rows(progress))


def codes_csv(progress: PlanProgress) -> bytes:
    """Return the code lists, a line a code."""
    lines = [(one.key, one.code, one.name, one.meaning) for one in codes(progress)]
    return csv_of(["項目キー", "コード", "名称", "意味"], lines)


def notes_csv(progress: PlanProgress) -> bytes:
    """Return what the columns do not tell of a figure, a line a note."""
    headings = ["指標コード", "年度", "期間", "注記", "内容"]
    return csv_of(
        headings, ((n.code, n.fiscal_year, n.term, n.kind, n.text) for n in notes(progress))
    )


def characters_csv(progress: PlanProgress) -> bytes:
    """Return what CP932 cannot write, a line a character and place."""
    headings = ["文字", "コードポイント", "CP932での表記", "項目名", "指標コード"]
    lines = [
        (one.character, one.code_point, one.written, place.heading, place.code)
        for one in replaced(progress)
        for place in one.places
    ]
    return csv_of(headings, lines)


def in_parts(pieces: Iterable[bytes], size: int = 64 * 1024) -> Iterator[bytes]:
    """Yield the same bytes in parts of about this size: a line each would be sent by itself."""
    gathered = bytearray()
    for one in pieces:
        gathered += one
        if len(gathered) >= size:
            yield bytes(gathered)
            gathered.clear()
    if gathered:
        yield bytes(gathered)


def csv_of(headings: list[str], lines: Iterable[tuple[Value, ...]]) -> bytes:
    """Return a small table whole, as UTF-8 with a byte order mark."""
    return _MARK + "".join(_lines(headings, lines)).encode()


def _lines(headings: list[str], lines: Iterable[tuple[Value, ...]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for line in chain((headings,), lines):
        writer.writerow(map(cell_text, line))
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _json(value: Value) -> str | int | float | bool | None:
    if value == "":
        return None
    return json_number(value) if isinstance(value, Decimal) else value
