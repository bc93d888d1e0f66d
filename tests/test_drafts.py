"""Drafts are seen by staff with a role and by nobody else: every byte of every answer is searched.

Tell-tale figures and words are entered everywhere, then everything that answers is read as three
kinds of readers. The controls show that the search would find them: staff pages hold them, and so
do the public pages once they are published.
"""

import io
import json
import zipfile
from itertools import product
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command

from actions.models import Action, ActionYear, Measure, PublicityRecord, Strategy
from kpis.models import (
    ActionUpload,
    Actual,
    Indicator,
    JudgementBand,
    Kgi,
    KgiValue,
    Opinion,
    Reminder,
    SectionContact,
)
from kpis.rounds import Move
from kpis.selectors import published as published_selector
from kpis.services import keep_upload, move, publish, publish_outright, submit
from kpis.views.kept import forget
from kpis.vocabulary import FollowUp
from tests.crawling import content_of, follow
from tests.factories import LETTER
from tests.guesses import PAGES, PERIODS, VERSIONS, guesses
from tests.office import (  # noqa: F401 (fixtures)
    enter_site,
    filled,
    no_role,
    office,
    system_administrator,
    table,
)

pytestmark = pytest.mark.django_db
SLUG = "kadoma-monozukuri"

# What the drafts hold. Figures of nine digits stand nowhere else; each word is said in one place.
FIGURES = {
    "figure": 987654321,  # R7 年度, 入力中
    "correction": 876543219,  # R7 上半期, 訂正中
    "target": 765432198,
    "kgi value": 654321987,
}
WORDS = ("cause", "next_step", "note", "override", "indicator", "new_indicator", "definition")
WORDS += ("strategy", "measure", "plan", "kgi", "publicity", "band", "action", "pdca")
WORDS += ("owner", "promise", "answer")
KANJI = "漏洩標識"  # as well, in the ways in which a text may be written down
# What no page and no file for everyone ever shows; opinions are for the council's paper.
INNER = ("confirmation", "contact", "upload", "reminder", "reopened", "changed")
INNER += (
    "meeting",
    "opinion",
    "reply",
    "book",
    "agenda",
    "members",
    "speaker",
    "paper",
    "action_book",
)
# What a meeting's own pages tell those who may see it.
OF_MEETINGS = {"meeting", "opinion", "reply", "agenda", "members", "speaker", "paper"}


def word(name):
    return f"Telltale{name}"


def spellings(name):
    """Return the ways in which a tell-tale may be written down, as bytes in lower case."""
    if name == "kanji":
        escaped = json.dumps(KANJI)[1:-1]
        entities = (
            "".join(f"&#{kind.format(ord(one))};" for one in KANJI) for kind in ("{}", "x{:x}")
        )
        texts = [KANJI, quote(KANJI), quote(quote(KANJI)), escaped, *entities]
        return [text.lower().encode() for text in texts] + [KANJI.encode("cp932").lower()]
    if name not in FIGURES:
        return [word(name).lower().encode()]
    plain, parts = str(FIGURES[name]), f"{FIGURES[name]:,}"
    wide = plain.translate({48 + digit: 0xFF10 + digit for digit in range(10)})
    separated = (
        parts.replace(",", one) for one in ("%2c", "，", " ", "\u202f", "&#x2c;", "\\u002c")
    )
    return [text.encode() for text in (plain, parts, wide, *separated)]


SHOWN = {*FIGURES, *WORDS, "kanji"}
NEEDLES = {name: spellings(name) for name in (*SHOWN, *INNER)}
RATE = b"82304526"  # 987,654,321 of 1,200, in percent: what is worked out from a draft is one too
NEEDLES["figure"] += [RATE, b"82,304,526"]


def found(content):
    """Return the tell-tales in the bytes."""
    low = content.lower()
    return {name for name, needles in NEEDLES.items() if any(one in low for one in needles)}


