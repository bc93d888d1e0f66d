"""Samples (例示): added once and on request, marked wherever they appear, and taken away again."""

import io
import json
import re
from itertools import chain

import pytest
from django.core.management import CommandError, call_command

from actions.fiscal import Period, Term
from actions.models import Action, ActionYear, Measure, Plan
from kpis.management.commands import quickstart
from kpis.models import Meeting, Opinion, Publication
from kpis.services import publish_outright
from kpis.vocabulary import Audience, OpinionState
from tests.crawling import follow
from tests.factories import make_actions, make_meeting, make_plan
from tests.marking import MARK, Findings
from tests.served import ROOT

pytestmark = pytest.mark.django_db
SLUG = "kadoma-monozukuri"
R6, R7_H1 = Period(2024, Term.FY), Period(2025, Term.H1)
ALL = "アクション12件、会議1件（意見5件）"

DATA = json.loads((ROOT / "fixtures" / "kadoma-samples.json").read_text())
MEETING = DATA["meeting"]
NAMES = [*(one["name"] for one in DATA["actions"]), MEETING["name"]]
# What is said of them; codes of words, and 「（例）担当課」 and the like, are no such texts.
SAYING = ("content", "priority_reason", "no_indicator_reason", "plan", "done_first_half", "done")
SAYING += ("results", "revision_note", "text", "reply", "state_reason")
RECORDS = [one for action in DATA["actions"] for one in (action, *action["years"])]
TEXTS = [one[name] for one in (*RECORDS, *MEETING["opinions"]) for name in SAYING if name in one]


@pytest.fixture
def start(monkeypatch):
    """Return a function that runs quickstart and gives what it says, line by line."""
    monkeypatch.setattr(quickstart, "collect_if_changed", lambda: None)

    def started(*options):
        out = io.StringIO()
        call_command("quickstart", "--no-serve", *options, stdout=out)
        return out.getvalue().splitlines()

    return started


def numbers():
    """Return how many actions, years, meetings and opinions stand."""
    return tuple(one.objects.count() for one in (Action, ActionYear, Meeting, Opinion))


ADDED, NONE = (12, 60, 1, 5), (0, 0, 0, 0)

# --- what is added --------------------------------------------------------------------------------


def test_an_empty_site_gets_them_before_the_newest_period_is_published(start, administrator):
    told = start("--with-samples")
    assert told[1:] == [
        "令和6年度を公表しました。",
        f"例示の{ALL}を登録しました。すべて「例示」と表示されます。",
        "例示は quickstart --remove-samples で削除できます。",
        "令和7年度上半期を公表しました。",
    ]
    assert numbers() == ADDED
    meeting = Meeting.objects.get()
    assert meeting.audience == Audience.PUBLIC
    assert meeting.publication.period.period == R7_H1
    made = {
        one.period.period: json.loads(one.payload)["progress"]
        for one in Publication.objects.select_related("period")
    }
    assert (len(made[R6]["actions"]), len(made[R6]["meetings"])) == (0, 0)
    assert (len(made[R7_H1]["actions"]), len(made[R7_H1]["meetings"])) == (12, 1)


def test_every_record_is_marked_valid_and_remembered(start, administrator):
    start("--with-samples")
    assert not Action.objects.filter(is_example=False).exists()
    assert Meeting.objects.get().is_example
    for model in (Action, ActionYear, Meeting, Opinion):
        for one in model.objects.all():
            one.full_clean()
            first = one.history.earliest()
            assert (first.history_user, first.history_change_reason) == (
                administrator,
                "例示の登録",
            )


def test_they_show_all_that_the_pages_tell_of(start, administrator):
    start("--with-samples")
    actions = Action.objects.all()
    measures = {one.measure.code for one in actions.select_related("measure__strategy")}
    assert measures == {"1-1", "2-1", "3-1", "3-5"}
    for code in ("business", "city", "support"):
        assert actions.filter(actor=code).count() == 4
    assert actions.filter(is_priority=True).exclude(priority_reason="").count() == 4
    alone = actions.filter(indicators=None)
    assert alone.count() == 3
    assert alone.exclude(no_indicator_reason="").count() == 3
    years = ActionYear.objects.all()
    r7 = years.filter(fiscal_year=2025)
    assert (
        r7.filter(evaluation="late").count() == r7.filter(evaluation="slightly_late").count() == 1
    )
    assert not r7.exclude(done="").exists()  # the year is not over
    assert not r7.filter(done_first_half="").exists()
    assert not years.filter(plan="").exists()
    assert not years.filter(fiscal_year__gt=2025).exclude(results="").exists()
    states = set(Opinion.objects.values_list("state", flat=True))
    assert states == {"", *(one.value for one in OpinionState)}


def test_no_text_is_the_citys_own(start, administrator):
    # Who answers is 「（例）…」, and no text names the city or counts anything as if it were told.
    start("--with-samples")
    assert set(Action.objects.values_list("section", flat=True)) == {"（例）担当課"}
    said = "".join(chain(NAMES, TEXTS, [MEETING["agenda"], MEETING["members"]]))
    assert "門真" not in said
    assert "産業振興課" not in said
    assert "市は" not in said
    assert not set("0123456789０１２３４５６７８９") & set("".join(TEXTS))
    assert all(
        line.startswith(("（例）", "会長　（例）")) for line in MEETING["members"].split("\n")
    )


