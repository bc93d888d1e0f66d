"""What actions cost: ``uv run python -m tests.benchmarks.actions [ACTIONS …]``.

A plan of 15 KPIs and 15 measures with 10, 100 and 1,000 actions over six fiscal years, texts as long
as a city's in each of PLAN, DO, CHECK and ACTION, and 10 meetings of 20 opinions. Each size runs in
a process of its own on a database in memory. Prints for each piece of work the seconds of one core,
the seconds waited and the queries; the machine may be busy with other things, so the first count.
"""

import datetime as dt
import gc
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "kadoma_plan.settings"

import django

django.setup()

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
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
from actions.models import Action, ActionYear, Plan
from actions.vocabulary import Actor, Evaluation, Revision, Stage
from kpis import payload
from kpis.imports.planbook import read_planbook
from kpis.models import Indicator, Opinion, ReportingPeriod
from kpis.selectors import council_papers, live_progress, plan_book, shown, verified_progress
from kpis.selectors import published as memory
from kpis.selectors.readiness import differs
from kpis.services import import_book, publish_outright
from kpis.views.kept import forget
from kpis.vocabulary import Audience, OpinionState
from kpis.workbooks import plan_book_workbook
from kpis.workbooks.council import council_workbook
from tests.factories import make_meeting, make_plan

SIZES = (10, 100, 1000)
YEARS = range(2024, 2030)
SLUG = "actions"
BEFORE, PERIOD = Period(2028, Term.FY), Period(2029, Term.FY)
PAGES = ("", "tree/", "actions/", "actions/A-1/", "measures/1-1/", "kpis/1-1/", "meetings/")
PHRASES = (
    "市内のものづくり企業を訪ね、受注や採用の課題を聞き取って支援につなげる。",
    "商工会議所と連携し、展示会への共同出展と事前の相談会を開く。",
    "参加した企業のうち半数が商談に進み、残りは準備の時間が足りなかった。",
    "案内が遅れて申込みが少なかったため、周知の時期を二か月早める。",
    "次の年度は、初めて参加する企業の割合を増やすことを目指す。",
)


def text(place: int) -> str:
    """Return four of the sentences: 100 to 200 characters, another text for each place."""
    said = "".join(PHRASES[(place + one) % len(PHRASES)] for one in range(4))
    return f"{place}. {said}"


def make_actions(plan: Plan, number: int) -> None:
    """Store the actions in turn under the measures, each with six full years of PDCA."""
    measures = [one for its in plan.strategies.all() for one in its.measures.all()]
    indicators, actors = list(plan.indicators.all()), list(Actor)
    rows = Action.objects.bulk_create(
        Action(
            plan=plan,
            measure=measures[place % len(measures)],
            code=f"A-{place + 1}",
            order=place // len(measures) + 1,
            actor=actors[place % len(actors)],
            name=f"アクション{place + 1} 展示会への共同出展",
            content=text(place),
            is_priority=place % 10 == 0,
            priority_reason=PHRASES[0] if place % 10 == 0 else "",
            section=f"課{place % 8}",
        )
        for place in range(number)
    )
    ActionYear.objects.bulk_create(
        ActionYear(action=one, fiscal_year=year, **year_of(place * len(YEARS) + year))
        for place, one in enumerate(rows)
        for year in YEARS
    )
    link = Indicator.actions.through
    link.objects.bulk_create(
        link(indicator=indicators[place % len(indicators)], action=one)
        for place, one in enumerate(rows)
        if place % 2 == 0
    )


def year_of(place: int) -> dict[str, Any]:
    """Return what one year says; every fifth is late."""
    return {
        "stage": Stage.RUNNING,
        "plan": text(place),
        "done_first_half": text(place + 1),
        "done": text(place + 2),
        "results": text(place + 3),
        "evaluation": Evaluation.LATE if place % 5 == 0 else Evaluation.ON_PLAN,
        "revision": Revision.IMPROVE,
        "revision_note": text(place + 4),
    }


