"""Open data as outside programs read it: the same columns and figures in CSV, XLSX and JSON."""

import csv
import datetime as dt
import io
import itertools
import json
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from actions.fiscal import Period, Term
from kpis.opendata import COLUMNS, csv_bytes, json_bytes
from kpis.selectors import live_progress, shown
from kpis.workbooks import open_data_workbook
from tests.builders import rich_progress
from tests.factories import make_plan

R6, R7_H1, R7 = Period(2024, Term.FY), Period(2025, Term.H1), Period(2025, Term.FY)

# The contract, as design.md gives it.
CONTRACT = [
    ("計画ID", "plan"),
    ("指標コード", "code"),
    ("基本戦略番号", "strategy_number"),
    ("基本戦略", "strategy"),
    ("指標名", "indicator"),
    ("単位", "unit"),
    ("年度", "fiscal_year"),
    ("年度表記", "fiscal_year_label"),
    ("期間", "term"),
    ("目標値", "target"),
    ("目標の状態", "target_status"),
    ("実績値", "actual"),
    ("実績の状態", "actual_status"),
    ("達成率", "rate"),
    ("達成率表示", "rate_display"),
    ("算式", "formula"),
    ("達成", "met"),
    ("参考判定", "judgement"),
    ("公表版", "version"),
    ("基準日", "as_of"),
]
HEADINGS, KEYS = (list(names) for names in zip(*CONTRACT, strict=True))


def read_csv(progress, encoding="utf-8"):
    """Return every line of the CSV as its reader gets it, headings first."""
    whole = b"".join(csv_bytes(progress, encoding))
    text = whole.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    return list(csv.reader(io.StringIO(text, newline="")))


def read_xlsx(progress):
    """Return every cell of the only sheet, row by row, as Excel stores it."""
    book = load_workbook(io.BytesIO(b"".join(open_data_workbook(progress))))
    (sheet,) = book.worksheets
    return [list(row) for row in sheet.iter_rows()]


def read_json(progress):
    return json.loads(b"".join(json_bytes(progress)))


def in_every_format(progress, code, year, term):
    """Return one row three times, by key: as CSV texts, as XLSX values, as JSON values."""
    values = [[cell.value for cell in line] for line in read_xlsx(progress)[1:]]
    tables = [read_csv(progress)[1:], values, [list(row.values()) for row in read_json(progress)]]
    found = []
    for table in tables:
        rows = [dict(zip(KEYS, line, strict=True)) for line in table]
        wanted = (code, str(year), term)
        (row,) = (
            one for one in rows if (one["code"], str(one["fiscal_year"]), one["term"]) == wanted
        )
        found.append(row)
    return found


def named(name, **others):
    """Return the rich progress with another name for its first indicator."""
    progress = rich_progress()
    first = progress.strategies[0]
    indicator = replace(first.indicators[0], name=name, **others)
    strategies = (replace(first, indicators=(indicator,)), *progress.strategies[1:])
    return replace(progress, strategies=strategies)


def test_the_columns_are_those_of_the_contract_in_every_format():
    progress = rich_progress()
    assert [(column.heading, column.key) for column in COLUMNS] == CONTRACT
    assert read_csv(progress)[0] == HEADINGS
    assert [cell.value for cell in read_xlsx(progress)[0]] == HEADINGS
    assert all(list(row) == KEYS for row in read_json(progress))


def test_a_row_reads_the_same_in_every_format():
    # 704 ÷ 1,200 = 58.666…%: to 6 decimals as a figure, cut to 58.6% as printed; overridden.
    text, cells, data = in_every_format(rich_progress(), "1-1", 2025, "H1")
    name = "門真市中小企業サポートセンター相談件数"
    what = ["kadoma-monozukuri", "1-1", 1, "イノベーション", name, "件", 2025, "令和7年度", "H1"]
    figures = [1200, "set", 704, "reported", 58.666667, "58.6%", "ratio", None, "○概ね順調"]
    assert list(data.values()) == [*what, *figures, 2, "2025-09-30"]
    assert cells == data
    as_text = {key: "" if value is None else str(value) for key, value in data.items()}
    assert text == as_text


