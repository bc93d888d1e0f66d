"""目標の改定: a set target gets another value, and what it was stays; or a mistake is put right."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kpis.entry import clean_text
from kpis.models import Target
from kpis.numerals import format_exact
from kpis.payload import PayloadError
from kpis.selectors.targets import content_of, periods_showing
from kpis.services import correct_target, revise_target
from kpis.targets import (
    Content,
    TargetError,
    correction_faults,
    read_day,
    read_source,
    read_value,
    revision_faults,
)
from kpis.vocabulary import Kind, TargetStatus

_NAME = "kpis_target_revise"
_NEEDED = "kpis.change_target"
_REVISION, _CORRECTION = "revision", "correction"
_CHOICES = (
    (_REVISION, "改定（改定前の目標を残し、公開ページに「改定」と示す）"),
    (_CORRECTION, "誤りの訂正（登録の誤りを直す。改定前の目標としては残らず、変更履歴に残る）"),
)
_LONG = {"size": 60, "class": "wide"}
_SHORT = {"size": 20, "class": "short", "autocomplete": "off"}


class RevisionForm(forms.Form):
    """What becomes of a set target, and why."""

    what = forms.ChoiceField(
        label="改定か、誤りの訂正か", choices=_CHOICES, widget=forms.RadioSelect, initial=_REVISION
    )
    status = forms.ChoiceField(
        label="新しい状態",
        choices=TargetStatus.choices(),
        help_text="通常は「設定」のままです。目標を他の計画に委ねるときは「連動」、取り下げるときは「未設定」。",
    )
    value = forms.CharField(
        label="新しい目標値",
        required=False,
        widget=forms.TextInput(attrs=_SHORT),
        help_text="「連動」「未設定」のときは空欄にします。",
    )
    source = forms.CharField(
        label="根拠",
        required=False,
        widget=forms.TextInput(attrs=_LONG),
        help_text="目標を決めた資料の名前。「連動」のときは、目標を定める計画の名前。",
    )
    decided_on = forms.CharField(
        label="決定日",
        required=False,
        widget=forms.TextInput(attrs=_SHORT),
        help_text="根拠の資料で決まった日。例: 2026/3/25、令和8年3月25日",
    )
    revised_on = forms.CharField(
        label="改定日",
        required=False,
        widget=forms.TextInput(attrs=_SHORT),
        help_text="この日から新しい目標になります。誤りの訂正のときは空欄にします。",
    )
    reason = forms.CharField(
        label="理由",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "wide"}),
        help_text="改定の理由は公表されます。訂正の理由は変更履歴に残ります。",
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, target: Target, data: Any = None) -> None:
        """Begin with the target as it stands."""
        stands = content_of(target)
        figure = "" if target.value is None else stands.words or format_exact(target.value)
        day = f"{target.decided_on:%Y/%m/%d}" if target.decided_on else ""
        begin = {"status": stands.status.value, "value": figure, "seen": stands.mark}
        super().__init__(data, initial={**begin, "source": target.source, "decided_on": day})
        self.target = target
        for name in ("value", "source", "decided_on", "revised_on", "reason", "status"):
            self.fields[name].widget.attrs["aria-describedby"] = f"id_{name}_help id_{name}_fault"

    def clean_value(self) -> Any:
        """Return the figure with a milestone's words. Raises ValidationError."""
        one = self.target.indicator
        text = self.cleaned_data["value"]
        return _read(lambda: read_value(text, Kind(one.kind), one.unit, one.decimals))

    def clean_source(self) -> Any:
        """Return the paper's name. Raises ValidationError."""
        return _read(lambda: read_source(self.cleaned_data["source"]))

    def clean_decided_on(self) -> Any:
        """Return the day of the decision. Raises ValidationError."""
        return _read(lambda: read_day(self.cleaned_data["decided_on"], timezone.localdate()))

    def clean_revised_on(self) -> Any:
        """Return the day of the revision. Raises ValidationError."""
        return _read(lambda: read_day(self.cleaned_data["revised_on"], timezone.localdate()))

    def clean_reason(self) -> str:
        """Return the reason as it is stored."""
        return clean_text(self.cleaned_data["reason"])

    def clean(self) -> Any:
        """Tell at once what the service would refuse, besides what could not be read."""
        said = super().clean() or {}
        if "what" in said and "status" in said:
            for name, words in self._faults(said).items():
                if name not in self.errors:
                    self.add_error(name, words)
        return said

    def _faults(self, said: Any) -> dict[str, str]:
        old, new, reason = content_of(self.target), self.content, said.get("reason", "")
        if said["what"] == _REVISION:
            return revision_faults(old, new, said.get("revised_on"), reason)
        faults = correction_faults(old, new, reason)
        if said.get("revised_on"):
            faults["revised_on"] = "誤りの訂正には改定日がありません。空欄にしてください。"
        return faults

    @property
    def content(self) -> Content:
        """Return what the target is to say, without what could not be read."""
        said = self.cleaned_data
        value, words = said.get("value", (None, ""))
        source, day = said.get("source", ""), said.get("decided_on")
        return Content(TargetStatus(said["status"]), value, source, day, words)


