"""Meetings with their opinions, and the way to the papers that each reviews."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from actions.models import Action, Measure
from kpis.admin.council_page import council_address
from kpis.admin.pages import SHORT_TEXTS
from kpis.models import Indicator, Meeting, Opinion, Publication


class OpinionInline(admin.StackedInline):
    """A meeting's opinions with the city's replies."""

    model = Opinion
    extra = 0
    formfield_overrides = SHORT_TEXTS
    fields = (
        ("number", "speaker"),
        "text",
        ("indicator", "measure", "action"),
        "reply",
        ("state", "state_reason"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Opinion]:
        """Bring each row's meeting along: its name begins with it."""
        return super().get_queryset(request).select_related("meeting")

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        """Offer what belongs to the meeting's plan, read once for all rows."""
        formset = super().get_formset(request, obj, **options)
        for name, rows in _subjects(obj).items():
            field: Any = formset.form.base_fields.get(name)
            if field is not None:
                field.choices = [("", "（なし）"), *((one.pk, str(one)) for one in rows)]
        return formset


def _subjects(meeting: Meeting | None) -> dict[str, QuerySet[Any]]:
    """Return what an opinion may be about, of every plan while the meeting has none yet."""
    own = {} if meeting is None else {"plan": meeting.plan_id}
    measures = {} if meeting is None else {"strategy__plan": meeting.plan_id}
    return {
        "indicator": Indicator.objects.filter(**own),
        "measure": Measure.objects.filter(**measures).select_related("strategy"),
        "action": Action.objects.filter(**own),
    }


@admin.register(Meeting)
class MeetingAdmin(admin.ModelAdmin):
    """Meetings of the council."""

    list_display = ("name", "key", "day", "place", "document_number", "plan", "papers")
    list_filter = ("plan",)
    list_select_related = ("plan",)
    search_fields = ("name", "opinions__text", "opinions__reply")
    date_hierarchy = "day"
    fieldsets = (
        (None, {"fields": ("plan", "name", ("day", "place"), "is_example")}),
        ("会議資料", {"fields": ("publication", "document_number", "agenda")}),
    )
    inlines = (OpinionInline,)
    formfield_overrides = SHORT_TEXTS

    @admin.display(description="番号", ordering="pk")
    def key(self, meeting: Meeting) -> int:
        """Return the number by which export_council knows the meeting."""
        return meeting.pk

    @admin.display(description="会議資料")
    def papers(self, meeting: Meeting) -> SafeString | None:
        """Return a link to the papers of what it reviews, None while nothing is published."""
        reviewed = meeting.reviewed  # type: ignore[attr-defined]  # see below
        if reviewed is None:
            return None
        address = council_address(reviewed, meeting.pk)
        return format_html('<a href="{}">会議資料（Excel）</a>', address)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Meeting]:
        """Bring along the key of the publication that each reviews: the chosen, else the newest."""
        newest = Publication.objects.newest_first().filter(period__plan=OuterRef("plan"))
        chosen = Coalesce("publication", Subquery(newest.values("pk")[:1]))
        meetings: QuerySet[Meeting] = super().get_queryset(request)
        return meetings.annotate(reviewed=chosen)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep a meeting in its plan: its opinions are about what belongs to it."""
        return () if obj is None else ("plan",)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Offer publications with the periods that their names begin with."""
        if db_field.name == "publication":
            options["queryset"] = Publication.objects.newest_first()
        return super().formfield_for_foreignkey(db_field, request, **options)
