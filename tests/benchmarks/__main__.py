"""How the cost grows with the number of indicators: ``uv run python -m tests.benchmarks``.

Runs on a database in memory and prints, for 15, 150 and 1,500 indicators, the median time of each
piece of work and by how much it grows.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable

os.environ["DJANGO_SETTINGS_MODULE"] = "kadoma_plan.settings"

import django

django.setup()

from django.conf import settings
from django.test import Client
from django.test.utils import get_runner, setup_databases, setup_test_environment

SIZES = (15, 150, 1500)
REPEATS = 7


def median_time(work: Callable[[], object], repeats: int = REPEATS) -> float:
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def measure(size: int) -> list[tuple[str, float]]:
    from django.contrib.auth import get_user_model

    from actions.fiscal import Period, Term
    from kpis.selectors import live_progress
    from kpis.selectors import published as published_selector
    from kpis.services import publish
    from tests.factories import make_plan

    slug, period = f"p{size}", Period(2025, Term.H1)
    administrator, _ = get_user_model().objects.get_or_create(username="bench")
    plan = make_plan(slug=slug, indicators=size)
    client = Client()
    rows: list[tuple[str, float]] = []
    rows.append(("live records → read model", median_time(lambda: live_progress(plan, period))))
    reasons = iter(range(10**6))

    def correct() -> None:
        publish(plan=plan, period=period, by=administrator, reason=str(next(reasons)))

    rows.append(("publish", median_time(correct, 3)))
    addresses = [
        "",
        "strategies/1/",
        "kpis/1-1/",
        "rules/",
        "data/kpis.csv",
        "data/kpis.json",
        "data/kpis.xlsx",
    ]
    for address in addresses:
        full = f"/{slug}/{address}"

        def get(full: str = full) -> bytes:
            return b"".join(client.get(full))  # type: ignore[arg-type]

        rows.append((f"GET /<slug>/{address}", median_time(get)))
    published_selector._contents.clear()
    rows.append(("first reader after a start", median_time(get, 1)))
    return rows


def main() -> None:
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    settings.WHITENOISE_AUTOREFRESH = True
    setup_test_environment()
    get_runner(settings)
    setup_databases(verbosity=0, interactive=False)
    found = {size: measure(size) for size in SIZES}
    print(
        f"{'work':34}" + "".join(f"{f'{size} KPIs':>14}" for size in SIZES) + f"{'1500 / 15':>12}"
    )
    for place, (name, _) in enumerate(found[SIZES[0]]):
        times = [found[size][place][1] for size in SIZES]
        cells = "".join(f"{one * 1000:>11.1f} ms" for one in times)
        print(f"{name:34}{cells}{times[-1] / times[0]:>11.1f}x")


if __name__ == "__main__":
    sys.exit(main())
