"""What the product costs, and how the cost grows: ``uv run python -m tests.benchmarks``.

Prints one table for 15, 150 and 1,500 indicators and one for 1, 20 and 200 plans (1,700 with
``--prefecture``): for each piece of work the seconds of one core and the exponent of its growth: 0
costs the same whatever the size, 1 grows with it, 2 with its square. Where the machine is busy with
other things the exponents still hold. Works on SQLite in memory, and with DATABASE_URL on
PostgreSQL, in a database that it makes and removes; what PostgreSQL itself works is not counted.
``--only indicators`` or ``--only plans`` prints one table.
"""

import argparse
import datetime as dt
import math
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "kadoma_plan.settings"
_OWN = tempfile.TemporaryDirectory()  # a run must not touch the office's data
os.environ["KADOMA_DATA_DIR"] = _OWN.name

import django

django.setup()

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import get_runner, setup_databases, setup_test_environment
from django.urls import reverse

from actions.fiscal import Period, Term
from actions.models import Plan
from kpis.imports.planbook import read_planbook
from kpis.models import ReportingPeriod
from kpis.selectors import council_papers, live_progress, plan_book, shown
from kpis.selectors import published as published_selector
from kpis.services import import_book, open_round, publish_outright
from kpis.views.kept import forget
from kpis.workbooks import plan_book_workbook
from kpis.workbooks.council import council_workbook
from tests.factories import make_plan
from tests.prefecture import make_others

INDICATORS, PLANS, PREFECTURE = (15, 150, 1500), (1, 20, 200), (1, 20, 200, 1700)
H1, FY = Period(2025, Term.H1), Period(2025, Term.FY)
PAGES = ("", "kpis/1-1/", "kgi/", "tree/", "actions/")
FILES = ("data/kpis.csv", "data/kpis.xlsx", "data/kpis.json")
LISTS = ("actions_plan", "kpis_indicator", "kpis_publication", "kpis_reportingperiod")
KEPT_TIMES = 50  # a kept page is too quick for one look at the clock

Row = tuple[str, float]


def cost(work: Callable[[], Any], repeats: int = 3, times: int = 1) -> float:
    """Return the median of the seconds of one core."""
    found = []
    for _ in range(repeats):
        began = time.process_time()
        for _ in range(times):
            work()
        found.append((time.process_time() - began) / times)
    return statistics.median(found)


class Office:
    """An administrator's browser, a reader's, and what they ask for."""

    def __init__(self) -> None:
        self.person: User = get_user_model().objects.create_superuser("bench")
        self.reader, self.staff = Client(), Client()
        self.staff.force_login(self.person)

    def read(self, address: str) -> None:
        """Ask for a page or a file as anybody, and take in all of it."""
        answer: Any = self.reader.get(address)
        assert answer.status_code == 200, address
        for _ in answer:
            pass

    def look(self, page: str, *keys: int) -> bytes:
        """Ask for a staff page."""
        answer: Any = self.staff.get(reverse(f"admin:{page}", args=keys))
        assert answer.status_code == 200, page
        return b"".join(answer)

    def first_and_kept(self, address: str, name: str) -> Iterator[Row]:
        """Yield what a page costs made anew, and given once more."""

        def anew() -> None:
            forget()
            self.read(address)

        yield f"{name}, made", cost(anew)
        yield f"{name}, kept", cost(lambda: self.read(address), times=KEPT_TIMES)

    def publish(self, plan: Plan) -> None:
        """Publish the half-year, or a correction of it."""
        publish_outright(plan=plan, period=H1, by=self.person, reason="計測のため")


def by_indicators(office: Office, size: int) -> Iterator[Row]:
    """Yield what each piece of work costs with so many indicators."""
    plan = make_plan(slug=f"p{size}", indicators=size, actions=min(size, 300))
    yield "live records → read model", cost(lambda: live_progress(plan, H1))
    yield "publish", cost(lambda: office.publish(plan), 2)
    for page in PAGES:
        yield from office.first_and_kept(f"/{plan.slug}/{page}", f"/<slug>/{page}")
    for file in FILES:

        def anew(address: str = f"/{plan.slug}/{file}") -> None:
            forget()
            office.read(address)

        yield file, cost(anew, 2)
    papers = council_papers(shown(plan.slug))
    yield "council workbook", cost(lambda: council_workbook(papers), 1)
    yield from of_round(office, plan)
    yield from of_book(office, plan)