@pytest.fixture
def drafts(office, enter, entry_clerk, publisher, request):
    """A round and a correction under way, with tell-tales in everything that staff can write."""
    plan, r7, h1 = office.r7.plan, office.r7, office.h1
    move(period=h1, move=Move.REOPEN, by=publisher, reason=word("reopened"))
    texts = {name: word(name) for name in ("cause", "next_step", "confirmation")}
    texts["cause"] += KANJI
    texts["next_step_owner"] = word("owner")
    enter(h1, entry_clerk, {"1-1": "704"}, next_step=word("promise"))
    answer = {"follow_up": FollowUp.PARTLY, "follow_up_note": word("answer")}
    enter(r7, entry_clerk, {"1-1": FIGURES["figure"]}, **texts, **answer)
    enter(h1, entry_clerk, {"1-2": FIGURES["correction"]}, **texts)
    band = JudgementBand.objects.filter(plan=plan, term="FY").first()
    band.label = word("band")[:20]
    band.save()
    one = Actual.objects.get(period=r7, indicator__code="1-1")
    one.note, one.override, one.override_reason = word("note"), band, word("override")
    one._change_reason = word("changed")
    one.save()
    indicators = plan.indicators
    indicators.get(code="1-3").targets.filter(fiscal_year=2025).update(value=FIGURES["target"])
    indicators.filter(code="1-4").update(name=word("indicator"), definition=word("definition"))
    first = Strategy.objects.get(plan=plan, number=1)
    added = {"name": word("new_indicator"), "unit": "件", "plan": plan, "strategy": first}
    Indicator.objects.create(code="1-8", order=8, **added)
    Strategy.objects.filter(plan=plan, number=2).update(name=word("strategy"))
    Measure.objects.create(strategy=first, number=9, name=word("measure"))
    PublicityRecord.objects.create(plan=plan, kind="新聞", content=word("publicity"))
    Action.objects.filter(plan=plan).update(name=word("action"))
    action = office.samples["actions/action"]
    ActionYear.objects.filter(action=action).update(results=word("pdca"))
    meeting = office.paper.meeting
    texts = {name: word(name) for name in ("agenda", "members")}
    meetings = type(meeting).objects.filter(pk=meeting.pk)
    meetings.update(name=word("meeting"), place=word("meeting"), **texts)
    meeting.materials.update(name=f"{word('paper')}.xlsx", content=word("paper").encode())
    said = {"text": word("opinion"), "reply": word("reply"), "state": "in_hand"}
    about = Measure.objects.get(strategy=first, number=1)  # whose page everyone reads
    said |= {"speaker": word("speaker"), "indicator": indicators.get(code="1-4")}
    Opinion.objects.create(meeting=meeting, number=8, measure=about, **said)
    Opinion.objects.create(meeting=meeting, number=9, **said)
    Kgi.objects.filter(plan=plan, code="kgi-1").update(name=word("kgi"))
    KgiValue.objects.create(kgi=plan.kgis.first(), year=2025, value=FIGURES["kgi value"])
    SectionContact.objects.create(plan=plan, section="甲課", email=f"{word('contact')}@example.jp")
    Reminder.objects.create(
        period=r7, section="甲課", kind="late", **LETTER | {"body": word("reminder")}
    )
    content = office.sheets[r7.pk]
    keep_upload(period=r7, name=f"{word('upload')}.xlsx", content=content, by=entry_clerk)
    type(office.book).objects.update(name=f"{word('book')}.xlsx")
    ActionUpload.objects.update(name=f"{word('action_book')}.xlsx")
    type(plan).objects.filter(pk=plan.pk).update(name=word("plan"), principle=word("plan"))
    for one in (r7, h1):  # what staff have just looked at must not stay in memory for others
        looking = enter_site(request, "P")
        assert looking.get(f"/admin/preview/{one.pk}/corrections/").status_code == 200
    return office


# --- reading everything -------------------------------------------------------------------------
def guess(client):
    for place, (method, address, headers) in enumerate(guesses()):
        if place % 3 == 0:
            published_selector._contents.clear()  # the memory is cold, then warm
            forget()
        response = client.generic(method, address, **headers)
        yield f"{method} {address} {headers}", response, content_of(response)


