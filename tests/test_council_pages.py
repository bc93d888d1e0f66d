"""The page of the council's papers: what it tells, the file at once, and the file step by step."""

import json
import logging
import re
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from actions.fiscal import Period, Term
from kpis.admin import council_page
from kpis.models import Actual, Publication
from kpis.selectors import council_papers, shown
from kpis.selectors import published as memory
from kpis.services import publish_outright
from kpis.workbooks.council import Step, council_workbook
from tests.factories import make_plan
from tests.printed import opened

R6, R7_H1 = Period(2024, Term.FY), Period(2025, Term.H1)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAME = "門真市ものづくり産業振興計画_令和7年度上半期_第1版_会議資料.xlsx"
BROKEN = "公表データが公表時の内容と一致しません（SHA-256の不一致）。"
FAILED = (
    "会議資料を作成できませんでした。時間をおいてもう一度お試しください。"
    "続く場合は担当者に連絡してください。"
)
pytestmark = pytest.mark.django_db


@pytest.fixture
def h1(published):
    """The newest publication: R7 上半期, version 1."""
    return Publication.objects.get(period__plan=published, period__term="H1")


def page_of(publication, file=""):
    return reverse(f"admin:kpis_publication_council{file}", args=[publication.pk])


def file_of(publication):
    return page_of(publication, "_file")


def words(response):
    return re.sub(r"\s+", " ", strip_tags(response.content.decode()))


def correct(publication, publisher, value=710):
    """Publish a correction of 1-1 and return the new version."""
    rows = Actual.objects.filter(indicator__code="1-1", period=publication.period)
    rows.update(value=value)
    period = publication.period
    return publish_outright(
        plan=period.plan, period=period.period, by=publisher, reason="集計の誤り"
    )


def taken_apart(response):
    """Return the lines told before the file, and the file."""
    assert response.streaming
    lines, rest = [], b"".join(response.streaming_content)
    while True:
        line, newline, rest = rest.partition(b"\n")
        assert newline, line
        lines.append(json.loads(line))
        if "size" in lines[-1] or "error" in lines[-1]:
            return lines, rest


# --- the page -------------------------------------------------------------------------------------


def test_the_page_tells_which_publication_it_is_and_what_the_workbook_holds(clerk, h1):
    page = clerk.get(page_of(h1))
    told = words(page)
    for one in (
        "門真市ものづくり産業振興計画",
        "令和7年度上半期 第1版（令和",
        "Excelを作成して保存",
    ):
        assert one in told
    sheets = re.findall(r'<th scope="row">(.*?)</th>', page.content.decode())
    assert sheets == opened(council_workbook(council_papers(shown(h1.period.plan.slug)))).sheetnames
    assert "この公表より新しい公表があります" not in told


def test_an_older_publication_leads_to_the_newest(clerk, h1, publisher):
    newer = correct(h1, publisher)
    page = clerk.get(page_of(h1))
    assert "この公表より新しい公表があります。令和7年度上半期 第2版の会議資料へ" in words(page)
    assert f'href="{page_of(newer)}"' in page.content.decode()


def test_an_unknown_publication_is_not_found(clerk, h1):
    for address in (page_of(h1), file_of(h1)):
        assert clerk.get(address.replace(f"/{h1.pk}/", "/99999/")).status_code == 404


# --- the file -------------------------------------------------------------------------------------


def test_the_file_is_sent_for_keeping_under_its_japanese_name(clerk, h1):
    answer = clerk.get(file_of(h1))
    assert answer["Content-Type"] == XLSX
    assert answer["X-Content-Type-Options"] == "nosniff"
    plain, told = re.fullmatch(
        r"attachment; filename=\"(.+)\"; filename\*=UTF-8''(\S+)", answer["Content-Disposition"]
    ).groups()
    assert plain == "kadoma-monozukuri_2025-H1_v1_council.xlsx"
    assert unquote(told) == NAME
    assert answer.content == council_workbook(council_papers(shown(h1.period.plan.slug)))


def test_a_plan_s_name_can_neither_break_the_header_nor_leave_the_folder(clerk, h1, publisher):
    plan = h1.period.plan
    plan.name = '../計画"; x=\\1:*?<>|\x01' + "長" * 100
    plan.save()
    newer = correct(h1, publisher)
    told = clerk.get(file_of(newer))["Content-Disposition"].rpartition("''")[2]
    assert re.fullmatch(r"[\w.%-]+", told)
    name = unquote(told)
    assert re.fullmatch(r"計画_;_x=_1_長+_令和7年度上半期_第2版_会議資料\.xlsx", name)
    assert len(name.encode("utf-16-le")) // 2 < 100


def test_two_answers_are_the_same_byte_for_byte(clerk, h1):
    first = clerk.get(file_of(h1)).content
    memory._contents.clear()
    assert clerk.get(file_of(h1)).content == first


def test_each_version_has_its_own_file(clerk, h1, publisher):
    first = clerk.get(file_of(h1)).content
    newer = correct(h1, publisher)
    assert clerk.get(file_of(newer)).content != first
    assert clerk.get(file_of(h1)).content == first


# --- the file, step by step -----------------------------------------------------------------------


def test_the_stream_tells_each_step_then_the_size_and_name_and_then_sends_the_file(clerk, h1):
    answer = clerk.get(file_of(h1), {"progress": "1"})
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Accel-Buffering"] == "no"
    assert "no-store" in answer["Cache-Control"]
    assert not answer.has_header("Content-Length")
    (*steps, last), file = taken_apart(answer)
    whole = clerk.get(file_of(h1)).content
    assert file == whole
    assert last == {"size": len(whole), "name": NAME}
    assert [one["name"] for one in steps] == [*opened(whole).sheetnames, "ファイル"]
    assert [(one["step"], one["of"]) for one in steps] == [
        (number, len(steps)) for number in range(1, len(steps) + 1)
    ]


