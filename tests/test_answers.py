"""A missed KPI asks for an answer, and the next round asks whether it was done."""

import datetime as dt

import pytest
from django.urls import reverse

from actions.fiscal import Period, Term
from kpis.models import Actual, ReportingPeriod
from kpis.readiness import GapKind
from kpis.rounds import Move
from kpis.selectors import shown
from kpis.selectors.readiness import readiness
from kpis.services import move, open_round, publish, submit
from kpis.workbooks.council import council_workbook
from tests.conftest import R7_FIGURES
from tests.editors import CONTESTED, Editor, colleague, stands  # noqa: F401 (fixtures)
from tests.printed import opened, seen
from tests.test_council_details import words
from tests.test_council_tables import papers_of
from tests.test_single_page import Single

pytestmark = pytest.mark.django_db

R7_H1, R7 = Period(2025, Term.H1), Period(2025, Term.FY)
SEMINAR = {"next_step": "説明会を2回開く", "next_step_owner": "産業振興課"}
SEMINAR |= {"next_step_due": dt.date(2026, 1, 31)}


@pytest.fixture
def asked(kadoma, publisher):
    """R7 年度, 入力中; R7 上半期 promised something about 1-3 by 31 January 2026."""
    Actual.objects.filter(period__term="H1", indicator__code="1-3").update(**SEMINAR)
    return open_round(plan=kadoma, period=R7, due=dt.date(2026, 4, 20), by=publisher)


@pytest.fixture
def editor(asked, entry_clerk):
    return Editor(asked, entry_clerk).opens()


# --- the grid -------------------------------------------------------------------------------------


def test_the_row_shows_what_was_promised_by_whom_and_until_when(editor):
    for words_there in (
        "前回の対応（令和7年度上半期）",
        "説明会を2回開く",
        "担当: 産業振興課、期限: 令和8年1月31日",
        "結果の記載なし（期限超過）",
    ):
        assert words_there in editor.page


def test_only_rows_with_an_earlier_counter_measure_have_cells_for_an_answer(editor):
    names = {one.split("-", 1)[1] for one in editor.form.fields if one.startswith("k")}
    assert {"next_step_owner", "next_step_due"} <= names
    having = [one for one in editor.form.fields if one.endswith(("-follow_up", "-follow_up_note"))]
    key = editor.keys["1-3"]
    assert having == [f"k{key}-follow_up", f"k{key}-follow_up_note"]


def test_an_answer_is_saved_with_who_and_until_when(editor, asked):
    editor.types("1-3", value="15", next_step="もう1回開く", next_step_owner="産業振興課")
    editor.types(
        "1-3", next_step_due="令和８年９月末", follow_up="done", follow_up_note="42社\n参加"
    )
    editor.sends()
    assert editor.told == ["1件の指標を保存しました。"]
    row = stands(asked, "1-3")
    assert (row.next_step_owner, row.next_step_due) == ("産業振興課", dt.date(2026, 9, 30))
    assert (row.follow_up, row.follow_up_note, row.version) == ("done", "42社\n参加", 1)
    assert (row.history.get().follow_up, row.history.get().next_step_owner) == (
        "done",
        "産業振興課",
    )
    assert (editor.cell("1-3", "next_step_due"), editor.cell("1-3", "follow_up")) == (
        "R8.9.30",
        "done",
    )
    editor.sends()
    assert editor.told == ["変更はありませんでした。"]


def test_faults_are_told_at_their_cells_and_nothing_is_saved(editor, asked):
    editor.types("1-3", follow_up="not_done", next_step_due="8/3/31").types("1-1", value="1210")
    editor.sends()
    assert editor.fault("1-3", "follow_up_note") == (
        "前回の対応が未実施・取りやめのときは、その理由を入力してください。"
    )
    assert editor.fault("1-3", "next_step_due").startswith("「8/3/31」の年が読み取れません。")
    assert editor.cell("1-3", "next_step_due") == "8/3/31"
    assert not Actual.objects.filter(period=asked).exists()
    editor.types("1-3", follow_up="", follow_up_note="済んだ", next_step_due="").sends()
    assert editor.fault("1-3", "follow_up") == (
        "前回の対応の説明を入力したときは、結果も選んでください。"
    )


def test_the_running_answers_tell_how_it_stands(editor, asked):
    key = editor.keys["1-3"]
    sent = {f"k{key}-seen": "0", f"k{key}-follow_up": "partly", f"k{key}-next_step_due": "春"}
    address = reverse("admin:kpis_reportingperiod_answers", args=[asked.pk])
    found = editor.client.post(address, sent).json()["rows"][f"k{key}"]
    assert found["standing"] == "一部実施（期限超過）"
    assert list(found["faults"]) == ["next_step_due"]


