"""How many readers a second: ``uv run python -m tests.benchmarks.readers [SECONDS]``.

Serves the product with granian as quickstart does and asks, by turns, for the overview, for its 304,
and for a view that returns as many bytes and does nothing else, from the same server and through the
same middleware. Prints each one's requests a second and its share of the plain view's, whose target
is one half. Needs wrk.
"""

import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.served import ROOT, SLUG, own_environment

ROUNDS, SECONDS, CONNECTIONS = 3, 3, 16
FORMS = {"gzip": {"Accept-Encoding": "gzip"}, "plain": {}}
PAGES = {"/": "/", "/<slug>/": f"/{SLUG}/", "/<slug>/kpis/1-1/": f"/{SLUG}/kpis/1-1/"}


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the prepared folder with the plain view beside the product; yield the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port)]
    command += ["--workers", "2", "--blocking-threads", "4", "--no-ws"]
    command += ["tests.benchmarks.plainview:application"]
    server = subprocess.Popen(command, cwd=ROOT, env=own_environment(folder))
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def _wait(address: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(240):
        if server.poll() is not None:
            sys.exit("granian ended before it served")
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
        else:
            return
    sys.exit("granian did not serve within a minute")


def looked_at(address: str, headers: dict[str, str]) -> tuple[int, str]:
    """Let each process make the page, and return how long its body is and by what it is known."""
    for _ in range(20):
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as answer:
            body, etag = answer.read(), answer.headers["ETag"]
    return len(body), etag


def rate(address: str, headers: dict[str, str], seconds: int) -> float:
    """Return how many requests a second are answered."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s"]
    command += [f"-H{name}: {value}" for name, value in headers.items()]
    told = subprocess.run([*command, address], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in told:
        sys.exit(f"{address}: {told}")
    return float(re.search(r"Requests/sec:\s*([\d.]+)", told)[1])  # type: ignore[index]


def measured(address: str, form: str, seconds: int) -> Iterator[tuple[str, float, float]]:
    """Yield each page's requests a second in this form, and the plain view's, by turns."""
    headers = FORMS[form]
    for name, path in PAGES.items():
        size, etag = looked_at(address + path, headers)
        ways = {
            f"{name} ({form}, {size:,} bytes)": (path, headers),
            f"{name} ({form}, 304)": (path, {**headers, "If-None-Match": etag}),
            "": (f"/plain/{size}/", headers),
        }
        rates: dict[str, list[float]] = {one: [] for one in ways}
        for _ in range(ROUNDS):
            for one, (where, sent) in ways.items():
                rates[one].append(rate(address + where, sent, seconds))
        middle = {one: statistics.median(found) for one, found in rates.items()}
        plain = middle.pop("")
        for one, found in middle.items():
            yield one, found, plain


def main() -> None:
    """Prepare a site, serve it and print the table."""
    if shutil.which("wrk") is None:
        sys.exit("wrk is not installed")
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        command = [sys.executable, "manage.py", "quickstart", "--no-serve"]
        environment = own_environment(folder)
        subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
        with served(folder) as address:
            print(f"{'requests a second':48}{'page':>10}{'plain view':>12}{'share':>8}")
            for form in FORMS:
                for name, found, plain in measured(address, form, seconds):
                    print(f"{name:48}{found:>10.0f}{plain:>12.0f}{found / plain:>8.2f}")
    print(f"{os.cpu_count()} processors, granian with 2 processes of 4 threads")


if __name__ == "__main__":
    main()
