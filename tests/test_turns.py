"""Whose turn it is: what each section still owes, what it is told and when, and what comes next."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.fiscal import Period, Term
from kpis.assembly import Record, RecordedActual
from kpis.attainment import Rule
from kpis.entry import Entry, EntryRow
from kpis.judgement import DEFAULT_BANDS
from kpis.models import Actual, Indicator, ReportingPeriod, SectionContact
from kpis.rounds import Move, PeriodState
from kpis.selectors import (
    contacts,
    entering_periods,
    next_period,
    open_rounds,
    plans_to_begin,
    preparing_periods,
    section_names,
    section_turns,
)
from kpis.services import move, open_round
from kpis.turns import (
    Round,
    Standing,
    Turn,
    due_kind,
    due_label,
    lateness,
    notice,
    round_label,
    standing,
    turns,
    whose_turn,
)
from kpis.vocabulary import ActualReason, Kind, ReminderKind
from tests.factories import make_periods, make_plan

R6, R7 = Period(2024, Term.FY), Period(2025, Term.FY)
R7_H1, R8_H1 = Period(2025, Term.H1), Period(2026, Term.H1)
DUE = dt.date(2026, 4, 20)  # a Monday
OPENED, DUE_SOON, LATE = ReminderKind.OPENED, ReminderKind.DUE_SOON, ReminderKind.LATE


def days_before(days):
    return DUE - dt.timedelta(days=days)


def row(code, section="産業振興課", last_year=None, **entry):
    """Return one row of R7's round; nothing is entered unless the entry's fields say so."""
    actuals = {} if last_year is None else {R6: RecordedActual(value=Decimal(last_year))}
    record = Record(Rule(), None, None, {}, actuals)
    return EntryRow(
        indicator=1,
        code=code,
        name=f"指標{code}",
        unit="件",
        kind=Kind.CUMULATIVE,
        decimals=0,
        definition="",
        section=section,
        strategy="基本戦略1",
        record=record,
        period=R7,
        bands=DEFAULT_BANDS,
        entry=Entry(**entry),
    )


def owes(missing=1, doubtful=0, section="産業振興課", number=3):
    """Return a section that still has to enter, or to explain, so many of its indicators."""
    rows = tuple(row(f"1-{one}", section) for one in range(1, missing + doubtful + 1))
    return Turn(section, number, number - missing, rows[:missing], rows[missing:])


def test_sections_stand_in_the_order_of_their_first_indicator_with_what_they_owe():
    rows = [
        row("1-1", "産業振興課", value=Decimal(5)),
        row("1-2", "商工課"),
        row("1-3", "産業振興課", reason=ActualReason.NOT_CONDUCTED),
        row("1-4", "商工課", value=Decimal(0), last_year=100),
        row("1-5", "産業振興課"),
    ]
    first, second = turns(rows)
    assert (first.section, first.number, first.entered) == ("産業振興課", 3, 2)
    assert ([one.code for one in first.missing], first.doubtful) == (["1-5"], ())
    assert (second.section, second.number, second.entered) == ("商工課", 2, 1)
    assert [one.code for one in second.missing] == ["1-2"]
    assert [one.code for one in second.doubtful] == ["1-4"]


def test_without_rows_it_is_nobody():
    assert turns([]) == ()


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (30, "期限まであと30日"),
        (1, "期限まであと1日"),
        (0, "本日が期限"),
        (-1, "期限を1日過ぎています"),
        (-365, "期限を365日過ぎています"),
    ],
)
def test_lateness_is_told_in_days(days, words):
    assert lateness(DUE, days_before(days)) == words


def test_without_a_due_date_nothing_is_late():
    assert lateness(None, DUE) == ""
    assert standing(owes(), None, DUE) == (Standing.WAITING, "未入力あり")


@pytest.mark.parametrize(
    ("turn", "days", "expected"),
    [
        (owes(0), -9, (Standing.DONE, "完了")),
        (owes(0, doubtful=1), -9, (Standing.DOUBTFUL, "確認した内容が未記入")),
        (owes(1), 8, (Standing.WAITING, "期限まであと8日")),
        (owes(1), 7, (Standing.SOON, "期限まであと7日")),
        (owes(1, doubtful=1), 0, (Standing.SOON, "本日が期限")),
        (owes(1), -1, (Standing.LATE, "期限を1日過ぎています")),
    ],
)
def test_a_section_stands_as_its_figures_and_the_day_say(turn, days, expected):
    assert standing(turn, DUE, days_before(days)) == expected


def test_every_standing_has_its_own_sign():
    assert len({one.label for one in Standing}) == len(Standing)


@pytest.mark.parametrize(
    ("state", "sections", "who"),
    [
        (PeriodState.ENTERING, [owes(1), owes(0)], "所管課・入力担当（実績を入力する番です）"),
        (PeriodState.ENTERING, [owes(0, doubtful=1)], "所管課・入力担当（実績を入力する番です）"),
        (
            PeriodState.ENTERING,
            [owes(0)],
            "入力担当（すべて入力済みのため、提出する番です）",
        ),
        (PeriodState.CHECKING, [owes(1)], "公表担当（確認して公表するか、差し戻す番です）"),
        (
            PeriodState.CORRECTING,
            [owes(0)],
            "入力担当と公表担当（数値を直し、理由を付けて公表する番です）",
        ),
        (PeriodState.PREPARING, [], "公表担当"),
    ],
)
def test_who_acts_next_is_told_in_words(state, sections, who):
    assert whose_turn(state, sections) == who


def test_labels_are_those_of_a_letter():
    assert due_label(DUE) == "令和8年4月20日（月）"
    assert due_label(dt.date(2026, 4, 26)) == "令和8年4月26日（日）"
    assert (round_label(R7), round_label(R7_H1)) == ("令和7年度（年度）", "令和7年度上半期")


# Days to the due date, figures missing, what was told already, and what is to be told now.
KINDS = [
    ("begun", 30, 1, [], OPENED),
    ("begun-with-all-entered", 30, 0, [], OPENED),
    ("begun-and-told", 30, 1, [OPENED], None),
    ("eight-days-before", 8, 1, [OPENED], None),
    ("seven-days-before", 7, 1, [OPENED], DUE_SOON),
    ("never-told-and-soon", 7, 1, [], DUE_SOON),
    ("on-the-day", 0, 1, [OPENED], DUE_SOON),
    ("soon-and-told", 3, 1, [OPENED, DUE_SOON], None),
    ("soon-told-without-the-opening", 3, 1, [DUE_SOON], None),
    ("soon-with-all-entered", 3, 0, [OPENED], None),
    ("soon-with-all-entered-never-told", 3, 0, [], OPENED),
    ("entered-after-a-reminder", 3, 0, [DUE_SOON], None),
    ("day-after", -1, 1, [OPENED, DUE_SOON], LATE),
    ("late-and-never-told", -1, 1, [], LATE),
    ("late-and-told", -30, 1, [LATE], None),
    ("late-with-all-entered", -1, 0, [OPENED], None),
    ("late-with-all-entered-never-told", -1, 0, [], None),
]


@pytest.mark.parametrize(
    ("days", "missing", "told", "kind"), [pytest.param(*c, id=a) for a, *c in KINDS]
)
def test_a_section_is_told_the_most_urgent_thing_once(days, missing, told, kind):
    assert due_kind(owes(missing), DUE, days_before(days), told) is kind


def test_a_doubt_alone_is_no_missing_figure():
    assert due_kind(owes(0, doubtful=2), DUE, days_before(-1), [OPENED]) is None


def letter(days, turn=None, told=(), plan="門真市計画", office="産業振興課", **others):
    """Return the letter of the day."""
    about = Round(plan, office, R7, DUE)
    return notice(about, turn or owes(2), days_before(days), told, **others)


def test_the_opening_letter_says_what_is_asked_by_when_and_how():
    found = letter(20, address="https://plan.example.lg.jp/admin/entry/?section=1")
    assert found.kind is OPENED
    assert found.subject == "【入力のお願い】門真市計画 令和7年度（年度）の実績 期限: 4月20日（月）"
    assert found.body == (
        "産業振興課 ご担当者様\n"
        "\n"
        "「門真市計画」の進捗管理に、日頃からご協力いただきありがとうございます。\n"
        "\n"
        "令和7年度（年度）の実績の入力を始めました。\n"
        "下記の指標について、期限までに入力をお願いいたします。\n"
        "\n"
        "■ 入力期限\n"
        "令和8年4月20日（月）　期限まであと20日\n"
        "\n"
        "■ 未入力の指標（担当3件のうち2件）\n"
        "・1-1　指標1-1\n"
        "・1-2　指標1-2\n"
        "\n"
        "■ 入力の方法（どちらでも結構です）\n"
        "1. 管理画面で入力する: 次のアドレスの入力画面\n"
        "   https://plan.example.lg.jp/admin/entry/?section=1\n"
        "2. Excelで入力する: 管理画面から入力用のExcelファイルをダウンロードし、"
        "記入したファイルを取り込む\n"
        "※ 数値が出ない指標は、空欄のままにせず、「—」の理由（未実施、集計時期未到来など）を選んでください。\n"
        "\n"
        "行き違いで既に入力いただいている場合は、ご容赦ください。\n"
        "ご不明な点は、産業振興課までお問い合わせください。\n"
    )


@pytest.mark.parametrize(
    ("days", "mark", "words"),
    [
        (5, "入力期限が近づいています", "入力期限が近づいておりますが、下記の指標が未入力"),
        (0, "本日が入力期限です", "本日が入力期限となっておりますが、下記の指標が未入力"),
        (
            -2,
            "入力期限を過ぎています",
            "入力期限を2日過ぎておりますが、下記の指標の入力が確認できて",
        ),
    ],
)
def test_a_reminder_names_the_day_and_the_missing_indicators(days, mark, words):
    found = letter(days)
    assert found.subject.startswith(f"【{mark}】門真市計画 令和7年度（年度）の実績")
    assert words in found.body
    assert "・1-1　指標1-1\n・1-2　指標1-2" in found.body
    assert "令和8年4月20日（月）" in found.body
    assert "管理画面の「令和7年度（年度）の実績入力」から「入力画面」" in found.body


def test_a_letter_to_a_section_that_has_entered_all_asks_for_a_look_only():
    body = letter(20, owes(0)).body
    assert "担当の指標（3件）はすべて入力済みです。" in body
    assert "未入力の指標" not in body


def test_a_letter_names_the_figures_that_need_a_word_of_reason():
    body = letter(-1, owes(1, doubtful=1)).body
    assert "■ 確認した内容の記入をお願いする指標\n・1-2　指標1-2\n" in body


def test_a_changed_due_date_is_told_as_such():
    found = letter(20, due_changed=True)
    assert found.subject.startswith("【期限変更のお知らせ】")
    assert "令和7年度（年度）の実績の入力期限が変わりました。" in found.body


def test_a_plan_without_an_office_and_with_a_line_break_in_its_name_still_makes_a_letter():
    found = letter(20, plan="門真市\n計画", office="")
    assert "\n" not in found.subject
    assert "ご不明な点は、計画の担当までお問い合わせください。" in found.body


def test_nothing_due_makes_no_letter():
    assert letter(20, told=[OPENED]) is None


# --- reading ---------------------------------------------------------------------------------------


def spread(plan, *sections):
    """Put the plan's indicators into the sections in turn."""
    for place, one in enumerate(Indicator.objects.filter(plan=plan).order_by("pk")):
        Indicator.objects.filter(pk=one.pk).update(section=sections[place % len(sections)])