def behind(client, at, methods=("GET", "POST")):
    """Yield the answers of every address that the project has, staff pages and preview included."""
    for pattern, _ in table():
        for method in () if "logout" in pattern else methods:
            response = client.generic(method, filled(pattern, at))
            yield f"{method} {pattern}", response, content_of(response)


def session_in(response):
    """Return the session that the answer makes a browser keep; an unknown one is blanked."""
    return "sessionid" in response.cookies and response.cookies["sessionid"].value


# Whose answers are searched on one database only: what may be seen does not depend on it.
SLOWLY = [pytest.param(one, marks=pytest.mark.slow) for one in "EMN"]


@pytest.mark.parametrize("who", ["A", *SLOWLY[:2]])
def test_no_link_leads_a_reader_to_a_draft(drafts, request, who):
    read = {}
    without = "/admin/" if who == "E" else ()  # where staff are led to their drafts, and should be
    reader = enter_site(request, who)
    for address, response, content in follow(reader, without=without, versions=who == "A"):
        # Elsewhere staff see the meetings that they prepare, and no other draft.
        prepared = OF_MEETINGS if who == "E" and "/meetings/" in address else set()
        assert found(content) <= prepared, address
        assert not session_in(response), address
        read[address] = response.status_code
    public = [status for address, status in read.items() if not address.startswith("/admin/")]
    assert len(public) > 400
    assert set(public) == {200}  # the guides lead on to staff pages, which ask who it is


def test_no_page_from_memory_holds_a_draft_after_staff_have_looked(drafts, request, client):
    addresses = [f"/{SLUG}/{one}" for one in PAGES[:9]] + ["/", f"/{SLUG}/kpis/1-4/"]
    for who in ("A", "E", "A"):
        reader = enter_site(request, who)
        for address in addresses:
            content = content_of(reader.get(address))
            assert found(content) <= (OF_MEETINGS if who == "E" else set()), address
    reader = enter_site(request, "A")
    kept = [one for one in addresses if not reader.get(one).templates]
    assert len(kept) == len(addresses) - 1  # all but the meetings, which are live


@pytest.mark.slow
@pytest.mark.parametrize("who", "AM")  # N, staff without a role, sees what M sees
def test_no_guess_leads_a_reader_to_a_draft(drafts, request, who):
    answers = set()
    for what, response, content in guess(enter_site(request, who)):
        assert found(content) == set(), what
        assert not session_in(response), what
        answers.add(response.status_code)
    assert answers == {200, 304, 400, 404, 405}


@pytest.mark.parametrize("who", ["A", *SLOWLY[1:]])
def test_no_address_of_the_project_shows_a_draft_to_who_has_no_role(drafts, request, who):
    for what, _, content in behind(enter_site(request, who), drafts):
        assert found(content) == set(), what


def test_an_unpublished_period_is_told_as_one_that_does_not_exist(drafts, client):
    answers = [
        client.get(f"/{SLUG}/?period={one}").content.decode() for one in ("2025-FY", "2026-FY")
    ]
    assert answers[0].replace("令和7年度", "令和8年度") == answers[1]
    assert "令和8年度は公表されていません。" in answers[1]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_no_export_holds_a_draft(drafts, tmp_path, kind):
    file, made = tmp_path / "out", 0
    for period, version, encoding in product(PERIODS, VERSIONS[:5], ("utf-8", "cp932")):
        options = [f"--period={period}"] * bool(period) + [f"--version={version}"] * bool(version)
        file.write_bytes(b"")
        said = io.StringIO()
        try:
            command = ["export_data", SLUG, *options, "--format", kind, "--encoding", encoding]
            call_command(*command, "-o", str(file), stdout=said, stderr=said)
            made += 1
        except CommandError as error:
            said.write(str(error))
        content = file.read_bytes()
        if kind == "xlsx" and content:
            with zipfile.ZipFile(file) as book:
                content += b"".join(map(book.read, book.namelist()))
        assert found(content + said.getvalue().encode()) == set(), options
    assert made > 10


