"""Reminding from several real processes at once, through a real server: each message once."""

import json
import shutil
import socketserver
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.served import own_environment, prepared

ROOT = Path(__file__).resolve().parent.parent


class Smtp(socketserver.StreamRequestHandler):
    """As much of a mail server as a client needs; keeps each message's recipients."""

    def handle(self):
        self.wfile.write(b"220 ready\r\n")
        recipients = []
        while line := self.rfile.readline():
            word = line.split(b":")[0].strip().upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
                self.server.taken.append(tuple(recipients))
                recipients = []
            elif word == b"RCPT TO":
                recipients.append(line.split(b"<")[1].split(b">")[0].decode())
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 fine\r\n")
            if word == b"QUIT":
                return


@contextmanager
def smtp_server():
    """Yield a mail server on a free port, with what it took."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Smtp) as server:
        server.taken, server.daemon_threads = [], True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def smtp():
    with smtp_server() as server:
        yield server


OPEN = """
import datetime as dt
from django.contrib.auth.models import User
from actions.fiscal import Period, Term
from actions.models import Plan
from kpis.models import SectionContact
from kpis.services import open_round
plan, person = Plan.objects.get(), User.objects.create_superuser("kanri")
for number, strategy in enumerate(plan.strategies.all()):
    plan.indicators.filter(strategy=strategy).update(section=f"{number}課")
    SectionContact.objects.create(plan=plan, section=f"{number}課", email=f"{number}@example.jp")
open_round(plan=plan, period=Period(2025, Term.FY), due=dt.date(2026, 4, 20), by=person)
"""


@pytest.mark.slow
def test_four_processes_at_once_send_each_message_once(smtp, tmp_path, tmp_path_factory):
    shutil.copy(prepared(tmp_path_factory) / "kadoma.sqlite3", tmp_path)
    environment = own_environment(tmp_path) | {
        "KADOMA_EMAIL_URL": f"smtp://127.0.0.1:{smtp.server_address[1]}",
        "KADOMA_EMAIL_FROM": "門真市 <plan@example.jp>",
    }

    def manage(*command):
        return subprocess.Popen(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    done = manage("shell", "-v", "0", "-c", OPEN)
    told = [json.loads(line) for line in done.communicate()[1].splitlines()]
    assert {one["level"] for one in told} == {"INFO"}  # the log's own lines, and no complaint
    assert done.returncode == 0
    runs = [manage("remind", "--today", "2026-04-18") for _ in range(4)]
    outputs = [run.communicate()[0].decode() for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0, 0], outputs
    assert sorted(smtp.taken) == [("0@example.jp",), ("1@example.jp",), ("2@example.jp",)]
    assert sum(one.count("送信済") for one in outputs) == 3
