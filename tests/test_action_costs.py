"""What a round's actions cost in queries: the same for 60 actions and for 180."""

import datetime as dt
import io
import re
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from openpyxl import load_workbook

from actions.fiscal import Period, Term
from actions.models import ActionYear
from kpis.imports import preview
from kpis.models import ActionUpload
from kpis.selectors.actiongrid import action_rows
from kpis.services import NewEntry, open_round, save_action_years
from tests.action_files import FIRST, SHEET, address
from tests.factories import make_plan
from tests.test_costs import cost

pytestmark = pytest.mark.django_db
SIZES = (60, 180)

# Session, person, their permissions (2), the period and whether it has actions: 6. The rows are 3;
# a save reads them again once it holds plan and period, and so does each step of an import.
BOUNDS = {
    "grid": 9,
    "narrowed": 9,
    "first save": 18,
    "second save": 18,
    "stale save": 17,
    "faulty save": 9,
    "whole plan": 15,
    "workbook": 8,
    "upload": 9,
    "preview": 19,
    "confirm": 40,
    "readiness": 21,
    "front page": 25,
}


def steps(client, size, publisher):
    """Go through a round's actions and yield each step with its number of queries."""
    plan = make_plan(slug=f"p{size}", indicators=3, actions=size, periods=())
    ActionYear.objects.filter(action__plan=plan, fiscal_year=2025).delete()
    period = open_round(
        plan=plan, period=Period(2025, Term.H1), due=dt.date(2025, 10, 20), by=publisher
    )
    client.force_login(publisher)
    grid = f"/admin/kpis/reportingperiod/{period.pk}/actions/"

    def get(page):
        answer = client.get(page)
        assert answer.status_code == 200
        return answer.content.decode()

    def post(fields, status):
        assert client.post(grid, fields).status_code == status

    def fields(seen, text):
        on_page = re.findall(r'name="(a\d+)-seen"', get(grid))
        assert len(on_page) == 50
        own = {"seen": seen, "stage": "running", "done_first_half": text, "results": text}
        return {f"{one}-{name}": value for one in on_page for name, value in own.items()}

    yield "grid", cost(lambda: get(grid))
    yield "narrowed", cost(lambda: get(f"{grid}?section=課1&open=1&page=2"))
    first, second = fields(0, "一"), fields(1, "二")
    yield "first save", cost(lambda: post(first, 302))
    assert ActionYear.objects.filter(fiscal_year=2025, version=1).count() == 50
    yield "second save", cost(lambda: post(second, 302))
    assert ActionYear.objects.filter(fiscal_year=2025, version=2).count() == 50
    third = fields(1, "三")
    yield "stale save", cost(lambda: post(third, 200))
    faulty = {name: "？" if name.endswith("stage") else text for name, text in second.items()}
    yield "faulty save", cost(lambda: post(faulty, 200))

    yield "whole plan", cost(lambda: save_all(period, publisher, "全部"))
    assert ActionYear.objects.filter(results="全部").count() == size
    assert ActionYear.history.filter(results="全部").count() == size
    yield "workbook", cost(lambda: client.get(address(period, "workbook")))
    data = filled(client, period)
    yield "upload", cost(lambda: client.post(address(period, "import"), {"file": data}))
    upload = ActionUpload.objects.get()
    look = address(period, "import_preview", upload.pk)
    yield "preview", cost(lambda: get(look))
    sent = {"fingerprint": preview(upload).fingerprint}
    yield "confirm", cost(lambda: client.post(look, sent))
    assert ActionYear.objects.filter(results="取込").count() == size
    yield "readiness", cost(lambda: get(grid.replace("actions", "readiness")))
    yield "front page", cost(lambda: get("/admin/"))


def undone(client, size, publisher):
    """Return the cost of each step, and take it all back: the front page counts what is open."""
    point = transaction.savepoint()
    found = dict(steps(client, size, publisher))
    transaction.savepoint_rollback(point)
    return found


def save_all(period, by, text):
    entries = [
        NewEntry(one.action, replace(one.entry, results=text), one.version)
        for one in action_rows(period)
    ]
    saved = save_action_years(period=period, entries=entries, by=by)
    assert len(saved.changed) == len(entries)


def filled(client, period):
    """Return the period's workbook with the same results in every row."""
    book = load_workbook(io.BytesIO(client.get(address(period, "workbook")).content))
    page, stream = book[SHEET], io.BytesIO()
    for row in range(FIRST, page.max_row + 1):
        page.cell(row, 10).value = "取込"
    book.save(stream)
    return SimpleUploadedFile("アクション.xlsx", stream.getvalue())


def test_actions_cost_as_many_queries_with_180_as_with_60(client, publisher):
    few, many = (undone(client, size, publisher) for size in SIZES)
    assert many == few
    assert {name: number for name, number in few.items() if number > BOUNDS[name]} == {}
