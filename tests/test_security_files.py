"""Files that come in and go out: none does harm here, and none on a reader's own machine."""

import csv
import io
import re
import zipfile

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import CharField, TextField
from openpyxl import load_workbook

from actions.fiscal import Period, Term
from actions.models import ActionYear
from kpis.models import ActionUpload, PlanBookUpload, Upload
from kpis.services import publish_outright
from tests.entry_files import content, downloaded, preview_of, rezipped
from tests.factories import make_plan
from tests.sending import plan_book_of

pytestmark = pytest.mark.django_db

# --- in: every door for files ---------------------------------------------------------------------

MANY = b"<sst>" + b"<si><t/></si>" * 1_700_000 + b"</sst>"
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><sst><si>&b;</si></sst>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst><si><t>&a;</t></si></sst>'


def zip_of(name, body):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, body)
    return stream.getvalue()


@pytest.fixture
def doors(client, publisher, entering):
    """Return a function that sends a file to each page that takes one, and what each says of it."""
    client.force_login(publisher)
    own = f"/admin/kpis/reportingperiod/{entering.pk}/"
    pages = (f"{own}import/", f"{own}actions/import/", "/admin/actions/plan/book/import/")

    def sent(data):
        answers = [client.post(one, {"file": SimpleUploadedFile("a.xlsx", data)}) for one in pages]
        return [one.context["form"].errors.get("file", [""])[0] for one in answers]

    return sent


@pytest.mark.parametrize(
    ("part", "words"),
    [
        pytest.param(MANY, "展開すると大きすぎる", id="shared-strings-bomb"),
        pytest.param(LAUGHS, "DTD・外部参照など", id="billion-laughs"),
        pytest.param(OUTSIDE, "DTD・外部参照など", id="external-entity"),
        pytest.param(b" " + OUTSIDE, "DTD・外部参照など", id="after-a-blank"),
    ],
)
def test_every_door_refuses_what_swells_or_reaches_outside(doors, entering, part, words):
    book = rezipped(content(downloaded(entering)), [("xl/sharedStrings.xml", part)])
    told = doors(book)
    assert len(told) == 3
    assert all(words in one for one in told), told
    assert not any(one.objects.exists() for one in (Upload, ActionUpload, PlanBookUpload))


def test_every_door_refuses_a_zip_within_a_zip_and_a_large_file(doors):
    nested = zip_of("xl/workbook.xml", zip_of("a", b"0" * 1_000_000))
    assert all("ではありません" in one for one in doors(nested))
    told = doors(b"PK" + bytes(5 * 1024 * 1024 + 1))
    assert ["5MBまで" in one for one in told[:2]] == [True, True]
    assert "壊れていて" in told[2]  # a plan book may be larger
    assert "MBまでです" in doors(bytes(31 * 1024 * 1024))[2]


@pytest.mark.parametrize("address", ["/accounts/login/", "/admin/", "/plans/"])
def test_what_is_larger_than_any_file_is_refused_before_it_is_read(client, db, address):
    class Unread(io.BytesIO):
        def read(self, *_):
            raise AssertionError("read")

    sent = {"CONTENT_LENGTH": str(64 * 1024 * 1024 + 1), "wsgi.input": Unread()}
    answer = client.post(address, **sent)
    assert answer.status_code == 413
    assert "一度に送れるのは64MBまでです" in answer.content.decode()


def test_names_inside_a_file_lead_nowhere_on_the_disk(client, publisher, entering, tmp_path):
    client.force_login(publisher)
    names = [f"../../../../../..{tmp_path}/a.xml", f"{tmp_path}/b.xml", "..\\..\\c.xml"]
    book = rezipped(content(downloaded(entering)), [(one, b"<a/>") for one in names])
    assert preview_of(client, entering, book).unchanged == 15
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ['../../a";x="b.xlsx', "C:\\a\\b.xlsx", "記入 \u202e x.xlsx"])
def test_a_files_name_is_a_name_and_no_header_and_no_path(client, publisher, entering, name):
    client.force_login(publisher)
    file = SimpleUploadedFile("x.xlsx", content(downloaded(entering)))
    file._name = name  # as a program that is no browser may send it
    client.post(f"/admin/kpis/reportingperiod/{entering.pk}/import/", {"file": file})
    kept = Upload.objects.get()
    assert not re.search(r"[/\\\u202e]|\.\.", kept.name)
    answer = client.get(f"/admin/kpis/upload/{kept.pk}/file/")
    told = answer["Content-Disposition"]
    assert re.fullmatch(r"""attachment; filename(="([^"\\]|\\.)*"|\*=utf-8''[\w%.;-]+)""", told)
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")


