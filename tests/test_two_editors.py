"""Two people in one round, each before the real page: nobody overwrites what they did not see."""

import pytest

from kpis.merging import Merged
from kpis.models import PeriodMove
from kpis.rounds import Move, PeriodState
from kpis.services import entries as entries_module
from kpis.services import move, publish, submit
from kpis.vocabulary import ActualReason
from tests.conftest import R7_FIGURES
from tests.editors import (  # noqa: F401 (fixtures)
    CHOOSE,
    CONTESTED,
    NOTHING_SAVED,
    Editor,
    colleague,
    figures,
    recorded,
    stands,
    two,
)

pytestmark = pytest.mark.django_db

# Both change something.


def test_changes_of_different_rows_both_stand(two, recorded, entry_clerk, colleague):
    first, second = two
    first.types("1-2", value="140").sends()
    second.types("1-3", value="15").sends()
    assert (first.told, second.told) == (["1件の指標を保存しました。"],) * 2
    assert figures(recorded) == {"1-1": 1210, "1-2": 140, "1-3": 15}
    by = {code: stands(recorded, code).history.get().history_user for code in ("1-1", "1-2", "1-3")}
    assert by == {"1-1": entry_clerk, "1-2": entry_clerk, "1-3": colleague}
    assert second.cell("1-2", "value") == "140"  # what the other typed is on the screen now


def test_changes_of_different_cells_of_one_row_both_stand(two, recorded):
    first, second = two
    first.types("1-1", value="1211").sends()
    second.types("1-1", cause="相談会を2回増やした\n出張相談も始めた", next_step="続ける").sends()
    assert second.told == ["1件の指標を保存しました。"]
    row = stands(recorded)
    assert (row.value, row.version) == (1211, 3)
    assert (row.cause, row.next_step) == ("相談会を2回増やした\n出張相談も始めた", "続ける")
    assert [one.value for one in row.history.order_by("version")] == [1210, 1211, 1211]


def test_the_same_figure_typed_by_both_is_no_conflict(two, recorded):
    for editor in two:
        editor.types("1-1", value="1211").sends()
    assert two[1].told == ["変更はありませんでした。"]
    row = stands(recorded)
    assert (row.value, row.version, row.history.count()) == (1211, 2, 2)


def test_the_same_figure_in_another_spelling_is_no_conflict(two, recorded):
    two[0].types("1-2", value="1,211").sends()
    two[1].types("1-2", value="１２１１件").sends()
    assert two[1].told == ["変更はありませんでした。"]
    assert stands(recorded, "1-2").version == 1


def test_a_row_that_i_did_not_touch_is_never_a_conflict(two, recorded):
    first, second = two
    first.types(
        "1-1", value="", reason="not_measurable", cause="別", next_step="別", confirmation="別"
    )
    first.types("1-2", value="140", provisional="on", cause="速報値による").sends()
    second.types("1-3", value="15").sends()
    assert second.told == ["1件の指標を保存しました。"]
    assert stands(recorded).reason == ActualReason.NOT_MEASURABLE
    assert (stands(recorded, "1-2").value, stands(recorded, "1-2").provisional) == (140, True)
    assert stands(recorded, "1-3").value == 15


def test_an_untouched_page_changes_nothing_however_old_it_is(two, recorded):
    first, second = two
    for figure in ("1211", "1212", "1213"):
        first.types("1-1", value=figure, cause=f"{figure}\n二行目").sends()
    second.sends()
    assert second.told == ["変更はありませんでした。"]
    assert (stands(recorded).value, stands(recorded).version) == (1213, 4)
    second.sends()  # the line ends that the browser sends back are no change either
    assert second.told == ["変更はありませんでした。"]


def test_sections_that_show_their_own_rows_only_keep_out_of_each_others(
    entering, entry_clerk, colleague
):
    entering.plan.indicators.filter(code__startswith="3-").update(section="学校教育課")
    one = Editor(entering, entry_clerk).opens(section="学校教育課")
    other = Editor(entering, colleague).opens()
    assert one.cell("1-1", "seen") == ""
    assert one.cell("3-1", "seen") == "0"
    other.types("1-1", value="1210").types("3-2", value="21").sends()
    one.types("3-1", value="1").types("1-1", value="1").sends()
    assert figures(entering) == {"1-1": 1210, "3-1": 1, "3-2": 21}


# Both change the same cell.


@pytest.fixture
def contested(two):
    """The first saved 1,211; the second sent 1,212 for it, and 15 for a row of their own."""
    first, second = two
    first.types("1-1", value="1211").sends()
    second.types("1-1", value="1212", cause="夜間相談の開始").types("1-3", value="15")
    second.sends(change_reason="集計の確定")
    return two


def test_two_values_for_one_cell_are_both_shown_and_nothing_is_saved(contested, recorded):
    _, second = contested
    assert second.told == [CONTESTED]
    name = "1-1 門真市中小企業サポートセンター相談件数"
    asked = second.question("1-1")
    assert asked.startswith(f"{name}: nyuryokuさんが")
    assert "に同じところを変更しました。どちらの値にしますか。" in asked
    assert "現在の値にする: 実績値「1,211」" in asked
    assert "自分の値にする: 実績値「1,212」" in asked
    assert second.form.lists[f"k{second.keys['1-1']}-take"] == ["theirs", "mine"]
    assert second.question("1-3") == ""  # a row of nobody else's
    assert figures(recorded) == {"1-1": 1211}
    assert stands(recorded).cause == "要因"


