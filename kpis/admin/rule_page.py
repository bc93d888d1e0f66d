"""Changing the rules of one or several indicators: what is to change, what it does, and the change."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kpis.admin.ruleforms import RuleForm, label_of, shown
from kpis.entry import clean_text
from kpis.models import Indicator
from kpis.rounds import PREVIEW
from kpis.selectors import RuleProposal
from kpis.services import ChangedMeanwhileError, change_rules

# The preview works with figures that are not published yet.
NEEDED = ("kpis.change_indicator", PREVIEW)
NAME = "kpis_indicator_rules"
MEANWHILE = (
    "確かめている間に、ほかの人が内容を変更しました。変わるところをもう一度確かめてください。"
)


def rule_urls(admin: ModelAdmin) -> list[URLPattern]:
    """Return the address of the page; its first part is the indicators' keys: 12 or 12,15,18."""

    def page(request: HttpRequest, keys: str) -> HttpResponse:
        return _page(admin, request, _chosen(keys))

    return [path("<str:keys>/rules/", guarded(admin, page), name=NAME)]


def may_change_rules(request: HttpRequest) -> bool:
    """Return whether this person may change rules and bands."""
    return request.user.has_perms(NEEDED)


def guarded(admin: ModelAdmin, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return the view behind the admin's sign-in. Raises PermissionDenied for staff who may not."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @never_cache
    @wraps(view)
    def found(request: HttpRequest, **keys: Any) -> HttpResponse:
        if not may_change_rules(request):
            raise PermissionDenied
        return view(request, **keys)

    return admin.admin_site.admin_view(found)


def rule_address(indicators: Sequence[int]) -> str:
    """Return the page of these indicators."""
    return reverse(f"admin:{NAME}", args=[",".join(map(str, indicators))])


def _chosen(keys: str) -> list[Indicator]:
    """Return the indicators in the paper's order. Raises Http404 unless all are of one plan."""
    parts = keys.split(",")
    if not all(one.isascii() and one.isdigit() and len(one) < 19 for one in parts):
        raise Http404("指標の指定を読み取れません。")
    rows = list(Indicator.objects.filter(pk__in=parts).select_related("plan"))
    if len(rows) != len(set(map(int, parts))):
        raise Http404("選んだ指標が見つかりません。")
    if len({one.plan_id for one in rows}) > 1:
        raise Http404("1つの計画の指標だけを選んでください。")
    return rows


def _page(admin: ModelAdmin, request: HttpRequest, rows: list[Indicator]) -> HttpResponse:
    step, context = request.POST.get("step", ""), _context(admin, request, rows)
    sent = request.POST.dict() if request.method == "POST" else None
    checked = step in ("preview", "write")
    form = RuleForm(rows, sent if checked else None, typed=None if checked else sent)
    if checked and form.is_valid() and form.proposal is not None:
        notice = _write(request, rows, form) if step == "write" else ""
        if step == "write" and not notice:
            return HttpResponseRedirect(_after(rows))
        context |= {"notice": notice, **_told(form.proposal)}
        return _answer(request, "preview", {**context, "form": form})
    return _answer(request, "form", {**context, "form": form})


def _answer(request: HttpRequest, page: str, context: dict[str, Any]) -> HttpResponse:
    return TemplateResponse(request, f"admin/kpis/indicator/rules_{page}.html", context)


def _context(admin: ModelAdmin, request: HttpRequest, rows: list[Indicator]) -> dict[str, Any]:
    return {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": "算定ルールの変更",
        "plan": rows[0].plan,
        "indicators": rows,
    }


def _write(request: HttpRequest, rows: list[Indicator], form: RuleForm) -> str:
    """Write what was agreed to; return why it was not written, or blank."""
    try:
        number = change_rules(
            plan=rows[0].plan,
            keys=[one.pk for one in rows],
            values=form.values,
            seen=request.POST.get("seen", ""),
            by=request.user,  # type: ignore[arg-type]  # staff only
            reason=clean_text(form.cleaned_data["reason"]),
        )
    except ChangedMeanwhileError:
        return MEANWHILE
    done = f"{number}件の指標の算定ルールを変更しました。公表済みの版は変わりません。"
    messages.success(request, done)
    return ""


def _after(rows: list[Indicator]) -> str:
    if len(rows) == 1:
        return reverse("admin:kpis_indicator_change", args=[rows[0].pk])
    return f"{reverse('admin:kpis_indicator_changelist')}?plan__id__exact={rows[0].plan_id}"


def _told(proposal: RuleProposal) -> dict[str, Any]:
    return {
        "changes": list(_summed(proposal)),
        "trial": proposal.trial,
        "fingerprint": proposal.fingerprint,
    }


def _summed(proposal: RuleProposal) -> Iterator[tuple[str, str, str, int]]:
    """Yield each field with its old and new value in words and the number of indicators."""
    found = Counter(
        (one.name, shown(one.name, one.before), shown(one.name, one.after))
        for one in proposal.changes
    )
    for (name, before, after), number in found.items():
        yield label_of(name), before, after, number