def make_meetings(plan: Plan) -> None:
    """Store ten meetings of twenty opinions, half of each answered."""
    for one in range(10):
        day = dt.date(2024 + one // 2, 7 if one % 2 == 0 else 12, 1)
        own = {"name": f"第{one + 1}回推進会議", "day": day, "audience": Audience.PUBLIC}
        make_meeting(plan=plan, number=20, **own)
    half = Opinion.objects.filter(meeting__plan=plan, number__lte=10)
    half.update(reply=text(1), state=OpinionState.IN_HAND)


class Measured:
    """What each piece of work took, by its name, in the order of doing."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[float, float, int]] = {}

    def __call__(self, name: str, work: Callable[[], Any]) -> Any:
        """Do the work once, note seconds of one core, seconds waited and queries; return its value."""
        gc.collect()
        with CaptureQueriesContext(connection) as captured:
            waited, busy = time.perf_counter(), time.process_time()
            made = work()
            busy, waited = time.process_time() - busy, time.perf_counter() - waited
        self.rows[name] = (busy, waited, len(captured))
        return made


def prepare(actions: int) -> tuple[Plan, User]:
    """Store the plan with everything that belongs to it."""
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    settings.WHITENOISE_AUTOREFRESH = True
    setup_test_environment()
    get_runner(settings)
    setup_databases(verbosity=0, interactive=False)
    person = get_user_model().objects.create_superuser("bench")
    plan = make_plan(slug=SLUG, periods=(BEFORE, PERIOD), end_year=YEARS[-1])
    make_actions(plan, actions)
    make_meetings(plan)
    return plan, person


def measure(actions: int) -> dict[str, tuple[float, float, int]]:
    """Return what each piece of work took with so many actions."""
    plan, person = prepare(actions)
    timed = Measured()
    timed_publishing(timed, plan, person)
    timed_pages(timed, plan, person)
    timed_book(timed, plan, person)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return timed.rows | {"peak memory of the process, MiB": (peak, 0, 0)}


def timed_publishing(timed: Measured, plan: Plan, person: User) -> None:
    """Publish the year before, then the year and a correction of it, step by step and as a whole."""
    progress = timed("live records → read model", lambda: live_progress(plan, PERIOD))
    stored = timed("read model → payload", lambda: payload.dump(progress))
    timed("payload → read model", lambda: payload.load(stored))
    publish_outright(plan=plan, period=BEFORE, by=person, reason="計測のため")
    publish = lambda: publish_outright(plan=plan, period=PERIOD, by=person, reason="計測のため")  # noqa: E731
    timed("publish", publish)
    made = timed("publish a correction", publish)
    memory._contents.clear()
    timed("read and verify a publication", lambda: verified_progress([made]))
    row = ReportingPeriod.objects.select_related("plan").get(pk=made.period_id)
    timed("does the live plan differ?", lambda: differs(row, made))


def timed_pages(timed: Measured, plan: Plan, person: User) -> None:
    """Ask for each page, first in a process that has read nothing and then once more."""
    client = Client()

    def get(address: str) -> int:
        content = b"".join(client.get(address))  # type: ignore[arg-type]
        assert content
        return len(content)

    memory._contents.clear()
    for page in PAGES:
        get_page = lambda page=page: get(f"/{SLUG}/{page}")  # noqa: E731
        if not page:
            timed("GET /<slug>/ after a start", get_page)
        forget()
        timed(f"GET /<slug>/{page}", get_page)
    timed("the last once more", get_page)
    client.force_login(person)
    period = plan.periods.get(fiscal_year=PERIOD.fiscal_year)
    timed("preview of actions/", lambda: get(reverse("preview:actions", args=[period.pk])))
    papers = timed("papers of the council", lambda: council_papers(shown(SLUG)))
    timed("council workbook", lambda: council_workbook(papers))


def timed_book(timed: Measured, plan: Plan, person: User) -> None:
    """Export the plan book, take it in as another plan, and once more with every PLAN changed."""
    book = timed("live records → plan book", lambda: plan_book(plan))
    other = replace(book, plan=replace(book.plan, slug="other", name="別の計画"))
    content = timed("plan book → workbook", lambda: plan_book_workbook(other))
    reading = timed("workbook → plan book", lambda: read_planbook(content))
    assert reading.book is not None, reading.faults
    timed("import, new", lambda: import_book(book=reading.book, by=person, places=reading.places))
    years = tuple(replace(one, plan=f"{one.plan}（変更）") for one in reading.book.action_years)
    changed = replace(reading.book, action_years=years)
    told = timed(
        "import, every PLAN changed",
        lambda: import_book(book=changed, by=person, places=reading.places, reason="計測のため"),
    )
    assert len(told.differences) == len(years)


def main() -> None:
    """Measure one size where ``--one`` is given, else each in a process of its own, and print."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(int(sys.argv[2]))))
        return
    sizes = [int(one) for one in sys.argv[1:]] or SIZES
    found = {}
    for size in sizes:
        command = [sys.executable, "-m", "tests.benchmarks.actions", "--one", str(size)]
        told = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
        found[size] = json.loads(told)
    print(
        f"{'work':34}" + "".join(f"{f'{size} actions: cpu, wall, queries':>34}" for size in sizes)
    )
    for name in found[sizes[0]]:
        cells = "".join(
            f"{busy:>14.3f}{wall:>10.3f}{number:>10}"
            for size in sizes
            for busy, wall, number in [found[size][name]]
        )
        print(f"{name:34}{cells}")


if __name__ == "__main__":
    sys.exit(main())
