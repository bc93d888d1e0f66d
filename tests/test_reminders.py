"""Reminders by mail: who gets which, never twice, what happens when the mail server fails."""

import datetime as dt
import io
from pathlib import Path
from smtplib import SMTPAuthenticationError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import CommandError, call_command
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions.fiscal import Period, Term
from kpis.models import Actual, Indicator, Reminder, SectionContact
from kpis.rounds import Move
from kpis.services import move, open_round, planned, reminders, send_reminders, submit
from kpis.services.reminders import NO_MAIL, Outcome
from kpis.vocabulary import ReminderKind
from tests.factories import make_plan

ROOT = Path(__file__).resolve().parent.parent
R6, R7 = Period(2024, Term.FY), Period(2025, Term.FY)
DUE = dt.date(2026, 4, 20)
OPENED, DUE_SOON, LATE = ReminderKind.OPENED, ReminderKind.DUE_SOON, ReminderKind.LATE
EARLY, SOON, AFTER = DUE - dt.timedelta(20), DUE - dt.timedelta(3), DUE + dt.timedelta(2)


@pytest.fixture
def period(administrator):
    """R7's round of six indicators in two sections, of which 乙課 has no address."""
    plan = make_plan(slug="here", indicators=6, periods=[R6], section="産業振興課")
    plan.indicators.filter(code__startswith="1").update(section="甲課")
    plan.indicators.filter(code__startswith="2").update(section="乙課")
    for section, email in (
        ("甲課", "kou1@example.lg.jp"),
        ("甲課", "kou2@example.lg.jp"),
        ("産業振興課", "sangyo@example.lg.jp"),
    ):
        SectionContact.objects.create(plan=plan, section=section, email=email)
    return open_round(plan=plan, period=R7, due=DUE, by=administrator)


def enter_all(period, section=None):
    rows = Indicator.objects.filter(plan=period.plan)
    for one in rows if section is None else rows.filter(section=section):
        Actual.objects.create(indicator=one, period=period, reason="not_conducted")


def told(messages):
    return [(one.section, one.notice.kind, one.outcome) for one in messages]


class Post(BaseEmailBackend):
    """A mail server that fails as it is told to, and keeps what it took."""

    def __init__(self, error=None, to="", at_the_door=False):
        super().__init__()
        self.error, self.to, self.at_the_door = error, to, at_the_door
        self.taken, self.opened = [], 0

    def open(self):
        self.opened += 1
        if self.at_the_door:
            raise self.error

    def send_messages(self, messages):
        for one in messages:
            if self.error is not None and self.to in "".join(one.to):
                raise self.error
            self.taken.append(one)


# --- what is sent ----------------------------------------------------------------------------------


def test_each_section_gets_its_own_message_and_it_is_recorded(period, mailoutbox, settings):
    settings.SITE_URL = "https://plan.example.lg.jp"
    settings.DEFAULT_FROM_EMAIL = "門真市産業振興課 <sangyo@example.lg.jp>"
    at = timezone.now()
    found = send_reminders(period=period, today=EARLY, at=at)
    assert told(found) == [
        ("甲課", OPENED, Outcome.SENT),
        ("乙課", OPENED, Outcome.NO_ADDRESS),
        ("産業振興課", OPENED, Outcome.SENT),
    ]
    first, second = mailoutbox
    assert (first.to, second.to) == (
        ["kou1@example.lg.jp", "kou2@example.lg.jp"],
        ["sangyo@example.lg.jp"],
    )
    assert first.from_email == "門真市産業振興課 <sangyo@example.lg.jp>"
    assert first.subject == "【入力のお願い】計画here 令和7年度（年度）の実績 期限: 4月20日（月）"
    address = f"https://plan.example.lg.jp/admin/kpis/reportingperiod/{period.pk}/entry/"
    assert f"{address}?section=%E7%94%B2%E8%AA%B2\n" in first.body
    assert "・1-1　指標1-1\n・1-2　指標1-2\n" in first.body
    assert "・2-1" not in first.body
    assert first.message()["Auto-Submitted"] == "auto-generated"
    row = Reminder.objects.get(section="甲課")
    assert (row.period, row.kind, row.due, row.created_at) == (period, OPENED, DUE, at)
    assert (row.subject, row.body) == (first.subject, first.body)
    assert row.recipients.split("\n") == first.to
    assert row.sent_at is not None
    assert Reminder.objects.count() == 2


