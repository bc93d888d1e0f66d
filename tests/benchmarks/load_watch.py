"""What the server's processes and its database weigh while the load goes on."""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import psycopg

MB = 1024 * 1024
EVERY = 5  # seconds between two looks, fewer in a short run


def server_processes(port: int) -> dict[str, int]:
    """Return the numbers of the processes that serve on the port: the first and its workers."""
    parents = dict(_parents())
    mine = [pid for pid, parent in parents.items() if parent == os.getpid()]
    (main,) = (pid for pid in mine if f"--port\0{port}\0" in _words(pid))
    workers = [pid for pid in sorted(parents) if parents[pid] == main and _serves(pid)]
    return {"main": main} | {f"worker {place}": pid for place, pid in enumerate(workers, 1)}


def _serves(pid: int) -> bool:
    return "resource_tracker" not in _words(pid)


def _parents() -> Iterator[tuple[int, int]]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        yield int(stat.parent.name), int(after_name[1])


def _words(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def resident(pid: int) -> float:
    """Return the process's resident memory in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(one.split()[1]) for one in lines if one.startswith("VmRSS")) / 1024


def processor_seconds(pid: int) -> float:
    """Return how long the process has kept a processor busy."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Database:
    """The database under load: how large it is, and how many connections the server holds."""

    size: Callable[[], float]  # in MB
    connections: Callable[[], int] = lambda: 0


def sqlite(folder: Path) -> Database:
    return Database(lambda: sum(one.stat().st_size for one in folder.glob("kadoma.sqlite3*")) / MB)


def postgres(url: str, name: str) -> Database:
    def asked(query: str) -> float:
        with psycopg.connect(url, autocommit=True) as server:
            row = server.execute(query, [name]).fetchone()
        return float(row[0]) if row else 0.0

    return Database(
        lambda: asked("SELECT pg_database_size(%s)") / MB,
        lambda: int(asked("SELECT count(*) FROM pg_stat_activity WHERE datname = %s")),
    )


@dataclass(slots=True)
class Watch:
    """Looks at the server's processes from time to time."""

    processes: dict[str, int]
    database: Database
    warm_up: float  # seconds, after which memory should be flat
    began: float = field(default_factory=time.monotonic)
    weights: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    connections: int = 0  # the most
    first_size: float = 0

    def look(self, over: Event, every: float) -> None:
        """Look until the time is over."""
        self.first_size = self.database.size()
        while True:
            now = time.monotonic() - self.began
            for name, pid in self.processes.items():
                self.weights.setdefault(name, []).append((now, resident(pid)))
            self.connections = max(self.connections, self.database.connections())
            if over.wait(every):
                return

    def grown(self, name: str) -> float:
        """Return by how much the process grew from the end of the warm-up to the end, in MB.

        Of each the median of the looks in a quarter of the time after the warm-up, since a workbook
        that is being made weighs something for a moment.
        """
        after = [weight for when, weight in self.weights[name] if when >= self.warm_up]
        if len(after) < 2:
            return 0.0
        quarter = max(1, len(after) // 4)
        return statistics.median(after[-quarter:]) - statistics.median(after[:quarter])

    def slope(self, name: str) -> float:
        """Return the process's growth in the second half of the time, in MB a minute."""
        looks = self.weights[name]
        half = [one for one in looks if one[0] >= looks[-1][0] / 2]
        if len(half) < 3:
            return 0.0
        times, weights = zip(*half, strict=True)
        return statistics.linear_regression(times, weights).slope * 60

    def each_minute(self, name: str) -> list[float]:
        """Return the weight at the start, after each minute, and at the end."""
        looks = self.weights[name]
        minutes = range(int(looks[-1][0] // 60) + 1)
        found = [next(weight for when, weight in looks if when >= 60 * one) for one in minutes]
        return [*found, looks[-1][1]]
