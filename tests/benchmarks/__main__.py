"""How the cost grows with the number of indicators: ``uv run python -m tests.benchmarks``.

Runs on a database in memory and prints, for 15, 150, 300 and 1,500 indicators (or for the numbers
given), the median time of each piece of work and by how much it grows.
"""

import datetime as dt
import os
import statistics
import sys
import time
from collections.abc import Callable

os.environ["DJANGO_SETTINGS_MODULE"] = "kadoma_plan.settings"

import django

django.setup()

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.test.utils import get_runner, setup_databases, setup_test_environment

from actions.models import Plan

SIZES = (15, 150, 300, 1500)
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
    from kpis.services import publish_outright
    from kpis.views.kept import forget
    from tests.factories import make_plan

    slug, period = f"p{size}", Period(2025, Term.H1)
    rights = {"is_staff": True, "is_superuser": True}
    administrator, _ = get_user_model().objects.get_or_create(username="bench", defaults=rights)
    plan = make_plan(slug=slug, indicators=size)
    client = Client()
    rows: list[tuple[str, float]] = []
    rows.append(("live records → read model", median_time(lambda: live_progress(plan, period))))
    reasons = iter(range(10**6))

    def correct() -> None:
        publish_outright(plan=plan, period=period, by=administrator, reason=str(next(reasons)))

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

        def make(get: Callable[[], bytes] = get) -> bytes:
            forget()
            return get()

        rows.append((f"GET /<slug>/{address}", median_time(make)))
    rows.append(("the last once more", median_time(get)))
    published_selector._contents.clear()
    forget()
    rows.append(("first reader after a start", median_time(get, 1)))
    client.force_login(administrator)
    return rows + measure_grid(client, plan, administrator)


def measure_grid(client: Client, plan: Plan, administrator: User) -> list[tuple[str, float]]:
    """Open a round, and load and save its grid with every row changed each time."""
    from actions.fiscal import Period, Term
    from kpis.services import open_round

    opened = open_round(
        plan=plan, period=Period(2025, Term.FY), due=dt.date(2026, 4, 20), by=administrator
    )
    address = f"/admin/kpis/reportingperiod/{opened.pk}/entry/"
    keys = list(plan.indicators.values_list("pk", flat=True))
    texts = {"reason": "", "cause": "要因" * 50, "next_step": "対応" * 50, "confirmation": "確認"}
    versions = iter(range(10**6))

    def save() -> None:
        seen = next(versions)
        fields = {"action": "save"}
        for place, key in enumerate(keys):
            own = {"seen": str(seen), "value": str(place + seen), **texts}
            fields |= {f"k{key}-{name}": text for name, text in own.items()}
        assert client.post(address, fields).status_code == 302

    def load() -> None:
        assert client.get(address).status_code == 200

    return [
        ("save the grid, first time", median_time(save, 1)),
        ("save the grid, all rows changed", median_time(save)),
        ("GET the grid", median_time(load)),
    ]


def main() -> None:
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    settings.WHITENOISE_AUTOREFRESH = True
    setup_test_environment()
    get_runner(settings)
    setup_databases(verbosity=0, interactive=False)
    sizes = [int(one) for one in sys.argv[1:]] or SIZES
    found = {size: measure(size) for size in sizes}
    growth = f"{sizes[-1]} / {sizes[0]}"
    print(f"{'work':34}" + "".join(f"{f'{size} KPIs':>14}" for size in sizes) + f"{growth:>12}")
    for place, (name, _) in enumerate(found[sizes[0]]):
        times = [found[size][place][1] for size in sizes]
        cells = "".join(f"{one * 1000:>11.1f} ms" for one in times)
        print(f"{name:34}{cells}{times[-1] / times[0]:>11.1f}x")


if __name__ == "__main__":
    sys.exit(main())
