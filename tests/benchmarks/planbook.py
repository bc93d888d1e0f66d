"""What the plan book costs: ``uv run python -m tests.benchmarks.planbook``.

Exports a plan of 1,500 indicators × 10 years (or of as many as given) from a database in memory,
and prints the time of each step, the queries, the size of the file, and the peak memory of the
whole process before and after.
"""

import os
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "kadoma_plan.settings"

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.test.utils import (
    CaptureQueriesContext,
    get_runner,
    setup_databases,
    setup_test_environment,
)

from actions.fiscal import Period, Term
from kpis.models import Target
from kpis.selectors import plan_book
from kpis.workbooks import plan_book_workbook
from tests.factories import make_plan, make_targets

SIZE = 1500
YEARS = range(2024, 2034)


def prepare(indicators: int):
    """Store a plan with a target and an explained actual for each indicator and year."""
    setup_test_environment()
    get_runner(settings)
    setup_databases(verbosity=0, interactive=False)
    periods = [Period(year, Term.FY) for year in YEARS]
    plan = make_plan(indicators=indicators, actions=300, periods=periods, end_year=YEARS[-1])
    Target.objects.all().delete()
    make_targets(indicators=list(plan.indicators.all()), years=YEARS)
    return plan


def timed(name: str, work: Callable[[], Any]) -> Any:
    """Do the work once and print its time and the process's peak memory after it."""
    began, busy = time.perf_counter(), time.process_time()
    made = work()
    waited, worked = time.perf_counter() - began, time.process_time() - busy
    print(f"{name:28}{waited:>8.2f} s{worked:>8.2f} s of one core{peak():>8.0f} MiB")
    return made


def peak() -> float:
    """Return the most memory that the process has held so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure the size that is given, or the usual one."""
    plan = prepare(int(sys.argv[1]) if len(sys.argv) > 1 else SIZE)
    print(f"{'before':28}{'':>32}{peak():>8.0f} MiB")
    with CaptureQueriesContext(connection) as captured:
        book = timed("live records → plan book", lambda: plan_book(plan))
    content = timed("plan book → workbook", lambda: plan_book_workbook(book))
    rows = len(book.targets) + len(book.actuals)
    size = len(content) / 1024**2
    print(f"{rows} targets and actuals, {len(captured)} queries, {size:.1f} MiB")


if __name__ == "__main__":
    sys.exit(main())
