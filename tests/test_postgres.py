"""The same tests once more on PostgreSQL: whatever touches the database holds on both."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.postgres import SERVER, demand_postgresql

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

ROOT = Path(__file__).resolve().parent.parent
# What is alike on both by its nature is tried on SQLite alone: pages that only show what was
# published, who signs in and may see a draft, how many queries a page takes, what is read from a
# file, and what is refused before anything is written.
DATABASE_TESTS = (
    "test_action_admin",
    "test_action_grid",
    "test_actions",
    "test_admin",
    "test_audience",
    "test_answers_at_once",
    "test_carried_opinions",
    "test_answers",
    "test_backup_tables",
    "test_beginnings",
    "test_commands",
    "test_concurrency",
    "test_faults_clock",
    "test_faults_database",
    "test_faults_payload",
    "test_faults_uploads",
    "test_history",
    "test_import_pages",
    "test_kgi_revision",
    "test_materials",
    "test_meetings",
    "test_models",
    "test_newyear",
    "test_planbook_command",
    "test_numbers",
    "test_planbook_import",
    "test_planbook_refusals",
    "test_opendata",
    "test_paper",
    "test_plans",
    "test_publishing",
    "test_reminders",
    "test_revisions_of_targets",
    "test_rounds",
    "test_two_editors",
)


def test_the_database_tests_pass_on_postgresql():
    demand_postgresql()
    files = [f"tests/{name}.py" for name in DATABASE_TESTS]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--no-header",
        "-n",
        "0",
        "--migrations",
        "-m",
        "not slow",
        *files,
    ]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": SERVER},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) > 200