def test_a_figure_below_zero_stays_a_figure_in_every_format():
    # (−0.5 − 401) ÷ (405.5 − 401) = −401.5 ÷ 4.5; a leading minus must not be taken for a formula.
    text, cells, data = in_every_format(rich_progress(), "3-5", 2025, "FY")
    assert (text["target"], text["actual"], text["rate"]) == ("405.5", "-0.5", "-8922.222222")
    assert (data["target"], data["actual"], data["rate"]) == (405.5, -0.5, -8922.222222)
    assert (text["met"], cells["met"], data["met"]) == ("false", "false", False)
    assert (text["rate_display"], data["rate_display"]) == ("▲8922.22%", "▲8922.22%")
    assert cells == {**data, "met": "false"}


NUMBERS = {"strategy_number", "fiscal_year", "target", "actual", "rate", "version"}


def test_numbers_are_numbers_in_excel_and_all_else_is_text():
    seen = set()
    for row in read_xlsx(rich_progress())[1:]:
        for cell, key in zip(row, KEYS, strict=True):
            if cell.value is not None:
                assert cell.data_type == ("n" if key in NUMBERS else "s")
                assert isinstance(cell.value, int | float if key in NUMBERS else str)
                seen.add(key)
    assert seen == set(KEYS)


@pytest.mark.parametrize(
    ("code", "year", "term", "status"),
    [
        pytest.param("1-1", 2024, "FY", "provisional", id="provisional"),
        pytest.param("1-1", 2025, "H1", "reported", id="reported"),
        pytest.param("1-1", 2026, "FY", "missing", id="not-come-yet"),
        pytest.param("3-5", 2025, "H1", "not_yet_due", id="reason"),
    ],
)
def test_an_actual_tells_its_status(code, year, term, status):
    assert [row["actual_status"] for row in in_every_format(rich_progress(), code, year, term)] == [
        status
    ] * 3


def test_live_records_have_no_version():
    for row in in_every_format(replace(rich_progress(), edition=None), "1-1", 2025, "H1"):
        assert row["version"] in ("", None)


@pytest.mark.django_db
def test_there_is_a_row_for_every_indicator_and_year(published):
    codes = [
        f"{strategy}-{order}"
        for strategy, last in ((1, 5), (2, 4), (3, 6))
        for order in range(1, last + 1)
    ]
    terms = [(year, "H1" if year == 2025 else "FY") for year in range(2023, 2029)]
    rows = read_json(shown(published.slug).progress)
    found = [(row["code"], row["fiscal_year"], row["term"]) for row in rows]
    assert found == [(code, *term) for code, term in itertools.product(codes, terms)]


@pytest.mark.django_db
def test_a_year_with_both_terms_has_a_row_for_each():
    plan = make_plan(indicators=1, periods=[R6, R7_H1, R7])
    rows = read_json(live_progress(plan, R7))
    assert [(row["fiscal_year"], row["term"], row["as_of"]) for row in rows] == [
        (2023, "FY", "2024-03-31"),
        (2024, "FY", "2025-03-31"),
        (2025, "H1", "2025-09-30"),
        (2025, "FY", "2026-03-31"),
        (2026, "FY", None),
        (2027, "FY", None),
        (2028, "FY", None),
    ]


@pytest.mark.django_db
def test_a_year_without_a_period_carries_its_target_alone():
    plan = make_plan(indicators=1, periods=[R6])
    progress = live_progress(plan, R6)
    carried = [in_every_format(progress, "1-1", year, "FY")[2] for year in (2025, 2026, 2027)]
    assert [row["target"] for row in carried] == [110, 120, None]
    assert [row["target_status"] for row in carried] == ["set", "set", "linked"]
    blank = ("actual", "rate", "rate_display", "met", "judgement", "as_of")
    for row in carried:
        assert [row[key] for key in blank] == [None] * 6
        assert (row["actual_status"], row["formula"]) == ("missing", "ratio")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "year", "term", "text", "data"),
    [
        pytest.param("3-1", 2025, "H1", ("0", "reported", "0", "0%"), (0, 0), id="zero"),
        pytest.param("1-2", 2025, "H1", ("", "not_in_paper", "", "—"), (None, None), id="dash"),
        pytest.param("2-2", 2025, "H1", ("7.2", "reported", "", "—"), (7.2, None), id="no-rate"),
        pytest.param("3-1", 2026, "FY", ("", "missing", "", ""), (None, None), id="blank"),
    ],
)
def test_nothing_zero_and_dash_differ(published, code, year, term, text, data):
    rows = in_every_format(shown(published.slug).progress, code, year, term)
    keys = ("actual", "actual_status", "rate", "rate_display")
    assert tuple(rows[0][key] for key in keys) == text
    for row in rows[1:]:
        assert (row["actual"], row["rate"]) == data
        assert (row["actual_status"], row["rate_display"] or "") == (text[1], text[3])