def test_an_open_round_shows_its_sections(kadoma, administrator):
    Indicator.objects.filter(plan=kadoma, code__startswith="2").update(section="商工課")
    opened = open_round(plan=kadoma, period=R7, due=DUE, by=administrator)
    (found,) = open_rounds()
    assert (found.plan, found.period, found.state) == (kadoma, opened, PeriodState.ENTERING)
    sections = [(one.section, one.number, one.entered) for one in found.turns]
    own = kadoma.section
    assert sections == [(own, 11, 0), ("商工課", 4, 0)]
    assert section_names(kadoma) == (own, "商工課")
    assert [one.code for one in found.turns[1].missing] == ["2-1", "2-2", "2-3", "2-4"]


def test_a_figure_and_a_reason_both_count_as_entered(administrator):
    plan = make_plan(indicators=3, periods=[R6])
    period = open_round(plan=plan, period=R7, due=DUE, by=administrator)
    first, second, _ = plan.indicators.all()
    Actual.objects.create(indicator=first, period=period, value=0)
    Actual.objects.create(indicator=second, period=period, reason=ActualReason.NOT_CONDUCTED)
    (turn,) = section_turns(period)
    assert (turn.section, turn.entered, len(turn.missing)) == ("所管課未設定", 2, 1)


def test_only_rounds_under_way_are_open(administrator):
    plan = make_plan(indicators=1, periods=[])
    states = [PeriodState.PUBLISHED, PeriodState.CORRECTING, PeriodState.CHECKING]
    for place, state in enumerate([*states, PeriodState.ENTERING, PeriodState.PREPARING]):
        ReportingPeriod.objects.create(
            plan=plan, fiscal_year=2024 + place, term=Term.FY, state=state
        )
    assert [one.state for one in open_rounds()] == [*states[1:], PeriodState.ENTERING]
    assert [one.fiscal_year for one in preparing_periods()] == [2028]
    assert [one.fiscal_year for one in entering_periods()] == [2027]
    assert [one.fiscal_year for one in entering_periods(plan)] == [2027]
    assert entering_periods(make_plan(slug="other", indicators=1)) == ()


