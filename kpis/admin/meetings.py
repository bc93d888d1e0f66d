"""Meetings with their opinions, what is carried over to them, and the papers that each reviews."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from kpis.admin.answer_page import ANSWER, answer_address
from kpis.admin.columns import PlanColumn
from kpis.admin.council_page import council_address
from kpis.admin.history import HistoryAdmin, ReasonForm
from kpis.admin.materials import DOWNLOAD
from kpis.admin.onsite import seen_at
from kpis.admin.opinions import LINES, OpinionInline
from kpis.admin.seen import SEEN, SeenForm
from kpis.models import Meeting, MeetingMaterial, Opinion, Publication
from kpis.selectors.meetings import carried_to, kept_papers
from kpis.services import lock_opinions
from kpis.vocabulary import Audience

_MEANING = {
    Audience.STAFF: "職員だけが見られます。",
    Audience.MEMBERS: "ログインした委員と職員が、会議のページ・配付した資料・意見と回答を見られます。",
    Audience.PUBLIC: "会議のページ・配付した資料・意見と回答を、だれでも見られます。",
}
_AUDIENCES = format_html_join(
    "", "<div>{}: {}</div>", ((one.label, said) for one, said in _MEANING.items())
) + format_html("<div>{}</div>", "いつでも切り替えられます。切り替えは変更履歴に残ります。")
_OPINIONS_LATER = "意見は、会議を登録した後に、この会議の画面で入力します。"


class MeetingForm(SeenForm, ReasonForm):
    """A meeting with the reason for a change; nobody overwrites what they never saw."""


def _number_of(rows: QuerySet[Any]) -> Coalesce:
    """Return how many of these rows belong to each meeting; 0 for none."""
    counted = rows.filter(meeting=OuterRef("pk")).order_by().values("meeting")
    return Coalesce(Subquery(counted.annotate(number=Count("pk")).values("number")), 0)


@admin.register(Meeting)
class MeetingAdmin(PlanColumn, HistoryAdmin):
    """Meetings of the council."""

    form = MeetingForm
    told_at_first = ("name", "audience")
    list_display = (
        *("name", "day", "document_number", "plan"),
        *("audience", "papers", "kept", "waiting"),
    )
    list_filter = ("plan", "audience")
    list_select_related = ("plan",)
    search_fields = ("name", "opinions__text", "opinions__reply")
    search_help_text = "会議名・意見・回答で検索できます。"
    date_hierarchy = "day"
    fieldsets = (
        (None, {"fields": ("plan", "name", ("day", "place"), "is_example")}),
        ("会議資料", {"fields": ("publication", "document_number", "agenda", "members")}),
        ("公開", {"fields": ("audience",), "description": _AUDIENCES}),
    )
    formfield_overrides = LINES

    def view_on_site(self, meeting: Meeting) -> str | None:
        """Return the meeting's page, which its number in export_council names."""
        return seen_at(meeting.plan, "meeting", meeting.pk)

    @admin.display(description="会議資料")
    def papers(self, meeting: Meeting) -> SafeString | None:
        """Return a link to the papers of what it reviews, None while nothing is published."""
        reviewed = meeting.reviewed  # type: ignore[attr-defined]  # see below
        if reviewed is None:
            return None
        address = council_address(reviewed, meeting.pk)
        return format_html('<a href="{}">会議資料（Excel）</a>', address)

    @admin.display(description="配付", ordering="kept_number")
    def kept(self, meeting: Meeting) -> str:
        """Return how many papers were kept as they were handed out; blank for none."""
        number = meeting.kept_number  # type: ignore[attr-defined]  # see below
        return f"{number}件" if number else ""

    @admin.display(description="未了の意見", ordering="open_number")
    def waiting(self, meeting: Meeting) -> str:
        """Return how many of its opinions are open; blank for none."""
        number = meeting.open_number  # type: ignore[attr-defined]  # see below
        return f"{number}件" if number else ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Meeting]:
        """Bring along what each reviews (the chosen publication, else the newest), and its numbers."""
        newest = Publication.objects.newest_first().filter(period__plan=OuterRef("plan"))
        chosen = Coalesce("publication", Subquery(newest.values("pk")[:1]))
        meetings: QuerySet[Meeting] = super().get_queryset(request)
        return meetings.annotate(
            reviewed=chosen,
            kept_number=_number_of(MeetingMaterial.objects.all()),
            open_number=_number_of(Opinion.objects.open()),
        )

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """Return the meeting; what is sent about it is compared with what nobody changes now."""
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST":
            return found
        lock_opinions(found)
        return super().get_object(request, object_id, from_field)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Ask for opinions once it is known of which plan they are."""
        return [] if obj is None else [OpinionInline]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Carry what was seen where anything can be changed, and say where opinions come."""
        (title, first), *rest = super().get_fieldsets(request, obj)
        if obj is None:
            first = first | {"description": _OPINIONS_LATER}
        if self.has_change_permission(request, obj):
            first = first | {"fields": (*first["fields"], SEEN)}
        return ((title, first), *rest)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep a meeting in its plan: its opinions are about what belongs to it."""
        return () if obj is None else ("plan",)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Offer publications with the periods that their names begin with."""
        if db_field.name == "publication":
            options["queryset"] = Publication.objects.newest_first()
        return super().formfield_for_foreignkey(db_field, request, **options)

    def render_change_form(
        self, request: HttpRequest, context: Any, *arguments: Any, **options: Any
    ) -> HttpResponse:
        """Show what is carried over to the meeting, and its papers as they were handed out."""
        meeting = context.get("original")
        if meeting is not None:
            may_answer = request.user.has_perm(ANSWER)
            context |= {
                "carried": [
                    (one, answer_address(one.pk, meeting.pk) if may_answer else "")
                    for one in carried_to(meeting)
                ]
                if request.user.has_perm("kpis.view_opinion")
                else None,
                "kept": kept_papers(meeting) if request.user.has_perm(DOWNLOAD) else None,
            }
        shown: HttpResponse = super().render_change_form(request, context, *arguments, **options)
        return shown
