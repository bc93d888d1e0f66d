"""What nobody may do, and what each role may."""

import io
from itertools import product

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import transaction

from actions.fiscal import Period, Term
from kpis.imports import preview
from kpis.management.commands import quickstart
from kpis.models import Actual, Reminder
from kpis.rounds import Move
from kpis.services import ensure_roles, move, open_round
from tests.contents import changed, everything
from tests.factories import LETTER, make_plan
from tests.office import (  # noqa: F401 (fixtures)
    CHANGES,
    LOG,
    OWN,
    RIGHTS,
    audited,
    enter_site,
    keep,
    no_role,
    office,
    system_administrator,
)
from tests.sending import fields_of, grid, send

pytestmark = pytest.mark.django_db

# --- what nobody may ----------------------------------------------------------------------------


def test_a_recorded_state_is_there_to_look_at_only(office, request):
    clients, wrong = {who: enter_site(request, who) for who in "EPSX"}, []
    before = everything()
    for (who, client), kind in product(clients.items(), audited()):
        record = office.samples[kind]
        page = f"/admin/{kind}/{record.pk}/history/"
        assert client.get(page).status_code == 200
        point = transaction.savepoint()
        fields, _ = CHANGES.get(kind, ({"note": "備考", "seen": 1}, ""))
        send(client, f"{page}{record.history.first().pk}/", fields_of(record, **fields))
        if lost := changed(before):
            wrong.append(f"{who} {kind}: {sorted(lost)}")
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
    paper, opinion = at.samples["kpis/meetingmaterial"], at.samples["kpis/opinion"]
    for record in (publication, in_h1, kept, at.book, told, paper, opinion):
        model = record._meta.model_name
        yield f"{page}/{model}/{record.pk}/change/", fields_of(record, reason="書換え", name="x")
    records = [figure, publication, in_h1, kept, at.book, told, h1, bare, begun, at.r7, plan, alone]
    records += [paper, paper.meeting, opinion]
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
    "actions": "measure actionyear historicalaction historicalactionyear",
    "kpis": "periodmove historicalindicator historicaltarget historicalactual historicalkgi "
    "historicalkgivalue targetrevision historicaltargetrevision kgicomparison "
    "historicalkgicomparison kgirevision historicalkgirevision historicalmeeting "
    "historicalopinion actionupload",
}
# What is written within another record's page, and goes with its rights.
WITHIN = {
    "actionyear": "actions/action",
    "opinion": "kpis/meeting",
    "targetrevision": "kpis/target",
    "kgicomparison": "kpis/kgivalue",
    "kgirevision": "kpis/kgivalue",
}
SEEN = {"actions.view_measure", "kpis.view_periodmove", "kpis.preview_reportingperiod"}
ATTENDS = {"kpis.attend_meeting"}
# Papers are kept on the page that makes them.
ENTERS = {"kpis.enter_reportingperiod", "kpis.add_meetingmaterial"}
MANAGES = {"kpis.manage_reportingperiod"}


def rights_in(column):
    for kind, columns in RIGHTS.items():
        app, model = kind.split("/")
        inner = [one for one, outer in WITHIN.items() if outer == kind]
        for one in (model, *inner):
            yield from (f"{app}.{WORDS[right]}_{one}" for right in columns[column])


ALL = {
    f"{app}.{word}_{model}"
    for app, models in UNSEEN.items()
    for model in [*models.split(), *(one.split("/")[1] for one in RIGHTS if one.startswith(app))]
    for word in WORDS.values()
}
ROLES = {
    "入力担当": {*rights_in(0)} | SEEN | ENTERS | ATTENDS,
    "公表担当": {*rights_in(1)} | SEEN | ENTERS | MANAGES | ATTENDS,
    "委員": {"kpis.view_publication"} | ATTENDS,
    "システム管理者": ALL | SEEN | ENTERS | MANAGES | ATTENDS,
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
