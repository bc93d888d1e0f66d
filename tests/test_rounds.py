"""The life of a reporting period: who may move it on, what is recorded, what stays locked."""

import datetime as dt
from decimal import Decimal

import pytest

from actions.fiscal import Period, Term
from kpis.models import Actual, PeriodMove, Publication, ReportingPeriod
from kpis.readiness import GapKind
from kpis.rounds import STEPS, Move, PeriodState
from kpis.selectors import shown
from kpis.selectors.readiness import readiness
from kpis.services import (
    EntryError,
    MoveError,
    PublishError,
    move,
    open_round,
    publish,
    publish_outright,
    submit,
)
from tests.conftest import R7, R7_FIGURES

pytestmark = pytest.mark.django_db
DUE = dt.date(2026, 4, 20)


@pytest.fixture
def checking(entering, enter, entry_clerk):
    """R7 年度 with all 15 figures, handed in."""
    enter(entering, entry_clerk, R7_FIGURES)
    return submit(period=entering, by=entry_clerk)


@pytest.fixture
def out(checking, publisher):
    """R7 年度, published once."""
    publish(period=checking, by=publisher, reason="確認済み")
    checking.refresh_from_db()
    return checking


def test_a_round_goes_from_its_beginning_to_its_correction(
    published, entering, enter, entry_clerk, publisher
):
    enter(entering, entry_clerk, R7_FIGURES)
    submit(period=entering, by=entry_clerk, reason="全件入力")
    publish(period=entering, by=publisher, reason="懇話会資料として公表")
    move(period=entering, move=Move.REOPEN, by=publisher, reason="誤記")
    enter(entering, entry_clerk, {"1-1": "1211"})
    made = publish(period=entering, by=publisher, reason="1-1の誤記を訂正")
    assert made.version == 2
    told = [
        (one.get_move_display(), one.before, one.after, one.moved_by, one.reason)
        for one in reversed(PeriodMove.objects.filter(period=entering))
    ]
    assert told == [
        ("入力を始める", "preparing", "entering", publisher, ""),
        ("提出する", "entering", "checking", entry_clerk, "全件入力"),
        ("公表する", "checking", "published", publisher, "懇話会資料として公表"),
        ("訂正を始める", "published", "correcting", publisher, "誤記"),
        ("公表する", "correcting", "published", publisher, "1-1の誤記を訂正"),
    ]
    assert shown(published.slug).progress.indicator("1-1").at(R7).actual.display == "1,211"
    first = shown(published.slug, R7, 1).progress
    assert first.indicator("1-1").at(R7).actual.display == "1,210"


FORBIDDEN = [
    (one, state)
    for one in Move
    for state in PeriodState
    if one is not Move.PUBLISH and state not in STEPS[one].before
]


@pytest.mark.parametrize(("one", "state"), FORBIDDEN, ids=lambda value: value.value)
def test_a_move_is_taken_from_its_own_states_only(entering, publisher, one, state):
    ReportingPeriod.objects.filter(pk=entering.pk).update(state=state.value)
    with pytest.raises(MoveError) as caught:
        _make(one, entering, publisher)
    if one is not Move.ABANDON:
        assert f"現在「{state.label}」" in str(caught.value)
    entering.refresh_from_db()
    assert entering.state == state.value


def _make(one, period, by, reason="理由"):
    if one is Move.OPEN:
        return open_round(plan=period.plan, period=period.period, due=DUE, by=by)
    if one is Move.SUBMIT:
        return submit(period=period, by=by, reason=reason)
    return move(period=period, move=one, by=by, reason=reason)


@pytest.mark.parametrize(
    ("one", "state"),
    [(step.move, state) for step in STEPS.values() for state in step.before],
    ids=lambda value: value.value,
)
@pytest.mark.parametrize("role", ["entry_clerk", "publisher", "council_member", "administrator"])
def test_each_role_makes_its_own_moves_only(request, entering, enter, publisher, one, state, role):
    enter(entering, publisher, R7_FIGURES)
    by = request.getfixturevalue(role)
    if state is PeriodState.CORRECTING:
        publish_outright(plan=entering.plan, period=R7, by=publisher, reason="公表")
    ReportingPeriod.objects.filter(pk=entering.pk).update(state=state.value)
    may = {
        "entry_clerk": {Move.SUBMIT},
        "publisher": set(Move),
        "council_member": set(),
        "administrator": set(Move),
    }[role]

    def act():
        if one is Move.PUBLISH:
            return publish(period=entering, by=by, reason="理由")
        return _make(one, entering, by)

    if one in may:
        act()
        entering.refresh_from_db()
        assert entering.stands is STEPS[one].after
    else:
        with pytest.raises(MoveError, match="権限がありません"):
            act()
        entering.refresh_from_db()
        assert entering.stands is state


