"""export_council and what it is made of: which publications are compared, and what stays frozen."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.fiscal import Period, Term
from kpis.differences import differences
from kpis.models import Actual, Indicator, JudgementBand, Publication, Target
from kpis.payload import PayloadError
from kpis.selectors import council_papers, shown
from kpis.selectors import published as memory
from kpis.services import publish_outright
from kpis.workbooks.council import council_workbook
from tests.factories import make_plan
from tests.printed import opened

SLUG = "kadoma-monozukuri"
R6, R7_H1, R7 = Period(2024, Term.FY), Period(2025, Term.H1), Period(2025, Term.FY)
BROKEN = "公表データが公表時の内容と一致しません（SHA-256の不一致）。"
pytestmark = pytest.mark.django_db


@pytest.fixture
def correct(published, publisher):
    """Publish a correction of 1-1 at a period of the city's plan."""

    def corrected(period, value):
        rows = Actual.objects.filter(indicator__code="1-1", period__fiscal_year=period.fiscal_year)
        rows.filter(period__term=period.term).update(value=value)
        return publish_outright(plan=published, period=period, by=publisher, reason="集計の誤り")

    return corrected


def papers(period=None, version=None):
    return council_papers(shown(SLUG, period, version))


def edition(progress):
    """Return which publication it is, or None."""
    return progress and (progress.period, progress.edition.version)


# --- what the papers are made of ------------------------------------------------------------------


def test_the_newest_publication_is_compared_with_the_period_before(published):
    made = papers()
    assert edition(made.progress) == (R7_H1, 1)
    assert edition(made.before) == (R6, 1)
    assert made.corrections == ()


def test_the_first_period_has_nothing_before_it(published):
    made = papers(R6)
    assert (edition(made.progress), made.before, made.corrections) == ((R6, 1), None, ())


def test_the_newest_version_of_the_period_before_counts(correct, published):
    correct(R6, 1130)
    correct(R7_H1, 710)
    made = papers()
    assert (edition(made.progress), edition(made.before)) == ((R7_H1, 2), (R6, 2))


def test_what_was_corrected_afterwards_does_not_reach_the_papers(correct, published):
    before = council_workbook(papers())
    correct(R6, 1130)
    made = papers()
    assert (edition(made.progress), edition(made.before)) == ((R7_H1, 1), (R6, 1))
    assert council_workbook(made) == before


def test_a_period_published_late_is_not_what_the_papers_were_compared_with(published, publisher):
    moment = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    Publication.objects.filter(period__term="H1").update(published_at=moment)
    assert papers().before is None


def test_a_correction_comes_with_what_it_changed(correct, published):
    correct(R7_H1, 710)
    correct(R7_H1, 720)
    made = papers()
    contents = [shown(SLUG, R7_H1, one).progress for one in (1, 2, 3)]
    assert made.progress == contents[2]
    assert made.corrections == differences(contents[1], contents[2])
    first = made.corrections[0]
    assert (first.before, first.after) == ("710", "720")
    assert papers(R7_H1, 2).corrections == differences(contents[0], contents[1])
    assert papers(R7_H1, 1).corrections == ()


def test_another_plan_is_not_compared(published, publisher):
    other = make_plan(slug="other", indicators=2, periods=(R6, R7))
    publish_outright(plan=other, period=R6, by=publisher, reason="初回")
    assert edition(papers().before) == (R6, 1)
    assert council_papers(shown("other")).before is None


def test_the_papers_take_few_queries_and_none_again(correct, published):
    correct(R7_H1, 710)
    found = shown(SLUG)
    memory._contents.clear()
    with CaptureQueriesContext(connection) as first:
        council_papers(found)
    with CaptureQueriesContext(connection) as second:
        council_papers(found)
    assert (len(first), len(second)) == (2, 0)


def test_a_damaged_publication_is_named(correct, published):
    correct(R7_H1, 710)
    found = shown(SLUG)
    for period, version, name in ((R6, 1, "令和6年度 第1版"), (R7_H1, 1, "令和7年度上半期 第1版")):
        rows = Publication.objects.filter(
            period__fiscal_year=period.fiscal_year, period__term=period.term, version=version
        )
        sound = rows.get().sha256
        rows.update(sha256="0" * 64)
        memory._contents.clear()
        with pytest.raises(PayloadError) as caught:
            council_papers(shown(SLUG))
        assert str(caught.value) == f"{name}: {BROKEN}"
        rows.update(sha256=sound)
    assert council_papers(found)


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def export(published, tmp_path):
    """Export to a new file and return its bytes."""

    def export(*options):
        file = tmp_path / "会議資料.xlsx"
        out = io.StringIO()
        call_command("export_council", SLUG, *options, "-o", str(file), stdout=out)
        assert out.getvalue() == ""
        return file.read_bytes()

    return export


