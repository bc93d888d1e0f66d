"""Who may do what: every address, every deed and every role, for every person.

The tables are written by hand from what the roles are for; nothing in them is read from the code.
An address that they do not name fails a test: whoever adds one decides here who may use it.
"""

import io
import re
from copy import copy
from itertools import product
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.forms import model_to_dict
from django.test import Client
from django.urls import get_resolver
from openpyxl import load_workbook

from actions.fiscal import Period, Term
from kpis.entry import FIELDS
from kpis.imports import preview
from kpis.management.commands import quickstart
from kpis.models import Actual, Reminder, ReportingPeriod, SectionContact
from kpis.rounds import Move
from kpis.selectors.entry import entry_rows
from kpis.services import ensure_roles, keep_upload, move, open_round
from kpis.workbooks import EntrySheet, entry_workbook
from tests.conftest import R7_FIGURES
from tests.factories import LETTER, make_plan

pytestmark = pytest.mark.django_db

# A nobody, M 委員, N staff without a role, E 入力担当, P 公表担当, S システム管理者, X superuser
NAMES = "council_member no_role entry_clerk publisher system_administrator administrator"
PEOPLE = dict(zip("AMNEPSX", ("", *NAMES.split()), strict=True))
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")

# --- every address ------------------------------------------------------------------------------
# The answers to METHODS in turn; the last one stands for all that follow. "in": to the login page.
PUBLIC = {"AMNEPSX": "200 200 405"}
PREVIEW = {"A": "in in 405", "MN": "403 403 405", "EPSX": "200 200 405"}
INSIDE = {"AM": "in"}
ROUND = INSIDE | {"N": "403 403 403 405"}
PLAN = ("", "strategies/<int:number>/", "measures/<slug:code>/", "kpis/<slug:code>/", "kgi/")
PLAN += ("actions/", "meetings/", "rules/", "corrections/", "data/", "data/kpis.<kind:kind>")
OWN = "admin/kpis/reportingperiod/"
SIGN = "200 200 200 405 405 200"  # what Django's own forms answer after GET
READ = "200 405 405 405 405 200"  # and its own pages
ADDRESSES = {
    "": PUBLIC,
    "healthz": PUBLIC,
    **{f"<slug:slug>/{rest}": PUBLIC for rest in PLAN},
    **{f"admin/preview/<int:period>/{rest}": PREVIEW for rest in PLAN},
    "admin/": INSIDE | {"NEPSX": "200"},
    "admin/login/": {"AM": f"200 {SIGN}", "NEPSX": f"302 {SIGN}"},
    "admin/logout/": {"AM": "302", "NEPSX": "405 405 200 405 405 405 200"},
    "admin/password_change/": INSIDE | {"NEPSX": f"200 {SIGN}"},
    "admin/password_change/done/": INSIDE | {"NEPSX": f"200 {READ}"},
    "admin/autocomplete/": INSIDE | {"N": "403 403 405 405 405 405 200", "EPSX": f"200 {READ}"},
    "admin/jsi18n/": INSIDE | {"NEPSX": f"200 {READ}"},
    "admin/r/<path:content_type_id>/<path:object_id>/": INSIDE | {"NEPSX": "404"},
    "admin/^(?P<app_label>auth|actions|kpis)/$": INSIDE | {"N": "404", "EPSX": "200"},
    "admin/(?P<url>.*)$": INSIDE | {"NEPSX": "404"},
    "admin/auth/user/<id>/password/": INSIDE | {"NEP": "403", "SX": "200"},
    f"{OWN}begin/": ROUND | {"E": "403 403 403 405", "PSX": "200 200 200 405"},
    f"{OWN}<int:pk>/readiness/": ROUND | {"EPSX": "200 200 200 405"},
    f"{OWN}<int:pk>/entry/": ROUND | {"EPSX": "200 200 302 405"},
    f"{OWN}<int:pk>/entry/answers/": INSIDE | {"N": "405 405 403 405", "EPSX": "405 405 200 405"},
    f"{OWN}<int:pk>/workbook/": INSIDE | {"N": "403 403 405", "EPSX": "200 200 405"},
    f"{OWN}<int:pk>/import/": ROUND | {"EPSX": "200 200 200 405"},
    f"{OWN}<int:pk>/import/<int:upload>/": ROUND | {"EPSX": "200 200 302 405"},
    f"{OWN}<int:pk>/reminders/": ROUND | {"E": "200 200 403 405", "PSX": "200 200 302 405"},
    "admin/kpis/upload/<int:pk>/file/": INSIDE | {"N": "403 403 405", "EPSX": "200 200 405"},
}
# What E, P and both S and X may do with a kind of record: view, add, change, delete.
RIGHTS = {
    "auth/group": ("", "", "vacd"),
    "auth/user": ("", "", "vac"),  # a name in the history stays
    "actions/plan": ("v", "v", "vacd"),
    "actions/strategy": ("v", "v", "vacd"),
    "actions/publicityrecord": ("v", "vacd", "vacd"),
    "kpis/indicator": ("v", "vac", "vacd"),
    "kpis/target": ("v", "vacd", "vacd"),
    "kpis/kgi": ("v", "vac", "vacd"),
    "kpis/kgivalue": ("v", "vac", "vacd"),
    "kpis/judgementband": ("v", "vacd", "vacd"),
    "kpis/sectioncontact": ("v", "vacd", "vacd"),
    "kpis/reportingperiod": ("v", "vac", "vacd"),  # until it has begun
    "kpis/actual": ("vac", "vac", "vac"),
    "kpis/publication": ("v", "v", "v"),
    "kpis/reminder": ("v", "v", "v"),
    "kpis/upload": ("v", "v", "v"),
}
AUDITED = ("indicator", "target", "actual", "kgi", "kgivalue")
PAGES = {"": "v", "add/": "a", "<path:object_id>/delete/": "d", "<path:object_id>/history/": "v"}
CHANGE, RECORD = "<path:object_id>/change/", "<path:object_id>/"
VERSION = "^([^/]+)/history/([^/]+)/$"  # one recorded state of a record: to look at only