def test_the_printed_rates_are_reproduced_with_samples_too(start, administrator):
    start("--with-samples")
    out = io.StringIO()
    call_command("verify_published", SLUG, stdout=out)
    assert out.getvalue().splitlines()[-1] == "11件すべてが公表資料と一致しました。"


# --- once, and beside nothing of the office's own ---------------------------------------------------


def test_twice_is_the_same(start, administrator):
    start("--with-samples")
    Action.objects.first().delete()  # what the office took away stays away
    before = numbers()
    assert start("--with-samples") == ["計画は登録済みです。", "例示は登録済みです。"]
    assert numbers() == before == (11, 55, 1, 5)


def test_a_site_that_is_read_already_stays_as_it_is_until_it_is_published(
    start, published, administrator, client
):
    before = list(Publication.objects.order_by("pk").values_list("pk", "sha256"))
    told = start("--with-samples")
    period = published.periods.get(fiscal_year=2025)
    assert told[1:] == [
        f"例示の{ALL}を登録しました。すべて「例示」と表示されます。",
        f"公開ページはまだ変わりません。管理画面にログインして /admin/preview/{period.pk}/actions/ を"
        "開くとプレビューで見られ、次に公表したときに公開ページに出ます。"
        "会議は「準備中（職員のみ）」です。公開範囲は管理画面の「会議」で切り替えます。",
        "例示は quickstart --remove-samples で削除できます。",
    ]
    assert numbers() == ADDED
    assert list(Publication.objects.order_by("pk").values_list("pk", "sha256")) == before
    meeting = Meeting.objects.get()
    assert meeting.audience == Audience.STAFF
    assert meeting.publication == period.publications.get()
    client.force_login(administrator)
    assert client.get(f"/admin/preview/{period.pk}/actions/").status_code == 200


REFUSED = "には、例示ではないアクションか会議が登録されているため、例示は追加しません。"


@pytest.mark.parametrize("kind", ["action", "meeting"])
def test_records_of_the_offices_own_keep_samples_away(start, published, kind):
    if kind == "action":
        make_actions(plan=published, measures=[Measure.objects.first()], number=1, years=[2024])
    else:
        make_meeting(plan=published, number=1)
    before = numbers()
    told = start("--with-samples")
    assert told == ["計画は登録済みです。", f"{published.name}{REFUSED}"]
    assert numbers() == before


def test_a_plan_without_their_measures_gets_none(start, published):
    Measure.objects.get(strategy__number=3, number=5).delete()
    told = start("--with-samples")
    assert told[1:] == ["例示に使う施策3-5がこの計画にないため、例示を追加できません。"]
    assert numbers() == NONE


def test_another_citys_site_gets_none(start, administrator):
    make_plan(slug="own", indicators=1)
    for option in ("--with-samples", "--remove-samples"):
        told = start(option)[-1]
        assert told == f"例示は計画「{SLUG}」のものです。その計画がないため、何もしません。"
    assert not Action.objects.exists()


def test_without_the_option_there_is_nothing_of_them(start, administrator, client):
    start()
    assert numbers() == NONE
    found = Findings(NAMES, TEXTS)
    for page in ("", "tree/", "actions/", "measures/1-1/", "kpis/1-1/", "meetings/"):
        found.read_page(page, client.get(f"/{SLUG}/{page}").content.decode())
    assert (found.found, found.unmarked) == (set(), [])
    progress = json.loads(Publication.objects.get(period__fiscal_year=2025).payload)["progress"]
    assert (progress["actions"], progress["meetings"]) == ([], [])


# --- taken away again -------------------------------------------------------------------------------


def test_they_are_removed_and_the_rest_stays(start, administrator):
    start("--with-samples")
    own = Action.objects.first()
    Action.objects.filter(pk=own.pk).update(is_example=False)  # the office made it its own
    sums = set(Publication.objects.values_list("sha256", flat=True))
    told = start("--remove-samples")
    assert told[1:] == [
        "例示のアクション11件、会議1件（意見5件）を削除しました。公表済みの内容に含まれる例示は、"
        "次に公表（訂正）したときに公開ページから消えます。"
    ]
    assert list(Action.objects.all()) == [own]
    assert numbers() == (1, 5, 0, 0)
    assert set(Publication.objects.values_list("sha256", flat=True)) == sums
    last = Action.history.latest()
    assert (last.history_type, last.history_user) == ("-", administrator)
    assert last.history_change_reason == "例示の削除"
    assert start("--remove-samples")[1:] == ["例示は登録されていません。"]