def test_open_rounds_cost_the_same_for_300_indicators_as_for_15(administrator):
    costs = []
    for slug, number in (("small", 15), ("large", 300)):
        ReportingPeriod.objects.update(state=PeriodState.PUBLISHED)
        plan = make_plan(slug=slug, indicators=number, periods=[R6])
        spread(plan, "甲課", "乙課", "丙課")
        open_round(plan=plan, period=R7, due=DUE, by=administrator)
        with CaptureQueriesContext(connection) as captured:
            (found,) = open_rounds()
        assert sum(one.number for one in found.turns) == number
        costs.append(len(captured))
    assert costs == [10, 10]


def test_contacts_are_listed_by_section(administrator):
    plan, other = make_plan(indicators=1), make_plan(slug="other", indicators=1)
    for owner, section, email in (
        (plan, "甲課", "b@example.jp"),
        (plan, "甲課", "a@example.jp"),
        (plan, "乙課", "c@example.jp"),
        (other, "甲課", "d@example.jp"),
    ):
        SectionContact.objects.create(plan=owner, section=section, email=email)
    with CaptureQueriesContext(connection) as captured:
        found = contacts(plan)
    assert found == {"甲課": ("a@example.jp", "b@example.jp"), "乙課": ("c@example.jp",)}
    assert len(captured) == 1