def test_an_answer_sent_for_a_row_that_is_not_asked_is_refused(editor, asked):
    editor.types("1-1", follow_up="done").sends()
    assert "前の期間に「今後の対応」がない指標のため、結果は入力できません。" in editor.page
    assert stands(asked) is None


def test_an_answer_that_was_given_stays_when_the_promise_is_taken_back(editor, asked):
    editor.types("1-3", value="15", follow_up="done").sends()
    Actual.objects.filter(period__term="H1", indicator__code="1-3").update(next_step="")
    editor.opens().types("1-3", value="16").sends()
    assert (stands(asked, "1-3").follow_up, stands(asked, "1-3").value) == ("done", 16)
    assert "前の期間に「今後の対応」は書かれていません。" in editor.page


def test_what_nobody_can_change_is_shown_in_words(editor, asked, publisher):
    editor.types("1-3", value="15", next_step="続ける", next_step_owner="商工課")
    editor.types("1-3", follow_up="partly", follow_up_note="1回だけ").sends()
    submit(period=asked, by=publisher, reason="ほかは未入力")
    page = editor.opens().page
    for words_there in ("担当: 商工課", "前回の対応の結果: 一部実施", "1回だけ", "（期限超過）"):
        assert words_there in page
    assert "-follow_up" not in editor.form.fields


# --- two editors ----------------------------------------------------------------------------------


@pytest.fixture
def two(asked, entry_clerk, colleague):
    return Editor(asked, entry_clerk).opens(), Editor(asked, colleague).opens()


def test_answer_owner_and_date_of_one_row_typed_by_two_people_all_stand(two, asked):
    first, second = two
    first.types("1-3", follow_up="done", next_step_owner="産業振興課").sends()
    second.types("1-3", value="15", next_step_due="R8.9.30").sends()
    assert second.told == ["1件の指標を保存しました。"]
    row = stands(asked, "1-3")
    assert (row.value, row.follow_up, row.next_step_owner) == (15, "done", "産業振興課")
    assert (row.next_step_due, row.version) == (dt.date(2026, 9, 30), 2)


def test_two_answers_are_asked_about_and_nothing_is_saved(two, asked):
    first, second = two
    first.types("1-3", follow_up="partly", follow_up_note="1回だけ").sends()
    second.types("1-3", follow_up="not_done", follow_up_note="人手不足", value="15").sends()
    assert second.told[0].startswith(CONTESTED.split("。")[0])
    question = second.question("1-3")
    for told in ("前回の対応の結果「一部実施」", "前回の対応の説明「人手不足」"):
        assert told in question
    assert (stands(asked, "1-3").follow_up, stands(asked, "1-3").value) == ("partly", None)
    second.types("1-3", take="mine").sends()
    row = stands(asked, "1-3")
    assert (row.follow_up, row.follow_up_note, row.value) == ("not_done", "人手不足", 15)


# --- the single record ----------------------------------------------------------------------------


def test_the_single_page_shows_the_promise_and_takes_the_answer(editor, asked, publisher):
    editor.types("1-3", value="15").sends()
    single = Single(asked, publisher, "1-3").opens()
    single.sends(follow_up="dropped", next_step_due="令和8年3月末")
    assert list(single.errors) == ["follow_up_note"]
    assert "令和7年度上半期: 説明会を2回開く" in single.page
    assert "状況: 結果の記載なし（期限超過）" in single.page
    single.sends(follow_up="dropped", follow_up_note="会場がない", next_step_due="令和8年3月末")
    row = stands(asked, "1-3")
    assert (row.follow_up, row.follow_up_note) == ("dropped", "会場がない")
    assert (row.next_step_due, row.version) == (dt.date(2026, 3, 31), 2)
    single.opens().sends(next_step_due="2026/3/31")  # another spelling is no change
    assert stands(asked, "1-3").version == 2
    single.sends(next_step_due="来年")
    assert single.errors["next_step_due"][0].startswith("「来年」は日付として読み取れません。")


def test_the_single_page_refuses_an_answer_to_nothing(editor, asked, publisher):
    editor.types("1-1", value="1210").sends()
    single = Single(asked, publisher).opens().sends(follow_up="done")
    assert single.errors == {
        "follow_up": ["前の期間に「今後の対応」がない指標のため、結果は入力できません。"]
    }


# --- before publishing ----------------------------------------------------------------------------


def gaps(period, kind):
    return [(one.row.code, one.message) for one in readiness(period).of_kind(kind)]


def test_an_earlier_counter_measure_without_an_answer_is_a_gap(editor, asked, publisher):
    assert gaps(asked, GapKind.NO_ANSWER) == [
        ("1-3", "令和7年度上半期の「今後の対応」を行ったかが書かれていません。期限超過です。")
    ]
    editor.client.force_login(publisher)
    address = reverse("admin:kpis_reportingperiod_readiness", args=[asked.pk])
    page = editor.client.get(address).content.decode()
    assert "前回の対応の結果が未記入（1件）" in page
    assert f'entry/#k{editor.keys["1-3"]}">1-3' in page
    editor.types("1-3", follow_up="done").sends()
    assert gaps(asked, GapKind.NO_ANSWER) == []


