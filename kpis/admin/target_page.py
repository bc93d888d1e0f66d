"""目標の改定: a set target gets another value, and what it was stays; or a mistake is put right."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kpis.admin.target_forms import REVISION, RevisionForm
from kpis.models import Target
from kpis.payload import PayloadError
from kpis.selectors.targets import content_of, periods_showing
from kpis.services import correct_target, revise_target
from kpis.targets import Content, TargetError
from kpis.vocabulary import Kind, TargetStatus

_NAME = "kpis_target_revise"
_NEEDED = "kpis.change_target"


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
        if said["what"] == REVISION:
            made = revise_target(revised_on=said["revised_on"], **common)
        else:
            made = correct_target(**common)
    except TargetError as error:
        for name, words in error.faults.items():
            form.add_error(name if name in form.fields else None, words)
        return False
    done = "改定しました" if said["what"] == REVISION else "訂正しました"
    messages.success(request, f"{made}に{done}。公表済みの内容は変わりません。")
    return True