def test_what_was_typed_before_a_conflict_is_still_on_the_screen(contested):
    _, second = contested
    assert second.cell("1-1", "value") == "1,212"
    assert second.cell("1-1", "cause") == "夜間相談の開始"
    assert second.cell("1-3", "value") == "15"
    assert second.form.fields["change_reason"] == "集計の確定"


@pytest.mark.parametrize(("taken", "value"), [("mine", 1212), ("theirs", 1211)])
def test_a_choice_settles_it(contested, recorded, taken, value):
    _, second = contested
    second.types("1-1", take=taken).sends()
    assert second.told == ["2件の指標を保存しました。"]
    assert figures(recorded) == {"1-1": value, "1-3": 15}
    row = stands(recorded)
    assert row.cause == "夜間相談の開始"  # was never in question
    assert row.version == 3
    assert row.history.latest().history_change_reason == "集計の確定"
    assert second.question("1-1") == ""


def test_no_answer_to_the_question_is_told_at_the_row(contested, recorded):
    _, second = contested
    for _ in range(2):
        second.sends()
        assert second.told == [f"直すところがあります。{NOTHING_SAVED}"]
        assert f"{CHOOSE}" in second.page
        assert "現在の値にする: 実績値「1,211」" in second.question("1-1")
        assert "自分の値にする: 実績値「1,212」" in second.question("1-1")
        assert f'href="#k{second.keys["1-1"]}-take"' in second.page
        assert second.cell("1-1", "value") == "1,212"
        assert figures(recorded) == {"1-1": 1211}
    second.types("1-1", take="mine").sends()
    assert figures(recorded) == {"1-1": 1212, "1-3": 15}


@pytest.mark.parametrize("garbage", ["", "THEIRS", "1", "mine,theirs"])
def test_an_answer_that_was_not_offered_is_none(contested, recorded, garbage):
    _, second = contested
    second.types("1-1", take=garbage).sends()
    assert CHOOSE in second.page
    assert figures(recorded) == {"1-1": 1211}


def test_my_value_does_not_overwrite_a_third_that_came_in_between(contested, recorded):
    first, second = contested
    first.types("1-1", value="1299").sends()
    second.types("1-1", take="mine").sends()
    assert second.told == [CONTESTED]
    assert "現在の値にする: 実績値「1,299」" in second.question("1-1")
    assert "自分の値にする: 実績値「1,212」" in second.question("1-1")
    assert figures(recorded) == {"1-1": 1299}
    second.types("1-1", take="mine").sends()
    assert figures(recorded) == {"1-1": 1212, "1-3": 15}


def test_leaving_the_others_value_leaves_a_third_that_came_in_between(contested, recorded):
    first, second = contested
    first.types("1-1", value="1299").sends()
    second.types("1-1", take="theirs").sends()
    assert figures(recorded) == {"1-1": 1299, "1-3": 15}


def test_a_third_change_of_another_cell_does_not_ask_again(contested, recorded):
    first, second = contested
    first.types("1-1", next_step="窓口を増やす").sends()
    second.types("1-1", take="mine").sends()
    row = stands(recorded)
    assert (row.value, row.cause, row.next_step) == (1212, "夜間相談の開始", "窓口を増やす")


def test_a_figure_against_a_reason_is_one_question(two, recorded):
    first, second = two
    first.types("1-1", value="1211", provisional="on").sends()
    second.types("1-1", value="", reason="not_measurable").sends()
    asked = second.question("1-1")
    assert "現在の値にする: 実績値「1,211」 「—」の理由「（空欄）」 速報「速報」" in asked
    assert (
        "自分の値にする: 実績値「（空欄）」 「—」の理由「—（測定不能）」 速報「（空欄）」" in asked
    )
    second.types("1-1", take="mine").sends()
    row = stands(recorded)
    assert (row.value, row.reason, row.provisional) == (None, "not_measurable", False)


def test_a_row_that_was_empty_for_both_is_contested_too(two, recorded):
    first, second = two
    first.types("1-2", value="140").sends()
    second.types("1-2", value="141").sends()
    assert second.told == [CONTESTED]
    assert "現在の値にする: 実績値「140」" in second.question("1-2")
    second.types("1-2", take="mine").sends()
    row = stands(recorded, "1-2")
    assert (row.value, row.version) == (141, 2)


def test_two_texts_for_one_cell_are_both_shown(two, recorded):
    first, second = two
    first.types("1-1", cause="<b>相談会</b>").sends()
    second.types("1-1", cause="=夜間").sends()
    assert "現在の値にする: 要因「<b>相談会</b>」" in second.question("1-1")
    assert "自分の値にする: 要因「=夜間」" in second.question("1-1")
    assert "<b>相談会" not in second.page
    assert second.cell("1-1", "cause") == "=夜間"


