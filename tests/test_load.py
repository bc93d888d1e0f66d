"""The load on the served product: that it works, does real things, and would see what is wrong."""

import gzip
import io
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from openpyxl import Workbook

from tests.benchmarks.load import GROWTH, Options, percentiles, report, run
from tests.benchmarks.load_client import DRAFT_FIGURE, DRAFT_WORDS, Ledger, Visitor
from tests.benchmarks.load_watch import Database, Watch
from tests.served import prepared

pytestmark = pytest.mark.slow


def test_people_read_while_the_office_publishes_and_corrects(tmp_path_factory):
    options = Options(minutes=2, readers=2, colleagues=0, think=0.7, staff_think=0.1, versions=2)
    result = run(options, prepared(tmp_path_factory))
    told, ledger = report(options, result), result.ledger
    assert result.is_good, told
    assert result.versions == 2  # published, and published anew after a correction
    done = {kind: len(times) for kind, times in ledger.times.items()}
    assert (done["publish"], done["reopen"], done["council's workbook"]) == (2, 1, 2)
    assert (done["import: upload"], done["preview"]) == (2, 4)
    assert done["grid: save"] >= 2  # a draft before each publication
    assert done["overview"] >= 2
    assert sum(done.values()) > 60
    assert all(0 < one < 30 for times in ledger.times.values() for one in times)
    assert set(result.watch.processes) >= {"main", "worker 1"}
    assert all(20 < weight < 1000 for looks in result.watch.weights.values() for _, weight in looks)
    assert result.last_size >= result.watch.first_size > 0.5
    assert "faults 0, leaked drafts 0, grown too much (more than" in told


# What a faulty site would answer.


def workbook():
    book, stream = Workbook(), io.BytesIO()
    book.active["B2"] = DRAFT_FIGURE
    book.save(stream)
    return stream.getvalue()


ANSWERS = {
    "/good": (200, b"<p>1,210</p></html>"),
    "/figure": (200, f"<td>{DRAFT_FIGURE:,}</td></html>".encode()),
    "/rate": (200, b"<td>8,230,452.6%</td></html>"),
    "/words": (200, f"{DRAFT_WORDS}</html>".encode()),
    "/words.csv": (200, DRAFT_WORDS.encode("cp932")),
    "/workbook": (200, workbook()),
    "/half": (200, b"<p>1,210</p>"),
    "/broken": (500, b"<title>500</title>"),
}


class Faulty(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        status, body = ANSWERS[self.path]
        body = gzip.compress(body)
        self.send_response(status)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def faulty():
    with HTTPServer(("127.0.0.1", 0), Faulty) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "leaks", "faults"),
    [
        ("/good", 0, 0),
        ("/figure", 1, 0),
        ("/rate", 1, 0),
        ("/words", 1, 0),
        ("/words.csv", 1, 0),
        ("/workbook", 1, 0),
        ("/half", 0, 1),
        ("/broken", 0, 1),
    ],
)
def test_a_leaked_draft_and_a_broken_page_are_seen(faulty, path, leaks, faults):
    ledger = Ledger()
    visitor = Visitor(faulty, ledger)
    marks = ("</html>",) if path in ("/good", "/half") else ()
    visitor.ask("page", path, marks=marks)
    visitor.close()
    assert (len(ledger.leaks), len(ledger.faults)) == (leaks, faults)
    assert ledger.is_clean == (leaks + faults == 0)


def test_a_server_that_does_not_answer_is_a_fault():
    with HTTPServer(("127.0.0.1", 0), Faulty) as server:
        port = server.server_port
    ledger = Ledger()
    assert Visitor(f"http://127.0.0.1:{port}", ledger).ask("page", "/").status == 0
    assert "ConnectionRefusedError" in ledger.faults[0]


@pytest.mark.parametrize(
    "address", ["http://example.org", "http://192.0.2.1:8000", "http://10.0.0.1"]
)
def test_no_other_machine_is_ever_loaded(address):
    with pytest.raises(ValueError, match="this machine only"):
        Visitor(address, Ledger())


def test_memory_that_grows_after_the_warm_up_is_seen():
    looks = [(float(second), 100.0 + (second > 60) * 2 * GROWTH) for second in range(0, 121, 5)]
    flat = [(second, 100.0 + (second < 20) * 50) for second, _ in looks]
    watch = Watch({"worker 1": 1, "worker 2": 2}, Database(lambda: 1.0), warm_up=30)
    watch.weights = {"worker 1": looks, "worker 2": flat}
    assert (watch.grown("worker 1"), watch.grown("worker 2")) == (2 * GROWTH, 0)
    assert watch.slope("worker 2") == 0
    assert watch.each_minute("worker 1") == [100, 100, 100 + 2 * GROWTH, 100 + 2 * GROWTH]


def test_percentiles_are_those_of_the_list():
    assert percentiles([one / 100 for one in range(101)]) == (0.5, 0.95, 0.99, 1.0)
    assert percentiles([0.25]) == (0.25,) * 4
