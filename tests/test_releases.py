"""Data of earlier releases, as those releases made them: brought forward without a loss."""

import gzip
import json
import sqlite3
import zipfile
from contextlib import closing

import pytest
from django.db import connections
from django.test import Client

from kpis.management.commands import quickstart
from kpis.models import Actual, Publication
from tests.keeping import (
    BOTH,
    RELEASES,
    SLUG,
    alone,  # noqa: F401
    answer,
    everything,
    in_place,
    kept,  # noqa: F401
    office,  # noqa: F401
)

FIRST, SIXTH = RELEASES / "0.1.0.sqlite3.gz", RELEASES / "0.6.0.zip"
# What the paper prints at the half-year: 704/1,200, 2/3, 3/20 and (137 − 136)/(150 − 136).
PRINTED = {"1-1": "58.6%", "2-3": "67%", "2-4": "7.1%", "1-3": "15%"}


@pytest.fixture
def quick(monkeypatch):
    """Let quickstart leave the static files alone; they are not what is tried here."""
    monkeypatch.setattr(quickstart, "collect_if_changed", lambda: None)


def page(address):
    response = Client().get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def pages_tell_what_the_paper_prints():
    overview = page(f"/{SLUG}/")
    for code, rate in PRINTED.items():
        assert rate in overview
        assert rate in page(f"/{SLUG}/kpis/{code}/")
    assert "令和6年度" in page(f"/{SLUG}/?period=2024-FY")
    for name in ("kgi/", "tree/", "actions/", "meetings/", "rules/", "data/kpis.csv"):
        page(f"/{SLUG}/{name}")


def published():
    """Return what was published, as it is stored."""
    rows = Publication.objects.order_by("pk").values_list("pk", "version", "payload", "sha256")
    return [tuple(row) for row in rows]


@pytest.fixture
def first_release(alone, tmp_path):
    """Return the database file of the first release, where the product looks for it."""
    file = tmp_path / "kadoma.sqlite3"
    file.write_bytes(gzip.decompress(FIRST.read_bytes()))
    with in_place("", tmp_path):
        yield file


@pytest.mark.slow
def test_the_first_release_is_brought_forward_by_quickstart(first_release, quick):
    with closing(sqlite3.connect(first_release)) as direct:
        publications = direct.execute(
            "SELECT id, version, payload, sha256 FROM kpis_publication ORDER BY id"
        ).fetchall()
        figures = direct.execute("SELECT id, value FROM kpis_actual ORDER BY id").fetchall()
        people = direct.execute("SELECT id, username, password FROM auth_user").fetchall()
        passed = direct.execute("SELECT COUNT(*) FROM kpis_historicalactual").fetchone()[0]
    said = answer("quickstart", "--no-serve")
    assert "計画は登録済みです" in said
    assert published() == publications
    rows = Actual.objects.order_by("pk").values_list("pk", "value")
    assert [(pk, value if value is None else float(value)) for pk, value in rows] == figures
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT id, username, password FROM auth_user")
        assert cursor.fetchall() == people
        cursor.execute("SELECT COUNT(*) FROM kpis_historicalactual")
        assert cursor.fetchone()[0] == passed
    pages_tell_what_the_paper_prints()
    assert answer("verify_published", SLUG)
    # Once more loses and adds nothing, and what came forward can be backed up and taken in.
    before = everything()
    answer("quickstart", "--no-serve")
    assert everything() == before
    answer("backup", str(first_release.parent / "b.zip"))
    answer("restore", str(first_release.parent / "b.zip"))
    assert everything() == before


@pytest.mark.parametrize("office", BOTH, indirect=True)
def test_a_backup_of_release_0_6_is_taken_in_and_shown_as_it_was(office, quick):
    with zipfile.ZipFile(SIXTH) as archive:
        told = json.loads(archive.read("manifest.json"))
        lines = archive.read("rows/kpis_publication.jsonl").splitlines()
    (columns,) = [one["columns"] for one in told["tables"] if one["table"] == "kpis_publication"]
    places = [columns.index(name) for name in ("id", "version", "payload", "sha256")]
    rows = [json.loads(line) for line in lines]
    assert published() == [tuple(row[place] for place in places) for row in rows]
    assert len(rows) == 2
    pages_tell_what_the_paper_prints()
    before = everything()
    answer("quickstart", "--no-serve")
    assert everything() == before
