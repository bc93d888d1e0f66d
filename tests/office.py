"""The office half-way through a round, its people, and every address with who may use it.

The tables are written by hand from what the roles are for; nothing in them is read from the code.
"""

import re
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from django.utils.timezone import localdate

from kpis.models import Actual, BandChange, Reminder, SectionContact
from kpis.services import keep_action_upload, keep_plan_book, keep_upload
from tests.conftest import R7_FIGURES
from tests.factories import LETTER, make_actions, make_meeting
from tests.sending import action_book, plan_book_of, workbook

# A nobody, M 委員, N staff without a role, E 入力担当, P 公表担当, S システム管理者, X superuser
NAMES = "council_member no_role entry_clerk publisher system_administrator administrator"
PEOPLE = dict(zip("AMNEPSX", ("", *NAMES.split()), strict=True))
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")

# --- every address ------------------------------------------------------------------------------
# The answers to METHODS in turn; the last one stands for all that follow. "in": to the login page.
PUBLIC = {"AMNEPSX": "200 200 405"}
PREVIEW = {"A": "in in 405", "MN": "403 403 405", "EPSX": "200 200 405"}
INSIDE = {"AM": "in"}
INSIDE_SITE = {"A": "in"}
ROUND = INSIDE | {"N": "403 403 403 405"}
PLAN = ("", "strategies/<int:number>/", "measures/<slug:code>/", "kpis/<slug:code>/", "kgi/")
PLAN += (
    "tree/",
    "actions/",
    "publicity/",
    "meetings/",
    "rules/",
    "words/",
    "corrections/",
    "data/",
    "data/<file:name>",
)
ACTION = "actions/<slug:code>/"  # of which the office's own is a draft yet
OWN, BOOK = "admin/kpis/reportingperiod/", "admin/actions/plan/book/"
SIGN = "200 200 200 405 405 200"  # what Django's own forms answer after GET
READ = "200 405 405 405 405 200"  # and its own pages
RULES = "200 200 200 405"
PREPARED = {"AMN": "404 404 405", "EPSX": "200 200 405"}  # a meeting in preparation
MEETING = "<slug:slug>/meetings/<int:key>/"
ADDRESSES = {
    "": PUBLIC,
    "plans/": PUBLIC,
    "accessibility/": PUBLIC,
    "healthz": PUBLIC,
    "readyz": PUBLIC,
    "guide/": PUBLIC,
    "guide/<slug:name>/": PUBLIC,
    **{f"<slug:slug>/{rest}": PUBLIC for rest in PLAN},
    f"<slug:slug>/{ACTION}": {"AMNEPSX": "404 404 405"},
    f"admin/preview/<int:period>/{ACTION}": PREVIEW,
    "<slug:slug>/data/<period:period>/v<version:version>-<day:day>/<file:name>": PUBLIC,
    MEETING: PREPARED,
    f"{MEETING}brief/": PREPARED,
    f"{MEETING}materials/<int:paper>/": PREPARED,
    "accounts/login/": {"A": f"200 {SIGN}", "MNEPSX": "302"},
    "accounts/logout/": {"AMNEPSX": "405 405 302 405 405 405 200"},
    "accounts/password/": INSIDE_SITE | {"MNEPSX": f"200 {SIGN}"},
    "accounts/password/done/": INSIDE_SITE | {"MNEPSX": f"200 {READ}"},
    **{f"admin/preview/<int:period>/{rest}": PREVIEW for rest in PLAN},
    "admin/open/<slug:page>/<slug:slug>/": PREVIEW | {"EPSX": "302 302 405"},
    "admin/open/<slug:page>/<slug:slug>/<slug:key>/": PREVIEW | {"EPSX": "302 302 405"},
    "admin/": INSIDE | {"NEPSX": "200"},
    "admin/login/": {"AM": f"200 {SIGN}", "NEPSX": f"302 {SIGN}"},
    "admin/logout/": {"AM": "302", "NEPSX": "405 405 200 405 405 405 200"},
    "admin/password_change/": INSIDE | {"NEPSX": f"200 {SIGN}"},
    "admin/password_change/done/": INSIDE | {"NEPSX": f"200 {READ}"},
    "admin/autocomplete/": INSIDE | {"N": "403 403 405 405 405 405 200", "EPSX": f"200 {READ}"},
    "admin/jsi18n/": INSIDE | {"NEPSX": f"200 {READ}"},
    "admin/r/<path:content_type_id>/<path:object_id>/": INSIDE | {"NEPSX": "404"},
    "admin/^(?P<app_label>actions|kpis|auth)/$": INSIDE | {"N": "404", "EPSX": "200"},
    "admin/(?P<url>.*)$": INSIDE | {"NEPSX": "404"},
    "admin/auth/user/<id>/password/": INSIDE | {"NEP": "403", "SX": "200"},
    f"{OWN}begin/": ROUND | {"E": "403 403 403 405", "PSX": "200 200 200 405"},
    f"{OWN}<int:pk>/readiness/": ROUND | {"EPSX": "200 200 200 405"},
    f"{OWN}<int:pk>/entry/": ROUND | {"EPSX": "200 200 302 405"},
    f"{OWN}<int:pk>/entry/answers/": INSIDE | {"N": "405 405 403 405", "EPSX": "405 405 200 405"},
    f"{OWN}<int:pk>/workbook/": INSIDE | {"N": "403 403 405", "EPSX": "200 200 405"},
    f"{OWN}<int:pk>/import/": ROUND | {"EPSX": "200 200 200 405"},
    f"{OWN}<int:pk>/import/<int:upload>/": ROUND | {"EPSX": "200 200 302 405"},
    f"{OWN}<int:pk>/actions/": ROUND | {"EPSX": "200 200 302 405"},
    f"{OWN}<int:pk>/actions/workbook/": INSIDE | {"N": "403 403 405", "EPSX": "200 200 405"},
    f"{OWN}<int:pk>/actions/import/": ROUND | {"EPSX": "200 200 200 405"},
    f"{OWN}<int:pk>/actions/import/<int:upload>/": ROUND | {"EPSX": "200 200 302 405"},
    "admin/kpis/actionupload/<int:pk>/file/": INSIDE | {"N": "403 403 405", "EPSX": "200 200 405"},
    f"{OWN}<int:pk>/reminders/": ROUND | {"E": "200 200 403 405", "PSX": "200 200 302 405"},
    "admin/kpis/publication/<int:pk>/council/": INSIDE
    | {"N": "403 403 405", "EPSX": "200 200 405"},
    "admin/kpis/publication/<int:pk>/council/file/": INSIDE
    | {"N": "403 403 405", "EPSX": "200 200 405"},
    "admin/kpis/publication/<int:pk>/council/keep/": INSIDE
    | {"N": "405 405 403 405", "EPSX": "405 405 404 405"},  # for no meeting
    "admin/kpis/opinion/<int:pk>/answer/": ROUND | {"EPSX": "200 200 302 405"},
    "admin/kpis/meetingmaterial/<int:pk>/file/": INSIDE
    | {"N": "403 403 405", "EPSX": "200 200 405"},
    "admin/actions/plan/<int:pk>/book/": INSIDE | {"N": "403 403 405", "EPSX": "200 200 405"},
    "admin/actions/plan/book/template/": INSIDE | {"N": "403 403 405", "EPSX": "200 200 405"},
    "admin/actions/plan/book/example/": INSIDE | {"N": "403 403 405", "EPSX": "200 200 405"},
    f"{BOOK}import/": ROUND | {"E": "403 403 403 405", "PSX": "200 200 200 405"},
    f"{BOOK}import/<int:upload>/": ROUND | {"E": "403 403 403 405", "PSX": "200 200 200 405"},
    f"{BOOK}import/<int:upload>/differences.csv": INSIDE
    | {"NE": "403 403 405", "PSX": "200 200 405"},
    "admin/kpis/indicator/<str:keys>/rules/": ROUND | {"E": "403 403 403 405", "PSX": RULES},
    "admin/kpis/indicator/<int:pk>/bands/": ROUND | {"E": "403 403 403 405", "PSX": RULES},
    "admin/actions/plan/<int:pk>/bands/": ROUND | {"E": "403 403 403 405", "PSX": RULES},
    "admin/actions/plan/<int:pk>/new-year/": ROUND
    | {"E": "403 403 403 405", "PSX": "200 200 200 405"},
    "admin/actions/plan/<int:pk>/open-targets/": INSIDE
    | {"N": "403 403 405", "EPSX": "200 200 405"},
    "admin/actions/plan/<int:pk>/open-targets.csv": INSIDE
    | {"N": "403 403 405", "EPSX": "200 200 405"},
    "admin/kpis/target/<int:pk>/revise/": ROUND
    | {"E": "403 403 403 405", "PSX": "200 200 200 405"},
    "admin/kpis/kgi/<int:pk>/revise/": ROUND | {"E": "403 403 403 405", "PSX": "200 200 200 405"},
    "admin/kpis/upload/<int:pk>/file/": INSIDE | {"N": "403 403 405", "EPSX": "200 200 405"},
    "admin/kpis/planbookupload/<int:pk>/file/": INSIDE
    | {"N": "403 403 405", "EPSX": "200 200 405"},
}
# What E, P and both S and X may do with a kind of record: view, add, change, delete.
RIGHTS = {
    "auth/group": ("", "", "vacd"),
    "auth/user": ("", "", "vac"),  # a name in the history stays
    "actions/plan": ("v", "v", "vacd"),
    "actions/strategy": ("v", "v", "vacd"),
    "actions/measure": ("v", "v", "vacd"),
    "actions/publicityrecord": ("v", "vacd", "vacd"),
    "actions/action": ("vac", "vacd", "vacd"),
    "actions/actionyear": ("vac", "vacd", "vacd"),
    "kpis/meeting": ("vac", "vacd", "vacd"),
    "kpis/opinion": ("v", "v", "v"),  # written at its meeting, answered on a page of its own
    "kpis/meetingmaterial": ("v", "v", "v"),
    "kpis/indicator": ("v", "vac", "vacd"),
    "kpis/target": ("v", "vacd", "vacd"),
    "kpis/kgi": ("v", "vac", "vacd"),
    "kpis/kgivalue": ("v", "vac", "vacd"),
    "kpis/judgementband": ("v", "v", "v"),  # all of a plan's are changed on their own page
    "kpis/bandchange": ("v", "v", "v"),
    "kpis/sectioncontact": ("v", "vacd", "vacd"),
    "kpis/reportingperiod": ("v", "vac", "vacd"),  # until it has begun
    "kpis/actual": ("vac", "vac", "vac"),
    "kpis/publication": ("v", "v", "v"),
    "kpis/reminder": ("v", "v", "v"),
    "kpis/upload": ("v", "v", "v"),
    "kpis/actionupload": ("v", "v", "v"),
    "kpis/planbookupload": ("v", "v", "v"),
}
AUDITED = ("indicator", "target", "actual", "kgi", "kgivalue", "meeting", "opinion")
PAGES = {"": "v", "add/": "a", "<path:object_id>/delete/": "d", "<path:object_id>/history/": "v"}
CHANGE, RECORD = "<path:object_id>/change/", "<path:object_id>/"
VERSION = "^([^/]+)/history/([^/]+)/$"  # one recorded state of a record: to look at only


