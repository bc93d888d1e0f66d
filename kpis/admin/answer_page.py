"""The city's answer to one opinion: reply, state and reason, wherever the opinion is listed."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kpis.entry import clean_text
from kpis.models import Meeting, Opinion
from kpis.opinions import UNANSWERED, Answer
from kpis.services import AnswerError, answer_of, answer_opinion
from kpis.vocabulary import OpinionState

ANSWER = "kpis.change_opinion"
_NAME = "kpis_opinion_answer"
_STATES = [("", f"（{UNANSWERED}）"), *OpinionState.choices()]
_SEEN = ("reply", "state", "state_reason")


def _lines(**options: Any) -> forms.CharField:
    return forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 4}), **options)


class AnswerForm(forms.Form):
    """What the city says, and why it is changed; ``seen`` is what stood there before."""

    reply = _lines(label="市の回答")
    state = forms.ChoiceField(label="対応状況", choices=_STATES, required=False)
    state_reason = _lines(
        label="対応状況の説明", help_text="対応困難のときは、その理由を入力します。"
    )
    change_reason = _lines(
        label="変更理由",
        max_length=500,
        help_text="変更履歴に、変更した人と日時とともに残ります。",
    )
    seen = forms.CharField(label="画面を開いたときの内容", widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        """Return the texts as they are stored."""
        said: dict[str, Any] = super().clean() or {}
        return {name: clean_text(text) for name, text in said.items()}

    def show_again(self, now: Answer) -> None:
        """Carry what another person answered meanwhile: it is seen from now on."""
        sent: Any = self.data  # what a browser sends, which takes no changes
        self.data = sent = sent.copy()
        sent["seen"] = _told(now)


def answer_urls(admin: ModelAdmin) -> list[URLPattern]:
    """Return the address of the page."""

    def page(request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm(ANSWER):
            raise PermissionDenied
        rows = Opinion.objects.with_subjects().select_related("meeting__plan")
        return _page(admin, request, get_object_or_404(rows, pk=pk))

    view = require_http_methods(["GET", "HEAD", "POST"])(never_cache(page))
    return [path("<int:pk>/answer/", admin.admin_site.admin_view(view), name=_NAME)]


def answer_address(opinion: int, meeting: int | None = None) -> str:
    """Return the page's address; it leads back to the meeting with this key, if one is given."""
    address = reverse(f"admin:{_NAME}", args=[opinion])
    return address if meeting is None else f"{address}?meeting={meeting}"


def _page(admin: ModelAdmin, request: HttpRequest, opinion: Opinion) -> HttpResponse:
    now, back = answer_of(opinion), _back(request, opinion)
    initial = {**_fields(now), "seen": _told(now)}
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid() and _done(request, opinion, form):
        return HttpResponseRedirect(f"{back}#carried")
    opinion.refresh_from_db(fields=_SEEN)
    context = {
        **admin.admin_site.each_context(request),
        "title": "回答・対応状況の更新",
        "opts": admin.opts,
        "opinion": opinion,
        "form": form,
        "back": back,
    }
    return TemplateResponse(request, "admin/kpis/opinion/answer.html", context)


def _back(request: HttpRequest, opinion: Opinion) -> str:
    """Return the meeting's page from which the person came, else that of the opinion's meeting."""
    asked = request.GET.get("meeting", "")
    own = Meeting.objects.filter(plan=opinion.meeting.plan_id)
    is_number = asked.isascii() and asked.isdigit() and len(asked) < 19
    if not (is_number and own.filter(pk=asked).exists()):
        asked = str(opinion.meeting_id)
    return reverse("admin:kpis_meeting_change", args=[asked])


def _done(request: HttpRequest, opinion: Opinion, form: AnswerForm) -> bool:
    """Record the answer; where it is refused, say why at the fields."""
    said = form.cleaned_data
    try:
        is_new = answer_opinion(
            opinion=opinion,
            reply=said["reply"],
            state=OpinionState(said["state"]) if said["state"] else None,
            state_reason=said["state_reason"],
            by=request.user,  # type: ignore[arg-type]  # staff only
            seen=_heard(said["seen"]) or answer_of(opinion),
            reason=said["change_reason"],
        )
    except AnswerError as error:
        for name, words in error.faults.items():
            form.add_error(name if name in form.fields else None, words)
        if error.now is not None:
            form.show_again(error.now)
        return False
    done = "回答・対応状況を保存しました。" if is_new else "変更はありませんでした。"
    messages.success(request, f"{opinion}: {done}")
    return True


def _fields(answer: Answer) -> dict[str, str]:
    state = "" if answer.state is None else answer.state.value
    return {"reply": answer.reply, "state": state, "state_reason": answer.state_reason}


def _told(answer: Answer) -> str:
    return json.dumps(_fields(answer), ensure_ascii=False)


def _heard(text: str) -> Answer | None:
    """Return the answer that the page carried, None where it carries none."""
    try:
        reply, state, state_reason = (json.loads(text)[name] for name in _SEEN)
        return Answer(reply, OpinionState(state) if state else None, state_reason)
    except (ValueError, KeyError, TypeError):
        return None
