"""Whom to remind of a round, and what was sent already."""

from django.db import models

from actions.constraints import Unique
from actions.models import Plan
from kpis.models.periods import ReportingPeriod
from kpis.vocabulary import ReminderKind


class SectionContact(models.Model):
    """A section in charge and the addresses that its reminders go to."""

    plan = models.ForeignKey(
        Plan, verbose_name="計画", on_delete=models.CASCADE, related_name="contacts"
    )
    section = models.CharField(
        "所管課", max_length=100, help_text="指標（または計画）の所管課と同じ名前にします。"
    )
    email = models.EmailField(
        "メールアドレス",
        help_text="督促を送る宛先（例: sangyo@city.example.jp）。1つの課に何件でも登録できます。",
    )

    class Meta:
        verbose_name = verbose_name_plural = "所管課の連絡先"
        ordering = ["plan", "section", "email"]
        constraints = [
            Unique(
                fields=["plan", "section", "email"],
                name="contact_unique",
                field="email",
                violation_error_message="この所管課には同じメールアドレスが既にあります。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.email}"


class Reminder(models.Model):
    """One message to one section about one round and due date; never sent twice."""

    period = models.ForeignKey(
        ReportingPeriod, verbose_name="報告期間", on_delete=models.CASCADE, related_name="reminders"
    )
    section = models.CharField("所管課", max_length=100)
    kind = models.CharField("種別", max_length=10, choices=ReminderKind.choices())
    due = models.DateField("入力期限")
    recipients = models.TextField("宛先")
    subject = models.CharField("件名", max_length=300)
    body = models.TextField("本文")
    created_at = models.DateTimeField("作成日時")
    sent_at = models.DateTimeField("送信日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "督促の記録"
        ordering = ["-created_at", "-pk"]
        constraints = [
            Unique(
                fields=["period", "section", "kind", "due"],
                name="reminder_once",
                field="kind",
                violation_error_message="この所管課には同じ督促を既に送っています。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.section} {ReminderKind(self.kind).label}"