def table():
    """Yield each address with each person's answers."""
    yield from ADDRESSES.items()
    for kind, (clerk, publisher, administrator) in RIGHTS.items():
        rights = {"N": "", "E": clerk, "P": publisher, "SX": administrator}
        for page, right in PAGES.items():
            found = {who: "200" if right in has else "403" for who, has in rights.items()}
            yield f"admin/{kind}/{page}", INSIDE | found
        change = {"vac": "200", "vacd": "200", "v": "200 200 403 200", "": "403"}
        yield f"admin/{kind}/{CHANGE}", INSIDE | {who: change[has] for who, has in rights.items()}
        yield f"admin/{kind}/{RECORD}", INSIDE | {"NEPSX": "302"}  # to the page above
    for name in AUDITED:
        yield f"admin/kpis/{name}/{VERSION}", INSIDE | {"N": "403 403 405", "EPSX": "200 200 405"}


def patterns(resolver=None, before=""):
    """Yield every address pattern of the project as it is written."""
    for one in (resolver or get_resolver()).url_patterns:
        if hasattr(one, "url_patterns"):
            yield from patterns(one, before + str(one.pattern))
        else:
            yield before + str(one.pattern)


def filled(pattern, at):
    """Return the pattern with a sample for each argument."""
    kind = re.match(r"admin/(\w+/\w+)/", pattern)
    sample = at.samples.get(kind[1]) if kind else None
    if pattern.endswith(VERSION):
        return f"/{pattern[: -len(VERSION)]}{sample.pk}/history/{sample.history.first().pk}/"
    values = {
        "<slug:slug>": at.r7.plan.slug,
        "<slug:code>": "1-1",
        "<int:number>": 1,
        "<kind:kind>": "csv",
        "<int:period>": at.r7.pk,
        "<int:upload>": at.upload.pk,
        "<path:content_type_id>": ContentType.objects.get_for_model(Actual).pk,
        "^(?P<app_label>auth|actions|kpis)/$": "kpis/",
        "(?P<url>.*)$": "nowhere/",
    }
    values["<int:pk>"] = at.upload.pk if "kpis/upload" in pattern else at.r7.pk
    values["<path:object_id>"] = values["<id>"] = getattr(sample, "pk", at.r7.pk)
    for place, value in values.items():
        pattern = pattern.replace(place, str(value))
    assert not re.search(r"[<>^$]", pattern), f"no sample for {pattern}"
    query = "?term=1&app_label=kpis&model_name=actual&field_name=indicator"
    return f"/{pattern}{query if 'autocomplete' in pattern else ''}"