def audited():
    """Return the kinds of record that keep their history, as addresses name them."""
    return (*(f"kpis/{one}" for one in AUDITED), "actions/action", "actions/actionyear")


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
    for kind in audited():
        yield f"admin/{kind}/{VERSION}", INSIDE | {"N": "403 403 405", "EPSX": "200 200 405"}


def patterns(resolver=None, before=""):
    """Yield every address pattern of the project as it is written."""
    for one in (resolver or get_resolver()).url_patterns:
        if hasattr(one, "url_patterns"):
            yield from patterns(one, before + str(one.pattern))
        else:
            yield before + str(one.pattern)


# Kinds of record that an address names by their own key, instead of the period's.
OWN_KEYS = {
    *("kpis/upload", "kpis/planbookupload", "kpis/publication"),
    "kpis/actionupload",
    *("actions/plan", "kpis/indicator", "kpis/target", "kpis/kgi"),
    *("kpis/opinion", "kpis/meetingmaterial"),
}


def _upload(at, pattern):
    if pattern.startswith(BOOK):
        return at.book
    return at.samples["kpis/actionupload"] if "/actions/import/" in pattern else at.upload


def filled(pattern, at):
    """Return the pattern with a sample for each argument."""
    kind = re.match(r"admin/(\w+/\w+)/", pattern)
    sample = at.samples.get(kind[1]) if kind else None
    if pattern.endswith(VERSION):
        return f"/{pattern[: -len(VERSION)]}{sample.pk}/history/{sample.history.first().pk}/"
    values = {
        "<slug:slug>": at.r7.plan.slug,
        "<slug:code>": at.samples["actions/action"].code if ACTION in pattern else "1-1",
        "<slug:name>": "reading",
        "<int:number>": 1,
        "<slug:page>": "indicator" if "<slug:key>" in pattern else "overview",
        "<slug:key>": "1-1",
        "<int:key>": at.paper.meeting_id,
        "<int:paper>": at.paper.pk,
        "<file:name>": "kpis.csv",
        "<period:period>": at.h1.period.code,
        "<version:version>": 1,
        "<day:day>": localdate(at.h1.publications.get(version=1).published_at),
        "<int:period>": at.r7.pk,
        "<int:upload>": _upload(at, pattern).pk,
        "<str:keys>": at.samples["kpis/indicator"].pk,
        "<path:content_type_id>": ContentType.objects.get_for_model(Actual).pk,
        "^(?P<app_label>actions|kpis|auth)/$": "kpis/",
        "(?P<url>.*)$": "nowhere/",
    }
    own = kind and kind[1] in OWN_KEYS
    values["<int:pk>"] = sample.pk if own else at.r7.pk
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
    action = _action(plan)
    sheets = {one.pk: _file(f"実績 {one.period}", workbook, one) for one in (entering, h1)}
    upload = keep(entering, sheets[entering.pk], administrator)
    content = _file("計画", plan_book_of, plan)
    book = keep_plan_book(name="計画.xlsx", content=content, by=administrator)
    kgi, indicator = plan.kgis.first(), plan.indicators.get(code="1-1")
    held = make_meeting(plan=plan, name="前の懇話会", number=1)
    samples = {
        "auth/group": Group.objects.create(name="別の課"),
        "auth/user": django_user_model.objects.create_user("dantai", password="himitsu"),
        "actions/plan": plan,
        "actions/strategy": plan.strategies.first(),
        "actions/measure": plan.strategies.first().measures.first(),
        "actions/publicityrecord": plan.publicity.first(),
        "actions/action": action,
        "actions/actionyear": action.years.get(),
        "kpis/meeting": make_meeting(plan=plan, number=0),
        "kpis/opinion": held.opinions.get(),
        "kpis/meetingmaterial": _paper(h1.publications.get(), administrator),
        "kpis/indicator": indicator,
        "kpis/target": indicator.targets.get(fiscal_year=2026),  # 連動
        "kpis/kgi": kgi,
        "kpis/kgivalue": kgi.values.first(),
        "kpis/judgementband": plan.bands.first(),
        "kpis/bandchange": BandChange.objects.create(
            plan=plan, changed_by=administrator, changed_at=timezone.now(), reason="見直し"
        ),
        "kpis/sectioncontact": contact,
        "kpis/reportingperiod": plan.periods.create(fiscal_year=2027, term="FY"),
        "kpis/actual": Actual.objects.get(period=entering, indicator=indicator),
        "kpis/publication": h1.publications.get(),
        "kpis/reminder": Reminder.objects.create(period=h1, section="甲課", kind="late", **LETTER),
        "kpis/upload": upload,
        "kpis/actionupload": keep_action_upload(
            period=entering,
            name="記入.xlsx",
            content=_file("アクション", action_book, entering),
            by=administrator,
        ),
        "kpis/planbookupload": book,
    }
    for kind in audited():
        record = samples[kind]
        if not record.history.exists():
            record.save()  # writes its first history
    missing = plan.indicators.get(code=missing)
    return SimpleNamespace(
        r7=entering,
        h1=h1,
        samples=samples,
        upload=upload,
        book=book,
        paper=samples["kpis/meetingmaterial"],
        sheets=sheets,
        missing=missing,
    )