def test_the_check_lists_what_is_below_with_who_and_until_when(editor, asked, enter, publisher):
    enter(asked, publisher, {"1-3": "15", "1-1": "1210"}, next_step_owner="")
    found = readiness(asked)
    assert [one.row.code for one in found.below] == ["1-3"]
    assert [one.code for one in found.asked] == ["1-3"]
    page = editor.client.get(reverse("admin:kpis_reportingperiod_readiness", args=[asked.pk]))
    text = page.content.decode()
    assert "目標に届いていない指標（1件）" in text
    section = text.split('id="h-below"')[1].split("</section>")[0]
    assert section.count("未記入") == 1
    assert "令和8年9月30日" in section


def test_what_the_city_published_without_these_texts_asks_for_nothing_now(published, publisher):
    period = open_round(plan=published, period=R7, due=dt.date(2026, 4, 20), by=publisher)
    found = readiness(period)
    assert found.asked == ()
    assert found.of_kind(GapKind.NO_ANSWER) == ()
    assert ReportingPeriod.objects.get(fiscal_year=2025, term="H1").state == "published"


# --- the whole round ------------------------------------------------------------------------------


@pytest.fixture
def answered(published, enter, publisher, entry_clerk):
    """R7 上半期 corrected with a counter-measure about 3-4, R7 年度 published with its answer."""
    half = published.periods.get(fiscal_year=2025, term="H1")
    move(period=half, move=Move.REOPEN, by=publisher, reason="要因と対応の追記")
    step = {"cause": "応募がない", "next_step": "募集要項を見直す", "next_step_owner": "産業振興課"}
    enter(half, publisher, {"3-4": "0"}, **step, next_step_due=dt.date(2026, 1, 31))
    publish(period=half, by=publisher, reason="要因と対応の追記")
    period = open_round(plan=published, period=R7, due=dt.date(2026, 4, 20), by=publisher)
    enter(period, entry_clerk, R7_FIGURES)
    editor = Editor(period, entry_clerk).opens()
    assert "募集要項を見直す" in editor.page
    editor.types("3-4", follow_up="not_done", follow_up_note="調整が<続く>").sends()
    submit(period=period, by=entry_clerk)
    assert readiness(period).gaps == ()
    publish(period=period, by=publisher)
    return published


def test_the_kpi_page_shows_both_the_new_step_and_what_became_of_the_old(client, answered):
    page = client.get(f"/{answered.slug}/kpis/3-4/").content.decode()
    section = page.split('id="h-why"')[1].split("</section>")[0]
    for there in (
        "担当: 産業振興課、期限: 令和8年9月30日",
        "募集要項を見直す",
        "令和7年度上半期　担当: 産業振興課、期限: 令和8年1月31日",
        '<span class="badge tone-bad"><span class="sign">×</span>未実施（期限超過）</span>',
        "調整が&lt;続く&gt;",
    ):
        assert there in section
    assert "前回の対応" not in client.get(f"/{answered.slug}/kpis/1-1/").content.decode()
    half = client.get(f"/{answered.slug}/kpis/3-4/?period=2025-H1").content.decode()
    assert "担当: 産業振興課、期限: 令和8年1月31日" in half
    assert "前回の対応" not in half


def test_the_councils_workbook_shows_both(answered):
    book = opened(council_workbook(papers_of(answered)))
    told = words(book["指標別"], "3-4")
    assert told["今後の対応"] == "対応"
    assert told["担当・期限"] == "担当: 産業振興課、期限: 令和8年9月30日"
    assert told["前回の対応"] == (
        "R7上半期: 募集要項を見直す（担当: 産業振興課、期限: 令和8年1月31日）\n"
        "結果: ×未実施（期限超過）　調整が<続く>"
    )
    cells = [seen(one) for row in book["総括"].rows for one in row]
    assert "前回の対応の状況" in cells
    assert (
        "前回までの「今後の対応」1件の結果は、未実施1件です。終わっていないものは1件です。"
        "3-4 カドマイスター認定企業数（×未実施（期限超過））です。"
    ) in cells


def test_the_half_years_paper_as_the_city_published_it_tells_nothing_of_it(published):
    book = opened(council_workbook(papers_of(published, R7_H1)))
    cells = {seen(one) for page in book for row in page.rows for one in row}
    assert not cells & {"前回の対応", "担当・期限", "前回の対応の状況"}


def test_the_answer_is_frozen_with_the_publication(answered):
    Actual.objects.update(follow_up="done", next_step_owner="別の課")
    found = shown(answered.slug, R7).progress.indicator("3-4").at(R7).actual
    assert (found.follow_up.label, found.next_step_owner) == ("未実施", "産業振興課")
