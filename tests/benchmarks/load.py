"""People read, type and publish at once: ``uv run python -m tests.benchmarks.load [OPTIONS]``.

Serves the product as quickstart does, on this machine only, in a data directory of its own, on SQLite
or (``--database postgres``, server from TEST_DATABASE_URL) in a PostgreSQL database of its own that
is dropped afterwards. Readers go through pages, data files and questions whether theirs is still
good; the office signs in, types drafts, takes the entry workbook in, publishes, makes the council's
workbook and corrects; colleagues save their own figures meanwhile. Each answer is checked: it is
there, whole, of a publication no older than the last that staff were told of, with the figure that
was published in that version, and without any trace of a draft, which staff meanwhile see.

Prints how long each kind of answer took, what the processes weighed from minute to minute, and how
large the database became. Ends with status 1 after any fault, any leaked draft, or where a process
grew by more than GROWTH after the warm-up.
"""

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit

import psycopg

from tests.benchmarks.load_client import PATIENCE, Ledger, Visitor, only_loopback
from tests.benchmarks.load_office import OF_COLLEAGUES, Colleague, Office, WorkEndedError
from tests.benchmarks.load_readers import Announced, reader
from tests.benchmarks.load_watch import (
    EVERY,
    Database,
    Watch,
    postgres,
    processor_seconds,
    server_processes,
    sqlite,
)
from tests.postgres import SERVER
from tests.served import ROOT, own_environment, serving

GROWTH = (
    50  # MB: narrowed pages take 11 at most, a publication with all its pages and files half of one
)
MOST_MINUTES, MOST_READERS = 60, 100


@dataclass(frozen=True, slots=True)
class Options:
    """How long, on which database, how many readers and colleagues, how long they think."""

    minutes: float = 1
    database: str = "sqlite"
    readers: int = 20
    colleagues: int = 2
    think: float = 1.0  # seconds of a reader between two pages, on average
    staff_think: float = 2.0
    versions: int = 0  # end when so many are published; 0: when the minutes are over
    publishing: float = 0  # minutes after which drafts are typed and nothing published; 0: never

    def __post_init__(self) -> None:
        if not 0 < self.minutes <= MOST_MINUTES or not 0 <= self.readers <= MOST_READERS:
            raise ValueError(f"at most {MOST_MINUTES} minutes and {MOST_READERS} readers")
        if self.colleagues > len(OF_COLLEAGUES):
            raise ValueError(f"at most {len(OF_COLLEAGUES)} colleagues")


@dataclass(frozen=True, slots=True)
class Result:
    """What a run saw."""

    ledger: Ledger
    watch: Watch
    seconds: float
    versions: int  # published
    processor: float  # seconds that the server was at work
    last_size: float  # of the database

    @property
    def grown(self) -> list[str]:
        """Return the processes that grew too much after the warm-up."""
        return [name for name in self.watch.processes if self.watch.grown(name) > GROWTH]

    @property
    def is_good(self) -> bool:
        return self.ledger.is_clean and not self.grown


@contextmanager
def database(kind: str, folder: Path) -> Iterator[tuple[dict[str, str], Database]]:
    """Yield the environment for a database of our own, and what to ask it; drop it afterwards."""
    environment = own_environment(folder)
    if kind == "sqlite":
        yield environment, sqlite(folder)
        return
    only_loopback(urlsplit(SERVER).hostname)
    name = f"kadoma_load_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
    try:
        address = urlsplit(SERVER)._replace(path=f"/{name}").geturl()
        yield environment | {"DATABASE_URL": address}, postgres(SERVER, name)
    finally:
        with psycopg.connect(SERVER, autocommit=True) as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run(options: Options, prepared: Path | None = None) -> Result:
    """Serve, make the load, and return what was seen.

    ``prepared`` is a data directory as quickstart leaves it, which saves making the static files.
    """
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "var"
        if prepared is not None:
            shutil.copytree(prepared, folder)
        with database(options.database, folder) as (environment, watched):
            if prepared is None or options.database != "sqlite":
                command = [sys.executable, "manage.py", "quickstart", "--no-serve"]
                subprocess.run(
                    command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL
                )
            with serving(environment) as address:
                return _load(options, address, watched)


def _load(options: Options, address: str, watched: Database) -> Result:
    ledger, announced, over = Ledger(), Announced(), Event()
    watch = Watch(server_processes(urlsplit(address).port or 0), watched, _warm_up(options))
    office = Office(
        Visitor(address, ledger, public=False),
        ledger,
        over,
        options.staff_think,
        random.Random(0),  # noqa: S311 (no secret)
        announced,
        address,
        options.versions,
        publishing=options.publishing * 60,
    )
    office.prepare()
    busy = _processor(watch)
    began = time.monotonic()
    every = min(EVERY, options.minutes * 60 / 12)
    threads = [Thread(target=watch.look, args=(over, every)), *_people(options, office, over)]
    for one in threads:
        one.daemon = True
        one.start()
    over.wait(options.minutes * 60)
    over.set()
    for one in threads:
        one.join(PATIENCE + 5)
        if one.is_alive():
            ledger.fault(f"{one.name} did not end")
    seconds, busy = time.monotonic() - began, _processor(watch) - busy
    return Result(ledger, watch, seconds, announced.newest, busy, watched.size())