# --- the office: a round half done, and whatever an address may name ----------------------------


@pytest.fixture
def no_role(django_user_model):
    """A staff account to which nobody gave a role yet."""
    return django_user_model.objects.create_user("shinnin", password="himitsu", is_staff=True)


@pytest.fixture
def system_administrator(with_role):
    """システム管理者, with that group's rights only."""
    return with_role("shisukan", "システム管理者", is_staff=True)


@pytest.fixture
def office(entering, enter, entry_clerk, administrator, django_user_model):
    """R7 年度, 入力中 with all figures but one, and a colleague's workbook on its way in."""
    plan, missing = entering.plan, "3-6"
    figures = {code: value for code, value in R7_FIGURES.items() if code != missing}
    enter(entering, entry_clerk, figures)
    h1 = plan.periods.get(fiscal_year=2025, term="H1")
    contact = SectionContact.objects.create(plan=plan, section=plan.section, email="a@example.jp")
    sheets = {one.pk: workbook(one) for one in (entering, h1)}
    upload = keep(entering, sheets[entering.pk], administrator)
    kgi, indicator = plan.kgis.first(), plan.indicators.get(code="1-1")
    samples = {
        "auth/group": Group.objects.create(name="別の課"),
        "auth/user": django_user_model.objects.create_user("dantai", password="himitsu"),
        "actions/plan": plan,
        "actions/strategy": plan.strategies.first(),
        "actions/publicityrecord": plan.publicity.first(),
        "kpis/indicator": indicator,
        "kpis/target": indicator.targets.get(fiscal_year=2025),
        "kpis/kgi": kgi,
        "kpis/kgivalue": kgi.values.first(),
        "kpis/judgementband": plan.bands.first(),
        "kpis/sectioncontact": contact,
        "kpis/reportingperiod": plan.periods.create(fiscal_year=2027, term="FY"),
        "kpis/actual": Actual.objects.get(period=entering, indicator=indicator),
        "kpis/publication": h1.publications.get(),
        "kpis/reminder": Reminder.objects.create(period=h1, section="甲課", kind="late", **LETTER),
        "kpis/upload": upload,
    }
    for name in AUDITED:
        record = samples[f"kpis/{name}"]
        if not record.history.exists():
            record.save()  # writes its first history
    missing = plan.indicators.get(code=missing)
    return SimpleNamespace(
        r7=entering, h1=h1, samples=samples, upload=upload, sheets=sheets, missing=missing
    )


def workbook(period):
    """Return the period's workbook, filled in with a new figure of 1-1."""
    plan, rows = period.plan, tuple(entry_rows(period))
    sheet = EntrySheet(plan.slug, plan.name, period.period, period.due, "", rows)
    book, stream = load_workbook(io.BytesIO(entry_workbook(sheet))), io.BytesIO()
    page = book["実績入力"]
    assert (page["I5"].value, page["A6"].value) == ("実績値", "1-1")
    page["I6"] = 1219
    book.save(stream)
    return stream.getvalue()


def keep(period, content, by):
    return keep_upload(period=period, name="記入.xlsx", content=content, by=by)


def enter_site(request, letter, **options):
    """Return the browser of a person."""
    client = Client(**options)
    if PEOPLE[letter]:
        client.force_login(request.getfixturevalue(PEOPLE[letter]))
    return client


