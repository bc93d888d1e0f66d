"""Every table of every page as a CSV file: complete, harmless, and no wider than its page."""

import csv
import html
import io
import re
from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest

from actions.fiscal import Period, Term
from actions.models import Action, PublicityRecord
from kpis.models import Actual
from kpis.services import publish_outright
from kpis.tables import Table, table_csv
from kpis.tables.base import text_column
from tests.factories import make_actions

SLUG = "kadoma-monozukuri"
R7_H1 = Period(2025, Term.H1)
OLDER = "?period=2024-FY&version=1"
REST = ["", "strategies/1/", "strategies/2/", "strategies/3/", "measures/1-3/", "measures/3-6/"]
REST += [f"kpis/{code}/" for code in ("1-1", "2-2", "2-4", "3-3")]
REST += ["kgi/", "tree/", "actions/", "publicity/", "meetings/", "rules/", "corrections/", "data/"]
# Tables by page; a page that gets one more says so here.
# No actions are published.
NUMBERS = [5, 2, 2, 2, 1, 0, 2, 2, 2, 2, 2, 0, 0, 1, 0, 7, 1, 5]


class Tables(HTMLParser):
    """Every table of a page: rows of texts, and the address of its CSV."""

    def __init__(self, page):
        super().__init__()
        self.found, self.cell, self.ends = [], None, []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        if tag == "table":
            self.found.append({"rows": [], "address": None})
        elif tag == "tr":
            self.found[-1]["rows"].append([])
        elif tag in ("th", "td"):
            self.cell = ""
        elif tag == "a" and self.cell is None and "table=" in names["href"]:
            assert self.found[-1]["address"] is None
            self.found[-1]["address"] = names["href"]
        elif self.cell is not None:
            self.inside(tag, names)

    def inside(self, tag, names):
        """Write down what stands before and after an element of a cell."""
        kind = names.get("class", "")
        self.cell += {"br": "\n", "svg": names.get("aria-label", "")}.get(tag, "")
        if tag == "span":
            self.cell += "（" if kind == "remark" else ""
            self.ends.append({"remark": "）", "line": "\n"}.get(kind.split(" ")[0], ""))

    def handle_endtag(self, tag):
        if tag in ("th", "td"):
            text = re.sub(r"\n+", "\n", self.cell.strip())
            self.found[-1]["rows"][-1].append(text)
            self.cell = None
        elif tag == "span" and self.cell is not None:
            self.cell += self.ends.pop()

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data


def tables_of(client, address):
    return Tables(client.get(address).content.decode()).found


def rows_of(response):
    content = b"".join(response)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def harmless(row):
    return [f"'{text}" if text.startswith(("=", "+", "-", "@")) else text for text in row]


def check(client, address, number):
    """Hold each table of the page against its CSV."""
    found, names = tables_of(client, address), set()
    assert len(found) == number, address
    for table in found:
        response = client.get(urljoin(address, table["address"]))
        assert response.status_code == 200
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert rows_of(response) == [harmless(row) for row in table["rows"]], table["address"]
        names.add(response["Content-Disposition"])
    assert len(names) == number
    return names


@pytest.fixture
def corrected(published, administrator):
    """The plan after R7 上半期 was corrected, so that every page has all its tables."""
    published.indicators.get(code="1-1").actuals.filter(period__fiscal_year=2025).update(value=714)
    publish_outright(plan=published, period=R7_H1, by=administrator, reason="集計の誤り")
    return published


@pytest.fixture
def preview(corrected, client, administrator):
    """The address of the preview of R7 上半期, for the signed-in administrator."""
    corrected.indicators.get(code="1-1").actuals.filter(period__fiscal_year=2025).update(value=777)
    client.force_login(administrator)
    return f"/admin/preview/{corrected.periods.get(fiscal_year=2025, term='H1').pk}/"


def test_every_table_of_every_page_can_be_saved_as_it_is_read(client, corrected):
    pages = dict(zip(REST, NUMBERS, strict=True))
    names = [
        name for rest, number in pages.items() for name in check(client, f"/{SLUG}/{rest}", number)
    ]
    # A strategy's table stands on two pages; apart from that no two files have one name.
    assert len(names) - len(set(names)) == 3
    assert 'attachment; filename="kadoma-monozukuri_2025-H1_v2_strategy-2-years.csv"' in names
    assert check(client, "/", 5) == check(client, f"/{SLUG}/", 5)


def test_an_older_publications_tables_are_its_own(client, corrected):
    numbers = {**dict(zip(REST, NUMBERS, strict=True)), "corrections/": 0}
    for rest, number in numbers.items():
        names = check(client, f"/{SLUG}/{rest}{OLDER}", number)
        assert all("_2024-FY_v1_" in name for name in names)
    rows = rows_of(client.get(f"/{SLUG}/{OLDER}&table=strategy-1"))
    assert rows[0][3] == "R6 実績"
    assert rows[1][3:5] == ["1,124", "93.6%"]


def test_the_previews_tables_hold_the_draft_and_no_cache_keeps_them(client, preview):
    numbers = {**dict(zip(REST, NUMBERS, strict=True)), "corrections/": 2, "data/": 4}
    for rest, number in numbers.items():
        names = check(client, preview + rest, number)
        assert all("_2025-H1_preview_" in name for name in names)
    response = client.get(f"{preview}?table=strategy-1")
    assert "777" in b"".join(response).decode()
    assert {"no-store", "private"} <= {*response["Cache-Control"].split(", ")}
    assert not response.has_header("ETag")
    assert response["X-Robots-Tag"] == "noindex"