def test_a_formula_in_a_file_is_no_value(client, publisher, entering):
    client.force_login(publisher)
    book = downloaded(entering)
    book["実績入力"]["I6"] = '=WEBSERVICE("http://192.0.2.1/")'
    faults = preview_of(client, entering, content(book)).faults
    assert ["数式が入っています" in one.message for one in faults] == [True]


# --- out: every file that anybody can have --------------------------------------------------------

HOSTILE = ("=1+", "+1+", "-1+", "@a", "\t=1+", "\r=1+")
KEPT = {"confirmed_cautions", "slug", "code", "email", "sha256", "digest", "state"}


@pytest.fixture
def hostile(administrator):
    """Return a published plan of which every text starts like a formula."""
    plan = make_plan(slug="aku", indicators=3, actions=3)
    ActionYear.objects.update(done="x", results="x", revision_note="x")
    for app in ("actions", "kpis"):
        for model in apps.get_app_config(app).get_models():
            if "histor" not in model.__name__.lower():
                _spoil(model)
    publish_outright(plan=plan, period=Period(2024, Term.FY), by=administrator, reason="=1+1")
    return plan


def _spoil(model):
    fields = [
        one
        for one in model._meta.concrete_fields
        if isinstance(one, CharField | TextField) and not one.choices and one.name not in KEPT
    ]
    for number, row in enumerate(model.objects.all()):
        texts = {
            one.name: f"{HOSTILE[(number + place) % len(HOSTILE)]}{row.pk}"[: one.max_length]
            for place, one in enumerate(fields)
            if getattr(row, one.name)
        }
        if texts:
            model.objects.filter(pk=row.pk).update(**texts)


def formulas_in(answer):
    """Return the cells of the file that a spreadsheet would calculate, and how many it has."""
    data = answer if isinstance(answer, bytes) else answer.content
    if data.startswith(b"PK"):
        pages = load_workbook(io.BytesIO(data))
        cells = [one for page in pages.worksheets for row in page.iter_rows() for one in row]
        return [one.value for one in cells if one.data_type == "f"], len(cells)
    texts = [one for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for one in row]
    acting = [one for one in texts if re.match(r"[=+\-@\t\r]", one)]
    return [one for one in acting if not re.fullmatch(r"-?[\d.,]+%?", one)], len(texts)


def test_no_file_that_anybody_can_have_holds_a_formula(client, administrator, hostile):
    client.force_login(administrator)
    period = hostile.periods.get(fiscal_year=2025, term="H1")
    edition = hostile.periods.get(fiscal_year=2024, term="FY").publications.get()
    page = client.get("/aku/data/").content.decode()
    addresses = set(re.findall(r'href="(/aku/data/[\w.-]+\.(?:csv|xlsx))', page))
    assert len(addresses) >= 7
    for public in ("", "kpis/1-1/", "measures/1-1/", "actions/", "publicity/", "kgi/", "rules/"):
        tables = re.findall(r"\?table=[\w-]+", client.get(f"/aku/{public}").content.decode())
        addresses |= {f"/aku/{public}{one}" for one in tables}
    own = f"/admin/kpis/reportingperiod/{period.pk}/"
    addresses |= {
        f"{own}workbook/",
        f"{own}actions/workbook/",
        f"/admin/actions/plan/{hostile.pk}/book/",
        f"/admin/actions/plan/{hostile.pk}/open-targets.csv",
        f"/admin/kpis/publication/{edition.pk}/council/file/",
    }
    found = {}
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        found[address] = formulas_in(answer)
    assert {address: told for address, (told, _) in found.items() if told} == {}
    assert sum(number for _, number in found.values()) > 2_000


def test_the_search_for_formulas_finds_them(entering):
    # The control: what a spreadsheet would calculate is seen, and a negative figure is none.
    assert formulas_in('"=1+1",-5,"+a"'.encode("utf-8-sig")) == (["=1+1", "+a"], 3)
    book = downloaded(entering)
    book["実績入力"]["I6"] = "=1+1"
    assert formulas_in(content(book))[0] == ["=1+1"]
    assert plan_book_of(entering.plan)[:2] == b"PK"


# --- nothing leads away ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["//evil.example/plans", "/\\evil.example/plans", "//evil.example/admin"]
)
def test_an_address_without_its_last_slash_leads_nowhere_else(client, published, address):
    answer = client.generic("GET", address)
    led = answer.get("Location", "/")
    assert led.startswith("/")
    assert not led.startswith(("//", "/\\"))