def test_a_site_below_another_address_is_named_with_it(period, settings):
    settings.SITE_URL = "https://www.example.lg.jp/plan"
    body = planned(period=period, today=EARLY)[0].notice.body
    assert "https://www.example.lg.jp/plan/admin/kpis/" in body


def test_without_an_address_of_the_site_the_way_is_told_in_words(period, settings):
    settings.SITE_URL = ""
    body = planned(period=period, today=EARLY)[0].notice.body
    assert "http" not in body
    assert "管理画面の「令和7年度（年度）の実績入力」から「入力画面」" in body


def test_nothing_is_sent_twice(period, mailoutbox):
    for day, number in ((EARLY, 2), (EARLY, 2), (SOON, 4), (DUE, 4), (AFTER, 6), (AFTER, 6)):
        send_reminders(period=period, today=day)
        assert len(mailoutbox) == number
    kinds = Reminder.objects.filter(section="甲課").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == [OPENED, DUE_SOON, LATE]


def test_whoever_has_entered_all_is_left_in_peace(period, mailoutbox):
    send_reminders(period=period, today=EARLY)
    enter_all(period, "甲課")
    found = send_reminders(period=period, today=SOON)
    assert [one.section for one in found] == ["乙課", "産業振興課"]
    enter_all(period, "")  # the plan's own section
    assert told(send_reminders(period=period, today=AFTER)) == [("乙課", LATE, Outcome.NO_ADDRESS)]


def test_a_new_due_date_is_told_and_reminded_of_anew(period, mailoutbox):
    send_reminders(period=period, today=AFTER)
    period.due = DUE + dt.timedelta(30)
    period.save()
    send_reminders(period=period, today=AFTER)
    assert mailoutbox[2].subject.startswith("【期限変更のお知らせ】")
    send_reminders(period=period, today=period.due)
    assert mailoutbox[4].subject.startswith("【本日が入力期限です】")


def test_only_figures_that_are_being_entered_are_asked_for(period, mailoutbox, administrator):
    enter_all(period)
    submit(period=period, by=administrator)
    period.refresh_from_db()
    assert send_reminders(period=period, today=EARLY) == []
    move(period=period, move=Move.SEND_BACK, by=administrator, reason="誤記")
    period.refresh_from_db()
    assert len(send_reminders(period=period, today=EARLY)) == 3


def test_a_round_without_a_due_date_asks_nobody(period, mailoutbox):
    period.due = None
    period.save()
    assert send_reminders(period=period, today=EARLY) == []


def test_a_plan_writes_nothing(period, mailoutbox):
    outcomes = [one.outcome for one in planned(period=period, today=SOON)]
    assert outcomes == [Outcome.PLANNED, Outcome.NO_ADDRESS, Outcome.PLANNED]
    assert (Reminder.objects.count(), mailoutbox) == (0, [])


def test_without_a_mail_server_nothing_is_sent_or_stored(period, settings):
    settings.EMAIL_BACKEND = NO_MAIL
    assert send_reminders(period=period, today=SOON) == planned(period=period, today=SOON)
    assert Reminder.objects.count() == 0


def test_a_plan_costs_the_same_for_300_indicators_as_for_15(administrator):
    costs = []
    for slug, number in (("small", 15), ("large", 300)):
        plan = make_plan(slug=slug, indicators=number, periods=[R6])
        for one in plan.strategies.all():
            plan.indicators.filter(strategy=one).update(section=f"{one.number}課")
        period = open_round(plan=plan, period=R7, due=DUE, by=administrator)
        with CaptureQueriesContext(database) as captured:
            assert len(planned(period=period, today=SOON)) == 3
        costs.append(len(captured))
    assert costs == [10, 10]


# --- two at once -----------------------------------------------------------------------------------