def test_what_an_own_opinion_is_about_is_not_removed(start, administrator):
    start("--with-samples")
    plan = Plan.objects.get()
    meeting = make_meeting(plan=plan, number=1, name="第1回会議")
    Opinion.objects.filter(meeting=meeting).update(action=Action.objects.first())
    before = numbers()
    with pytest.raises(CommandError) as caught:
        start("--remove-samples")
    assert str(caught.value) == (
        "例示を参照しているものがあるため、削除できません: 「第1回会議 意見1」"
    )
    assert numbers() == before


# --- marked wherever they appear --------------------------------------------------------------------


# The switch on an action's page leads to an older publication, which did not know the action yet.
OLDER = re.compile(r"/actions/EX-[0-9-]+/\?period=2024-FY")


def crawled(client, *starts, below="/", versions=False):
    """Return what of the samples every page and file holds to which links lead."""
    found = Findings(NAMES, TEXTS)
    without = "/admin/" if below == "/" else ()  # where the guides lead staff on
    for address, response, _ in follow(
        client, starts or ("/", f"/{SLUG}/"), below, without, versions
    ):
        if OLDER.search(address):
            assert response.status_code == 404, address
            continue
        assert response.status_code == 200, address
        found.read.add(address)
        kind = response["Content-Type"].split(";")[0]
        if kind.endswith("spreadsheetml.sheet"):
            found.read_workbook(address, response.content)
        elif kind == "text/csv":
            code = "cp932" if "encoding=cp932" in address else "utf-8-sig"
            found.read_csv(address, response.content.decode(code))
        elif kind.endswith("json"):
            found.read_json(address, response.content)
        else:
            found.read_page(address, response.content.decode())
    return found


@pytest.mark.slow
def test_every_public_page_and_file_marks_them(start, administrator, client):
    start("--with-samples")
    found = crawled(client)
    assert found.unmarked == []
    assert len(found.read) > 150


@pytest.mark.slow
def test_every_previewed_page_marks_them(start, administrator, client):
    start("--with-samples")
    client.force_login(administrator)
    period = Publication.objects.get(period__fiscal_year=2025).period
    below = f"/admin/preview/{period.pk}/"
    found = crawled(client, below, below=below)
    assert found.unmarked == []
    assert len(found.read) > 50


def test_the_corrections_mark_them(start, published, administrator, client):
    start("--with-samples")
    publish_outright(plan=published, period=R7_H1, by=administrator, reason="例示の追加")
    address = f"/{SLUG}/corrections/"
    found = crawled(client, address, below=address, versions=True)
    assert found.unmarked == []
    assert found.found >= {one["name"] for one in DATA["actions"]}  # the control


def test_every_sheet_of_the_councils_workbook_marks_them(start, administrator, tmp_path):
    start("--with-samples")
    file = tmp_path / "資料.xlsx"
    meeting = Meeting.objects.get()
    call_command("export_council", SLUG, "--meeting", str(meeting.pk), "-o", str(file))
    found = Findings(NAMES, TEXTS)
    found.read_workbook("資料", file.read_bytes())
    assert found.unmarked == []
    assert found.found >= {*NAMES, *(one["text"] for one in MEETING["opinions"])}  # the control


UNMARKED = [
    pytest.param("<li>名</li><li>例示</li>", id="the-mark-of-another"),
    pytest.param("<table><tr><th>名</th></tr><tr><td>例示</td></tr></table>", id="another-row"),
    pytest.param("<section><h2>一覧</h2><p>名</p><p>例示</p></section>", id="another-paragraph"),
    pytest.param('<svg aria-label="名"></svg><p>例示</p>', id="attribute"),
    pytest.param('<script type="application/json">["\\u540d"]</script>', id="chart"),
    pytest.param("<select><option>名</option><option>例示</option></select>", id="option"),
]
MARKED = [
    pytest.param("<li>名 <b>例示</b></li>", id="item"),
    pytest.param("<h1>例示 甲</h1><ul><li>名</li></ul>", id="page-of-one"),
    pytest.param("<article><h3>例示 甲</h3><p>名</p></article>", id="card"),
    pytest.param("<table><tr><td>例示</td><td>名</td></tr></table>", id="row"),
    pytest.param('<script type="application/json">["\\u540d\\u4f8b\\u793a"]</script>', id="chart"),
]


@pytest.mark.parametrize("page", UNMARKED)
def test_the_search_finds_what_is_not_marked(page):
    found = Findings(["名"], [])
    found.read_page("頁", f"<html><body><main>{page}</main></body></html>")
    assert found.unmarked == [("頁", "名")]


@pytest.mark.parametrize("page", MARKED)
def test_the_search_leaves_what_is_marked(page):
    found = Findings(["名"], [])
    found.read_page("頁", f"<html><body><main>{page}</main></body></html>")
    assert (found.found, found.unmarked) == ({"名"}, [])


def test_the_search_reads_rows_and_objects():
    found = Findings(["名"], [])
    found.read_csv("表", f"名,\r\n名,{MARK}\r\n")
    found.read_json("記録", '[{"a": "名"}, {"a": "名", "is_example": true}, {"b": ["名", "例示"]}]')
    assert found.unmarked == [("表", "名"), ("記録", "名"), ("記録", "名")]