def test_the_lines_are_compact_json_in_utf8(clerk, h1):
    first = next(iter(clerk.get(file_of(h1), {"progress": "1"}).streaming_content))
    assert re.fullmatch(r'\{"step":1,"of":\d+,"name":"表紙"\}\n', first.decode())


def test_each_line_is_sent_before_its_step_is_made(clerk, h1, monkeypatch):
    made = []

    def steps(papers):
        for number in (1, 2):
            yield Step(number, 2, f"段{number}")
            made.append(number)
        return b"file"

    monkeypatch.setattr(council_page, "council_steps", steps)
    parts = iter(clerk.get(file_of(h1), {"progress": "1"}).streaming_content)
    seen = [(json.loads(next(parts)), list(made)) for _ in range(3)]
    assert seen == [
        ({"step": 1, "of": 2, "name": "段1"}, []),
        ({"step": 2, "of": 2, "name": "段2"}, [1]),
        ({"size": 4, "name": NAME}, [1, 2]),
    ]
    assert list(parts) == [b"file"]


def test_a_fault_on_the_way_is_told_and_logged(clerk, h1, monkeypatch, caplog):
    def steps(papers):
        yield Step(1, 2, "表紙")
        raise ZeroDivisionError("秘密")

    monkeypatch.setattr(council_page, "council_steps", steps)
    with caplog.at_level(logging.ERROR, "kpis.admin.council_page"):
        lines, rest = taken_apart(clerk.get(file_of(h1), {"progress": "1"}))
    assert lines == [{"step": 1, "of": 2, "name": "表紙"}, {"error": FAILED}]
    assert rest == b""
    assert "ZeroDivisionError" in caplog.text


def test_asking_for_the_head_makes_no_workbook(clerk, h1, monkeypatch):
    monkeypatch.setattr(council_page, "council_steps", None)
    assert clerk.head(file_of(h1), {"progress": "1"}).status_code == 200


# --- damaged publications -------------------------------------------------------------------------


@pytest.mark.parametrize(("term", "before"), [("H1", ""), ("FY", "令和6年度 第1版: ")])
def test_a_damaged_publication_answers_with_its_message(clerk, h1, term, before):
    Publication.objects.filter(period__term=term).update(sha256="0" * 64)
    for address in (page_of(h1), file_of(h1)):
        answer = clerk.get(address)
        assert answer.status_code == 503
        assert f"{before}{BROKEN}" in words(answer)
        assert "Content-Disposition" not in answer
        assert "Excelを作成して保存" not in words(answer)
    answer = clerk.get(file_of(h1), {"progress": "1"})
    assert answer.status_code == 503
    assert taken_apart(answer) == ([{"error": f"{before}{BROKEN}"}], b"")


# --- the ways there -------------------------------------------------------------------------------


def test_publications_and_periods_lead_to_their_papers(clerk, h1, publisher):
    newer = correct(h1, publisher)
    ways = {
        reverse("admin:kpis_publication_changelist"): {page_of(h1), page_of(newer)},
        reverse("admin:kpis_publication_change", args=[h1.pk]): {page_of(h1)},
        reverse("admin:kpis_reportingperiod_changelist"): {page_of(newer)},
        reverse("admin:kpis_reportingperiod_change", args=[h1.period_id]): {page_of(newer)},
        reverse("admin:kpis_reportingperiod_readiness", args=[h1.period_id]): {
            page_of(h1),
            page_of(newer),
        },
    }
    for address, wanted in ways.items():
        page = clerk.get(address).content.decode()
        assert wanted <= set(re.findall(r'href="([^"]+/council/)"', page)), address


def test_a_period_without_a_publication_has_no_papers(clerk, entering):
    for page in ("change", "readiness"):
        address = reverse(f"admin:kpis_reportingperiod_{page}", args=[entering.pk])
        assert "/council/" not in clerk.get(address).content.decode()
    row = clerk.get(reverse("admin:kpis_reportingperiod_changelist")).content.decode()
    assert len(re.findall(r"/council/", row)) == 2  # R6 and R7 上半期


def test_the_lists_cost_as_many_queries_with_more_publications(clerk, h1, publisher):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            for name in ("publication", "reportingperiod"):
                clerk.get(reverse(f"admin:kpis_{name}_changelist"))
        return len(captured)

    cost()  # the first page of a process also fills caches
    few = cost()
    for value in (710, 720, 730):
        correct(h1, publisher, value)
    assert cost() == few


# --- what it costs --------------------------------------------------------------------------------


def cost_of(client, publication, **query):
    """Return the number of queries of a process that has read nothing yet."""
    memory._contents.clear()
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(file_of(publication), query)
        content = b"".join(answer)  # a stream is read to its end
    assert answer.status_code == 200
    assert b"PK\x03\x04" in content
    return len(captured)


def frozen_plan(publisher, slug, **sizes):
    """Return the newest publication of a plan of this size, itself a correction."""
    plan = make_plan(slug=slug, **sizes)
    for period in (R6, R7_H1, R7_H1):
        made = publish_outright(plan=plan, period=period, by=publisher, reason="確認済み")
    return made


@pytest.mark.slow
def test_the_workbook_costs_as_many_queries_for_a_large_plan(clerk, publisher):
    small = frozen_plan(publisher, "small", indicators=15)
    large = frozen_plan(publisher, "large", indicators=60)
    few = cost_of(clerk, small)
    assert few <= 15
    assert cost_of(clerk, small, progress=1) == few
    assert cost_of(clerk, large) == few
    assert cost_of(clerk, large, progress=1) == few