def test_no_council_paper_holds_a_draft(drafts, tmp_path):
    file = tmp_path / "out"
    for options in ([], ["--period", "2024-FY"], ["--version", "1"]):
        call_command("export_council", SLUG, *options, "-o", str(file))
        with zipfile.ZipFile(file) as book:
            assert found(b"".join(map(book.read, book.namelist()))) == set()


# --- controls: what the search finds where it may be found --------------------------------------


def test_staff_with_a_role_see_the_drafts(drafts, request):
    client = enter_site(request, "E")
    r7, h1 = (f"/admin/kpis/reportingperiod/{one.pk}" for one in (drafts.r7, drafts.h1))
    grid = found(content_of(client.get(f"{r7}/entry/")))
    assert {"figure", "target", "cause", "next_step", "confirmation", "indicator"} <= grid
    assert {"owner", "promise", "answer"} <= grid
    assert "correction" in found(content_of(client.get(f"{h1}/entry/")))
    assert "figure" in found(content_of(client.get(f"{r7}/workbook/")))
    for page in ("actions/", "actions/workbook/"):
        assert {"pdca", "action"} <= found(content_of(client.get(f"{r7}/{page}")))
    preview = f"/admin/preview/{drafts.r7.pk}/"
    pages = [*PAGES[:20], "kpis/1-1/", "kpis/1-3/", "kpis/1-4/", "actions/A-1/"]
    addresses = [f"/admin/preview/{drafts.h1.pk}/corrections/", *(preview + one for one in pages)]
    seen = {one for address in addresses for one in found(content_of(client.get(address)))}
    assert seen == SHOWN | {"meeting"}
    assert "reopened" in found(content_of(client.get(f"{h1}/readiness/")))
    sent = Reminder.objects.get(period=drafts.r7)
    assert "reminder" in found(content_of(client.get(f"/admin/kpis/reminder/{sent.pk}/change/")))
    everywhere = {one for *_, content in behind(client, drafts, ["GET"]) for one in found(content)}
    inside = {"contact", "upload", "book", "changed", "confirmation"}
    assert everywhere >= SHOWN | inside | OF_MEETINGS


def test_published_drafts_are_found_and_what_is_the_offices_own_never(
    drafts, client, publisher, enter
):
    enter(drafts.r7, publisher, {"1-2": "140"}, confirmation="上半期の訂正による")
    submit(period=drafts.r7, by=publisher, reason="3-6は集計待ち")
    for period in (drafts.r7, drafts.h1):
        publish(period=period, by=publisher, reason="公表")
    seen = {one for _, _, content in follow(client) for one in found(content)}
    assert seen == SHOWN


@pytest.mark.parametrize(
    ("audience", "who", "told"),
    [
        ("members", "A", set()),
        ("members", "M", OF_MEETINGS),
        ("public", "A", OF_MEETINGS),
    ],
)
def test_a_meeting_is_found_by_those_to_whom_it_was_opened(drafts, request, audience, who, told):
    type(drafts.paper.meeting).objects.update(audience=audience)
    starts = [f"/{SLUG}/{one}" for one in ("meetings/", "measures/1-1/", "kpis/1-4/")]
    answers = follow(enter_site(request, who), starts, below=(f"/{SLUG}/meetings/", *starts))
    seen = {one for _, _, content in answers for one in found(content)}
    assert seen == told  # and not the draft of the indicator that the opinion is about


def test_a_published_opinion_is_found_in_the_councils_paper(drafts, publisher, tmp_path):
    publish_outright(plan=drafts.r7.plan, period=drafts.h1.period, by=publisher, reason="公表")
    file = tmp_path / "out"
    call_command("export_council", SLUG, "--period", "2025-H1", "-o", str(file))
    with zipfile.ZipFile(file) as book:
        seen = found(b"".join(map(book.read, book.namelist())))
    assert {"opinion", "reply", "meeting", "action", "correction"} <= seen


def test_the_search_finds_every_spelling():
    assert found(f"実績は 987,654,321件（{quote(KANJI)}）".encode()) == {"figure", "kanji"}
    assert found(json.dumps(f"{KANJI} {word('upload')}").encode()) == {"kanji", "upload"}
    assert found(f"公表{KANJI}".encode("cp932")) == {"kanji"}