def of_round(office: Office, plan: Plan) -> Iterator[Row]:
    """Yield what the grid of a round costs, and its workbook's way back."""
    period = open_round(plan=plan, period=FY, due=dt.date(2026, 4, 20), by=office.person)
    address = reverse("admin:kpis_reportingperiod_entry", args=[period.pk])
    keys = list(plan.indicators.values_list("pk", flat=True))
    versions = iter(range(10**6))

    def save() -> None:
        seen = next(versions)
        fields = {"action": "save"}
        for place, key in enumerate(keys):
            own = {"seen": seen, "value": place + seen, "reason": "", "confirmation": "確認"}
            fields |= {f"k{key}-{name}": str(text) for name, text in own.items()}
        assert office.staff.post(address, fields).status_code == 302

    yield "grid, save all rows", cost(save, 2)
    yield "grid, open", cost(lambda: office.look("kpis_reportingperiod_entry", period.pk), 2)
    content = office.look("kpis_reportingperiod_workbook", period.pk)
    yield "figures workbook, preview", cost(lambda: _upload(office, period, content), 1)


def _upload(office: Office, period: ReportingPeriod, content: bytes) -> None:
    address = reverse("admin:kpis_reportingperiod_import", args=[period.pk])
    file = SimpleUploadedFile("figures.xlsx", content)
    assert office.staff.post(address, {"file": file}, follow=True).status_code == 200


def of_book(office: Office, plan: Plan) -> Iterator[Row]:
    """Yield what the plan book costs, out and in as another plan."""
    book = plan_book(plan)
    other = replace(book, plan=replace(book.plan, slug=f"{plan.slug}-again", name="別の計画"))
    yield "plan book, out", cost(lambda: plan_book_workbook(other), 1)
    content = plan_book_workbook(other)
    yield "plan book, read", cost(lambda: read_planbook(content), 1)
    reading = read_planbook(content)
    assert reading.book is not None, reading.faults
    known = {"book": reading.book, "by": office.person, "places": reading.places}
    yield "plan book, take in", cost(lambda: import_book(**known), 1)


def by_plans(office: Office, size: int) -> Iterator[Row]:
    """Yield what one plan costs among so many, and what the lists of all cost."""
    there = Plan.objects.count()
    if not there:
        plan = make_plan(slug="one", is_current=True)
        office.publish(plan)
        open_round(plan=plan, period=FY, due=dt.date(2026, 4, 20), by=office.person)
        there = 1
    make_others(number=size - there, first=there, by=office.person, indicators=15)
    period = ReportingPeriod.objects.get(plan__slug="one", fiscal_year=2025, term="FY")
    yield from office.first_and_kept("/", "/")
    yield from office.first_and_kept("/one/", "/<slug>/")
    yield "/plans/", cost(lambda: office.read("/plans/"))
    yield "data/kpis.csv", cost(lambda: office.read("/one/data/kpis.csv"))
    yield "first reader after a start", cost(lambda: _cold(office), 1)
    yield "grid, open", cost(lambda: office.look("kpis_reportingperiod_entry", period.pk))
    yield "staff's first page", cost(lambda: office.look("index"))
    for name in LISTS:
        yield f"list of {name}", cost(lambda name=name: office.look(f"{name}_changelist"))  # type: ignore[misc]


def _cold(office: Office) -> None:
    forget()
    published_selector._contents.clear()
    office.read("/")


def table(title: str, sizes: tuple[int, ...], found: dict[int, list[Row]]) -> None:
    """Print each piece of work with its cost at every size and how it grows."""
    print(
        f"\n{title:34}"
        + "".join(f"{size:>14,}" for size in sizes)
        + f"{'ratio':>10}{'exponent':>10}"
    )
    span = math.log10(sizes[-1] / sizes[0])
    for place, (name, _) in enumerate(found[sizes[0]]):
        costs = [found[size][place][1] for size in sizes]
        ratio = costs[-1] / costs[0]
        cells = "".join(f"{one * 1000:>11.1f} ms" for one in costs)
        print(f"{name:34}{cells}{ratio:>9.1f}x{math.log10(ratio) / span:>10.2f}")


def main() -> None:
    """Measure on a database of our own, print, and leave nothing."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--only", choices=["indicators", "plans"])
    asked.add_argument("--prefecture", action="store_true")
    options = asked.parse_args()
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    settings.WHITENOISE_AUTOREFRESH = True
    setup_test_environment()
    runner = get_runner(settings)(verbosity=0, interactive=False)
    made = setup_databases(verbosity=0, interactive=False)
    try:
        office = Office()
        print(f"seconds of one core on {connection.vendor}")
        if options.only != "indicators":
            sizes = PREFECTURE if options.prefecture else PLANS
            table("plans", sizes, {one: list(by_plans(office, one)) for one in sizes})
        if options.only != "plans":
            found = {one: list(by_indicators(office, one)) for one in INDICATORS}
            table("indicators", INDICATORS, found)
    finally:
        runner.teardown_databases(made)
        _OWN.cleanup()


if __name__ == "__main__":
    sys.exit(main())