def begun(plan, *periods, state=PeriodState.PUBLISHED):
    for one in make_periods(plan=plan, periods=periods):
        ReportingPeriod.objects.filter(pk=one.pk).update(state=state)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("done", "prepared", "expected"),
    [
        pytest.param([], [], Period(2024, Term.H1), id="a-new-plan"),
        pytest.param([R6], [], R7_H1, id="a-year-is-followed-by-a-half"),
        pytest.param([R7_H1, R6], [], R7, id="a-half-is-followed-by-its-year"),
        pytest.param([R6, R7_H1], [R7], R7, id="the-one-being-prepared"),
        pytest.param([R6], [R8_H1, R7], R7, id="the-first-of-those-being-prepared"),
        pytest.param([R7_H1], [R6], R7, id="one-that-was-left-out-does-not-come-back"),
        pytest.param([R6, R7_H1], [R8_H1], R7, id="a-new-year-waits-for-the-old-one"),
        pytest.param([R6], [Period(2026, Term.FY)], Period(2026, Term.FY), id="whole-years-only"),
        pytest.param([], [R7], R7, id="a-plan-that-begins-later"),
        pytest.param([Period(2028, Term.H1)], [], Period(2028, Term.FY), id="the-last"),
        pytest.param([Period(2028, Term.FY)], [], None, id="after-the-end"),
    ],
)
def test_the_next_period_follows_the_newest_begun(done, prepared, expected):
    plan = make_plan(indicators=1, periods=[])
    begun(plan, *done)
    make_periods(plan=plan, periods=prepared)
    assert next_period(plan) == expected


def test_a_plan_may_begin_its_next_period_unless_one_is_being_entered(published, administrator):
    assert plans_to_begin() == ((published, R7),)
    half = published.periods.get(fiscal_year=2025, term=Term.H1)
    move(period=half, move=Move.REOPEN, by=administrator, reason="誤記")
    assert plans_to_begin() == ((published, R7),)  # a correction may run beside it
    open_round(plan=published, period=R7, due=DUE, by=administrator)
    assert plans_to_begin() == ()