def answer_of(response):
    """Return the status; "in" where the answer leads to the login page."""
    where = response.get("Location", "")
    led = response.status_code == 302 and where.startswith("/admin/login/?next=/admin/")
    return "in" if led else str(response.status_code)


UNTOLD = ("sessions.Session", "contenttypes.ContentType", "auth.Permission", "axes.AccessLog")


def everything():
    """Return all that the database holds, table by table, but for who is signed in."""
    tables = [one for one in apps.get_models(include_auto_created=True) if one._meta.managed]
    return {
        one._meta.label: list(one._base_manager.order_by("pk").values_list())
        for one in tables
        if one._meta.label not in UNTOLD
    }


def changed(before):
    """Return the tables that hold something else than before."""
    return {name for name, rows in everything().items() if rows != before[name]}


# --- the matrix ---------------------------------------------------------------------------------


def test_every_address_stands_in_the_table_once():
    assert sorted(patterns()) == sorted(address for address, _ in table())


def test_no_address_but_ours_imports_or_exports():
    found = [one for one in patterns() if re.search("import|export", one)]
    assert found == [f"{OWN}<int:pk>/import/", f"{OWN}<int:pk>/import/<int:upload>/"]


PLAIN = ("admin/jsi18n/", "admin/password_change/", "admin/password_change/done/")  # no records


def may_be_kept(response, pattern):
    """Return whether a cache may keep a staff page or a preview."""
    told = response.get("Cache-Control", "").split(", ")
    inside = pattern.startswith("admin/") and pattern not in PLAIN
    return inside and not {"no-store", "private"} <= {*told}


USUAL = pytest.param(("GET", "POST"), id="usual")
ODD = pytest.param(
    [one for one in METHODS if one not in ("GET", "POST")], id="odd", marks=pytest.mark.slow
)


@pytest.mark.parametrize("methods", [USUAL, ODD])
@pytest.mark.parametrize("who", PEOPLE)
def test_every_address_answers_as_the_table_says(office, request, settings, who, methods):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    client, wrong = enter_site(request, who), []
    before = everything()
    for pattern, answers in table():
        (said,) = [text.split() for people, text in answers.items() if who in people]
        address = filled(pattern, office)
        for method in methods:
            response = client.generic(method, address)
            got, wanted = answer_of(response), said[min(METHODS.index(method), len(said) - 1)]
            if got != wanted:
                wrong.append(f"{method} {pattern}: {got}, not {wanted}")
            if got in ("200", "302", "in") and may_be_kept(response, pattern):
                wrong.append(f"{method} {pattern}: a cache may keep it")
            if "logout" in pattern:
                client = enter_site(request, who)
    assert not wrong, "\n".join(wrong)
    assert changed(before) <= {"auth.User"}  # when they last signed in


# --- every deed ---------------------------------------------------------------------------------
ACTUAL = {"kpis.Actual", "kpis.HistoricalActual"}
MOVE = {"kpis.ReportingPeriod", "kpis.PeriodMove"}
LOG = {"admin.LogEntry"}


class Deed(NamedTuple):
    """What is sent where, in which state of which period, who may, and what then changes."""

    name: str
    address: str
    data: dict
    may: str
    tables: set
    state: str = "entering"
    of: str = "r7"
    refused: str = "403"  # the answer to staff with a role who may not
    told: str = ""  # who is told what stands in the way


