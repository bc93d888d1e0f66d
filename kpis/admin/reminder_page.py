"""The messages to the sections as they would go out today: to copy, or to send at once."""

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.cache import never_cache

from kpis.admin.pages import page_context, period_page
from kpis.models import ReportingPeriod
from kpis.rounds import MANAGE, PeriodState
from kpis.services import Message, Outcome, mail_is_set_up, planned, send_reminders
from kpis.turns import lateness


def reminder_urls(admin: ModelAdmin) -> list[URLPattern]:
    """Return the address of a round's messages."""

    def page(request: HttpRequest, period: ReportingPeriod) -> HttpResponse:
        return _send(request, period) if request.method == "POST" else _page(admin, request, period)

    return [
        path(
            "<int:pk>/reminders/",
            period_page(admin, never_cache(page)),
            name="kpis_reportingperiod_reminders",
        )
    ]


def _page(admin: ModelAdmin, request: HttpRequest, period: ReportingPeriod) -> HttpResponse:
    today = timezone.localdate()
    found = planned(period=period, today=today)
    context = page_context(admin, request, period, "督促文") | {
        "messages_today": found,
        "nothing": _why_nothing(period),
        "lateness": lateness(period.due, today),
        "mail_is_set_up": mail_is_set_up(),
        "to_send": sum(one.outcome is Outcome.PLANNED for one in found),
        "earlier": list(period.reminders.all()),
    }
    return TemplateResponse(request, "admin/kpis/reportingperiod/reminders.html", context)


def _why_nothing(period: ReportingPeriod) -> str:
    """Return why there is no message, where there is none."""
    if period.stands is not PeriodState.ENTERING:
        return (
            f"督促文を作るのは入力中の報告期間だけです（この報告期間は{period.stands.label}です）。"
        )
    if period.due is None:
        return (
            "入力期限が設定されていないため、督促文を作れません。報告期間の画面で設定してください。"
        )
    return "本日、送るものはありません（どの所管課も、入力済みか、送信済みです）。"


def _send(request: HttpRequest, period: ReportingPeriod) -> HttpResponse:
    """Send what is due, tell what became of it, and show the page anew."""
    if not request.user.has_perm(MANAGE):
        raise PermissionDenied
    if mail_is_set_up():
        _tell(request, send_reminders(period=period, today=timezone.localdate()))
    else:
        messages.error(request, "メールの設定がないため、送信していません。")
    return HttpResponseRedirect(request.get_full_path())


def _tell(request: HttpRequest, found: list[Message]) -> None:
    sent = [one for one in found if one.outcome is Outcome.SENT]
    troubles = [one for one in found if one.error]
    if sent:
        messages.success(request, f"{len(sent)}件のメールを送りました（{_sections(sent)}）。")
    for one in troubles:
        messages.error(request, f"{one.section}: {one.outcome.label}。{one.error}")
    if not sent and not troubles:
        messages.info(request, "送るメールはありませんでした。")


def _sections(found: list[Message]) -> str:
    return "、".join(one.section for one in found)