def test_the_csv_is_utf_8_with_one_byte_order_mark_and_windows_line_ends():
    whole = b"".join(csv_bytes(rich_progress()))
    assert whole.startswith(b"\xef\xbb\xbf" + "計画ID,指標コード".encode())
    assert whole.count(b"\xef\xbb\xbf") == 1
    assert whole.endswith(b"\r\n")
    assert whole.count(b"\n") == whole.count(b"\r\n") == 1 + len(read_json(rich_progress()))


def test_code_page_932_has_a_geta_mark_for_what_it_lacks():
    progress = named("髙﨑①〜𠮷野−5¥—é")
    whole = b"".join(csv_bytes(progress, "cp932"))
    assert whole.startswith("計画ID,指標コード".encode("cp932"))
    line = read_csv(progress, "cp932")[1]
    assert line[KEYS.index("indicator")] == "髙﨑①～〓野－5￥―〓"


def test_code_page_932_has_the_same_rows_as_utf_8():
    spelled = [[cell.replace("—", "―") for cell in line] for line in read_csv(rich_progress())]
    assert read_csv(rich_progress(), "cp932") == spelled


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", '=HYPERLINK("http://x","y")']


@pytest.mark.parametrize("name", FORMULAS, ids=repr)
@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_a_name_never_becomes_a_formula_in_csv(name, encoding):
    for line in read_csv(named(name), encoding)[1:4]:
        assert line[KEYS.index("indicator")] == f"'{name}"


@pytest.mark.parametrize(
    "name", [*FORMULAS[:5], FORMULAS[-1], "#N/A", "2025-09-30", "0123", "TRUE"]
)
def test_a_name_stays_the_text_that_it_is_in_excel(name):
    cell = read_xlsx(named(name))[1][KEYS.index("indicator")]
    assert (cell.value, cell.data_type) == (name, "s")


def test_json_gives_names_as_they_are():
    for name in (*FORMULAS, "改\n行", "\x00\x1f\u2028", "“引用”\\"):
        assert read_json(named(name))[0]["indicator"] == name


def test_line_breaks_and_quotes_survive_in_csv_and_excel():
    name = '一行目\n二行目、"引用", カンマ'
    assert read_csv(named(name))[1][KEYS.index("indicator")] == name
    assert read_xlsx(named(name))[1][KEYS.index("indicator")].value == name


@pytest.mark.parametrize(
    "unfit", ["\x00", "\x07", "\x0b", "\x1f", "\ufffe", "\uffff"], ids=lambda one: f"{ord(one):04x}"
)
def test_characters_that_excel_cannot_hold_are_left_out(unfit):
    cell = read_xlsx(named(f"前{unfit}後"))[1][KEYS.index("indicator")]
    assert cell.value == "前後"


@pytest.mark.parametrize(
    ("length", "shown_text"),
    [
        pytest.param(32_767, "あ" * 32_767, id="the-most-that-fits"),
        pytest.param(32_768, "あ" * 32_761 + "…（以下略）", id="one-too-many"),
    ],
)
def test_a_text_too_long_for_excel_is_cut_and_says_so(length, shown_text):
    cell = read_xlsx(named("あ" * length))[1][KEYS.index("indicator")]
    assert cell.value == shown_text
    assert len(cell.value) == 32_767


def test_the_same_publication_gives_the_same_workbook_byte_for_byte(published, monkeypatch):
    progress = shown(published.slug).progress
    first = b"".join(open_data_workbook(progress))
    tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)

    class Tomorrow(dt.datetime):
        @classmethod
        def now(cls, tz=None):
            return tomorrow.astimezone(tz)

    monkeypatch.setattr("openpyxl.writer.excel.datetime.datetime", Tomorrow)
    monkeypatch.setattr("time.time", tomorrow.timestamp)
    assert b"".join(open_data_workbook(progress)) == first
