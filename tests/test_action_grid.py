"""A round's actions in one grid: what is written, what is refused, and what two people write."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import Permission

from actions.fiscal import Term
from actions.models import Action, ActionYear
from kpis.models import ReportingPeriod
from kpis.rounds import Move
from kpis.selectors.actiongrid import action_progress, action_rows
from kpis.services import EntryError, NewEntry, move, publish_outright, save_action_years
from tests.action_files import (  # noqa: F401 (fixtures)
    H1,
    ActionEditor,
    add,
    half_year,
    three,
    whole_year,
    year_of,
)
from tests.editors import CHOOSE, CONTESTED, NOTHING_SAVED, colleague  # noqa: F401 (fixture)
from tests.factories import make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(half_year, entry_clerk):
    return ActionEditor(half_year, entry_clerk).opens()


@pytest.fixture
def two(editor, half_year, colleague):
    """Both have opened the page and see the same."""
    return editor, ActionEditor(half_year, colleague).opens()


# --- what is on the screen ------------------------------------------------------------------------


def test_the_rows_stand_by_measure_and_actor_with_what_there_is_beside_them(editor):
    at = [editor.page.index(one) for one in ("施策1-1", "取組1-1-1", "取組1-1-2", "施策2-1")]
    assert at == sorted(at)
    words = editor.words("1-1-1")
    for one in (
        "行政 ★重点",
        "産業振興課",
        "R7の計画年4回開く",
        "未記入: 上半期の実施内容",
    ):
        assert one in words
    assert "R6の評価・見直し評価: 遅れ見直し: 改善見直しの内容: 会場を変える" in words
    assert editor.cell("1-1-1", "stage") == "running"
    assert editor.cell("1-1-1", "done") is None  # that is for the year's end
    assert (editor.cell("1-1-1", "seen"), editor.cell("2-1-1", "seen")) == ("1", "0")
    assert "記入済 0 / 3件（未記入 3件）" in editor.page.replace("<strong>", "").replace(
        "</strong>", ""
    )


def test_the_year_s_end_asks_for_the_revision_and_shows_the_half_year(whole_year, entry_clerk):
    ActionYear.objects.filter(fiscal_year=2025).update(done_first_half="2回開いた")
    editor = ActionEditor(whole_year, entry_clerk).opens()
    assert "R7の上半期の実施内容2回開いた" in editor.words("1-1-1")
    typed = {"done": "4回開いた", "evaluation": "ahead", "revision": "expand"}
    editor.types("1-1-1", **typed, revision_note="回数を増やす").sends()
    year = year_of("1-1-1")
    assert (year.done, year.evaluation, year.revision) == ("4回開いた", "ahead", "expand")
    assert (year.revision_note, year.done_first_half) == ("回数を増やす", "2回開いた")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?section=商工課", ["2-1-1"]),
        ("?measure=1-1", ["1-1-1", "1-1-2"]),
        ("?actor=support", ["1-1-2"]),
        ("?priority=1", ["1-1-1"]),
        ("?measure=1-1&actor=city&priority=1&section=産業振興課", ["1-1-1"]),
        ("?open=1", ["1-1-2", "2-1-1"]),
        ("?section=無い課&actor=nobody&measure=9-9", ["1-1-1", "1-1-2", "2-1-1"]),
        ("?page=9", ["1-1-1", "1-1-2", "2-1-1"]),
    ],
)
def test_the_screen_is_narrowed_to_what_is_asked_for(half_year, entry_clerk, query, shown):
    written = {"done_first_half": "済", "results": "済", "evaluation": "on_plan"}
    ActionYear.objects.filter(action__code="1-1-1", fiscal_year=2025).update(**written)
    assert ActionEditor(half_year, entry_clerk).opens(query).shown == shown


def test_fifty_actions_stand_on_a_page_and_the_others_are_not_touched(half_year, entry_clerk):
    Action.objects.filter(plan=half_year.plan).delete()
    for number in range(51):
        add(half_year.plan, f"X-{number:02}", order=number)
    editor = ActionEditor(half_year, entry_clerk).opens()
    assert len(editor.shown) == 50
    assert "1～50件目（51件中）" in editor.page
    assert ActionEditor(half_year, entry_clerk).opens("?page=2").shown == ["X-50"]
    editor.types("X-00", results="成果").sends()
    assert editor.told == ["1件のアクションを保存しました。"]
    assert [one.action.code for one in ActionYear.objects.all()] == ["X-00"]


def test_a_plan_without_actions_says_so_and_nothing_leads_to_the_screen(kadoma, clerk):
    period = kadoma.periods.get(fiscal_year=2025)
    link = f"/admin/kpis/reportingperiod/{period.pk}/actions/"
    assert "アクションがまだ登録されていません" in clerk.get(link).content.decode()
    for page in ("entry", "readiness", "change"):
        assert link not in clerk.get(link.replace("actions", page)).content.decode()


def test_entry_period_check_and_front_page_lead_to_the_screen(half_year, clerk):
    link = f"/admin/kpis/reportingperiod/{half_year.pk}/actions/"
    for page in ("entry", "readiness", "change"):
        assert link in clerk.get(link.replace("actions", page)).content.decode()
    checked = clerk.get(link.replace("actions", "readiness")).content.decode()
    assert "3件中 未記入 <strong>3</strong>件" in checked
    assert "アクション" not in "".join(one.message for one in _gaps(clerk, link))
    assert "アクションの記入（3件中 未記入 3件）" in clerk.get("/admin/").content.decode()


def _gaps(client, link):
    return client.get(link.replace("actions", "readiness")).context["ready"].gaps


# --- saving -----------------------------------------------------------------------------------------


def test_what_is_written_is_kept_with_its_history(editor, entry_clerk):
    typed = {
        "done_first_half": "2回開いた",
        "results": "=満員\n課題は会場",
        "evaluation": "on_plan",
    }
    editor.types("1-1-1", **typed).types("2-1-1", stage="study")
    editor.sends(change_reason="所管課の報告による")
    assert editor.told == ["2件のアクションを保存しました。"]
    year, new = year_of("1-1-1"), year_of("2-1-1")
    assert (year.done_first_half, year.results) == ("2回開いた", "=満員\n課題は会場")
    assert (year.evaluation, year.plan, year.version) == ("on_plan", "年4回開く", 2)
    assert (new.stage, new.version) == ("study", 1)
    newest, made = year.history.first(), new.history.get()
    assert (newest.history_type, made.history_type) == ("~", "+")
    assert {newest.history_user, made.history_user} == {entry_clerk}
    assert newest.history_change_reason == "所管課の報告による"
    assert year_of("1-1-2").version == 1  # nothing was written of it


def test_an_untouched_screen_writes_nothing(editor):
    editor.sends()
    assert editor.told == ["変更はありませんでした。"]
    assert (ActionYear.objects.count(), year_of("2-1-1")) == (3, None)


def test_with_a_fault_nothing_is_saved_and_everything_stays_as_typed(editor):
    editor.types("1-1-1", results="長" * 2001, done_first_half="2回")
    editor.types("1-1-2", evaluation="すごい", results="成果").sends()
    assert editor.told == [f"直すところがあります。{NOTHING_SAVED}"]
    assert "直すところ（2か所）" in editor.page
    assert editor.fault("1-1-1", "results") == "2,000字までで入力してください（現在2,001字）。"
    assert editor.fault("1-1-2", "evaluation").startswith("「すごい」は選べません。")
    assert editor.cell("1-1-1", "done_first_half") == "2回"
    assert editor.cell("1-1-2", "evaluation") == "すごい"
    assert ActionYear.objects.exclude(version=1).count() == 0
    editor.types("1-1-1", results="成果").types("1-1-2", evaluation="late").sends()
    assert editor.told == ["2件のアクションを保存しました。"]


def test_faults_on_a_narrowed_screen_show_the_rows_that_were_sent(half_year, entry_clerk):
    editor = ActionEditor(half_year, entry_clerk).opens("?open=1")
    typed = {"done_first_half": "済", "results": "済", "evaluation": "on_plan"}
    editor.types("1-1-1", **typed).types("1-1-2", stage="？").sends()
    assert editor.shown == ["1-1-1", "1-1-2", "2-1-1"]
    editor.types("1-1-2", stage="paused").sends()
    assert editor.shown == ["2-1-1"]  # the others are written, or paused


# --- when, and who ---------------------------------------------------------------------------------


def new(period, **fields):
    """Return what is to be recorded of 1-1-1."""
    (row, *_) = action_rows(period)
    return [NewEntry(row.action, replace(row.entry, **fields), row.version)]


@pytest.mark.parametrize(
    ("state", "may"),
    [
        ("preparing", ""),
        ("entering", "entry_clerk publisher administrator"),
        ("checking", "publisher administrator"),
        ("published", ""),
        ("correcting", "entry_clerk publisher administrator"),
    ],
)
@pytest.mark.parametrize("who", ["entry_clerk", "publisher", "administrator", "council_member"])
def test_the_states_of_the_period_decide_who_may_write(half_year, request, state, may, who):
    ReportingPeriod.objects.filter(pk=half_year.pk).update(state=state)
    by = request.getfixturevalue(who)
    if who in may.split():
        save_action_years(period=half_year, entries=new(half_year, results="成果"), by=by)
        assert year_of("1-1-1").results == "成果"
        return
    with pytest.raises(EntryError):
        save_action_years(period=half_year, entries=new(half_year, results="成果"), by=by)
    assert (year_of("1-1-1").results, year_of("1-1-1").history.count()) == ("", 1)


def test_a_period_that_closes_meanwhile_refuses_and_what_was_typed_stays(
    editor, half_year, publisher
):
    editor.types("1-1-1", results="途中の文章")
    move(period=half_year, move=Move.CLOSE, by=publisher, reason="誤り")
    editor.sends(change_reason="集計")
    assert len(editor.told) == 1
    assert editor.told[0].endswith(NOTHING_SAVED)
    assert "準備中" in editor.told[0]
    for one in ("途中の文章", "保存していない変更の理由: 集計"):
        assert one in editor.page
    assert year_of("1-1-1").results == ""


@pytest.mark.parametrize(
    ("lacking", "code"), [("change_actionyear", "1-1-1"), ("add_actionyear", "2-1-1")]
)
def test_the_right_of_the_record_is_needed_too(half_year, django_user_model, lacking, code):
    person = django_user_model.objects.create_user("kari", is_staff=True)
    names = {"enter_reportingperiod", "change_actionyear", "add_actionyear"} - {lacking}
    person.user_permissions.add(*Permission.objects.filter(codename__in=names))
    row = next(one for one in action_rows(half_year) if one.code == code)
    wanted = [NewEntry(row.action, replace(row.entry, results="成果"), row.version)]
    with pytest.raises(EntryError, match="権限がありません"):
        save_action_years(period=half_year, entries=wanted, by=person)


def test_who_may_not_change_years_only_looks_at_them(half_year, entry_clerk):
    for group in entry_clerk.groups.all():
        group.permissions.remove(*Permission.objects.filter(codename="change_actionyear"))
    editor = ActionEditor(half_year, entry_clerk).opens()
    assert "変更する権限がありません" in editor.page
    assert editor.shown == []
    assert "年4回開く" in editor.page


def test_an_action_of_another_plan_is_refused(half_year, entry_clerk):
    foreign = make_plan(slug="other", indicators=1, actions=1).actions.get()
    (sent,) = new(half_year, results="成果")
    wanted = [NewEntry(foreign.pk, sent.entry, 1)]
    with pytest.raises(EntryError, match="この計画にないアクション"):
        save_action_years(period=half_year, entries=wanted, by=entry_clerk)
    assert foreign.years.get(fiscal_year=2025).version == 1


def test_a_correction_without_another_word_keeps_why_it_was_opened(three, publisher, entry_clerk):
    period = three.periods.get(fiscal_year=2025, term="H1")
    publish_outright(plan=three, period=H1, by=publisher, reason="試験")
    move(period=period, move=Move.REOPEN, by=publisher, reason="記載漏れ")
    ActionEditor(period, entry_clerk).opens().types("1-1-1", results="成果").sends()
    assert year_of("1-1-1").history.first().history_change_reason == "訂正: 記載漏れ"


# --- two people -------------------------------------------------------------------------------------


def test_changes_of_different_cells_of_one_action_both_stand(two, half_year):
    first, second = two
    first.types("1-1-1", done_first_half="2回開いた").sends()
    second.types("1-1-1", results="満員", evaluation="ahead").sends()
    assert second.told == ["1件のアクションを保存しました。"]
    year = year_of("1-1-1")
    assert (year.done_first_half, year.results, year.version) == ("2回開いた", "満員", 3)


def test_a_year_that_both_make_is_put_together(two):
    first, second = two
    first.types("2-1-1", stage="study").sends()
    second.types("2-1-1", results="聞き取った").sends()
    year = year_of("2-1-1")
    assert (year.stage, year.results, year.version) == ("study", "聞き取った", 2)


def test_the_same_cell_is_asked_about_and_the_choice_settles_it(two):
    first, second = two
    first.types("1-1-1", results="満員").sends()
    second.types("1-1-1", results="盛況").types("1-1-2", results="成果").sends()
    assert second.told == [CONTESTED]
    asked = second.words("1-1-1", "#a{}-take")
    assert "現在の値にする: 成果・課題「満員」" in asked
    assert "自分の値にする: 成果・課題「盛況」" in asked
    assert (year_of("1-1-1").results, year_of("1-1-2").results) == ("満員", "")
    second.sends()
    assert CHOOSE in second.page
    second.types("1-1-1", take="mine").sends()
    assert second.told == ["2件のアクションを保存しました。"]
    assert (year_of("1-1-1").results, year_of("1-1-2").results) == ("盛況", "成果")


def test_theirs_may_be_taken(two):
    first, second = two
    first.types("1-1-1", evaluation="late").sends()
    second.types("1-1-1", evaluation="ahead", results="成果").sends()
    assert "評価「遅れ」" in second.words("1-1-1", "#a{}-take")
    second.types("1-1-1", take="theirs").sends()
    year = year_of("1-1-1")
    assert (year.evaluation, year.results) == ("late", "成果")


def test_half_year_and_year_write_one_record_and_see_each_other(
    three, half_year, publisher, entry_clerk, colleague
):
    half_year.refresh_from_db()
    whole = three.periods.create(fiscal_year=2025, term=Term.FY.value, state="entering")
    one, other = (
        ActionEditor(half_year, entry_clerk).opens(),
        ActionEditor(whole, colleague).opens(),
    )
    one.types("1-1-1", results="上半期の成果").sends()
    other.types("1-1-1", done="4回").sends()
    assert (year_of("1-1-1").results, year_of("1-1-1").done) == ("上半期の成果", "4回")
    one.types("1-1-1", results="直した").sends()
    other.opens().types("1-1-1", results="年度の成果")
    one.types("1-1-1", results="また直した").sends()
    assert other.sends().told == [CONTESTED]


def test_what_is_awaited_is_counted_for_the_plan_alone(half_year):
    make_plan(slug="other", indicators=1, actions=4)
    assert action_progress(half_year).number == 3