def round_deeds(at):
    """Return the deeds of a round, each in the states in which somebody may do it."""
    correcting = {"state": "correcting", "of": "h1"}
    r7, h1 = (f"/{OWN}{one.pk}" for one in (at.r7, at.h1))
    file = {"file": at.sheets[at.r7.pk]}
    confirmed = {"fingerprint": preview(at.upload).fingerprint}
    confirm = f"{r7}/import/{at.upload.pk}/"
    actual = at.samples["kpis/actual"]
    single = f"/admin/kpis/actual/{actual.pk}/change/"
    noted = fields_of(actual, note="備考", seen=actual.version)
    new = {"indicator": at.missing.pk, "period": at.r7.pk, "value": "9"}
    begin = {"plan": at.r7.plan_id, "fiscal_year": "R8", "term": "H1", "due": "2026-10-20"}

    def moved(one, state, of="r7", may="PSX", more=frozenset()):
        where = f"{r7 if of == 'r7' else h1}/readiness/"
        data = {"move": one, "reason": "理由"}
        return Deed(f"{one} {state}", where, data, may, MOVE | more, state, of)

    return [
        Deed("enter", f"{r7}/entry/", grid(at.r7), "EPSX", ACTUAL),
        Deed("enter", f"{r7}/entry/", grid(at.r7), "PSX", ACTUAL, "checking", refused="200"),
        Deed("enter", f"{h1}/entry/", grid(at.h1), "EPSX", ACTUAL, **correcting),
        Deed("hand in", f"{r7}/entry/", HAND_IN, "EPSX", MOVE),
        Deed("one record", single, noted, "EPSX", ACTUAL | LOG),
        Deed("one record", single, noted, "PSX", ACTUAL | LOG, "checking"),
        Deed("a new record", "/admin/kpis/actual/add/", new, "EPSX", ACTUAL | LOG),
        Deed("a new record", "/admin/kpis/actual/add/", new, "PSX", ACTUAL | LOG, "checking",
             refused="200"),
        Deed("upload", f"{r7}/import/", file, "EPSX", {"kpis.Upload"}),
        Deed("upload", f"{r7}/import/", file, "PSX", {"kpis.Upload"}, "checking"),
        Deed("upload", f"{h1}/import/", file, "EPSX", {"kpis.Upload"}, **correcting),
        # Colleagues stand in for each other; the record tells who took a file in.
        Deed("take a colleague's in", confirm, confirmed, "EPSX", ACTUAL | {"kpis.Upload"}),
        Deed("take in", confirm, confirmed, "PSX", ACTUAL | {"kpis.Upload"}, "checking"),
        Deed("begin", f"/{OWN}begin/", begin, "PSX", MOVE),
        Deed("remind", f"{r7}/reminders/", {}, "PSX", {"kpis.Reminder"}),
        moved("submit", "entering", may="EPSX"),
        moved("close", "entering"),
        moved("send_back", "checking"),
        moved("publish", "checking", more={"kpis.Publication"}),
        moved("publish", "correcting", "h1", more={"kpis.Publication"}),
        moved("reopen", "published", "h1"),
        moved("abandon", "correcting", "h1"),
    ]  # fmt: skip


HAND_IN = {"action": "submit", "submit_reason": "大阪府の集計待ち"}
# One change of each kind of record that a round does not hold; its inlines are sent empty.
CHANGES = {
    "auth/group": ({"name": "改名"}, ""),
    "actions/plan": ({"name": "改名"}, "strategies"),
    "actions/strategy": ({"name": "改名"}, "measures"),
    "actions/publicityrecord": ({"content": "改めた"}, ""),
    "kpis/indicator": ({"name": "改名"}, "targets"),
    "kpis/target": ({"value": "1,300"}, ""),
    "kpis/kgi": ({"name": "改名"}, "values"),
    "kpis/kgivalue": ({"note": "備考"}, ""),
    "kpis/judgementband": ({"label": "改名"}, ""),
    "kpis/sectioncontact": ({"email": "b@example.jp"}, ""),
    "kpis/reportingperiod": ({"due": "2026-05-20"}, "moves"),
}
# What goes with a record that is deleted, besides its history.
GONE = {"kpis/kgi": {"kpis.KgiValue", "kpis.HistoricalKgiValue"}}
KEPT = ("kpis/indicator", "actions/plan", "actions/strategy")  # figures hang on the samples