def test_nobody_else_gets_a_previews_table(client, preview, council_member):
    client.force_login(council_member)
    assert client.get(f"{preview}?table=strategy-1").status_code == 403
    client.logout()
    response = client.get(f"{preview}?table=strategy-1")
    assert response["Location"] == f"/admin/login/?next={preview}%3Ftable%3Dstrategy-1"


@pytest.mark.parametrize("rest", REST)
def test_a_table_that_a_page_does_not_have_is_told_in_japanese(client, published, rest):
    response = client.get(f"/{SLUG}/{rest}?table=<nai>")
    assert response.status_code == 404
    assert "表「&lt;nai&gt;」はこのページにありません。" in response.content.decode()


def test_what_a_reader_sees_beside_a_figure_stands_in_brackets(client, published, administrator):
    one = Actual.objects.get(indicator__code="1-1", period__fiscal_year=2025)
    one.provisional, one.override_reason = True, "集計中"
    one.override = published.bands.get(term="H1", sign="○")
    one.save()
    publish_outright(plan=published, period=R7_H1, by=administrator, reason="速報")
    rows = {row[0][:3]: row for row in rows_of(client.get(f"/{SLUG}/?table=strategy-1"))}
    rows |= {row[0][:3]: row for row in rows_of(client.get(f"/{SLUG}/?table=strategy-3"))}
    assert rows["1-1"][:7] == [
        "1-1 門真市中小企業サポートセンター相談件数（件）",
        "1,124",
        "1,200",
        "704（速報）",
        "58.6%",
        "達成率58.6%（9月末の目安50%以上）",
        "○概ね順調（計算では ◎順調（変更の理由: 集計中））",
    ]
    assert rows["1-1"][7] == "→横ばい（R6 ○概ね達成）"
    assert rows["1-1"][8].startswith("R5 1,078件、R6 1,124件（目標1,200）、R7上半期 704件")
    assert rows["3-3"][3:5] == ["—（公表資料に記載なし）", "—"]
    years = rows_of(client.get(f"/{SLUG}/strategies/1/?table=strategy-1-years"))
    assert years[1][3] == "目標 1,200\n上半期 704（速報）（58.6%）○概ね順調"


def test_no_text_acts_as_a_formula_and_figures_stay_readable():
    class Small(Table):
        text = text_column("=見出し")

    texts = ['=HYPERLINK("http://evil.example")', "@x", "+3.3ポイント", "▲5", "-5", "２行\n=1"]
    rows = table_csv(Small("small", [{"text": text} for text in texts], "表")).decode("utf-8-sig")
    read = [row[0] for row in csv.reader(io.StringIO(rows, newline=""))]
    assert read == ["'=見出し", f"'{texts[0]}", "'@x", "'+3.3ポイント", "▲5", "'-5", "２行\n=1"]


def test_a_formula_in_a_record_is_a_text_in_its_table(client, published, administrator):
    PublicityRecord.objects.create(plan=published, kind="新聞", content="=1+1<br>")
    measures = published.strategies.get(number=1).measures.all()
    make_actions(plan=published, measures=measures, indicators=published.indicators.all())
    Action.objects.filter(code="A-1").update(section="=1+1<br>")
    publish_outright(plan=published, period=R7_H1, by=administrator, reason="追加")
    check(client, f"/{SLUG}/publicity/", 1)
    assert "'=1+1<br>" in b"".join(client.get(f"/{SLUG}/publicity/?table=publicity")).decode()
    check(client, f"/{SLUG}/actions/", 2)
    check(client, f"/{SLUG}/actions/A-1/", 1)
    assert "'=1+1<br>" in b"".join(client.get(f"/{SLUG}/actions/?table=actions")).decode()


def test_a_readers_copy_is_good_until_something_is_published(client, published, administrator):
    address = f"/{SLUG}/kpis/1-1/?period=2025-H1&version=1&table=kpi-1-1-history"
    first = client.get(address)
    assert first["Cache-Control"] == "no-cache"
    kept = {"HTTP_IF_NONE_MATCH": first["ETag"]}
    assert client.get(address, **kept).status_code == 304
    assert client.head(address).headers == first.headers
    # The record of what was published grows, although this version stays.
    publish_outright(plan=published, period=R7_H1, by=administrator, reason="訂正")
    again = client.get(address, **kept)
    assert again.status_code == 200
    assert len(rows_of(again)) == len(rows_of(first)) + 1


@pytest.mark.parametrize(
    "address", ["?table=counts", "kpis/1-1/?table=kpi-1-1-history", "data/?table=issues"]
)
def test_a_table_costs_no_more_queries_than_its_page(
    client, published, address, django_assert_max_num_queries
):
    with django_assert_max_num_queries(3):
        assert client.get(f"/{SLUG}/{address}").status_code == 200


def test_a_link_names_its_table_for_who_hears_it(client, published):
    page = html.unescape(client.get(f"/{SLUG}/kgi/").content.decode())
    names = re.findall(r'この表をCSVで保存<span class="visually-hidden">（(.*)）</span></a>', page)
    assert names == re.findall(r"<caption>(.*)</caption>", page)
    assert len(names) == 2