def test_handing_in_waits_for_the_choice(two, recorded, enter, entry_clerk):
    _, second = two
    enter(recorded, entry_clerk, R7_FIGURES | {"1-1": "1211"})
    second.types("1-1", value="1212").sends("submit", submit_reason="全件入力")
    assert second.told == [CONTESTED]
    assert second.form.fields["submit_reason"] == "全件入力"
    recorded.refresh_from_db()
    assert recorded.stands is PeriodState.ENTERING
    second.types("1-1", take="mine").sends("submit", submit_reason="全件入力")
    assert second.told == [
        "1件の指標を保存しました。",
        "令和7年度の実績を提出しました。公表担当が確認します。",
    ]
    recorded.refresh_from_db()
    assert recorded.stands is PeriodState.CHECKING
    assert stands(recorded).value == 1212


def test_without_the_guard_the_second_overwrites_the_first_unseen(two, recorded, monkeypatch):
    # The control: with every stale row taken as it was sent, the first person's change is gone.
    monkeypatch.setattr(entries_module, "merge", lambda seen, mine, theirs: Merged(mine))
    first, second = two
    first.types("1-1", value="1211", cause="相談会").sends()
    second.types("1-1", value="1212").sends()
    assert second.told == ["1件の指標を保存しました。"]
    assert (stands(recorded).value, stands(recorded).cause) == (1212, "要因")


# The round moves on while a page is open.


def _submitted(period, clerk, publisher):
    submit(period=period, by=clerk, reason="大阪府の集計待ち")


def _published(period, clerk, publisher):
    submit(period=period, by=clerk, reason="大阪府の集計待ち")
    publish(period=period, by=publisher, reason="未入力は後日訂正で追加")


def _closed(period, clerk, publisher):
    move(period=period, move=Move.CLOSE, by=publisher, reason="開始の誤り")


LOCKED = {
    "submitted": (_submitted, "この報告期間は確認中のため、公表担当だけが数値を変更できます。"),
    "published": (
        _published,
        "この報告期間は公表済みです。数値を直すには、公表担当が「訂正を始める」必要があります。",
    ),
    "closed": (
        _closed,
        "この報告期間は準備中です。公表担当が「入力を始める」と入力できるようになります。",
    ),
}


@pytest.fixture
def typed(two):
    """The second has typed much and not sent it yet."""
    _, second = two
    words = {"cause": "夜間<相談>", "next_step": "続ける", "confirmation": "電話で確認"}
    second.types("1-1", value="1234", provisional="on", **words)
    return second.types("1-2", reason="not_conducted")


@pytest.mark.parametrize("how", LOCKED)
def test_a_page_from_before_the_lock_saves_nothing_says_why_and_keeps_what_was_typed(
    how, typed, recorded, entry_clerk, publisher
):
    act, words = LOCKED[how]
    act(recorded, entry_clerk, publisher)
    typed.sends()
    assert typed.told == [f"{words}{NOTHING_SAVED}"]
    assert figures(recorded) == {"1-1": 1210}
    assert stands(recorded).version == 1
    assert f"k{typed.keys['1-1']}-value" not in typed.form.fields  # nothing more to type into
    for text in ("1234", "速報", "夜間<相談>", "続ける"):
        assert text in typed.words("1-1")
    assert "確認した内容: 電話で確認" in typed.words("1-1", "caution k{}")
    assert "未実施" in typed.words("1-2")


def test_the_reason_for_the_change_is_not_lost_with_the_lock_either(
    typed, recorded, entry_clerk, publisher
):
    _submitted(recorded, entry_clerk, publisher)
    typed.sends(change_reason="集計の確定")
    assert "集計の確定" in typed.page


def test_faults_on_a_page_from_before_the_lock_do_not_hide_the_lock(
    two, recorded, entry_clerk, publisher
):
    _, second = two
    _submitted(recorded, entry_clerk, publisher)
    second.types("1-1", value="千二百").sends()
    assert LOCKED["submitted"][1] in second.page
    assert "「千二百」は数値として読み取れません。" in second.page
    assert figures(recorded) == {"1-1": 1210}


def test_the_checker_goes_on_where_the_clerk_may_not(two, recorded, entry_clerk, publisher):
    checker = Editor(recorded, publisher).opens()
    _submitted(recorded, entry_clerk, publisher)
    checker.types("1-1", value="1209").sends()
    assert checker.told == ["1件の指標を保存しました。"]
    assert stands(recorded).value == 1209


def test_two_who_hand_in_hand_in_once(two, recorded, enter, entry_clerk, publisher):
    enter(recorded, entry_clerk, R7_FIGURES)
    first, checker = two[0], Editor(recorded, publisher).opens()
    first.sends("submit")
    checker.sends("submit")
    assert checker.told[-1] == (
        "提出できませんでした。令和7年度は現在「確認中」のため、「提出する」ことはできません。"
        "ほかの人が先に操作した可能性があります。画面を開き直してください。"
    )
    assert PeriodMove.objects.filter(period=recorded, move="submit").count() == 1