def _warm_up(options: Options) -> float:
    return min(options.minutes / 4, 2.0) * 60


def _processor(watch: Watch) -> float:
    return sum(processor_seconds(pid) for pid in watch.processes.values())


def _people(options: Options, office: Office, over: Event) -> list[Thread]:
    address, ledger, announced = office.address, office.ledger, office.announced
    think, period = options.staff_think, office.period
    found = [_staff(office)]
    for number, code in enumerate(list(OF_COLLEAGUES)[: options.colleagues], 1):
        visitor, chance = Visitor(address, ledger, public=False), random.Random(number)  # noqa: S311
        found.append(_staff(Colleague(visitor, ledger, over, think, chance, code, lambda: period)))
    for number in range(options.readers):
        arguments = (address, ledger, announced, number, over, options.think)
        found.append(Thread(target=reader, args=arguments, name=f"reader {number}"))
    return found


def _staff(person: Office | Colleague) -> Thread:
    def work() -> None:
        try:
            person.work()
        except WorkEndedError as error:
            if not person.over.is_set():
                person.ledger.fault(f"{name} could not go on: {error}")
        person.visitor.close()

    name = type(person).__name__.lower()
    return Thread(target=work, name=name)


def report(options: Options, result: Result) -> str:
    """Return the figures as text."""
    ledger, watch, total = result.ledger, result.watch, 0
    lines = [
        f"{options.database}, {options.readers} readers who think {options.think} s, "
        f"{options.colleagues} colleagues, {result.seconds:.0f} s, {os.cpu_count()} cores",
        f"{'kind':22}{'number':>8}{'per s':>8}{'p50':>8}{'p95':>8}{'p99':>8}{'max':>8} ms  status",
    ]
    for kind, times in sorted(ledger.times.items(), key=lambda one: -len(one[1])):
        total += len(times)
        told = " ".join(f"{code}×{many}" for code, many in sorted(ledger.statuses[kind].items()))
        figures = "".join(f"{1000 * one:8.0f}" for one in percentiles(times))
        lines.append(
            f"{kind:22}{len(times):8}{len(times) / result.seconds:8.2f}{figures}     {told}"
        )
    every = [one for times in ledger.times.values() for one in times]
    figures = "".join(f"{1000 * one:8.0f}" for one in percentiles(every))
    lines += [
        f"{'all':22}{total:8}{total / result.seconds:8.2f}{figures}",
        f"{ledger.received / result.seconds / 1e6:.1f} MB/s, server at work "
        f"{100 * result.processor / result.seconds:.0f}% of one core, "
        f"{result.versions} versions published; "
        + ", ".join(f"{what} {many}" for what, many in sorted(ledger.told.items())),
        "resident memory in MB at the start, after each minute, and at the end:",
    ]
    for name in watch.processes:
        weights = " ".join(f"{one:.0f}" for one in watch.each_minute(name))
        lines.append(
            f"  {name:9} {weights}; after {watch.warm_up:.0f} s of warm-up "
            f"{watch.grown(name):+.1f}, in the second half {watch.slope(name):+.2f} a minute"
        )
    lines += [
        f"database {watch.first_size:.1f} → {result.last_size:.1f} MB"
        + (f", at most {watch.connections} connections" if watch.connections else ""),
        f"faults {len(ledger.faults)}, leaked drafts {len(ledger.leaks)}, grown too much "
        f"(more than {GROWTH} MB): {', '.join(result.grown) or 'none'}",
        *(f"  FAULT {one}" for one in ledger.faults[:20]),
        *(f"  LEAK {one}" for one in ledger.leaks[:20]),
    ]
    return "\n".join(lines)


def percentiles(times: list[float]) -> tuple[float, float, float, float]:
    """Return the median, the 95th and 99th percentile and the longest."""
    if len(times) == 1:
        return (times[0],) * 4
    cut = statistics.quantiles(times, n=100, method="inclusive")
    return cut[49], cut[94], cut[98], max(times)


def main() -> int:
    """Make the load that the command line asks for and print its figures."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.load")
    parser.add_argument("--minutes", type=float, default=Options.minutes)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--colleagues", type=int, default=2)
    parser.add_argument("--publishing", type=float, default=0.0, metavar="MINUTES")
    parser.add_argument("--think", type=float, default=1.0)
    parser.add_argument("--staff-think", type=float, default=2.0)
    options = Options(**vars(parser.parse_args()))
    result = run(options)
    print(report(options, result))
    return 0 if result.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