@pytest.mark.parametrize("one", [Move.CLOSE, Move.SEND_BACK, Move.REOPEN])
@pytest.mark.parametrize("reason", ["", " \u3000"])
def test_a_step_back_says_why(entering, publisher, one, reason):
    state = STEPS[one].before[0]
    ReportingPeriod.objects.filter(pk=entering.pk).update(state=state.value)
    with pytest.raises(MoveError, match="理由を入力してください"):
        move(period=entering, move=one, by=publisher, reason=reason)


def test_a_round_cannot_begin_outside_its_plan(published, publisher):
    for year in (2022, 2029):
        with pytest.raises(MoveError, match="計画の期間の外です"):
            open_round(plan=published, period=Period(year, Term.FY), due=DUE, by=publisher)
    assert not ReportingPeriod.objects.filter(fiscal_year__in=(2022, 2029)).exists()


def test_someone_without_the_right_prepares_nothing(published, entry_clerk):
    with pytest.raises(MoveError):
        open_round(plan=published, period=R7, due=DUE, by=entry_clerk)
    assert not ReportingPeriod.objects.filter(fiscal_year=2025, term="FY").exists()


def test_handing_in_with_missing_figures_needs_a_reason(entering, enter, entry_clerk):
    enter(entering, entry_clerk, {code: R7_FIGURES[code] for code in list(R7_FIGURES)[:14]})
    with pytest.raises(MoveError) as caught:
        submit(period=entering, by=entry_clerk)
    assert str(caught.value) == (
        "未入力の指標があります（3-6）。入力するか、未入力のまま提出する理由を書いてください。"
    )
    submit(period=entering, by=entry_clerk, reason="大阪府の集計待ち")


def test_handing_in_needs_a_word_for_every_doubt(entering, enter, entry_clerk):
    enter(entering, entry_clerk, R7_FIGURES | {"1-1": "703"}, confirmation="")
    with pytest.raises(MoveError) as caught:
        submit(period=entering, by=entry_clerk)
    assert "確認が必要な値に、確認した内容が書かれていません（1-1、" in str(caught.value)
    enter(entering, entry_clerk, R7_FIGURES | {"1-1": "703"}, confirmation="上半期分に重複")
    submit(period=entering, by=entry_clerk)
    answered = readiness(entering).answered
    assert ("1-1", "上半期分に重複") in [(one.row.code, one.confirmation) for one in answered]


@pytest.mark.parametrize("figure", ["2500", "2600"])
def test_another_figure_is_not_covered_by_an_old_word(entering, enter, entry_clerk, figure):
    enter(entering, entry_clerk, {"1-1": "2500"}, confirmation="")
    enter(entering, entry_clerk, {"1-1": "2500"}, confirmation="大口の相談会")
    assert readiness(entering).of_kind(GapKind.CAUTION) == ()
    enter(entering, entry_clerk, {"1-1": "703"}, confirmation="大口の相談会")
    enter(entering, entry_clerk, {"1-1": figure}, confirmation="大口の相談会")
    anew = "値が変わったため、確認した内容を書き直してください。"
    rate = {"2500": "208.3%", "2600": "216.6%"}[figure]
    assert gaps(entering, GapKind.CAUTION) == [
        ("1-1", f"前年度から半分を超えて増減しています（前年度 1,124）。{anew}"),
        ("1-1", f"達成率が通常の範囲（0～200%）から外れています（達成率 {rate}）。{anew}"),
    ]
    enter(entering, entry_clerk, {"1-1": figure}, confirmation="大口の相談会（再確認）")
    assert gaps(entering, GapKind.CAUTION) == []


LOCKED = [PeriodState.PREPARING, PeriodState.PUBLISHED]


@pytest.mark.parametrize("state", LOCKED, ids=str)
@pytest.mark.parametrize("role", ["entry_clerk", "publisher", "administrator"])
def test_nobody_changes_figures_of_a_locked_period(request, entering, enter, state, role):
    ReportingPeriod.objects.filter(pk=entering.pk).update(state=state.value)
    with pytest.raises(EntryError):
        enter(entering, request.getfixturevalue(role), {"1-1": "1"})
    assert not Actual.objects.filter(period=entering).exists()


def test_while_it_is_checked_only_the_checker_changes_figures(
    checking, enter, entry_clerk, publisher
):
    with pytest.raises(EntryError, match="公表担当だけが"):
        enter(checking, entry_clerk, {"1-1": "1"})
    enter(checking, publisher, {"1-1": "1209"})
    assert Actual.objects.get(period=checking, indicator__code="1-1").value == 1209


def test_a_member_of_the_council_changes_nothing(entering, enter, council_member):
    with pytest.raises(EntryError):
        enter(entering, council_member, {"1-1": "1"})


def test_publishing_with_gaps_needs_a_reason_which_is_kept(
    entering, enter, entry_clerk, publisher, published
):
    enter(entering, entry_clerk, R7_FIGURES | {"3-6": None})
    submit(period=entering, by=entry_clerk, reason="大阪府の集計待ち")
    with pytest.raises(PublishError) as caught:
        publish(period=entering, by=publisher)
    assert str(caught.value) == (
        "公表前に確かめることが1件あります（3-6 実績が入力されていません。）。"
        "このまま公表する理由を入力してください。"
    )
    assert not Publication.objects.filter(period=entering).exists()
    made = publish(period=entering, by=publisher, reason="3-6は後日訂正で追加")
    assert made.reason == "3-6は後日訂正で追加"
    assert shown(published.slug).progress.edition.reason == "3-6は後日訂正で追加"


