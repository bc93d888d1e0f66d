"""The look for known vulnerabilities, with a service that answers as told."""

import json
import subprocess
import sys

import pytest

from tests.served import ROOT

FINE = {"name": "asgiref", "version": "3.13.0", "vulns": []}
BAD = {"name": "django", "version": "3.2.0", "vulns": [{"id": "CVE-2021-1"}, {"id": "CVE-2021-1"}]}
SKIPPED = {"name": "brotli", "skip_reason": "Dependency not found on PyPI"}


@pytest.fixture
def audit(tmp_path):
    """Return a function that runs the audit with a stand-in for the auditor."""

    def run(**answers):
        for service, packages in answers.items():
            said = packages if packages is None else json.dumps({"dependencies": packages})
            (tmp_path / service).write_text(said or "no route to host")
        program = tmp_path / "uvx"
        program.write_text(
            '#!/bin/sh\nwhile [ "$1" != -s ]; do shift; done\ncat "$(dirname "$0")/$2"\nexit 1\n'
        )
        program.chmod(0o755)
        return subprocess.run(
            [sys.executable, ".ci/audit"],
            cwd=ROOT,
            env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
            capture_output=True,
            text=True,
        )

    return run


def test_a_known_vulnerability_fails_and_is_named(audit):
    done = audit(pypi=[FINE, BAD, SKIPPED], osv=None)
    assert done.returncode == 1
    assert "vulnerable: django 3.2.0: CVE-2021-1\n" in done.stdout
    assert "audited 2 packages: 1 with a known vulnerability" in done.stdout


def test_packages_without_one_pass(audit):
    done = audit(pypi=[FINE], osv=None)
    assert (done.returncode, done.stderr) == (0, "")
    assert "audited 1 packages: 0 with a known vulnerability" in done.stdout


def test_another_service_is_asked_where_the_first_does_not_know_the_packages(audit):
    assert audit(pypi=[SKIPPED], osv=[BAD]).returncode == 1


@pytest.mark.parametrize("answer", [None, [SKIPPED]])
def test_a_closed_machine_is_told_plainly_that_nothing_was_audited(audit, answer):
    done = audit(pypi=answer, osv=answer)
    assert (done.returncode, done.stderr) == (0, "")
    assert "NOT AUDITED: no vulnerability service can be reached" in done.stdout
    assert "audited 0" not in done.stdout


def test_the_checks_of_every_commit_ask(audit):
    assert 'step "No known vulnerability" python3 .ci/audit\n' in (ROOT / ".ci/run").read_text()