def test_a_second_run_while_the_first_is_sending_sends_nothing(period):
    class Busy(Post):
        def send_messages(self, messages):
            super().send_messages(messages)
            again.append(told(send_reminders(period=period, today=SOON, connection=second)))

    again, first, second = [], Busy(), Post()
    send_reminders(period=period, today=SOON, connection=first)
    sections = [one.to[0] for one in first.taken + second.taken]
    assert sorted(sections) == ["kou1@example.lg.jp", "sangyo@example.lg.jp"]
    assert ("甲課", DUE_SOON, Outcome.UNKNOWN) in again[0]  # on its way at that moment


def test_two_runs_that_planned_the_same_send_it_once(period, monkeypatch):
    # Both look before either stores: the second run is finished when the first wants to store.
    first, second, plan = Post(), Post(), reminders.planned

    def plan_then_wait(**named):
        messages = plan(**named)
        monkeypatch.setattr(reminders, "planned", plan)
        send_reminders(**named, connection=second)
        return messages

    monkeypatch.setattr(reminders, "planned", plan_then_wait)
    found = send_reminders(period=period, today=SOON, connection=first)
    assert told(found) == [("乙課", DUE_SOON, Outcome.NO_ADDRESS)]
    assert (len(first.taken), len(second.taken)) == (0, 2)
    assert Reminder.objects.count() == 2


# --- when the mail server fails --------------------------------------------------------------------


def test_a_refused_message_is_tried_again_and_the_others_are_sent(period):
    error = SMTPRecipientsRefused({"kou1@example.lg.jp": (550, b"no such user")})
    post = Post(error, to="kou1@")
    found = send_reminders(period=period, today=SOON, connection=post)
    assert told(found) == [
        ("甲課", DUE_SOON, Outcome.FAILED),
        ("乙課", DUE_SOON, Outcome.NO_ADDRESS),
        ("産業振興課", DUE_SOON, Outcome.SENT),
    ]
    assert found[0].error.startswith("メールサーバーがこの宛先を受け付けません（SMTPRecipients")
    assert "550" in found[0].error
    assert [one.section for one in Reminder.objects.all()] == ["産業振興課"]
    later = send_reminders(period=period, today=SOON, connection=Post())
    assert told(later)[0] == ("甲課", DUE_SOON, Outcome.SENT)


@pytest.mark.parametrize(
    "error",
    [ConnectionRefusedError(111, "refused"), TimeoutError("20"), SMTPAuthenticationError(535, b"")],
    ids=["refused", "timeout", "password"],
)
def test_a_server_that_cannot_be_reached_is_tried_once_and_nothing_is_lost(period, error):
    post = Post(error, at_the_door=True)
    found = send_reminders(period=period, today=SOON, connection=post)
    outcomes = [one.outcome for one in found]
    assert outcomes == [Outcome.FAILED, Outcome.NO_ADDRESS, Outcome.FAILED]
    assert all(type(error).__name__ in found[place].error for place in (0, 2))
    assert (post.opened, Reminder.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    "error",
    [SMTPServerDisconnected("gone"), TimeoutError("20"), ConnectionResetError(104, "reset")],
)
def test_a_message_that_may_have_gone_out_is_not_sent_again(period, error):
    found = send_reminders(period=period, today=SOON, connection=Post(error, to="kou1@"))
    assert told(found)[0] == ("甲課", DUE_SOON, Outcome.UNKNOWN)
    assert found[0].error
    assert Reminder.objects.get(section="甲課").sent_at is None
    again = Post()
    (unknown, no_address) = send_reminders(period=period, today=SOON, connection=again)
    assert (unknown.section, unknown.outcome, unknown.error) == ("甲課", Outcome.UNKNOWN, "")
    assert unknown.recipients == ("kou1@example.lg.jp", "kou2@example.lg.jp")
    assert (no_address.outcome, again.taken) == (Outcome.NO_ADDRESS, [])


