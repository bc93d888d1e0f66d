"""Who may do what: every address and every deed, for every person.

An address that the table does not name fails a test: whoever adds one decides there who may use it.
"""

import re
from copy import copy
from typing import NamedTuple

import pytest
from django.db import transaction

from kpis.imports import preview
from kpis.imports.books import preview_book
from kpis.models import ReportingPeriod
from kpis.services import keep_plan_book
from tests.contents import changed, everything
from tests.headers import lacking
from tests.office import (  # noqa: F401 (fixtures)
    ACTUAL,
    BOOK,
    CHANGES,
    LOG,
    MEETING,
    METHODS,
    MOVE,
    OWN,
    PEOPLE,
    RIGHTS,
    answer_of,
    enter_site,
    filled,
    no_role,
    office,
    patterns,
    system_administrator,
    table,
)
from tests.sending import action_book, action_grid, fields_of, grid, plan_book_of, send

pytestmark = pytest.mark.django_db

# --- the matrix ---------------------------------------------------------------------------------


def test_every_address_stands_in_the_table_once():
    assert sorted(patterns()) == sorted(address for address, _ in table())


def test_no_address_but_ours_imports_or_exports():
    found = [one for one in patterns() if re.search("import|export", one)]
    of_book = f"{BOOK}import/<int:upload>/"
    assert sorted(found) == [
        *(f"{BOOK}import/", of_book, f"{of_book}differences.csv"),
        *(f"{OWN}<int:pk>/actions/import/", f"{OWN}<int:pk>/actions/import/<int:upload>/"),
        *(f"{OWN}<int:pk>/import/", f"{OWN}<int:pk>/import/<int:upload>/"),
    ]


def may_be_kept(response, pattern):
    """Return whether a cache may keep a staff page, a preview, a meeting or a person's own page."""
    told = response.get("Cache-Control", "").split(", ")
    inside = pattern.startswith(("admin/", "accounts/", MEETING))
    return inside and not {"no-store", "private"} <= {*told}


USUAL = ("GET", "POST")
OTHERS = {"A": [one for one in METHODS if one not in USUAL], "X": ["HEAD", "DELETE"]}
USUAL_AND_OTHERS = [
    *(pytest.param(who, USUAL, id=f"{who}-usual") for who in PEOPLE),
    # Who is not in, and who may do everything: nobody else is told more.
    *(pytest.param(who, OTHERS[who], id=f"{who}-others", marks=pytest.mark.slow) for who in OTHERS),
]


@pytest.mark.parametrize(("who", "methods"), USUAL_AND_OTHERS)
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
            if missing := lacking(response):
                wrong.append(f"{method} {pattern}: {missing}")
            if "logout" in pattern:
                client = enter_site(request, who)
    assert not wrong, "\n".join(wrong)
    assert changed(before) <= {"auth.User"}  # when they last signed in


# --- every deed ---------------------------------------------------------------------------------


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
    published = f"/admin/kpis/publication/{at.samples['kpis/publication'].pk}"
    confirmed = {"fingerprint": preview(at.upload).fingerprint}
    confirm = f"{r7}/import/{at.upload.pk}/"
    actual = at.samples["kpis/actual"]
    single = f"/admin/kpis/actual/{actual.pk}/change/"
    noted = fields_of(actual, note="備考", seen=actual.version)
    new = {"indicator": at.missing.pk, "period": at.r7.pk, "value": "9"}
    begin = {"plan": at.r7.plan_id, "fiscal_year": "R8", "term": "H1", "due": "2026-10-20"}
    revision = {"y2022-value": "1,999", "y2022-value-seen": "26,214,886", **SAID}

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
        Deed("upload a book", f"/{BOOK}import/", {"file": plan_book_of(at.r7.plan)}, "PSX",
             {"kpis.PlanBookUpload"}),
        *book_deeds(at),
        *action_deeds(at),
        Deed("begin", f"/{OWN}begin/", begin, "PSX", MOVE),
        Deed("revise a KGI", f"/admin/kpis/kgi/{at.samples['kpis/kgi'].pk}/revise/", revision, "PSX",
             KGI_REVISION),
        Deed("answer", f"/admin/kpis/opinion/{at.samples['kpis/opinion'].pk}/answer/",
             {"reply": "広げる", "state": "in_hand"}, "EPSX", ANSWERED),
        Deed("keep a paper", f"{published}/council/keep/",
             {"meeting": at.samples["kpis/meeting"].pk}, "EPSX", {"kpis.MeetingMaterial"}),
        Deed("remind", f"{r7}/reminders/", {}, "PSX", {"kpis.Reminder"}),
        moved("submit", "entering", may="EPSX"),
        moved("close", "entering"),
        moved("send_back", "checking"),
        moved("publish", "checking", more={"kpis.Publication"}),
        moved("publish", "correcting", "h1", more={"kpis.Publication"}),
        moved("reopen", "published", "h1"),
        moved("abandon", "correcting", "h1"),
    ]  # fmt: skip


def action_deeds(at):
    """Return the deeds of writing down what was done of actions, in the grid and by a workbook."""
    r7, upload = f"/{OWN}{at.r7.pk}", at.samples["kpis/actionupload"]
    typed, file = action_grid(at.r7), {"file": action_book(at.r7)}
    confirmed = {"fingerprint": preview(upload).fingerprint}
    confirm, kept = f"{r7}/actions/import/{upload.pk}/", {"kpis.ActionUpload"}
    return [
        Deed("write of actions", f"{r7}/actions/", typed, "EPSX", YEARS),
        Deed("write of actions", f"{r7}/actions/", typed, "PSX", YEARS, "checking", refused="200"),
        Deed("write of actions", f"/{OWN}{at.h1.pk}/actions/", action_grid(at.h1), "EPSX", YEARS,
             "correcting", "h1"),
        Deed("upload actions", f"{r7}/actions/import/", file, "EPSX", kept),
        Deed("upload actions", f"{r7}/actions/import/", file, "PSX", kept, "checking"),
        Deed("take actions in", confirm, confirmed, "EPSX", YEARS | kept),
        Deed("take actions in", confirm, confirmed, "PSX", YEARS | kept, "checking"),
    ]  # fmt: skip


