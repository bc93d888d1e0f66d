"""統計の改定: all years of a KGI in one grid, with one day and one reason for what is changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from actions.fiscal import calendar_year_label
from kpis.kgirevision import FIELDS, REVISED_ON, VALUE, WHOLE, Faults, check, name, read, standing
from kpis.kgiwords import late_words, revised_figures
from kpis.models import Kgi
from kpis.numerals import format_exact
from kpis.progress import KgiProgress, KgiYear
from kpis.selectors.kgis import kgi_progress
from kpis.services import RevisionError, revise_kgi

REVISE = "kpis.change_kgivalue"
_NOTHING_SAVED = "直すところがあります。まだ何も保存していません。"


class RevisionForm(forms.Form):
    """When the statistic was revised, and why: once for all years."""

    revised_on = forms.DateField(
        label="改定日",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="統計の改定が公表された日。",
        error_messages={"required": "改定日を入力してください。"},
    )
    reason = forms.CharField(
        label="改定の理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="例: 令和2年基準への改定による遡及改定。公開ページと会議資料に載ります。",
        error_messages={"required": "改定の理由を入力してください。"},
    )


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of one year: what stands, and the input for what it becomes."""

    name: str
    label: str
    unit: str
    now: str
    typed: str
    faults: Sequence[str]


@dataclass(frozen=True, slots=True)
class Row:
    """One year; a cell is None where nothing stands that could be revised."""

    label: str
    is_base: bool
    late: str
    cells: Sequence[Cell | None]


def kgi_urls(admin: ModelAdmin) -> list[URLPattern]:
    """Return the address of the page."""

    @require_http_methods(["GET", "HEAD", "POST"])
    def page(request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm(REVISE):
            raise PermissionDenied
        kgi = get_object_or_404(Kgi.objects.select_related("plan"), pk=pk)
        return _page(admin, request, kgi)

    view = admin.admin_site.admin_view(never_cache(page))
    return [path("<int:pk>/revise/", view, name="kpis_kgi_revise")]


def _page(admin: ModelAdmin, request: HttpRequest, kgi: Kgi) -> HttpResponse:
    form = RevisionForm(request.POST if request.method == "POST" else None)
    faults: Faults = {}
    if request.method == "POST":
        faults = _revise(request, kgi, form)
        if not faults:
            return HttpResponseRedirect(reverse("admin:kpis_kgi_change", args=[kgi.pk]))
        messages.error(request, _NOTHING_SAVED)
    progress = kgi_progress(kgi)
    rows = [_row(progress, one, request.POST, faults) for one in progress.years]
    context = admin.admin_site.each_context(request) | {
        "title": f"統計の改定（{kgi.name}）",
        "opts": admin.opts,
        "kgi": kgi,
        "form": form,
        "rows": rows,
        "faults": _listed(rows, form, faults),
        "earlier": [
            (calendar_year_label(one.year), one.item(progress), one)
            for one in revised_figures(progress)
        ],
    }
    return TemplateResponse(request, "admin/kpis/kgi/revise.html", context)


def _revise(request: HttpRequest, kgi: Kgi, form: RevisionForm) -> Faults:
    """Record what was sent; return all that is wrong with it, with nothing recorded."""
    progress = kgi_progress(kgi)
    figures, faults = read(progress, request.POST)
    told = form.is_valid()
    day = form.cleaned_data.get(REVISED_ON)
    found = check(progress, figures, day, timezone.localdate())
    if faults:
        found.pop(WHOLE, None)  # something was typed
    faults |= found
    if told and not faults:
        try:
            years = revise_kgi(
                kgi=kgi,
                revised_on=form.cleaned_data["revised_on"],
                reason=form.cleaned_data["reason"],
                figures=figures,
                by=request.user,  # type: ignore[arg-type]  # staff only
            )
        except RevisionError as error:
            faults = error.faults
        else:
            _tell(request, years)
    for said in faults.get(REVISED_ON, []):
        form.add_error(REVISED_ON, said)
    return faults | {key: [str(one) for one in said] for key, said in form.errors.items()}


def _tell(request: HttpRequest, years: Sequence[int]) -> None:
    shown = "、".join(map(calendar_year_label, years))
    kept = f"改定前の値を残した年: {shown}。" if years else ""
    messages.success(request, f"統計の改定を記録しました。{kept}公表済みの版は変わりません。")


def _row(kgi: KgiProgress, year: KgiYear, sent: Mapping[str, str], faults: Faults) -> Row:
    cells = [_cell(kgi, year, field, sent, faults) for field in FIELDS]
    late = late_words(year.expected)
    return Row(calendar_year_label(year.year), year.year == kgi.base_year, late, cells)


def _cell(
    kgi: KgiProgress, year: KgiYear, field: str, sent: Mapping[str, str], faults: Faults
) -> Cell | None:
    key = name(year.year, field)
    now, typed = standing(year, field), sent.get(key, "")
    if now is None and not typed:
        return None
    label, unit = "値", kgi.unit
    if field != VALUE:
        by_value = year.comparator_value is not None
        label, unit = (
            (f"{kgi.comparator}の値", "") if by_value else (f"{kgi.comparator}の伸び率", "%")
        )
    shown = "" if now is None else format_exact(now)
    return Cell(key, label, unit, shown, typed, faults.get(key, ()))


def _listed(
    rows: Sequence[Row], form: RevisionForm, faults: Faults
) -> list[tuple[str, str, Sequence[str]]]:
    """Return every fault with the input that it is about and that input's name; blank for all."""
    cells = [(row, one) for row in rows for one in row.cells if one is not None and one.faults]
    return [
        *(("", "", faults[key]) for key in (WHOLE,) if key in faults),
        *((one.name, f"{row.label} {one.label}", one.faults) for row, one in cells),
        *(
            (one.id_for_label, str(one.label), [str(said) for said in one.errors])
            for one in form
            if one.errors
        ),
    ]