def test_a_process_killed_while_sending_leaves_a_message_that_is_listed_as_unknown(period):
    with pytest.raises(KeyboardInterrupt):
        send_reminders(period=period, today=SOON, connection=Post(KeyboardInterrupt()))
    found = planned(period=period, today=SOON)
    assert told(found) == [
        ("甲課", DUE_SOON, Outcome.UNKNOWN),
        ("乙課", DUE_SOON, Outcome.NO_ADDRESS),
        ("産業振興課", DUE_SOON, Outcome.PLANNED),
    ]
    assert found[0].notice.body == Reminder.objects.get().body


# --- the command -----------------------------------------------------------------------------------


def answer(*options, today=SOON):
    out = io.StringIO()
    call_command("remind", *options, "--today", today.isoformat(), stdout=out)
    return out.getvalue()


def test_the_command_tells_what_it_sent(period, mailoutbox):
    assert answer("here").splitlines() == [
        "計画here 令和7年度（年度）: 期限まであと3日",
        "  送信済: 甲課 期限間近（kou1@example.lg.jp、kou2@example.lg.jp）",
        "  宛先なし: 乙課 期限間近",
        "  送信済: 産業振興課 期限間近（sangyo@example.lg.jp）",
    ]
    assert len(mailoutbox) == 2
    enter_all(period, "乙課")
    assert answer(today=AFTER - dt.timedelta(1))
    assert answer(today=AFTER).splitlines()[1:] == ["  送るものはありません。"]


def test_a_dry_run_shows_the_whole_text_and_writes_nothing(period, mailoutbox):
    shown = answer("--dry-run", today=AFTER)
    assert "  送信予定: 甲課 期限超過（kou1@example.lg.jp、kou2@example.lg.jp）\n" in shown
    assert "    件名: 【入力期限を過ぎています】計画here 令和7年度（年度）の実績" in shown
    assert "    ・2-1　指標2-1\n" in shown
    assert (Reminder.objects.count(), mailoutbox) == (0, [])


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_without_a_mail_server_the_command_says_which_variable_sets_it_up(
    period, settings, options
):
    settings.EMAIL_BACKEND = NO_MAIL
    shown = answer(*options)
    assert "送信予定: 甲課 期限間近" in shown
    assert "メールの設定がないため" in shown
    assert "KADOMA_EMAIL_URL" in shown
    assert Reminder.objects.count() == 0


def test_a_failure_names_the_sections_and_the_answer(period, monkeypatch):
    error = SMTPRecipientsRefused({"kou1@example.lg.jp": (550, b"no such user")})
    monkeypatch.setattr(reminders, "get_connection", lambda: Post(error, to="kou1@"))
    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("remind", "--today", SOON.isoformat(), stdout=out)
    message = str(caught.value)
    assert message.startswith("送信できませんでした: 甲課（次回の実行でもう一度送ります）。")
    assert "550" in message
    assert "送信済: 産業振興課" in out.getvalue()


def test_an_uncertain_message_is_told_as_such(period, monkeypatch):
    post = Post(TimeoutError("timed out"), to="kou1@")
    monkeypatch.setattr(reminders, "get_connection", lambda: post)
    with pytest.raises(CommandError) as caught:
        answer()
    expected = "送信結果が不明: 甲課（二重に送らないよう、自動では送り直しません）。"
    assert str(caught.value).startswith(expected)
    assert "送信結果が不明: 甲課 期限間近" in answer()  # known by now: no failure of this run


def test_one_plan_or_all(period, mailoutbox, administrator):
    other = make_plan(slug="there", indicators=1, periods=[R6])
    open_round(plan=other, period=R7, due=DUE, by=administrator)
    assert "計画here" not in answer("there", "--dry-run")
    assert all(name in answer("--dry-run") for name in ("計画here", "計画there"))


@pytest.mark.django_db
def test_without_a_round_there_is_nothing_to_do(mailoutbox):
    assert answer() == "入力中の報告期間はありません。\n"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["nowhere"], "計画「nowhere」がありません（登録されている計画: here）。"),
        (
            ["--today", "R8.4.20"],
            "--today は 2026-04-20 の形の日付で指定してください（「R8.4.20」は読み取れません）。",
        ),
    ],
)
def test_a_wrong_request_is_told(period, options, message):
    with pytest.raises(CommandError) as caught:
        call_command("remind", *options)
    assert str(caught.value) == message