def record_deeds(at):
    """Return what may be done to the records that a round does not hold, as RIGHTS says."""
    for kind, (fields, inline) in CHANGES.items():
        record, rights = at.samples[kind], dict(zip("EP", RIGHTS[kind], strict=False))
        rights |= {"S": RIGHTS[kind][2], "X": RIGHTS[kind][2]}
        may = {right: [who for who in rights if right in rights[who]] for right in "cd"}
        model = record._meta.object_name
        tables = {record._meta.label} | LOG
        if kind.removeprefix("kpis/") in AUDITED:
            tables.add(f"kpis.Historical{model}")
        none = {f"{inline}-TOTAL_FORMS": 0, f"{inline}-INITIAL_FORMS": 0}
        page, data = f"/admin/{kind}/{record.pk}", fields_of(record, **fields) | none
        yield Deed(f"change {kind}", f"{page}/change/", data, may["c"], tables)
        gone, told = tables | GONE.get(kind, set()), may["d"] if kind in KEPT else ""
        may = "" if kind in KEPT else may["d"]
        yield Deed(f"delete {kind}", f"{page}/delete/", {"post": "yes"}, may, gone, told=told)
    password = {"usable_password": "true", "password1": NEW, "password2": NEW}
    person, tables = "/admin/auth/user", {"auth.User"}
    added = password | {"username": "atarashii"}
    own = {"old_password": "himitsu", "new_password1": NEW, "new_password2": NEW}
    other = f"{person}/{at.samples['auth/user'].pk}/password/"
    yield Deed("add a person", f"{person}/add/", added, "SX", tables | LOG)
    yield Deed("another's password", other, password, "SX", tables | LOG)
    yield Deed("my password", "/admin/password_change/", own, "NEPSX", tables)


NEW = "mado-no-yuki"


def fields_of(record, **changes):
    """Return what the record's form sends, with the changes."""
    return {
        name: [one.pk for one in value] if isinstance(value, list) else value
        for name, value in (model_to_dict(record) | changes).items()
        if value is not None and value is not False
    }


def grid(period):
    """Return what the grid sends where only 1-1 was typed anew."""
    row = entry_rows(period)[0]
    typed = {one: getattr(row.entry.typed, one) for one in FIELDS}
    typed |= {"value": "1219", "seen": row.version}
    return {f"k{row.indicator}-{name}": text for name, text in typed.items()}


def send(client, address, data, **headers):
    """Post the data, bytes in it as an Excel file."""
    named = {one: SimpleUploadedFile("記入.xlsx", data[one]) for one in data if one == "file"}
    return client.post(address, data | named, **headers)


def in_turn(at, deeds):
    """Yield each deed in its state, with all that the database held before, and undo it."""
    held = {}
    for deed in deeds:
        point, state = transaction.savepoint(), (deed.of, deed.state)
        ReportingPeriod.objects.filter(pk=getattr(at, deed.of).pk).update(state=deed.state)
        if state not in held:
            held[state] = everything()
        yield deed, held[state]
        transaction.savepoint_rollback(point)


@pytest.mark.parametrize("who", PEOPLE)
def test_each_deed_is_done_by_those_who_may_and_changes_nothing_for_others(office, request, who):
    client, wrong = enter_site(request, who), []
    cookies = copy(client.cookies)
    for deed, before in in_turn(office, [*round_deeds(office), *record_deeds(office)]):
        client.cookies = copy(cookies)  # a new password makes a new session, which is undone
        answer = answer_of(send(client, deed.address, deed.data))
        refused = "in" if who in "AM" else "403" if who == "N" else deed.refused
        wanted = ("302", deed.tables) if who in deed.may else (refused, set())
        wanted = ("200", set()) if who in deed.told else wanted
        if (answer, changed(before)) != wanted:
            wrong.append(f"{deed.name} {deed.state}: {answer} {changed(before)}, not {wanted}")
    assert not wrong, "\n".join(wrong)


OUTSIDE = ("//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)")


