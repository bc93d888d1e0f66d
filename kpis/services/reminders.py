"""Reminding the sections in charge by mail: each message once, whoever runs it and how often."""

import datetime as dt
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, replace
from smtplib import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)
from urllib.parse import urlencode

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, transaction
from django.urls import get_script_prefix, reverse
from django.utils import timezone

from actions.vocabulary import Word
from kpis.models import Reminder, ReportingPeriod
from kpis.rounds import PeriodState
from kpis.selectors.turns import contacts, section_turns
from kpis.services.journal import Act, note
from kpis.turns import Notice, Round, notice
from kpis.vocabulary import ReminderKind

NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"
# After these nobody knows whether the server had taken the message already.
_UNCERTAIN = (SMTPServerDisconnected, TimeoutError, ConnectionResetError, BrokenPipeError)


class Outcome(Word):
    """What became of a message."""

    PLANNED = "planned", "送信予定"
    SENT = "sent", "送信済"
    FAILED = "failed", "送信できませんでした"
    NO_ADDRESS = "no_address", "宛先なし"
    UNKNOWN = "unknown", "送信結果が不明"


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one section, and what became of it."""

    section: str
    due: dt.date
    notice: Notice
    recipients: tuple[str, ...]
    outcome: Outcome
    error: str = ""  # why the mail server did not take it, in words


def mail_is_set_up() -> bool:
    """Return whether there is a mail server to send with."""
    return settings.EMAIL_BACKEND != NO_MAIL


def planned(*, period: ReportingPeriod, today: dt.date) -> list[Message]:
    """Return what would be sent today, in the order of the sections, and write nothing.

    Among it are the sections without an address, and the messages for this due date of which
    nobody knows whether they were sent. There is none for a period that is not being entered, or
    that has no due date. Takes ten queries whatever the number of rows.
    """
    if period.stands is not PeriodState.ENTERING or period.due is None:
        return []
    rows = list(period.reminders.order_by("pk"))
    unknown = [_unknown(one) for one in rows if one.due == period.due and one.sent_at is None]
    return unknown + _due(period, period.due, today, rows)


def _due(
    period: ReportingPeriod, due: dt.date, today: dt.date, rows: list[Reminder]
) -> list[Message]:
    """Return the messages that were not stored yet."""
    about = Round(period.plan.name, period.plan.section, period.period, due)
    told: dict[str, set[ReminderKind]] = defaultdict(set)
    for one in rows:
        if one.due == due:
            told[one.section].add(ReminderKind(one.kind))
    told_another_due = {one.section for one in rows if one.due != due}
    addresses = contacts(period.plan)
    found = []
    for turn in section_turns(period):
        written = notice(
            about,
            turn,
            today,
            told[turn.section],
            due_changed=turn.section in told_another_due,
            address=_entry_address(period, turn.section),
        )
        if written is not None:
            to = addresses.get(turn.section, ())
            outcome = Outcome.PLANNED if to else Outcome.NO_ADDRESS
            found.append(Message(turn.section, due, written, to, outcome))
    return found


def _unknown(row: Reminder) -> Message:
    written = Notice(ReminderKind(row.kind), row.subject, row.body)
    to = tuple(row.recipients.split("\n"))
    return Message(row.section, row.due, written, to, Outcome.UNKNOWN)


def _entry_address(period: ReportingPeriod, section: str) -> str:
    """Return the address of the section's entry screen; blank where the site's own is not known."""
    if not settings.SITE_URL:
        return ""
    path = reverse("admin:kpis_reportingperiod_entry", args=[period.pk])
    below = path.removeprefix(get_script_prefix())  # SITE_URL tells what stands before it
    return f"{settings.SITE_URL}/{below}?{urlencode({'section': section})}"


def send_reminders(
    *,
    period: ReportingPeriod,
    today: dt.date,
    connection: BaseEmailBackend | None = None,
    at: dt.datetime | None = None,
) -> list[Message]:
    """Send what is due today and return what became of each message.

    A message is stored before it is sent, so that two runs at once send it once; the second leaves
    it out of its answer. Where the mail server does not take it, the row is removed again and the
    next run tries anew. Where nobody knows whether it was sent, the row stays without a date and
    the message is not sent again. Without a mail server nothing is sent and nothing stored.
    """
    messages = planned(period=period, today=today)
    if connection is None and not mail_is_set_up():
        return messages
    post = _Post(connection or get_connection())
    found = []
    for one in messages:
        if one.outcome is not Outcome.PLANNED:
            found.append(one)
        elif (row := _store(period, one, at or timezone.now())) is not None:
            found.append(_send(post, row, one))
    return found


def _store(period: ReportingPeriod, message: Message, at: dt.datetime) -> Reminder | None:
    """Return the message's row once it is safely stored; None where another run stored it."""
    try:
        with transaction.atomic(durable=True):
            return Reminder.objects.create(
                period=period,
                section=message.section,
                kind=message.notice.kind.value,
                due=message.due,
                recipients="\n".join(message.recipients),
                subject=message.notice.subject,
                body=message.notice.body,
                created_at=at,
            )
    except IntegrityError:
        return None