YEARS = {"actions.ActionYear", "actions.HistoricalActionYear"}


def book_deeds(at):
    """Return the deeds of taking a plan book in: of new figures, and of what is the plan's own."""
    by, plan = at.upload.uploaded_by, at.r7.plan
    measures = plan_book_of(plan, "体系", "施策名")
    other = keep_plan_book(name="体系.xlsx", content=measures, by=by)
    for book, may, told, written in (
        (at.book, "PSX", "", {"kpis.Indicator", "kpis.HistoricalIndicator"}),
        (other, "SX", "P", {"actions.Measure"}),
    ):
        data = {"fingerprint": preview_book(book, by).fingerprint, "reason": "理由"}
        tables = written | {"kpis.PlanBookUpload"}
        yield Deed(book.name, f"/{BOOK}import/{book.pk}/", data, may, tables, told=told)


SAID = {"revised_on": "2025-04-01", "reason": "基準改定"}
KGI_REVISION = {f"kpis.{one}" for one in ("KgiValue", "HistoricalKgiValue", "KgiRevision",
                                          "HistoricalKgiRevision")}  # fmt: skip
ANSWERED = {"kpis.Opinion", "kpis.HistoricalOpinion"}
HAND_IN = {"action": "submit", "submit_reason": "大阪府の集計待ち"}
# What goes with a record that is deleted, besides its history.
GONE = {"kpis/kgi": {"kpis.KgiValue", "kpis.HistoricalKgiValue"}, "actions/action": YEARS}
KEPT = (
    "kpis/indicator",
    "actions/plan",
    "actions/strategy",
    "actions/measure",
)  # figures hang on the samples


def record_deeds(at):
    """Return what may be done to the records that a round does not hold, as RIGHTS says."""
    for kind, (fields, inlines) in CHANGES.items():
        record, rights = at.samples[kind], dict(zip("EP", RIGHTS[kind], strict=False))
        rights |= {"S": RIGHTS[kind][2], "X": RIGHTS[kind][2]}
        may = {right: [who for who in rights if right in rights[who]] for right in "cd"}
        model = record._meta.object_name
        tables = {record._meta.label} | LOG
        if hasattr(record, "history"):
            tables.add(f"{record._meta.app_label}.Historical{model}")
        counts = [f"{one}-{what}_FORMS" for one in inlines.split() for what in ("TOTAL", "INITIAL")]
        none = dict.fromkeys(counts, 0)
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
    yield Deed("my password as a reader", "/accounts/password/", own, "MNEPSX", tables)


NEW = "mado-no-yuki"


def every_deed(at):
    return [*round_deeds(at), *record_deeds(at), *year_deeds(at)]


def year_deeds(at):
    """Return what prepares the new fiscal year R8, and what becomes of a target that is set."""
    plan, indicator = at.r7.plan, at.samples["kpis/indicator"]
    target = indicator.targets.get(fiscal_year=2025)
    known = at.samples["actions/action"]
    fields = {"measure": known.measure, "actor": "city", "name": "続けるもの"}
    action = plan.actions.create(code="9-9-9", **fields)
    action.years.create(fiscal_year=2025, stage="running")
    page = f"/admin/actions/plan/{plan.pk}/new-year/?year=2026"
    paper = {"common-source": "実施計画", "common-decided_on": "2026/3/25"}
    value = {f"t{indicator.pk}-2026-value": "1,250"}
    due = {"period-FY-make": "on", "period-FY-due": "2027/4/20"}
    new = {
        "what": "revision",
        "status": "set",
        "value": "1,300",
        "source": "改訂版",
        "reason": "増",
    }
    new |= {"decided_on": "2026/3/25", "revised_on": "2026/4/1", "seen": "set 1200"}
    targets = {"kpis.Target", "kpis.HistoricalTarget"}
    revised = targets | {"kpis.TargetRevision", "kpis.HistoricalTargetRevision"}

    def step(name, tables, **sent):
        return Deed(name, page, {"step": name, **sent}, "PSX", tables)

    return [
        step("targets", targets, **paper, **value),
        step("periods", {"kpis.ReportingPeriod"} | LOG, **due),
        step("actions", YEARS | LOG, action=action.pk),
        Deed("revise", f"/admin/kpis/target/{target.pk}/revise/", new, "PSX", revised),
        Deed("correct", f"/admin/kpis/target/{target.pk}/revise/",
             new | {"what": "correction", "revised_on": ""}, "PSX", targets),
    ]  # fmt: skip


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
    for deed, before in in_turn(office, every_deed(office)):
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
        assert re.match("/admin/(kpis|actions)/", done["Location"]), deed.name
    for page in ("login", "logout", "password_change"):
        assert client.post(f"/admin/{page}/").status_code == 403
    for page in ("logout", "password"):
        assert client.post(f"/accounts/{page}/").status_code == 403
    assert client.get("/admin/").status_code == 200  # still signed in


@pytest.mark.parametrize("outside", OUTSIDE)
def test_signing_in_and_out_leads_nowhere_else(client, administrator, outside):
    words = {"username": "kanri", "password": "himitsu", "next": outside}
    assert re.match(r"/\w", client.post("/admin/login/", words)["Location"])
    assert client.get("/admin/login/", {"next": outside})["Location"] == "/admin/"
    assert "Location" not in client.post("/admin/logout/", {"next": outside})
