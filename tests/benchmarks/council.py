"""What the council's workbook costs: ``uv run python -m tests.benchmarks.council``.

Measures each size in a process of its own, on a database in memory, and prints the median time of
the whole answer from a process that has read nothing yet, the longest single step, the queries, the
size of the file, and the peak memory: what making the workbook adds in Python's objects, and what
the whole process took.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
import tracemalloc
from itertools import pairwise

os.environ["DJANGO_SETTINGS_MODULE"] = "kadoma_plan.settings"

import django

django.setup()

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import (
    CaptureQueriesContext,
    get_runner,
    setup_databases,
    setup_test_environment,
)
from django.urls import reverse

from actions.fiscal import Period, Term
from kpis.models import Publication
from kpis.selectors import council_papers, shown
from kpis.selectors import published as memory
from kpis.services import publish_outright
from kpis.workbooks.council import council_steps, council_workbook
from tests.factories import make_plan

SIZES = ((15, 60), (150, 1000))  # KPIs and actions
SLUG = "council"
REPEATS = 5
HEADINGS = ("KPIs", "actions", "answer", "longest step", "queries", "file", "objects", "process")


def prepare(indicators: int, actions: int) -> tuple[Client, Publication]:
    """Store and publish a plan of this size; its newest publication is a correction."""
    settings.WHITENOISE_AUTOREFRESH = True
    setup_test_environment()
    get_runner(settings)
    setup_databases(verbosity=0, interactive=False)
    person = get_user_model().objects.create_superuser("bench")
    plan = make_plan(slug=SLUG, indicators=indicators, actions=actions)
    for period in (Period(2024, Term.FY), Period(2025, Term.H1), Period(2025, Term.H1)):
        made = publish_outright(plan=plan, period=period, by=person, reason="計測のため")
    client = Client()
    client.force_login(person)
    return client, made


def measure(indicators: int, actions: int) -> dict[str, float]:
    """Return the figures of one size."""
    client, publication = prepare(indicators, actions)
    address = reverse("admin:kpis_publication_council_file", args=[publication.pk])
    times = []
    for _ in range(REPEATS):
        memory._contents.clear()
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as captured:
            content = client.get(address).content
        times.append(time.perf_counter() - began)
    papers = council_papers(shown(SLUG))
    longest = longest_step(papers)
    process = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024  # before tracing adds to it
    tracemalloc.start()
    council_workbook(papers)
    peak = tracemalloc.get_traced_memory()[1]
    return {
        "answer": statistics.median(times),
        "longest": longest,
        "queries": len(captured),
        "file": len(content),
        "objects": peak,
        "process": process,
    }


def longest_step(papers) -> float:
    """Return how long the browser waits at most until it is told the next step."""
    moments = [time.perf_counter()]
    for _ in council_steps(papers):
        moments.append(time.perf_counter())
    moments.append(time.perf_counter())
    return max(after - before for before, after in pairwise(moments))


def main() -> None:
    """Measure one size where it is given, else each in a process of its own, and print the table."""
    if len(sys.argv) == 3:
        print(json.dumps(measure(*map(int, sys.argv[1:]))))
        return
    print("".join(f"{one:>14}" for one in HEADINGS))
    for size in SIZES:
        command = [sys.executable, "-m", "tests.benchmarks.council", *map(str, size)]
        told = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
        found = json.loads(told)
        cells = [
            *map(str, size),
            f"{found['answer'] * 1000:.0f} ms",
            f"{found['longest'] * 1000:.0f} ms",
            f"{found['queries']}",
            f"{found['file'] / 1024:.0f} KiB",
            f"{found['objects'] / 1024**2:.1f} MiB",
            f"{found['process'] / 1024**2:.0f} MiB",
        ]
        print("".join(f"{one:>14}" for one in cells))


if __name__ == "__main__":
    sys.exit(main())