def cover(content):
    """Return the cover's words."""
    rows = opened(content)["表紙"].iter_rows(values_only=True)
    return [str(value) for row in rows for value in row if value is not None]


def test_the_newest_publication_is_written(export):
    whole = export()
    assert whole == council_workbook(papers())
    assert "進捗状況報告（令和7年度上半期）" in cover(whole)


def test_two_runs_write_the_same_bytes_even_in_a_new_process(export):
    first = export()
    memory._contents.clear()
    assert export() == first


@pytest.mark.parametrize(
    ("options", "period", "version"),
    [
        (["--period", "R6-FY"], "令和6年度", 1),
        (["--period", "2024-FY", "--version", "1"], "令和6年度", 1),
        (["--version", "1"], "令和7年度上半期", 1),
        ([], "令和7年度上半期", 2),
    ],
)
def test_an_older_publication_is_written_on_request(export, correct, options, period, version):
    correct(R7_H1, 710)
    words = cover(export(*options))
    assert f"進捗状況報告（{period}）" in words
    assert any(f"{period} 第{version}版（" in one for one in words)


def test_what_changed_since_does_not_reach_an_old_workbook(export, published):
    before = export()
    Indicator.objects.update(name="改名", unit="個", rate_decimals=2)
    Target.objects.filter(value__isnull=False).update(value=9999)
    Actual.objects.filter(value__isnull=False).update(value=1)
    JudgementBand.objects.update(sign="改")
    published.name = "改名した計画"
    published.save()
    memory._contents.clear()
    assert export() == before


def test_a_hyphen_writes_to_standard_output(published, capsysbinary):
    call_command("export_council", SLUG, "-o", "-")
    assert capsysbinary.readouterr().out == council_workbook(papers())


NOT_A_PERIOD = "は期間として読み取れません。2025-H1、R7-H1、2024-FY のように指定してください。"


def refusal(*options):
    with pytest.raises(CommandError) as caught:
        call_command("export_council", *options)
    assert caught.value.returncode == 1
    return str(caught.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param(
            ["nowhere"], f"計画「nowhere」がありません（登録されている計画: {SLUG}）。", id="slug"
        ),
        pytest.param([SLUG, "--period", "R7"], f"「R7」{NOT_A_PERIOD}", id="no-period"),
        pytest.param(
            [SLUG, "--period", "R7-FY"], "令和7年度は公表されていません。", id="period-to-come"
        ),
        pytest.param(
            [SLUG, "--version", "2"], "令和7年度上半期の第2版は公表されていません。", id="version"
        ),
        pytest.param(
            [SLUG, "--version", "二"],
            "--version は数字で指定してください（「二」は読み取れません）。",
            id="no-version",
        ),
    ],
)
def test_what_cannot_be_written_is_told_and_nothing_is_written(
    published, tmp_path, options, message
):
    file = tmp_path / "会議資料.xlsx"
    assert refusal(*options, "-o", str(file)) == message
    assert not file.exists()


def test_a_plan_without_publications_has_no_papers(kadoma, tmp_path):
    file = tmp_path / "会議資料.xlsx"
    assert refusal(SLUG, "-o", str(file)) == "この計画の公表はまだありません。"


def test_a_file_that_cannot_be_written_is_told(published, tmp_path):
    place = tmp_path / "nowhere" / "会議資料.xlsx"
    assert refusal(SLUG, "-o", str(place)).startswith(f"{place} に書き込めません（")


@pytest.mark.parametrize(("term", "before"), [("H1", ""), ("FY", "令和6年度 第1版: ")])
def test_a_damaged_content_is_not_exported(published, tmp_path, term, before):
    Publication.objects.filter(period__term=term).update(sha256="0" * 64)
    file = tmp_path / "会議資料.xlsx"
    assert refusal(SLUG, "-o", str(file)) == f"{before}{BROKEN}"
    assert not file.exists()
