"""Changing all judgement bands of a plan, or of one indicator: the grid, what it does, the change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from actions.fiscal import Term
from actions.models import Plan
from kpis.admin.bandforms import SPARE, TERMS, BandGrid, BandReason
from kpis.admin.rule_page import MEANWHILE, guarded
from kpis.entry import clean_text
from kpis.judgement import DEFAULT_BANDS, SEVEN_BANDS, Band, sorted_bands
from kpis.models import Indicator, JudgementBand
from kpis.numerals import plain
from kpis.selectors import BandProposal, band_proposal, standing_bands
from kpis.services import ChangedMeanwhileError, change_bands
from kpis.trial import fingerprint

_PLAN, _INDICATOR = "actions_plan_bands", "kpis_indicator_bands"
_PRESETS = {"4": DEFAULT_BANDS, "7": SEVEN_BANDS}
_STALE = (
    "この画面を開いた後に、ほかの人が判定基準を変更しました。"
    "画面を開き直すと、いまの判定基準が表示されます。"
)


def plan_band_urls(admin: ModelAdmin) -> list[URLPattern]:
    """Return the address of a plan's bands."""

    def page(request: HttpRequest, pk: int) -> HttpResponse:
        return _page(admin, request, _Owner(get_object_or_404(Plan, pk=pk)))

    return [path("<int:pk>/bands/", guarded(admin, page), name=_PLAN)]


def indicator_band_urls(admin: ModelAdmin) -> list[URLPattern]:
    """Return the address of one indicator's own bands."""

    def page(request: HttpRequest, pk: int) -> HttpResponse:
        found = get_object_or_404(Indicator.objects.select_related("plan"), pk=pk)
        return _page(admin, request, _Owner(found.plan, found))

    return [path("<int:pk>/bands/", guarded(admin, page), name=_INDICATOR)]


def band_address(plan: int, indicator: int | None = None) -> str:
    """Return the page of the plan's bands, or of the indicator's own."""
    if indicator is None:
        return reverse(f"admin:{_PLAN}", args=[plan])
    return reverse(f"admin:{_INDICATOR}", args=[indicator])


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose bands they are: the plan's, or one indicator's own."""

    plan: Plan
    indicator: Indicator | None = None

    @property
    def address(self) -> str:
        return band_address(self.plan.pk, None if self.indicator is None else self.indicator.pk)

    @property
    def title(self) -> str:
        return "判定基準の変更" if self.indicator is None else "この指標だけの判定基準"


def _page(admin: ModelAdmin, request: HttpRequest, owner: _Owner) -> HttpResponse:
    standing = standing_bands(owner.plan, owner.indicator)
    base = fingerprint([(one.pk, one.band) for one in standing])
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": owner.title,
        "plan": owner.plan,
        "indicator": owner.indicator,
    }
    owned, step = owner.indicator is not None, request.POST.get("step", "")
    if request.method != "POST":
        grid = BandGrid.showing(_begun(request, owner, standing), owned)
        form = BandReason(initial={"base": base})
        return _answer(request, "form", context | {"grid": grid, "form": form})
    if step not in ("preview", "write"):
        grid = BandGrid.typed(request.POST, owned, more=SPARE if step == "more" else 0)
        form = BandReason(initial=request.POST.dict())
        return _answer(request, "form", context | {"grid": grid, "form": form})
    grid, form = BandGrid.sent(request.POST, owned), BandReason(request.POST)
    context |= {"grid": grid, "form": form}
    proposal = _proposal(owner, grid, form, standing, base)
    if proposal is None:
        return _answer(request, "form", context)
    notice = ""
    if step == "write":
        notice = _write(request, owner, proposal, form)
        if not notice:
            return HttpResponseRedirect(owner.address)
    told = _told(proposal, owner)
    return _answer(request, "preview", context | told | {"notice": notice})


def _answer(request: HttpRequest, page: str, context: dict[str, Any]) -> HttpResponse:
    return TemplateResponse(request, f"admin/kpis/judgementband/bands_{page}.html", context)


def _begun(
    request: HttpRequest, owner: _Owner, standing: Sequence[JudgementBand]
) -> list[tuple[int | None, Band]]:
    """Return the bands with which the grid begins: those that stand, or a preset asked for."""
    asked = request.GET.get("preset", "")
    preset: Iterable[Band] | None = _PRESETS.get(asked)
    if asked == "plan" and owner.indicator is not None:
        preset = [one.band for one in standing_bands(owner.plan, None)]
    if preset is None:
        return [(one.pk, one.band) for one in standing]
    keys = {(one.band.term, one.label): one.pk for one in standing}
    return [(keys.get((one.term, one.label)), one) for one in preset]


def _proposal(
    owner: _Owner,
    grid: BandGrid,
    form: BandReason,
    standing: Sequence[JudgementBand],
    base: str,
) -> BandProposal | None:
    """Return what the grid would do; None with all faults told where it may not be done."""
    fine = all([grid.is_valid(), form.is_valid()])
    if form.data.get("base") != base:
        grid.faults.append(_STALE)
    if not fine or grid.faults:
        return None
    proposal = band_proposal(owner.plan, owner.indicator, grid.bands(standing))
    grid.faults += proposal.hindrances
    if not proposal.changes_anything:
        grid.faults.append("いまの判定基準と同じです。")
    return None if grid.faults else proposal


def _write(request: HttpRequest, owner: _Owner, proposal: BandProposal, form: BandReason) -> str:
    """Write what was agreed to; return why it was not written, or blank."""
    try:
        change_bands(
            plan=owner.plan,
            indicator=owner.indicator,
            bands=proposal.bands,
            seen=request.POST.get("seen", ""),
            by=request.user,  # type: ignore[arg-type]  # staff only
            reason=clean_text(form.cleaned_data["reason"]),
        )
    except ChangedMeanwhileError:
        return MEANWHILE
    messages.success(request, "判定基準を変更しました。公表済みの版は変わりません。")
    return ""


def _told(proposal: BandProposal, owner: _Owner) -> dict[str, Any]:
    before = [one.band for one in proposal.standing]
    after = [one.band for one in proposal.bands]
    return {
        "bands": [(term, sorted_bands(term, before), sorted_bands(term, after)) for term in TERMS],
        "trial": proposal.trial,
        "fingerprint": proposal.fingerprint,
        "cautions": [words for term in TERMS if (words := _bottomless(term, after))],
        "missing": "計画全体の判定基準による" if owner.indicator else "",
    }


def _bottomless(term: Term, bands: Sequence[Band]) -> str:
    """Return what becomes of low rates where no band takes them, or blank."""
    mine = sorted_bands(term, bands)
    if not mine or mine[-1].lower is None:
        return ""
    bound = plain(mine[-1].lower)
    return f"{term.label}に下限が空欄の区分がないため、{bound}%未満は「判定なし」になります。"