_files = {}


def _file(name, make, record):
    """Return the workbook, made once: the office is always the same, and its sheets hold no keys."""
    if name not in _files:
        _files[name] = make(record)
    return _files[name]


def _action(plan):
    measures = plan.strategies.first().measures.all()[:1]
    (made,) = make_actions(plan=plan, measures=measures, number=1, years=[2025])
    return made


def _paper(publication, by):
    """Return a paper that was handed out for a meeting of its own, which therefore stays."""
    plan = publication.period.plan
    meeting = make_meeting(plan=plan, number=0, name="配付した会議")
    own = {"name": "資料1.xlsx", "content": b"content", "size": 7, "sha256": "a" * 64}
    kept = {"kept_at": timezone.now(), "kept_by": by}
    return meeting.materials.create(publication=publication, **own, **kept)


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
    pages = ("/admin/login/?next=/admin/", "/accounts/login/?next=/")
    led = response.status_code == 302 and where.startswith(pages)
    return "in" if led else str(response.status_code)


ACTUAL = {"kpis.Actual", "kpis.HistoricalActual"}
MOVE = {"kpis.ReportingPeriod", "kpis.PeriodMove"}
LOG = {"admin.LogEntry"}
# One change of each kind of record that a round does not hold; its inlines are sent empty.
CHANGES = {
    "auth/group": ({"name": "改名"}, ""),
    "actions/plan": ({"name": "改名"}, "strategies"),
    "actions/strategy": ({"name": "改名"}, "measures"),
    "actions/measure": ({"name": "改名"}, ""),
    "actions/publicityrecord": ({"content": "改めた"}, ""),
    "actions/action": ({"name": "改名"}, "years"),
    "actions/actionyear": ({"plan": "改めた", "seen": 1}, ""),
    "kpis/meeting": ({"name": "改名"}, "opinions"),
    "kpis/indicator": ({"name": "改名"}, "targets"),
    "kpis/target": ({"note": "備考"}, ""),  # its value has a page of its own
    "kpis/kgi": ({"name": "改名"}, "values comparisons"),
    "kpis/kgivalue": ({"note": "備考"}, "revisions"),
    "kpis/sectioncontact": ({"email": "b@example.jp"}, ""),
    "kpis/reportingperiod": ({"due": "2026-05-20"}, "moves"),
}
