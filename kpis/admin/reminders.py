"""The sections' mail addresses, and the record of what was sent to them."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest

from kpis.admin.columns import PlanColumn
from kpis.admin.readonly import ReadOnly
from kpis.admin.sections import SectionField
from kpis.models import Reminder, SectionContact
from kpis.selectors import section_names


@admin.register(SectionContact)
class SectionContactAdmin(PlanColumn, SectionField, admin.ModelAdmin):
    """Where a section's messages go."""

    when_empty = "連絡先はまだありません。登録すると、その課の督促をメールで送れます。"
    list_display = ("section", "email", "plan")
    list_display_links = ("section", "email")
    list_filter = ("plan",)
    list_select_related = ("plan",)
    search_fields = ("section", "email")
    fields = ("plan", "section", "email")

    def save_model(
        self, request: HttpRequest, obj: SectionContact, form: Any, change: bool
    ) -> None:
        """Save, and say so where no indicator is in this section's charge: a name may be misspelt."""
        super().save_model(request, obj, form, change)
        names = section_names(obj.plan)
        if obj.section not in names:
            messages.warning(
                request,
                f"「{obj.section}」が担当する指標はありません。"
                f"所管課の名前を確かめてください（指標の所管課: {'、'.join(names) or 'なし'}）。",
            )


@admin.register(Reminder)
class ReminderAdmin(PlanColumn, ReadOnly, admin.ModelAdmin):
    """What was sent; nobody writes or changes it here."""

    when_empty = (
        "送った督促はまだありません。報告期間の「督促文」の画面から送ると、ここに残ります。"
    )
    list_display = ("section", "kind", "period", "plan", "due", "sent")
    list_display_links = ("section",)
    list_filter = ("period__plan", "kind")
    list_select_related = ("period__plan",)
    search_fields = ("section", "recipients", "subject")
    fields = readonly_fields = (
        "period",
        "section",
        "kind",
        "due",
        "recipients",
        "subject",
        "body",
        "created_at",
        "sent",
    )

    @admin.display(description="計画")
    def plan(self, reminder: Reminder) -> str:
        """Return the plan's name."""
        return reminder.period.plan.name

    @admin.display(description="送信日時", ordering="sent_at")
    def sent(self, reminder: Reminder) -> Any:
        """Return when it was sent, or that nobody knows whether it was."""
        return reminder.sent_at or "送信結果が不明"