def _send(post: "_Post", row: Reminder, message: Message) -> Message:
    outcome, error = post.deliver(message)
    if outcome is Outcome.SENT:
        row.sent_at = timezone.now()
        row.save(update_fields=["sent_at"])
    elif outcome is Outcome.FAILED:
        row.delete()
    period = row.period.period.code
    note(Act.MAILED, period=period, section=message.section, outcome=outcome.value)
    return replace(message, outcome=outcome, error=error)


class _Post:
    """The way to the mail server; once that does not answer, nothing more is tried."""

    def __init__(self, connection: BaseEmailBackend) -> None:
        self.connection = connection
        self.closed = ""  # why the server could not be reached

    def deliver(self, message: Message) -> tuple[Outcome, str]:
        """Hand one message over; return what became of it and the error, blank for none."""
        if self.closed:
            return Outcome.FAILED, self.closed
        try:
            return self._hand_over(message)
        finally:
            with suppress(SMTPException, OSError):  # a bad goodbye changes nothing
                self.connection.close()

    def _hand_over(self, message: Message) -> tuple[Outcome, str]:
        try:
            self.connection.open()
        except (SMTPException, OSError) as error:
            self.closed = _words(error)
            return Outcome.FAILED, self.closed
        try:
            self.connection.send_messages([_mail(message)])
        except _UNCERTAIN as error:
            return Outcome.UNKNOWN, _words(error)
        except (SMTPException, OSError) as error:
            return Outcome.FAILED, _words(error)
        return Outcome.SENT, ""


def _mail(message: Message) -> EmailMessage:
    return EmailMessage(
        subject=message.notice.subject,
        body=message.notice.body,
        to=list(message.recipients),
        headers={"Auto-Submitted": "auto-generated"},  # out-of-office replies stay away
    )


# The first that fits, in words for the office; the system's own words follow for its help desk.
_TROUBLES: tuple[tuple[type[Exception], str], ...] = (
    (SMTPAuthenticationError, "メールサーバーの利用者名かパスワードが違います"),
    (SMTPRecipientsRefused, "メールサーバーがこの宛先を受け付けません"),
    (SMTPSenderRefused, "メールサーバーが差出人を受け付けません"),
    (SMTPServerDisconnected, "メールサーバーとの接続が途中で切れました"),
    (SMTPException, "メールサーバーが受け付けません"),
    (TimeoutError, "メールサーバーが応答しません"),
    (OSError, "メールサーバーに接続できません"),
)


def _words(error: Exception) -> str:
    """Return what is wrong, with the mail server's answer, in one line."""
    what = next(words for kind, words in _TROUBLES if isinstance(error, kind))
    return " ".join(f"{what}（{type(error).__name__}: {error}）。".split())