def test_nothing_is_done_from_another_site_and_nothing_leads_there(office, request):
    client = enter_site(request, "X", enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "a" * 32
    for deed, before in in_turn(office, round_deeds(office)):
        address, token = f"{deed.address}?next={OUTSIDE[0]}", {"csrfmiddlewaretoken": "a" * 32}
        assert send(client, address, deed.data).status_code == 403, deed.name
        foreign = send(client, address, deed.data | token, HTTP_ORIGIN="https://evil.example")
        assert foreign.status_code == 403, deed.name
        assert changed(before) == set(), deed.name
        done = send(client, address, deed.data | token | {"next": OUTSIDE[0]})
        assert done.status_code == 302, deed.name
        assert done["Location"].startswith("/admin/kpis/"), deed.name
    for page in ("login", "logout", "password_change"):
        assert client.post(f"/admin/{page}/").status_code == 403
    assert client.get("/admin/").status_code == 200  # still signed in


@pytest.mark.parametrize("outside", OUTSIDE)
def test_signing_in_and_out_leads_nowhere_else(client, administrator, outside):
    words = {"username": "kanri", "password": "himitsu", "next": outside}
    assert re.match(r"/\w", client.post("/admin/login/", words)["Location"])
    assert client.get("/admin/login/", {"next": outside})["Location"] == "/admin/"
    assert "Location" not in client.post("/admin/logout/", {"next": outside})


# --- what nobody may ----------------------------------------------------------------------------


def test_a_recorded_state_is_there_to_look_at_only(office, request):
    clients, wrong = {who: enter_site(request, who) for who in "EPSX"}, []
    before = everything()
    for (who, client), name in product(clients.items(), AUDITED):
        record = office.samples[f"kpis/{name}"]
        page = f"/admin/kpis/{name}/{record.pk}/history/"
        assert client.get(page).status_code == 200
        point = transaction.savepoint()
        fields, _ = CHANGES.get(f"kpis/{name}", ({"note": "備考", "seen": 1}, ""))
        send(client, f"{page}{record.history.first().pk}/", fields_of(record, **fields))
        if lost := changed(before):
            wrong.append(f"{who} {name}: {sorted(lost)}")
        transaction.savepoint_rollback(point)
    assert not wrong, "\n".join(wrong)


def bare_period(plan, year, by):
    """Return a period that was opened and closed again: only its moves tell of it."""
    period = open_round(plan=plan, period=Period(year, Term.FY), due=LETTER["due"], by=by)
    return move(period=period, move=Move.CLOSE, by=by, reason="誤り")


def attempts(at, by):
    """Yield ways to change or delete what was published or recorded."""
    plan, h1, workbook_of_h1 = at.r7.plan, at.h1, at.sheets[at.h1.pk]
    indicator, publication = at.samples["kpis/indicator"], at.samples["kpis/publication"]
    band = plan.bands.filter(term="H1").first()
    figures = Actual.objects.filter(period=h1)
    figures.filter(indicator=at.missing).delete()
    figures.filter(indicator=indicator).update(override=band, override_reason="理由")
    figure, step = figures.get(indicator=indicator), h1.moves.first()
    figure.save()  # writes its first history
    in_h1, bare = keep(h1, workbook_of_h1, by), bare_period(plan, 2026, by)
    alone = make_plan(slug="alone", periods=(), indicators=0)
    begun = bare_period(alone, 2026, by)
    told = Reminder.objects.create(period=bare, section="甲課", kind="late", **LETTER)
    kept = keep(bare, workbook_of_h1, by)
    own, page = f"/{OWN}{h1.pk}", "/admin/kpis"
    typed = fields_of(figure, value="1", seen=figure.version, note="書換え")
    steps = {"moves-TOTAL_FORMS": 1, "moves-INITIAL_FORMS": 1, "moves-0-DELETE": "on"}
    steps |= {"moves-0-id": step.pk, "moves-0-period": h1.pk, "moves-0-reason": "書換え"}
    yield f"{page}/actual/{figure.pk}/change/", typed
    yield f"{page}/actual/{figure.pk}/history/{figure.history.first().pk}/", typed
    yield f"{page}/actual/add/", {"indicator": at.missing.pk, "period": h1.pk, "value": "9"}
    yield f"{own}/entry/", grid(h1)
    yield f"{own}/entry/", grid(h1) | {"action": "submit"}
    yield f"{own}/import/", {"file": workbook_of_h1}
    yield f"{own}/import/{in_h1.pk}/", {"fingerprint": preview(in_h1).fingerprint}
    yield f"{own}/change/", steps
    yield f"{page}/publication/add/", fields_of(publication, version=2)
    for record in (publication, in_h1, kept, told):
        model = record._meta.model_name
        yield f"{page}/{model}/{record.pk}/change/", fields_of(record, reason="書換え", name="x")
    records = [figure, publication, in_h1, kept, told, h1, bare, begun, at.r7, plan, alone]
    for record in (*records, indicator, indicator.strategy, band, step.moved_by):
        listed = f"/admin/{record._meta.app_label}/{record._meta.model_name}/"
        yield f"{listed}{record.pk}/delete/", {"post": "yes"}
        chosen = {"action": "delete_selected", "_selected_action": [record.pk], "post": "yes"}
        yield listed, chosen


def test_nobody_changes_what_was_published_or_recorded(office, request, administrator):
    tried, wrong = list(attempts(office, administrator)), []
    clients = {who: enter_site(request, who) for who in "SX"}
    before = everything()
    for who, (address, data) in product(clients, tried):
        point = transaction.savepoint()
        send(clients[who], address, data)
        if lost := changed(before) - LOG:
            wrong.append(f"{who} {address} {data.get('action', '')}: {sorted(lost)}")
        transaction.savepoint_rollback(point)
    assert not wrong, "\n".join(wrong)


# --- the roles ----------------------------------------------------------------------------------
WORDS = {"v": "view", "a": "add", "c": "change", "d": "delete"}
UNSEEN = {  # what has no pages of its own, by app
    "auth": "permission",
    "actions": "measure",
    "kpis": "periodmove historicalindicator historicaltarget historicalactual historicalkgi "
    "historicalkgivalue",
}
SEEN = {"actions.view_measure", "kpis.view_periodmove", "kpis.preview_reportingperiod"}
ENTERS, MANAGES = {"kpis.enter_reportingperiod"}, {"kpis.manage_reportingperiod"}


def rights_in(column):
    for kind, columns in RIGHTS.items():
        app, model = kind.split("/")
        yield from (f"{app}.{WORDS[right]}_{model}" for right in columns[column])


ALL = {
    f"{app}.{word}_{model}"
    for app, models in UNSEEN.items()
    for model in [*models.split(), *(one.split("/")[1] for one in RIGHTS if one.startswith(app))]
    for word in WORDS.values()
}
ROLES = {
    "入力担当": {*rights_in(0)} | SEEN | ENTERS,
    "公表担当": {*rights_in(1)} | SEEN | ENTERS | MANAGES,
    "委員": {"kpis.view_publication"},
    "システム管理者": ALL | SEEN | ENTERS | MANAGES,
}


def roles():
    return {
        group.name: {
            f"{one.content_type.app_label}.{one.codename}"
            for one in group.permissions.select_related("content_type")
        }
        for group in Group.objects.all()
    }


def test_each_role_has_exactly_what_it_is_for():
    ensure_roles()
    assert roles() == ROLES


def test_making_the_roles_again_keeps_what_the_office_added():
    ensure_roles()
    added = Permission.objects.get(codename="view_user")
    Group.objects.get(name="入力担当").permissions.add(added)
    Group.objects.create(name="別の課")
    before = everything()
    ensure_roles()
    assert changed(before) == set()
    assert roles()["入力担当"] == ROLES["入力担当"] | {"auth.view_user"}


def test_quickstart_makes_the_roles(monkeypatch):
    monkeypatch.setattr(quickstart, "collect_if_changed", lambda: None)
    for _ in range(2):
        call_command("quickstart", no_serve=True, stdout=io.StringIO())
        assert roles() == ROLES
