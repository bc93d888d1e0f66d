"""A publication changed behind the program's back: told wherever it would be shown, no more."""

import io

import pytest
from django.core.management import CommandError, call_command

from kpis.models import Publication
from kpis.selectors import published as memory

pytestmark = pytest.mark.django_db

SLUG = "kadoma-monozukuri"
HOME = f"/{SLUG}/"
WHY = "公表データが公表時の内容と一致しません（SHA-256の不一致）。"
PAGES = ("", "strategies/1/", "kpis/1-1/", "kgi/", "tree/", "rules/", "data/", "data/kpis.csv")
PAGES += ("data/kpis.json", "data/kpis.xlsx", "?table=indicators")


@pytest.fixture
def changed(published):
    """Return a function that makes 704 of R7 上半期 a 999, and leaves its SHA-256 as it was."""

    def change():
        row = Publication.objects.get(period__term="H1")
        text = row.payload.replace('"704"', '"999"')
        assert text != row.payload
        Publication.objects.filter(pk=row.pk).update(payload=text)
        return row

    return change


@pytest.mark.parametrize("started", ["since", "before"])
def test_what_was_changed_is_not_shown_and_all_else_is(client, published, changed, started):
    if started == "before":  # and its pages are in memory, as they were published
        seen = {one: client.get(HOME + one) for one in PAGES}
    changed()
    if started == "before":
        for one, answer in seen.items():
            again = client.get(HOME + one)
            assert again.status_code in (200, 404), one
            assert again.content == answer.content  # what was published, never what was changed
        memory._contents.clear()
    for one in PAGES:
        answer = client.get(HOME + one)
        told = answer.content.decode()
        assert (answer.status_code, WHY in told, "999" in told) == (503, True, False), one
        assert not answer.has_header("ETag")
    older = [f"{HOME}{one}?period=2024-FY" for one in ("", "strategies/1/", "kgi/", "tree/")]
    for one in (*older, f"{HOME}data/kpis.csv?period=2024-FY", "/plans/", "/guide/"):
        assert client.get(one).status_code == 200, one
    # A KPI's page tells all that was ever published of it, which cannot be told any more.
    assert client.get(f"{HOME}kpis/1-1/?period=2024-FY").status_code == 503
    dated = [one.published_at.astimezone().date() for one in Publication.objects.order_by("pk")]
    assert client.get(f"{HOME}data/2024-FY/v1-{dated[0]}/kpis.csv").status_code == 200
    assert client.get(f"{HOME}data/2025-H1/v1-{dated[1]}/kpis.csv").status_code == 503


@pytest.mark.parametrize("what", ["payload", "sha256"])
def test_a_page_in_memory_is_not_shown_for_another_hash(client, published, what):
    assert client.get(HOME).status_code == 200
    other = {"payload": "{}", "sha256": "0" * 64}
    Publication.objects.filter(period__term="H1").update(**{what: other[what]})
    memory._contents.clear()
    answer = client.get(HOME)
    assert (answer.status_code, WHY in answer.content.decode()) == (503, True)


def test_staff_pages_stay_up_and_the_workbook_says_why(client, administrator, published, changed):
    row = changed()
    client.force_login(administrator)
    period = f"/admin/kpis/reportingperiod/{row.period_id}"
    for one in ("/admin/", f"{period}/entry/", f"{period}/readiness/", "/admin/kpis/publication/"):
        assert client.get(one).status_code == 200, one
    answer = client.get(f"/admin/kpis/publication/{row.pk}/council/file/")
    told = b"".join(answer) if answer.streaming else answer.content
    assert WHY in told.decode()
    assert not answer.has_header("Content-Disposition")


@pytest.mark.parametrize("command", ["export_data", "export_council"])
def test_no_command_writes_what_was_changed(published, changed, tmp_path, command):
    changed()
    file = tmp_path / "out.xlsx"
    options = {"format": "xlsx"} if command == "export_data" else {}
    with pytest.raises(CommandError) as caught:
        call_command(command, SLUG, output=str(file), stdout=io.StringIO(), **options)
    assert WHY in str(caught.value)
    assert caught.value.returncode == 1
    assert not file.exists()
    call_command(command, SLUG, output=str(file), period="2024-FY", **options)
    assert file.read_bytes()[:2] == b"PK"
