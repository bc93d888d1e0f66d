"""What people send to staff pages: forms, grids and files, each with one change in it."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import model_to_dict
from openpyxl import load_workbook

from kpis import pdca
from kpis.entry import FIELDS
from kpis.selectors.actiongrid import action_rows
from kpis.selectors.entry import entry_rows
from kpis.workbooks import ActionSheet, EntrySheet, action_workbook, entry_workbook
from tests.planbook_sheets import book_of


def workbook(period):
    """Return the period's workbook, filled in with a new figure of 1-1."""
    plan, rows = period.plan, tuple(entry_rows(period))
    sheet = EntrySheet(plan.slug, plan.name, period.period, period.due, "", rows)
    book, stream = load_workbook(io.BytesIO(entry_workbook(sheet))), io.BytesIO()
    page = book["実績入力"]
    assert (page["I5"].value, page["A6"].value) == ("実績値", "1-1")
    page["I6"] = 1219
    book.save(stream)
    return stream.getvalue()


def action_book(period):
    """Return the period's workbook of actions, with something new that was done."""
    plan, rows = period.plan, tuple(action_rows(period))
    sheet = ActionSheet(plan.slug, plan.name, period.period, period.due, "", rows)
    book, stream = load_workbook(io.BytesIO(action_workbook(sheet))), io.BytesIO()
    page = book["アクション記入"]
    assert (page["J5"].value, page["A6"].value) == ("年度の実施内容", "A-1")
    page["J6"] = "3回開いた"
    book.save(stream)
    return stream.getvalue()


def action_grid(period):
    """Return what the grid of actions sends where something new was done."""
    (row,) = action_rows(period)
    typed = {one: getattr(row.typed, one) for one in pdca.fields_of(row.term)}
    typed |= {"results": "改めた", "seen": row.version}
    return {f"a{row.action}-{name}": text for name, text in typed.items()}


def plan_book_of(plan, sheet="指標", heading="指標名"):
    """Return the plan's book with a new word in one cell of its first row."""
    book, stream = book_of(plan), io.BytesIO()
    (cell,) = (one for one in book[sheet][1] if one.value == heading)
    book[sheet].cell(2, cell.column).value = "改めた名前"
    book.save(stream)
    return stream.getvalue()


def fields_of(record, **changes):
    """Return what the record's form sends, with the changes."""
    return {
        name: [one.pk for one in value] if isinstance(value, list) else value
        for name, value in (model_to_dict(record) | changes).items()
        if value is not None and value is not False
    }


def grid(period):
    """Return what the grid sends where only 1-1 was typed anew."""
    row = entry_rows(period)[0]
    typed = {one: getattr(row.typed, one) for one in FIELDS}
    typed |= {"value": "1219", "seen": row.version}
    return {f"k{row.indicator}-{name}": text for name, text in typed.items()}


def send(client, address, data, **headers):
    """Post the data, bytes in it as an Excel file."""
    named = {one: SimpleUploadedFile("記入.xlsx", data[one]) for one in data if one == "file"}
    return client.post(address, data | named, **headers)