def test_a_complete_round_is_published_without_a_word(checking, publisher):
    assert readiness(checking).gaps == ()
    assert publish(period=checking, by=publisher).version == 1


def test_two_publishers_make_one_publication(checking, publisher, administrator):
    publish(period=checking, by=publisher)
    with pytest.raises(MoveError, match="ほかの人が先に操作した"):
        publish(period=checking, by=administrator, reason="同時に押した")
    assert Publication.objects.filter(period=checking).count() == 1


def test_a_correction_may_be_abandoned_while_nothing_differs(out, enter, publisher):
    move(period=out, move=Move.REOPEN, by=publisher, reason="確認のため")
    enter(out, publisher, {"1-1": "1"})
    with pytest.raises(MoveError, match="変わっているところがあります"):
        move(period=out, move=Move.ABANDON, by=publisher, reason="誤りなし")
    enter(out, publisher, {"1-1": "1210"})
    move(period=out, move=Move.ABANDON, by=publisher, reason="誤りなし")
    out.refresh_from_db()
    assert out.stands is PeriodState.PUBLISHED
    assert out.publications.count() == 1


def test_what_is_corrected_tells_the_correction_in_its_history(out, enter, publisher):
    move(period=out, move=Move.REOPEN, by=publisher, reason="1-1の集計誤り")
    enter(out, publisher, {"1-1": "1211"})
    newest = Actual.objects.get(period=out, indicator__code="1-1").history.latest()
    assert newest.history_change_reason == "訂正: 1-1の集計誤り"
    assert newest.value == Decimal(1211)


def test_the_command_takes_every_step_that_leads_to_a_publication(entering, enter, publisher):
    enter(entering, publisher, R7_FIGURES)
    publish_outright(plan=entering.plan, period=R7, by=publisher)
    moves = list(PeriodMove.objects.filter(period=entering).values_list("move", flat=True))
    assert moves == ["publish", "submit", "open"]


# What is open before publishing, one kind at a time.


def gaps(period, kind):
    return [(one.row.code, one.message) for one in readiness(period).of_kind(kind)]


def test_every_missing_figure_is_listed(entering):
    found = readiness(entering)
    assert (found.entered, found.number) == (0, 15)
    assert [one.row.code for one in found.of_kind(GapKind.MISSING)] == list(R7_FIGURES)


def test_what_is_below_target_without_a_word_is_listed(entering, enter, entry_clerk):
    enter(entering, entry_clerk, R7_FIGURES, cause="", next_step="改善する")
    listed = dict(gaps(entering, GapKind.NO_COMMENT))
    assert "1-1" not in listed  # 1,210 of 1,200
    assert listed["1-3"] == "目標に届いていませんが、要因が書かれていません。"  # 15 of 20
    assert listed["2-2"] == "目標に届いていませんが、要因が書かれていません。"  # 9.4 of 14


@pytest.mark.parametrize(
    ("texts", "missing"),
    [
        ({"next_step": ""}, "今後の対応"),
        ({"next_step_owner": ""}, "対応の担当"),
        ({"next_step_due": None}, "対応の期限"),
        ({"cause": "", "next_step_due": None}, "要因・対応の期限"),
        (
            {"cause": "", "next_step": "", "next_step_owner": "", "next_step_due": None},
            "要因・今後の対応・対応の担当・対応の期限",
        ),
    ],
)
def test_each_missing_word_about_a_missed_target_is_named(
    entering, enter, entry_clerk, texts, missing
):
    enter(entering, entry_clerk, {"1-1": "1210", "1-3": "15"}, **texts)
    assert gaps(entering, GapKind.NO_COMMENT) == [
        ("1-3", f"目標に届いていませんが、{missing}が書かれていません。")
    ]


def test_a_target_that_another_plan_has_not_set_is_listed(published, publisher):
    period = open_round(plan=published, period=Period(2026, Term.H1), due=DUE, by=publisher)
    listed = dict(gaps(period, GapKind.NO_TARGET))
    assert listed["1-1"] == (
        "令和8年度の目標がまだ定められていません"
        "（毎年度策定（前年度の3月策定）を行う「門真市第6次総合計画 実施計画」で定める目標値と連動）。"
    )


def test_a_printed_rate_that_differs_is_listed(published):
    period = ReportingPeriod.objects.get(fiscal_year=2025, term="H1")
    assert gaps(period, GapKind.PRINTED) == []
    Actual.objects.filter(period=period, indicator__code="1-1").update(printed_rate="58.7%")
    assert gaps(period, GapKind.PRINTED) == [
        ("1-1", "公表資料の達成率 58.7% と計算結果 58.6% が違います。")
    ]