def _read(work: Any) -> Any:
    try:
        return work()
    except ValueError as error:
        raise ValidationError(str(error)) from None


def target_urls(admin: ModelAdmin) -> list[URLPattern]:
    """Return the address of the page."""

    def page(request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm(_NEEDED):
            raise PermissionDenied
        rows = Target.objects.select_related("indicator__plan")
        return _page(admin, request, get_object_or_404(rows, pk=pk))

    view = require_http_methods(["GET", "HEAD", "POST"])(never_cache(page))
    return [path("<int:pk>/revise/", admin.admin_site.admin_view(view), name=_NAME)]


def revise_link(target: Target) -> str:
    """Return a link to the page of a set target; blank for one that is still open."""
    if target._state.adding or target.status != TargetStatus.SET.value:
        return ""
    address = reverse(f"admin:{_NAME}", args=[target.pk])
    return format_html(
        '<a href="{}">改定・訂正<span class="visually-hidden">（{}）</span></a>', address, target
    )


def _page(admin: ModelAdmin, request: HttpRequest, target: Target) -> HttpResponse:
    stands = content_of(target)
    is_set = stands.status is TargetStatus.SET
    form = RevisionForm(target, request.POST if request.method == "POST" and is_set else None)
    if form.is_bound and form.is_valid() and _done(request, target, form):
        return HttpResponseRedirect(reverse("admin:kpis_target_change", args=[target.pk]))
    indicator = target.indicator
    context = {
        **admin.admin_site.each_context(request),
        "title": "目標の改定・訂正",
        "opts": admin.opts,
        "target": target,
        "form": form,
        "is_set": is_set,
        "stands": stands.shown(Kind(indicator.kind), indicator.unit),
        "revisions": revisions_of(target),
        "published": _published(target),
    }
    return TemplateResponse(request, "admin/kpis/target/revise.html", context)


def revisions_of(target: Target) -> list[tuple[Any, str]]:
    """Return each revision with what the target was until then, as people read it."""
    kind, unit = Kind(target.indicator.kind), target.indicator.unit
    return [
        (one, Content(TargetStatus(one.status), one.value, one.source).shown(kind, unit))
        for one in target.revisions.all()
    ]


def _published(target: Target) -> str:
    """Return the published periods that show the target as it stands, in words."""
    try:
        periods = periods_showing(target)
    except PayloadError:
        return "公表データを読み取れないため、確かめられません"
    return "、".join(one.label for one in periods) or "ありません"


def _done(request: HttpRequest, target: Target, form: RevisionForm) -> bool:
    """Do what was asked; where it is refused, say why at the fields."""
    said = form.cleaned_data
    common: dict[str, Any] = {
        "target": target,
        "content": form.content,
        "seen": said["seen"],
        "reason": said["reason"],
        "by": request.user,
    }
    try:
        if said["what"] == _REVISION:
            made = revise_target(revised_on=said["revised_on"], **common)
        else:
            made = correct_target(**common)
    except TargetError as error:
        for name, words in error.faults.items():
            form.add_error(name if name in form.fields else None, words)
        return False
    done = "改定しました" if said["what"] == _REVISION else "訂正しました"
    messages.success(request, f"{made}に{done}。公表済みの内容は変わりません。")
    return True
